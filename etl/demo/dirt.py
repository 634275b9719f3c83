"""Realistic dirt: bad rows beside the good ones, each counted for truth.json.

A dirty row is a copy of a settled one under its own key, so the good rows stay whole
and the totals of the network are known.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from etl.demo.schema import Sheet
from etl.demo.vin import check_digit

Record = dict[str, str | None]
REJECT, DUPLICATE, INFERRED = "reject", "duplicate", "inferred"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of dirt: how often it happens and what it does to a copied row."""

    table: str
    name: str
    column: str
    outcome: str
    every: int
    spoil: Callable[[Record], str | None]


def _fixed(value: str | None) -> Callable[[Record], str | None]:
    return lambda _row: value


def _letters(row: Record) -> str:
    vin = str(row["vin"])
    return vin[:12] + "IOQ"[len(vin) % 3] + vin[13:]


def _short(row: Record) -> str:
    return str(row["vin"])[:-1]


def _stranger(row: Record) -> str:
    """Return a correct VIN of a car that nobody ever delivered."""
    vin = "LZZ" + str(row["vin"])[3:]
    return vin[:8] + check_digit(vin) + vin[9:]


def _day_before(row: Record) -> str:
    stamp = str(row["checkin_at"])
    day = np.datetime64(stamp[:19]) - np.timedelta64(1, "D")
    return str(day)


RULES = (
    Rule("work_orders", "vin_letters", "vin", REJECT, 2400, _letters),
    Rule("work_orders", "vin_length", "vin", REJECT, 2900, _short),
    Rule("work_orders", "before_checkin", "delivered_at", REJECT, 1900, _day_before),
    Rule("work_orders", "unknown_code", "order_type", REJECT, 3700, _fixed("REPAIRX")),
    Rule("work_orders", "unknown_code", "status", REJECT, 4300, _fixed("已结")),
    Rule("work_orders", "required", "store_id", REJECT, 4100, _fixed(None)),
    Rule("work_orders", "required", "checkin_at", REJECT, 4700, _fixed(None)),
    Rule(
        "work_orders",
        "unparsable",
        "checkin_at",
        REJECT,
        3300,
        _fixed("2026-02-30 25:61"),
    ),
    Rule("work_orders", "unknown_vehicle", "vin", INFERRED, 5300, _stranger),
    Rule("work_orders", "unknown_store", "store_id", INFERRED, 31000, _fixed("S998")),
    Rule("part_requests", "required", "part_number", REJECT, 7100, _fixed(None)),
    Rule(
        "part_requests",
        "unknown_part",
        "part_number",
        INFERRED,
        9100,
        _fixed("OLD-9999"),
    ),
    Rule("part_requests", "unparsable", "qty_requested", REJECT, 8900, _fixed("一")),
    Rule("surveys", "score_range", "score", REJECT, 900, _fixed("11")),
    Rule("surveys", "required", "instrument_id", REJECT, 2300, _fixed(None)),
    Rule(
        "dispatches", "unparsable", "dispatched_at", REJECT, 8300, _fixed("0000-00-00")
    ),
    Rule("pauses", "unknown_code", "reason", REJECT, 6100, _fixed("吃饭")),
    Rule("attendance", "unparsable", "attended_hours", REJECT, 9700, _fixed("全天")),
    Rule("appointments", "unknown_code", "order_type", REJECT, 7900, _fixed("wash")),
    Rule("complaints", "unparsable", "received_at", REJECT, 700, _fixed("昨天下午")),
    Rule("customers", "required", "source_customer_id", REJECT, 5900, _fixed(None)),
    Rule("partner_orders", "unparsable", "requested_at", REJECT, 15000, _fixed("N/A")),
    Rule("partner_orders", "required", "partner_id", REJECT, 17000, _fixed(None)),
)
_OWN_KEY = {  # what a dirty copy is called, so that it meets no good row
    "work_orders": "work_order_id",
    "part_requests": "request_id",
    "surveys": "survey_id",
    "dispatches": "dispatch_id",
    "appointments": "appointment_id",
    "complaints": "complaint_id",
    "partner_orders": "partner_order_id",
}
_DUPLICATE_EVERY = 1300


@dataclass
class Ledger:
    """How many dirty rows went into the files, by table and rule."""

    counts: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)

    def add(
        self, sheet: Sheet, rule: str, column: str, outcome: str, rows: int
    ) -> None:
        """Count *rows* more rows of one kind."""
        if rows:
            self.counts[sheet.system, sheet.table, rule, column, outcome] += rows

    def as_rows(self) -> list[dict[str, object]]:
        """Return the counts as rows for truth.json."""
        names = ("system", "table", "rule", "column", "outcome")
        return [
            dict(zip(names, kind, strict=True)) | {"rows": rows}
            for kind, rows in sorted(self.counts.items())
        ]


def soil(
    sheet: Sheet,
    text: pa.Table,
    settled: np.ndarray,
    keys: np.ndarray,
    ledger: Ledger,
) -> pa.Table:
    """Add dirty copies of *settled* rows to a table of texts."""
    pieces = [text]
    mixed = scramble(keys)
    for number, rule in enumerate(r for r in RULES if r.table == sheet.table):
        rows = np.flatnonzero(settled & (mixed % rule.every == 11 + number))
        if len(rows):
            copies = [_copy(rule, row, number) for row in text.take(rows).to_pylist()]
            pieces.append(_table(copies, text.schema))
            ledger.add(sheet, rule.name, rule.column, rule.outcome, len(rows))
    twice = np.flatnonzero(settled & (mixed % _DUPLICATE_EVERY == 7))
    if len(twice):
        pieces.append(text.take(twice))
        ledger.add(sheet, "repeated_row", "", DUPLICATE, len(twice))
    return pa.concat_tables(pieces)


def _copy(rule: Rule, row: Record, number: int) -> Record:
    own = _OWN_KEY.get(rule.table)
    if own:
        row[own] = f"{row[own]}-X{number}"
    row[rule.column] = rule.spoil(row)
    return row


def _table(rows: list[Mapping[str, str | None]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def scramble(keys: np.ndarray) -> np.ndarray:
    """Spread keys evenly, the same way each time."""
    with np.errstate(over="ignore"):
        x = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (x >> np.uint64(20)).astype(np.int64)
