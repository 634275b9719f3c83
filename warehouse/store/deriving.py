"""Conformed tables become facts: comebacks, work segments, survey answers.

Only what a refresh changed is derived anew: the changed orders and, around them, the
visits of the same vehicle within the comeback window (kpis.md §2).
"""

import duckdb

from warehouse.store.comebacks import add_neighbours, pair_visits
from warehouse.store.names import literal
from warehouse.store.schema import FCT_ORDERS
from warehouse.store.zones import to_local, to_utc

SURVEY_DAYS = 90

_CHANGED_ORDERS = """
    select work_order_id from changed_work_orders
    union select work_order_id from changed_work_order_lines
    union select c.work_order_id from complaints as c
        semi join changed_complaints as x on x.complaint_id = c.complaint_id
    union select o.work_order_id from work_orders as o
        semi join changed_appointments as x on x.appointment_id = o.appointment_id
    union select o.work_order_id from work_orders as o
        semi join rezoned_stores as x on x.store_id = o.store_id
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
        f"create or replace temp table affected as select * from ({_CHANGED_ORDERS}) "
        "where work_order_id is not null"
    )
    add_neighbours(con)
    pair_visits(con)
    _orders(con, seq)
    _segments(con, seq)
    _surveys(con, seq)


def _single_zone(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the zone that all affected orders stand in, if it is one."""
    zones = con.execute(
        "select distinct o._zone from work_orders as o "
        "semi join affected using (work_order_id) limit 2"
    ).fetchall()
    return zones[0][0] if len(zones) == 1 else None


def _orders(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    zone = _single_zone(con)

    def local(column: str) -> str:
        return to_local(column, zone, "o._zone")

    def day(column: str) -> str:
        return f"{local(column)}::date"

    def at(clock: str) -> str:
        return to_utc(f"({day('o.checkin_at')} + s.{clock})", zone, "o._zone")

    midnight = f"({day('o.checkin_at')} + 1)::timestamp"
    con.execute(
        f"""
        create or replace temp table derived as
        with lines as (
            select work_order_id, count(*) as complaint_lines,
                arg_min(complaint_group, line_no) as complaint_group
            from work_order_lines semi join affected using (work_order_id)
            where complaint_group is not null group by work_order_id
        ),
        returns as (
            select return_id, arg_max(first_id, fixed_at) as comeback_of,
                arg_max(why, fixed_at) as comeback_rule
            from pairs group by return_id
        ),
        firsts as (
            select first_id, min(returned_at) as comeback_at,
                arg_min(return_id, returned_at) as comeback_by
            from pairs group by first_id
        ),
        voices as (
            select c.work_order_id, min(c.received_at) as complained_at
            from complaints as c
            inner join work_orders as o using (work_order_id)
            semi join affected as a on a.work_order_id = c.work_order_id
            where c.received_at <= o.delivered_at + interval 30 day
            group by c.work_order_id
        )
        select o.work_order_id, o.store_id, o.vin, o.order_type, o.status,
            o.entry_mode, o.technician_id, lines.complaint_group,
            o.checkin_at, o.writeup_at, o.bay_in_at, o.work_done_at,
            o.ready_notified_at, o.delivered_at, o.first_promised_at,
            p.appointment_at, o.entered_at,
            {to_utc(midnight, zone, "o._zone")} as day_ends_at,
            {at("opens_at")} as opens_at, {at("closes_at")} as closes_at,
            {day("o.checkin_at")} as checkin_day,
            {day("o.work_done_at")} as work_done_day,
            {day("o.ready_notified_at")} as ready_day,
            {day("o.delivered_at")} as delivered_day,
            {day("o.first_promised_at")} as promised_day,
            hour({local("o.checkin_at")}) * 60
                + minute({local("o.checkin_at")}) as checkin_minute,
            o.waiting_on_site, o.parts_pending, o.redo_before_leaving,
            coalesce(lines.complaint_lines, 0) as complaint_lines,
            o.order_type = 'repair' and o.status <> 'cancelled'
                and lines.complaint_lines > 0 as is_visit,
            returns.comeback_of is not null as is_comeback,
            returns.comeback_of, returns.comeback_rule,
            firsts.comeback_at, firsts.comeback_by, voices.complained_at,
            {seq} as _seq
        from work_orders as o
        semi join affected as a on a.work_order_id = o.work_order_id
        left join lines on lines.work_order_id = o.work_order_id
        left join returns on returns.return_id = o.work_order_id
        left join firsts on firsts.first_id = o.work_order_id
        left join voices on voices.work_order_id = o.work_order_id
        left join appointments as p on p.appointment_id = o.appointment_id
        left join stores as s on s.store_id = o.store_id
        where not o.is_inferred;

        create or replace temp table old_orders as
        select f.* from fct_orders as f semi join affected using (work_order_id);
        -- Neighbours whose verdict did not move are left as they are.
        create or replace temp table same_orders as
        select d.work_order_id from derived as d
        inner join old_orders as f using (work_order_id)
        where {_SAME_ORDER};
        """
    )
    con.execute(
        """
        delete from derived where work_order_id in (from same_orders);
        delete from fct_orders as f using derived as d
            where f.work_order_id = d.work_order_id;
        insert into fct_orders by name select * from derived order by checkin_at;
        """
    )


def _segments(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Merge overlapping job clocks of an order into segments of work."""
    con.execute(
        f"""
        create or replace temp table clocked as
        select distinct c.work_order_id from job_clocks as c
            semi join changed_job_clocks using (clock_id)
        union select work_order_id from changed_work_orders
        union select o.work_order_id from work_orders as o
            semi join rezoned_stores using (store_id);

        delete from fct_work_segments as f using clocked as c
            where f.work_order_id = c.work_order_id;
        insert into fct_work_segments by name
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
        order by started_at;
        """
    )


def _surveys(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Place answers in their stores and find the ones a later answer replaces."""
    customer = (
        "coalesce(v.source_customer_id, o.source_customer_id, "
        f"{literal('survey ')} || v.survey_id)"
    )
    con.execute(
        f"""
        create or replace temp table asked as
        select v.survey_id, v.instrument_id,
            coalesce(v.store_id, o.store_id) as store_id, v.work_order_id,
            v.sent_at, v.answered_at,
            timezone(v._zone, timezone('UTC', v.sent_at))::date as sent_day,
            timezone(v._zone, timezone('UTC', v.answered_at))::date as answered_day,
            v.score, coalesce(v.is_excluded, false) as is_excluded,
            {customer} as customer, v._seq as changed
        from surveys as v
        left join work_orders as o on o.work_order_id = v.work_order_id
        where v._seq = {seq}
            or v.survey_id in (select survey_id from changed_surveys)
            or v.work_order_id in (select work_order_id from changed_work_orders)
            or coalesce(v.source_customer_id, o.source_customer_id) in (
                select coalesce(x.source_customer_id, y.source_customer_id)
                from surveys as x
                left join work_orders as y on y.work_order_id = x.work_order_id
                where x.survey_id in (select survey_id from changed_surveys));

        delete from fct_surveys as f using asked as a where f.survey_id = a.survey_id;
        insert into fct_surveys by name
        select * exclude (customer, changed, following),
            case when following < answered_at + interval {SURVEY_DAYS} day
                then following end as superseded_at,
            {seq} as _seq
        from (
            select *, case when answered_at is not null and score is not null
                and not is_excluded then lead(answered_at) over (
                    partition by customer, instrument_id,
                        answered_at is not null and score is not null
                        and not is_excluded
                    order by answered_at, survey_id) end as following
            from asked
        )
        order by answered_at;
        """
    )
