"""The marks beside a tile's value: what it is not yet, or not any more.

The state is the chip; a mark says that a value is provisional, late, of part of the
stores, restated, or of the whole network. Each has a sign and a word.
"""

from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.comparison import is_restated, restated_text
from pages._ui.wording import say
from warehouse.records import Freshness
from warehouse.text import Language

NAMED = 5
"""Silent stores named in the title; the rest are counted."""


def tags(tile: Any, language: Language) -> html.Span | None:
    """Return the marks of *tile*; None where there is nothing to say."""
    marks = [
        mark
        for mark in (
            _network(tile, language),
            _provisional(tile, language),
            _late(tile, language),
            _silent(tile, language),
            _restated(tile, language),
        )
        if mark is not None
    ]
    return html.Span(marks, className="tile__marks") if marks else None


def _tag(name: str, sign: str, word: str, title: str) -> html.Span:
    return html.Span(
        [html.Span(sign, className="tag__sign", **{"aria-hidden": "true"}), word],
        className="tag",
        title=title,
        **{"data-tag": name},
    )


def _network(tile: Any, language: Language) -> html.Span | None:
    if not tile.is_network_wide:
        return None
    title = say("tile.network.title", language)
    return _tag("network", "", say("tile.network", language), title)


def _provisional(tile: Any, language: Language) -> html.Span | None:
    reading = tile.reading
    if reading is None or not reading.is_provisional:
        return None
    maturity = fmt.MISSING
    if reading.maturity is not None:
        # 99.6 % matured is not yet 100 %.
        maturity = f"{int(reading.maturity * 100)}%"
    title = say("tile.provisional.title", language, maturity=maturity)
    return _tag("provisional", "", say("tile.provisional", language), title)


def _late(tile: Any, language: Language) -> html.Span | None:
    if tile.freshness is not Freshness.LATE:
        return None
    title = say("tile.late.title", language)
    return _tag("late", "◷", say("tile.late", language), title)


def _silent(tile: Any, language: Language) -> html.Span | None:
    if not tile.silent:
        return None
    names = ("、" if language == "zh" else ", ").join(tile.silent[:NAMED])
    more = "…" if len(tile.silent) > NAMED else ""
    title = say("tile.silent.title", language, names=names + more)
    word = say("tile.silent", language, n=len(tile.silent))
    return _tag("silent", "◔", word, title)


def _restated(tile: Any, language: Language) -> html.Span | None:
    if not is_restated(tile.reading, tile.past, language):
        return None
    title = restated_text(tile.reading, tile.past.restated, tile.timezone, language)
    return _tag("restated", "↻", say("tile.restated", language), title)
