"""Which visits are comebacks of which, as far as a refresh can have changed it.

Works on temp tables `affected` (work orders) and, once neighbours are added,
`affected_orders` (their rows); leaves temp tables `moved` (their vehicles) and `pairs`
(first visit, return, and the rule that matched).
"""

import duckdb

COMEBACK_DAYS = 30
"""A same-problem return counts up to and with 30 × 24 hours (kpis.md §2)."""


def add_neighbours(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Add to `affected` the visits whose verdict a changed visit can change.

    A visit can be a comeback of, or be followed by, only visits of its vehicle that
    were delivered no earlier than the window before it: history is not read.
    """
    con.execute(
        f"""
        create or replace temp table touched as
        select work_order_id, vin, checkin_at from work_orders
            semi join affected using (work_order_id) where _seq = {seq};
        -- Orders that did not change themselves, but something that belongs to them.
        insert into touched
        select o.work_order_id, o.vin, o.checkin_at from work_orders as o
        semi join (from affected anti join touched using (work_order_id)) as a
            on a.work_order_id = o.work_order_id;
        insert into touched
        select work_order_id, vin, checkin_at from replaced_work_orders
            semi join affected using (work_order_id);

        create or replace temp table moved as
        select vin, min(checkin_at) - interval {COMEBACK_DAYS} day as since
        from touched where vin is not null group by vin;
        """
    )
    con.execute(
        f"""
        insert into affected
        select work_order_id from ({_visits(con, "o.work_order_id")}
            and not o.is_inferred)
        anti join affected using (work_order_id)
        """
    )


def _visits(con: duckdb.DuckDBPyConnection, columns: str) -> str:
    """Return the SQL of the visits of `moved`, each from its vehicle's moment on.

    The earliest of these moments is written in: with it DuckDB passes over everything
    that was delivered before.
    """
    since = con.execute(
        "select coalesce(min(since), timestamp '9999-01-01') from moved"
    ).fetchone()[0]
    return f"""
        select {columns} from (
            from work_orders where delivered_at >= timestamp '{since}'
            union all
            from work_orders where delivered_at is null
        ) as o inner join moved as m on m.vin = o.vin
        where (o.delivered_at is null or o.delivered_at >= m.since)"""


def pair_visits(con: duckdb.DuckDBPyConnection) -> None:
    """Find first visit and return of the same problem (kpis.md §2, rule 1)."""
    con.execute(
        f"""
        create or replace temp table moved as
        select o.vin, min(o.checkin_at) - interval {COMEBACK_DAYS} day as since
        from affected_orders as o where o.vin is not null group by o.vin
        """
    )
    columns = "o.work_order_id, o.vin, o.checkin_at, o.delivered_at, o.status"
    con.execute(
        f"""
        create or replace temp table candidates as
        {_visits(con, columns)}
            and o.order_type = 'repair' and o.status <> 'cancelled'
        """
    )
    for table, select in (
        ("problems", _PROBLEMS),
        ("flagged", _FLAGGED),
        ("pairs", f"with same_problem as ({_SAME_PROBLEM}) {_PAIRS}"),
    ):
        con.execute(f"create or replace temp table {table} as {select}")


_PROBLEMS = """
    select l.work_order_id, c.vin, c.checkin_at, c.delivered_at, c.status,
        l.complaint_group, left(upper(l.dtc), 5) as dtc, l.labour_op,
        l.part_number, coalesce(l.is_comeback_flagged, false) as is_flagged
    from work_order_lines as l
    inner join candidates as c using (work_order_id)
    where l.complaint_group is not null
"""
"""The complaint lines of the candidates: what a visit was about."""

_FLAGGED = """
    select w.work_order_id as return_id,
        arg_max(u.work_order_id, u.checkin_at) as first_id
    from (select distinct work_order_id, vin, checkin_at from problems
        where is_flagged) as w
    inner join candidates as u
        on u.vin = w.vin and u.checkin_at < w.checkin_at
    group by w.work_order_id
"""
"""A visit that the adviser flagged 返修 returns to the vehicle's repair before it."""

_SAME_PROBLEM = f"""
    select u.work_order_id as first_id, w.work_order_id as return_id,
        min(case
            when u.complaint_group = w.complaint_group then '1 complaint_group'
            when u.dtc = w.dtc then '2 dtc'
            when u.labour_op = w.labour_op then '3 labour_op'
            when u.part_number = w.part_number then '4 part_number'
            when f.first_id is not null then '5 flag'
        end) as rule
    from problems as u
    inner join problems as w on w.vin = u.vin
        and w.checkin_at > u.delivered_at
        and w.checkin_at <= u.delivered_at + interval {COMEBACK_DAYS} day
    left join flagged as f on f.return_id = w.work_order_id
        and f.first_id = u.work_order_id
    where u.status = 'closed' and u.delivered_at is not null
    group by all
"""
"""Two visits within the window, and the strongest rule by which they are one problem.

The rules are numbered so that the strongest is the smallest; null: none matched.
"""

_PAIRS = """
    select s.*, substr(s.rule, 3) as why, w.checkin_at as returned_at,
        u.delivered_at as fixed_at
    from same_problem as s
    inner join candidates as u on u.work_order_id = s.first_id
    inner join candidates as w on w.work_order_id = s.return_id
    where s.rule is not null
"""
