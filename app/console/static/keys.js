"use strict";
// The console by keyboard; nothing of it while somebody types.
(() => {
  const rows = () => [...document.querySelectorAll(".row-link")];
  const move = (step) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) next.focus();
  };
  const item = () => document.activeElement && document.activeElement.closest(".row-item");
  const claim = () => {
    const button = item() ? item().querySelector(".row-claim button") : document.querySelector('[data-key="c"]');
    if (button) button.click();
  };
  const reply = () => {
    const row = item() && item().querySelector(".row-link[data-mine]");
    const box = document.getElementById("text");
    if (row) location.assign(`${row.getAttribute("href")}#text`);
    else if (box) box.focus();
  };
  const search = () => {
    const box = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
    if (box) box.focus();
    else location.assign("/console/search");
  };
  const help = () => {
    const keys = document.getElementById("keys");
    if (keys && !keys.open) keys.showModal();
  };
  const does = { j: () => move(1), k: () => move(-1), c: claim, r: reply, "/": search, "?": help };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!document.body.hasAttribute("data-signed-in")) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]")) return;
    const act = does[event.key];
    // On a case the same key leads to the ready answers.
    if (!act || (event.key === "/" && document.getElementById("ready"))) return;
    event.preventDefault();
    act();
  });
  // Whoever came here to reply begins to type.
  if (location.hash === "#text" && document.getElementById("text")) document.getElementById("text").focus();
})();
