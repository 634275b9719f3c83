"""What happens in one store: the rows that its page lists."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a car in the shop has come."""

    ARRIVED = "arrived"
    WRITTEN = "written"
    IN_BAY = "in_bay"
    DONE = "done"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """A car in the shop now. Times are UTC; *is_overdue*: promised, passed, not ready.

    Texts of people and cars are as the reader's rights let them be seen.
    """

    work_order_id: str
    plate: str | None
    model: str | None
    order_type: str
    stage: Stage
    arrived_at: datetime
    promised_at: datetime | None
    technician: str | None
    waits_on_site: bool
    parts_pending: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A technician of the store, and what the clocks say of today.

    *works_on* and *since* name the job that is clocked now.
    """

    technician_id: str
    name: str | None
    skill_level: int | None
    works_on: str | None
    since: datetime | None
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPart:
    """A part that was asked for and not there, lately."""

    part_number: str
    name: str | None
    requests: int
    pieces: float
    last_at: datetime
    on_hand: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comeback:
    """A visit with the same problem as one before, and that first visit."""

    work_order_id: str
    arrived_at: datetime
    complaint_group: str | None
    rule: str | None
    first_id: str
    first_delivered_at: datetime | None
    first_technician: str | None
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one customer said: an answer with a score, or a complaint."""

    said_at: datetime
    kind: str
    score: float | None
    text: str | None
    topic: str | None
    work_order_id: str | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One store at the batch's as-of; lists are cut at their limits, newest first.

    *today* is the store's local day, *bays* None where nobody told how many it has.
    """

    store_id: str
    today: date
    timezone: str
    bays: int | None
    orders: tuple[OpenOrder, ...] = ()
    hands: tuple[Hand, ...] = ()
    parts: tuple[MissingPart, ...] = ()
    comebacks: tuple[Comeback, ...] = ()
    voices: tuple[Voice, ...] = ()

    def count(self, stage: Stage) -> int:
        """Return how many of the orders are at *stage*."""
        return sum(order.stage is stage for order in self.orders)

    @property
    def bays_taken(self) -> int:
        """Cars in a bay now."""
        return self.count(Stage.IN_BAY)

    @property
    def overdue(self) -> int:
        """Cars whose promised time has passed and that are not ready."""
        return sum(order.is_overdue for order in self.orders)


RECENT_DAYS = 30
"""How far back parts, comebacks and voices are listed."""
