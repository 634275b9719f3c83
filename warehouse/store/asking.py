"""Turn a question about a metric into one select, and its rows into readings.

The same fact rows answer every question. Where the question is about stores and days
and the newest batch, their sums are read from the mart, which is those very rows
summed up; else they are summed here.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from warehouse.alerts.lines import edited
from warehouse.alerts.records import LinesEdit
from warehouse.errors import QuestionError, UnknownNameError
from warehouse.metrics import CATALOG, Kind, Metric, Reading, metric
from warehouse.moments import day_began, day_in, day_that_ends, naive
from warehouse.once import Once
from warehouse.scope import GRAINS, STORE_DIMENSIONS, Question, Rights
from warehouse.store.answering import states, sums, times
from warehouse.store.by_store import Places, places
from warehouse.store.following import followed
from warehouse.store.partner_tiers import read_tiers
from warehouse.store.periods import Asked, Period, check_period
from warehouse.store.rows_to_readings import no_data
from warehouse.store.schema import CONFORMED

Fetch = Callable[[sa.Select], Any]
"""Runs a select on one pinned batch and returns a pandas frame."""

ROOM = 48 << 20
"""Bytes that what readers of a batch have in common may take."""


def shared() -> Once:
    """Return an empty room for what readers of a batch have in common."""
    return Once(ROOM, weigh=lambda value: getattr(value, "nbytes", 1000))


class Asker:
    """Answers questions on one batch.

    *as_of* is naive UTC, *zone* the product's time zone, in which days without a
    store are cut; *once* keeps what everybody who reads this batch has in common.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        batch_id: str,
        as_of: datetime,
        zone: str,
        once: Once | None = None,
        edits: Sequence[LinesEdit] = (),
    ) -> None:
        self.fetch = fetch
        self.edits = edits
        self.batch_id = batch_id
        self.as_of = as_of
        self.zone = ZoneInfo(zone)
        self.once = shared() if once is None else once

    def read(self, metric_id: str, question: Question, rights: Rights) -> list[Reading]:
        """Return one reading for each group; a scope without rows gives none."""
        asked = self.asked(metric_id, question)
        one, now, period = asked.metric, asked.now, asked.period
        if not asked.is_fed:
            return no_data(self, one, question, period, now)
        if one.kind is Kind.TIER:
            return read_tiers(self, one, question, period, now, rights)
        if one.kind is Kind.STATE:
            return states(self, asked, rights)
        bucket = self._bucket(question, period)
        if one.kind in (Kind.TIME, Kind.SURVIVAL):
            readings = times(self, asked, rights, bucket)
            return followed(self, asked, rights, readings)
        return sums(self, asked, rights, bucket)

    def asked(self, metric_id: str, question: Question) -> Asked:
        """Return what a question comes down to: the metric, its moment and period.

        Raises:
            UnknownNameError: no such metric or dimension.
            QuestionError: the question contradicts itself.

        """
        one = edited(metric(metric_id), self.edits)
        self._validate(one, question)
        now = naive(question.as_of) if question.as_of else self.as_of
        period = self._period(one, question, now)
        return Asked(one, question, now, period, not self.lacks(one))

    def lacks(self, one: Metric) -> list[str]:
        """Return what a metric needs and nothing in this batch delivers."""
        return [n for n in one.needs if not any(map(self._has, n.split("|")))]

    def _has(self, place: str) -> bool:
        """Whether a table, or a column of it, holds anything in this batch."""
        return self.once.get(("has", place), lambda: self._is_filled(place))

    def _is_filled(self, place: str) -> bool:
        name, _, column = place.partition(".")
        column, _, value = column.partition("=")
        table = CONFORMED[name]
        there = table.c[column].is_not(None) if column else sa.true()
        if value:
            there = table.c[column] == value
        frame = self.fetch(
            sa.select(sa.literal(1).label("one"))
            .select_from(table)
            .where(there, sa.not_(table.c.is_inferred))
            .limit(1)
        )
        return len(frame) > 0

    def places(self) -> Places:
        """Return the dimensions of every store."""
        return self.once.get(("places",), lambda: places(self.fetch))

    # ---------- what is asked

    def _validate(self, one: Metric, question: Question) -> None:
        if question.grain not in GRAINS:
            raise UnknownNameError("grain", question.grain, GRAINS)
        for name in (*question.by, *[name for name, _ in question.where]):
            if name not in one.dimensions:
                raise UnknownNameError(f"dimension of {one.id}", name, one.dimensions)
        if len(set(question.by)) != len(question.by):
            raise QuestionError(
                f"a dimension is named twice in {question.by}",
                f"{question.by} 里同一维度出现了两次",
            )
        check_period(question)

    def today(self, now: datetime) -> date:
        """Return the local day of *now*."""
        return day_in(self.zone, now)

    def _period(self, one: Metric, question: Question, now: datetime) -> Period:
        """The named period; a side that is not named comes from the metric's window."""
        window = one.window
        if window.months:
            month = self.today(now).replace(day=1)
            last = (month - timedelta(days=1)).replace(day=1)
            default = Period(last, month)
        else:
            lagging = now - timedelta(days=window.lag_days)
            end = day_that_ends(self.zone, lagging) + timedelta(days=1)
            default = Period(end - timedelta(days=window.days), end)
        end = question.end or (
            default.end if question.start is None else self._end_after(question, now)
        )
        length = default.end - default.start
        start = question.start or (
            default.start if question.end is None else end - length
        )
        return Period(start, end)

    def _end_after(self, question: Question, now: datetime) -> date:
        return max(day_that_ends(self.zone, now), question.start) + timedelta(days=1)

    def _bucket(self, question: Question, period: Period) -> sa.ColumnElement | None:
        """The start of the day, week or month that a row falls into."""
        day = sa.literal_column("r.day")
        if question.grain == "total":
            return None
        if question.grain == "day":
            return day.label("bucket")
        start = sa.func.date_trunc(question.grain, day)
        return sa.cast(start, sa.Date).label("bucket")

    def moment_of(self, end: date, now: datetime) -> datetime:
        """Return the moment a state is read at: the period's end, *now* at most."""
        return min(now, day_began(self.zone, end))

    def state_at(self, period: Period, now: datetime) -> tuple[datetime, date]:
        """Return the moment a state is read at, and the day its nights end before."""
        # A snapshot that a later night took is not known yet.
        end = min(period.end, self.today(now) + timedelta(days=1))
        return self.moment_of(period.end, now), end

    def grouped(
        self,
        rows: Any,
        values: Sequence[sa.ColumnElement],
        question: Question,
        rights: Rights,
        bucket: sa.ColumnElement | None,
        *,
        group: bool = True,
    ) -> sa.Select:
        """Return *values* of *rows* within rights and filters, by dimensions."""
        stores = CONFORMED["stores"]
        names = {*question.by, *[name for name, _ in question.where]}
        needs_store = bool((names & set(STORE_DIMENSIONS)) - {"store_id"})
        source = rows
        if needs_store:
            source = rows.outerjoin(stores, stores.c.store_id == rows.c.store_id)

        def column(name: str) -> sa.ColumnElement:
            is_store = name in STORE_DIMENSIONS and name != "store_id"
            return stores.c[name] if is_store else rows.c[name]

        dimensions = [column(name).label(f"by_{name}") for name in question.by]
        keys = [*([bucket] if bucket is not None else []), *dimensions]
        select = sa.select(*keys, *values).select_from(source)
        for name, allowed in question.where:
            select = select.where(column(name).in_(allowed))
        if rights.store_ids is not None:
            select = select.where(rows.c.store_id.in_(sorted(rights.store_ids)))
        if group and keys:
            places = [sa.text(str(i + 1)) for i in range(len(keys))]
            select = select.group_by(*places).order_by(*places)
        return select


def concerned(table: str) -> list[str]:
    """Return the metrics that the changes of a table can change."""
    return [one.id for one in CATALOG.values() if table in one.sources]


__all__ = ["Asked", "Asker", "Period", "concerned"]
