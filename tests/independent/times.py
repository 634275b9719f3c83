"""Waits and durations (kpis.md section 3; interfaces.md, «More rules» and «Times»)."""

import pandas as pd

from .hours import closed_overlap, union_by
from .scope import Ask, scoped, within
from .summary import summarise, timing
from .world import STAMPS, World, borrow

WAITING_TYPES = ("repair", "maintenance")
HEADLINE = {
    "wait_writeup": "p90",
    "wait_bay": "p90",
    "wait_parts": "p90",
    "wait_handover": "p90",
    "cust_wait_total": "p90",
    "repair_duration": "p50",
    "tat_in_shop": "p50",
}


def waiting_orders(world: World) -> pd.DataFrame:
    """Only order types repair and maintenance wait (interfaces.md); cancelled ones do not count."""
    orders = world.orders
    keep = orders["order_type"].isin(WAITING_TYPES) & (orders["status"] != "cancelled")
    kept = orders[keep]
    return kept.assign(day=kept["checkin_day"])


def span(
    world: World, rows: pd.DataFrame, begin: str, end: str, unit: str
) -> pd.DataFrame:
    """Time from one stamp to another; still running ones are censored at as_of.

    Running means: begun by as_of, the end is not stamped, nor any later stamp, and the order is
    open. An end that is missing although the order went on is unknown and left out. Never below 0.
    """
    rows = rows[rows[begin].notna()]
    later = STAMPS[STAMPS.index(end) :]
    running = rows[later].isna().all(axis=1) & (rows["status"] == "open")
    running &= rows[begin] <= world.as_of
    rows = rows[rows[end].notna() | running]
    until = rows[end].fillna(world.as_of)
    length = (until - rows[begin]).dt.total_seconds() / {"min": 60, "h": 3600}[unit]
    return rows.assign(until=until, t=length.clip(lower=0), closed=rows[end].notna())


def wait_writeup(world: World) -> pd.DataFrame:
    """Write-up - max(appointment, check-in), floor 0, walk-in from check-in, minutes."""
    return span(world, waiting_orders(world), "start_at", "writeup_at", "min")


def wait_bay(world: World) -> pd.DataFrame:
    """Bay-in - write-up, minutes."""
    return span(world, waiting_orders(world), "writeup_at", "bay_in_at", "min")


def wait_handover(world: World) -> pd.DataFrame:
    """Delivery - ready_notified, minutes."""
    return span(
        world, waiting_orders(world), "ready_notified_at", "delivered_at", "min"
    )


def tat_in_shop(world: World) -> pd.DataFrame:
    """Ready_notified - check-in, hours."""
    return span(world, waiting_orders(world), "checkin_at", "ready_notified_at", "h")


def wait_parts(world: World) -> pd.DataFrame:
    """Sum of the order's parts pauses in minutes, for orders that paused for parts.

    Censored while the order is in work (open, work not done). A pause nobody ended stops at the
    order's next known stamp.
    """
    pauses = world["pauses"]
    pauses = pauses[pauses["reason"] == "parts"]
    orders = waiting_orders(world).set_index("work_order_id")
    pauses = pauses[pauses["work_order_id"].isin(orders.index)].copy()
    done = orders[["work_done_at", "ready_notified_at", "delivered_at"]].min(axis=1)
    stop = borrow(pauses["work_order_id"], done).fillna(world.as_of)
    until = pauses["ended_at"].fillna(stop)
    pauses["t"] = ((until - pauses["started_at"]).dt.total_seconds() / 60).clip(lower=0)
    rows = orders.join(pauses.groupby("work_order_id")["t"].sum(), how="inner")
    working = (rows["status"] == "open") & done.reindex(rows.index).isna()
    return rows.assign(closed=~working).reset_index()


def clock_spans(world: World) -> pd.DataFrame:
    """Job clocks with an end; an open one runs to as_of, or to the end of the order's work."""
    clocks = world["job_clocks"]
    done = world.of_order(clocks["work_order_id"], "work_done_at")
    until = clocks["clock_out_at"].fillna(done.fillna(world.as_of))
    until = until.where(until >= clocks["clock_in_at"], clocks["clock_in_at"])
    return clocks.assign(begin=clocks["clock_in_at"], until=until)


def cust_wait_total(world: World) -> pd.DataFrame:
    """max(appointment, check-in) to ready less clocked work, customers waiting on site, minutes.

    Clocked work is the wall time in which at least one technician was clocked on the order.
    """
    rows = waiting_orders(world)
    rows = span(
        world, rows[rows["waiting_on_site"]], "start_at", "ready_notified_at", "min"
    )
    limits = rows.set_index("work_order_id")[["start_at", "until"]]
    clocks = clock_spans(world)[["work_order_id", "begin", "until"]]
    clocks = clocks.join(limits.add_prefix("order_"), on="work_order_id", how="inner")
    clocks["begin"] = clocks[["begin", "order_start_at"]].max(axis=1)
    clocks["until"] = clocks[["until", "order_until"]].min(axis=1)
    worked = union_by(clocks, ["work_order_id"]) * 60
    less = borrow(rows["work_order_id"], worked).fillna(0)
    return rows.assign(t=(rows["t"] - less).clip(lower=0))


def repair_duration(world: World) -> pd.DataFrame:
    """work_done - bay_in less closed hours, hours, repairs done on the day of check-in.

    A repair still in work is censored as long as as_of is on its check-in day.
    """
    rows = waiting_orders(world)
    rows = span(
        world, rows[rows["order_type"] == "repair"], "bay_in_at", "work_done_at", "h"
    )
    same = world.day(rows["until"], rows["store_id"]) == rows["checkin_day"]
    rows = rows[same]
    closed = closed_overlap(world, rows, "bay_in_at", "until")
    return rows.assign(t=(rows["t"] - closed).clip(lower=0))


SAMPLES = {
    "wait_writeup": wait_writeup,
    "wait_bay": wait_bay,
    "wait_parts": wait_parts,
    "wait_handover": wait_handover,
    "cust_wait_total": cust_wait_total,
    "repair_duration": repair_duration,
    "tat_in_shop": tat_in_shop,
}


def sample(world: World, metric: str) -> pd.DataFrame:
    """A time metric's rows, computed once for all its variants."""
    return world.once(SAMPLES[metric])


def reading(metric: str, variant: str, ask: Ask) -> pd.DataFrame:
    """P50, P90 or mean of a time metric; a wait belongs to the day of check-in."""
    rows = within(sample(ask.world, metric), ask, days=30)
    return summarise(scoped(rows, ask), ask.by, timing(variant or HEADLINE[metric]))


def waiting_now(ask: Ask) -> pd.DataFrame:
    """Customers waiting on site at as_of: open, checked in, not ready (kpis.md 3, «Now» tile)."""
    rows = open_waits(ask)
    return summarise(
        rows,
        ask.by,
        lambda p: {
            "value": float(len(p)),
            "n": float(len(p)),
            "numerator": float(len(p)),
        },
    )


def longest_wait_now(ask: Ask) -> pd.DataFrame:
    """The longest of their waits so far, measured as cust_wait_total; null when nobody waits."""
    return summarise(
        open_waits(ask),
        ask.by,
        lambda p: {"value": float(p["t"].max()), "n": float(len(p))},
    )


def open_waits(ask: Ask) -> pd.DataFrame:
    """The censored rows of cust_wait_total, whatever the period."""
    rows = sample(ask.world, "cust_wait_total")
    return scoped(rows[~rows["closed"]], ask)
