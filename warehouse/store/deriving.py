"""Conformed tables become facts: comebacks, work segments, survey answers.

Only what a refresh changed is derived anew: the changed orders and, around them, the
visits of the same vehicle within the comeback window (kpis.md §2).
"""

from datetime import date

import duckdb

from warehouse.store.comebacks import add_neighbours, pair_visits
from warehouse.store.placing_surveys import place_surveys
from warehouse.store.schema import FCT_ORDERS
from warehouse.store.zones import to_local, to_utc

SLICE_ORDERS = 400_000
"""So many orders are derived at a time when all are."""

_CHANGED_ORDERS = """
    select work_order_id from changed_work_orders
    union select work_order_id from changed_work_order_lines
    union select work_order_id from complaints where _seq = {seq}
    union select work_order_id from replaced_complaints
        semi join changed_complaints using (complaint_id)
    union select o.work_order_id from work_orders as o
        semi join changed_appointments as x on x.appointment_id = o.appointment_id
    union select o.work_order_id from work_orders as o
        semi join rezoned_stores as x on x.store_id = o.store_id
    union select o.work_order_id from work_orders as o
        semi join rezoned_stores as x on x.store_id = o._first_promised_at_home
"""

_SAME_ORDER = " and ".join(
    f"d.{column.name} is not distinct from f.{column.name}"
    for column in FCT_ORDERS.columns
    if column.name != "_seq"
)


def derive(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Bring the derived tables up to date with the changes of this refresh.

    Leaves temp table `affected` (work orders whose facts were derived anew).
    """
    con.execute(
        "create or replace temp table affected as "
        f"select * from ({_CHANGED_ORDERS.format(seq=seq)}) "
        "where work_order_id is not null"
    )
    add_neighbours(con, seq)
    is_first = not con.execute("select count(*) from fct_orders").fetchone()[0]
    _take_orders(con, is_first)
    pair_visits(con)
    _sum_pairs(con)
    if is_first:
        _first_orders(con, seq)
    else:
        _orders(con, seq)
    _segments(con, seq)
    place_surveys(con, seq)


def _take_orders(con: duckdb.DuckDBPyConnection, is_first: bool) -> None:
    """Take the affected orders out of the conformed table, once; at first all are."""
    con.execute(
        f"""
        create or replace temp {"view" if is_first else "table"} affected_orders as
        select o.* from work_orders as o
        {"" if is_first else "semi join affected using (work_order_id)"}
        where not o.is_inferred
        """
    )


def _sum_pairs(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        create or replace temp table returns as
        select return_id, arg_max(first_id, fixed_at) as comeback_of,
            arg_max(why, fixed_at) as comeback_rule
        from pairs group by return_id;

        create or replace temp table firsts as
        select first_id, min(returned_at) as comeback_at,
            arg_min(return_id, returned_at) as comeback_by
        from pairs group by first_id;
        """
    )


