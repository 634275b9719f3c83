"""Marts: the facts summed up by store and day, so that a page reads few rows.

A mart keeps sums only (numerators and denominators), never a quotient. After a
refresh only the days are made anew whose rows changed, or whose verdicts changed by
the passing of time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb
import sqlalchemy as sa

from warehouse.store.facts import FACTS, Ask, Fact
from warehouse.store.facts.kit import at
from warehouse.store.restating import Told, forget_old, unsettled
from warehouse.store.schema import METADATA
from warehouse.store.work import render


def _mart(fact: Fact) -> sa.Table:
    return sa.Table(
        f"mart_{fact.name}",
        METADATA,
        sa.Column("day", sa.Date()),
        sa.Column("store_id", sa.String()),
        *[sa.Column(name, sa.Double()) for name in fact.measures],
        sa.Column("_seq", sa.Integer()),
    )


MARTS: dict[str, sa.Table] = {
    name: _mart(fact) for name, fact in FACTS.items() if fact.has_mart
}

_ORDER_DAYS = """
    select unnest([checkin_day, work_done_day, ready_day, delivered_day, promised_day])
        as day from {0}
"""
_ORDERS_CHANGED = f"""
    {_ORDER_DAYS.format("derived")} union {
    _ORDER_DAYS.format(
        "(select f.* from old_orders as f semi join derived as d using (work_order_id))"
    )
}
"""


def _changed(table: str) -> str:
    return f"select unnest([_day, old_day]) as day from changed_{table}"


def _of_changed_orders(table: str) -> str:
    """Days of child rows whose order changed."""
    return (
        f"select t._day as day from {table} as t "
        "semi join derived as d on d.work_order_id = t.work_order_id"
    )


_CLOCK_ORDERS = (
    "select t._day as day from {0} as t semi join clocked as c "
    "on c.work_order_id = t.work_order_id"
)
_BAY_DAYS = """
    select unnest(generate_series(
        coalesce(bay_in_at, checkin_at)::date::timestamp - interval 1 day,
        least(coalesce(ready_notified_at, delivered_at, work_done_at,
            timestamp '{now}'), timestamp '{now}')::date::timestamp
            + interval 1 day, interval 1 day))::date as day from {rows}
"""
_SEGMENT_DAYS = """
    select unnest(generate_series(started_at::date::timestamp - interval 1 day,
        least(coalesce(ended_at, timestamp '{now}'), timestamp '{now}')
            ::date::timestamp + interval 1 day, interval 1 day))::date as day
    from fct_work_segments semi join clocked using (work_order_id)
"""
_SURVEY_DAYS = """
    select unnest([sent_day, answered_day]) as day from asked
    union select unnest([_day, old_day]) from changed_surveys
    union select unnest([sent_at::date, answered_at::date, answered_at::date + 1])
        from replaced_surveys
"""

_DIRTY: dict[str, tuple[str, ...]] = {
    "checkins": (_ORDERS_CHANGED,),
    "deliveries": (_ORDERS_CHANGED,),
    "promises": (_ORDERS_CHANGED,),
    "receptions": (_ORDERS_CHANGED,),
    "appointments": (
        _changed("appointments"),
        "select p._day as day from appointments as p semi join (select o.* from "
        "work_orders as o semi join derived using (work_order_id)) as o "
        "on o.appointment_id = p.appointment_id",
    ),
    "labour": (
        _changed("job_clocks"),
        _changed("attendance"),
        _of_changed_orders("job_clocks"),
    ),
    "bay_hours": (
        _ORDERS_CHANGED,
        _BAY_DAYS.replace("{rows}", "derived"),
        _BAY_DAYS.replace("{rows}", "old_orders"),
        _SEGMENT_DAYS,
    ),
    "dispatched": (
        _changed("dispatches"),
        _of_changed_orders("dispatches"),
        _CLOCK_ORDERS.format("dispatches"),
    ),
    "demand": (_changed("part_requests"),),
    "kits": (
        _changed("part_requests"),
        "select t._day as day from part_requests as t where t.work_order_id in "
        "(select work_order_id from part_requests semi join changed_part_requests "
        "using (request_id))",
    ),
    "answers": (_SURVEY_DAYS,),
    "invitations": (_SURVEY_DAYS,),
    "complaints": (_changed("complaints"), _of_changed_orders("complaints")),
}
"""The SQL that finds the days a fact's mart must be made anew for."""

_WHOLE: dict[str, tuple[str, ...]] = {
    "labour": ("technicians",),
    "bay_hours": ("stores", "calendar"),
    "demand": ("parts",),
}
"""Master data whose change (not arrival) changes every day of a mart."""


FEW_DAYS = 40
"""So many days are made anew one by one, even if they are most of a young mart."""

