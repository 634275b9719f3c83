"""Selects that write into the address, for pages that have choices of their own."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

Options = list[dict[str, str]]


def choice(
    param: str, label: str, chosen: str, options: Options, default: str = ""
) -> html.Label:
    """Return a labelled select; `assets/20-view.js` reads `data-param`."""
    return html.Label(
        [
            html.Span(label, className="choice__label"),
            dbc.Select(
                options=options, value=chosen, size="sm", className="choice__select"
            ),
        ],
        className="choice",
        **{"data-param": param, "data-chosen": "no" if chosen == default else "yes"},
    )


def search(param: str, label: str, typed: str, example: str) -> html.Label:
    """Return a labelled field; Enter or leaving it writes the address."""
    field: dict[str, Any] = {"type": "search", "debounce": True, "size": "sm"}
    return html.Label(
        [
            html.Span(label, className="choice__label"),
            dbc.Input(
                value=typed,
                placeholder=example,
                className="choice__select",
                maxlength=60,
                **field,
            ),
        ],
        className="choice choice--search",
        **{"data-param": param, "data-chosen": "yes" if typed else "no"},
    )
