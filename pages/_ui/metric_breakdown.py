"""The members of a dimension ranked, small ones drawn towards the mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.address import View
from pages._ui.codes import called
from pages._ui.filters import EVERYTHING
from pages._ui.lane import Scale, lane
from pages._ui.metric_address import Lens, narrowed, rows_of
from pages._ui.metric_choice import choice
from pages._ui.plain_table import badge, table
from pages._ui.states import nothing
from pages._ui.status import chip, is_unjudged, state_of
from pages._ui.tile_details import interval
from pages._ui.wording import say
from warehouse.metrics.comparing import Ranked, is_shrinkable
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.shrinkage import FALSE_DISCOVERY, STRENGTH
from warehouse.partners.tiering import Tier
from warehouse.records import Freshness
from warehouse.text import Language

SHOWN = 60
"""Members on the page; the file has all of them."""


def dimensions(metric: Metric, by: str, language: Language) -> Any:
    """Return the choice of the dimension that the number is split by."""
    options = [
        {"value": name, "label": say(f"dim.{name}", language)}
        for name in metric.dimensions
    ]
    return choice("by", say("metric.by", language), by or EVERYTHING, options)


def ranking(
    metric: Metric,
    by: str,
    members: Sequence[Ranked],
    names: Mapping[str, str],
    view: View,
    lens: Lens,
    language: Language,
) -> list[Any]:
    """Return the ranking; *names* calls members otherwise than by their ids."""
    if not members:
        return [nothing(say("metric.members.none", language))]
    if metric.kind is Kind.TIER and by == "partner_id":
        return [_tiers(metric, members, names, view, lens, language)]
    drawn = is_shrinkable(metric)
    heads = ["metric.place", f"dim.{by}", "trend.value", "metric.bar", "tile.sample"]
    if drawn:
        heads += ["tile.interval", "metric.shrunken", "metric.problem"]
    shown = _worst_and_best(members)
    scale = Scale.of(metric, [one.reading for one in shown])
    rows = [
        _row(one, scale, drawn, _member(metric, by, one, names, view, lens, language))
        for one in shown
    ]
    cells = [[_cell(part, metric, one, language) for part in row] for one, row in rows]
    label = say("metric.breakdown.heading", language)
    listing = table(
        [*heads, "rows.heading"],
        [
            [*row, _rows_link(metric, by, one, view, lens, language)]
            for (one, _), row in zip(rows, cells, strict=True)
        ],
        language,
        label=label,
        numeric=frozenset({0, 2, 4}),
        looks="table--ranked",
    )
    return [*_notes(drawn, members, shown, language), listing]


def _tiers(
    metric: Metric,
    members: Sequence[Ranked],
    names: Mapping[str, str],
    view: View,
    lens: Lens,
    language: Language,
) -> html.Div:
    """Return each partner with its tier, the best first: a tier is not a number."""
    order = [tier.value for tier in Tier]

    def place(one: Ranked) -> tuple[int, str]:
        held = one.reading.dimensions.get("tier") or ""
        known = order.index(held) if held in order else len(order)
        return known, str(one.reading.dimensions.get("partner_id"))

    rows = [
        (
            _member(metric, "partner_id", one, names, view, lens, language),
            called("tier", one.reading.dimensions.get("tier") or "", language),
            fmt.whole(one.reading.n),
            _rows_link(metric, "partner_id", one, view, lens, language),
        )
        for one in sorted(members, key=place)
    ]
    heads = ("dim.partner_id", "dim.tier", "tile.sample", "rows.heading")
    label = say("metric.breakdown.heading", language)
    return table(heads, rows, language, label=label, numeric=frozenset({2}))


def _worst_and_best(members: Sequence[Ranked]) -> list[Ranked]:
    """Return all members, or of many the first and the last of the ranking."""
    if len(members) <= SHOWN:
        return list(members)
    half = SHOWN // 2
    placed = [one for one in members if one.place is not None]
    if len(placed) <= SHOWN:
        return list(members[:SHOWN])
    return [*placed[:half], *placed[-half:]]


def _row(one: Ranked, scale: Scale, drawn: bool, member: Any) -> tuple[Ranked, list]:
    parts = [("place",), ("member", member), ("value",), ("bar", scale), ("n",)]
    if drawn:
        parts += [("interval",), ("shrunken",), ("problem",)]
    return one, parts


def _cell(part: tuple, metric: Metric, one: Ranked, language: Language) -> Any:
    reading = one.reading
    if part[0] == "place":
        return fmt.MISSING if one.place is None else str(one.place)
    if part[0] == "member":
        return part[1]
    if part[0] == "value":
        return _value(metric, one, language)
    if part[0] == "bar":
        return lane(reading, part[1], state_of(reading, Freshness.FRESH).value)
    if part[0] == "n":
        return fmt.whole(reading.n)
    if part[0] == "interval":
        return interval(reading, language)
    if part[0] == "shrunken":
        return str(fmt.of(metric, one.adjusted, language))
    return (
        badge(say("metric.problem.yes", language), "red", "■")
        if (one.is_problem)
        else ""
    )


def _value(metric: Metric, one: Ranked, language: Language) -> html.Span:
    reading = one.reading
    state = state_of(reading, Freshness.FRESH)
    unjudged = is_unjudged(reading, state)
    return html.Span(
        [
            html.Span(str(judging.shown(reading, language))),
            " ",
            None if unjudged else chip(state, language),
        ],
        className="ranked",
        **{"data-value": fmt.raw(reading.value), "data-n": str(reading.n)},
    )


def _member(
    metric: Metric,
    by: str,
    one: Ranked,
    names: Mapping[str, str],
    view: View,
    lens: Lens,
    language: Language,
) -> Any:
    value = one.reading.dimensions.get(by)
    if value is None:
        return say("metric.member.unknown", language)
    text = names.get(value) or called(by, value, language)
    return html.A(
        text, href=narrowed(metric, view, lens, by, value), className="js-view"
    )


def _rows_link(
    metric: Metric, by: str, one: Ranked, view: View, lens: Lens, language: Language
) -> Any:
    value = one.reading.dimensions.get(by)
    if value is None or not one.reading.n:
        return ""
    return html.A(
        say("rows.open.short", language),
        href=rows_of(metric, view, lens, by, value),
        className="js-view",
    )


def _notes(
    drawn: bool,
    members: Sequence[Ranked],
    shown: Sequence[Ranked],
    language: Language,
) -> list[html.P]:
    notes = []
    if drawn:
        problems = sum(one.is_problem for one in members)
        notes.append(
            say(
                "metric.shrunken.note",
                language,
                strength=f"{STRENGTH:.0f}",
                rate=f"{FALSE_DISCOVERY:.0%}",
                n=problems,
            )
        )
    if len(shown) < len(members):
        notes.append(
            say("metric.members.cut", language, shown=len(shown), total=len(members))
        )
    return [html.P(note, className="note") for note in notes]
