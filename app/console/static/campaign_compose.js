// The composer beside htmx: phones apart from the page's styles, one language at a time, nothing typed lost by accident.
/* global dress, htmx */
"use strict";
(() => {
  const form = document.getElementById("compose");
  const sheets = (document.querySelector("[data-sheets]")?.dataset.sheets ?? "").split(" ").filter(Boolean);

  // Each phone has a root of its own, so that no style of the console reaches what a platform draws.
  const screen = (host) => {
    if (host.shadowRoot) return host.shadowRoot.lastElementChild;
    const root = host.attachShadow({ mode: "open" });
    for (const sheet of sheets) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = sheet;
      root.append(link);
    }
    const inside = document.createElement("div");
    root.append(inside);
    return inside;
  };
  const show = () => {
    for (const drawn of document.querySelectorAll("#preview template[data-phone]")) {
      const inside = screen(document.getElementById(`phone-${drawn.dataset.phone}`));
      const before = inside.querySelector(".chat");
      const top = before ? before.scrollTop : 0;
      inside.replaceChildren(drawn.content.cloneNode(true));
      dress(inside);
      const chat = inside.querySelector(".chat");
      if (chat) chat.scrollTop = top;
    }
  };

  const inTongue = () => {
    const chosen = form?.querySelector("input[name=language]:checked")?.value;
    if (!chosen) return;
    for (const part of form.querySelectorAll("[data-in]")) part.hidden = part.dataset.in !== chosen;
  };
  const leads = () => {
    for (const list of form?.querySelectorAll("[data-leads]") ?? []) {
      document.getElementById(list.dataset.leads).closest(".web").hidden = list.value !== "address";
    }
  };

  let dirty = form !== null && form.hasAttribute("data-dirty");
  const mark = (on) => {
    dirty = on;
    const line = document.getElementById("unsaved");
    if (line) line.hidden = !on;
  };
  const fresh = () => { inTongue(); leads(); };

  show();
  if (!form) return;
  fresh();
  mark(dirty);
  form.addEventListener("input", (event) => {
    if (event.target.name !== "language") mark(true);
    fresh();
  });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // Alt with an arrow moves the block that one is in.
  form.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const block = event.target.closest(".block");
    if (!event.altKey || !way || !block) return;
    event.preventDefault();
    document.getElementById(`${block.id}-${way}`).click();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "preview") show();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const blocks = document.getElementById("blocks");
    if (event.detail.target.id !== "blocks" || !blocks) return;
    fresh();
    mark(true);
    document.getElementById(blocks.dataset.focus ?? "")?.focus();
    htmx.trigger("#preview", "arranged");
    htmx.trigger("#spelling", "arranged");
  });
})();
