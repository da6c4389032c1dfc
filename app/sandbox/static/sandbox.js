// The little a page needs beside htmx; `dress` is of the faces.
/* global dress */
"use strict";
(() => {
  // Folded parts that somebody opened or closed stay so when the part is drawn again.
  const folds = new Map();
  const refold = (root) => {
    for (const part of root.querySelectorAll("details[data-keep]")) {
      if (folds.has(part.dataset.keep)) part.open = folds.get(part.dataset.keep);
    }
  };

  const near = new WeakMap();
  const chats = () => document.querySelectorAll(".chat");
  const toBottom = (chat) => { chat.scrollTop = chat.scrollHeight; };
  const grow = (box) => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 132)}px`;
  };

  const tell = (text) => {
    const place = document.getElementById("trouble");
    const note = document.createElement("div");
    note.className = "trouble calm";
    note.setAttribute("role", "status");
    note.textContent = text;
    place.replaceChildren(note);
    window.setTimeout(() => { if (note.parentNode === place) place.replaceChildren(); }, 4000);
  };

  const insert = (button) => {
    const box = button.closest(".write").querySelector("textarea");
    box.value = button.dataset.insert;
    button.closest("details").open = false;
    grow(box);
    box.focus();
    box.setSelectionRange(0, 0);
    box.scrollTop = 0;
  };

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch { return; }
    tell(document.getElementById("trouble").dataset.copied);
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-insert], [data-open], [data-copy], [data-file]");
    if (!pressed) return;
    const { open, copy: copied, file } = pressed.dataset;
    if (pressed.dataset.insert !== undefined) insert(pressed);
    if (open) window.open(open, "_blank", "noopener,noreferrer");
    if (copied) copy(copied);
    if (file) document.getElementById(file).click();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.samples[open], details.tray[open], details.chat-menu[open], details.own[open]")) {
      const inside = menu.contains(event.target);
      if (!inside || event.target.closest("button, label")) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-enter-sends]")) {
      event.preventDefault();
      if (event.target.value.trim()) event.target.form.requestSubmit();
    }
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(".pressable")) {
      event.preventDefault();
      event.target.click();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-enter-sends]")) grow(event.target);
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // A press on the line that folds comes before the fold itself.
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-keep] > summary");
    if (summary) folds.set(summary.parentElement.dataset.keep, !summary.parentElement.open);
  });

  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    const chat = event.target;
    if (chat.matches(".chat")) near.set(chat, chat.scrollHeight - chat.scrollTop - chat.clientHeight < 160);
  });

  document.addEventListener("htmx:sseMessage", (event) => {
    dress(event.target);
    if (event.target.matches(".chat") && near.get(event.target) !== false) toBottom(event.target);
    if (event.target.matches(".controls")) {
      refold(event.target);
      const chat = event.target.closest(".phone").querySelector(".chat");
      if (near.get(chat) !== false) toBottom(chat);
    }
    if (event.target.id === "journey") refold(event.target);
  });

  // What was sent leaves the box; what was typed since stays.
  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (!form.matches("form.say")) return;
    const said = form.querySelector("textarea").value;
    if (said.trim()) sent.set(form, said);
    else event.preventDefault();
  });

  const cleared = (form) => {
    const box = form.querySelector("textarea");
    const said = sent.get(form) ?? "";
    box.value = box.value.startsWith(said) ? box.value.slice(said.length) : box.value;
    grow(box);
    // Whoever went on to write elsewhere is left there.
    if (document.activeElement === document.body || form.contains(document.activeElement)) box.focus();
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches("form.say, form.upload")) return;
    if (event.detail.successful) {
      if (form.matches("form.say")) cleared(form);
      else form.reset();
      toBottom(form.closest(".phone").querySelector(".chat"));
    }
  });

  document.addEventListener("htmx:sseError", () => tell(document.getElementById("trouble").dataset.lost));

  const begin = () => {
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) dress(node);
    }).observe(document.body, { childList: true, subtree: true });
    dress(document.body);
    chats().forEach(toBottom);
    // Pictures and fonts come later and push the newest message out of sight.
    window.addEventListener("load", () => chats().forEach(toBottom));
    // Pictures of other places are not fetched: their frame stays, without the sign of a broken one.
    document.addEventListener("error", (event) => {
      if (event.target.matches && event.target.matches("img")) event.target.classList.add("absent");
    }, true);
    document.addEventListener("load", (event) => {
      const chat = event.target.closest && event.target.closest(".chat");
      if (chat && near.get(chat) !== false) toBottom(chat);
    }, true);
  };
  begin();
})();
