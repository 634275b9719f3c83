"""The calendar spine: every local day of every store, and when it is open."""

from datetime import datetime

import duckdb


def store_days(con: duckdb.DuckDBPyConnection, seq: int, as_of: datetime) -> None:
    """Add the days up to *as_of* to the calendar spine of every store.

    A store is open every day it exists unless `calendar` says otherwise: service
    centres in China work on weekends and through most holidays.
    """
    con.execute(
        f"""
        create or replace temp table spine as
        with reach as (
            select store_id, min(day) as first_day from (
                select store_id, min(_day) as day from work_orders group by store_id
                union all
                select store_id, min(snapshot_date) from stock_snapshots
                group by store_id
            ) group by store_id
        ),
        zoned as (
            select s.*, first_day, coalesce(s.timezone, s._zone) as zone
            from stores as s inner join reach using (store_id)
        ),
        days as (
            select *, unnest(generate_series(first_day::timestamp, greatest(first_day,
                timezone(zone, timezone('UTC', timestamp '{as_of:%Y-%m-%d %H:%M:%S}'
                ))::date)::timestamp, interval 1 day))::date as day
            from zoned
        )
        select d.store_id, d.day,
            coalesce(c.is_open, true)
                and d.day >= coalesce(d.opened_on, d.day)
                and d.day <= coalesce(d.closed_on, d.day) as is_open,
            timezone('UTC', timezone(d.zone, (d.day + d.opens_at))) as opens_at,
            timezone('UTC', timezone(d.zone, (d.day + d.closes_at))) as closes_at,
            d.bays, {seq} as _seq
        from days as d
        left join calendar as c on c.store_id = d.store_id and c.date = d.day
            and not c.is_inferred
        where not exists (
            select 1 from store_days as k
            where k.store_id = d.store_id and k.day = d.day
                and d.store_id not in (select store_id from changed_stores)
                and d.store_id not in (select store_id from changed_calendar)
        );
        delete from store_days as k using spine as n
            where k.store_id = n.store_id and k.day = n.day;
        insert into store_days by name select * from spine order by day, store_id;
        """
    )
