"""What a system knows at a moment: rows that arrived, fields that have happened.

Everything is simulated with its future; what is later than the moment is masked.
"""

from collections.abc import Callable

import numpy as np

from etl.demo.customers import RIGHT
from etl.demo.days import NEVER
from etl.demo.orders import Rows
from etl.demo.problems import Problems
from etl.demo.schema import Sheet

ALWAYS = -NEVER


def change_between(
    sheet: Sheet, table: Rows, since: int, now: np.ndarray
) -> np.ndarray:
    """Rows that became known or changed after *since*, up to *now* of each row."""
    known = table["known"]
    fresh = known > since
    for moment in sheet.moments:
        happened = table[moment]
        fresh |= (np.maximum(happened, known) > since) & (happened <= now)
    return fresh & (known <= now)


def clock_of_rows(
    sheet: Sheet, table: Rows, now: int, problems: Problems
) -> np.ndarray:
    """Return up to when each row is told: a silent store stopped long ago."""
    moments = np.full(len(table["known"]), now)
    if "store" not in table:
        return moments
    silent = table["store"] == problems.silent_store
    if sheet.system == "dms":
        return np.where(silent, np.minimum(now, problems.silent_from), moments)
    if "order_known" in table:
        # Nobody asks about an order that the DMS never told.
        never = silent & (table["order_known"] > problems.silent_from)
        return np.where(never, ALWAYS, moments)
    return moments


def visible(
    sheet: Sheet, table: Rows, since: int, now: int, problems: Problems
) -> tuple[Rows, int]:
    """Return the rows to deliver for ``(since, now]`` and how many there are.

    Arrays that a column shows only from a moment on are masked in the copy.
    """
    clock = clock_of_rows(sheet, table, now, problems)
    rows = np.flatnonzero(change_between(sheet, table, since, clock))
    chosen = {name: column[rows] for name, column in table.items()}
    clock = clock[rows]
    seen = {m: chosen[m] <= clock for m in sheet.moments}
    derive = _DERIVED.get(sheet.table)
    if derive:
        derive(chosen, seen)
    for column in sheet.columns:
        if column.shown_from:
            values = chosen[column.array]
            hidden = ~seen[column.shown_from]
            chosen[column.name + "!"] = np.where(
                hidden, empty(values, column.kind), values
            )
    return chosen, len(rows)


def empty(values: np.ndarray, kind: str) -> object:
    """Return what stands for an empty field in an array of this kind."""
    if kind in {"time", "offset_time", "date"}:
        return NEVER
    return np.nan if values.dtype.kind == "f" else -1


def _work_orders(rows: Rows, seen: Rows) -> None:
    rows["status"] = np.select([seen["cancelled_at"], seen["delivered"]], [2, 1], 0)
    newest = np.maximum(rows["entered"], rows["checkin"])
    for moment, happened in seen.items():
        newest = np.where(happened, np.maximum(newest, rows[moment]), newest)
    rows["updated"] = newest


def _attendance(rows: Rows, seen: Rows) -> None:
    shift = rows["hours"]
    hours = np.select(
        [seen["end"], seen["late"], seen["mid"]],
        [shift, np.minimum(shift, 6.0), np.minimum(shift, 4.0)],
        np.minimum(shift, 2.0),
    )
    rows["hours"] = hours


def _appointments(rows: Rows, seen: Rows) -> None:
    rows["status"] = np.where(seen["settled"], rows["status"], 0)


def _partner_orders(rows: Rows, seen: Rows) -> None:
    rows["status"] = np.select(
        [seen["cancelled"], seen["delivered"], seen["responded"]], [3, 2, 1], 0
    )


def _customers(rows: Rows, seen: Rows) -> None:
    later = seen["updated"]
    rows["updated_at"] = np.where(later, rows["updated"], rows["known"])
    rows["fault"] = np.where(later & (rows["repaired"] > 0), RIGHT, rows["fault"])


_DERIVED: dict[str, Callable[[Rows, Rows], None]] = {
    "work_orders": _work_orders,
    "attendance": _attendance,
    "appointments": _appointments,
    "partner_orders": _partner_orders,
    "customers": _customers,
}
