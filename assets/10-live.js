/* Keep an open page true. It asks for the number of the newest batch, and only when
   that has changed lets Dash draw again, once. The transport lives in this file alone.

   What was learnt by breaking networks (design/presentation.md §2): fetch has no
   timeout of its own and dead sockets fill the browser's pool, so a request that
   hangs is aborted and repeated at once; refusals and 5xx are waited out. The age of
   the last success, measured here, says whether the numbers can be trusted; the
   server cannot say that it is gone. */
(function () {
  "use strict";
  const ADDRESS = "/api/v1/batch";
  const TIMEOUT = 5000;
  const LONGEST_WAIT = 15000;
  const REPEATS = 6;
  const REDRAW_AT_MOST_EVERY = 15000;
  const OUT_OF_REACH_AFTER = 18000;
  const NIGHTLY = 24 * 3600 * 1000;
  const IDLE = 10 * 60 * 1000;

  const state = {
    tag: null, newest: null, build: null, timeouts: 0, failures: 0,
    seenAt: Date.now(), skew: 0, drawnAt: 0, told: null, touchedAt: Date.now(),
    openedAt: Date.now(), offline: false,
  };

  function frame() {
    return document.getElementById("shell-frame");
  }

  function jitter(milliseconds) {
    return milliseconds * (0.75 + Math.random() * 0.5);
  }

  function usualWait() {
    const seconds = Number((frame() && frame().dataset.refresh) || 5);
    return Math.max(1, seconds) * 1000;
  }

  async function ask() {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT);
    try {
      const headers = state.tag ? { "If-None-Match": state.tag } : {};
      const response = await fetch(ADDRESS, {
        headers, signal: controller.signal, cache: "no-store", credentials: "same-origin",
      });
      if (response.ok || response.status === 304) {
        await heard(response);
        return jitter(usualWait());
      }
      throw new Error(String(response.status));
    } catch (error) {
      if (error.name === "AbortError" && state.timeouts < REPEATS) {
        state.timeouts += 1;
        return 0;
      }
      state.timeouts = 0;
      state.failures += 1;
      return jitter(Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(state.failures, 4)));
    } finally {
      clearTimeout(timer);
    }
  }

  async function heard(response) {
    state.seenAt = Date.now();
    state.timeouts = 0;
    state.failures = 0;
    const date = Date.parse(response.headers.get("Date") || "");
    if (date) state.skew = date - Date.now();
    if (response.status !== 200) return;
    state.tag = response.headers.get("ETag");
    const told = await response.json();
    state.newest = told.batch;
    if (state.build && told.build !== state.build) {
      // A new release: everybody reloads, but not everybody at once.
      setTimeout(() => window.location.reload(), Math.random() * 20000);
    }
    state.build = told.build;
  }

  /* One small string is all that Dash gets to keep: it remembers every value of every
     callback's input for as long as the page is open. */
  function redraw() {
    const shown = frame() && frame().getAttribute("data-batch");
    if (!state.newest || !frame() || shown === state.newest) return;
    if (document.hidden || state.told === state.newest) return;
    if (Date.now() - state.drawnAt < REDRAW_AT_MOST_EVERY) return;
    state.drawnAt = Date.now();
    state.told = state.newest;
    window.dash_clientside.set_props("shell-news", { data: state.newest });
  }

  function relative(milliseconds) {
    const language = document.documentElement.lang || "zh-CN";
    const format = new Intl.RelativeTimeFormat(language, { style: "narrow" });
    const minutes = Math.round(milliseconds / 60000);
    if (minutes < 120) return format.format(-minutes, "minute");
    if (minutes < 48 * 60) return format.format(-Math.round(minutes / 60), "hour");
    return format.format(-Math.round(minutes / 1440), "day");
  }

  function showAge() {
    const asOf = Date.parse((frame() && frame().getAttribute("data-as-of")) || "");
    for (const place of document.querySelectorAll(".batch__age")) {
      const age = Date.now() + state.skew - asOf;
      const text = asOf ? relative(Math.max(0, age)) : "";
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function showReach() {
    const banner = document.getElementById("shell-offline");
    const isOut = Date.now() - state.seenAt > OUT_OF_REACH_AFTER;
    if (!banner || isOut === state.offline) return;
    state.offline = isOut;
    document.documentElement.toggleAttribute("data-offline", isOut);
    const since = new Date(state.seenAt).toLocaleTimeString(
      document.documentElement.lang, { hour: "2-digit", minute: "2-digit" },
    );
    const words = banner.getAttribute("data-words").replace("{moment}", since);
    window.dash_clientside.set_props("shell-offline", { children: isOut ? words : "" });
  }

  /* A page that stays open for months starts afresh once a day, at night, unwatched. */
  function renew() {
    const isOld = Date.now() - state.openedAt > NIGHTLY - Math.random() * 600000;
    const isIdle = Date.now() - state.touchedAt > IDLE;
    const isNight = new Date().getHours() === 3;
    if (isOld && isIdle && isNight && !state.offline) window.location.reload();
  }

  async function live() {
    for (;;) {
      const wait = await ask();
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(kind, () => { state.touchedAt = Date.now(); }, { passive: true });
  }
  setInterval(function () {
    redraw();
    showAge();
    showReach();
    renew();
  }, 1000);
  live();
})();
