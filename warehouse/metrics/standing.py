"""The place of one store among others, told to readers who may not see the others.

A store manager's scope is his store. His place needs the values of stores that he may
not see, so it is worked out here, from readings of the whole network that never leave
a `Ladder`: what leaves is a place, and who may see every member also gets what the
others have together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from warehouse.metrics.metric import Direction, Interval, Kind, Metric, Thresholds
from warehouse.metrics.reading import Reading
from warehouse.records import Store
from warehouse.scope import Rights

LEAST_HIDDEN = 3
"""Stores out of a reader's sight that a place must be drawn from, or none of them.

A place among one or two stores says which of them is better than mine: that is what
their managers alone may know.
"""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "region": ("region",),
    "peers": ("city_class", "store_class"),
}
"""The groups a store stands in, each with what its members have in common."""


class Gap(StrEnum):
    """Why a store has no place."""

    FEW = "few"
    ALONE = "alone"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The place of a store among the stores of a group that have enough cases.

    *group* is "region" or "peers", *kind* what its members have in common. *place*
    counts from 1, ties share one; None where *gap* says why there is none. *of* counts
    the store; *others* is the value of the group without the store, None for who may
    not see all of it.
    """

    group: str
    kind: tuple[str, ...]
    place: int | None = None
    of: int = 0
    others: float | None = None
    gap: Gap | None = None


class Ladder:
    """Every store's reading of one metric and period; only places leave it."""

    def __init__(
        self,
        metric: Metric,
        stores: Sequence[Store],
        readings: Mapping[str, Reading],
    ) -> None:
        self._metric = metric
        self._stores = {store.store_id: store for store in stores}
        self._ranked = {
            store_id: reading
            for store_id, reading in readings.items()
            if is_ranked(metric, reading)
        }

    def standings(self, store_id: str, rights: Rights) -> tuple[Standing, ...]:
        """Return the place of a store in each group that it has.

        None for a store outside *rights*, and of a metric without a good side.
        """
        seen = rights.store_ids
        store = self._stores.get(store_id)
        is_mine = seen is None or store_id in seen
        if store is None or not is_mine or not self._metric.thresholds:
            return ()
        return tuple(
            self._standing(store, group, kind, seen)
            for group, names in GROUPS.items()
            if all(kind := tuple(getattr(store, name) or "" for name in names))
        )

    def _standing(
        self,
        store: Store,
        group: str,
        kind: tuple[str, ...],
        seen: frozenset[str] | None,
    ) -> Standing:
        others = {
            one: self._ranked[one]
            for one in self._alike(store, GROUPS[group])
            if one in self._ranked
        }
        hidden = 0 if seen is None else len(others.keys() - seen)
        mine = self._ranked.get(store.store_id)
        if mine is None:
            return Standing(group=group, kind=kind, gap=Gap.FEW)
        if not others:
            return Standing(group=group, kind=kind, gap=Gap.ALONE)
        if 0 < hidden < LEAST_HIDDEN:
            return Standing(group=group, kind=kind, gap=Gap.WITHHELD)
        badly = badness(self._metric, mine)
        better = sum(badness(self._metric, one) < badly for one in others.values())
        return Standing(
            group=group,
            kind=kind,
            place=1 + better,
            of=1 + len(others),
            others=None if hidden else together(self._metric, list(others.values())),
        )

    def _alike(self, store: Store, names: Sequence[str]) -> list[str]:
        """Return the open stores like *store*, without it."""
        wanted = [getattr(store, name) for name in names]
        return [
            one.store_id
            for one in self._stores.values()
            if one.store_id != store.store_id
            and not one.is_closed
            and [getattr(one, name) for name in names] == wanted
        ]


def is_ranked(metric: Metric, reading: Reading) -> bool:
    """Tell whether a store has enough cases to stand in a ranking."""
    return reading.value is not None and reading.n >= max(metric.minimum_n, 1)


def badness(metric: Metric, reading: Reading) -> float:
    """Return by what a store is ranked: the more, the worse."""
    value = reading.value or 0.0
    if metric.direction is Direction.BAND and reading.thresholds is not None:
        return abs(distance(value, metric, reading.thresholds) or 0.0)
    return -value if metric.direction is Direction.HIGHER else value


def distance(
    value: float | None, metric: Metric, lines: Thresholds | None
) -> float | None:
    """Return value minus target; within a band there is no distance."""
    if value is None or lines is None:
        return None
    if metric.direction is not Direction.BAND:
        return value - lines.green
    if value < lines.green:
        return value - lines.green
    return max(0.0, value - (lines.green_high or lines.green))


def together(metric: Metric, readings: Sequence[Reading]) -> float | None:
    """Return the value of a group: sums divided, or the median where none exist."""
    if not readings:
        return None
    if metric.kind is Kind.RATIO:
        bottom = sum(one.denominator or 0 for one in readings)
        scale = 100 if metric.interval is Interval.NPS else 1
        top = sum(one.numerator or 0 for one in readings)
        return scale * top / bottom if bottom else None
    return median(one.value for one in readings if one.value is not None)
