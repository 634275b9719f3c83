"""The KPI tile: a value, what it is judged by, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.comparison import Past, changes, is_restated
from pages._ui.ranks import ranks
from pages._ui.sparkline import sparkline
from pages._ui.status import State
from pages._ui.tile_details import details
from pages._ui.tile_marks import tags
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.metrics.standing import Standing
from warehouse.records import Freshness
from warehouse.text import Language

TREND_ANCHOR = "trend"

NEARLY_MATURE = 0.95
"""From here on a provisional number is set solid: its label still says how mature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Everything a tile shows of one metric over one scope, from one batch.

    *silent* names the stores of the scope whose rows are missing; *ranks* say where
    one store stands among others.
    """

    metric: Metric
    batch_id: str
    as_of: datetime
    timezone: str
    reading: Reading | None = None
    past: Past = field(default_factory=Past)
    series: tuple[Reading, ...] = ()
    tiers: tuple[tuple[str, int], ...] = ()
    freshness: Freshness = Freshness.UNLIMITED
    data_as_of: datetime | None = None
    is_network_wide: bool = False
    silent: tuple[str, ...] = ()
    ranks: tuple[Standing, ...] = ()
    error: str = ""
    href: str = ""

    @property
    def state(self) -> State:
        """What the tile's colour, sign and word say."""
        if self.error:
            return State.ERROR
        return status.state_of(self.reading, self.freshness)

    @property
    def value(self) -> float | None:
        """The value, unrounded; partners with a tier are counted."""
        if self.tiers:
            return float(sum(n for _, n in self.tiers))
        return self.reading.value if self.reading else None


def kpi_tile(tile: Tile, language: Language) -> html.Article:
    """Return the tile of one metric."""
    body = _failed(tile, language) if tile.error else _body(tile, language)
    marks = {
        "data-metric": tile.metric.id,
        "data-status": tile.state.value,
        "data-value": fmt.raw(tile.value),
        "data-as-of": fmt.stamp(tile.data_as_of),
        "data-batch": tile.batch_id,
    }
    if tile.reading is not None and tile.reading.is_provisional:
        marks["data-provisional"] = "yes"
        if (tile.reading.maturity or 0) < NEARLY_MATURE:
            marks["data-hollow"] = "yes"
    if tile.freshness is Freshness.LATE:
        marks["data-late"] = "yes"
    if tile.silent:
        marks["data-silent"] = str(len(tile.silent))
    if is_restated(tile.reading, tile.past, language):
        marks["data-restated"] = "yes"
    return html.Article([_head(tile, language), *body], className="tile", **marks)


def waiting(metrics: Sequence[Metric], language: Language) -> list[html.Div]:
    """Return the places of tiles that are being computed: their names, no numbers."""
    return [
        html.Div(
            [
                html.Span(metric.name[language], className="tile__name"),
                html.Span(say("tile.waiting", language), className="tile__wait"),
                *(html.Span(className=f"tile__bone tile__bone--{i}") for i in range(3)),
            ],
            className="tile tile--waiting",
        )
        for metric in metrics
    ]


def _head(tile: Tile, language: Language) -> html.Div:
    name = tile.metric.name[language]
    link: html.A | str = name
    if tile.href:
        link = html.A(
            name,
            href=f"{tile.href}#{TREND_ANCHOR}",
            className="tile__link js-view",
            title=say("tile.trend", language, metric=name),
        )
    unjudged = status.is_unjudged(tile.reading, tile.state)
    return html.Div(
        [
            html.H3(link, className="tile__name"),
            status.chip(tile.state, language, unjudged=unjudged),
        ],
        className="tile__head",
    )


def _body(tile: Tile, language: Language) -> list[Any]:
    return [
        html.Div(
            [_value(tile, language), tags(tile, language)], className="tile__figure"
        ),
        _target(tile, language),
        _spark(tile, language),
        html.Div(
            [
                html.Div(changes(tile.metric, tile.reading, tile.past, language)),
                _sample(tile, language),
            ],
            className="tile__row",
        ),
        ranks(tile.metric, tile.ranks, language),
        _foot(tile, language),
    ]


