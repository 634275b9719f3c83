/* What the reader opened stays open, and what had the focus keeps it, when Dash puts new
   elements in the place of old ones: before the browser paints, so nobody sees it. */
(function () {
  "use strict";
  const opened = new Set();
  let path = window.location.pathname;
  let focus = null; // {element, key}

  function holder(element) {
    const found = element.parentElement.closest("[data-metric], [data-param], [id]");
    if (!found) return "";
    for (const name of ["data-metric", "data-param", "id"]) {
      if (found.hasAttribute(name)) return `[${name}="${CSS.escape(found.getAttribute(name))}"]`;
    }
    return "";
  }

  function nameOf(details) {
    const summary = details.querySelector("summary");
    return `${holder(details)} ${summary ? summary.textContent : ""}`;
  }

  function keyOf(element) {
    if (element.id) return `#${CSS.escape(element.id)}`;
    const within = element.parentElement ? holder(element) : "";
    return within && `${within} ${element.tagName.toLowerCase()}`;
  }

  document.addEventListener("toggle", function (event) {
    if (!event.target.matches("details")) return;
    if (event.target.open) opened.add(nameOf(event.target));
    else opened.delete(nameOf(event.target));
  }, true);

  document.addEventListener("focusin", function (event) {
    focus = { element: event.target, key: keyOf(event.target) };
  });
  document.addEventListener("pointerdown", () => { focus = null; }, true);

  function restore(details) {
    if (!details.open && opened.has(nameOf(details))) details.open = true;
  }

  new MutationObserver(function (changes) {
    if (window.location.pathname !== path) {
      path = window.location.pathname;
      opened.clear();
      focus = null;
    }
    for (const { addedNodes } of opened.size ? changes : []) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches("details")) restore(node);
        node.querySelectorAll("details").forEach(restore);
      }
    }
    if (!focus || !focus.key || focus.element.isConnected) return;
    const again = document.activeElement === document.body && document.querySelector(focus.key);
    if (again) again.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
