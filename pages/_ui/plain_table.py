"""The tables of the data page."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from pages._ui.wording import say
from warehouse.text import Language

Cell = Any


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    language: Language,
    *,
    label: str,
    numeric: frozenset[int] = frozenset(),
    looks: str = "",
) -> html.Div:
    """Return a table that scrolls inside itself, by keyboard too.

    *heads* are keys of sentences; *numeric* are the columns that hold numbers. Each
    cell knows its heading, so that a phone can show a row as a card; *looks* names
    another way to.
    """
    titles = [say(key, language) for key in heads]
    return html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr(
                        [
                            html.Th(title, scope="col", className=_kind(i, numeric))
                            for i, title in enumerate(titles)
                        ]
                    )
                ),
                html.Tbody(
                    [
                        html.Tr(
                            [
                                html.Td(
                                    cell,
                                    className=_kind(i, numeric),
                                    **{"data-head": titles[i]},
                                )
                                for i, cell in enumerate(row)
                            ]
                        )
                        for row in rows
                    ]
                ),
            ],
            className=f"table table--cards {looks}".rstrip(),
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def badge(text: str, state: str, sign: str) -> html.Span:
    """Return a state as sign and word."""
    return html.Span(
        [html.Span(sign, className="chip__sign", **{"aria-hidden": "true"}), text],
        className="chip",
        **{"data-state": state},
    )


def code(text: str | None) -> html.Code | str:
    """Return a name from a source, set apart from prose."""
    return html.Code(text) if text else "—"


def _kind(index: int, numeric: frozenset[int]) -> str:
    return "num" if index in numeric else ""
