"use strict";
// A bell for a new report of the highest urgency: a sound made here, a notification without content, the tab's title.
(() => {
  // On the queue it is set; on other pages it only rings.
  const bell = document.getElementById("bell") || document.getElementById("bell-words");
  if (!bell) return;
  const KEY = "rootan-bell", RUNG = "rootan-rung";
  const on = document.getElementById("bell-on"), off = document.getElementById("bell-off");
  const state = document.getElementById("bell-state");
  const title = document.title;
  const kept = (key) => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: for this page only */ } };
  let wanted = kept(KEY) === "on", context = null;

  // Before anybody touched the page a browser would only complain.
  const touched = () => !navigator.userActivation || navigator.userActivation.hasBeenActive;
  const wake = async () => {
    if (!touched()) return false;
    try {
      context ||= new AudioContext();
      if (context.state === "suspended") await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
    } catch { context = null; }
    return context !== null && context.state === "running";
  };
  const show = () => {
    if (!state) return;
    on.hidden = wanted;
    off.hidden = !wanted;
    const silent = !context || context.state !== "running";
    const refused = "Notification" in window && Notification.permission === "denied";
    state.textContent = !wanted ? state.dataset.off : silent ? state.dataset.silent : refused ? state.dataset.refused : state.dataset.on;
  };
  const tone = (from, hertz) => {
    const source = context.createOscillator(), loud = context.createGain(), at = context.currentTime + from;
    source.frequency.value = hertz;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.25, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    source.connect(loud).connect(context.destination);
    source.start(at);
    source.stop(at + 0.4);
  };
  const sound = async () => {
    if (await wake()) {
      for (const [from, hertz] of [[0, 660], [0.4, 880], [0.8, 660]]) tone(from, hertz);
      document.body.dataset.rung = String(Number(document.body.dataset.rung || 0) + 1);
    }
    show();
  };
  const note = () => {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    try {
      const shown = new Notification(bell.dataset.brand, { body: bell.dataset.urgent, tag: "rootan-urgent", renotify: true });
      shown.onclick = () => { window.focus(); shown.close(); };
    } catch { /* phones allow them only to service workers */ }
  };
  const ring = () => { sound(); note(); };

  if (on) on.addEventListener("click", async () => {
    wanted = true;
    keep(KEY, "on");
    await wake();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    show();
  });
  if (off) off.addEventListener("click", () => { wanted = false; keep(KEY, ""); show(); });
  const test = document.getElementById("bell-test");
  if (test) test.addEventListener("click", ring);
  // Browsers let a page sound only once somebody touched it.
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, async () => { if (wanted && (!context || context.state !== "running")) { await wake(); show(); } });
  }

  let first = true, looking = false, again = false;
  const look = async () => {
    if (looking) { again = true; return; }
    looking = true;
    try {
      const answer = await fetch("/console/referrals/urgent", { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const now = await answer.json();
        document.title = now.unclaimed ? `(${now.unclaimed}) ${title}` : title;
        // Of several open tabs one rings; what stood there when the page was opened was seen with it.
        if (now.newest > kept(RUNG)) {
          keep(RUNG, now.newest);
          if (wanted && !first) ring();
        }
        first = false;
      }
    } catch { /* the lost connection shows elsewhere */ }
    looking = false;
    if (again) { again = false; look(); }
  };
  document.addEventListener("htmx:sseOpen", (event) => event.detail.source.addEventListener("changed", look));
  setInterval(look, 15000);
  show();
  look();
})();
