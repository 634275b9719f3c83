/* The grid's bundle weighs as much as everything else together, and only some pages have
   a grid, below what is read first. A component of the same name stands in for it: it
   keeps the place, fetches the bundle when the place comes near or the browser has
   nothing else to do, and then is the grid. */
(function () {
  "use strict";
  const NAME = "dash_ag_grid";
  const address = document.documentElement.dataset.gridBundle;
  const NEAR = "800px";
  const PATIENCE = 4000;
  let arriving = null;

  if (!address || window[NAME]) return;

  function fetchBundle() {
    arriving = arriving || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = address;
      script.onload = function () {
        const real = window[NAME];
        // Dash goes on finding the stand-in, so nothing is mounted twice.
        window[NAME] = Object.assign({}, real, { AgGrid: standIn });
        resolve(real.AgGrid);
      };
      script.onerror = function () {
        script.remove();
        arriving = null;
        reject(new Error(address));
      };
      document.head.append(script);
    });
    return arriving;
  }

  function standIn(props) {
    const React = window.React;
    const place = React.useRef(null);
    const [real, setReal] = React.useState(null);

    React.useEffect(function () {
      let isGone = false;
      let again = null;
      const observer = new IntersectionObserver(function (seen) {
        if (seen.some((one) => one.isIntersecting)) load();
      }, { rootMargin: NEAR });
      const idle = window.setTimeout(function () {
        // A phone shows cards instead: what is hidden is not fetched.
        if (place.current && place.current.offsetParent) load();
      }, PATIENCE);

      function load() {
        observer.disconnect();
        window.clearTimeout(idle);
        fetchBundle().then(
          function (grid) { if (!isGone) setReal(function () { return grid; }); },
          function () { again = window.setTimeout(load, PATIENCE); },
        );
      }

      if (place.current) observer.observe(place.current);
      return function () {
        isGone = true;
        observer.disconnect();
        window.clearTimeout(idle);
        window.clearTimeout(again);
      };
    }, []);

    if (real) return React.createElement(real, props);
    return React.createElement("div", {
      ref: place, className: props.className, "aria-busy": "true",
    });
  }

  window[NAME] = { AgGrid: standIn };
})();
