"""Burn rates: whether a promise is broken faster than its target allows.

burn = (1 − p) / (1 − target). At 1 exactly as many cases miss as the target allows; on
time 86 % against a target of 95 % burns 2.8 times that. A rule breaches where both the
last 7 days and the last of them burn beyond its line: the long window says that it
matters, the short one that it still goes on (kpis.md §17; Google SRE Workbook,
"Alerting on SLOs", 6: multiwindow, multi-burn-rate alerts). A scope with little traffic
is judged by its 7 days alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from warehouse.alerts.alert import Observation, Rule, Seen
from warehouse.alerts.lines import edited
from warehouse.alerts.observing import ABSENT, look
from warehouse.alerts.records import LinesEdit
from warehouse.errors import DefinitionError
from warehouse.metrics import CATALOG
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import (
    Cadence,
    Direction,
    Kind,
    Metric,
    Thresholds,
    Unit,
)
from warehouse.metrics.reading import Reading
from warehouse.text import Text

LONG, SHORT = 7, 1
"""Whole local days of the two windows; they end on the same day."""

SLAS: dict[str, int] = {
    "promise_kept": 0,
    "appt_served_on_time": 0,
    "complaint_close_48h": 2,
}
"""Metrics that say how often a moment promised to a customer was kept → how many days
after its end a day is judged in full (a complaint has 48 hours)."""

SUFFIX = ".burn"

ALLOWED = 1.0
"""The green line: as many misses as the target allows, and no more."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one window saw: the share of cases that kept the promise, and how many."""

    days: int
    share: float
    n: int

    def burn(self, target: float) -> float:
        """Return how many times the allowed misses there were."""
        return (1 - self.share) / (1 - target)


@dataclass(frozen=True, slots=True)
class Burn:
    """Both windows against a target; *is_alone* where only the long one decides.

    An instance keeps it as its note, which reads "target=0.95 7d=0.86/412 1d=0.84/58".
    """

    target: float
    windows: tuple[Window, ...]
    is_alone: bool = False

    def __str__(self) -> str:
        told = [f"{w.days}d={w.share:.6g}/{w.n}" for w in self.windows]
        alone = ["alone"] if self.is_alone else []
        return " ".join([f"target={self.target:.6g}", *told, *alone])

    @classmethod
    def read(cls, note: str) -> "Burn | None":
        """Return what a note says; None where it says nothing about windows."""
        target = re.match(r"target=(\S+)", note)
        if target is None:
            return None
        windows = tuple(
            Window(int(days), float(share), int(n))
            for days, share, n in re.findall(r"(\d+)d=([^\s/]+)/(\d+)", note)
        )
        return cls(float(target[1]), windows, note.endswith(" alone"))


def burn_metric(metric: Metric, edits: Iterable[LinesEdit] = ()) -> Metric:
    """Return the burn rate of an SLA metric, with its lines.

    Where nobody set others, amber lies at 1 and red where the metric's own red line
    lies: at 80 % against a target of 90 % twice the allowed misses. *metric* comes with
    the lines that hold for it; *edits* are those set for the burn rate by hand.

    Raises:
        DefinitionError: the metric is no share of kept promises.

    """
    is_fit = metric.kind is Kind.RATIO and metric.is_share
    if not is_fit or metric.direction is not Direction.HIGHER:
        raise DefinitionError(f"{metric.id} is no share of promises kept")
    key = f"{metric.id}{SUFFIX}"
    mine = [edit for edit in edits if edit.metric == key]
    lines = [t for t in map(_in_burn, metric.thresholds) if t is not None]
    declared = replace(
        metric,
        id=key,
        name=Text(
            f"{metric.name.zh}：未达标消耗倍数",
            f"{metric.name.en}: burn rate (misses ÷ misses allowed)",
        ),
        unit=Unit.RATIO,
        direction=Direction.LOWER,
        # What somebody set stays until he sets it anew, also when the target moves.
        thresholds=tuple(t for t in lines if not _is_overruled(t, mine)),
    )
    return edited(declared, mine)


