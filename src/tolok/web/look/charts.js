// Draws <div class="chart" data-chart="id of the specification"> where the chart library was loaded.
(() => {
  const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = (fresh) => {
    if (!window.vegaEmbed) return;
    const roles = { "#5f5d59": "--ink-2", "#e8e7e4": "--line", "#2f5bd7": "--accent", "#6f6d68": "--ink-3", "#ffffff": "--surface" };
    for (const place of document.querySelectorAll(fresh === true ? "[data-chart]:not(.drawn)" : "[data-chart]")) {
      let text = document.getElementById(place.dataset.chart).textContent;
      for (const [light, name] of Object.entries(roles)) text = text.replaceAll(light, role(name));
      window.vegaEmbed(place, JSON.parse(text), { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } })
        .then((made) => { place.drawing?.finalize(); place.drawing = made; place.classList.add("drawn"); });
    }
  };
  document.addEventListener("DOMContentLoaded", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  // What htmx brings is drawn as it comes, and let go of when it goes: a screen on the wall runs for weeks.
  document.addEventListener("htmx:afterSettle", () => draw(true));
  document.addEventListener("htmx:beforeCleanupElement", (event) => event.target.drawing?.finalize());
})();
