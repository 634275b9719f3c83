"""What people and the notifier leave behind beside an alert's state."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from warehouse.alerts.alert import Basis, Instance, Level, Severity
from warehouse.text import Text

LONGEST_SILENCE = timedelta(days=7)


class Deed(StrEnum):
    """What people and the clock write into an alert's history."""

    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    ACTION = "action"
    EFFECT = "effect"
    SILENCED = "silenced"
    UNSILENCED = "unsilenced"
    ESCALATED = "escalated"
    JUDGED = "judged"


CAUSES: dict[str, Text] = {
    "people": Text("人手或技能不足", "Too few people or skills"),
    "parts": Text("缺件", "Missing parts"),
    "diagnosis": Text("误诊或未修好", "Wrong diagnosis, or not fixed"),
    "part_quality": Text("配件质量", "Quality of a part"),
    "software": Text("车辆软件", "Vehicle software"),
    "planning": Text("预约或排班", "Appointments or planning"),
    "equipment": Text("设备或工位", "Equipment or bays"),
    "customer": Text("客户原因", "The customer's side"),
    "data": Text("数据错误", "Wrong data"),
    "rule": Text("规则不合适", "The rule does not fit"),
    "other": Text("其他", "Other"),
}
"""Cause codes of an action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing is said of what it covers until it expires; the state goes on.

    An empty *rule* covers every rule of the scope.
    """

    id: int
    rule: str
    level: Level
    scope_id: str
    reason: str
    who: str
    begins_at: datetime
    ends_at: datetime

    def concerns(self, instance: Instance) -> bool:
        """Whether it is, or was, about an instance."""
        scope = instance.key.scope
        is_rule = self.rule in ("", instance.key.rule)
        return is_rule and (self.level, self.scope_id) == (scope.level, scope.id)

    def covers(self, instance: Instance, now: datetime) -> bool:
        """Whether it holds for an instance at a moment."""
        return self.begins_at <= now < self.ends_at and self.concerns(instance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An instance with what people made of it.

    *noted_at* is the clock's time of the last firing (its *fired_at* is the data's).
    """

    id: int
    instance: Instance
    metric: str
    severity: Severity
    basis: Basis
    noted_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    owner: str = ""
    due_on: date | None = None
    cause: str = ""
    escalated: int = 0
    silence: Silence | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is active, and nobody has it yet."""
        return self.instance.is_active and not self.acknowledged_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an alert's history."""

    id: int
    alert_id: int
    episode: int
    at: datetime
    noted_at: datetime
    batch: str
    kind: str
    before: str
    after: str
    value: float | None
    n: int
    line: float | None
    lines_from: str
    who: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric over some days: value, 95 % interval, sample."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody promises to do; *effect_days* 0 asks for no proof."""

    owner: str
    action: str
    cause: str
    due_on: date | None = None
    effect_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action, and its effect once it is measured."""

    id: int
    alert_id: int
    episode: int
    at: datetime
    who: str
    plan: Plan
    before: Measured | None = None
    after: Measured | None = None
    measured_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a firing was right, as somebody who knows says."""

    rule: str
    alert_id: int
    episode: int
    who: str
    at: datetime
    is_right: bool
    note: str = ""


class Sending(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """Over the budget, silenced or in quiet hours: it goes into the digest."""
    WITHDRAWN = "withdrawn"
    """It was over before it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient over one channel.

    *key* makes it the same message however often it is planned or tried. *alerts* are
    the (alert, episode)s it is about. *joins* is the key of a message that was planned
    and not tried yet, whose content this one replaces.
    """

    id: int = 0
    key: str
    kind: str
    channel: str
    recipient: str
    title: str
    text: str
    link: str
    status: Sending
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    error: str = ""
    alerts: tuple[tuple[int, int], ...] = ()
    joins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesEdit:
    """Lines of a metric as somebody set them on screen.

    They hold from *valid_from* (a local day, never in the past) for batches that are
    published after *decided_at*.
    """

    metric: str
    applies_to: tuple[tuple[str, str], ...]
    green: float
    red: float
    green_high: float | None = None
    red_high: float | None = None
    valid_from: date
    decided_at: datetime
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The record of one evaluation: the dead man's switch of the evaluator."""

    batch: str
    as_of: datetime
    evaluated_at: datetime
    seconds: float
    alerts: int
    active: int
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A batch as the evaluator meets it; *noted_at* is the clock's time (UTC)."""

    batch: str
    as_of: datetime
    noted_at: datetime
    is_full: bool = True
