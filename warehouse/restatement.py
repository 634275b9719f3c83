"""What a value was before late rows changed it: the published sums less the changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from warehouse.metrics.metric import Interval
from warehouse.metrics.reading import Reading

RECENT = timedelta(days=7)
"""A value counts as restated for so long after the change."""

KEPT = timedelta(days=35)
"""So long the changes themselves are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """By how much late rows moved the sums of one day, when one batch came out."""

    day: date
    restated_at: datetime
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A value as it was told before: *was*, of a sample of *was_n*, until *at*.

    *first_day* to *last_day* (inclusive) are the days whose sums moved.
    """

    was: float | None
    was_n: int
    at: datetime
    first_day: date
    last_day: date


def before(reading: Reading, changes: Iterable[Change]) -> Restated | None:
    """Return what *reading* was before *changes*; None where they moved nothing.

    Sums are taken back and divided again, so that the earlier value is the one that
    was published, not a difference of rates.
    """
    mine = [
        one for one in changes if reading.period_start <= one.day < reading.period_end
    ]
    if not mine or reading.numerator is None:
        return None
    top = reading.numerator - sum(one.numerator for one in mine)
    bottom = None
    if reading.denominator is not None:
        bottom = reading.denominator - sum(one.denominator for one in mine)
    was = _value(reading, top, bottom)
    if was == reading.value:
        return None
    return Restated(
        was=was,
        was_n=round(top if bottom is None else bottom),
        at=max(one.restated_at for one in mine),
        first_day=min(one.day for one in mine),
        last_day=max(one.day for one in mine),
    )


def by_point(
    points: Iterable[Reading], changes: Iterable[Change]
) -> dict[date, Restated]:
    """Return what the points of a course were, by their first day."""
    changes = list(changes)
    if not changes:
        return {}
    told = {point.period_start: before(point, changes) for point in points}
    return {day: one for day, one in told.items() if one is not None}


def _value(reading: Reading, top: float, bottom: float | None) -> float | None:
    if bottom is None:
        return top
    if bottom <= 0:
        return None
    scale = 100 if reading.metric.interval is Interval.NPS else 1
    return scale * top / bottom
