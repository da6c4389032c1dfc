"use strict";
(() => {
  const call = document.getElementById("call");
  if (!call) return;

  // Questions that make no sense after the last answer hide; the others keep what was chosen, and the focus.
  document.addEventListener("htmx:afterSwap", () => {
    const asks = document.getElementById("asks");
    if (!asks) return;
    const wording = new Map([...asks.children].map((item) => [item.dataset.question, item.textContent]));
    for (const question of call.querySelectorAll(".question")) {
      const id = question.id.slice("question-".length);
      question.hidden = !wording.has(id) && !question.contains(document.activeElement);
      if (wording.has(id)) question.querySelector("legend").textContent = wording.get(id);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) call.requestSubmit();
    // Enter in a line goes on to the next answer; a call is not over because somebody pressed it too early.
    else if (event.key === "Enter" && event.target.matches("#call input")) event.preventDefault();
  });

  let saved = false;
  call.addEventListener("submit", () => { saved = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!saved && document.getElementById("text").value.trim()) event.preventDefault();
  });
})();
