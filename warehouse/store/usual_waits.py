"""The waits that lines are made of, read from a batch once for all who ask.

Days are read when a line needs them and kept with the batch. The mix of a reading (its
own cases by class, day and hour) comes from the same days.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse.metrics import Metric, Unit
from warehouse.metrics.baseline import DayWaits, Usual
from warehouse.store.facts import TIMES, Ask
from warehouse.store.facts.cells import CELL
from warehouse.store.facts.kit import at

if TYPE_CHECKING:
    from warehouse.store.asking import Asker

SCALES = {Unit.MINUTES: 60.0, Unit.HOURS: 3600.0}

GAP = timedelta(days=30)
"""Days that lie closer together are read in one go."""

_COLUMNS = ("store_id", "day", "cell_hour", "cell_promise", "seconds")


@dataclass(frozen=True, slots=True)
class Rows:
    """The waits of one day: *stores* (n,) codes, *hours*, *promises*, *lengths*."""

    stores: np.ndarray
    hours: np.ndarray
    promises: np.ndarray
    lengths: np.ndarray


class WaitBook:
    """The waits of one metric as they were known at a moment, by day."""

    nbytes = 4 << 20
    """What a book is reckoned to weigh among the things kept with a batch."""

    def __init__(self, asker: Asker, one: Metric, now: datetime) -> None:
        self._fetch = asker.fetch
        self._one = one
        self._now = now
        self._days: dict[date, Rows] = {}
        self._usual: dict[date, Usual] = {}
        self._lock = threading.Lock()
        homes = asker.places()
        self.ids: tuple[str | None, ...] = (*sorted(homes), None)
        classes = sorted({h["store_class"] for h in homes.values()} - {None})
        self.classes: tuple[str | None, ...] = (*classes, None)
        code = {name: number for number, name in enumerate(self.classes)}
        told = [homes[i]["store_class"] if i else None for i in self.ids]
        self.class_of_store = np.array([code[name] for name in told], dtype=int)
        self._code = {name: number for number, name in enumerate(self.ids)}

    @classmethod
    def of(cls, asker: Asker, one: Metric, now: datetime) -> WaitBook:
        """Return the book that all readers of the batch share."""
        key = ("waits", one.fact, one.unit, now)
        return asker.once.get(key, lambda: cls(asker, one, now))

    def days(self, wanted: Iterable[date]) -> dict[date, Rows]:
        """Return the waits of some days; those that nobody has read are read now."""
        with self._lock:
            missing = sorted(set(wanted) - self._days.keys())
            for run in _runs(missing):
                self._days.update(self._read(run))
            return self._days

    def usual(self, before: date) -> Usual:
        """Return what was usual before a day, of the days that were read by now."""
        if before not in self._usual:
            known = _AsWaits(self._days, self.class_of_store)
            self._usual[before] = Usual(known, before, self._one.baseline)
        return self._usual[before]

    def _read(self, run: list[date]) -> dict[date, Rows]:
        end = run[-1] + timedelta(days=1)
        ask = Ask(at(self._now), frozenset({CELL}), run[0], end)
        rows = TIMES[self._one.fact](ask).subquery("r")
        columns = [rows.c[name] for name in _COLUMNS]
        select = sa.select(*columns).where(rows.c.day >= run[0], rows.c.day < end)
        if len(run) < (end - run[0]).days:
            select = select.where(rows.c.day.in_(run))
        return self._by_day(self._fetch(select), run)

    def _by_day(self, frame: pd.DataFrame, run: list[date]) -> dict[date, Rows]:
        codes, ids = pd.factorize(frame["store_id"], use_na_sentinel=False)
        unknown = len(self.ids) - 1
        own = [unknown if pd.isna(i) else self._code.get(i, unknown) for i in ids]
        scale = SCALES[self._one.unit]
        whole = Rows(
            stores=np.array(own, dtype=np.int32)[codes],
            hours=frame["cell_hour"].to_numpy(dtype=np.int8),
            promises=frame["cell_promise"].to_numpy(dtype=np.int8),
            lengths=frame["seconds"].to_numpy(dtype=float) / scale,
        )
        places, days = pd.factorize(frame["day"])
        order = np.argsort(places, kind="stable")
        ends = np.searchsorted(places[order], np.arange(len(days) + 1))
        found = {day: _picked(whole, order[:0]) for day in run}
        for number, day in enumerate(days):
            mine = order[ends[number] : ends[number + 1]]
            found[pd.Timestamp(day).date()] = _picked(whole, mine)
        return found


class _AsWaits(dict[date, Any]):
    """Days of a book as the pure computation reads them, each made when asked for."""

    def __init__(self, days: dict[date, Rows], classes: np.ndarray) -> None:
        super().__init__()
        self._rows = days
        self._classes = classes

    def get(self, day: date, default: Any = None) -> DayWaits | Any:
        """Return the waits of a day with their stores' classes."""
        if day not in self and day in self._rows:
            rows = self._rows[day]
            self[day] = DayWaits(self._classes[rows.stores], rows.hours, rows.lengths)
        return super().get(day, default)


def _picked(rows: Rows, mine: np.ndarray) -> Rows:
    return Rows(
        rows.stores[mine], rows.hours[mine], rows.promises[mine], rows.lengths[mine]
    )


def _runs(days: list[date]) -> list[list[date]]:
    """Return days in order, cut where they lie far apart."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] <= GAP:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
