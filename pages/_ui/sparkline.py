"""A sparkline: a small picture without script, in colours that suit both themes."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from pages._ui.figures.scale import ceiling
from pages._ui.tokens import TOKENS
from warehouse.metrics.metric import Direction, Thresholds
from warehouse.metrics.reading import Reading

WIDTH, HEIGHT, PAD = 240.0, 40.0, 4.0


def sparkline(
    series: Sequence[Reading], lines: Thresholds | None, status: str, alt: str
) -> html.Img:
    """Return the course of *series* with its target line and red band."""
    return html.Img(
        src=f"data:image/svg+xml,{quote(svg(series, lines, status))}",
        alt=alt,
        className="spark",
    )


def svg(series: Sequence[Reading], lines: Thresholds | None, status: str) -> str:
    """Return the picture; its strokes keep their width however it is stretched."""
    values = [r.value for r in series]
    known = [v for v in values if v is not None]
    parts = []
    if known:
        place = _Scale(known, lines)
        parts = [*_reference(series, lines, place), *_course(series, place, status)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'preserveAspectRatio="none" fill="none">{"".join(parts)}</svg>'
    )


class _Scale:
    """Where a value lies, from the bottom up; the target is always in the picture."""

    def __init__(self, known: Sequence[float], lines: Thresholds | None) -> None:
        shown = [*known]
        if lines is not None:
            shown += [v for v in (lines.green, lines.green_high) if v is not None]
        low, high = min(shown), ceiling(known, shown[len(known) :]) or max(shown)
        margin = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
        self.low, self.high = low - margin, high + margin

    def y(self, value: float) -> float:
        inner = HEIGHT - 2 * PAD
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - PAD - min(max(share, -0.2), 1.2) * inner, 1)


def _x(index: int, total: int) -> float:
    inner = WIDTH - 2 * PAD
    return round(PAD + inner * (index / (total - 1) if total > 1 else 1), 1)


def _reference(
    series: Sequence[Reading], lines: Thresholds | None, place: _Scale
) -> list[str]:
    if lines is None:
        return []
    if len({(t.green, t.red) for r in series if (t := r.thresholds)}) > 1:
        return _steps(series, place)
    direction = series[0].metric.direction
    bands, targets = [], [lines.green]
    if direction in {Direction.HIGHER, Direction.BAND}:
        bands.append((place.y(lines.red), HEIGHT))
    if direction is Direction.LOWER:
        bands.append((0.0, place.y(lines.red)))
    if direction is Direction.BAND and lines.red_high is not None:
        bands.append((0.0, place.y(lines.red_high)))
        targets.append(lines.green_high or lines.green)
    drawn = [
        f'<rect x="0" width="{WIDTH:g}" y="{top:g}" height="{bottom - top:g}" '
        f'fill="{TOKENS["chart-band"]}" fill-opacity="0.16"/>'
        for top, bottom in ((max(0.0, a), min(HEIGHT, b)) for a, b in bands)
        if bottom > top
    ]
    drawn += [
        f'<path d="M0 {place.y(t):g}H{WIDTH:g}" stroke="{TOKENS["chart-target"]}" '
        'stroke-dasharray="3 3" vector-effect="non-scaling-stroke"/>'
        for t in targets
    ]
    return drawn


def _steps(series: Sequence[Reading], place: _Scale) -> list[str]:
    """Return target and red band where each point has its own; less is better."""
    half = (_x(1, len(series)) - _x(0, len(series))) / 2
    greens, reds = [], []
    for i, reading in enumerate(series):
        own = reading.thresholds
        if own is None:
            continue
        left, right = max(0.0, _x(i, len(series)) - half), _x(i, len(series)) + half
        ends = f"{left:.1f}", f"{min(WIDTH, right):.1f}"
        green, red = place.y(own.green), max(0.0, place.y(own.red))
        greens += [f"{end} {green:g}" for end in ends]
        reds += [f"{end} {red:g}" for end in ends]
    if not greens:
        return []
    first, last = reds[0].split()[0], reds[-1].split()[0]
    return [
        f'<path d="M{first} 0L{"L".join(reds)}L{last} 0Z" '
        f'fill="{TOKENS["chart-band"]}" fill-opacity="0.16"/>',
        f'<path d="M{"L".join(greens)}" stroke="{TOKENS["chart-target"]}" '
        'stroke-dasharray="3 3" vector-effect="non-scaling-stroke"/>',
    ]


def _course(series: Sequence[Reading], place: _Scale, status: str) -> list[str]:
    points = [
        (_x(i, len(series)), place.y(r.value), r.is_provisional)
        for i, r in enumerate(series)
        if r.value is not None
    ]
    firm = [(x, y) for x, y, provisional in points if not provisional]
    open_ = ([firm[-1]] if firm else []) + [(x, y) for x, y, p in points if p]
    drawn = [_line(firm, "")] if len(firm) > 1 else []
    if len(open_) > 1:
        drawn.append(_line(open_, 'stroke-dasharray="2 3" '))
    x, y, _ = points[-1]
    colour = TOKENS.get(f"chart-{status}", TOKENS["chart-line"])
    # A line without length and with round ends stays a dot when it is stretched.
    drawn.append(
        f'<path d="M{x:g} {y:g}h0.01" stroke="{colour}" stroke-width="7" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )
    return drawn


def _line(points: Sequence[tuple[float, float]], extra: str) -> str:
    path = "L".join(f"{x:g} {y:g}" for x, y in points)
    return (
        f'<path d="M{path}" stroke="{TOKENS["chart-line"]}" stroke-width="1.75" '
        f'stroke-linejoin="round" {extra}vector-effect="non-scaling-stroke"/>'
    )
