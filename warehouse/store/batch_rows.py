"""The part of a batch that tells what stands behind its readings."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from warehouse.behind import Behind, Bin, HourCell, Part, RowColumn
from warehouse.metrics import Kind, Metric
from warehouse.scope import Question, Rights
from warehouse.store import behind, behind_tiers, spread
from warehouse.store.asking import Asker

_AT_ONCE = 5000


class BatchRows:
    """Rows, hours and durations behind the readings of one pinned batch."""

    _asker: Asker
    _engine: sa.Engine

    def behind(
        self,
        metric_id: str,
        question: Question,
        rights: Rights,
        *,
        part: Part = "all",
        limit: int = 50,
        offset: int = 0,
    ) -> Behind:
        """Return a page of the rows that add up to a reading, as *rights* see them.

        Raises:
            UnknownNameError: no such metric or dimension.
            QuestionError: the question contradicts itself.

        """
        asked = self._asker.asked(metric_id, question)
        page = {"part": part, "limit": limit, "offset": offset}
        if asked.metric.kind is Kind.TIER:
            return behind_tiers.behind(self._asker, asked, rights, **page)
        return behind.behind(self._asker, asked, rights, **page)

    def stream_behind(
        self, metric_id: str, question: Question, rights: Rights, part: Part = "all"
    ) -> tuple[tuple[RowColumn, ...], Iterator[tuple[Any, ...]]]:
        """Return the columns of the rows behind a reading, and all of them in turn."""
        asked = self._asker.asked(metric_id, question)
        if asked.metric.kind is Kind.TIER:
            every = behind_tiers.rows(self._asker, asked, rights)
            listed = [] if part == "rest" else every
            return behind_tiers.COLUMNS, (tuple(row.values()) for row in listed)
        select, columns = behind.listing(self._asker, asked, rights, part)
        return columns, iter(()) if select is None else self._stream(select)

    def _stream(self, select: sa.Select) -> Iterator[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            cursor = connection.execute(select).cursor
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows

    def hours(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[HourCell]:
        """Return a metric by weekday and hour; empty where hours mean nothing to it."""
        return spread.hours(self._asker, metric_id, question, rights)

    def durations(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[Bin]:
        """Return how the durations of a time spread; empty for other metrics."""
        return spread.durations(self._asker, metric_id, question, rights)

    def lacks(self, metric: Metric) -> list[str]:
        """Return what a metric needs and nothing in this batch delivers."""
        return self._asker.lacks(metric)
