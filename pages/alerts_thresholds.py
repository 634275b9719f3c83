"""Thresholds: the lines of every metric, versioned by the day they begin."""

from functools import partial

import dash
from dash import html

from pages._ui import locale
from pages._ui.ids import AlertsLines
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/alerts_more.py fills it."""
    language = locale.current()
    return html.Div(
        [
            html.H1(say("lines.heading", language), className="visually-hidden"),
            html.Div(id=AlertsLines.TABS),
            html.P(say("lines.note", language), className="note"),
            html.Div(id=AlertsLines.LINES, className="section"),
        ],
        className="alerts-page",
    )


dash.register_page(
    __name__,
    path="/alerts/thresholds",
    name="thresholds",
    title=partial(page_title, "thresholds"),
)
"""Each form on it is sent to a route of `callbacks/alerts_actions.py`."""
