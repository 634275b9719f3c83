"""The trend of a metric with its control limits, as a figure and as a table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.address import TREND_GRAINS, View
from pages._ui.figures.trend import Figure, blank, trend
from pages._ui.metric_address import Lens, href
from pages._ui.metric_choice import choice
from pages._ui.plain_table import table
from pages._ui.status import state_of, word
from pages._ui.tokens import TOKENS
from pages._ui.wording import say
from warehouse.metrics.metric import Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.metrics.spc import MINIMUM_BASELINE, Chart, Signal
from warehouse.records import Freshness
from warehouse.scope import Grain
from warehouse.text import Language


def grains(chosen: Grain, language: Language) -> html.Label:
    """Return the choice of grain."""
    options = [{"value": g, "label": say(f"grain.{g}", language)} for g in TREND_GRAINS]
    return choice("grain", say("trend.grain", language), chosen, options)


def controlled(
    series: Sequence[Reading],
    chart: Chart | None,
    metric: Metric,
    grain: Grain,
    language: Language,
) -> Figure:
    """Return the trend with centre, limits, and rings around points with a signal."""
    drawn = trend(series, metric, grain, language)
    if chart is None or drawn == blank() or not drawn["data"]:
        return drawn
    days = [reading.period_start.isoformat() for reading in series]
    limited = [i for i, p in enumerate(chart.points) if p.low is not None]
    x = [days[i] for i in limited]
    low = [chart.points[i].low for i in limited]
    high = [chart.points[i].high for i in limited]
    limits = [_line(x, values, "dot", shape="hvh") for values in (low, high) if values]
    limits.append(_line(x, [chart.centre] * len(x), "dashdot", shape="linear"))
    figure = {**drawn, "data": [*limits, *drawn["data"], _rings(days, chart)]}
    figure["layout"] = {**drawn["layout"], "yaxis": _axis(drawn, low, high)}
    return figure


def _line(x: list[str], y: list[Any], dash: str, *, shape: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {
            "color": TOKENS["chart-muted"],
            "width": 1.25,
            "dash": dash,
            "shape": shape,
        },
        "hoverinfo": "skip",
    }


def _rings(days: Sequence[str], chart: Chart) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [days[i] for i in chart.changed],
        "y": [chart.points[i].value for i in chart.changed],
        "marker": {
            "size": 17,
            "symbol": "circle-open",
            "color": TOKENS["chart-line"],
            "line": {"width": 2},
        },
        "hoverinfo": "skip",
    }


def _axis(drawn: Figure, low: Sequence[Any], high: Sequence[Any]) -> dict[str, Any]:
    """Return the axis, reaching as far as the limits where they are near enough.

    Limits far outside the values (few cases) would press the course into a line.
    """
    axis = dict(drawn["layout"]["yaxis"])
    if "range" not in axis or not low:
        return axis
    bottom, top = axis["range"]
    reach = top - bottom
    floor = bottom - reach
    if bottom >= 0:
        floor = max(floor, 0.0)  # What is counted is never less than nothing.
    axis["range"] = [
        min(bottom, max(min(low), floor)),
        max(top, min(max(high), top + reach)),
    ]
    return axis


def told(
    series: Sequence[Reading], chart: Chart | None, metric: Metric, language: Language
) -> list[Any]:
    """Return in words what the control chart says."""
    if chart is None:
        known = sum(r.value is not None for r in series)
        return [
            html.P(
                say("spc.few", language, n=known, needed=MINIMUM_BASELINE),
                className="note",
            )
        ]
    lines = [
        html.P(
            say(
                f"spc.{chart.kind}",
                language,
                centre=fmt.of(metric, chart.centre, language),
                n=chart.baseline,
                **_multiplier(chart),
            ),
            className="note",
        )
    ]
    if not chart.changed:
        return [*lines, html.P(say("spc.stable", language), className="note")]
    found = [
        say(
            "spc.signal",
            language,
            period=fmt.period(series[i].period_start, series[i].period_end, language),
            value=fmt.of(metric, series[i].value, language),
            why=_why(chart.points[i].signals, language),
        )
        for i in chart.changed[-3:]
    ]
    more = len(chart.changed) - len(found)
    text = say("spc.signals", language, n=len(chart.changed))
    rest = [html.Li(say("spc.more", language, n=more))] if more else []
    return [
        *lines,
        html.P(text, className="note"),
        html.Ul([*rest, *[html.Li(one) for one in found]], className="signals"),
    ]


def _multiplier(chart: Chart) -> dict[str, str]:
    return {"multiplier": f"{chart.multiplier:.2f}"} if chart.kind == "p" else {}


def _why(signals: Sequence[Signal], language: Language) -> str:
    return "、".join(say(f"spc.why.{s}", language) for s in signals)


def points(
    series: Sequence[Reading],
    chart: Chart | None,
    metric: Metric,
    view: View,
    lens: Lens,
    language: Language,
) -> html.Div:
    """Return the points as a table, each leading to the page of its own days."""
    heads = (
        "trend.when",
        "trend.value",
        "tile.sample",
        "metric.state",
        "spc.limits",
        "spc.mark",
    )
    rows = []
    for i in range(len(series) - 1, -1, -1):
        reading, point = series[i], chart.points[i] if chart else None
        rows.append(
            (
                _days(reading, metric, view, lens, language),
                str(fmt.of(metric, reading.value, language)),
                fmt.whole(reading.n),
                _state(reading, language),
                _limits(metric, point, language),
                _why(point.signals, language) if point else "",
            )
        )
    return table(
        heads,
        rows,
        language,
        label=say("trend.heading", language),
        numeric=frozenset({1, 2}),
    )


def _days(
    reading: Reading, metric: Metric, view: View, lens: Lens, language: Language
) -> html.A:
    last = reading.period_end - timedelta(days=1)
    narrowed = replace(view, period=f"{reading.period_start}..{last}")
    return html.A(
        fmt.period(reading.period_start, reading.period_end, language),
        href=href(metric, narrowed, lens, page=0, part="all"),
        className="js-view",
    )


def _limits(metric: Metric, point: Any, language: Language) -> str:
    if point is None or point.low is None:
        return ""
    low, high = (fmt.of(metric, v, language) for v in (point.low, point.high))
    return f"{low} – {high}"


def _state(reading: Reading, language: Language) -> str:
    unjudged = reading.status is Status.NONE and reading.value is not None
    shown = word(state_of(reading, Freshness.FRESH), language, unjudged=unjudged)
    if reading.is_provisional:
        shown += f" · {say('tile.provisional', language)}"
    return shown
