"""Scope: the slice of the business a reader is looking at, and may look at."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

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
    """The rows a reader may see. *store_ids* None means every store.

    It is an argument of every reading: there is no way to ask without it.
    """

    store_ids: frozenset[str] | None = None


EVERYTHING = Rights()
"""The rights of the network's executives and of the shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a metric.

    *start* and *end* are local calendar days of the store, half-open; None means the
    metric's own default window that ends at *as_of*. *where* maps a dimension to the
    values that are let through. *as_of* None means the newest batch's.
    """

    by: tuple[str, ...] = ()
    grain: Grain = "total"
    start: date | None = None
    end: date | None = None
    as_of: datetime | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
