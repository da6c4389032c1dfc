// Every wording on both phones, each apart from the page's own styles.
/* global dress */
"use strict";
(() => {
  for (const place of document.querySelectorAll(".shown-phone")) {
    const drawn = place.querySelector("template[data-phone]");
    const root = place.attachShadow({ mode: "open" });
    for (const sheet of place.closest("[data-sheets]").dataset.sheets.split(" ")) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = sheet;
      root.append(link);
    }
    const inside = document.createElement("div");
    inside.append(drawn.content.cloneNode(true));
    root.append(inside);
    dress(inside);
  }
})();
