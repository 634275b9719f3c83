"""The calendar spine: every local day of every store, and when it is open."""

from datetime import datetime

import duckdb

_DAYS = """
    known as (
        select store_id, min(day) as low, max(day) as high from store_days
        group by store_id
    ),
    -- Every store's first day is known but for what this refresh brings.
    came as (
        select store_id, min(day) as day from (
            select store_id, _day as day from work_orders where _seq = {seq}
            union all
            select store_id, snapshot_date from stock_snapshots
            where _seq = {seq}
        ) group by store_id
    ),
    zoned as (
        select s.*, least(came.day, known.low) as first_day, known.low, known.high,
            coalesce(s.timezone, s._zone) as zone
        from stores as s left join known using (store_id)
        left join came using (store_id)
    ),
    reach as (
        select *, greatest(first_day,
            timezone(zone, timezone('UTC', {now}))::date) as last_day,
            low is null or store_id in (
                select store_id from changed_stores
                union all select store_id from changed_calendar) as is_whole
        from zoned where first_day is not null
    ),
    spans as (
        select *, first_day as since, last_day as until from reach where is_whole
        union all
        select *, first_day, low - 1 from reach where not is_whole
        union all
        select *, high + 1, last_day from reach where not is_whole
    ),
    days as (
        select *, unnest(generate_series(since::timestamp, until::timestamp,
            interval 1 day))::date as day
        from spans where since <= until
    )
"""
"""The days that are missing, or of a store whose hours changed, with their store."""


def store_days(con: duckdb.DuckDBPyConnection, seq: int, as_of: datetime) -> None:
    """Add the days up to *as_of* to the calendar spine of every store.

    A store is open every day it exists unless `calendar` says otherwise: service
    centres in China work on weekends and through most holidays.
    """
    now = f"timestamp '{as_of:%Y-%m-%d %H:%M:%S}'"
    con.execute(
        f"""
        create or replace temp table spine as
        with {_DAYS.format(seq=seq, now=now)}
        select d.store_id, d.day,
            coalesce(c.is_open, true)
                and d.day >= coalesce(d.opened_on, d.day)
                and d.day <= coalesce(d.closed_on, d.day) as is_open,
            timezone('UTC', timezone(d.zone, (d.day + d.opens_at))) as opens_at,
            timezone('UTC', timezone(d.zone, (d.day + d.closes_at))) as closes_at,
            d.bays, {seq} as _seq
        from days as d
        left join calendar as c on c.store_id = d.store_id and c.date = d.day
            and not c.is_inferred;
        delete from store_days as k using spine as n
            where k.store_id = n.store_id and k.day = n.day;
        insert into store_days by name select * from spine order by day, store_id;
        """
    )
