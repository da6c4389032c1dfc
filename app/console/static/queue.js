"use strict";
// The queue: countdowns of the most urgent, rows chosen for several at once, kept while the list is drawn anew.
(() => {
  const words = document.getElementById("clock-words");
  const pad = (n) => String(n).padStart(2, "0");
  const tick = () => {
    for (const clock of document.querySelectorAll(".clock[data-due]")) {
      const left = Math.round((Date.parse(clock.dataset.due) - Date.now()) / 1000);
      if (Math.abs(left) >= 3600) continue;
      const span = `${Math.floor(Math.abs(left) / 60)}:${pad(Math.abs(left) % 60)}`;
      const form = words.dataset[`${clock.dataset.clock}${left > 0 ? "Left" : "Over"}`];
      clock.textContent = form.replace("{t}", span);
      clock.classList.toggle("over", left <= 0);
    }
  };
  setInterval(tick, 1000);
  tick();

  const boxes = () => [...document.querySelectorAll('input[name="referral_id"]')];
  const count = () => {
    const shown = document.getElementById("chosen");
    if (shown) shown.textContent = boxes().filter((box) => box.checked).length;
  };
  let kept = new Set();
  document.addEventListener("change", count);
  document.addEventListener("htmx:beforeSwap", () => { kept = new Set(boxes().filter((box) => box.checked).map((box) => box.value)); });
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of boxes()) box.checked = kept.has(box.value);
    count();
    tick();
  });
})();
