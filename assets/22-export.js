/* A file holds what is on screen: the address of the page goes into that of the file,
   just before the link is followed. */
(function () {
  "use strict";

  function aim(event) {
    const link = event.target.closest && event.target.closest("a[data-export]");
    if (!link) return;
    const { pathname, search } = window.location;
    const place = pathname === "/" ? "/overview" : pathname;
    link.href = `/export${place}.${link.getAttribute("data-export")}${search}`;
  }

  for (const kind of ["pointerdown", "focusin", "click"]) {
    document.addEventListener(kind, aim, true);
  }
})();
