// Sets the styles of a drawn message through the style object, which a strict policy allows.
"use strict";
const dress = (root) => {
  if (root.dataset?.css) root.style.cssText = root.dataset.css;
  for (const element of root.querySelectorAll?.("[data-css]") ?? []) element.style.cssText = element.dataset.css;
};
