/* What can be read from where: sizes follow from the screen and the distance that the
   device declares. A tile that has no room is dropped; none is ever made smaller. */
(function () {
  "use strict";
  const LABEL = 16; // minutes of arc, height of a digit
  const VALUE = 20;
  const INCH = 0.0254;
  const TILE = { zh: 11.2, en: 14.4 }; // widths of a tile in label sizes
  const FULL = { zh: 8, en: 9.2 }; // heights, all lines; English names take two
  const BARE = { zh: 5.2, en: 6.3 }; // name, value and foot alone
  const ROOMY = 22; // a tile of this width has every English name on one line
  const LARGEST = 1.7;
  const TOLD = "aftersight-wall-sight";

  /* How tall a digit is, as a share of the font size. */
  function digitShare(family) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `600 200px ${family}`;
    return pen.measureText("0").actualBoundingBoxAscent / 200 || 0.7;
  }

  /* CSS pixels that *minutes* of arc cover at *metres* on a screen of *inches*. */
  function pixels(minutes, screen) {
    const diagonal = Math.hypot(screen.width, screen.height);
    const pitch = (screen.inches * INCH) / diagonal;
    return (2 * screen.metres * Math.tan((minutes / 120 / 180) * Math.PI)) / pitch;
  }

  /* Font sizes in CSS pixels that may not be gone below. */
  function sizes(screen, share) {
    return {
      label: pixels(LABEL, screen) / share,
      value: pixels(VALUE, screen) / share,
    };
  }

  /* How *count* tiles stand on a stage: columns, rows, how many of them are shown, and
     by how much the letters may grow beyond the smallest size. Where all lines of all
     tiles have no room, targets and tracks go before tiles do. */
  function grid(count, stage, label, language) {
    const gap = 0.6 * label;
    const wide = TILE[language] * label;
    const across = (columns) => (stage.width - gap * (columns - 1)) / columns / wide;
    const down = (rows, tall) => (stage.height - gap * (rows - 1)) / rows / (tall * label);
    let best = null;
    for (let columns = 1; columns <= count; columns += 1) {
      const rows = Math.ceil(count / columns);
      const scale = Math.min(across(columns), down(rows, FULL[language]));
      if (!best || scale > best.scale) best = { columns, rows, scale, shown: count };
    }
    if (best && best.scale >= 1) {
      return { ...best, scale: Math.min(best.scale, LARGEST), bare: false };
    }
    const most = (room, size) => Math.floor((room + gap) / (size * label + gap));
    const columns = Math.max(1, Math.min(count, most(stage.width, TILE[language])));
    const names = across(columns) * TILE[language] >= ROOMY ? "zh" : language;
    const [full, least] = [FULL, BARE].map((tall) => most(stage.height, tall[names]));
    const bare = least > full;
    const rows = Math.max(1, bare ? least : full);
    return { columns, rows, shown: columns * rows, scale: 1, bare };
  }

  /* How the screen is: as its store's manager says, else as its address says. What was
     told last is remembered, for a start without the server. */
  class Screen {
    constructor(query) {
      const asked = function (name, usual, least, most) {
        const value = Number(query.get(name));
        return value >= least && value <= most ? value : usual;
      };
      this.limit = 1000 * asked("dwell", 12, 0.2, 120);
      this.own = { inches: asked("inch", 55, 5, 200), metres: asked("distance", 4, 0.3, 30) };
      this.told = "";
      try {
        this.told = localStorage.getItem(TOLD) || "";
      } catch (error) {
        /* Storage may be forbidden. */
      }
    }

    get size() {
      const [inches, metres] = this.told.split(" ").map(Number);
      return { inches: inches || this.own.inches, metres: metres || this.own.metres };
    }

    /* Take what the server says; return whether it is news. */
    hear(told) {
      if (told === this.told) return false;
      this.told = told;
      try {
        localStorage.setItem(TOLD, told);
      } catch (error) {
        /* see above */
      }
      return true;
    }
  }

  Object.assign(window.aftersight, { Screen, sight: { digitShare, pixels, sizes, grid } });
})();
