"""Scope: the slice of the business a reader is looking at, and may look at."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from warehouse.contracts.contract import Privacy

Grain = Literal["day", "week", "month", "total"]

GRAINS: tuple[Grain, ...] = ("day", "week", "month", "total")

STORE_DIMENSIONS = (
    "store_id",
    "region",
    "province",
    "city",
    "city_class",
    "store_class",
)
"""Dimensions that every metric of a store has, from the stores table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The rows a reader may see, and how much of each.

    *store_ids* and *partner_ids* None mean every one; an empty set means none.
    Columns more sensitive than *privacy* are masked; a wall (*is_wall*) shows only the
    end of an order's number.
    It is an argument of every reading: there is no way to ask without it. It is part
    of the key of every cache; *who* asks is not, because what two readers with equal
    rights see is computed once.
    """

    store_ids: frozenset[str] | None = None
    partner_ids: frozenset[str] | None = frozenset()
    privacy: Privacy = Privacy.PUBLIC
    is_wall: bool = False
    who: str = field(default="", compare=False)


EVERYTHING = Rights(partner_ids=None, privacy=Privacy.SENSITIVE)
"""The rights of the shell and of the refresh: every row, unmasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a metric.

    *start* and *end* are local calendar days of the store, half-open; None means the
    metric's own default window that ends at *as_of*. *where* maps a dimension to the
    values that are let through. *as_of* None means the newest batch's. Where only the
    number is wanted (*is_judged* False), no line is made from data to colour it.
    """

    by: tuple[str, ...] = ()
    grain: Grain = "total"
    start: date | None = None
    end: date | None = None
    as_of: datetime | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_judged: bool = True
