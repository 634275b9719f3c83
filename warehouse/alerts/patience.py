"""When to say something, and to whom: escalation, budget, quiet hours. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from warehouse.access.roles import Role
from warehouse.alerts.alert import Level, Severity
from warehouse.alerts.records import Alert, Judgement
from warehouse.alerts.rules import FRESHNESS

Span = tuple[datetime, datetime]
"""A half-open stretch of time, UTC."""

GROUP_WAIT = timedelta(seconds=30)
"""So long a message waits: what recovers meanwhile is never said (kpis.md §17)."""

WEEK = timedelta(days=7)

PRECISION, JUDGED = 0.80, 30
"""A rule that was right less often than this, in so many judgements, is demoted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step up: after so much open time nobody has acknowledged."""

    after: timedelta
    to: Role


STEPS = (
    Step(timedelta(minutes=30), Role.REGION_MANAGER),
    Step(timedelta(hours=2), Role.EXECUTIVE),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a day, in a zone; over midnight where the end lies before the start."""

    start: time
    end: time

    def hold(self, moment: datetime, zone: str) -> bool:
        """Whether a moment lies within."""
        clock = moment.astimezone(ZoneInfo(zone)).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def next_end(self, moment: datetime, zone: str) -> datetime:
        """Return when they end next, after a moment."""
        local = moment.astimezone(ZoneInfo(zone))
        end = datetime.combine(local.date(), self.end, tzinfo=local.tzinfo)
        if end <= local:
            end = datetime.combine(
                local.date() + timedelta(days=1), self.end, tzinfo=local.tzinfo
            )
        return end.astimezone(moment.tzinfo)


OFFICE = Hours(time(8, 0), time(20, 0))
"""When escalation runs for what belongs to no store."""


def escalates(alert: Alert) -> bool:
    """Whether somebody higher up is to hear of it if nobody acknowledges."""
    one = alert.instance
    fired, noted = one.fired_at, alert.noted_at
    if fired is None or noted is None or noted - fired > timedelta(days=1):
        return False  # A replay of long ago is nobody's business today.
    return (
        alert.is_open
        and alert.severity is Severity.RED
        and alert.silence is None
        # Who sees the alert that speaks for it hears of that one instead; nobody hears
        # of what only lacks data.
        and one.inhibited_by != FRESHNESS.id
        and not one.is_resting
    )


def step_reached(
    alert: Alert, now: datetime, open_spans: Sequence[Span], steps: Sequence[Step]
) -> int:
    """Return how many steps up an alert has come by *now*; 0 is none.

    Only time in *open_spans* counts: nobody is to blame for what happened at night.
    """
    if not escalates(alert) or alert.noted_at is None:
        return 0
    waited = overlap((alert.noted_at, now), open_spans)
    return sum(waited >= step.after for step in steps)


def overlap(span: Span, spans: Iterable[Span]) -> timedelta:
    """Return how much of *span* lies in *spans*, which do not overlap."""
    total = timedelta(0)
    for start, end in spans:
        inside = min(end, span[1]) - max(start, span[0])
        total += max(inside, timedelta(0))
    return total


def office_spans(start: datetime, end: datetime, zone: str, hours: Hours) -> list[Span]:
    """Return the office hours of the days from *start* to *end*."""
    local = ZoneInfo(zone)
    day = start.astimezone(local).date() - timedelta(days=1)
    last = end.astimezone(local).date()
    spans = []
    while day <= last:
        opens = datetime.combine(day, hours.start, tzinfo=local)
        closes = datetime.combine(day, hours.end, tzinfo=local)
        if closes <= opens:
            closes += timedelta(days=1)
        spans.append((opens, closes))
        day += timedelta(days=1)
    return spans


def is_exempt(severity: Severity, level: Level) -> bool:
    """Whether a message is said whatever the budget: reds, and lost data."""
    return severity in (Severity.RED, Severity.DATA) or level is Level.CHANNEL


def within_budget(said_this_week: int, budget: int) -> bool:
    """Whether one more immediate message may be said besides reds."""
    return said_this_week < budget


def due_at(
    now: datetime, zone: str, quiet: Hours | None, *, is_urgent: bool
) -> datetime:
    """Return when a message is to be sent: after quiet hours, unless it is urgent."""
    wanted = now + GROUP_WAIT
    if quiet is None or is_urgent or not quiet.hold(wanted, zone):
        return wanted
    return quiet.next_end(wanted, zone)


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a rule was right, as people say."""

    rule: str
    right: int
    judged: int

    @property
    def share(self) -> float:
        """Right of judged."""
        return self.right / self.judged

    @property
    def is_demoted(self) -> bool:
        """Whether it is said in the digest only: compared in whole numbers."""
        return self.judged >= JUDGED and self.right * 100 < self.judged * 80


def precision(judgements: Iterable[Judgement]) -> dict[str, Precision]:
    """Return each rule's precision over its newest judgements.

    A firing counts once: it is right when most who judged it say so.
    """
    firings: dict[tuple[str, int, int], list[bool]] = {}
    for one in judgements:
        key = (one.rule, one.alert_id, one.episode)
        firings.setdefault(key, []).append(one.is_right)
    by_rule: dict[str, list[bool]] = {}
    for (rule, _, _), votes in firings.items():
        by_rule.setdefault(rule, []).append(sum(votes) * 2 >= len(votes))
    return {
        rule: Precision(rule, sum(votes[-JUDGED:]), len(votes[-JUDGED:]))
        for rule, votes in by_rule.items()
    }
