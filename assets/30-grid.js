/* What the table of stores needs from the browser. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions =
    window.dashAgGridComponentFunctions || {});
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  functions.aftersightGrid = {
    accentColor: "var(--accent)",
    backgroundColor: "var(--surface)",
    foregroundColor: "var(--ink)",
    borderColor: "var(--line)",
    headerBackgroundColor: "var(--surface-2)",
    headerTextColor: "var(--ink-2)",
    oddRowBackgroundColor: "var(--surface)",
    rowHoverColor: "var(--accent-soft)",
    fontFamily: "inherit",
    fontSize: 13,
    headerFontSize: 12,
    spacing: 6,
    wrapperBorderRadius: 6,
    browserColorScheme: "inherit",
  };

  /* Sign, value and word: the colour of the cell says nothing that these do not. */
  cells.StatusCell = function (props) {
    const element = window.React.createElement;
    const field = props.colDef.field;
    const row = props.data || {};
    const state = row[field + "__state"];
    if (!state) return element("span", { className: "cell", "data-state": "nodata" }, "—");
    const isOff = state === "red" || state === "amber";
    return element(
      "span",
      { className: "cell", "data-state": state },
      element("span", { className: "cell__sign", "aria-hidden": "true" }, row[field + "__sign"]),
      element(
        "span",
        { className: isOff ? "cell__word" : "visually-hidden" },
        row[field + "__word"],
      ),
      element("span", { className: "cell__value" }, row[field + "__text"]),
    );
  };

  cells.StoreLink = function (props) {
    const row = props.data || {};
    return window.React.createElement(
      "a", { href: row.href, className: "js-view cell__link" }, props.value,
    );
  };
})();
