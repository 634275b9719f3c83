"""Data: which sources are how fresh, what the last refresh did, what was rejected."""

from functools import partial

import dash
from dash import html

from pages._ui import locale
from pages._ui.ids import Data
from pages._ui.rejects import ANCHOR
from pages._ui.section import section
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/data.py fills it from one batch."""
    language = locale.current()
    return html.Div(
        [
            html.H1(say("data.heading", language), className="visually-hidden"),
            html.Div(id=Data.SUMMARY),
            section(
                "sources.heading", language, html.Div(id=Data.SOURCES), name="sources"
            ),
            section(
                "silent.heading",
                language,
                html.Div(id=Data.SILENT),
                name="silent",
                note="silent.note",
            ),
            section("runs.heading", language, html.Div(id=Data.RUNS), name="runs"),
            section(
                "rejects.heading",
                language,
                html.Div(id=Data.REJECTS),
                name="rejects",
                anchor=ANCHOR,
                note="rejects.note",
            ),
            section(
                "inferred.heading",
                language,
                html.Div(id=Data.MEMBERS),
                name="inferred",
                note="inferred.note",
            ),
            section(
                "restated.heading",
                language,
                html.Div(id=Data.RESTATED),
                name="restated",
                note="restated.note",
            ),
        ],
        className="data",
    )


dash.register_page(
    __name__, path="/data", name="data", title=partial(page_title, "data")
)
