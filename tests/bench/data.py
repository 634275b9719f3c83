"""Histories made by DuckDB in seconds: 15,000 orders a day in 300 stores."""

from datetime import date, timedelta
from pathlib import Path

import duckdb

DAY_ORDERS = 15_000
STORES = 300
VEHICLES = 900_000
LAST_DAY = date(2025, 12, 31)
"""The newest day of a history; refreshes bring the days after it."""

_VIN = """
    'LSVAA418' || (case when c % 11 = 10 then 'X' else (c % 11)::varchar end)
        || 'E2' || v
"""
_VIN_SUM = "232 + " + " + ".join(
    f"substr(v, {place}, 1)::int * {8 - place}" for place in range(1, 7)
)
_ORDERS = f"""
    with numbered as (
        select {{first}} + r.range as i, hash({{first}} + r.range) as h
        from range({{count}}) as r
    ),
    placed as (
        select *, h % {STORES} as s, date '{{day}}' + (r / {DAY_ORDERS})::int as d,
            lpad(((h // 7) % {VEHICLES})::varchar, 6, '0') as v
        from (select *, i - {{first}} as r from numbered)
    ),
    timed as (
        select *, {_VIN_SUM} as c,
            d + interval 8 hour + to_minutes(((h // 11) % 540)::bigint) as t
        from placed
    )
    select 'W' || lpad(i::varchar, 9, '0') as work_order_id,
        'S' || lpad(s::varchar, 4, '0') as store_id, {_VIN} as vin,
        case when h % 10 < 7 then 'repair' else 'maintenance' end as order_type,
        'closed' as status, t as checkin_at,
        'T' || lpad((s * 10 + (h // 13) % 10)::varchar, 5, '0') as technician_id,
        t + to_minutes(((h // 17) % 20)::bigint) as writeup_at,
        t + to_minutes((20 + (h // 19) % 60)::bigint) as bay_in_at,
        t + to_minutes((90 + (h // 23) % 200)::bigint) as work_done_at,
        t + to_minutes((95 + (h // 23) % 200)::bigint) as ready_notified_at,
        t + to_minutes((120 + (h // 29) % 400)::bigint) as delivered_at,
        t + interval 5 hour as promised_at,
        h % 3 = 0 as waiting_on_site, (h // 31) % 200000 as mileage_km,
        case h % 10 when 0 then 'paper' when 1 then 'backfilled' else 'live' end
            as entry_mode,
        t + to_minutes(((h // 37) % 90)::bigint) as entered_at,
        ((h // 41) % 500000) / 100.0 as amount,
        t + interval 10 hour as updated_at
    from timed
"""
_LINES = """
    select work_order_id, 1 as line_no, 'G' || (hash(work_order_id) % 40) as
        complaint_group, 'L' || (hash(work_order_id) % 300) as labour_op
    from orders where order_type = 'repair'
"""
_SURVEYS = """
    select 'Q' || work_order_id as survey_id, 'after-visit' as instrument_id,
        work_order_id, store_id, delivered_at + interval 1 hour as sent_at,
        delivered_at + interval 3 hour as answered_at,
        hash(work_order_id) % 11 as score
    from orders where hash(work_order_id) % 10 = 3
"""
_MASTERS = {
    "stores": f"""select 'S' || lpad(r.range::varchar, 4, '0') as store_id,
        'Store ' || r.range as name, 'R' || r.range % 7 as region, 6 as bays
        from range({STORES}) as r""",
    "technicians": f"""select 'T' || lpad(r.range::varchar, 5, '0') as technician_id,
        'S' || lpad((r.range // 10)::varchar, 4, '0') as store_id
        from range({STORES * 10}) as r""",
    "vehicles": f"""select {_VIN} as vin, 'M' || (hash(v) % 9) as model from (
        select *, {_VIN_SUM} as c from (select lpad(r.range::varchar, 6, '0') as v
        from range({VEHICLES}) as r))""",
}


def orders(first: int, count: int, day: date) -> str:
    """Return the SQL of *count* orders numbered from *first*, from *day* on."""
    return _ORDERS.format(first=first, count=count, day=day)


def write_csv(file: Path, rows: int) -> None:
    """Write a standard work_orders file, as a source system would."""
    start = LAST_DAY - timedelta(days=rows // DAY_ORDERS)
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(
        f"copy ({orders(0, rows, start)}) to '{file}' "
        "(format csv, header, timestampformat '%Y-%m-%dT%H:%M:%S')"
    )


def write_history(folder: Path, millions: int) -> None:
    """Write deliveries of a million orders each, their lines and answers."""
    count = millions * 1_000_000
    start = LAST_DAY - timedelta(days=count // DAY_ORDERS)
    con = duckdb.connect()
    first = folder / f"{start}-masters"
    first.mkdir(parents=True)
    for name, sql in _MASTERS.items():
        con.execute(f"copy ({sql}) to '{first / name}.parquet'")
    for part in range(millions):
        day = start + timedelta(days=part * 1_000_000 // DAY_ORDERS)
        number = part * 1_000_000
        _deliver(con, folder / f"{day}-part{part}", orders(number, 1_000_000, day))


def write_spells(folder: Path, ago: tuple[int, ...], days: int) -> None:
    """Write some days of orders each, beginning so many days before the newest."""
    con = duckdb.connect()
    first = folder / "2025-01-01-masters"
    first.mkdir(parents=True)
    for name, sql in _MASTERS.items():
        con.execute(f"copy ({sql}) to '{first / name}.parquet'")
    for part, back in enumerate(ago):
        day = LAST_DAY - timedelta(days=back)
        sql = orders(part * 1_000_000, days * DAY_ORDERS, day)
        _deliver(con, folder / f"{day}-part{part}", sql)


def write_day(folder: Path, millions: int, days_after: int) -> date:
    """Write the delivery of one day after the history; return the day."""
    day = LAST_DAY + timedelta(days=days_after)
    first = millions * 1_000_000 + 1_000_000 + days_after * DAY_ORDERS
    _deliver(duckdb.connect(), folder / str(day), orders(first, DAY_ORDERS, day))
    return day


def _deliver(con: duckdb.DuckDBPyConnection, folder: Path, sql: str) -> None:
    making = folder.with_name(f".{folder.name}")
    making.mkdir(parents=True)
    con.execute(f"create or replace temp table orders as {sql}")
    con.execute(f"copy orders to '{making / 'work_orders.parquet'}'")
    con.execute(f"copy ({_LINES}) to '{making / 'work_order_lines.parquet'}'")
    con.execute(f"copy ({_SURVEYS}) to '{making / 'surveys.parquet'}'")
    making.rename(folder)
