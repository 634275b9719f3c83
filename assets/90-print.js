/* Charts on paper. Plotly draws for the width of the screen; while something is printed
   its drawings scale to the paper instead, and afterwards they are as they were. */
(function () {
  "use strict";
  const DRAWINGS = ".js-plotly-plot .main-svg";

  window.addEventListener("beforeprint", function () {
    for (const drawing of document.querySelectorAll(DRAWINGS)) {
      const width = drawing.getAttribute("width");
      const height = drawing.getAttribute("height");
      if (!width || !height || drawing.hasAttribute("data-printed")) continue;
      drawing.setAttribute("data-printed", width + " " + height);
      drawing.setAttribute("viewBox", "0 0 " + width + " " + height);
      drawing.setAttribute("width", "100%");
      drawing.setAttribute("height", "100%");
    }
  });

  window.addEventListener("afterprint", function () {
    for (const drawing of document.querySelectorAll(DRAWINGS + "[data-printed]")) {
      const [width, height] = drawing.getAttribute("data-printed").split(" ");
      drawing.removeAttribute("data-printed");
      drawing.removeAttribute("viewBox");
      drawing.setAttribute("width", width);
      drawing.setAttribute("height", height);
    }
  });
})();
