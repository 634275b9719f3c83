"""What an alert is made of: its rule, its scope, its state, and what happens to it.

The identity of an alert is its subject (rule and scope), never its value; amber and red
are two rules. Acknowledged, silenced, resting and inhibited are marks beside the state.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where an instance of a rule stands."""

    OK = "OK"
    PENDING = "PENDING"
    FIRING = "FIRING"
    RECOVERING = "RECOVERING"
    NO_DATA = "NO_DATA"
    STALE = "STALE"
    ERROR = "ERROR"


class Severity(StrEnum):
    """How much a rule matters; *DATA* is about the data, not about the business."""

    RED = "red"
    AMBER = "amber"
    DATA = "data"


class Basis(StrEnum):
    """What a rule looks at."""

    THRESHOLD = "threshold"
    """The lines of a metric of the catalogue."""
    CEILING = "ceiling"
    """A count or wait of this moment against the lines of another metric."""
    SIGNAL = "signal"
    """A control chart: the newest whole day left its usual range."""
    BURN = "burn"
    """How fast a share of kept promises misses its target, over two windows."""
    FRESHNESS = "freshness"
    """A table of a source that is older than its limit."""
    SILENCE = "silence"
    """An open store whose events stopped."""
    FLEET = "fleet"
    """A paired screen that is dark, or behind."""
    FAULT = "fault"
    """A rule that could not be computed, or a channel that does not deliver."""


class Level(StrEnum):
    """What kind of scope an instance has."""

    NETWORK = "network"
    REGION = "region"
    STORE = "store"
    SOURCE = "source"
    RULE = "rule"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """The slice of the business an instance is about; the network has no id."""

    level: Level
    id: str = ""


NETWORK = Scope(Level.NETWORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How patient a rule is.

    A breach fires after *hold* and at least *evaluations* breaching evaluations; a
    clear value recovers after *keep*, or, with *until_next_month*, once another
    calendar month has begun. *dead_share* is a share of the line, *dead_points* are
    points of a share: the clear line lies that far on the good side of the trigger.
    *realarm* None means that it is said once.
    """

    hold: timedelta = timedelta(0)
    evaluations: int = 1
    keep: timedelta = timedelta(0)
    until_next_month: bool = False
    dead_share: float = 0.0
    dead_points: float | None = None
    realarm: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; each value of its levels has an instance of its own.

    *lines_of* names the metric whose lines judge it where that is not its own.
    *absent_is_none* tells that no row means none (nobody waits), not unknown.
    """

    id: str
    basis: Basis
    severity: Severity
    metric: str = ""
    levels: tuple[Level, ...]
    timing: Timing
    lines_of: str = ""
    absent_is_none: bool = False
    is_live: bool = False


class Seen(StrEnum):
    """What one batch says about one instance."""

    BREACH = "breach"
    CLEAR = "clear"
    BETWEEN = "between"
    """Neither beyond the trigger line nor past the clear line."""
    FEW = "few"
    """Too few cases to judge."""
    ABSENT = "absent"
    STALE = "stale"
    CLOSED = "closed"
    """The calendar says that the store rests."""
    ERROR = "error"
    GONE = "gone"
    """The scope or the rule exists no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen, with the number it rests on.

    *line* is the trigger line, *target* the green line, both in the metric's unit;
    *lines_from* is the day from which they hold: the version of the threshold.
    """

    seen: Seen
    value: float | None = None
    n: int = 0
    line: float | None = None
    target: float | None = None
    lines_from: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The identity of an instance."""

    rule: str
    scope: Scope

    def __str__(self) -> str:
        return ":".join(filter(None, (self.rule, self.scope.level, self.scope.id)))

    @classmethod
    def read(cls, text: str) -> "Key":
        """Return the key that *text* spells, as `str` spells it."""
        rule, _, rest = text.partition(":")
        level, _, scope_id = rest.partition(":")
        return cls(rule, Scope(Level(level), scope_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One rule over one scope: what is remembered between batches.

    *base* is OK, PENDING, FIRING or RECOVERING; *cover* lies over it while nothing is
    known. *episode* counts its firings. Times are those of the data (UTC); *peak* is
    the worst value of the episode. *alarmed_at* is when it was last said.
    *is_acknowledged* and *silenced_until* are people's; the engine reads them only to
    know whether to say it again.
    """

    key: Key
    base: State = State.OK
    cover: State | None = None
    is_resting: bool = False
    inhibited_by: str = ""
    since: datetime | None = None
    breaches: int = 0
    fired_at: datetime | None = None
    breached_at: datetime | None = None
    clear_since: datetime | None = None
    alarmed_at: datetime | None = None
    episode: int = 0
    value: float | None = None
    n: int = 0
    line: float | None = None
    target: float | None = None
    lines_from: str = ""
    peak: float | None = None
    note: str = ""
    batch: str = ""
    is_acknowledged: bool = False
    silenced_until: datetime | None = None

    @property
    def state(self) -> State:
        """What is shown: the cover while there is one."""
        return self.cover or self.base

    @property
    def is_active(self) -> bool:
        """Whether it has fired and not recovered, whatever covers it."""
        return self.base in (State.FIRING, State.RECOVERING)


class Happening(StrEnum):
    """What the engine writes into the history."""

    PENDING = "pending"
    DROPPED = "dropped"
    FIRED = "fired"
    REALARMED = "realarmed"
    RECOVERING = "recovering"
    RELAPSED = "relapsed"
    RECOVERED = "recovered"
    COVERED = "covered"
    RETURNED = "returned"
    RESTING = "resting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an instance in a batch."""

    key: Key
    kind: Happening
    episode: int
    at: datetime
    batch: str
    before: State
    after: State
    value: float | None = None
    n: int = 0
    line: float | None = None
    lines_from: str = ""
    note: str = ""
