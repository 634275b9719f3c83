"""Alarm hygiene: how well the alerts themselves work."""

from functools import partial

import dash
from dash import html

from pages._ui import locale
from pages._ui.ids import AlertsHygiene
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/alerts_more.py fills it."""
    language = locale.current()
    return html.Div(
        [
            html.H1(say("hygiene.heading", language), className="visually-hidden"),
            html.Div(id=AlertsHygiene.TABS),
            html.P(say("hygiene.note", language), className="note"),
            html.Div(id=AlertsHygiene.FIGURES, className="hygiene"),
        ],
        className="alerts-page",
    )


dash.register_page(
    __name__,
    path="/alerts/hygiene",
    name="hygiene",
    title=partial(page_title, "hygiene"),
)
