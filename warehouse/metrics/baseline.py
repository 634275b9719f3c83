"""What is usual for like stores on like days: lines that follow the business.

A fixed line is too loose for a flagship and too strict for a Saturday (kpis.md §3). The
line of a wait is therefore made from the waits of the same class of store, on the same
kind of day and in the same hour of arrival, of the last days like these *before* the
period that is judged. Nothing here knows a clock or a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

import numpy as np

from warehouse.chinese_calendar import DayKind, kind
from warehouse.metrics.metric import Baseline, Basis, Bound, Thresholds

MOST_VALUES = 200
"""A larger sample is thinned to so many of its own quantiles: a line needs no more."""

Cell = tuple[int, DayKind, int]
"""A class of store (its code), a kind of day, and the local hour of arrival."""


@dataclass(frozen=True, slots=True)
class DayWaits:
    """The waits that began on one local day, a row each.

    *classes* (n,) codes of the stores' classes, *hours* (n,) local hours of arrival,
    *lengths* (n,) in the metric's unit; one that still runs counts as long as it has
    lasted.
    """

    classes: np.ndarray
    hours: np.ndarray
    lengths: np.ndarray


@dataclass(frozen=True, slots=True)
class Sample:
    """What is usual in a cell: *lengths* in order, *n* cases of the days *used*.

    *pool* names the class and kind of day, and the hour where it had enough cases.
    """

    lengths: np.ndarray
    n: int
    used: tuple[date, ...]
    pool: tuple[int, DayKind, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """The lines of one class of store on one kind of day, as of a day.

    *earlier* is what was usual `QUARTER` before: what creeps is seen. Of a day like
    these too little may be known: then the fixed lines hold, and say so.
    """

    store_class: str | None
    of_day: DayKind
    lines: Thresholds
    earlier: float | None = None

    @property
    def drift(self) -> float | None:
        """By how much what is usual grew since then, as a share of it."""
        now = self.lines.basis.usual if self.lines.basis else None
        if now is None or not self.earlier:
            return None
        return now / self.earlier - 1


QUARTER = timedelta(days=91)

WHOLE_DAY = -2
"""An hour that nobody arrives in: what is asked is the day's own line."""


def comparable(kinds: Sequence[DayKind], before: date, how: Baseline) -> list[date]:
    """Return the days before *before* that a line may be made of, newest first."""
    found = [day for one in dict.fromkeys(kinds) for day in _last(one, before, how)]
    return sorted(found, reverse=True)


@lru_cache(maxsize=4096)
def _last(wanted: DayKind, before: date, how: Baseline) -> tuple[date, ...]:
    days = (before - timedelta(days=n) for n in range(1, how.reach_days + 1))
    alike = (day for day in days if _kind(day) is wanted)
    return tuple(islice(alike, how.among))


_kind = lru_cache(maxsize=4096)(kind)


class Usual:
    """What was usual before a day.

    *known* holds the waits of all `comparable` days; days without rows may be missing.
    What lies on *before* or later is never looked at.
    """

    def __init__(
        self, known: Mapping[date, DayWaits], before: date, how: Baseline
    ) -> None:
        self.before = before
        self.how = how
        self._known = known
        self._pools: dict[tuple[int, DayKind], _Pool] = {}
        self._samples: dict[tuple[int, DayKind, int | None], Sample | None] = {}

    def sample(self, cell: Cell) -> Sample | None:
        """Return the sample of a cell, of its class and day if the hour has too few."""
        code, of_day, hour = cell
        return self._sample(code, of_day, hour) or self._sample(code, of_day, None)

    def _sample(self, code: int, of_day: DayKind, hour: int | None) -> Sample | None:
        key = (code, of_day, hour)
        if key not in self._samples:
            self._samples[key] = self._made(key)
        return self._samples[key]

    def _made(self, key: tuple[int, DayKind, int | None]) -> Sample | None:
        code, of_day, hour = key
        pool = self._pool(code, of_day)
        lengths = pool.lengths
        if hour is not None:
            lengths = lengths[pool.hours == hour]
        if len(pool.used) < self.how.days or lengths.size < self.how.minimum_n:
            return None
        return Sample(thinned(np.sort(lengths)), lengths.size, pool.used, key)

    def _pool(self, code: int, of_day: DayKind) -> "_Pool":
        """Return the waits of a class on its last days of a kind that had any."""
        key = (code, of_day)
        if key not in self._pools:
            used, hours, lengths = [], [np.empty(0, dtype=int)], [np.empty(0)]
            for day in comparable((of_day,), self.before, self.how):
                waits = self._known.get(day)
                mine = None if waits is None else waits.classes == code
                if mine is None or not mine.any():
                    continue
                used.append(day)
                hours.append(waits.hours[mine])
                lengths.append(waits.lengths[mine])
                if len(used) == self.how.days:
                    break
            self._pools[key] = _Pool(
                tuple(used), np.concatenate(hours), np.concatenate(lengths)
            )
        return self._pools[key]


