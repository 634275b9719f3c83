"""Alerts: what burns, who has it, and one alert with its reasons and its history."""

from functools import partial

import dash
from dash import html

from pages._ui import locale
from pages._ui.ids import Alerts
from pages._ui.section import section
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/alerts.py fills list or detail."""
    language = locale.current()
    detail = [
        html.Div(id=Alerts.HEAD),
        html.Div(id=Alerts.FORMS, className="alert-forms"),
        section("alert.why", language, html.Div(id=Alerts.WHY), name="why"),
        section("alert.actions", language, html.Div(id=Alerts.ACTIONS), name="deeds"),
        section("alert.history", language, html.Div(id=Alerts.HISTORY), name="log"),
        section(
            "alert.deliveries", language, html.Div(id=Alerts.DELIVERIES), name="sent"
        ),
    ]
    return html.Div(
        [
            html.H1(say("alerts.heading", language), className="visually-hidden"),
            html.Div(id=Alerts.TABS),
            html.Div(
                id=Alerts.FILTERS,
                className="filters",
                role="group",
                **{"aria-label": say("filter.heading", language)},
            ),
            html.Div(id=Alerts.LIST),
            html.Div(detail, id=Alerts.DETAIL, className="alert-detail", hidden=True),
        ],
        className="alerts-page",
    )


dash.register_page(
    __name__, path="/alerts", name="alerts", title=partial(page_title, "alerts")
)
