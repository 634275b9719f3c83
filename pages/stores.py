"""One store: its tiles beside others, what is in the shop now, what customers say."""

import dash
from dash import dcc, html

from pages._ui import locale
from pages._ui.charts import trend_section
from pages._ui.chosen import columns
from pages._ui.export_links import export_links
from pages._ui.ids import StorePage
from pages._ui.kpi_tile import waiting
from pages._ui.section import section
from pages._ui.shell import page_title

LISTS = (
    ("board.orders", StorePage.ORDERS, "orders", "board.orders.note"),
    ("board.hands", StorePage.HANDS, "hands", ""),
    ("board.parts", StorePage.PARTS, "parts", "board.lately"),
    ("board.comebacks", StorePage.COMEBACKS, "comebacks", "board.lately"),
    ("board.voices", StorePage.VOICES, "voices", "board.lately"),
)
"""The lists of the page: heading, place, name for the stylesheet, note."""


def layout(store_id: str = "", **_query: str) -> html.Div:
    """Return the empty page; callbacks/store.py fills it from one batch.

    *store_id* is not used: a query could override it. The callback reads the path.
    """
    language = locale.current()
    tiles = html.Div(
        waiting(columns(), language),
        id=StorePage.TILES,
        className="tiles tiles--ranked",
    )
    return html.Div(
        [
            dcc.Store(id=StorePage.DRAWN),
            html.Div(id=StorePage.HEAD, className="store-head"),
            html.Div(
                html.Div(id=StorePage.FILTERS, className="filters", role="group"),
                className="bar",
            ),
            section("tiles.heading", language, tiles, name="tiles"),
            section(
                "alerts.heading", language, html.Div(id=StorePage.ALERTS), name="alerts"
            ),
            *(
                section(heading, language, html.Div(id=place), name=name, note=note)
                for heading, place, name, note in LISTS
            ),
            trend_section(StorePage, language),
            export_links(language),
        ],
        id=StorePage.PLACE,
        className="store",
    )


dash.register_page(
    __name__,
    path_template="/stores/<store_id>",
    name="store",
    title=lambda **_path: page_title("store"),
)
