"""When each store is open, and in which zone: what a screen in the store lives by."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from operator import itemgetter
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
    rows = fetch(select.order_by(stores.c.store_id, days.c.day)).to_dict("records")
    zones = _zones(rows, as_of, zone)
    return [
        _of_store(str(store_id), list(mine), zones)
        for store_id, mine in groupby(rows, key=itemgetter("store_id"))
    ]


def _zones(
    rows: list[dict[str, Any]], as_of: datetime, zone: str
) -> dict[str | None, tuple[str, date]]:
    """Return the zone that each told zone stands for, and its day: a few for all."""
    told = {_told(row) for row in rows}
    return {
        own: (own or zone, as_of.astimezone(ZoneInfo(own or zone)).date())
        for own in told
    }


def _told(row: dict[str, Any]) -> str | None:
    return None if pd.isna(row["timezone"]) else str(row["timezone"])


def _of_store(
    store_id: str, rows: list[dict[str, Any]], zones: dict[str | None, tuple[str, date]]
) -> OpeningHours:
    own, today = zones[_told(rows[0])]
    found = [r for r in rows if not pd.isna(r["day"]) and r["day"].date() == today]
    if not found:
        return OpeningHours(store_id=store_id, zone=own, day=today)
    row = found[-1]
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
    local = moment.to_pydatetime().replace(tzinfo=timezone.utc)
    return local.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)
