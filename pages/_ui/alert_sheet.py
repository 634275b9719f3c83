"""The frame of a page beside the list of alerts."""

from typing import Any

from dash import html

from pages._ui import locale
from pages._ui.wording import say


def sheet(heading: str, note: str, tabs: str, body: str, look: str) -> html.Div:
    """Return an empty page: its heading, its tabs, what it is for, and its body.

    *heading* and *note* are sentences, *tabs* and *body* ids, *look* the body's style;
    callbacks/alerts_more.py fills both.
    """
    language = locale.current()
    parts: list[Any] = [
        html.H1(say(heading, language), className="visually-hidden"),
        html.Div(id=tabs),
        html.P(say(note, language), className="note"),
        html.Div(id=body, className=look),
    ]
    return html.Div(parts, className="alerts-page")
