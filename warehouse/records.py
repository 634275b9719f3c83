"""What a refresh leaves behind: batches, runs, gate results, rows set aside."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    REFUSED = "refused"
    FAILED = "failed"


class Freshness(StrEnum):
    """How old a table's data are, measured against its limit."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    NO_DATA = "no_data"
    UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the rows of one table: read = loaded + duplicate + rejected."""

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    rejected: int = 0
    inferred: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether no row was lost."""
        return self.read == self.loaded + self.duplicate + self.rejected

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            read=self.read + other.read,
            loaded=self.loaded + other.loaded,
            duplicate=self.duplicate + other.duplicate,
            rejected=self.rejected + other.rejected,
            inferred=self.inferred + other.inferred,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One check of the quality gate: what was found against what is allowed."""

    check: str
    table: str
    passed: bool
    found: float | None
    limit: float | None
    message: str
    refuses: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The record of one refresh, as printed and as kept."""

    batch_id: str
    started_at: datetime
    finished_at: datetime
    as_of: datetime
    outcome: Outcome
    tables: dict[str, Counts] = field(default_factory=dict)
    gate: tuple[GateResult, ...] = ()
    message: str = ""
    sources: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the run as `python -m etl run` prints it."""
        return {
            "batch_id": self.batch_id,
            "started_at": stamp(self.started_at),
            "finished_at": stamp(self.finished_at),
            "as_of": stamp(self.as_of),
            "published": self.outcome is Outcome.PUBLISHED,
            "outcome": self.outcome.value,
            "message": self.message,
            "sources": list(self.sources),
            "tables": {name: asdict(counts) for name, counts in self.tables.items()},
            "gate": [asdict(result) for result in self.gate],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How far one table of one source reaches, and whether that is far enough.

    *watermark* is the newest event (UTC) not after as-of; *age* is as-of minus it;
    *limit* is what the contract or the source's configuration allows.
    """

    source: str
    table: str
    rows: int
    watermark: datetime | None
    last_delivery_at: datetime | None
    limit: timedelta | None
    age: timedelta | None
    freshness: Freshness
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentStore:
    """A store whose newest event of a table is older than the table's limit."""

    store_id: str
    name: str
    name_en: str | None
    table: str
    watermark: datetime
    age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectGroup:
    """Rows set aside for one reason."""

    source: str
    table: str
    column: str
    rule: str
    severity: str
    rows: int
    example: str | None
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """One reason for which one row was set aside."""

    source: str
    file: str
    line: int | None
    table: str
    column: str | None
    rule: str
    value: str | None
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """Members that something refers to and no delivery has described yet."""

    table: str
    members: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """Days that rows which came late have changed."""

    batch_id: str
    restated_at: datetime
    table: str
    first_day: date
    last_day: date
    days: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A service centre as lists and filters show it."""

    store_id: str
    name: str
    name_en: str | None
    region: str | None
    city: str | None
    city_class: str | None
    store_class: str | None
    is_inferred: bool
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """When a store is open on one of its local days; None where nobody has said."""

    store_id: str
    zone: str
    day: date
    is_open: bool = True
    opens_at: time | None = None
    closes_at: time | None = None


def stamp(moment: datetime) -> str:
    """Return a UTC moment as other systems read it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
