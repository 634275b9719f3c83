/* Executive pages: ask for the number of the newest batch, and only when that has
   changed let Dash draw again, once. One small string is all that Dash gets to keep: it
   remembers every value of every callback's input for as long as the page is open. */
(function () {
  "use strict";

  const REDRAW_AT_MOST_EVERY = 15000;
  const UNWATCHED_AT_MOST_EVERY = 60000;
  const RELOAD_WITHIN = 20000;
  const NIGHTLY = 24 * 3600 * 1000;
  const CHOOSING = 20 * 1000;
  const IDLE = 10 * 60 * 1000;
  const MARK = /^\(\d+\) /;

  const state = {
    newest: null, build: null, drawnAt: -Infinity, told: null, offline: false,
    touchedAt: performance.now(), openedAt: performance.now(), reds: null, icon: null,
    address: "",
  };
  let live = null;

  function frame() {
    return document.getElementById("shell-frame");
  }

  /* What a reader chose while the server was away was asked in vain, and nothing asks
     again: the address says what he wants to see. */
  function hear(told, _headers, isBack) {
    const address = window.location.href;
    if (isBack && state.address && state.address !== address) window.aftersight.reloadSoon(0);
    state.address = address;
    if (!told) return;
    state.newest = told.batch;
    if (state.build && told.build !== state.build) window.aftersight.reloadSoon(RELOAD_WITHIN);
    state.build = told.build;
  }

  /* A page that nobody sees is drawn too, rarely: its tab carries the number of reds. */
  function redraw() {
    const shown = frame() && frame().getAttribute("data-batch");
    if (!state.newest || !frame() || shown === state.newest) return;
    // The page is just being drawn for the first time, or has no numbers.
    if (!shown && frame().getAttribute("data-empty") !== "yes") return;
    if (state.told === state.newest || isChoosing()) return;
    const pause = document.hidden ? UNWATCHED_AT_MOST_EVERY : REDRAW_AT_MOST_EVERY;
    if (performance.now() - state.drawnAt < pause) return;
    state.drawnAt = performance.now();
    state.told = state.newest;
    window.dash_clientside.set_props("shell-news", { data: state.newest });
  }

  /* A menu that is open, or a text half typed, is left alone, for a while. */
  function isChoosing() {
    const place = document.activeElement;
    const isControl = place && place.matches("select, input, textarea, [role=combobox]");
    return isControl && performance.now() - state.touchedAt < CHOOSING;
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
      const text = asOf ? relative(Math.max(0, live.serverNow() - asOf)) : "";
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function showReach() {
    const banner = document.getElementById("shell-offline");
    const isOut = live.lost();
    if (!banner || isOut === state.offline) return;
    state.offline = isOut;
    document.documentElement.toggleAttribute("data-offline", isOut);
    const since = new Date(Date.now() - live.age()).toLocaleTimeString(
      document.documentElement.lang, { hour: "2-digit", minute: "2-digit" },
    );
    const words = banner.getAttribute("data-words").replace("{moment}", since);
    window.dash_clientside.set_props("shell-offline", { children: isOut ? words : "" });
  }

  /* The tab carries the number of red tiles: in its title, and on its icon. */
  function showReds() {
    if (!frame()) return;
    const reds = document.querySelectorAll("[data-metric][data-status=red]").length;
    const title = document.title.replace(MARK, "");
    const wanted = reds ? `(${reds}) ${title}` : title;
    if (document.title !== wanted) document.title = wanted;
    if (reds === state.reds) return;
    state.reds = reds;
    const icon = document.querySelector("link[rel=icon]");
    if (!icon) return;
    state.icon = state.icon || icon.href;
    icon.href = reds ? badge(reds) : state.icon;
  }

  function badge(number) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    pen.fillStyle = style.getPropertyValue("--alarm");
    pen.beginPath();
    pen.arc(32, 32, 32, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = style.getPropertyValue("--alarm-ink");
    pen.font = `bold 42px ${style.getPropertyValue("--font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(number > 99 ? "99" : String(number), 32, 35, 56);
    return canvas.toDataURL();
  }

  /* A page that stays open for months starts afresh once a day, at night, unwatched. */
  function renew() {
    const now = performance.now();
    const isOld = now - state.openedAt > NIGHTLY - Math.random() * 600000;
    const isIdle = now - state.touchedAt > IDLE;
    const isNight = new Date().getHours() === 3;
    if (isOld && isIdle && isNight && !state.offline) window.location.reload();
  }

  function start() {
    if (!frame()) return void setTimeout(start, 100);
    const seconds = Number(frame().dataset.refresh) || 5;
    live = window.aftersight.watch({
      address: () => "/api/v1/batch",
      interval: Math.max(1, seconds) * 1000,
      hear,
      // A reader whose session has ended is asked to sign in, by the page itself.
      refuse: (status) => { if (status === 401 && state.build) window.location.reload(); },
    });
    setInterval(function () {
      redraw();
      showAge();
      showReach();
      showReds();
      renew();
    }, 1000);
  }

  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(
      kind, () => { state.touchedAt = performance.now(); }, { passive: true },
    );
  }
  start();
})();
