// Behaviour shared by all pages; everything reads without it.
document.addEventListener("change", (event) => {
  // A choice in a form of controls asks at once; without script its button does.
  const form = event.target.closest("form[data-asks]");
  if (form) form.requestSubmit();
});
document.documentElement.classList.add("script");
document.addEventListener("click", (event) => {
  // An open menu closes when something else is clicked, and after a choice.
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target) || event.target.closest(".overlay a")) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});
