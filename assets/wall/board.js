/* What is painted: every page is built once and then only its texts and marks change,
   so that a screen that runs for months holds as many nodes as on its first day. */
(function () {
  "use strict";
  const { sight, QUIET } = window.aftersight;
  const WORSE = { red: 0, amber: 1 };

  function make(name, className, parent) {
    const element = document.createElement(name);
    element.className = className;
    if (parent) parent.append(element);
    return element;
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function mark(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  function place(element, property, value) {
    if (element.style.getPropertyValue(property) !== value) {
      element.style.setProperty(property, value);
    }
  }

  class Tile {
    constructor(metric, parent) {
      this.root = make("article", "tile", parent);
      mark(this.root, "data-metric", metric);
      this.name = make("h2", "tile__name", this.root);
      this.figure = make("p", "tile__figure", this.root);
      this.value = make("span", "tile__value", this.figure);
      this.unit = make("span", "tile__unit", this.figure);
      this.chip = make("span", "tile__chip", this.figure);
      this.aim = make("p", "tile__aim", this.root);
      this.track = make("div", "tile__track", this.root);
      this.pin = make("span", "tile__pin", this.track);
      this.foot = make("p", "tile__foot", this.root);
    }

    paint(tile, batch, asStale) {
      const isStale = asStale && tile.state !== "nodata" && tile.state !== "error";
      mark(this.root, "data-status", isStale ? "stale" : tile.state);
      mark(this.root, "data-value", tile.raw);
      mark(this.root, "data-as-of", tile.as_of);
      mark(this.root, "data-batch", batch);
      this.root.toggleAttribute("data-taken", Boolean(tile.taken));
      this.root.toggleAttribute("data-hollow", tile.hollow);
      write(this.name, tile.name);
      write(this.value, tile.value);
      write(this.unit, tile.unit);
      write(this.chip, isStale ? asStale : `${tile.sign} ${tile.word}`);
      write(this.aim, tile.aim);
      write(this.foot, tile.taken || tile.foot);
      this.track.hidden = tile.place === null || Boolean(isStale);
      if (tile.place !== null) place(this.pin, "--place", `${100 * tile.place}%`);
    }

    /* Where value, unit and word do not fit beside each other, the word goes below. */
    fit() {
      this.root.removeAttribute("data-tight");
      const isTight = this.figure.scrollWidth > this.figure.clientWidth;
      this.root.toggleAttribute("data-tight", isTight);
    }
  }

  class Board {
    constructor(stage, screen, language) {
      this.stage = stage;
      this.screen = screen;
      this.language = language;
      this.pages = new Map(); // name → {root, tiles: Map, data}
      this.message = stage.querySelector(".wall__message");
      this.quiet = make("section", "quiet", stage);
      this.quiet.hidden = true;
      make("p", "quiet__sign", this.quiet).textContent = "✓";
      this.quietTitle = make("p", "quiet__title", this.quiet);
      this.quietText = make("p", "quiet__text", this.quiet);
      this.measure();
    }

    /* Sizes for the window as it is now; the screen's distance does not change. */
    measure() {
      const root = document.documentElement;
      const family = getComputedStyle(root).getPropertyValue("--font");
      const screen = { ...this.screen.size, width: window.innerWidth, height: window.innerHeight };
      const least = sight.sizes(screen, sight.digitShare(family));
      this.label = Math.ceil(least.label);
      root.style.setProperty("--label", `${this.label}px`);
      root.style.setProperty("--value", `${Math.ceil(least.value)}px`);
    }

    /* Say something instead of pages; an empty text shows pages again. */
    say(title, text) {
      this.message.hidden = !title;
      if (!title) return;
      this.message.replaceChildren(title);
      if (text) make("small", "", this.message).textContent = text;
      this.show(null);
    }

    /* Paint a snapshot. *staleness(tile)* returns the words of a tile that must not
       be trusted any more, or "". */
    paint(snapshot, staleness) {
      for (const page of snapshot.pages) this.paintPage(page, snapshot.batch, staleness);
      const names = new Set(snapshot.pages.map((page) => page.name));
      for (const [name, page] of this.pages) {
        if (names.has(name)) continue;
        page.root.remove();
        this.pages.delete(name);
      }
    }

    paintPage(page, batch, staleness) {
      let built = this.pages.get(page.name);
      const wanted = page.tiles.map((tile) => tile.metric).join();
      if (!built || built.wanted !== wanted) {
        if (built) built.root.remove();
        const root = make("section", "page", this.stage);
        mark(root, "data-wall-page", page.name);
        root.hidden = true;
        const tiles = page.tiles.map((tile) => new Tile(tile.metric, root));
        built = { root, tiles, wanted };
        this.pages.set(page.name, built);
      }
      built.title = page.title;
      const grid = this.arrange(built.root, page.tiles.length);
      // What has to be seen keeps its place; the least important is dropped.
      const order = page.tiles.map((tile, i) => [WORSE[tile.state] ?? 2, i]);
      const shown = order.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, grid.shown);
      const kept = new Set(shown.map(([, i]) => i));
      page.tiles.forEach((tile, i) => {
        built.tiles[i].root.hidden = !kept.has(i);
        built.tiles[i].paint(tile, batch, staleness(tile));
      });
      built.isFitted = false;
    }

    arrange(root, count) {
      const style = getComputedStyle(this.stage);
      const room = (side) => parseFloat(style[`padding${side}`]);
      const grid = sight.grid(count, {
        width: this.stage.clientWidth - room("Left") - room("Right"),
        height: this.stage.clientHeight - room("Top") - room("Bottom"),
      }, this.label, this.language);
      place(root, "--columns", String(grid.columns));
      place(root, "--rows", String(Math.min(grid.rows, Math.ceil(count / grid.columns))));
      place(root, "--grow", grid.scale.toFixed(3));
      root.toggleAttribute("data-bare", grid.bare);
      return grid;
    }

    paintQuiet(title, text) {
      write(this.quietTitle, title);
      write(this.quietText, text);
    }

    /* Show one page, the quiet one, or none. */
    show(name) {
      this.quiet.hidden = name !== QUIET;
      for (const [own, page] of this.pages) page.root.hidden = own !== name;
      const page = this.pages.get(name);
      if (!page) return "";
      if (!page.isFitted) page.tiles.forEach((tile) => tile.fit()); // only what is seen has a width
      page.isFitted = true;
      return page.title;
    }
  }

  Object.assign(window.aftersight, { Board, write, mark });
})();
