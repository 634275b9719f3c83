"""The table of stores × metrics: sortable, filtered, each cell with sign and word."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.address import View, store_href
from pages._ui.codes import called
from pages._ui.filters import store_name
from pages._ui.ids import Overview
from pages._ui.status import State
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store
from warehouse.text import Language

Row = dict[str, Any]

THEME = "themeQuartz.withParams(aftersightGrid)"

LOCALE: dict[Language, dict[str, str]] = {
    "zh": {
        "noRowsToShow": "没有门店",
        "contains": "包含",
        "notContains": "不包含",
        "equals": "等于",
        "notEqual": "不等于",
        "startsWith": "开头是",
        "endsWith": "结尾是",
        "blank": "为空",
        "notBlank": "不为空",
        "greaterThan": "大于",
        "greaterThanOrEqual": "大于等于",
        "lessThan": "小于",
        "lessThanOrEqual": "小于等于",
        "inRange": "介于",
        "inRangeStart": "从",
        "inRangeEnd": "到",
        "filterOoo": "筛选…",
        "andCondition": "且",
        "orCondition": "或",
        "loadingOoo": "正在载入…",
    },
    "en": {},
}


def store_grid(metrics: Sequence[Metric], language: Language) -> dag.AgGrid:
    """Return the empty table; `store_rows` fills it."""
    return dag.AgGrid(
        id=Overview.TABLE,
        columnDefs=_columns(metrics, language),
        # None shows that rows are on their way, [] that there are none.
        rowData=None,
        className="grid",
        getRowId="params.data.store_id",
        columnSize=None,
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "filter": True,
            "suppressHeaderMenuButton": False,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        dashGridOptions={
            "theme": {"function": THEME},
            "themeCssLayer": "vendor",
            "localeText": LOCALE[language],
            "animateRows": False,
            "rowHeight": 34,
            "tooltipShowDelay": 300,
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
        },
    )


def store_rows(
    stores: Sequence[Store],
    cells: Mapping[str, Mapping[str, Reading]],
    stale: Mapping[str, Container[str]],
    view: View,
    metrics: Sequence[Metric],
    language: Language,
) -> list[Row]:
    """Return one row a store; *cells* maps metric and store to a reading."""
    rows = []
    for store in stores:
        readings = {m.id: cells.get(m.id, {}).get(store.store_id) for m in metrics}
        row: Row = {
            "store_id": store.store_id,
            "store": store_name(store, language),
            "href": store_href(store.store_id, view),
            "note": say("table.inferred", language) if store.is_inferred else "",
            "region": called("region", store.region or fmt.MISSING, language),
            "city": store.city or fmt.MISSING,
            "place": _place(store, language),
            "reds": 0,
        }
        for metric in metrics:
            reading = readings[metric.id]
            if reading is None:
                continue
            is_stale = store.store_id in stale.get(metric.id, ())
            row.update(_cell(metric, reading, is_stale, language))
            row["reds"] += row[f"{metric.id}__state"] == State.RED.value
        rows.append(row)
    return rows


def _cell(metric: Metric, reading: Reading, is_stale: bool, language: Language) -> Row:
    freshness = Freshness.STALE if is_stale else Freshness.FRESH
    state = status.state_of(reading, freshness)
    unjudged = status.is_unjudged(reading, state)
    shown = str(judging.shown(reading, language))
    spoken = status.word(state, language, unjudged=unjudged)
    count = fmt.whole(reading.n)
    tip = say(
        "table.cell",
        language,
        metric=metric.name[language],
        value=shown,
        state=spoken,
        n=count,
    )
    return {
        metric.id: reading.value,
        f"{metric.id}__text": shown,
        f"{metric.id}__state": "unjudged" if unjudged else state.value,
        f"{metric.id}__sign": status.sign(state, unjudged=unjudged),
        f"{metric.id}__word": spoken,
        f"{metric.id}__tip": tip,
        f"{metric.id}__n": count,
    }


def _place(store: Store, language: Language) -> str:
    region = called("region", store.region or "", language)
    return " · ".join(filter(None, (region, store.city))) or fmt.MISSING


def _columns(metrics: Sequence[Metric], language: Language) -> list[dict[str, Any]]:
    """Return the columns: as wide as their longest text, wider where there is room."""
    is_latin = language == "en"
    return [
        {
            "field": "store",
            "headerName": say("table.store", language),
            "pinned": "left",
            "lockPinned": True,
            "width": 248 if is_latin else 160,
            "cellRenderer": "StoreLink",
            "tooltipField": "note",
        },
        {
            "field": "reds",
            "headerName": say("table.reds", language),
            "width": 104 if is_latin else 88,
            "type": "numericColumn",
            "filter": "agNumberColumnFilter",
            "sort": "desc",
        },
        *(_metric_column(metric, language) for metric in metrics),
        {
            "field": "place",
            "headerName": say("table.place", language),
            "width": 190 if is_latin else 120,
        },
    ]


def _metric_column(metric: Metric, language: Language) -> dict[str, Any]:
    is_judged = bool(metric.thresholds)
    return {
        "field": metric.id,
        "headerName": metric.name[language],
        "headerTooltip": metric.formula[language],
        "minWidth": (130 if language == "en" else 122) if is_judged else 96,
        "flex": 1,
        "type": "numericColumn",
        "filter": "agNumberColumnFilter",
        "cellRenderer": "StatusCell",
        "tooltipField": f"{metric.id}__tip",
    }


LOOKS = ((3, "grid--3"), (6, "grid--6"), (10, "grid--10"), (14, "grid--14"))
"""Heights for so many rows at most; beyond them the table scrolls inside itself."""


def grid_looks(shown: int) -> str:
    """Return the class of the table: a few rows need no tall one."""
    look = next((name for rows, name in LOOKS if shown <= rows), "")
    return f"grid {look}".rstrip()


def table_note(shown: int, failed: Sequence[str], language: Language) -> list[html.P]:
    """Return what stands under the table."""
    if not shown:
        return [html.P(say("table.empty", language), className="nothing")]
    lines = [
        html.P(
            [
                say("table.note", language, n=shown),
                html.Span(say("table.hint", language), className="on-screen"),
            ],
            className="note",
        )
    ]
    if failed:
        names = "、".join(failed) if language == "zh" else ", ".join(failed)
        lines.append(
            html.P(say("table.failed", language, names=names), className="notice")
        )
    return lines
