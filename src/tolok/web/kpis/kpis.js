// The builder shows the fields of a choice as soon as it is made; without script a button does.
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("#builder [data-shows]");
  if (!chosen) return;
  const wanted = chosen.dataset.shows || "show";
  const form = chosen.closest("form");
  const button = form.querySelector(`button[name="do"][value="${wanted}"]`);
  if (button) button.click();
});
// When the form comes back, what was unfolded stays so, and what was typed meanwhile is not lost.
const filled = (form) => new Map([...form.querySelectorAll("input:not([type=hidden]), select, textarea:not([hidden])")].map(
  (one) => [`${one.type} ${one.name} ${one.type === "checkbox" ? one.value : ""}`, one]));
const entry = (one) => one.type === "checkbox" ? one.checked : one.value;
let sent = new Map(), unfolded = [], meanwhile = new Map();
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("#builder");
  if (form) sent = new Map([...filled(form)].map(([name, one]) => [name, entry(one)]));
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.matches("#builder")) return; // the form has a field named id, which hides its own
  unfolded = [...event.target.querySelectorAll("details[id][open]")].map((one) => one.id);
  meanwhile = new Map([...filled(event.target)].map(([name, one]) => [name, entry(one)]).filter(([name, now]) => sent.has(name) && sent.get(name) !== now));
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) { const one = document.getElementById(id); if (one) one.open = true; }
  const form = document.getElementById("builder");
  if (form) for (const [name, one] of filled(form)) {
    if (!meanwhile.has(name)) continue;
    if (one.type === "checkbox") one.checked = meanwhile.get(name); else one.value = meanwhile.get(name);
  }
  unfolded = []; meanwhile = new Map();
});
