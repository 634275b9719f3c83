"""What a question comes to in every store: each scope takes its part of it.

A screen of the network, seven of its regions and hundreds of its stores ask the same
of one batch. It is read once, by store; rights and filters narrow it here, and what
they leave is added up. A sum of sums is the sum; durations are kept whole, because a
percentile of percentiles is none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse.scope import STORE_DIMENSIONS, Question, Rights
from warehouse.store.schema import CONFORMED

Places = Mapping[str, Mapping[str, str | None]]
"""The dimensions of each store."""

Group = tuple[dict[str, Any], np.ndarray, np.ndarray]
"""The period and dimensions of some durations, their seconds, and which are closed."""


def places(fetch: Callable[[sa.Select], pd.DataFrame]) -> Places:
    """Return the dimensions of every store."""
    stores = CONFORMED["stores"]
    frame = fetch(sa.select(*[stores.c[name] for name in STORE_DIMENSIONS]))
    plain = frame.astype(object).where(frame.notna(), None)
    return {row["store_id"]: row for row in plain.to_dict("records")}


class _Split:
    """How the rows of some stores fall into the groups of a question.

    *codes* (rows,) say whose each row is, an index of *ids*; *periods* (rows,) to which
    bucket it belongs. `keep` (rows,) are the rows within rights and filters, `number`
    (rows,) their group, an index of `keys`: bucket and members, None last.
    """

    def __init__(
        self,
        ids: Sequence[str | None],
        codes: np.ndarray,
        periods: np.ndarray,
        question: Question,
        rights: Rights,
        known: Places,
    ) -> None:
        homes = [known.get(i) or {"store_id": i} for i in ids]
        inside = [holds(home, question, rights) for home in homes]
        self.keep = np.array(inside, dtype=bool)[codes]
        members = [tuple(home.get(name) for name in question.by) for home in homes]
        ordered = sorted(set(members), key=_none_last)
        place = {member: number for number, member in enumerate(ordered)}
        mine = np.array([place[member] for member in members], dtype=np.int64)[codes]
        together = (periods * max(len(ordered), 1) + mine)[self.keep]
        # Counted, not sorted: some have a row for each case.
        found = np.flatnonzero(np.bincount(together))
        self.number = np.searchsorted(found, together)
        self.keys = [
            (int(one) // len(ordered), ordered[int(one) % len(ordered)])
            for one in found
        ]


def holds(home: Mapping[str, str | None], question: Question, rights: Rights) -> bool:
    """Tell whether a store, by its dimensions, is within rights and filters."""
    if rights.store_ids is not None and home["store_id"] not in rights.store_ids:
        return False
    return all(home.get(name) in allowed for name, allowed in question.where)


def _none_last(member: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in member]


@dataclass(frozen=True, slots=True)
class Indexed:
    """Rows of a frame by store and bucket.

    *ids* are the stores; *codes* (rows,) index them. *buckets* are the periods' keys,
    *periods* (rows,) index those; without a *bucket* there is one for all.
    """

    ids: tuple[str | None, ...]
    codes: np.ndarray
    bucket: str
    buckets: Sequence[Any]
    periods: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, bucket: str) -> "Indexed":
        """Index a frame whose stores stand in `by_store_id`."""
        codes, ids = pd.factorize(frame["by_store_id"], use_na_sentinel=False)
        told = tuple(None if pd.isna(one) else str(one) for one in ids)
        if not bucket:
            return cls(told, codes, "", (None,), np.zeros(len(frame), dtype=np.int64))
        periods, buckets = pd.factorize(frame[bucket], sort=True)
        return cls(told, codes, bucket, list(buckets), periods)

    def split(self, question: Question, rights: Rights, known: Places) -> _Split:
        """Return how the rows fall into the groups of a question."""
        return _Split(self.ids, self.codes, self.periods, question, rights, known)

    def named(
        self, key: tuple[int, tuple[str | None, ...]], question: Question
    ) -> dict[str, Any]:
        """Return a group's bucket and members as a row's columns."""
        period, member = key
        row = {self.bucket: self.buckets[period]} if self.bucket else {}
        named = zip(question.by, member, strict=True)
        return row | {f"by_{name}": value for name, value in named}


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by store: *values* (rows,) of each measure, NaN where nothing was summed.

    Those in *peaks* are not added: a scope's is the greatest of its stores.
    """

    rows: Indexed
    values: Mapping[str, np.ndarray]
    peaks: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        measures: Sequence[str],
        bucket: str = "",
        peaks: frozenset[str] = frozenset(),
    ) -> "Sums":
        """Return what a frame of sums by store holds."""
        values = {name: frame[name].to_numpy(dtype=float) for name in measures}
        return cls(Indexed.of(frame, bucket), values, peaks)

    @property
    def nbytes(self) -> int:
        """The memory they take."""
        columns = (self.rows.codes, self.rows.periods, *self.values.values())
        return sum(column.nbytes for column in columns)

    def within(
        self, question: Question, rights: Rights, known: Places
    ) -> list[dict[str, Any]]:
        """Return the rows of a scope: bucket, members and sums, None where none."""
        split = self.rows.split(question, rights, known)
        keys = split.keys
        if not keys and not question.by and not self.rows.bucket:
            keys = [(0, ())]  # A whole without rows is a row without sums.
        found = [self.rows.named(key, question) for key in keys]
        for name, column in self.values.items():
            total = self._total(name, column[split.keep], split.number, len(keys))
            for row, value in zip(found, total.tolist(), strict=True):
                row[name] = None if value != value else value
        return found

    def _total(
        self, name: str, column: np.ndarray, number: np.ndarray, groups: int
    ) -> np.ndarray:
        told = ~np.isnan(column)
        if name in self.peaks:
            peak = np.full(groups, np.nan)
            np.fmax.at(peak, number[told], column[told])
            return peak
        total = np.bincount(number[told], column[told], minlength=groups)
        counted = np.bincount(number[told], minlength=groups)
        return np.where(counted > 0, total, np.nan)


@dataclass(frozen=True, slots=True)
class Durations:
    """Durations by store, in seconds: one array a row.

    *closed* have ended, *running* had not when they were read.
    """

    rows: Indexed
    closed: tuple[np.ndarray, ...]
    running: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, bucket: str = "") -> "Durations":
        """Return what a frame of lists by store holds."""
        return cls(
            Indexed.of(frame, bucket),
            tuple(map(_floats, frame["closed"])),
            tuple(map(_floats, frame["running"])),
        )

    @property
    def nbytes(self) -> int:
        """The memory they take."""
        return sum(one.nbytes for one in (*self.closed, *self.running))

    def within(
        self, question: Question, rights: Rights, known: Places
    ) -> Iterator[Group]:
        """Yield the durations of each group of a scope."""
        split = self.rows.split(question, rights, known)
        mine = np.flatnonzero(split.keep)
        for place, key in enumerate(split.keys):
            held = mine[split.number == place]
            closed = np.concatenate([self.closed[i] for i in held])
            running = np.concatenate([self.running[i] for i in held])
            yield (
                self.rows.named(key, question),
                np.concatenate([closed, running]),
                np.arange(closed.size + running.size) < closed.size,
            )
        if not split.keys and not question.by and not self.rows.bucket:
            yield {}, np.empty(0), np.empty(0, dtype=bool)


def _floats(values: Any) -> np.ndarray:
    """Return a list of the database as floats, NaN for null; none where it is null."""
    if values is None or np.ndim(values) == 0:
        return np.empty(0)
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
