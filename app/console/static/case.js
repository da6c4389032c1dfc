"use strict";
(() => {
  const reply = document.getElementById("text");

  const show = (name) => {
    const tab = document.getElementById(`tab-${name}`);
    if (tab) tab.checked = true;
  };
  const insert = (words) => {
    if (!reply) return;
    show("talk");
    const before = reply.value.trimEnd();
    reply.value = before ? `${before}\n${words}` : words;
    reply.dispatchEvent(new Event("input", { bubbles: true }));
    reply.focus();
    // The first place that is to be filled stands ready to be typed over.
    const place = /\{[^{}\n]+\}/.exec(reply.value);
    if (place) reply.setSelectionRange(place.index, place.index + place[0].length);
  };

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-insert]");
    if (asked) insert(asked.dataset.insert);
  });

  const ready = document.getElementById("ready");
  const put = () => {
    if (ready && ready.value) insert(ready.value);
    if (ready) ready.value = "";
  };
  const button = document.getElementById("ready-go");
  if (button) button.addEventListener("click", put);
  if (ready) {
    ready.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      put();
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const target = event.key === "r" ? reply : event.key === "/" ? ready : null;
    if (!target) return;
    event.preventDefault();
    show("talk");
    target.focus();
  });

  // An outcome brings its words and its day, as long as nobody wrote others.
  const outcome = document.getElementById("outcome");
  const words = document.getElementById("closing");
  const day = document.getElementById("follow_up_on");
  let proposed = "";
  let proposedDay = "";
  if (outcome && words && day) {
    outcome.addEventListener("change", () => {
      const chosen = outcome.selectedOptions[0];
      if (words.value.trim() === proposed) words.value = proposed = chosen.dataset.words || "";
      if (day.value === proposedDay) {
        const ahead = Number(chosen.dataset.days);
        const date = ahead ? new Date(Date.parse(day.min) + ahead * 86400000) : null;
        day.value = proposedDay = date ? date.toISOString().slice(0, 10) : "";
      }
    });
  }

  // News that would draw the whole page anew wait while somebody is typing, and on the answer to a form: that would send
  // the form again, and what is shown once would be gone.
  const posted = "posted" in document.body.dataset;
  const begun = new Map([...document.querySelectorAll("[data-keep]")].map((field) => [field, field.value]));
  const isTyping = () => [...begun].some(([field, value]) => field.value !== value);
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Refresh") !== "true" || !(posted || isTyping())) return;
    event.preventDefault();
    document.getElementById("changed").hidden = false;
  });
})();
