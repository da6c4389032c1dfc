"use strict";
// Whoever writes in a field wants it sent: it is ticked, and may be unticked again.
document.addEventListener("input", (event) => {
  const code = event.target.dataset ? event.target.dataset.ticks : undefined;
  if (!code || !event.target.value.trim()) return;
  const box = document.querySelector(`input[name="fields"][value="${CSS.escape(code)}"]`);
  if (box && !event.target.dataset.ticked) box.checked = true;
  event.target.dataset.ticked = "yes";
});
