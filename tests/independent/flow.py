"""Counts of orders and how they were entered (interfaces.md, further ids)."""

import pandas as pd

from .scope import Ask, scoped, within
from .summary import count, share, summarise


def orders_arrived(ask: Ask) -> pd.DataFrame:
    """Orders checked in during the period (default: the day of as_of), cancelled ones left out."""
    rows = ask.world.orders
    rows = rows[rows["status"] != "cancelled"]
    rows = rows.assign(day=rows["checkin_day"])
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
    """Share of one entry mode among orders whose mode is known, by check-in day.

    A plain share of entry_mode: when an order was entered plays no part (the 24 h rule of kpis.md
    16 is the maturity indicator's). Cancelled orders and orders without a mode are left out.
    """
    rows = ask.world.orders
    rows = rows[(rows["status"] != "cancelled") & rows["entry_mode"].notna()]
    rows = rows.assign(num=rows["entry_mode"] == kind, den=1, day=rows["checkin_day"])
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
