/* What the wall says in its own words, and the store's day and clock. */
(function () {
  "use strict";
  const words = JSON.parse(document.getElementById("wall-words").textContent);
  const formats = new Map();

  /* Return the sentence *key* with its blanks filled. */
  function fill(key, values) {
    return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  /* A length of time in its largest useful unit. */
  function span(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 90) return fill("unit.seconds", { n: seconds });
    if (seconds < 90 * 60) return fill("unit.minutes", { n: Math.round(seconds / 60) });
    if (seconds < 36 * 3600) return fill("unit.hours", { n: Math.round(seconds / 3600) });
    return fill("unit.days", { n: Math.round(seconds / 86400) });
  }

  /* The day and the minute of a moment on the wall of a zone. */
  function local(moment, zone) {
    if (!formats.has(zone)) {
      formats.set(zone, new Intl.DateTimeFormat("en-CA", {
        timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit",
        day: "2-digit", hour: "2-digit", minute: "2-digit",
      }));
    }
    const found = {};
    for (const { type, value } of formats.get(zone).formatToParts(moment)) found[type] = value;
    return {
      day: `${found.year}-${found.month}-${found.day}`, clock: `${found.hour}:${found.minute}`,
    };
  }

  function dayName(day) {
    const [, month, date] = day.split("-").map(Number);
    return new Date(Date.UTC(2000, month - 1, date)).toLocaleDateString(
      document.documentElement.lang, { month: "short", day: "numeric", timeZone: "UTC" },
    );
  }

  Object.assign(window.aftersight, { words, fill, span, local, dayName });
})();
