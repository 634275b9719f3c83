/* Which page is on the screen. It knows pages by name and reds by key, is told the
   time, and touches nothing: it can be tested without a screen.

   Pages roll. A red that nobody has taken jumps the queue within HOLD, and its page
   comes again after every other page, until somebody takes it. No page stays longer
   than its limit. When all is green, a quiet page stands between the others. */
(function () {
  "use strict";
  const HOLD = 2000; // what is on the screen is left this long before a red replaces it
  const QUIET = "quiet";

  class Rotation {
    constructor(limit) {
      this.limit = limit;
      this.pages = [];
      this.reds = new Map(); // page name → keys of its reds
      this.isQuiet = false;
      this.known = new Set();
      this.urgent = [];
      this.current = null;
      this.since = -Infinity;
      this.ordinary = null; // the last page that came by its turn
      this.red = null; // the last page that came because it is red
    }

    /* Take a new snapshot. *pages* are {name, reds: [key…]} in their order. */
    update(pages, isQuiet) {
      this.pages = pages.map((page) => page.name);
      this.reds = new Map(pages.map((page) => [page.name, page.reds]));
      this.isQuiet = isQuiet;
      const now = new Set(pages.flatMap((page) => page.reds));
      for (const page of pages) {
        const isNews = page.reds.some((key) => !this.known.has(key));
        if (isNews && !this.urgent.includes(page.name)) this.urgent.push(page.name);
      }
      this.urgent = this.urgent.filter((name) => (this.reds.get(name) || []).length);
      this.known = now;
    }

    /* Return the name of the page to show at *now* (milliseconds), or null. */
    at(now) {
      const stays = now - this.since;
      if (this.current !== QUIET && !this.pages.includes(this.current)) {
        return this.go(this.urgent.shift() || this.next(), now);
      }
      if (this.current === QUIET && !this.isQuiet) return this.go(this.next(), now);
      this.urgent = this.urgent.filter((name) => name !== this.current);
      if (this.urgent.length && stays >= HOLD) return this.go(this.urgent.shift(), now);
      const limit = this.current === QUIET ? 2 * this.limit : this.limit;
      if (stays >= limit) return this.go(this.next(), now);
      return this.current;
    }

    go(name, now) {
      const isRed = (this.reds.get(name) || []).length > 0;
      if (isRed) this.red = name;
      else if (name !== QUIET) this.ordinary = name;
      this.current = name;
      this.since = now;
      return name;
    }

    next() {
      const red = this.pages.filter((name) => this.reds.get(name).length);
      const rest = this.pages.filter((name) => !red.includes(name));
      if (this.isQuiet && this.current !== QUIET) return QUIET;
      if (red.length && (!rest.length || !red.includes(this.current))) {
        return after(red, this.red);
      }
      return after(rest.length ? rest : this.pages, this.ordinary);
    }
  }

  function after(names, name) {
    return names.length ? names[(names.indexOf(name) + 1) % names.length] : null;
  }

  Object.assign(window.aftersight, { Rotation, QUIET });
})();
