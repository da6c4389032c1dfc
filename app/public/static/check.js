"use strict";
(() => {
  // Everything works without this file: it only tells how far a picture is, makes big ones small, copies and shares.
  const LONGEST = 2600;
  const BIG = 1500000;
  const form = () => document.getElementById("check");

  const tell = (text, share) => {
    const line = document.getElementById("progress");
    line.textContent = text;
    if (share === undefined) return;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = share;
    bar.setAttribute("aria-hidden", "true");
    line.append(bar);
  };

  // A photo of twelve megapixels costs somebody's data; letters stay readable at a fifth of it.
  const smaller = async (file) => {
    if (file.size < BIG || file.type !== "image/jpeg" || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
      return made && made.size < file.size ? made : file;
    } catch {
      return file;
    }
  };

  const gather = async (from, button) => {
    const data = new FormData();
    let size = 0;
    for (const [name, value] of new FormData(from)) {
      const kept = value instanceof File && value.size ? await smaller(value) : value;
      if (kept instanceof Blob) {
        size += kept.size;
        data.append(name, kept, "picture");
      } else data.append(name, kept);
    }
    if (button && button.name) data.append(button.name, button.value);
    return { data, size };
  };

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    dress();
    window.scrollTo(0, 0);
    const target = document.getElementById("result") || document.getElementById("problem") || document.getElementById("main");
    if (target.id === "problem") target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };

  const send = (from, data, pictured) => {
    const words = from.dataset;
    const request = new XMLHttpRequest();
    const failed = () => {
      tell(words.failed);
      from.querySelector(".send").disabled = false;
    };
    request.open("POST", from.getAttribute("action"));
    request.setRequestHeader("Accept", "text/html");
    if (pictured) {
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) tell(words.sending, event.loaded / event.total);
      };
      request.upload.onload = () => tell(words.reading);
    }
    request.onload = () => {
      if ((request.getResponseHeader("Content-Type") || "").startsWith("text/html")) show(request.responseText);
      else failed();
    };
    request.onerror = failed;
    request.send(data);
  };

  document.addEventListener("submit", async (event) => {
    const from = event.target;
    if (from !== form() || !window.FormData) return;
    event.preventDefault();
    const button = from.querySelector(".send");
    if (button.disabled) return;
    button.disabled = true;
    const pictured = [...from.elements.pictures.files].length > 0;
    tell(pictured ? from.dataset.sending : from.dataset.checking);
    const { data, size } = await gather(from, event.submitter);
    if (size > Number(from.dataset.most)) {
      tell(from.dataset.tooLarge);
      button.disabled = false;
      return;
    }
    send(from, data, pictured);
  });

  document.addEventListener("click", async (event) => {
    const exit = event.target.closest("[data-exit]");
    if (exit) {
      event.preventDefault();
      document.body.hidden = true;
      // Going back must not lead here again.
      location.replace(exit.href);
      return;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
      copy.textContent = copy.dataset.done;
    }
    const share = event.target.closest("[data-share]");
    if (share) {
      navigator.share({ text: document.getElementById(share.dataset.share).textContent }).catch(() => {});
    }
  });

  // A screenshot can be pasted into the text box.
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData ? event.clipboardData.files : [];
    if (event.target.id === "text" && files.length && files[0].type.startsWith("image/")) {
      event.preventDefault();
      form().elements.pictures.files = files;
    }
  });

  const dress = () => {
    for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = !navigator.clipboard;
    for (const part of document.querySelectorAll("[data-share]")) part.hidden = !navigator.share;
  };
  window.addEventListener("pageshow", () => {
    const button = document.querySelector(".send");
    if (button) button.disabled = false;
  });
  dress();
})();
