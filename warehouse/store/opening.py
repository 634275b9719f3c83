"""When each store is open, and in which zone: what a screen in the store lives by."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from warehouse.records import OpeningHours
from warehouse.scope import Rights
from warehouse.store.schema import CONFORMED, STORE_DAYS

Fetch = Callable[[sa.Select], pd.DataFrame]


def opening_hours(
    fetch: Fetch, rights: Rights, as_of: datetime, zone: str
) -> list[OpeningHours]:
    """Return the opening hours of the day *as_of* falls on, in each store's zone.

    *as_of* is aware; *zone* is that of stores whose own is not known. A store without
    a row for that day is taken to be open at hours nobody knows.
    """
    stores, days = CONFORMED["stores"], STORE_DAYS
    # One day to each side: the local day of a store may be another than that of UTC.
    near = days.c.day.between(
        as_of.date() - timedelta(days=1), as_of.date() + timedelta(days=1)
    )
    select = sa.select(
        stores.c.store_id,
        stores.c.timezone,
        days.c.day,
        days.c.is_open,
        days.c.opens_at,
        days.c.closes_at,
    ).select_from(
        stores.outerjoin(days, sa.and_(days.c.store_id == stores.c.store_id, near))
    )
    if rights.store_ids is not None:
        select = select.where(stores.c.store_id.in_(sorted(rights.store_ids)))
    frame = fetch(select.order_by(stores.c.store_id, days.c.day))
    return [
        _of_store(str(store_id), rows, as_of, zone)
        for store_id, rows in frame.groupby("store_id", sort=False)
    ]


def _of_store(
    store_id: str, rows: pd.DataFrame, as_of: datetime, zone: str
) -> OpeningHours:
    told = rows["timezone"].iloc[0]
    own = zone if pd.isna(told) else str(told)
    today = as_of.astimezone(ZoneInfo(own)).date()
    days = pd.to_datetime(rows["day"])
    found = rows[days.notna() & (days.dt.date == today)]
    if found.empty:
        return OpeningHours(store_id=store_id, zone=own, day=today)
    row = found.iloc[-1]
    return OpeningHours(
        store_id=store_id,
        zone=own,
        day=today,
        is_open=bool(row["is_open"]),
        opens_at=_clock(row["opens_at"], own),
        closes_at=_clock(row["closes_at"], own),
    )


def _clock(moment: Any, zone: str) -> time | None:
    """Return a UTC moment as the time on the wall of *zone*."""
    if pd.isna(moment):
        return None
    local = pd.Timestamp(moment).tz_localize("UTC").tz_convert(zone)
    return local.time().replace(second=0, microsecond=0)
