"""Which columns name a row behind a number, and where each comes from.

A fact's select is widened by columns of the tables it already joins: the rows and
their measures stay exactly those that the reading was summed from.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from warehouse.contracts import Column, Kind, contract
from warehouse.store.facts import Ask
from warehouse.store.facts.kit import ROW_KEYS, known
from warehouse.store.schema import CONFORMED, FCT_ORDERS, FCT_SURVEYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A column that names a row: its contract column tells who may see it."""

    name: str
    value: sa.ColumnElement
    kind: Kind = Kind.TEXT
    column: Column | None = None

    def at(self, ask: Ask) -> sa.ColumnElement:
        """Return the column as it was known at the moment asked about."""
        is_time = self.kind is Kind.TIMESTAMP
        return (known(self.value, ask.now) if is_time else self.value).label(
            f"row_{self.name}"
        )


def _of(table: sa.Table, promised: str, *names: str) -> tuple[Detail, ...]:
    """Return columns of *table*, described by the contract of the table *promised*."""
    columns = {c.name: c for c in contract(promised).columns}
    found = []
    for name in names:
        declared = columns.get(name)
        kind = declared.kind if declared else _kind(table.c[name])
        found.append(Detail(name=name, value=table.c[name], kind=kind, column=declared))
    return tuple(found)


def _kind(column: sa.Column) -> Kind:
    kinds: tuple[tuple[type, Kind], ...] = (
        (sa.Boolean, Kind.BOOLEAN),
        (sa.DateTime, Kind.TIMESTAMP),
        (sa.Date, Kind.DATE),
        (sa.Integer, Kind.INTEGER),
        (sa.Double, Kind.NUMBER),
    )
    return next((k for t, k in kinds if isinstance(column.type, t)), Kind.TEXT)


def _orders(*names: str) -> tuple[Detail, ...]:
    return _of(FCT_ORDERS, "work_orders", "work_order_id", "vin", *names)


def _named(name: str, text: str, kind: Kind = Kind.TEXT, like: str = "") -> Detail:
    """Return a column of a subquery of the fact, by the name it has there."""
    table, _, column = like.partition(".")
    declared = contract(table).column(column) if like else None
    types: dict[Kind, Any] = {Kind.TIMESTAMP: sa.DateTime(), Kind.NUMBER: sa.Double()}
    value = sa.literal_column(text, types.get(kind, sa.String()))
    return Detail(name=name, value=value, kind=kind, column=declared)


OTHER_ORDERS = frozenset({"comeback_of", "comeback_by"})
"""Columns that name another order than the row's own: maybe another store's."""

_TIMES = _orders("order_type", "technician_id", "checkin_at")
_BOOKED = CONFORMED["appointments"]
_ASKED = CONFORMED["part_requests"]
_PARTS = CONFORMED["parts"]
_SAID = CONFORMED["complaints"]
_PEOPLE = CONFORMED["customers"]
_CLOCKED = tuple(
    Detail(name=name.removeprefix("row_"), value=sa.literal_column(name))
    for name in ROW_KEYS
)