@dataclass(frozen=True, slots=True)
class _Pool:
    used: tuple[date, ...]
    hours: np.ndarray
    lengths: np.ndarray


def thinned(ordered: np.ndarray) -> np.ndarray:
    """Return a sorted sample, a large one as `MOST_VALUES` of its quantiles."""
    if ordered.size <= MOST_VALUES:
        return ordered
    return np.quantile(ordered, np.linspace(0, 1, MOST_VALUES))


def mixed_quantile(
    samples: Sequence[np.ndarray], weights: Sequence[float], quantile: float
) -> float:
    """Return a percentile of samples of which each counts as much as its weight.

    Values lie at the middle of their weight, the first at 0 and the last at 1, with
    straight lines between: of one sample it is `quantile_cont`.
    """
    values = np.concatenate(samples)
    shares = np.concatenate(
        [np.full(s.size, w / s.size) for s, w in zip(samples, weights, strict=True)]
    )
    order = np.lexsort((shares, values))
    values, shares = values[order], shares[order]
    middles = np.cumsum(shares) - shares / 2
    reach = middles[-1] - middles[0]
    if reach <= 0:
        return float(values[-1])
    return float(np.interp(quantile, (middles - middles[0]) / reach, values))


def basis(
    usual: Usual, mix: Mapping[Cell, int], quantile: float, fixed: Thresholds
) -> Basis:
    """Return what the line of a reading rests on.

    *mix* counts the reading's own cases by cell: what is usual is told for just this
    mix of classes, days and hours. Where too many cases lie in cells of which nothing
    is known, the fixed lines hold.
    """
    found = [(usual.sample(cell), n) for cell, n in sorted(mix.items()) if n]
    known = [(sample, n) for sample, n in found if sample is not None]
    cases, covered = sum(n for _, n in found), sum(n for _, n in known)
    told = Basis(
        fixed_green=fixed.green,
        fixed_red=fixed.red,
        covered=covered / cases if cases else 0.0,
        quantile=quantile,
        margin=usual.how.margin,
        asked_days=usual.how.days,
        asked_n=usual.how.minimum_n,
    )
    if not cases or covered < usual.how.coverage * cases:
        return told
    pools: dict[tuple[int, DayKind, int | None], tuple[Sample, int]] = {}
    for sample, n in known:
        already = pools[sample.pool][1] if sample.pool in pools else 0
        pools[sample.pool] = (sample, already + n)
    used = sorted({day for sample, _ in pools.values() for day in sample.used})
    return replace(
        told,
        usual=mixed_quantile(
            [sample.lengths for sample, _ in pools.values()],
            [n for _, n in pools.values()],
            quantile,
        ),
        n=_distinct(sample for sample, _ in pools.values()),
        days=len(used),
        first=used[0],
        last=used[-1],
        hourly=sum(n for s, n in known if s.pool[2] is not None) / covered,
    )


def _distinct(samples: Iterable[Sample]) -> int:
    """Return how many cases some samples hold: an hour's are in its day's as well."""
    found = list(samples)
    whole = {sample.pool[:2] for sample in found if sample.pool[2] is None}
    return sum(
        sample.n
        for sample in found
        if sample.pool[2] is None or sample.pool[:2] not in whole
    )


def lines(fixed: Thresholds, how: Baseline, on: Basis) -> Thresholds:
    """Return the lines that follow what is usual, within what is agreed.

    Green is what is usual and a margin; red keeps its distance to green. Neither is
    ever looser than the fixed red line, so that what lasts long enough to become usual
    does not become right, nor stricter than a share of the fixed green one, so that a
    good month does not punish the next. They are whole steps: the line that is shown is
    the line that judges.
    """
    if on.usual is None:
        return replace(fixed, basis=on)
    followed = on.usual * (1 + how.margin)
    strictest = how.floor * fixed.green
    wished = max(followed, strictest)
    spread = fixed.red / fixed.green if fixed.green > 0 else 1.0
    green = min(_stepped(wished, how.step), fixed.red)
    red = min(_stepped(wished * spread, how.step), fixed.red)
    bound = Bound.GREEN if followed < strictest else Bound.NONE
    if wished > fixed.red:
        bound = Bound.RED
    on = replace(on, bound=bound)
    return replace(fixed, green=green, red=max(green, red), basis=on)


def _stepped(value: float, step: float) -> float:
    return float(round(value / step) * step)
