// The builder shows the fields of a choice as soon as it is made; without script a button does.
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("#builder [data-shows]");
  if (!chosen) return;
  const wanted = chosen.dataset.shows || "show";
  const form = chosen.closest("form");
  const button = form.querySelector(`button[name="do"][value="${wanted}"]`);
  if (button) form.requestSubmit(button);
});
