"""Counts of orders and how they were entered (interfaces.md, further ids; kpis.md section 16)."""

import pandas as pd

from .scope import Ask, scoped, within
from .summary import count, share, summarise

LATE = pd.Timedelta(hours=24)


def orders_arrived(ask: Ask) -> pd.DataFrame:
    """Orders checked in during the period (default: the day of as_of), cancelled ones left out."""
    rows = ask.world.orders
    rows = rows[rows["status"] != "cancelled"].assign(day=rows["checkin_day"])
    return summarise(scoped(within(rows, ask, days=1), ask), ask.by, count)


def orders_in_progress(ask: Ask) -> pd.DataFrame:
    """Orders checked in, open and not delivered at as_of, whatever the period."""
    rows = ask.world.orders
    rows = rows[(rows["status"] == "open") & rows["delivered_at"].isna()]
    return summarise(scoped(rows.assign(day=rows["checkin_day"]), ask), ask.by, count)


def orders_delivered(ask: Ask) -> pd.DataFrame:
    """Orders delivered during the period (default: the day of as_of), cancelled ones left out."""
    rows = ask.world.orders
    rows = rows[(rows["status"] != "cancelled") & rows["delivered_at"].notna()]
    rows = rows.assign(day=ask.world.day(rows["delivered_at"], rows["store_id"]))
    return summarise(scoped(within(rows, ask, days=1), ask), ask.by, count)


def entry_share(kind: str, ask: Ask) -> pd.DataFrame:
    """Share of orders entered live, backfilled (within 24 h) or on paper.

    Paper = first recorded on paper or entered more than 24 h after check-in (kpis.md 16); live and
    backfilled are what is left of the modes, so the three add to 1. Cancelled orders and orders
    without an entry mode are left out.
    """
    rows = ask.world.orders
    rows = rows[(rows["status"] != "cancelled") & rows["entry_mode"].notna()]
    late = (rows["entered_at"] - rows["checkin_at"]) > LATE
    mode = rows["entry_mode"].where(~late, "paper")
    rows = rows.assign(num=mode == kind, den=1, day=rows["checkin_day"])
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
