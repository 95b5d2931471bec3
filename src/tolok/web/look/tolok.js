// Behaviour shared by all pages; everything reads without it.
document.addEventListener("change", (event) => {
  // A choice in a form of controls asks at once; without script its button does.
  const form = event.target.closest("form[data-asks]");
  if (form) form.requestSubmit();
});
document.documentElement.classList.add("script");
