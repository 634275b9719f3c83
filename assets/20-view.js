/* The address is the memory of a view. Selects and links change it in place: the page
   keeps its scroll and its table, and Dash gets told by one small property.

   Dash's own navigation would lay the whole page out anew for every change of the
   query, so links within a page do not pass through it; links between pages do. */
(function () {
  "use strict";
  const URL_ID = "shell-url";
  let shownPath = window.location.pathname;

  function tell() {
    // With the href, or dcc.Location would take the old href for an order to go back.
    const { search, hash, href } = window.location;
    window.dash_clientside.set_props(URL_ID, { search, hash, href });
    mark();
  }

  /* Move to an address of the same page without laying it out anew. */
  function show(target) {
    const isNews = target.search !== window.location.search;
    if (target.href !== window.location.href) {
      window.history.pushState({}, "", target.href);
    }
    if (isNews) tell();
    const anchor = target.hash && document.querySelector(target.hash);
    if (anchor) anchor.scrollIntoView({ block: "start" });
  }

  function withParam(name, value) {
    const target = new URL(window.location.href);
    if (value) target.searchParams.set(name, value);
    else target.searchParams.delete(name);
    // A store belongs to one region: a wider choice drops the narrower one.
    if (name === "region" || name === "city_class") target.searchParams.delete("store");
    target.hash = "";
    return target;
  }

  document.addEventListener("change", function (event) {
    const holder = event.target.closest("[data-param]");
    if (!holder) return;
    const name = holder.getAttribute("data-param");
    const value = event.target.value;
    // One's own dates are chosen beside the select, and only then make an address.
    const isOwn = name === "period" && value === "custom";
    if (name === "period") window.aftersightDates(isOwn);
    if (isOwn) return;
    const isDefault = value === "all" || (name === "period" && value === "default");
    show(withParam(name, isDefault ? "" : value));
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a.js-view");
    const isPlain =
      link && event.button === 0 &&
      !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!isPlain) return;
    const target = new URL(link.href);
    if (target.origin !== window.location.origin) return;
    event.preventDefault();
    if (target.pathname === window.location.pathname) show(target);
    else open(target);
  });

  /* Another page of ours: as dcc.Link does it, without loading everything anew. */
  function open(target) {
    window.history.pushState({}, "", target.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  window.aftersightShow = function (name, value) { show(withParam(name, value)); };

  /* Back and forward within a page: before Dash sees it and lays the page out anew. */
  window.addEventListener(
    "popstate",
    function (event) {
      if (window.location.pathname !== shownPath) {
        shownPath = window.location.pathname;
        return;
      }
      event.stopImmediatePropagation();
      tell();
    },
    true,
  );

  /* A reader hears and sees where she is; a change of language keeps the view. */
  function mark() {
    shownPath = window.location.pathname;
    for (const link of document.querySelectorAll(".nav__link")) {
      const isHere = new URL(link.href).pathname === window.location.pathname;
      if (isHere) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const link of document.querySelectorAll("[data-language-switch]")) {
      const target = withParam("lang", link.getAttribute("data-language-switch"));
      const store = new URLSearchParams(window.location.search).get("store");
      if (store) target.searchParams.set("store", store);
      link.href = target.href;
    }
  }

  window.addEventListener("_dashprivate_pushstate", function () {
    window.setTimeout(mark, 0);
  });
  new MutationObserver(function (_, observer) {
    if (!document.querySelector(".nav__link")) return;
    mark();
    observer.disconnect();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
