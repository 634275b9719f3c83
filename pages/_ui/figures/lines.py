"""What a course is judged by, as a figure shows it: bands, target lines, labels."""

from collections.abc import Sequence
from typing import Any

from pages._ui import format as fmt
from pages._ui.tokens import TOKENS
from pages._ui.wording import say
from warehouse.metrics.metric import Direction, Metric, Thresholds, Unit
from warehouse.metrics.reading import Reading
from warehouse.text import Language

MARGIN = 60
"""Pixels at the right that hold the labels, so that no line runs through them."""

APART = 0.16
"""Of the height: labels nearer to each other than this would touch."""

OPEN = {True: "≥", False: "≤"}
STRICT = {True: ">", False: "<"}

Shapes = list[dict[str, Any]]


def bands(lines: Thresholds | None, metric: Metric, low: float, high: float) -> Shapes:
    """Return the red bands and the target lines between *low* and *high*.

    The bands reach further: an axis that is stretched later stays red to its end.
    """
    if lines is None:
        return []
    beyond = 2 * (high - low)
    low, high = low - beyond, high + beyond
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


def vary(points: Sequence[Reading]) -> bool:
    """Tell whether the points of a course have lines of their own."""
    known = {(t.green, t.red) for r in points if (t := r.thresholds) is not None}
    return len(known) > 1


def steps(points: Sequence[Reading], top: float) -> list[dict[str, Any]]:
    """Return the target line and the red band of points that each have their own.

    Only less is better where lines follow what is usual: the band lies above, up to
    *top*.
    """
    judged = [r for r in points if r.thresholds is not None]
    x = [r.period_start.isoformat() for r in judged]
    common = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    bare = {"width": 0, "shape": "hvh", "color": TOKENS["chart-band"]}
    target = {"color": TOKENS["chart-target"], "width": 1.5, "dash": "dash"}
    return [
        {**common, "y": [r.thresholds.red for r in judged], "line": bare},
        {
            **common,
            "y": [top] * len(judged),
            "line": bare,
            "fill": "tonexty",
            "fillcolor": TOKENS["chart-band-soft"],
        },
        {
            **common,
            "y": [r.thresholds.green for r in judged],
            "line": {**target, "shape": "hvh"},
        },
    ]


def labels(
    lines: Thresholds | None,
    metric: Metric,
    low: float,
    high: float,
    language: Language,
) -> Shapes:
    """Return the names of the lines, beside the plot at their heights.

    They carry no unit but %: the axis names it. Of labels that would touch the
    target's stays.
    """
    if lines is None:
        return []
    is_floor = metric.direction is not Direction.LOWER
    told = [(lines.green, "trend.target", is_floor)]
    if metric.direction is Direction.BAND:
        told.append((lines.green_high, "trend.target", False))
    else:
        told.append((lines.red, "trend.red", not is_floor))
    shown: Shapes = []
    for height, key, is_floor in told:
        if height is None or any(
            abs(height - other["y"]) < APART * (high - low) for other in shown
        ):
            continue
        sense = STRICT[is_floor] if key == "trend.red" else OPEN[is_floor]
        text = fmt.of(metric, height, language)
        sign = "%" if metric.unit is Unit.SHARE else ""
        shown.append(_label(height, key, f"{sense} {text.number}{sign}", language))
    return shown


def _label(height: float, key: str, value: str, language: Language) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 6,
        "y": height,
        "yanchor": "middle",
        "align": "left",
        "text": say(key, language, value=value),
        "showarrow": False,
        "font": {"size": 11},
    }
