"""A part of a page under its heading."""

from typing import Any

from dash import html

from pages._ui.wording import say
from warehouse.text import Language


def section(
    heading: str,
    language: Language,
    *content: Any,
    name: str,
    anchor: str = "",
    note: str = "",
) -> html.Section:
    """Return *content* under the sentence *heading*; *name* is for the stylesheet."""
    place = {"id": anchor} if anchor else {}
    return html.Section(
        [
            html.Div(
                [
                    html.H2(say(heading, language), className="section__heading"),
                    html.P(say(note, language), className="section__note")
                    if note
                    else None,
                ],
                className="section__head",
            ),
            *content,
        ],
        className=f"section section--{name}",
        **place,
    )
