"""Which message news belongs to, and when it may go: Alertmanager's rules. Pure.

What begins within half a minute is one message (group_wait); who was told just now
hears of more five minutes later, all at once (group_interval); who was told that
something burns hears so again after four hours at the earliest, executives after a day
(repeat_interval). Law, safety and lost data are repeated as often as their rule says.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warehouse.access.roles import Role
from warehouse.alerts.alert import Level, Severity
from warehouse.alerts.patience import Hours, due_at
from warehouse.alerts.records import Alert, Delivery, Sending
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Cadence

GROUP_INTERVAL = timedelta(minutes=5)
REPEAT = timedelta(hours=4)
REPEAT_BY_ROLE: dict[Role, timedelta] = {Role.EXECUTIVE: timedelta(days=1)}

_RANK = {Level.NETWORK: 0, Level.REGION: 1, Level.STORE: 2}


def by_place(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts grouped by store, then metric; what is wider comes first."""

    def place(alert: Alert) -> tuple[int, str, str, str]:
        key = alert.instance.key
        return _RANK.get(key.scope.level, 3), key.scope.id, alert.metric, key.rule

    return sorted(alerts, key=place)


def is_safety(alert: Alert) -> bool:
    """Whether an alert is about law or safety, which wait for no morning."""
    metric = CATALOG.get(alert.metric)
    return metric is not None and metric.cadence is Cadence.SAFETY


def may_repeat(
    alert: Alert, role: Role, told_at: datetime | None, now: datetime
) -> bool:
    """Whether somebody who was told at a moment is to hear that it still burns."""
    if told_at is None or alert.severity is Severity.DATA or is_safety(alert):
        return True
    return now - told_at >= REPEAT_BY_ROLE.get(role, REPEAT)


def still_waits(newest: Delivery | None) -> bool:
    """Whether a message can take more: it was neither sent nor tried."""
    return (
        newest is not None and newest.status is Sending.WAITING and not newest.attempts
    )


def next_due(
    newest: Delivery | None,
    now: datetime,
    zone: str,
    quiet: Hours | None,
    *,
    is_urgent: bool,
) -> datetime:
    """Return when a new message may go to somebody whose *newest* is that one."""
    due = due_at(now, zone, quiet, is_urgent=is_urgent)
    if newest is None:
        return due
    return max(due, (newest.sent_at or newest.created_at) + GROUP_INTERVAL)
