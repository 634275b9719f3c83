"""The state of a tile or a cell: an attribute for the stylesheet, a sign, a word.

Colour is never alone: red and amber look the same to one man in twelve.
"""

from enum import StrEnum

from dash import html

from pages._ui.wording import say
from warehouse.metrics.metric import Status
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness
from warehouse.text import Language


class State(StrEnum):
    """What `data-status` may say (interfaces.md §2)."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    STALE = "stale"
    NODATA = "nodata"
    ERROR = "error"


SIGNS: dict[State, str] = {
    State.GREEN: "●",
    State.AMBER: "▲",
    State.RED: "■",
    State.GREY: "○",
    State.STALE: "◇",
    State.NODATA: "–",
    State.ERROR: "✕",
}

UNJUDGED_SIGN = "·"

TOO_OLD = {Freshness.STALE}


def state_of(reading: Reading | None, freshness: Freshness) -> State:
    """Return the state of *reading*; data past their limit are never red or green."""
    if reading is None or reading.value is None:
        return State.NODATA
    if freshness in TOO_OLD:
        return State.STALE
    if reading.status is Status.NONE:
        return State.GREY
    return State(reading.status.value)


def is_unjudged(reading: Reading | None, state: State) -> bool:
    """Tell whether a value is grey because its metric has no colours here."""
    return state is State.GREY and reading is not None and reading.status is Status.NONE


def sign(state: State, *, unjudged: bool = False) -> str:
    """Return the shape that stands for *state*."""
    return UNJUDGED_SIGN if unjudged else SIGNS[state]


def word(state: State, language: Language, *, unjudged: bool = False) -> str:
    """Return the word that stands for *state*."""
    return say("state.unjudged" if unjudged else f"state.{state}", language)


def chip(state: State, language: Language, *, unjudged: bool = False) -> html.Span:
    """Return sign and word, coloured by the stylesheet."""
    return html.Span(
        [
            html.Span(
                sign(state, unjudged=unjudged),
                className="chip__sign",
                **{"aria-hidden": "true"},
            ),
            html.Span(word(state, language, unjudged=unjudged)),
        ],
        className="chip",
        **{"data-state": "unjudged" if unjudged else state.value},
    )
