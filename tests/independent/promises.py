"""Same-day, promises and appointments (kpis.md section 3; interfaces.md, «More rules»)."""

import pandas as pd

from .scope import Ask, scoped, within
from .summary import share, summarise
from .times import waiting_orders
from .world import borrow

CUT_OFF = pd.Timedelta(hours=15)
GRACE = pd.Timedelta(minutes=15)
DAY = pd.Timedelta(days=1)


def same_day(ask: Ask) -> pd.DataFrame:
    """Ready on the check-in date over check-ins before 15:00; not judged until the day ends."""
    world = ask.world
    rows = waiting_orders(world)
    arrived = world.local(rows["checkin_at"], rows["store_id"])
    over = world.utc(rows["day"] + DAY, rows["store_id"]) <= world.as_of
    ready = world.day(rows["ready_notified_at"], rows["store_id"])
    rows = rows.assign(num=ready == rows["day"], den=1)
    rows = rows[(arrived - rows["day"] < CUT_OFF) & over]
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)


def promise_kept(ask: Ask) -> pd.DataFrame:
    """Ready <= first promised_at over orders whose promise has passed, by the day promised.

    Open and past the promise fails now; before the promise nothing is judged (immature).
    """
    world = ask.world
    rows = world.orders[world.orders["status"] != "cancelled"]
    promised = rows["first_promised_at"].fillna(rows["promised_at"])
    rows = rows.assign(
        promise=promised, day=world.day(promised, rows["store_id"]), den=1
    )
    rows = rows.assign(
        num=rows["ready_notified_at"] <= rows["promise"],
        known=rows["promise"] <= world.as_of,
    )
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)


def appt_on_time(ask: Ask) -> pd.DataFrame:
    """Check-in <= appointment + 15 min over kept appointments past that moment.

    No-shows (no check-in known) are separate, so they are not below the line.
    """
    world = ask.world
    booked = world["appointments"]
    orders = world.orders.sort_values(["checkin_at", "work_order_id"])
    orders = orders.drop_duplicates("appointment_id")
    orders = orders[orders["appointment_id"].notna()].set_index("appointment_id")
    came = borrow(booked["appointment_id"], orders["checkin_at"])
    limit = booked["appointment_at"] + GRACE
    order = pd.Series(orders["work_order_id"].reindex(booked["appointment_id"]).array)
    rows = booked.assign(
        num=came <= limit,
        den=1,
        work_order_id=order,
        day=world.day(booked["appointment_at"], booked["store_id"]),
    )
    rows = rows[came.notna() & (limit <= world.as_of)]
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)


def appt_served_on_time(ask: Ask) -> pd.DataFrame:
    """Write-up <= max(appointment, check-in) + 15 min over orders with an appointment.

    Judged when the 15 minutes are over: successes are known sooner than failures, and would
    flatter the running hour.
    """
    world = ask.world
    rows = world.orders
    rows = rows[rows["appt_at"].notna() & (rows["status"] != "cancelled")]
    limit = rows["start_at"] + GRACE
    rows = rows.assign(num=rows["writeup_at"] <= limit, den=1, day=rows["checkin_day"])
    rows = rows[limit <= world.as_of]
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
