"""A stand-in of the warehouse's facade, for states that real data do not show at will.

It answers from the dataclasses alone: values are drawn from the name of what is asked,
so the same question has the same answer in every run.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.ui import records
from warehouse.errors import NoBatchError, QuestionError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Direction, Kind, Metric, Status, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import (
    Freshness,
    Inferred,
    RejectedRow,
    RejectGroup,
    Restatement,
    Run,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import Question, Rights

TIERS = ("gold", "silver", "bronze", "watch", "yellow")


@dataclass
class StandInBatch:
    """One batch; *broken* metrics raise, *stale* and *silent* ones have no say."""

    id: str = records.BATCH_ID
    as_of: datetime = records.AS_OF
    timezone: str = "Asia/Shanghai"
    store_count: int = 24
    broken: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    without_rows: frozenset[str] = frozenset()
    groups: list[RejectGroup] = field(default_factory=list)
    asked: list[tuple[str, Question]] = field(default_factory=list)

    @property
    def published_at(self) -> datetime:
        """When the batch came out."""
        return self.as_of + timedelta(seconds=7)

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
                {"store_id": s.store_id}
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
            numerator=round(value * n, 0) if share else value * n,
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
        """Return the stores."""
        return records.make_stores(self.store_count)

    def sources(self) -> list[SourceState]:
        """Return tables of each freshness."""
        return records.sources(self.as_of)

    def silent_stores(self, rights: Rights) -> list[SilentStore]:
        """Return one silent store."""
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

    def reject_groups(self) -> list[RejectGroup]:
        """Return the groups the batch was made with."""
        return self.groups

    def rejects(
        self,
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

    def inferred(self) -> list[Inferred]:
        """Return one kind of inferred member."""
        return [Inferred(table="vehicles", members=12, examples=("LNB1…7", "LNB1…9"))]

    def restatements(self, limit: int = 20) -> list[Restatement]:
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

    def freshness_of(self, metric: Metric) -> Freshness:
        """Return stale for the metrics the batch was made so for."""
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
