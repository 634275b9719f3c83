"""Metric catalogue: what is measured, how it is defined, and what feeds it."""

from functools import partial

import dash
from dash import html

from pages._ui import locale
from pages._ui.ids import Catalog
from pages._ui.metric_address import PATH
from pages._ui.section import section
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/metrics_catalog.py fills it from one batch."""
    language = locale.current()
    return html.Div(
        [
            html.H1(say("catalog.heading", language), className="visually-hidden"),
            html.Div(id=Catalog.FILTERS, className="filters filters--plain"),
            section(
                "catalog.heading",
                language,
                html.Div(id=Catalog.TABLE),
                name="catalog",
                note="catalog.note",
            ),
        ],
        className="catalog",
    )


dash.register_page(
    __name__, path=PATH, name="metrics", title=partial(page_title, "metrics")
)