DayOf = Callable[[datetime], date]
"""Gives the local day of a naive UTC moment."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What became of one mart: all days, or how many."""

    fact: str
    days: int | None


def refresh_marts(
    con: duckdb.DuckDBPyConnection,
    *,
    seq: int,
    now: datetime,
    before: datetime | None,
    told_at: datetime | None,
    day_of: DayOf,
    only_time: bool = False,
) -> list[Refresh]:
    """Bring all marts to *now*; *before* is the moment they stand at (None: never).

    *told_at* is the moment of the batch before, also where all is made anew;
    *only_time* tells that no row changed.
    """
    done = []
    for name in MARTS:
        fact = FACTS[name]
        days = None  # all of them
        if before is not None and now >= before and not _master_changed(con, name):
            changed = () if only_time else _DIRTY[name]
            _collect_days(con, fact, changed, now, before, day_of)
            days = _few_days(con, name)
        everything = before is None
        told = _told(con, fact, seq, now, told_at, day_of, everything)
        _rebuild(con, fact, now, seq, days)
        done.append(Refresh(name, days))
        told.compare(now)
    forget_old(con, now)
    return done


def _told(
    con: duckdb.DuckDBPyConnection,
    fact: Fact,
    seq: int,
    now: datetime,
    told_at: datetime | None,
    day_of: DayOf,
    everything: bool,
) -> Told:
    """Hold what was told of the days that may read otherwise now."""
    is_known = told_at is not None and told_at <= now
    return Told(
        con,
        fact,
        seq=seq,
        complete=day_of(told_at) - timedelta(days=1) if is_known else None,
        unsettled=unsettled(fact, told_at, now, day_of) if is_known else [],
        everything=everything,
    )


def _few_days(con: duckdb.DuckDBPyConnection, name: str) -> int | None:
    """Return how many days are dirty; None where making all anew is less work."""
    days = con.execute("select count(*) from dirty").fetchone()[0]
    known = con.execute(f"select count(distinct day) from mart_{name}").fetchone()[0]
    return None if days > FEW_DAYS and days * 2 > known else days


def _master_changed(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    return any(
        con.execute(
            f"select count(*) > 0 from changed_{table} where not is_new"
        ).fetchone()[0]
        for table in _WHOLE.get(name, ())
    )


def _collect_days(
    con: duckdb.DuckDBPyConnection,
    fact: Fact,
    changed: tuple[str, ...],
    now: datetime,
    before: datetime,
    day_of: DayOf,
) -> None:
    """Fill temp table `dirty` with the days of *fact* to be made anew.

    *changed* is the SQL that finds the days of rows that changed.
    """
    parts = [sql.replace("{now}", f"{now:%Y-%m-%d %H:%M:%S}") for sql in changed]
    parts += [
        f"select unnest(generate_series(timestamp '{first}', timestamp '{last}', "
        "interval 1 day))::date as day"
        for first, last in unsettled(fact, before, now, day_of)
    ]
    con.execute(
        "create or replace temp table dirty as select distinct day from ("
        + " union ".join(parts)
        + ") where day is not null"
    )


def _rebuild(
    con: duckdb.DuckDBPyConnection,
    fact: Fact,
    now: datetime,
    seq: int,
    days: int | None,
) -> None:
    """Make the dirty days of a mart anew, *days* of them; all where that is None."""
    if days == 0:
        return
    if days is None:
        select, where, noted = _sums(fact, Ask(at(now))), "", "(select null as day)"
    else:
        first, last = con.execute("select min(day), max(day) from dirty").fetchone()
        ask = Ask(at(now), start=first, end=last + timedelta(days=1))
        select = _sums(fact, ask, only=_DIRTY_DAYS)
        where, noted = " where day in (select day from dirty)", "dirty"
    con.execute(f"delete from mart_{fact.name}{where}")
    con.execute(
        f"insert into mart_{fact.name} by name select *, {seq} as _seq "
        f"from ({render(select)}) order by day, store_id"
    )
    con.execute(f"insert into mart_days select '{fact.name}', day, {seq} from {noted}")


_DIRTY_DAYS = sa.select(sa.table("dirty", sa.column("day")).c.day)


def _sums(fact: Fact, ask: Ask, only: sa.Select | None = None) -> sa.Select:
    """Return the sums of a fact's measures by day and store, of *only* some days."""
    rows = fact.rows(ask).subquery("r")
    sums = [
        sa.cast(sa.func.sum(rows.c[name]), sa.Double).label(name)
        for name in fact.measures
    ]
    wanted = [*ask.days(rows.c.day), *([] if only is None else [rows.c.day.in_(only)])]
    return (
        sa.select(rows.c.day, rows.c.store_id, *sums)
        .where(rows.c.day.is_not(None), *wanted)
        .group_by(rows.c.day, rows.c.store_id)
    )
