/* Set the theme before the first paint, remember the reader's choice, follow the
   system when there is none. Dash's own scripts come later. */
(function () {
  "use strict";
  const KEY = "aftersight-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch (error) {
      return "auto"; // Storage may be forbidden; the page works without memory.
    }
  }

  function apply() {
    const wanted = chosen();
    const theme = wanted === "auto" ? (system.matches ? "dark" : "light") : wanted;
    const root = document.documentElement;
    root.setAttribute("data-bs-theme", theme);
    root.setAttribute("data-ag-theme-mode", theme);
    for (const select of document.querySelectorAll("[data-theme-switch]")) {
      select.value = wanted;
    }
  }

  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-theme-switch]")) return;
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch (error) {
      /* see chosen() */
    }
    apply();
  });
  // The header is drawn by Dash later than this script runs.
  new MutationObserver(function (_, observer) {
    if (!document.querySelector("[data-theme-switch]")) return;
    apply();
    observer.disconnect();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
