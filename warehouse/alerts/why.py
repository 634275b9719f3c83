"""Why red, asked of a batch: the splits of one metric in one scope, within rights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import Basis, Level, Scope
from warehouse.alerts.burn import span
from warehouse.alerts.drivers import (
    REST,
    Driver,
    Part,
    Parts,
    Split,
    against_before,
    against_target,
    complete,
    main_driver,
)
from warehouse.alerts.observing import nearest
from warehouse.alerts.records import Alert
from warehouse.metrics.metric import Kind, Metric, Thresholds
from warehouse.metrics.reading import Reading
from warehouse.scope import Question, Rights

DIMENSIONS = (
    "store_id",
    "complaint_group",
    "technician_id",
    "part_number",
    "model",
    "partner_id",
    "weekday",
)
"""What a gap is split by, where the metric has it."""

WHERE = {Level.REGION: "region", Level.STORE: "store_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The gap of a scope, split by each dimension.

    For a time the splits are of the share of cases beyond its target (*is_share*): a
    percentile has no parts, the share of cases that miss it has. *days* is told where
    the period is not the metric's own.
    """

    metric: Metric
    scope: Scope
    reading: Reading
    target: float | None
    splits: tuple[Split, ...]
    main: tuple[Split, Driver] | None
    is_share: bool = False
    days: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    batch: Any
    metric: Metric
    where: tuple[tuple[str, tuple[str, ...]], ...]
    rights: Rights
    line: float | None

    def parts(self, dimension: str, question: Question) -> tuple[dict[str, Part], Part]:
        """Return the sums by a dimension, made complete, and their total."""
        total = self._sums(replace(question, by=()))
        whole = _added(total)
        if dimension == "weekday":
            found = self._sums(replace(question, by=(), grain="day"))
        else:
            found = self._sums(replace(question, by=(dimension,)))
        parts: dict[str, Part] = {}
        for name, part in found:
            known = parts.get(name, Part(0.0, 0.0))
            parts[name] = Part(
                known.top + part.top, known.bottom + part.bottom, known.n + part.n
            )
        return complete(parts, whole), whole

    def _sums(self, question: Question) -> list[tuple[str, Part]]:
        if self.line is not None:
            return [
                (name, Part(beyond, n, int(n)))
                for name, beyond, n in self.batch.beyond(
                    self.metric.id, question, self.rights, self.line
                )
            ]
        return [
            (_member(reading, question), _part(reading))
            for reading in self.batch.read(self.metric.id, question, self.rights)
            if reading.denominator
        ]