DETAILS: dict[str, tuple[Detail, ...]] = {
    "checkins": _orders(
        "order_type",
        "technician_id",
        "checkin_at",
        "ready_notified_at",
        "entry_mode",
        "comeback_of",
        "comeback_rule",
    ),
    "deliveries": _orders(
        "order_type",
        "technician_id",
        "delivered_at",
        "comeback_at",
        "comeback_by",
        "parts_pending",
        "redo_before_leaving",
        "complained_at",
    ),
    "promises": _orders(
        "order_type",
        "technician_id",
        "checkin_at",
        "first_promised_at",
        "ready_notified_at",
    ),
    "receptions": _orders(
        "technician_id", "appointment_at", "checkin_at", "writeup_at"
    ),
    "appointments": (
        *_of(
            _BOOKED,
            "appointments",
            "appointment_id",
            "vin",
            "channel",
            "appointment_at",
        ),
        _named("checkin_at", "arrival.checkin_at", Kind.TIMESTAMP),
        _named("work_order_id", "arrival.work_order_id"),
    ),
    "labour": _CLOCKED,
    "bay_hours": _CLOCKED,
    "dispatched": (
        *_orders("order_type"),
        _named("technician_id", "per_order.dispatched_to"),
    ),
    "demand": (
        *_of(
            _ASKED,
            "part_requests",
            "request_id",
            "work_order_id",
            "part_number",
        ),
        Detail(name="part_name", value=_PARTS.c.name),
        *_of(_PARTS, "parts", "abc_class"),
        *_of(
            _ASKED,
            "part_requests",
            "requested_at",
            "qty_requested",
            "qty_filled_first",
        ),
    ),
    "kits": (
        _named("work_order_id", "kit.work_order_id"),
        _named("missing_lines", "kit.missing", Kind.NUMBER),
    ),
    "sku_days": (
        *_of(_PARTS, "parts", "part_number"),
        Detail(name="part_name", value=_PARTS.c.name),
        *_of(_PARTS, "parts", "abc_class"),
    ),
    "answers": _of(
        FCT_SURVEYS,
        "surveys",
        "survey_id",
        "work_order_id",
        "instrument_id",
        "answered_at",
        "score",
    ),
    "invitations": _of(
        FCT_SURVEYS,
        "surveys",
        "survey_id",
        "work_order_id",
        "instrument_id",
        "sent_at",
        "answered_at",
    ),
    "complaints": _of(
        _SAID,
        "complaints",
        "complaint_id",
        "work_order_id",
        "category",
        "received_at",
        "closed_at",
    ),
    "in_shop": _orders(
        "order_type",
        "technician_id",
        "appointment_at",
        "checkin_at",
        "bay_in_at",
        "ready_notified_at",
    ),
    "customer_records": _of(
        _PEOPLE,
        "customers",
        "source_system",
        "source_customer_id",
        "name",
        "phone",
        "city",
        "created_at",
    ),
    "stock_snapshot": (
        *_of(_PARTS, "parts", "part_number"),
        Detail(name="part_name", value=_PARTS.c.name),
        *_of(_PARTS, "parts", "abc_class"),
    ),
    "wait_writeup": (*_TIMES, *_of(FCT_ORDERS, "work_orders", "writeup_at")),
    "wait_bay": (*_TIMES, *_of(FCT_ORDERS, "work_orders", "writeup_at", "bay_in_at")),
    "wait_parts": (*_TIMES, *_of(FCT_ORDERS, "work_orders", "work_done_at")),
    "wait_handover": (
        *_TIMES,
        *_of(FCT_ORDERS, "work_orders", "ready_notified_at", "delivered_at"),
    ),
    "cust_wait_total": (*_TIMES, *_of(FCT_ORDERS, "work_orders", "ready_notified_at")),
    "repair_duration": (
        *_TIMES,
        *_of(FCT_ORDERS, "work_orders", "bay_in_at", "work_done_at"),
    ),
    "tat_in_shop": (*_TIMES, *_of(FCT_ORDERS, "work_orders", "ready_notified_at")),
}
"""Fact, state or time → what names its rows, the identity first."""

UNKNOWN_AHEAD = frozenset({"first_promised_at", "appointment_at"})
"""Times that are known before they come: shown whatever the moment."""

COLLAPSED = {"stock_turnover": ("part_number",)}
"""States of which many rows make one: shown one line a store and part."""

KEYED = frozenset({"labour", "bay_hours"})
"""Facts that stack several tables and name their rows themselves when asked to."""

# A part is worth naming, and is a column like any other there.
PART_NUMBER = contract("parts").column("part_number")


def selected(name: str, rows: sa.Select, ask: Ask) -> sa.Select:
    """Return a fact's rows with the columns that name them."""
    if name in KEYED or name in COLLAPSED:
        return rows
    details = DETAILS.get(name, ())
    return rows.add_columns(
        *[
            d.value.label(f"row_{d.name}") if d.name in UNKNOWN_AHEAD else d.at(ask)
            for d in details
        ]
    )


def details_of(name: str) -> tuple[Detail, ...]:
    """Return the columns that name a row of a fact, in order."""
    if name in COLLAPSED:
        return tuple(
            Detail(name=n, value=sa.literal_column(n), column=PART_NUMBER)
            for n in COLLAPSED[name]
        )
    return DETAILS.get(name, ())
