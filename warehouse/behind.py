"""What stands behind a number: rows that add up to it, and how it spreads."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from warehouse.contracts import Kind

Part = Literal["all", "top", "rest"]

PARTS: tuple[Part, ...] = ("all", "top", "rest")
"""All rows, those the numerator counts, those only the denominator counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowColumn:
    """A column of rows behind a number; its label is the sentence `row.<name>`."""

    name: str
    kind: Kind = Kind.TEXT


TOP = RowColumn(name="top", kind=Kind.NUMBER)
BOTTOM = RowColumn(name="bottom", kind=Kind.NUMBER)
SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A page of the rows behind one reading, and the sums over all of them.

    Each row maps column names to values; `top` and `bottom` are what the row adds to
    numerator and denominator (a duration is its own `top`, in the metric's unit, and
    counts 1). *numerator* and *denominator* are the sums over every row, whatever
    part is listed; *listed* is how many rows that part has. *adds* names how rows make
    the value: "sum", "largest" or "duration" (a percentile of closed and open ones).
    *fed* is False where nothing in the warehouse feeds the metric, *visible* where the
    reader's rights reach none of its rows: then there are none.
    """

    columns: tuple[RowColumn, ...]
    rows: tuple[dict[str, Any], ...] = ()
    total: int = 0
    listed: int = 0
    numerator: float | None = None
    denominator: float | None = None
    adds: str = "sum"
    period_start: date
    period_end: date
    fed: bool = True
    visible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCell:
    """One hour of one weekday (1 = Monday): value and n of the rows that fall in it."""

    weekday: int
    hour: int
    value: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Durations from *low* up to *high* in the metric's unit: closed and running.

    *high* None means all that are longer.
    """

    low: float
    high: float | None
    closed: int
    running: int