def why(
    batch: Any,
    metric_id: str,
    scope: Scope,
    rights: Rights,
    *,
    change: bool = False,
    days: tuple[date, date] | None = None,
) -> Why | None:
    """Return what drives a metric's gap in a scope; None where it cannot be split.

    With *change* the change against the period before is split, not the gap to the
    target. *days* (half-open) None is the metric's own period. The usual mix is the
    network's in the same period, or, for the network and for readers who do not see all
    of it, the scope's own in the period before.
    """
    metric = batch.metric(metric_id)
    name = WHERE.get(scope.level)
    where = ((name, (scope.id,)),) if name else ()
    dimensions = [d for d in DIMENSIONS if d in metric.dimensions or d == "weekday"]
    if scope.level is Level.STORE:
        dimensions.remove("store_id") if "store_id" in dimensions else None
    start, end = days or (None, None)
    found = batch.read(metric_id, Question(where=where, start=start, end=end), rights)
    if not found or found[0].value is None or not _is_divisible(metric):
        return None
    reading = found[0]
    target = _target(batch, metric, scope, reading)
    if target is None and not change:
        return None
    line = target if metric.kind is Kind.TIME else None
    asked = _Asked(batch, metric, where, rights, line)
    splits = [
        split
        for dimension in dimensions
        if (split := _split(asked, dimension, reading, target, change=change))
    ]
    if not splits:
        return None
    return Why(
        metric=metric,
        scope=scope,
        reading=reading,
        target=target,
        splits=tuple(splits),
        main=main_driver(splits, metric.direction, max(5, metric.minimum_n // 2)),
        is_share=metric.kind is Kind.TIME,
        days=None if days is None else (days[1] - days[0]).days,
    )


def _target(batch: Any, metric: Metric, scope: Scope, reading: Reading) -> float | None:
    lines = lines_of(batch, metric, scope, reading)
    if lines is None:
        return None
    return nearest(metric, lines.green, lines.green_high, reading.value)


def days_of(batch: Any, alert: Alert) -> tuple[date, date] | None:
    """Return the days whose gap an alert is about; None for the metric's own."""
    if alert.basis is not Basis.BURN:
        return None
    today = batch.as_of.astimezone(ZoneInfo(batch.timezone)).date()
    return span(alert.metric, today)


def lines_of(
    batch: Any, metric: Metric, scope: Scope, reading: Reading
) -> Thresholds | None:
    """Return the lines that hold for a scope; a store's by its class."""
    if scope.level is not Level.STORE:
        return reading.thresholds
    question = Question(by=("store_id", "store_class"), where=_only(scope.id))
    one = batch.read(metric.id, question, Rights(store_ids=frozenset({scope.id})))
    return one[0].thresholds if one else reading.thresholds


def _only(store_id: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("store_id", (store_id,)),)


def _is_divisible(metric: Metric) -> bool:
    if metric.kind is Kind.TIME:
        return metric.quantile is not None
    return metric.denominator is not None and metric.kind in (Kind.RATIO, Kind.STATE)


def _split(
    asked: _Asked,
    dimension: str,
    reading: Reading,
    target: float | None,
    *,
    change: bool,
) -> Split | None:
    metric = asked.metric
    if dimension == "weekday" and metric.kind is Kind.STATE:
        return None
    span = Question(
        start=reading.period_start, end=reading.period_end, where=asked.where
    )
    length = reading.period_end - reading.period_start
    before = replace(span, start=span.start - length, end=span.start)
    if metric.kind is Kind.STATE:
        before = replace(before, start=span.start - timedelta(days=30))
        before = replace(before, end=before.start + length)
    parts, whole = asked.parts(dimension, span)
    if not whole.bottom or len(parts) < 2:
        return None
    scale = _scale(reading, whole)
    if change:
        then, _ = asked.parts(dimension, before)
        return against_before(dimension, parts, then, metric.direction, scale)
    usual = _usual(asked, dimension, span, before)
    aim = 1 - metric.quantile if metric.kind is Kind.TIME else target
    return against_target(dimension, parts, usual, aim, metric.direction, scale)


def _usual(asked: _Asked, dimension: str, span: Question, before: Question) -> Parts:
    sees_all = asked.rights.store_ids is None
    if asked.where and sees_all and dimension != "store_id":
        usual, _ = asked.parts(dimension, replace(span, where=()))
    else:
        usual, _ = asked.parts(dimension, before)
    return usual


def _scale(reading: Reading, whole: Part) -> float:
    """Return what makes a rate the metric's value: 100 for a promoter score."""
    if reading.metric.kind is Kind.TIME or not whole.top or not reading.numerator:
        return 1.0 if reading.metric.interval.value != "nps" else 100.0
    return reading.value / (reading.numerator / reading.denominator)


def _part(reading: Reading) -> Part:
    return Part(reading.numerator or 0.0, reading.denominator or 0.0, reading.n)


def _member(reading: Reading, question: Question) -> str:
    if question.grain == "day":
        return str(reading.period_start.isoweekday())
    if not question.by:
        return REST
    return reading.dimensions.get(question.by[0]) or REST


def _added(found: Sequence[tuple[str, Part]]) -> Part:
    return Part(
        sum(p.top for _, p in found),
        sum(p.bottom for _, p in found),
        sum(p.n for _, p in found),
    )
