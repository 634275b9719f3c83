"""Executive overview: are we all right today, what is red, where, and since when."""

from functools import partial

import dash
from dash import dcc, html

from pages._ui import locale
from pages._ui.attention import ATTENTION_ANCHOR
from pages._ui.charts import trend_section
from pages._ui.chosen import columns, headline
from pages._ui.export_links import export_links
from pages._ui.ids import Overview
from pages._ui.kpi_tile import waiting
from pages._ui.section import section
from pages._ui.shell import page_title
from pages._ui.table import store_grid
from pages._ui.wording import say
from warehouse.text import Language


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/overview.py fills it from one batch."""
    language = locale.current()
    tiles = html.Div(
        waiting(headline(), language), id=Overview.TILES, className="tiles"
    )
    return html.Div(
        [
            html.H1(say("overview.heading", language), className="visually-hidden"),
            dcc.Store(id=Overview.DRAWN),
            _bar(language),
            section("tiles.heading", language, tiles, name="tiles"),
            _attention(language),
            trend_section(Overview, language),
            section(
                "ranking.heading",
                language,
                html.Div(id=Overview.RANKING, tabIndex=0),
                name="ranking",
                note="ranking.order",
            ),
            _stores(language),
            export_links(language),
        ],
        className="overview",
    )


def _attention(language: Language) -> html.Section:
    lists = [html.Div(id=Overview.ALERTS), html.Div(id=Overview.ATTENTION)]
    return section(
        "attention.heading",
        language,
        html.Div(lists, tabIndex=0),
        name="attention",
        note="attention.order",
        anchor=ATTENTION_ANCHOR,
    )


def _stores(language: Language) -> html.Section:
    """Return the table of stores, as cards for a phone, and as a table for paper."""
    return section(
        "table.heading",
        language,
        store_grid(columns(), language),
        html.Div(id=Overview.CARDS),
        # assets/90-paper.js fills it while something is printed.
        html.Div(className="paper", **{"data-paper": Overview.TABLE}),
        html.Div(id=Overview.TABLE_NOTE),
        name="stores",
    )


def _bar(language: Language) -> html.Div:
    """Return the filters, and beside them how many metrics are in which state."""
    parts = (
        (Overview.FILTERS, "filters", "filter.heading"),
        (Overview.TALLY, "tally", "tally"),
    )
    return html.Div(
        [
            html.Div(
                id=place,
                className=looks,
                role="group",
                **{"aria-label": say(label, language)},
            )
            for place, looks, label in parts
        ],
        className="bar",
    )


dash.register_page(
    __name__, path="/", name="overview", title=partial(page_title, "overview")
)
