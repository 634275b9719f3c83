"""Where one store stands among others: its place, and what the others have."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html

from pages._ui import format as fmt
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """The place of a store among the stores of a group that have enough cases.

    *group* is "region" or "peers"; *place* counts from 1, ties share a place; None
    where the store itself has too few. *of* counts the store; *others* is the value
    of the group without the store.
    """

    group: str
    name: str
    place: int | None
    of: int
    others: float | None


def ranks(metric: Metric, told: Sequence[Rank], language: Language) -> html.Ul | None:
    """Return one line a group; None where the tile is not of one store."""
    if not told:
        return None
    return html.Ul(
        [_line(metric, one, language) for one in told], className="tile__ranks"
    )


def _line(metric: Metric, one: Rank, language: Language) -> html.Li:
    place = fmt.MISSING if one.place is None else str(one.place)
    label = say(f"rank.{one.group}", language)
    others = fmt.of(metric, one.others, language)
    return html.Li(
        [
            html.Span(f"{label} ", className="rank__group"),
            html.Span(
                say("rank.place", language, place=place, of=one.of),
                className="rank__place",
            ),
            html.Span(
                say("rank.others", language, value=others), className="rank__others"
            ),
        ],
        title=say("rank.title", language, group=one.name, n=max(one.of - 1, 0)),
        **{"data-rank": one.group, "data-place": place, "data-of": str(one.of)},
    )
