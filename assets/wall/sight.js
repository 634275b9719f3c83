/* What can be read from where: sizes follow from the screen and the distance that the
   device declares. A tile that has no room is dropped; none is ever made smaller. */
(function () {
  "use strict";
  const LABEL = 16; // minutes of arc, height of a digit
  const VALUE = 20;
  const INCH = 0.0254;
  const TILE = { zh: 11.2, en: 15.5 }; // widths of a tile in label sizes
  const FULL = { zh: 8, en: 9.2 }; // heights, all lines; English names take two
  const BARE = { zh: 5.3, en: 6.5 }; // name, value and foot alone
  const LARGEST = 1.7;

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
     by how much the letters may grow beyond the smallest size. */
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
    const most = (room, size) => Math.max(1, Math.floor((room + gap) / (size * label + gap)));
    const bare = down(1, FULL[language]) < 1;
    const columns = most(stage.width, TILE[language]);
    const rows = most(stage.height, (bare ? BARE : FULL)[language]);
    return { columns, rows, shown: columns * rows, scale: 1, bare };
  }

  Object.assign(window.aftersight, { sight: { digitShare, pixels, sizes, grid } });
})();
