"""A stand-in of the warehouse's facade, for states that real data do not show at will.

It answers from the dataclasses alone: values are drawn from the name of what is asked,
so the same question has the same answer in every run.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.ui import records
from tests.ui.boards import board
from warehouse.behind import BOTTOM, TOP, Behind, Bin, HourCell, Part, RowColumn
from warehouse.board import Board
from warehouse.errors import NoBatchError, QuestionError
from warehouse.metrics import CATALOG
from warehouse.metrics.baseline import Norm
from warehouse.metrics.metric import Direction, Kind, Metric, Status, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import (
    Freshness,
    Inferred,
    OpeningHours,
    RejectedRow,
    RejectGroup,
    Restatement,
    Run,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.restatement import Change
from warehouse.scope import Question, Rights
from warehouse.store.ladders import Ladders

TIERS = ("gold", "silver", "bronze", "watch", "yellow")


@dataclass
class StandInBatch(Ladders):
    """One batch; *broken* metrics raise, *stale* and *silent* ones have no say."""

    id: str = records.BATCH_ID
    as_of: datetime = records.AS_OF
    timezone: str = "Asia/Shanghai"
    store_count: int = 24
    broken: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    without_rows: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    restated: frozenset[str] = frozenset()
    silence: bool = True
    groups: list[RejectGroup] = field(default_factory=list)
    asked: list[tuple[str, Question]] = field(default_factory=list)

    @property
    def published_at(self) -> datetime:
        """When the batch came out."""
        return self.as_of + timedelta(seconds=7)

    def norms(self, metric_id: str) -> list[Norm]:
        """Return nothing usual: a stand-in has no yesterday."""
        return []

    def read(self, metric_id: str, question: Question, rights: Rights) -> list[Reading]:
        """Return readings drawn from the name of what is asked."""
        self.asked.append((metric_id, question))
        if metric_id in self.broken:
            raise QuestionError(f"{metric_id} has no table mart_nowhere")
        if metric_id in self.without_rows:
            return []
        metric = CATALOG[metric_id]
        for name, _ in question.where:
            if name not in metric.dimensions:
                raise QuestionError(f"{metric_id} has no dimension {name!r}")
        for name in question.by:
            if name not in metric.dimensions:
                raise QuestionError(f"{metric_id} has no dimension {name!r}")
        return [
            self._reading(metric, question, dimensions, start, end)
            for start, end in self._periods(metric, question)
            for dimensions in self._groups(question)
        ]

    def _periods(
        self, metric: Metric, question: Question
    ) -> Iterator[tuple[date, date]]:
        today = self.as_of.astimezone(ZoneInfo(self.timezone)).date()
        end = question.end or today + timedelta(days=1 - metric.window.lag_days)
        length = metric.window.days or 31 * metric.window.months
        start = question.start or end - timedelta(days=length)
        step = {"day": 1, "week": 7, "month": 30}.get(question.grain)
        if step is None:
            yield start, end
            return
        while start < end:
            yield start, min(start + timedelta(days=step), end)
            start += timedelta(days=step)

    def _groups(self, question: Question) -> list[dict[str, str]]:
        if "store_id" in question.by:
            wanted = dict(question.where)
            return [
                {name: getattr(s, name, None) for name in question.by}
                for s in records.make_stores(self.store_count)
                if s.region in wanted.get("region", (s.region,))
                and s.city_class in wanted.get("city_class", (s.city_class,))
                and s.store_id in wanted.get("store_id", (s.store_id,))
            ]
        if "partner_id" in question.by:
            return [
                {"partner_id": f"P{i}", "tier": TIERS[i * i % 5]} for i in range(40)
            ]
        return [{}]

    def _reading(
        self,
        metric: Metric,
        question: Question,
        dimensions: dict[str, str],
        start: date,
        end: date,
    ) -> Reading:
        key = f"{metric.id}{dimensions}{question.where}{start}{end}{question.as_of}"
        dice = random.Random(key)
        lines = metric.lines({}, end)
        days = (end - start).days
        n = max(
            1, int((60 if dimensions else 900) * days / 30 * dice.uniform(0.4, 1.2))
        )
        value = self._value(metric, dice)
        share = metric.unit is Unit.SHARE
        status = self._status(metric, value, n)
        return Reading(
            metric=metric,
            dimensions=dimensions,
            period_start=start,
            period_end=end,
            value=value,
            numerator=min(round(value * n), n) if share else value * n,
            denominator=n if metric.kind is not Kind.COUNT else None,
            n=n,
            ci_low=value * 0.97 if share else None,
            ci_high=min(1.0, value * 1.03) if share else None,
            maturity=0.8 if metric.maturity_days else None,
            status=status,
            as_of=question.as_of or self.as_of,
            batch_id=self.id,
            thresholds=lines,
            is_provisional=metric.kind is Kind.SURVIVAL or metric.id == "nps",
        )

    @staticmethod
    def _value(metric: Metric, dice: random.Random) -> float:
        lines = metric.lines({}, date(2026, 11, 21))
        if lines is None:
            return {
                Unit.SHARE: dice.uniform(0.03, 0.09),
                Unit.COUNT: float(dice.randint(120, 4200)),
            }.get(metric.unit, dice.uniform(10, 60))
        low, high = sorted((lines.green, lines.red))
        width = (high - low) or abs(high) or 1
        better = 1 if metric.direction is not Direction.LOWER else -1
        return max(0.0, lines.green + better * dice.gauss(0, 0.8) * width)

    @staticmethod
    def _status(metric: Metric, value: float, n: int) -> Status:
        lines = metric.lines({}, date(2026, 11, 21))
        if lines is None:
            return Status.NONE
        if n < metric.minimum_n:
            return Status.GREY
        sense = -1 if metric.direction is Direction.LOWER else 1
        if sense * value >= sense * lines.green:
            return Status.GREEN
        return Status.RED if sense * value < sense * lines.red else Status.AMBER

    def stores(self, rights: Rights) -> list[Store]:
        """Return the stores within rights."""
        every = records.make_stores(self.store_count)
        if rights.store_ids is None:
            return every
        return [one for one in every if one.store_id in rights.store_ids]

    def changes(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[Change]:
        """Return one late row for the metrics the batch was made so for."""
        if metric_id not in self.restated:
            return []
        day = question.end - timedelta(days=5)
        at = self.as_of - timedelta(hours=3)
        moved = {"numerator": -400.0, "denominator": 1.0}
        return [Change(day=day, restated_at=at, **moved)]

    def first_day(self) -> date | None:
        """Return a day long ago."""
        return date(2023, 1, 1)

    def board(self, store_id: str, rights: Rights) -> Board | None:
        """Return the same board for every store that rights reach."""
        if rights.store_ids is not None and store_id not in rights.store_ids:
            return None
        return board(store_id, self.as_of)

    def opening_hours(self, rights: Rights) -> list[OpeningHours]:
        """Return that every store is open from eight to six."""
        day = self.as_of.astimezone(ZoneInfo(self.timezone)).date()
        return [
            OpeningHours(
                store_id=store.store_id,
                zone=self.timezone,
                day=day,
                opens_at=time(8),
                closes_at=time(18),
            )
            for store in self.stores(rights)
        ]

    def sources(self) -> list[SourceState]:
        """Return tables of each freshness."""
        return records.sources(self.as_of)

    def silent_stores(self, rights: Rights) -> list[SilentStore]:
        """Return one silent store."""
        if not self.silence:
            return []
        age = timedelta(hours=31)
        return [
            SilentStore(
                store_id="S003",
                name="北京服务中心1",
                name_en="Beijing Service Centre 1",
                table="work_orders",
                watermark=self.as_of - age,
                age=age,
            )
        ]

    def reject_groups(self, rights: Rights) -> list[RejectGroup]:
        """Return the groups the batch was made with."""
        return self.groups

    def rejects(
        self,
        rights: Rights,
        *,
        source: str | None = None,
        table: str | None = None,
        rule: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RejectedRow]:
        """Return the rows behind the groups."""
        rows = [
            RejectedRow(
                source=g.source,
                file="20261121/work_orders.csv",
                line=i + 2,
                table=g.table,
                column=g.column,
                rule=g.rule,
                value=g.example,
                batch_id=self.id,
            )
            for g in self.groups
            for i in range(g.rows)
            if source in {None, g.source}
            and table in {None, g.table}
            and rule in {None, g.rule}
        ]
        return rows[offset : offset + limit]

    def inferred(self, rights: Rights) -> list[Inferred]:
        """Return one kind of inferred member."""
        return [Inferred(table="vehicles", members=12, examples=("LNB1…7", "LNB1…9"))]

    def restatements(self, rights: Rights, limit: int = 20) -> list[Restatement]:
        """Return one restatement."""
        return [
            Restatement(
                batch_id=self.id,
                restated_at=self.as_of - timedelta(hours=3),
                table="work_orders",
                first_day=date(2026, 11, 17),
                last_day=date(2026, 11, 19),
                days=3,
                rows=41,
            )
        ]

    def metric(self, metric_id: str) -> Metric:
        """Return a metric as it is declared: nobody has moved its lines."""
        return CATALOG[metric_id]

    def lacks(self, metric: Metric) -> list[str]:
        """Return that everything is delivered but what the batch was made without."""
        return [n for n in metric.sources if metric.id in self.without_rows]

    def hours(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[HourCell]:
        """Return no hours."""
        return []

    def durations(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[Bin]:
        """Return two bars for times."""
        if CATALOG[metric_id].kind is not Kind.TIME:
            return []
        return [
            Bin(low=0, high=10, closed=40, running=0),
            Bin(low=10, high=None, closed=3, running=2),
        ]

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
        """Return 120 rows, of which 100 are in the numerator."""
        columns = (RowColumn(name="work_order_id"), RowColumn(name="vin"), TOP, BOTTOM)
        rows = [
            {
                "work_order_id": f"WO-{i:04}",
                "vin": "LAVA5SD0*********",
                "top": float(i >= 20),
                "bottom": 1.0,
            }
            for i in range(120)
        ]
        kept = [
            row
            for row in rows
            if part == "all" or (row["top"] == 1.0) == (part == "top")
        ]
        has_rows = metric_id not in self.without_rows
        return Behind(
            columns=columns,
            rows=tuple(kept[offset : offset + limit]) if has_rows else (),
            total=120,
            listed=len(kept),
            numerator=100.0,
            denominator=120.0,
            period_start=date(2026, 7, 1),
            period_end=date(2026, 10, 1),
            fed=has_rows,
        )

    def freshness_of(self, metric: Metric) -> Freshness:
        """Return stale and late for the metrics the batch was made so for."""
        if metric.id in self.late:
            return Freshness.LATE
        return Freshness.STALE if metric.id in self.stale else Freshness.FRESH

    def data_as_of(self, metric: Metric) -> datetime | None:
        """Return a watermark shortly before as-of."""
        hours = 30 if metric.id in self.stale else 0.05
        return self.as_of - timedelta(hours=hours)


@dataclass
class StandIn:
    """The facade: hands out its current batch, or says why it cannot."""

    current: StandInBatch | None = field(default_factory=StandInBatch)
    reason: str = "nothing has been published yet; run: python -m etl run"
    history: list[Run] = field(default_factory=list)

    def batch(self) -> Any:
        """Return the current batch."""
        if self.current is None:
            raise NoBatchError(self.reason)
        return self.current

    def runs(self, limit: int = 20) -> list[Run]:
        """Return the refreshes."""
        return self.history[:limit]

    def publish(self, number: int) -> None:
        """Put a newer batch in place of the current one."""
        assert self.current is not None
        batch_id = f"20261121T021600Z-{number:06}"
        self.current = replace(self.current, id=batch_id, asked=[])
