"""Charts as a page holds them: the frame of a figure, and the section of a trend."""

from typing import Any

from dash import dcc, html

from pages._ui.figures import blank
from pages._ui.ids import MetricPage, Overview, StorePage
from pages._ui.kpi_tile import TREND_ANCHOR
from pages._ui.section import section
from warehouse.text import Language

GRAPH = {"displayModeBar": False, "responsive": True}


def chart(figure: Any, *, is_low: bool = False, **place: str) -> html.Div:
    """Return *figure* in its frame, from which it takes its height."""
    return html.Div(
        dcc.Graph(figure=figure, config=GRAPH, **place),
        className="chart chart--low" if is_low else "chart",
    )


def trend_section(
    places: type[Overview | StorePage | MetricPage], language: Language
) -> html.Section:
    """Return the empty trend of a page; a callback fills its three places."""
    return section(
        "trend.heading",
        language,
        html.Div(id=places.TREND_HEAD, className="choices"),
        chart(blank(), id=places.TREND),
        html.Div(id=places.TREND_NOTE),
        name="trend",
        anchor=TREND_ANCHOR,
    )
