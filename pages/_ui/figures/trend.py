"""The course of one metric, with its target, its red band, and n at every point."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.figures.lines import MARGIN, bands, labels, steps, vary
from pages._ui.figures.scale import reach
from pages._ui.status import state_of, word
from pages._ui.tile_details import interval
from pages._ui.tokens import TOKENS, template
from pages._ui.wording import say
from warehouse.chinese_calendar import DayKind, holiday, kind
from warehouse.metrics.metric import Metric, Status, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness
from warehouse.restatement import Restated
from warehouse.scope import Grain
from warehouse.text import Language

Figure = dict[str, Any]

NEAR = 0.25
"""Of the points: notes of odd values are at least so far apart."""

FEW = 6
"""A count that moves so little has a tick for each whole number."""

NOTHING: Mapping[date, Restated] = MappingProxyType({})

SYMBOLS = {Status.AMBER: "triangle-up", Status.RED: "square"}

COLOURS = {
    Status.GREEN: TOKENS["chart-green"],
    Status.AMBER: TOKENS["chart-amber"],
    Status.RED: TOKENS["chart-red"],
    Status.GREY: TOKENS["chart-muted"],
    Status.NONE: TOKENS["chart-line"],
}


def blank() -> Figure:
    """Return a figure without anything in it, for the time until there is something."""
    hidden = {"visible": False}
    layout = {"template": template(), "xaxis": hidden, "yaxis": hidden}
    return {"data": [], "layout": layout}


def trend(
    series: Sequence[Reading],
    metric: Metric,
    grain: Grain,
    language: Language,
    restated: Mapping[date, Restated] = NOTHING,
) -> Figure:
    """Return the course of *metric*; *restated* says what its points were before."""
    points = [r for r in series if r.value is not None]
    lines = points[-1].thresholds if points else None
    low, high = reach(points, lines, metric)
    layout = {
        "template": template(),
        "xaxis": {"type": "date", "tickformat": _dates(grain, language)},
        "yaxis": {
            "range": [low, high],
            "nticks": 6,
            **_ticks(metric, high - low, language),
        },
        "margin": {"l": 8, "r": 12 if lines is None else MARGIN, "t": 12, "b": 8},
        "hovermode": "x",
        "shapes": [] if vary(points) else bands(lines, metric, low, high),
        "annotations": [
            *labels(lines, metric, low, high, language),
            *_odd(points, high, metric, language),
        ],
        # The same key keeps what the reader hovers over while values change.
        "uirevision": metric.id,
    }
    if not points:
        return blank()
    return {
        "data": [
            *(steps(points, 3 * high) if vary(points) else []),
            *_interval(points),
            _course(points, metric, language, restated),
        ],
        "layout": layout,
    }


def trend_table(
    series: Sequence[Reading],
    metric: Metric,
    language: Language,
    restated: Mapping[date, Restated] = NOTHING,
) -> html.Table:
    """Return the same points as a table, for readers who do not see the figure."""
    heads = ("trend.when", "trend.value", "tile.sample", "sources.state")
    return html.Table(
        [
            html.Caption(metric.name[language], className="visually-hidden"),
            html.Thead(
                html.Tr([html.Th(say(key, language), scope="col") for key in heads])
            ),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(
                                fmt.period(r.period_start, r.period_end, language),
                                scope="row",
                            ),
                            html.Td(str(judging.shown(r, language))),
                            html.Td(fmt.whole(r.n)),
                            html.Td(_state_word(r, language, restated)),
                        ]
                    )
                    for r in reversed(series)
                ]
            ),
        ],
        className="table",
    )


def _state_word(
    reading: Reading, language: Language, restated: Mapping[date, Restated]
) -> str:
    unjudged = reading.status is Status.NONE and reading.value is not None
    shown = word(state_of(reading, Freshness.FRESH), language, unjudged=unjudged)
    if reading.is_provisional:
        shown += f" · {say('tile.provisional', language)}"
    told = restated.get(reading.period_start)
    was = told and fmt.of(reading.metric, told.was, language)
    if told and was != fmt.of(reading.metric, reading.value, language):
        shown += f" · {say('trend.restated', language, was=was)}"
    return shown


def _course(
    points: Sequence[Reading],
    metric: Metric,
    language: Language,
    restated: Mapping[date, Restated],
) -> dict[str, Any]:
    colours = [COLOURS[r.status] for r in points]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": metric.name[language],
        "x": [r.period_start.isoformat() for r in points],
        "y": [r.value for r in points],
        "line": {"color": TOKENS["chart-line"], "width": 2},
        "marker": {
            "size": 8,
            "symbol": [
                SYMBOLS.get(r.status, "circle") + ("-open" if r.is_provisional else "")
                for r in points
            ],
            "color": colours,
            "line": {"width": 1.5, "color": colours},
        },
        "text": [_hover(r, metric, language, restated) for r in points],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _hover(
    reading: Reading,
    metric: Metric,
    language: Language,
    restated: Mapping[date, Restated],
) -> str:
    rows = [
        _days(reading, language),
        f"<b>{judging.shown(reading, language)}</b>",
        f"{say('trend.n', language, n=fmt.whole(reading.n))} · "
        f"{_state_word(reading, language, restated)}",
        _own_lines(reading, language),
        interval(reading, language, "trend.interval"),
    ]
    return "<br>".join(row for row in rows if row)


def _own_lines(reading: Reading, language: Language) -> str:
    """Return the lines of a point that has its own, and what they rest on."""
    if not judging.follows(reading):
        return ""
    lines, metric = reading.thresholds, reading.metric
    green = judging.target_text(metric, lines, language)
    red = judging.red_text(metric, lines, language)
    target = f"{say('tile.target', language)} {green}, {say('metric.red', language)} "
    return f"{target}{red}<br>{judging.basis_word(reading, language)}"


def _days(reading: Reading, language: Language) -> str:
    """Return the days of a point; a single one with its weekday and its holiday."""
    start = reading.period_start
    shown = fmt.period(start, reading.period_end, language)
    if (reading.period_end - start).days > 1:
        return shown
    off = holiday(start)
    parts = [shown, fmt.weekday(start, language)]
    if off is not None:
        parts.append(off[language])
    elif kind(start) is DayKind.MAKEUP:
        parts.append(say("day.makeup", language))
    return " ".join(parts)


def _interval(points: Sequence[Reading]) -> list[dict[str, Any]]:
    bounded = [r for r in points if r.ci_low is not None and r.ci_high is not None]
    if len(bounded) < 2:
        return []
    common = {
        "type": "scatter",
        "mode": "lines",
        "x": [r.period_start.isoformat() for r in bounded],
        "line": {"width": 0, "color": TOKENS["chart-line"]},
        "hoverinfo": "skip",
    }
    return [
        {**common, "y": [r.ci_low for r in bounded]},
        {
            **common,
            "y": [r.ci_high for r in bounded],
            "fill": "tonexty",
            "fillcolor": TOKENS["chart-interval"],
        },
    ]


def _odd(
    points: Sequence[Reading], high: float, metric: Metric, language: Language
) -> list[dict[str, Any]]:
    """Return the values beyond the axis as notes at its upper end.

    Of neighbours the highest is written, in two rows: notes on a phone would cover
    each other. The table has them all.
    """
    beyond = [i for i, r in enumerate(points) if r.value is not None and r.value > high]
    told: list[int] = []
    for i in sorted(beyond, key=lambda i: -(points[i].value or 0.0)):
        if all(abs(i - other) >= len(points) * NEAR for other in told):
            told.append(i)
    shown = [points[i] for i in sorted(told)]
    return [
        {
            "x": r.period_start.isoformat(),
            "yref": "paper",
            "y": 1,
            "yanchor": "top",
            "yshift": -18 * (row % 2),
            "text": f"↑ {fmt.of(metric, r.value, language)}",
            "showarrow": False,
            "bgcolor": TOKENS["chart-odd"],
            "font": {"size": 11},
        }
        for row, r in enumerate(shown)
    ]


def _ticks(metric: Metric, reach: float, language: Language) -> dict[str, Any]:
    """Return how the axis writes its values; the topmost names the unit."""
    if metric.unit is Unit.SHARE:
        return {"tickformat": ".0%"}
    unit = fmt.UNITS[metric.unit][language]
    whole = {"dtick": 1} if metric.unit is Unit.COUNT and reach < FEW else {}
    return {
        **whole,
        "tickformat": ",~f",
        "ticksuffix": f" {unit}" if unit else "",
        "showticksuffix": "last",
    }


def _dates(grain: Grain, language: Language) -> str:
    if grain == "month":
        return "%Y-%m"
    return "%-m月%-d日" if language == "zh" else "%-d %b"
