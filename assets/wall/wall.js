/* The wall: asks for its snapshot, paints it, rolls the pages, and says aloud when the
   numbers are not of now. It never navigates but to itself, and never to a sign-in. */
(function () {
  "use strict";
  const { watch, reloadSoon, jitter, Screen, Rotation, Board, write, mark } = window.aftersight;
  const { words, fill, span, dayName, local: localIn } = window.aftersight;
  const frame = document.querySelector(".wall__frame");
  const query = new URLSearchParams(window.location.search);
  const store = decodeURIComponent(window.location.pathname.split("/")[2] || "");
  const language = frame.dataset.language;
  const KEPT = `aftersight-wall:${store}:${language}`;
  const KEEP_EVERY = 60000; // flash memory wears
  const SHIFT_EVERY = 60000;
  const SHIFTS = [[0, 0], [3, 2], [-2, 4], [-4, -1], [1, -4], [4, 1], [-3, 3], [2, -3]];
  const AROUND_HOURS = 30 * 60000; // lit before opening and after closing
  const AFTER_MIDNIGHT = 90000; // a batch of the new day needs a moment
  const RELOAD_WITHIN = 8000;
  const BEAT_EVERY = 30000;
  const DAY = 24 * 3600 * 1000;

  const screen = new Screen(query);
  const board = new Board(document.querySelector(".wall__stage"), screen, language);
  const rotation = new Rotation(screen.limit);
  const part = (name) => document.querySelector(`.wall__${name}`);
  const parts = {
    banner: part("banner"), store: part("store"), title: part("title"),
    clock: part("clock"), asOf: part("as-of"), count: part("count"), mark: part("mark"),
  };
  const state = {
    snapshot: null, isKept: false, keptAt: -Infinity, standing: 200, signature: "",
    isDevice: false, viewer: "", page: null, painted: "", startedAt: performance.now(), isLeaving: false,
  };
  let live = null;

  // ---------- the store's clock

  function local(moment) {
    return localIn(moment, (state.snapshot && state.snapshot.store.zone) || undefined);
  }

  function moment(stamp, now) {
    const then = local(Date.parse(stamp));
    return then.day === local(now).day ? then.clock : `${dayName(then.day)} ${then.clock}`;
  }

  // ---------- what can be trusted

  function trouble(now) {
    const { snapshot } = state;
    const told = { moment: snapshot.as_of ? moment(snapshot.as_of, now) : "—" };
    const asOfAge = now - Date.parse(snapshot.as_of);
    if (state.isKept) {
      return { key: "kept", reach: "kept", text: { ...told, age: span(asOfAge) } };
    }
    if (live.lost()) {
      return { key: "lost", reach: "lost", text: { ...told, age: span(live.age()) } };
    }
    if (isYesterday(now)) {
      return { key: "yesterday", text: { day: dayName(snapshot.store.day) } };
    }
    if (isOld(now)) return { key: "old", text: { ...told, age: span(asOfAge) } };
    if (snapshot.silent) {
      const { table, since } = snapshot.silent;
      return { key: "silent", text: { table, moment: moment(since, now) } };
    }
    return snapshot.problem ? { key: "problem", text: told } : null;
  }

  function isYesterday(now) {
    const { day } = state.snapshot.store;
    return Boolean(day) && local(now - AFTER_MIDNIGHT).day > day;
  }

  function isOld(now) {
    const { renewed_within: within, as_of: asOf } = state.snapshot;
    return Boolean(within) && now - Date.parse(asOf) > 1000 * within;
  }

  /* The words of a tile that cannot be trusted any more. */
  function staleness(now, found) {
    const isAll = Boolean(found && found.reach);
    const isPast = Boolean(found) && ["yesterday", "old"].includes(found.key);
    return function (tile) {
      const isDue = tile.stale_at && now > Date.parse(tile.stale_at);
      return isAll || isDue || (isPast && tile.of_now) ? `◇ ${words.stale}` : "";
    };
  }

  // ---------- painting

  function reds(tiles, words_of) {
    return tiles
      .filter((tile) => tile.state === "red" && !tile.taken && !words_of(tile))
      .map((tile) => tile.metric);
  }

  function paint(now, found) {
    const { snapshot } = state;
    const wordsOf = staleness(now, found);
    board.paint(snapshot, wordsOf);
    board.paintQuiet(
      words["page.quiet"], fill("quiet.text", { n: snapshot.counted.green }),
    );
    rotation.update(
      snapshot.pages.map(({ name, tiles }) => ({ name, reds: reds(tiles, wordsOf) })),
      snapshot.is_quiet && !found,
    );
    write(parts.store, snapshot.store.name);
    const { red, amber, green } = snapshot.counted;
    const told = [
      red && `■ ${fill("reds", { n: red })}`,
      amber && `▲ ${fill("ambers", { n: amber })}`,
      red + amber + green && fill("met", { met: green, of: red + amber + green }),
    ];
    write(parts.asOf, snapshot.as_of && fill("as_of", { clock: moment(snapshot.as_of, now) }));
    write(parts.count, found && found.reach ? "" : told.filter(Boolean).join(" · "));
    const isTooLong = parts.count.scrollWidth > parts.count.clientWidth;
    if (isTooLong) write(parts.count, told.slice(0, 2).filter(Boolean).join(" · "));
    const seen = [state.viewer, snapshot.as_of && moment(snapshot.as_of, now)];
    mark(parts.mark, "data-watermark", seen.filter(Boolean).join(" · "));
    mark(frame, "data-batch", snapshot.batch);
    mark(frame, "data-as-of", snapshot.as_of);
    board.say(snapshot.pages.length ? "" : words.nothing);
    state.painted = snapshot.batch;
  }

  function signatureOf(now, found) {
    const wordsOf = staleness(now, found);
    const tiles = state.snapshot.pages.flatMap((page) => page.tiles);
    const old = tiles.map((tile) => (wordsOf(tile) ? "1" : "0")).join("");
    // The day too: what was "14:05" yesterday has to say so.
    return `${local(now).day} ${found ? found.key : ""} ${old}`;
  }

  function showStanding() {
    const isUnknown = state.standing === 404;
    const key = isUnknown ? "unknown" : "stopped";
    mark(document.documentElement, "data-reach", key);
    board.say(words[key], fill(`${key}.text`, { store }));
    for (const name of ["banner", "store", "title", "asOf", "count"]) write(parts[name], "");
    mark(frame, "data-batch", "");
    mark(parts.mark, "data-watermark", "");
    document.documentElement.removeAttribute("data-dim");
  }

  function tick() {
    const now = live.serverNow();
    write(parts.clock, state.snapshot ? local(now).clock : "");
    if (state.standing !== 200) return showStanding();
    if (!state.snapshot) {
      const isLost = live.lost();
      mark(document.documentElement, "data-reach", isLost ? "lost" : "starting");
      const age = span(live.age());
      write(parts.banner, isLost ? fill("banner.lost", { age, moment: "—" }) : "");
      return;
    }
    const found = trouble(now);
    const signature = signatureOf(now, found);
    if (signature !== state.signature) {
      state.signature = signature;
      paint(now, found);
    }
    mark(document.documentElement, "data-reach", (found && found.reach) || "live");
    write(parts.banner, found ? fill(`banner.${found.key}`, found.text) : "");
    roll();
    dim(now);
    renew(now);
  }

  function roll() {
    const name = state.snapshot.pages.length ? rotation.at(performance.now()) : null;
    if (name !== state.page) mark(frame, "data-wall-page", name || "");
    state.page = name;
    const title = board.show(name);
    write(parts.title, title);
  }

  // ---------- the screen itself

  function dim(now) {
    const { opens_at: opens, closes_at: closes, is_open: isOpen } = state.snapshot.store;
    const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
    const around = AROUND_HOURS / 60000;
    const at = minutes(local(now).clock);
    const isWithin = !opens || !closes
      || (at >= minutes(opens) - around && at < minutes(closes) + around);
    document.documentElement.toggleAttribute("data-dim", isOpen === false || !isWithin);
  }

  function shift() {
    const step = Math.floor(performance.now() / SHIFT_EVERY) % SHIFTS.length;
    const [x, y] = SHIFTS[step];
    frame.style.transform = `translate(${x}px, ${y}px)`;
  }

  /* Once a day, at night, the page starts afresh. */
  function renew(now) {
    const isNight = local(now).clock.startsWith("03");
    const isOld_ = performance.now() - state.startedAt > DAY - 4 * 3600000;
    if (isNight && isOld_ && live.link.failures === 0) leave(20 * 60000);
  }

  function leave(within) {
    if (state.isLeaving) return;
    state.isLeaving = true;
    reloadSoon(within);
  }

  /* Tell the fleet page what is on this screen, and hear what it wants. */
  async function beat() {
    setTimeout(beat, jitter(BEAT_EVERY));
    if (!state.isDevice || state.standing !== 200) return;
    const shown = { page: state.page || "", batch: state.painted, build: frame.dataset.build };
    try {
      const response = await fetch("/api/v1/devices/heartbeat", {
        method: "POST", credentials: "same-origin", signal: AbortSignal.timeout(8000),
        headers: { "Content-Type": "application/json" }, body: JSON.stringify(shown),
      });
      if (response.ok && (await response.json()).reload) leave(2000);
    } catch (error) {
      /* the next one will do */
    }
  }

  // ---------- the transport's side

  function take(snapshot) {
    state.snapshot = snapshot;
    state.signature = "";
    if (snapshot.build && snapshot.build !== frame.dataset.build) leave(RELOAD_WITHIN);
  }

  function hear(snapshot, headers) {
    state.standing = 200;
    state.isDevice = headers.get("X-Aftersight-Screen") === "yes";
    if (screen.hear(headers.get("X-Aftersight-Sight") || "")) measure();
    state.viewer = decodeURIComponent(headers.get("X-Aftersight-Viewer") || "");
    state.isKept = false;
    if (snapshot) take(snapshot);
    else if (document.documentElement.dataset.reach !== "live") state.signature = "";
    tick();
    if (!snapshot || performance.now() - state.keptAt < KEEP_EVERY) return;
    state.keptAt = performance.now();
    try {
      localStorage.setItem(KEPT, JSON.stringify(snapshot));
    } catch (error) {
      /* Storage may be forbidden or full; the wall works without memory. */
    }
  }

  function refuse(status) {
    state.standing = status;
    state.snapshot = null;
    state.keptAt = -Infinity;
    try {
      localStorage.removeItem(KEPT);
    } catch (error) {
      /* see hear() */
    }
    tick();
  }

  /* The last values, until the server answers: with their age, and grey. */
  function remember() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) || "null");
      if (!kept || !kept.pages) return;
      state.isKept = true;
      state.snapshot = kept;
    } catch (error) {
      /* see hear() */
    }
  }

  async function install() {
    if (!("serviceWorker" in navigator)) return; // without TLS, there is none
    try {
      await navigator.serviceWorker.register("/wall/worker.js", { scope: "/wall/" });
      const ready = await navigator.serviceWorker.ready;
      ready.active.postMessage({ keep: window.location.href });
    } catch (error) {
      /* The server may be away just now; the next start tries again. */
    }
  }

  function measure() {
    board.measure();
    state.signature = "";
  }

  window.addEventListener("resize", measure);
  remember();
  const tag = `?lang=${language}`;
  live = watch({
    address: () => `/api/v1/walls/${encodeURIComponent(store)}${tag}`,
    interval: 1000 * (Number(frame.dataset.refresh) || 5),
    hear,
    refuse,
  });
  tick();
  setInterval(tick, 500);
  shift();
  setInterval(shift, SHIFT_EVERY);
  install();
  setTimeout(beat, 3000);
  window.aftersight.wall = { state, rotation, live };
})();
