"use strict";
(() => {
  // One key, one rating: a number for a band, y for the band as judged, s for the next one.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const chosen = event.key === "y"
      ? document.querySelector("#rate [data-agree]")
      : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (chosen) chosen.click();
  });
})();
