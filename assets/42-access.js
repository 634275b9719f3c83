/* The list of screens follows the clock, but never while somebody fills in one of its
   forms: what he has typed would be gone. */
(function () {
  "use strict";
  const EVERY = 15000;

  setInterval(function () {
    const place = document.getElementById("admin-devices");
    if (!place || document.hidden || place.querySelector("details[open]")) return;
    if (place.contains(document.activeElement)) return;
    window.dash_clientside.set_props("admin-tick", { data: Date.now() });
  }, EVERY);
})();