def _in_burn(lines: Thresholds) -> Thresholds | None:
    """Return lines of a share as lines of its burn; 100 % allows no miss: None."""
    if lines.green >= 1:
        return None
    return replace(
        lines,
        green=ALLOWED,
        red=round((1 - lines.red) / (1 - lines.green), 9),
        source=f"(1 − red) / (1 − green); {lines.source}",
    )


def _is_overruled(lines: Thresholds, edits: Iterable[LinesEdit]) -> bool:
    return any(
        edit.applies_to == lines.applies_to and edit.valid_from <= lines.valid_from
        for edit in edits
    )


def with_lines(metric_id: str, edits: Iterable[LinesEdit]) -> Metric | None:
    """Return what has lines that can be set: a metric, or the burn rate of one."""
    known = list(edits)
    name = metric_id.removesuffix(SUFFIX)
    if name not in CATALOG or (name != metric_id and name not in SLAS):
        return None
    metric = edited(CATALOG[name], known)
    return metric if name == metric_id else burn_metric(metric, known)


def span(metric_id: str, today: date, days: int = LONG) -> tuple[date, date]:
    """Return the newest window of so many days (half-open) that is judged in full."""
    end = today - timedelta(days=SLAS[metric_id])
    return end - timedelta(days=days), end


def observe_burn(
    rule: Rule,
    burning: Metric,
    long: Reading | None,
    short: Reading | None,
    today: date,
) -> Observation:
    """Return what two readings of a share, of 7 days and of 1, say to a burn rule.

    *burning* is the metric's burn rate, *today* the day whose lines hold. The colour
    rule is judged on the long window: enough cases, and for red an interval that
    excludes the target. The short window needs enough cases, and has to lie beyond the
    line.
    """
    if long is None or long.value is None:
        return ABSENT
    target = long.thresholds.green if long.thresholds is not None else 1.0
    lines = burning.lines(long.dimensions, today)
    if target >= 1 or lines is None:
        # Where no miss is allowed nothing can burn: the metric's own lines tell.
        return Observation(seen=Seen.BETWEEN, n=long.n)
    seen = _look(rule, burning, lines, long, target, long.ci_low, long.ci_high)
    is_alone = _is_quiet(burning, long)
    if seen.seen is not Seen.FEW and not is_alone:
        told = _NO_CASES
        if short is not None and short.value is not None:
            told = _look(rule, burning, lines, short, target)
        seen = replace(seen, seen=_both(seen.seen, told.seen))
    windows = tuple(_windows(long, short))
    return replace(seen, note=str(Burn(target, windows, is_alone)))


_NO_CASES = Observation(seen=Seen.FEW)


def _is_quiet(burning: Metric, long: Reading) -> bool:
    """Whether a usual day has too few cases to be judged by itself.

    Of law and safety any event counts: they have no minimum.
    """
    is_exempt = burning.cadence is Cadence.SAFETY
    return not is_exempt and long.n < burning.minimum_n * LONG


def _windows(long: Reading, short: Reading | None) -> Iterable[Window]:
    for days, one in ((LONG, long), (SHORT, short)):
        if one is not None and one.value is not None:
            yield Window(days, one.value, one.n)


def _both(long: Seen, short: Seen) -> Seen:
    """Return what both windows say; who had too few cases on the last day stays put."""
    if Seen.CLEAR in (long, short):
        return Seen.CLEAR
    return Seen.BREACH if long is short is Seen.BREACH else Seen.BETWEEN


def _look(
    rule: Rule,
    burning: Metric,
    lines: Thresholds,
    one: Reading,
    target: float,
    low: float | None = None,
    high: float | None = None,
) -> Observation:
    """Return what one window says; *low* and *high* bound its share."""
    allowed = 1 - target
    burn = (1 - one.value) / allowed
    interval = None
    if low is not None and high is not None:
        interval = ((1 - high) / allowed, (1 - low) / allowed)
    status = judge(burning, lines, burn, one.n, interval)
    return look(rule, burning, lines, burn, one.n, status)
