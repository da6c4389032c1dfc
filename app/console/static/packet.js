// Hiding what was selected with mouse, finger or keys. Without this, words typed above the texts are hidden as well.
"use strict";

(() => {
  const button = document.querySelector("[data-hide-selected]");
  const label = document.querySelector("[data-hide-label]");
  if (!button || !label) return;
  const hint = document.querySelector("[data-select-hint]");
  if (hint) hint.hidden = false;

  // What is selected, as code points of the one text that it lies in.
  const chosen = () => {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount !== 1) return null;
    const range = selection.getRangeAt(0);
    const common = range.commonAncestorContainer;
    const text = (common.nodeType === Node.TEXT_NODE ? common.parentElement : common).closest("[data-piece]");
    if (!text) return null;
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const start = [...before.toString()].length;
    const words = range.toString();
    return { piece: text.dataset.piece, start, end: start + [...words].length, words };
  };

  document.addEventListener("selectionchange", () => {
    button.hidden = chosen() === null;
  });
  // The press itself must not end the selection.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = chosen();
    if (!found) return;
    const list = document.querySelector(`[data-hides="${CSS.escape(found.piece)}"]`);
    const item = label.content.cloneNode(true);
    item.querySelector("input").value = `${found.piece}:${found.start}:${found.end}`;
    item.querySelector("span").textContent = button.dataset.says.replace("…", found.words);
    list.append(item);
    window.getSelection().removeAllRanges();
    button.hidden = true;
  });
})();
