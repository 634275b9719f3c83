"""One value beside others: a dot, its 95 % interval, and the target, on a shared scale.

Values that are counted from zero are bars. Shares near 90 % as bars from zero all look
alike; a scale that does not begin at zero must not be filled, so they are dots.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from dash import html

from pages._ui.tokens import TOKENS
from warehouse.metrics.metric import Metric, Unit
from warehouse.metrics.reading import Reading

WIDTH, HEIGHT, PAD = 200.0, 16.0, 6.0

DOTTED = {Unit.SHARE, Unit.SCORE}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie between the ends of a lane."""

    low: float
    high: float
    is_dotted: bool

    @classmethod
    def of(cls, metric: Metric, readings: Iterable[Reading]) -> Self:
        """Return the scale of *readings*; their target is in it, zero for bars."""
        known = [r for r in readings if r.value is not None]
        shown = [r.value for r in known]
        shown += [r.thresholds.green for r in known if r.thresholds is not None]
        is_dotted = metric.unit in DOTTED
        if not is_dotted:
            return cls(0.0, max(map(abs, shown), default=0.0) or 1.0, is_dotted)
        low, high = min(shown, default=0.0), max(shown, default=1.0)
        # Intervals reach further than values; those of a few cases are cut off.
        room = (high - low) * 0.5 or abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
        if metric.unit is Unit.SHARE:
            low, high = max(low, 0.0), min(high, max(1.0, *shown))
        return cls(low, high, is_dotted)

    def x(self, value: float) -> float:
        """Return the place of a value, cut off at the ends."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(PAD + min(max(share, 0.0), 1.0) * (WIDTH - 2 * PAD), 1)


def lane(reading: Reading, scale: Scale, status: str) -> html.Img:
    """Return the picture of one value; the number beside it says the same in words."""
    return html.Img(
        src=f"data:image/svg+xml,{quote(svg(reading, scale, status))}",
        alt="",
        className="lane",
    )


def svg(reading: Reading, scale: Scale, status: str) -> str:
    """Return the drawing; its strokes keep their width however it is stretched."""
    colour = TOKENS.get(f"chart-{status}", TOKENS["chart-line"])
    middle = HEIGHT / 2
    parts = [_stroke(PAD, WIDTH - PAD, middle, TOKENS["chart-muted"], 1, 0.35)]
    value = reading.value
    if value is not None and scale.is_dotted:
        if reading.ci_low is not None and reading.ci_high is not None:
            ends = scale.x(reading.ci_low), scale.x(reading.ci_high)
            parts.append(_stroke(*ends, middle, colour, 4, 0.4))
        parts.append(_stroke(scale.x(value), scale.x(value) + 0.01, middle, colour, 9))
    elif value is not None:
        parts.append(_stroke(PAD, scale.x(abs(value)), middle, colour, 8, 0.75))
    if reading.thresholds is not None:
        at = scale.x(reading.thresholds.green)
        parts.append(
            f'<path d="M{at:g} 0V{HEIGHT:g}" stroke="{TOKENS["chart-target"]}" '
            'stroke-width="1.5" stroke-dasharray="3 2" '
            'vector-effect="non-scaling-stroke"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'preserveAspectRatio="none" fill="none">{"".join(parts)}</svg>'
    )


def _stroke(
    start: float, end: float, y: float, colour: str, width: int, opacity: float = 1.0
) -> str:
    cap = ' stroke-linecap="round"' if width == 9 else ""
    return (
        f'<path d="M{start:g} {y:g}H{end:g}" stroke="{colour}" '
        f'stroke-width="{width}" stroke-opacity="{opacity:g}"{cap} '
        'vector-effect="non-scaling-stroke"/>'
    )