def _single_zone(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the zone that all affected orders stand in, if it is one."""
    zones = con.execute("select distinct _zone from affected_orders limit 2").fetchall()
    return zones[0][0] if len(zones) == 1 else None


def _orders(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Derive the affected orders, and put them in the place of what they replace."""
    select = _derived(seq, _single_zone(con), "affected_orders")
    con.execute(f"create or replace temp table derived as {select}")
    _replace_orders(con)


def _first_orders(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Derive all orders, some months at a time: memory does not grow with them."""
    zone = _single_zone(con)
    months = con.execute(
        "select date_trunc('month', checkin_at)::date, count(*) "
        "from affected_orders group by 1 order by 1"
    ).fetchall()
    first, some = None, 0
    for month, count in months:
        first = first or month
        some += count
        if some >= SLICE_ORDERS or month == months[-1][0]:
            _derive_slice(con, seq, zone, first, month)
            first, some = None, 0
    con.execute(
        "create or replace temp view derived as from fct_orders;"
        "create or replace temp table old_orders as from fct_orders limit 0"
    )


def _derive_slice(
    con: duckdb.DuckDBPyConnection,
    seq: int,
    zone: str | None,
    first: date,
    last: date,
) -> None:
    """Derive the orders checked in from month *first* to month *last*."""
    orders = (
        f"affected_orders where checkin_at >= date '{first}' "
        f"and checkin_at < date '{last}' + interval 1 month"
    )
    con.execute(
        f"insert into fct_orders by name {_derived(seq, zone, orders)} "
        "order by checkin_at"
    )


def _derived(seq: int, zone: str | None, orders: str) -> str:
    """Return the select that derives *orders*, a table and perhaps a condition."""
    return f"""
        with mine as (from {orders}), {_LINES}, {_VOICES}, {_BOOKED}
        select {_AS_DELIVERED}, {_clocks(zone)}, {_VERDICTS}, {seq} as _seq
        from mine as o
        left join lines on lines.work_order_id = o.work_order_id
        left join returns on returns.return_id = o.work_order_id
        left join firsts on firsts.first_id = o.work_order_id
        left join voices on voices.work_order_id = o.work_order_id
        left join booked as p on p.appointment_id = o.appointment_id
        left join stores as s on s.store_id = o.store_id
        """


_LINES = """lines as (
    select work_order_id, count(*) as complaint_lines,
        arg_min(complaint_group, line_no) as complaint_group
    from work_order_lines semi join mine using (work_order_id)
    where complaint_group is not null group by work_order_id
)"""
_VOICES = """voices as (
    select c.work_order_id, min(c.received_at) as complained_at
    from complaints as c
    inner join mine as o using (work_order_id)
    where c.received_at <= o.delivered_at + interval 30 day
    group by c.work_order_id
)"""
_BOOKED = """booked as (
    select appointment_id, appointment_at from appointments
    semi join mine using (appointment_id)
)"""

_AS_DELIVERED = """
    o.work_order_id, o.store_id, o.vin, o.order_type, o.status, o.entry_mode,
    o.technician_id, o.checkin_at, o.writeup_at, o.bay_in_at, o.work_done_at,
    o.ready_notified_at, o.delivered_at, o.first_promised_at, o.entered_at,
    o.waiting_on_site, o.parts_pending, o.redo_before_leaving, p.appointment_at"""

_VERDICTS = """
    lines.complaint_group, coalesce(lines.complaint_lines, 0) as complaint_lines,
    o.order_type = 'repair' and o.status <> 'cancelled'
        and lines.complaint_lines > 0 as is_visit,
    returns.comeback_of is not null as is_comeback,
    returns.comeback_of, returns.comeback_rule,
    firsts.comeback_at, firsts.comeback_by, voices.complained_at"""
"""What the lines, visits and complaints around an order say of it."""


def _clocks(zone: str | None) -> str:
    """Return the columns that hang on the local time of an order's store."""

    def local(column: str) -> str:
        return to_local(column, zone, "o._zone")

    def utc(moment: str) -> str:
        return to_utc(moment, zone, "o._zone")

    checkin = local("o.checkin_at")
    day = f"{checkin}::date"
    days = {
        "checkin_day": "o.checkin_at",
        "work_done_day": "o.work_done_at",
        "ready_day": "o.ready_notified_at",
        "delivered_day": "o.delivered_at",
        "promised_day": "o.first_promised_at",
    }
    return ", ".join(
        [
            *(f"{local(stamp)}::date as {name}" for name, stamp in days.items()),
            f"hour({checkin}) * 60 + minute({checkin}) as checkin_minute",
            f"{utc(f'({day} + 1)::timestamp')} as day_ends_at",
            f"{utc(f'({day} + s.opens_at)')} as opens_at",
            f"{utc(f'({day} + s.closes_at)')} as closes_at",
        ]
    )


def _replace_orders(con: duckdb.DuckDBPyConnection) -> None:
    """Put `derived` in the place of what it replaces, but for what stays the same.

    Leaves temp table `old_orders`. New orders replace nothing; where the others lie is
    known from the time of their check-in, before this refresh or now.
    """
    low, high = con.execute(
        "select min(checkin_at) - interval 2 day, max(checkin_at) + interval 2 day "
        "from (select checkin_at from touched union all "
        "select checkin_at from affected_orders)"
    ).fetchone()
    within = f"f.checkin_at between timestamp '{low}' and timestamp '{high}'"
    con.execute(
        f"""
        create or replace temp table old_orders as
        select f.* from fct_orders as f
        semi join (from affected anti join
            (from changed_work_orders where is_new) using (work_order_id)) as a
            on a.work_order_id = f.work_order_id
        where {within if low else "false"};
        -- Neighbours whose verdict did not move are left as they are.
        create or replace temp table same_orders as
        select d.work_order_id from derived as d
        inner join old_orders as f using (work_order_id)
        where {_SAME_ORDER};
        delete from derived where work_order_id in (from same_orders);
        """
    )
    if con.execute("select count(*) from old_orders").fetchone()[0]:
        con.execute(
            f"delete from fct_orders as f using derived as d "
            f"where f.work_order_id = d.work_order_id and {within}"
        )
    con.execute(
        "insert into fct_orders by name select * from derived order by checkin_at"
    )


def _segments(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Merge overlapping job clocks of an order into segments of work.

    Leaves temp table `clocked`, the orders whose segments were made anew.
    """
    con.execute(
        f"""
        create or replace temp table clocked as {_CLOCKED.format(seq=seq)};
        delete from fct_work_segments as f using clocked as c
            where f.work_order_id = c.work_order_id;
        insert into fct_work_segments by name
        {_SEGMENTS.format(seq=seq)};
        """
    )


_CLOCKED = """
    select work_order_id from job_clocks where _seq = {seq}
    union select work_order_id from replaced_job_clocks
        semi join changed_job_clocks using (clock_id)
    union select work_order_id from changed_work_orders
    union select o.work_order_id from work_orders as o
        semi join rezoned_stores using (store_id)
"""

_SEGMENTS = """
    with clocks as (
        select c.work_order_id, o.store_id, o._zone, c.clock_in_at as started_at,
            coalesce(c.clock_out_at, timestamp '9999-01-01') as ended_at
        from job_clocks as c
        semi join clocked as x on x.work_order_id = c.work_order_id
        inner join work_orders as o on o.work_order_id = c.work_order_id
    ),
    ordered as (
        select *, max(ended_at) over (partition by work_order_id
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding) as so_far
        from clocks
    ),
    islands as (
        select *, sum(case when started_at <= so_far then 0 else 1 end) over (
            partition by work_order_id order by started_at, ended_at) as island
        from ordered
    )
    select work_order_id, store_id, min(started_at) as started_at,
        nullif(max(ended_at), timestamp '9999-01-01') as ended_at,
        timezone(any_value(_zone), timezone('UTC', min(started_at)))::date as day,
        {seq} as _seq
    from islands group by work_order_id, store_id, island
    order by started_at
"""
