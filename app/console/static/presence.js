"use strict";
// Who has which referral open: told to the server by open case pages, shown on every page that has places for it.
(() => {
  const words = document.getElementById("presence-words");
  if (!words) return;
  const csrf = document.body.dataset.csrf;
  const here = document.querySelector("[data-here]");
  const BEAT = 11000;
  let next = 0;

  const paint = (people) => {
    for (const place of document.querySelectorAll("[data-presence]")) {
      const said = people
        .filter((one) => one.referral === place.dataset.presence && !one.me)
        .map((one) => (one.doing === "typing" ? words.dataset.typing : words.dataset.reading).replace("{name}", one.name));
      const text = said.join(" · ");
      if (place.textContent !== text) place.textContent = text;
    }
  };

  let last = [];
  const look = async () => {
    clearTimeout(next);
    try {
      const answer = await fetch("/console/presence", { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      last = await answer.json();
      paint(last);
    } catch {
      last = [];
    }
    // Whoever says nothing more is gone to the second.
    const soonest = Math.min(30, ...last.map((one) => one.left));
    next = setTimeout(look, (soonest + 0.2) * 1000);
  };

  // The list is drawn anew without knowing who is there.
  document.addEventListener("htmx:afterSwap", () => paint(last));
  document.addEventListener("htmx:sseOpen", (event) => event.detail.source.addEventListener("presence", look));
  look();

  if (!here) return;
  const address = `/console/referrals/${here.dataset.here}/presence`;
  const body = (doing) => new URLSearchParams({ csrf, doing });
  let typedAt = -Infinity, saidAt = -Infinity, said = "", timer = 0;
  const doing = () => (performance.now() - typedAt < 15000 ? "typing" : "reading");
  const tell = () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") return;
    saidAt = performance.now();
    said = doing();
    fetch(address, { method: "POST", body: body(said), keepalive: true }).catch(() => {});
    timer = setTimeout(tell, BEAT);
  };
  document.addEventListener("input", (event) => {
    if (!event.target.closest("textarea")) return;
    typedAt = performance.now();
    if (said === "typing") return;
    clearTimeout(timer);
    timer = setTimeout(tell, Math.max(0, saidAt + BEAT - performance.now()));
    said = "typing";
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") timer = setTimeout(tell, Math.max(0, saidAt + BEAT - performance.now()));
  });
  window.addEventListener("pagehide", () => navigator.sendBeacon(`${address}/leave`, body("reading")));
  window.addEventListener("pageshow", tell);
})();
