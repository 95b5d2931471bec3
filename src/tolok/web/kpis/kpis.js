// The builder shows the fields of a choice as soon as it is made; without script a button does.
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("#builder [data-shows]");
  if (!chosen) return;
  const wanted = chosen.dataset.shows || "show";
  const form = chosen.closest("form");
  const button = form.querySelector(`button[name="do"][value="${wanted}"]`);
  if (button) button.click();
});
// What was unfolded stays so when the form comes back.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "builder") unfolded = [...event.target.querySelectorAll("details[id][open]")].map((one) => one.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) { const one = document.getElementById(id); if (one) one.open = true; }
  unfolded = [];
});