def _value(tile: Tile, language: Language) -> html.P:
    if tile.reading is None or tile.tiers:
        shown = fmt.of(tile.metric, tile.value, language)
    else:
        shown = judging.shown(tile.reading, language)
    unit = say("tier.unit", language) if tile.tiers else shown.unit
    return html.P(
        [
            html.Span(shown.number, className="tile__number"),
            html.Span(unit, className="tile__unit") if unit else None,
        ],
        className="tile__value",
    )


def _target(tile: Tile, language: Language) -> html.P:
    if tile.tiers:
        return html.P(
            [
                html.Span(
                    say("tier.count", language, tier=say(f"tier.{t}", language), n=n),
                    className="tile__tier",
                    **{"data-tier": t},
                )
                for t, n in tile.tiers
            ],
            className="tile__target tile__tiers",
        )
    reading = tile.reading
    if tile.state is State.STALE:
        return html.P(say("tile.stale", language), className="tile__target")
    if reading is None or reading.value is None:
        return html.P(say("tile.nodata", language), className="tile__target")
    if reading.thresholds is None:
        meaning = tile.metric.formula[language]
        return html.P(meaning, className="tile__target tile__meaning", title=meaning)
    target = judging.target_text(tile.metric, reading.thresholds, language)
    doubtful = tile.state is State.AMBER and judging.is_beyond_red(reading)
    return html.P(
        [
            html.Span(
                f"{say('tile.target', language)} {target}", className="tile__aim"
            ),
            html.Span(judging.gap_text(reading, language), className="tile__gap"),
            _basis(reading, language),
            html.Span(say("tile.unconfirmed", language), className="tile__doubt")
            if doubtful
            else None,
        ],
        className="tile__target",
    )


def _basis(reading: Reading, language: Language) -> html.Span | None:
    """Return whether the target follows what is usual; how, as its title."""
    lines = reading.thresholds
    if lines is None or lines.basis is None:
        return None
    promise = reading.promise
    is_broken = promise is not None and promise.is_broken
    key = "fixed" if lines.basis.usual is None else "baseline"
    told = [
        say("tile.basis.promise" if is_broken else f"tile.basis.{key}", language),
    ]
    title = [judging.basis_text(reading, language)]
    title.append(judging.promise_text(reading, language))
    return html.Span(
        told,
        className="tile__basis",
        title="\n".join(filter(None, title)),
        **{"data-basis": key},
    )


def _spark(tile: Tile, language: Language) -> html.Div:
    known = [r for r in tile.series if r.value is not None]
    if len(known) < 2:
        return html.Div(className="spark spark--empty")
    alt = say(
        "tile.spark",
        language,
        metric=tile.metric.name[language],
        period=fmt.period(known[0].period_start, known[-1].period_end, language),
        value=fmt.of(tile.metric, known[-1].value, language),
    )
    lines = tile.reading.thresholds if tile.reading else None
    return html.Div(
        sparkline(tile.series, lines, tile.state, alt), className="tile__spark"
    )


def _sample(tile: Tile, language: Language) -> html.Span | None:
    if tile.reading is None or tile.reading.value == tile.reading.n:
        return None  # A count is its own n.
    n = fmt.whole(tile.reading.n)
    return html.Span(say("tile.n", language, n=n), className="tile__n")


def _foot(tile: Tile, language: Language) -> html.Div:
    if tile.data_as_of is None:
        text = say("tile.as_of.none", language)
    else:
        when = fmt.clock(tile.data_as_of, tile.timezone, tile.as_of, language)
        text = say("tile.as_of", language, moment=when)
    age = tile.as_of - tile.data_as_of if tile.data_as_of else None
    title = fmt.age(max(age, timedelta()), language) if age is not None else ""
    return html.Div(
        [
            html.Span(text, className="tile__as-of", title=title),
            details(tile, language),
        ],
        className="tile__foot",
    )


def _failed(tile: Tile, language: Language) -> list[Any]:
    return [
        html.P(
            html.Span(fmt.MISSING, className="tile__number"), className="tile__value"
        ),
        html.P(say("tile.failed", language), className="tile__target"),
        html.Details(
            [
                html.Summary(say("tile.failed.reason", language)),
                html.P(tile.error, className="tile__reason"),
            ],
            className="tile__details",
        ),
    ]
