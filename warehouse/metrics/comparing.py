"""Members of a dimension side by side, and two scopes against each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.metrics.metric import Direction, Interval, Kind, Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.metrics.shrinkage import discoveries, shrunken, tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One member: its reading, its shrunken share, and whether it is a problem.

    *place* counts from the best, 1 first; None where n is too small to rank and the
    metric has no shrunken share. *adjusted* is the value that the place rests on.
    """

    reading: Reading
    adjusted: float | None
    place: int | None
    is_problem: bool = False
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one value has over another, with the 95 % interval where there is one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def is_clear(self) -> bool | None:
        """Whether the interval excludes 0; None where there is no interval."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def is_shrinkable(metric: Metric) -> bool:
    """Tell whether a metric is a share of things counted one by one."""
    return metric.kind is Kind.RATIO and metric.interval is Interval.WILSON


def ranking(
    metric: Metric, members: Sequence[Reading], whole: Reading | None
) -> list[Ranked]:
    """Return *members*, the best first; those without a value last.

    Shares are ranked by their shrunken value, with the mean of *whole* as the prior,
    and tested against that mean; the others by their value, if n suffices. A band is
    ranked by the distance from its middle, a count by its size.
    """
    if is_shrinkable(metric) and whole is not None and whole.value is not None:
        return _shrunken(metric, members, whole.value)
    known = [r for r in members if r.value is not None]
    enough = [r for r in known if r.status is not Status.GREY]
    few = [r for r in known if r.status is Status.GREY]
    ordered = sorted(enough, key=lambda r: (_badness(metric, r), _name(r)))
    return [
        *(
            Ranked(reading=r, adjusted=r.value, place=place)
            for place, r in enumerate(ordered, start=1)
        ),
        *(Ranked(reading=r, adjusted=None, place=None) for r in sorted(few, key=_name)),
        *(
            Ranked(reading=r, adjusted=None, place=None)
            for r in sorted(members, key=_name)
            if r.value is None
        ),
    ]


def _shrunken(metric: Metric, members: Sequence[Reading], mean: float) -> list[Ranked]:
    known = [r for r in members if r.value is not None]
    adjusted = {
        id(r): shrunken(r.numerator or 0, r.denominator or 0, mean) for r in known
    }
    ps = [_p_value(metric, r, mean) for r in known]
    found = dict(zip(map(id, known), discoveries(ps), strict=True))
    likely = dict(zip(map(id, known), ps, strict=True))
    sense = -1 if metric.direction is Direction.HIGHER else 1
    ordered = sorted(known, key=lambda r: (sense * adjusted[id(r)], _name(r)))
    ranked = [
        Ranked(
            reading=r,
            adjusted=adjusted[id(r)],
            place=place,
            is_problem=found[id(r)],
            p_value=likely[id(r)],
        )
        for place, r in enumerate(ordered, start=1)
    ]
    unknown = sorted((r for r in members if r.value is None), key=_name)
    return ranked + [Ranked(reading=r, adjusted=None, place=None) for r in unknown]


def _p_value(metric: Metric, reading: Reading, mean: float) -> float:
    """Return how likely a member this bad is where all are alike."""
    bad_is_high = metric.direction is not Direction.HIGHER
    hits, n = round(reading.numerator or 0), round(reading.denominator or 0)
    return tail(hits, n, mean, is_high=bad_is_high)


def _badness(metric: Metric, reading: Reading) -> float:
    value = reading.value or 0.0
    if metric.direction is Direction.BAND and reading.thresholds is not None:
        lines = reading.thresholds
        return abs(value - (lines.green + (lines.green_high or lines.green)) / 2)
    if metric.direction is Direction.LOWER:
        return value
    return -value


def _name(reading: Reading) -> str:
    return str(list(reading.dimensions.values()))


def difference(one: Reading, other: Reading) -> Difference | None:
    """Return *one* minus *other*; shares with Newcombe's interval, scores too.

    The interval joins the two own intervals (method 10 of Newcombe 1998), which is
    right where the two scopes share no rows. Where one scope lies within the other it
    is too wide, never too narrow to be told.
    """
    if one.value is None or other.value is None:
        return None
    gap = one.value - other.value
    bounds = (one.ci_low, one.ci_high, other.ci_low, other.ci_high)
    proper = one.metric.interval in {Interval.WILSON, Interval.NPS}
    if not proper or None in bounds:
        return Difference(value=gap)
    low = math.hypot(one.value - one.ci_low, other.ci_high - other.value)  # type: ignore[operator]
    high = math.hypot(one.ci_high - one.value, other.value - other.ci_low)  # type: ignore[operator]
    return Difference(value=gap, low=gap - low, high=gap + high)
