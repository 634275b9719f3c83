"""Thresholds: the lines of every metric, versioned by the day they begin."""

from functools import partial

import dash
from dash import html

from pages._ui.alert_sheet import sheet
from pages._ui.ids import AlertsLines
from pages._ui.shell import page_title


def layout(**_query: str) -> html.Div:
    """Return the empty page; its forms go to a route of callbacks/alerts_actions.py."""
    return sheet(
        "lines.heading", "lines.note", AlertsLines.TABS, AlertsLines.LINES, "section"
    )


dash.register_page(
    __name__,
    path="/alerts/thresholds",
    name="thresholds",
    title=partial(page_title, "thresholds"),
)
