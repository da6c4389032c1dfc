"use strict";
(() => {
  const csrf = document.body.dataset.csrf;
  const show = (id, on) => {
    const line = document.getElementById(id);
    if (line) line.hidden = !on;
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (csrf) event.detail.headers["X-CSRF-Token"] = csrf;
  });

  // A lost connection shows: ours to the server, and the server's to its news.
  const listening = (on) => {
    show("lost", !on);
    document.body.toggleAttribute("data-listening", on);
  };
  document.addEventListener("htmx:sseOpen", () => listening(true));
  document.addEventListener("htmx:sseError", () => listening(false));
  document.addEventListener("htmx:sendError", () => show("lost", true));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) show("lost", false);
  });
  document.addEventListener("htmx:sseOpen", (event) => {
    event.detail.source.addEventListener("lost", () => show("lost", true));
    event.detail.source.addEventListener("changed", () => show("lost", false));
    event.detail.source.addEventListener("ended", () => {
      event.detail.source.close();
      show("ended", true);
    });
  });

  // What asks by itself was told that the session is over: the page stays, and with it what is being typed.
  document.addEventListener("ended", () => show("ended", true));

  // Characters as the server counts them: code points, not UTF-16 units.
  document.addEventListener("input", (event) => {
    const target = document.getElementById(event.target.dataset ? event.target.dataset.count : "");
    if (target) target.textContent = [...event.target.value].length;
  });

  // Pressing twice sends once. Live news that comes meanwhile must not reload the page: the form leads on to the next.
  let leaving = false;
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; button.dataset.pressed = ""; }, 0);
    leaving = true;
    // Somebody who stopped the browser on its way stays here and needs the news again.
    setTimeout(() => { leaving = false; }, 20000);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    // What the page itself holds back, as news at night, stays so.
    for (const button of document.querySelectorAll("form button[data-pressed]")) button.disabled = false;
  });

  // Reading and typing count as being here; the server hears of it at most every four minutes.
  let told = Date.now();
  const here = () => {
    if (!csrf || Date.now() - told < 240000) return;
    told = Date.now();
    fetch("/console/still-here", { method: "POST", headers: { "X-CSRF-Token": csrf } }).catch(() => {});
  };
  for (const sign of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(sign, here, { passive: true, capture: true });
  }
})();
