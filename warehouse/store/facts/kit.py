"""What facts are made of: functions on times and sums, and the type of a fact.

A fact is rows that metrics are computed from, as they were known at a moment: rows
that had not happened yet are left out, stamps that lay ahead are null. Its measures
are numeric columns that are summed; a metric divides sums by sums.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement, FunctionElement

from warehouse.errors import UnknownNameError
from warehouse.store.schema import CONFORMED, FCT_ORDERS

Moment = ColumnElement
"""The moment that counts as now, UTC, as a bound value."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted of a fact: the moment, the dimensions, and which days.

    *start* and *end* (half-open) bound the days a reader will look at, so that a
    fact that groups rows need not group the whole history. *measures* are those that
    will be read, None all: a fact need not work out the others.
    """

    now: Moment
    wanted: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    measures: frozenset[str] | None = None

    def reads(self, measure: str) -> bool:
        """Tell whether *measure* will be read."""
        return self.measures is None or measure in self.measures

    def days(self, day: ColumnElement) -> list[ColumnElement]:
        """Return the conditions that keep *day* within the bounds."""
        return [*self.since(day), *self.before(day)]

    def since(self, day: ColumnElement) -> list[ColumnElement]:
        """Return the condition that keeps *day* from lying before the bounds."""
        return [] if self.start is None else [day >= self.start]

    def before(self, day: ColumnElement) -> list[ColumnElement]:
        """Return the condition that keeps *day* from lying after the bounds."""
        return [] if self.end is None else [day < self.end]


class seconds_between(FunctionElement):  # noqa: N801  (reads as SQL)
    """Seconds from one time to a later one, fractions kept."""

    type = sa.Double()
    inherit_cache = True
    name = "seconds_between"


@compiles(seconds_between)
def _seconds(element: Any, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(x, **options) for x in element.clauses)
    return f"((epoch_us({second}) - epoch_us({first})) / 1000000.0)"


class add_seconds(FunctionElement):  # noqa: N801
    """A time moved by a constant number of seconds."""

    type = sa.DateTime()
    inherit_cache = True
    name = "add_seconds"


@compiles(add_seconds)
def _add(element: Any, compiler: Any, **options: Any) -> str:
    moment, seconds = list(element.clauses)
    shift = f"INTERVAL '{int(seconds.value)}' SECOND"
    return f"({compiler.process(moment, **options)} + {shift})"


def at(moment: datetime) -> ColumnElement:
    """Return a moment as a value whose type every dialect sees."""
    return sa.cast(sa.literal(moment), sa.DateTime)


def after(moment: ColumnElement, *, days: float = 0, minutes: float = 0) -> Any:
    """Return *moment* moved by a constant."""
    seconds = int(days * 86400 + minutes * 60)
    return add_seconds(moment, sa.literal(seconds))


def local(moment: ColumnElement, zone: ColumnElement | str) -> ColumnElement:
    """Return a UTC time as clocks in *zone* show it."""
    return sa.func.timezone(zone, sa.func.timezone("UTC", moment), type_=sa.DateTime)


def known(column: ColumnElement, now: Moment) -> ColumnElement:
    """Return a stamp as it was known at *now*: null while it lay ahead."""
    return sa.case((column <= now, column))


def is_cancelled(status: ColumnElement) -> ColumnElement:
    """Tell a cancellation by a status that no contract codes, however it is spelled."""
    return sa.func.lower(sa.func.coalesce(status, "")).in_(
        ("cancelled", "canceled", "已取消")
    )


def flag(condition: ColumnElement) -> ColumnElement:
    """Return 1 where *condition* holds, else 0: a measure that counts."""
    return sa.case((condition, 1), else_=0)


def amount(value: ColumnElement) -> ColumnElement:
    """Return a measure that sums; nothing known counts 0.

    It is a double: sums of BIGINT become HUGEINT in DuckDB, which is 37 times slower
    to read (design/warehouse.md §4).
    """
    return sa.cast(sa.func.coalesce(value, 0), sa.Double)


ROW = "row"
"""Wanted of a fact that stacks several tables: that its rows say what they are."""

ROW_KEYS = ("row_what", "row_row_id", "row_work_order_id", "row_technician_id")


def row_keys(
    ask: Ask,
    what: str,
    *,
    row_id: ColumnElement | None = None,
    order: ColumnElement | None = None,
    technician: ColumnElement | None = None,
) -> list[ColumnElement]:
    """Return what a stacked row is: its table, id, order and technician, if wanted."""
    if ROW not in ask.wanted:
        return []
    values = (sa.literal(what), row_id, order, technician)
    return [
        sa.cast(sa.null() if value is None else value, sa.String).label(name)
        for name, value in zip(ROW_KEYS, values, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Rows behind metrics.

    *rows* takes what is asked and returns a select of
    `day` (local day, the cohort date), `store_id`, those dimensions and all measures.
    *tables* are the conformed tables whose changes change it; *settles* lists after
    how many days a row's verdict changes by the passing of time alone, so that the
    mart of those days is made anew. A fact that pages do not show has no mart.
    """

    name: str
    rows: Callable[[Ask], sa.Select]
    measures: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    tables: tuple[str, ...]
    settles: tuple[int, ...] = (0,)
    has_mart: bool = True

    def check(self, dimension: str) -> None:
        """Raise unless the fact has *dimension*."""
        if dimension not in self.dimensions:
            raise UnknownNameError(
                f"dimension of {self.name}", dimension, self.dimensions
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Rows that are true at a moment.

    *rows* takes what is asked (`ask.now` is the moment) and the day that the period
    ends before; it returns `store_id`, the wanted dimensions and the measures.
    A measure is summed unless *totals* says how else rows become its total; of those
    in *peaks* the total is the greatest. Without a store nothing adds up over stores.
    """

    name: str
    rows: Callable[[Ask, date], sa.Select]
    measures: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    tables: tuple[str, ...]
    totals: Mapping[str, Callable[[Any], ColumnElement]] = field(default_factory=dict)
    peaks: frozenset[str] = frozenset()
    has_store: bool = True

    def total(self, measure: str, rows: Any) -> ColumnElement:
        """Return the select's column that totals *measure* over *rows*."""
        fold = sa.func.max if measure in self.peaks else sa.func.sum
        make = self.totals.get(measure) or (lambda r: fold(r.c[measure]))
        return make(rows).label(measure)


ORDER_DIMENSIONS = (
    "technician_id",
    "complaint_group",
    "order_type",
    "entry_mode",
    "model",
)
PART_DIMENSIONS = ("part_number", "category", "abc_class")


_LINES = CONFORMED["work_order_lines"]
GROUPS = (
    sa.select(_LINES.c.work_order_id, _LINES.c.complaint_group)
    .where(_LINES.c.complaint_group.is_not(None))
    .distinct()
    .subquery("order_groups")
)
"""The complaint groups of an order: split by group, an order counts once under each."""


def with_details(source: sa.FromClause, wanted: frozenset[str]) -> sa.FromClause:
    """Join vehicle and complaint groups to orders, only where somebody asks."""
    if "model" in wanted:
        vehicles = CONFORMED["vehicles"]
        source = source.outerjoin(vehicles, vehicles.c.vin == FCT_ORDERS.c.vin)
    if "complaint_group" in wanted:
        source = source.outerjoin(
            GROUPS, GROUPS.c.work_order_id == FCT_ORDERS.c.work_order_id
        )
    return source


def order_dimensions(wanted: frozenset[str]) -> list[ColumnElement]:
    """Return the wanted dimensions of a fact about work orders."""
    chosen = [
        FCT_ORDERS.c[name]
        for name in ("technician_id", "order_type", "entry_mode")
        if name in wanted
    ]
    if "complaint_group" in wanted:
        chosen.append(GROUPS.c.complaint_group)
    if "model" in wanted:
        chosen.append(CONFORMED["vehicles"].c.model)
    return chosen


def part_dimensions(wanted: frozenset[str]) -> list[ColumnElement]:
    """Return the wanted dimensions of a fact about parts."""
    parts = CONFORMED["parts"]
    return [parts.c[name] for name in PART_DIMENSIONS if name in wanted]
