"""Executive overview: are we all right today, what is red, where, and since when."""

from functools import partial

import dash
from dash import dcc, html

from pages._ui import locale
from pages._ui.chosen import columns
from pages._ui.ids import Overview
from pages._ui.kpi_tile import TREND_ANCHOR
from pages._ui.section import section
from pages._ui.shell import page_title
from pages._ui.table import store_grid
from pages._ui.wording import say

GRAPH = {"displayModeBar": False, "responsive": True}


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/overview.py fills it from one batch."""
    language = locale.current()
    return html.Div(
        [
            html.H1(say("overview.heading", language), className="visually-hidden"),
            dcc.Store(id=Overview.DRAWN),
            html.Div(
                [
                    html.Div(
                        id=Overview.FILTERS,
                        className="filters",
                        role="group",
                        **{"aria-label": say("filter.heading", language)},
                    ),
                    html.Div(
                        id=Overview.TALLY,
                        className="tally",
                        role="group",
                        **{"aria-label": say("tally", language)},
                    ),
                ],
                className="bar",
            ),
            section(
                "tiles.heading",
                language,
                html.Div(id=Overview.TILES, className="tiles"),
                name="tiles",
            ),
            section(
                "attention.heading",
                language,
                html.Div(id=Overview.ATTENTION),
                name="attention",
                note="attention.order",
            ),
            section(
                "trend.heading",
                language,
                html.Div(id=Overview.TREND_HEAD, className="choices"),
                dcc.Graph(id=Overview.TREND, config=GRAPH, className="chart"),
                html.Div(id=Overview.TREND_NOTE),
                name="trend",
                anchor=TREND_ANCHOR,
            ),
            section(
                "table.heading",
                language,
                store_grid(columns(), language),
                html.Div(id=Overview.TABLE_NOTE),
                name="stores",
            ),
        ],
        className="overview",
    )


dash.register_page(
    __name__, path="/", name="overview", title=partial(page_title, "overview")
)
