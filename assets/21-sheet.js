/* The sheet of filters on a phone, and the two dates of a period of one's own. */
(function () {
  "use strict";

  function press(button, isOpen) {
    button.setAttribute("aria-expanded", isOpen ? "true" : "false");
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-sheet]");
    for (const other of document.querySelectorAll("[data-sheet]")) {
      const isInside = other.parentElement.contains(event.target);
      if (other !== button && !isInside) press(other, false);
    }
    if (button) press(button, button.getAttribute("aria-expanded") !== "true");
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    for (const button of document.querySelectorAll("[data-sheet][aria-expanded=true]")) {
      press(button, false);
      button.focus();
    }
  });

  /* Native inputs: they speak the reader's language and work with every keyboard. Dash
     has no component for them, so they are put into the place it keeps. */
  function fill(place) {
    if (place.childElementCount) return;
    const given = (place.dataset.dates || "").split("..");
    ["from", "to"].forEach(function (name, index) {
      const label = document.createElement("label");
      label.className = "dates__day";
      label.append(place.getAttribute("data-" + name));
      const input = document.createElement("input");
      input.type = "date";
      input.min = "2000-01-01";
      input.max = "2099-12-31";
      input.value = given[index] || "";
      input.dataset.day = name;
      label.append(input);
      place.append(label);
    });
    place.addEventListener("change", () => choose(place));
  }

  function choose(place) {
    const [first, last] = [...place.querySelectorAll("input")].map((one) => one.value);
    const isWhole = first && last && first <= last;
    place.querySelector("[data-day=to]").setCustomValidity(
      first && last && !isWhole ? place.getAttribute("data-to") : "",
    );
    if (isWhole) window.aftersightShow("period", first + ".." + last);
  }

  window.aftersightDates = function (isOpen) {
    for (const place of document.querySelectorAll("[data-dates]")) {
      fill(place);
      place.dataset.open = isOpen ? "yes" : "no";
      if (isOpen) place.querySelector("input").focus();
    }
  };

  /* An address that holds two dates shows them; other periods put them away. */
  function follow() {
    for (const place of document.querySelectorAll("[data-dates]")) {
      const days = place.dataset.dates;
      if (place.dataset.shown === days) continue;
      place.dataset.shown = days;
      place.replaceChildren();
      if (days) fill(place);
      place.dataset.open = days ? "yes" : "no";
    }
  }

  new MutationObserver(follow).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-dates"],
  });
})();
