/* The grid on paper. It draws only the rows in its window, so while something is printed
   a plain table of every row it was given stands in its place; on screen there is none. */
(function () {
  "use strict";
  const HOLDERS = "[data-paper]";

  /* The properties that Dash holds for a component, drawn or not. */
  function given(id) {
    const api = window.dash_component_api;
    const found = api && api.getLayout && api.getLayout(id);
    return (found && found.props) || {};
  }

  function add(parent, name, text, look) {
    const node = document.createElement(name);
    if (text !== undefined && text !== null) node.textContent = text;
    if (look) node.className = look;
    parent.append(node);
    return node;
  }

  function head(table, names) {
    const line = add(add(table, "thead"), "tr");
    for (const name of names) add(line, "th", name).scope = "col";
  }

  function storeCell(line, row) {
    const cell = add(line, "th", row.store);
    cell.scope = "row";
    const place = [row.region, row.city].filter((one) => one && one !== "—").join(" · ");
    if (place) add(cell, "small", place);
    if (row.note) add(cell, "small", row.note);
  }

  function valueCell(line, row, field) {
    const cell = add(line, "td");
    cell.dataset.field = field;
    const state = row[field + "__state"];
    if (!state) { cell.textContent = "—"; return; }
    cell.dataset.state = state;
    add(cell, "span", row[field + "__sign"], "paper__sign");
    add(cell, "b", row[field + "__text"]);
    add(cell, "small", "n " + row[field + "__n"]);
  }

  /* The signs that occur, each with its word. */
  function legend(holder, rows, columns) {
    const known = new Map();
    for (const row of rows) for (const column of columns) {
      const sign = row[column.field + "__sign"];
      if (sign) known.set(sign, row[column.field + "__word"]);
    }
    const words = [...known].map(([sign, word]) => sign + " " + word);
    add(holder, "p", words.join("　"), "note");
  }

  function fill(holder) {
    const grid = given(holder.dataset.paper);
    const rows = [...(grid.rowData || [])].sort((a, b) => b.reds - a.reds);
    holder.replaceChildren();
    if (!rows.length) return;
    const named = (field) => grid.columnDefs.find((one) => one.field === field).headerName;
    const columns = grid.columnDefs.filter((one) => one.cellRenderer === "StatusCell");
    legend(holder, rows, columns);
    const table = add(holder, "table", null, "paper__table");
    head(table, [
      named("store"), named("reds"), ...columns.map((one) => one.headerName),
    ]);
    const body = add(table, "tbody");
    for (const row of rows) {
      const line = add(body, "tr");
      line.dataset.store = row.store_id;
      storeCell(line, row);
      add(line, "td", row.reds);
      for (const column of columns) valueCell(line, row, column.field);
    }
  }

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(HOLDERS).forEach(fill);
  });

  window.addEventListener("afterprint", function () {
    for (const holder of document.querySelectorAll(HOLDERS)) holder.replaceChildren();
  });
})();
