"""Alarm hygiene: how well the alerts themselves work."""

from functools import partial

import dash
from dash import html

from pages._ui.alert_sheet import sheet
from pages._ui.ids import AlertsHygiene
from pages._ui.shell import page_title


def layout(**_query: str) -> html.Div:
    """Return the empty page."""
    return sheet(
        "hygiene.heading",
        "hygiene.note",
        AlertsHygiene.TABS,
        AlertsHygiene.FIGURES,
        "hygiene",
    )


dash.register_page(
    __name__,
    path="/alerts/hygiene",
    name="hygiene",
    title=partial(page_title, "hygiene"),
)
