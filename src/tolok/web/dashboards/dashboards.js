// Arranging cards: drag by the handle, or the arrow keys on it. The buttons beside it do the same without script.
(() => {
  const said = () => document.getElementById("arranged");
  const cards = (board) => [...board.querySelectorAll("[data-card]")];
  const order = (board) => cards(board).map((card) => card.dataset.card).join(",");
  const tell = (card) => {
    const all = cards(card.parentElement);
    const words = { card: card.dataset.name, place: all.indexOf(card) + 1, all: all.length };
    said().textContent = said().dataset.moved.replace(/\{(\w+)\}/g, (_, word) => words[word]);
  };
  const stamped = (board, stamp) => {
    board.dataset.stamp = stamp;
    for (const field of document.querySelectorAll('[name="stamp"]')) field.value = stamp;
    const all = cards(board);
    all.forEach((card, place) => {
      card.querySelector('[value="earlier"]').disabled = place === 0;
      card.querySelector('[value="later"]').disabled = place === all.length - 1;
    });
  };
  let sending = Promise.resolve();
  let waiting = 0;
  const save = (board) => {
    clearTimeout(waiting);
    // One at a time, each with the stamp of the one before; several quick moves are sent once.
    waiting = setTimeout(() => { sending = sending.then(() => send(board)); }, 400);
  };
  const send = async (board) => {
    const problem = document.getElementById("overtaken");
    try {
      const body = new URLSearchParams({ do: "order", order: order(board), stamp: board.dataset.stamp });
      const headers = { "X-Requested-With": "fetch", "X-CSRFToken": board.querySelector('[name="csrfmiddlewaretoken"]').value };
      const answer = await fetch(board.dataset.arrange, { method: "POST", body, headers });
      if (answer.status === 409) { problem.textContent = (await answer.json()).says; problem.hidden = false; return; }
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      stamped(board, (await answer.json()).stamp);
      board.dataset.saved = order(board);
      problem.hidden = true;
    } catch { problem.textContent = said().dataset.failed; problem.hidden = false; }
  };
  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".handle");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = handle.closest("[data-card]"), board = card.parentElement, all = cards(board), at = all.indexOf(card);
    const to = event.key in STEPS ? at + STEPS[event.key] : event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : null;
    if (to === null) return;
    event.preventDefault();
    if (to < 0 || to >= all.length || to === at) { tell(card); return; }
    if (to > at) all[to].after(card); else all[to].before(card);
    handle.focus();
    tell(card);
    save(board);
  });
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    if (!handle || event.button !== 0) return;
    const card = handle.closest("[data-card]"), board = card.parentElement, before = order(board);
    event.preventDefault();
    handle.focus();
    card.classList.add("held");
    document.documentElement.classList.add("dragging");
    const move = (moved) => {
      const edge = 48, speed = 16;
      if (moved.clientY < edge) scrollBy(0, -speed); else if (moved.clientY > innerHeight - edge) scrollBy(0, speed);
      const over = document.elementsFromPoint(moved.clientX, moved.clientY).map((found) => found.closest("[data-card]")).find((found) => found && found.parentElement === board);
      if (moved.pointerId !== event.pointerId || !over || over === card) return;
      // Past the middle of the card below the pointer, so that two of different sizes do not flicker.
      const box = over.getBoundingClientRect(), later = cards(board).indexOf(over) > cards(board).indexOf(card);
      const part = board.clientWidth > 1.5 * box.width ? (moved.clientX - box.left) / box.width : (moved.clientY - box.top) / box.height;
      if (later ? part > 0.5 : part < 0.5) { if (later) over.after(card); else over.before(card); }
    };
    const end = (ended) => {
      if (ended.pointerId !== event.pointerId) return;
      document.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, end);
      card.classList.remove("held");
      document.documentElement.classList.remove("dragging");
      if (ended.type === "pointercancel") {
        for (const id of before.split(",")) board.append(document.getElementById(`card-${id}`));
        return;
      }
      handle.focus();
      if (order(board) !== before) { tell(card); save(board); }
    };
    // On the document: a card that is put elsewhere loses the pointer it had caught.
    document.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end);
  });
  // A form of a card loads the page anew: the focus goes back to the button that was pressed.
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".tile-tools") && event.submitter)
      sessionStorage.setItem("pressed", JSON.stringify([event.target.elements.card.value, event.submitter.value]));
  });
  // After the browser has gone to the card of the address, which takes the focus away.
  addEventListener("load", () => setTimeout(() => {
    const [id, pressed] = JSON.parse(sessionStorage.getItem("pressed") || "[]");
    sessionStorage.removeItem("pressed");
    const card = id && document.getElementById(`card-${id}`);
    const button = card && card.querySelector(`[name="do"][value="${pressed}"]`);
    if (button) (button.disabled ? card.querySelector(".handle") : button).focus();
  }));
})();
// TV mode: hold a screen, fill the screen, and say when the server is away; asking again is htmx's.
document.addEventListener("DOMContentLoaded", () => {
  if (!document.body.classList.contains("tv")) return;
  let held = false;
  const away = document.querySelector(".tv-away");
  const hold = document.querySelector('[data-tv="pause"]'), full = document.querySelector('[data-tv="full"]');
  hold.hidden = false;
  hold.addEventListener("click", () => { held = !held; hold.setAttribute("aria-pressed", String(held)); });
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen(); });
  document.addEventListener("htmx:beforeRequest", (event) => { if (held) event.preventDefault(); });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
    document.addEventListener(name, () => { away.textContent = away.dataset.says; });
  document.addEventListener("htmx:afterSwap", () => { away.textContent = ""; });
});
