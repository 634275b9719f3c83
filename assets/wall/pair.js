/* A screen that waits to be let in asks for its own page again and again, without
   leaving it: a browser does not come back from its own error page. */
(function () {
  "use strict";
  const every = 1000 * Number(document.currentScript.dataset.every);
  const away = document.querySelector(".plain__problem");
  const note = document.querySelector(".plain__note");

  function take(page) {
    const told = new DOMParser().parseFromString(page, "text/html");
    for (const name of [".plain__code", ".plain__note"]) {
      const [old, fresh] = [document, told].map((one) => one.querySelector(name));
      if (fresh && old.textContent !== fresh.textContent) {
        old.textContent = fresh.textContent;
        if (fresh.dataset.code) old.dataset.code = fresh.dataset.code;
      }
    }
  }

  async function look() {
    try {
      const response = await fetch(window.location.href, {
        cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(8000),
      });
      if (!response.ok) throw new Error(String(response.status));
      if (new URL(response.url).pathname.startsWith("/wall/")) {
        return window.location.replace(response.url);
      }
      take(await response.text());
      away.hidden = true;
    } catch (error) {
      away.hidden = false;
    }
    note.hidden = !away.hidden;
    setTimeout(look, every * (0.8 + Math.random() * 0.4));
  }

  setTimeout(look, every);
})();
