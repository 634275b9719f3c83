/* Keep an open page true: the one transport of executive pages and walls.

   What was learnt by breaking networks (docs/walls.md): fetch has no timeout of its
   own, and dead sockets stay in the browser's pool. So a question that is not answered
   soon is asked again beside the first one, on another socket; whichever answer comes
   first counts, a slow one too. Refusals and 5xx are waited out, longer each time, and
   never all screens at once. The age of the last answer, measured by a clock that
   nobody can set, says whether the numbers can be trusted; the server cannot say that
   it is gone.

   aftersight.watch() knows nothing of pages: executive pages use it in 12-executive.js,
   walls in wall/wall.js. */
(function () {
  "use strict";

  const RULES = {
    again: 1500, // ask again beside a question that has no answer yet
    most: 4, // questions at a time; a browser has six sockets for a host
    patience: 30000, // how long the oldest question may take
    life: 8000, // and those beside it
    longest: 8000, // between two questions while the server refuses
    slow: 10000, // between two questions of a screen that is not let in
    busy: 3000, // a page that looks up less often has been busy, and has so long to hear
    jitter: 0.2,
  };

  /* A moment as HTTP writes it; where a proxy has added its own, the first counts. */
  function moment(header) {
    const [first] = /\w{3}, \d.+?GMT/.exec(header || "") || [""];
    return Date.parse(first);
  }

  function jitter(milliseconds, share) {
    const width = share === undefined ? RULES.jitter : share;
    return milliseconds * (1 - width + Math.random() * 2 * width);
  }

  /* Ask *options.address()* every *options.interval* ms, for ever.
     hear(data or null, headers, isBack): an answer came; null means nothing new,
     isBack that questions before it went unanswered.
     refuse(status): the server knows us and says no (401, 403, 404).
     Returns what the page may ask: age(), lost(), serverNow(), ask(). */
  function watch(options) {
    const rules = Object.assign({}, RULES, options.rules);
    const flights = new Set();
    const link = {
      heardAt: performance.now(), heardOn: Date.now(),
      server: null, tag: null, failures: 0, standing: 200, took: 0, doubted: null,
      lookedAt: performance.now(), deafUntil: 0, isLost: false,
    };
    let next = null;
    let again = null;

    function plan(wait) {
      clearTimeout(next);
      next = setTimeout(begin, wait);
    }

    function begin() {
      clearTimeout(next);
      if (flights.size) return;
      launch();
      insist();
    }

    function insist() {
      clearTimeout(again);
      again = setTimeout(function () {
        if (!flights.size) return;
        if (flights.size < rules.most) launch();
        insist();
      }, rules.again);
    }

    function launch() {
      const control = new AbortController();
      const flight = { control, late: null, at: performance.now() };
      const life = flights.size ? rules.life : rules.patience;
      flight.late = setTimeout(() => control.abort(), life);
      flights.add(flight);
      ask(control.signal).then(
        (answer) => land(flight, answer),
        (error) => land(flight, { status: 0, hung: error.name === "AbortError" }),
      );
    }

    async function ask(signal) {
      const headers = link.tag ? { "If-None-Match": link.tag } : {};
      const response = await fetch(options.address(), {
        headers, signal, cache: "no-store", credentials: "same-origin", redirect: "manual",
      });
      const data = response.status === 200 ? await response.json() : null;
      return {
        status: response.type === "opaqueredirect" ? 401 : response.status, data,
        headers: response.headers, tag: response.headers.get("ETag"),
        date: moment(response.headers.get("Date")),
      };
    }

    function land(flight, answer) {
      clearTimeout(flight.late);
      if (!flights.delete(flight)) return; // Another answer was quicker.
      if (answer.status === 200 || answer.status === 304) return heard(flight, answer);
      if ([401, 403, 404, 410].includes(answer.status)) return refused(answer.status);
      if (flights.size) return; // Others are still under way.
      if (answer.hung) return begin();
      link.failures += 1;
      const wait = Math.min(rules.longest, 1000 * 2 ** Math.min(link.failures - 1, 3));
      plan(jitter(wait, 0.25));
    }

    function settle() {
      clearTimeout(again);
      for (const flight of flights) {
        clearTimeout(flight.late);
        flight.control.abort();
      }
      flights.clear();
    }

    function heard(flight, answer) {
      settle();
      const now = performance.now();
      const isBack = link.failures > 0 || now - link.heardAt > rules.patience;
      link.took = 0.5 * link.took + 0.5 * (now - flight.at);
      Object.assign(link, {
        heardAt: now, heardOn: Date.now(), failures: 0, standing: 200, isLost: false,
      });
      if (answer.date) link.server = answer.date - now;
      if (answer.status === 200) link.tag = answer.tag;
      plan(jitter(options.interval));
      options.hear(answer.data, answer.headers, isBack);
    }

    function refused(status) {
      settle();
      link.standing = status;
      link.tag = null;
      if (options.refuse) options.refuse(status);
      plan(jitter(rules.slow));
    }

    /* Milliseconds since the last answer. The monotonic clock cannot be set, but may
       stand still while the machine sleeps; then, until the next answer, the larger
       of the two counts. */
    function age() {
      const steady = performance.now() - link.heardAt;
      const wall = Date.now() - link.heardOn;
      const isSuspect = wall - steady > 5000;
      if (isSuspect && link.doubted !== link.heardAt) {
        link.doubted = link.heardAt; // Once: the server may be away.
        begin();
      }
      return isSuspect && link.failures ? wall : steady;
    }

    /* Told before two intervals have passed without an answer; one and a fifth are usual.
       A server that is slow but answers is not lost. Nor is one whose answers wait in a
       page that was busy or asleep: it has to hear them first. To be called each second. */
    function lost() {
      const now = performance.now();
      if (now - link.lookedAt > rules.busy) link.deafUntil = now + rules.busy;
      link.lookedAt = now;
      if (now < link.deafUntil) return link.isLost;
      link.isLost = age() > 1.8 * (options.interval + Math.min(link.took, 10000));
      return link.isLost;
    }

    /* The server's clock; before its first answer, this machine's. */
    function serverNow() {
      return link.server === null ? Date.now() : performance.now() + link.server;
    }

    function wake() {
      if (document.hidden || link.standing !== 200) return;
      begin();
    }

    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    begin();
    return { link, age, lost, serverNow, ask: begin };
  }

  /* A new release: everybody reloads, but not everybody at once, and only while the
     server answers: a browser does not come back from its own error page. */
  function reloadSoon(within) {
    setTimeout(async function retry() {
      try {
        const response = await fetch(window.location.href, { cache: "no-store" });
        if (response.ok) return window.location.reload();
      } catch (error) {
        /* not now */
      }
      setTimeout(retry, jitter(5000));
    }, Math.random() * within);
  }

  window.aftersight = { watch, reloadSoon, jitter };
})();
