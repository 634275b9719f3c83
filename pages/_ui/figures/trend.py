"""The course of one metric, with its target, its red band, and n at every point."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.status import state_of, word
from pages._ui.tile_details import interval
from pages._ui.tokens import TOKENS, template
from pages._ui.wording import say
from warehouse.chinese_calendar import DayKind, holiday, kind
from warehouse.metrics.metric import Direction, Metric, Status, Thresholds, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness
from warehouse.restatement import Restated
from warehouse.scope import Grain
from warehouse.text import Language

Figure = dict[str, Any]

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
    low, high = _range(points, lines, metric)
    layout = {
        "template": template(),
        "xaxis": {"type": "date", "tickformat": _dates(grain, language), "nticks": 7},
        "yaxis": {
            "range": [low, high],
            "tickformat": ".0%" if metric.unit is Unit.SHARE else "~s",
            "nticks": 6,
        },
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "hovermode": "x",
        "shapes": _bands(lines, metric, low, high),
        "annotations": _labels(lines, metric, language),
        # The same key keeps what the reader hovers over while values change.
        "uirevision": metric.id,
    }
    if not points:
        return blank()
    return {
        "data": [*_interval(points), _course(points, metric, language, restated)],
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
                            html.Td(str(fmt.of(metric, r.value, language))),
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
        f"<b>{fmt.of(metric, reading.value, language)}</b>",
        f"{say('trend.n', language, n=fmt.whole(reading.n))} · "
        f"{_state_word(reading, language, restated)}",
        interval(reading, language, "trend.interval"),
    ]
    return "<br>".join(row for row in rows if row)


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


def _range(
    points: Sequence[Reading], lines: Thresholds | None, metric: Metric
) -> tuple[float, float]:
    shown = [r.value for r in points if r.value is not None]
    if lines is not None:
        known = (lines.green, lines.red, lines.green_high, lines.red_high)
        shown += [line for line in known if line is not None]
    if not shown:
        return (0.0, 1.0)
    low, high = min(shown), max(shown)
    margin = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - margin, high + margin
    if metric.unit is Unit.SHARE:
        high = min(high, max(1.0, *shown) + 0.005)
    if metric.unit is not Unit.SCORE and min(shown) >= 0:
        low = max(low, 0.0)
    return low, high


def _bands(
    lines: Thresholds | None, metric: Metric, low: float, high: float
) -> list[dict[str, Any]]:
    if lines is None:
        return []
    spans, targets = [], [lines.green]
    if metric.direction is not Direction.LOWER:
        spans.append((low, lines.red))
    if metric.direction is Direction.LOWER:
        spans.append((lines.red, high))
    if metric.direction is Direction.BAND:
        spans.append((lines.red_high, high))
        targets.append(lines.green_high)
    across = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    return [
        {
            **across,
            "type": "rect",
            "y0": bottom,
            "y1": top,
            "line": {"width": 0},
            "fillcolor": TOKENS["chart-band"],
            "opacity": 0.13,
        }
        for bottom, top in spans
        if bottom is not None and top is not None and top > bottom
    ] + [
        {
            **across,
            "type": "line",
            "y0": target,
            "y1": target,
            "line": {"color": TOKENS["chart-target"], "width": 1.5, "dash": "dash"},
        }
        for target in targets
    ]


def _labels(
    lines: Thresholds | None, metric: Metric, language: Language
) -> list[dict[str, Any]]:
    if lines is None:
        return []
    text = say(
        "trend.target", language, value=judging.target_text(metric, lines, language)
    )
    return [
        {
            "xref": "paper",
            "x": 1,
            "xanchor": "right",
            "y": lines.green,
            "yanchor": "bottom",
            "text": text,
            "showarrow": False,
            "font": {"size": 11},
        }
    ]


def _dates(grain: Grain, language: Language) -> str:
    if grain == "month":
        return "%Y-%m"
    return "%-m月%-d日" if language == "zh" else "%-d %b"
