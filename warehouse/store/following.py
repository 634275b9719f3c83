"""Lines that follow what is usual, put to the readings of a wait (kpis.md §3).

The only place where a line is made from data: tiles, walls, figures, files, the API and
alerts are told it with the reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse.chinese_calendar import DayKind, kind
from warehouse.metrics import Metric, Reading, Status
from warehouse.metrics.baseline import (
    QUARTER,
    WHOLE_DAY,
    Cell,
    Norm,
    basis,
    comparable,
    lines,
)
from warehouse.metrics.judging import bounds, judge
from warehouse.metrics.reading import Promise
from warehouse.scope import Question, Rights
from warehouse.store.answering import beyond_stores
from warehouse.store.by_store import Indexed
from warehouse.store.facts import TIMES, Ask
from warehouse.store.facts.cells import CELL, Promised
from warehouse.store.facts.kit import at, flag
from warehouse.store.rows_to_readings import lines_for
from warehouse.store.usual_waits import WaitBook

if TYPE_CHECKING:
    from warehouse.store.asking import Asker
    from warehouse.store.periods import Asked, Period

BOOK_DAYS = 62
"""The cases of a longer period are counted by the database, not kept day by day."""

Key = tuple[date, tuple[str | None, ...]]
"""First day and members of a reading."""


@dataclass(slots=True)
class Mix:
    """The cases of one reading by cell, and how many a promise was given and broken."""

    cells: Counter[Cell] = field(default_factory=Counter)
    promises: Counter[Promised] = field(default_factory=Counter)

    @property
    def kinds(self) -> list[DayKind]:
        """The kinds of day they lie on."""
        return sorted({of_day for _, of_day, _ in self.cells})

    def promise(self, allowed: float) -> Promise:
        """Return how the promised times were kept."""
        late, running = self.promises[Promised.PAST], self.promises[Promised.RUNNING]
        return Promise(
            given=self.promises[Promised.KEPT] + late + running,
            past=late + running,
            running=running,
            allowed=allowed,
        )


def followed(
    asker: Asker, asked: Asked, rights: Rights, readings: Sequence[Reading]
) -> list[Reading]:
    """Return readings judged by the lines that hold for their own mix of cases.

    Metrics that follow nothing come back as they are, those nobody wants judged
    without lines and colour.
    """
    one, question, today = asked.metric, asked.question, asker.today(asked.now)
    how = one.baseline
    if how is None or not readings or today < how.valid_from:
        return list(readings)
    if not question.is_judged:
        return [replace(r, thresholds=None, status=Status.NONE) for r in readings]
    book = WaitBook.of(asker, one, asked.now)
    is_long = (asked.period.end - asked.period.start).days > BOOK_DAYS
    if is_long or beyond_stores(question):
        mixes = _counted(asker, asked, rights, book)
    else:
        mixes = _from_book(asker, asked, rights, book)
    told = {_key(reading): mixes.get(_key(reading), Mix()) for reading in readings}
    book.days(
        day
        for (start, _), mix in told.items()
        for day in comparable(mix.kinds, start, how)
    )
    return [
        _judged(one, question, reading, told[_key(reading)], book, today)
        for reading in readings
    ]


def _key(reading: Reading) -> Key:
    return reading.period_start, tuple(reading.dimensions.values())


def _judged(
    one: Metric,
    question: Question,
    reading: Reading,
    mix: Mix,
    book: WaitBook,
    today: date,
) -> Reading:
    """Return a reading with its lines, its ceiling and the colour they give it."""
    told = dict(reading.dimensions)
    classes = {code for code, _, _ in mix.cells}
    if len(classes) == 1:
        # All cases are of one class: its lines hold, whoever asks and however.
        told["store_class"] = book.classes[classes.pop()]
    fixed = lines_for(one, question, told, today)
    if fixed is None:
        return reading
    usual = book.usual(reading.period_start)
    own = lines(fixed, one.baseline, basis(usual, mix.cells, one.quantile, fixed))
    promise = mix.promise(1 - one.quantile) if one.baseline.has_promise else None
    is_over = (
        promise is not None and promise.given >= one.minimum_n and promise.is_broken
    )
    interval = bounds(reading.ci_low, reading.ci_high)
    status = judge(one, own, reading.value, reading.n, interval, is_over=is_over)
    return replace(reading, thresholds=own, promise=promise, status=status)


class Norms:
    """The part of a batch that tells what is usual, class by class."""

    _asker: Asker

    def norms(self, metric_id: str) -> list[Norm]:
        """Return the lines of each class and kind of day for today, whole days.

        Empty for metrics whose lines follow nothing, and where nothing feeds them.

        Raises:
            UnknownNameError: no such metric.

        """
        asker = self._asker
        asked = asker.asked(metric_id, Question())
        if asked.metric.baseline is None or not asked.is_fed:
            return []
        key = ("norms", metric_id)
        return asker.once.get(key, lambda: _norms(asker, asked))


def _norms(asker: Asker, asked: Asked) -> list[Norm]:
    one, today = asked.metric, asker.today(asked.now)
    how, quantile = one.baseline, one.quantile
    book, then = WaitBook.of(asker, one, asked.now), today - QUARTER
    kinds = list(DayKind)
    book.days([*comparable(kinds, today, how), *comparable(kinds, then, how)])
    found = []
    for code, name in enumerate(book.classes):
        for of_day in kinds:
            fixed = one.lines({"store_class": name}, today)
            if fixed is None or name is None:
                continue
            mix = {(code, of_day, WHOLE_DAY): 1}
            now = basis(book.usual(today), mix, quantile, fixed)
            earlier = basis(book.usual(then), mix, quantile, fixed)
            own = lines(fixed, how, now)
            found.append(
                Norm(store_class=name, of_day=of_day, lines=own, earlier=earlier.usual)
            )
    return found


# ---------- the mix of the readings


def _from_book(
    asker: Asker, asked: Asked, rights: Rights, book: WaitBook
) -> dict[Key, Mix]:
    """Return the mixes of groups of stores, from the rows that are kept."""
    question, period = asked.question, asked.period
    span = (period.end - period.start).days
    wanted = [period.start + timedelta(days=n) for n in range(span)]
    known = book.days(wanted)
    rows = [known[day] for day in wanted]
    sizes = [part.stores.size for part in rows]
    stores = np.concatenate([part.stores for part in rows])
    starts = [_bucket(day, question.grain, period) for day in wanted]
    buckets = sorted(set(starts))
    places = np.repeat([buckets.index(start) for start in starts], sizes)
    indexed = Indexed(book.ids, stores, "bucket", buckets, places)
    split = indexed.split(question, rights, asker.places())
    kinds = list(DayKind)
    of_day = np.repeat([kinds.index(kind(day)) for day in wanted], sizes)
    columns = (
        split.number,
        book.class_of_store[stores][split.keep],
        of_day[split.keep],
        np.concatenate([part.hours for part in rows])[split.keep],
        np.concatenate([part.promises for part in rows])[split.keep],
    )
    found: dict[Key, Mix] = {}
    if not split.keep.any():
        return found
    for (group, code, day, hour, promise), n in _tally(columns):
        place, members = split.keys[group]
        mix = found.setdefault((buckets[place], members), Mix())
        mix.cells[code, kinds[day], hour] += n
        mix.promises[Promised(promise)] += n
    return found


def _tally(columns: Sequence[np.ndarray]) -> Iterator[tuple[list[int], int]]:
    """Yield each combination of the columns' small integers, and its rows.

    The combinations are numbered and counted: to sort a row a case takes seconds.
    """
    lows = [int(column.min()) for column in columns]
    sizes = [int(c.max()) - low + 1 for c, low in zip(columns, lows, strict=True)]
    shifted = [c.astype(np.int64) - low for c, low in zip(columns, lows, strict=True)]
    counts = np.bincount(np.ravel_multi_index(shifted, sizes))
    found = np.flatnonzero(counts)
    cells = np.stack(np.unravel_index(found, sizes), axis=1) + lows
    yield from zip(cells.tolist(), counts[found].tolist(), strict=True)


def _bucket(day: date, grain: str, period: Period) -> date:
    """Return the first day of the reading that a day falls into."""
    if grain == "total":
        return period.start
    start = day
    if grain == "week":
        start = day - timedelta(days=day.weekday())
    elif grain == "month":
        start = day.replace(day=1)
    return max(start, period.start)


def _counted(
    asker: Asker, asked: Asked, rights: Rights, book: WaitBook
) -> dict[Key, Mix]:
    """Return the mixes of any groups, counted by the database."""
    question, period = asked.question, asked.period
    wanted = beyond_stores(question) | {CELL}
    ask = Ask(at(asked.now), wanted, period.start, period.end)
    rows = TIMES[asked.metric.fact](ask).subquery("r")
    by = question.by
    if "store_class" not in by:
        by = (*by, "store_class")
    keys = [rows.c.day, rows.c.cell_hour, rows.c.cell_promise]
    values = [*keys, sa.func.sum(flag(sa.true())).label("cases")]
    select = asker.grouped(
        rows, values, replace(question, by=by), rights, None, group=False
    ).where(rows.c.day >= period.start, rows.c.day < period.end)
    frame = asker.fetch(
        select.group_by(*[sa.text(str(n + 1)) for n in range(len(by) + len(keys))])
    )
    code = {name: number for number, name in enumerate(book.classes)}
    found: dict[Key, Mix] = {}
    for row in frame.to_dict("records"):
        day = pd.Timestamp(row["day"]).date()
        members = tuple(_text(row[f"by_{name}"]) for name in question.by)
        key = (_bucket(day, question.grain, period), members)
        mix = found.setdefault(key, Mix())
        cell = (code[_text(row["by_store_class"])], kind(day), int(row["cell_hour"]))
        mix.cells[cell] += int(row["cases"])
        mix.promises[Promised(int(row["cell_promise"]))] += int(row["cases"])
    return found


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
