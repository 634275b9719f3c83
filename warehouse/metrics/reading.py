"""A reading: the value of a metric over a scope, with all it rests on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from warehouse.metrics.metric import Metric, Status, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The ceiling of a wait: what customers were promised.

    Of *given* cases with a promised time *past* were not over by then, *running* of
    them still are not. One in ten may be, at a P90 (*allowed*): not more.
    """

    given: int
    past: int
    running: int
    allowed: float

    @property
    def is_broken(self) -> bool:
        """Whether more were past than the percentile leaves out."""
        return self.past > self.allowed * self.given + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value and its context (interfaces.md §1, "A JSON reading").

    *value* is None where the denominator is 0: no data is neither 0 nor green.
    *n* is the sample that minimum n and interval are judged on. *maturity* is
    matured / (matured + immature), None where it has no meaning. *as_of* is the
    moment that counted as now (UTC); *thresholds* are the lines it was judged by and
    *promise* the ceiling above them, where the metric has one.
    """

    metric: Metric
    dimensions: dict[str, str | None] = field(default_factory=dict)
    period_start: date
    period_end: date
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    ci_low: float | None = None
    ci_high: float | None = None
    maturity: float | None = None
    status: Status = Status.NONE
    as_of: datetime
    batch_id: str
    thresholds: Thresholds | None = None
    promise: Promise | None = None
    is_provisional: bool = False
    restated_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the reading as other systems receive it."""
        return {
            "metric": self.metric.id,
            "version": self.metric.version,
            "dimensions": self.dimensions,
            "period_start": self.period_start.isoformat(),
            "period_end": self.period_end.isoformat(),
            "value": self.value,
            "unit": self.metric.unit.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
            "maturity": self.maturity,
            "status": self.status.value,
            "as_of": self.as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "batch_id": self.batch_id,
            "lines": self._lines(),
        }

    def _lines(self) -> dict[str, Any] | None:
        """Return the lines the value was judged by, and what they rest on."""
        lines, promise = self.thresholds, self.promise
        if lines is None:
            return None
        on = lines.basis
        told = {
            "green": lines.green,
            "red": lines.red,
            "green_high": lines.green_high,
            "red_high": lines.red_high,
            "basis": "fixed" if on is None or on.usual is None else "baseline",
            "baseline": None,
            "promise": None,
        }
        if on is not None and on.usual is not None and on.first and on.last:
            told["baseline"] = {
                "usual": on.usual,
                "margin": on.margin,
                "bound": on.bound.value or None,
                "n": on.n,
                "days": on.days,
                "first": on.first.isoformat(),
                "last": on.last.isoformat(),
                "hourly": on.hourly,
                "covered": on.covered,
                "fixed_green": on.fixed_green,
                "fixed_red": on.fixed_red,
            }
        if promise is not None:
            told["promise"] = {
                "given": promise.given,
                "past": promise.past,
                "running": promise.running,
                "allowed": promise.allowed,
            }
        return told
