"""Technicians, bays and dispatch (kpis.md section 4; interfaces.md, «More rules»)."""

import pandas as pd

from .hours import DAY, open_days, open_overlap, union_by
from .scope import Ask, scoped, within
from .summary import ratio, share, summarise
from .times import clock_spans
from .world import World, borrow


def clocked(world: World) -> pd.DataFrame:
    """Clocked and billed hours by job clock, in the technician's store, on the day of clock-in."""
    rows = clock_spans(world)
    home = world["technicians"].drop_duplicates("technician_id", keep="last")
    store = borrow(rows["technician_id"], home.set_index("technician_id")["store_id"])
    rows = rows.assign(
        store_id=store.fillna(world.of_order(rows["work_order_id"], "store_id"))
    )
    ended = rows["clock_out_at"].notna()
    return rows.assign(
        hours=(rows["until"] - rows["begin"]).dt.total_seconds() / 3600,
        billed=rows["billed_hours"].where(ended).fillna(0),
        day=world.day(rows["begin"], rows["store_id"]),
    )


def attended(world: World) -> pd.DataFrame:
    """Attended hours by technician and day, in the technician's store."""
    rows = world["attendance"]
    home = world["technicians"].drop_duplicates("technician_id", keep="last")
    store = borrow(rows["technician_id"], home.set_index("technician_id")["store_id"])
    return rows.assign(
        store_id=store, hours=rows["attended_hours"].fillna(0), day=rows["work_date"]
    )


def _labour(
    ask: Ask, above: pd.DataFrame, top: str, below: pd.DataFrame
) -> pd.DataFrame:
    """Sum of `top` of the rows above over the sum of hours of the rows below."""
    columns = ["technician_id", "store_id", "day"]
    upper = above[columns].assign(num=above[top], den=0.0, n=0)
    lower = below[columns].assign(num=0.0, den=below["hours"], n=1)
    rows = pd.concat([upper, lower], ignore_index=True)
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, ratio)


def tech_util(ask: Ask) -> pd.DataFrame:
    """Clocked-on-job hours over attended hours (tech_util)."""
    return _labour(ask, clocked(ask.world), "hours", attended(ask.world))


def tech_eff(ask: Ask) -> pd.DataFrame:
    """Billed over clocked hours; comeback work clocks with 0 billed (tech_eff)."""
    return _labour(ask, clocked(ask.world), "billed", clocked(ask.world))


def tech_prod(ask: Ask) -> pd.DataFrame:
    """Billed over attended hours = utilisation x efficiency (tech_prod)."""
    return _labour(ask, clocked(ask.world), "billed", attended(ask.world))


def _first_days(world: World) -> pd.Series:
    """The first day of each store with a check-in or a stock snapshot."""
    days = [
        world.orders[["store_id", "checkin_day"]].set_axis(["store_id", "day"], axis=1),
        world["stock_snapshots"][["store_id", "snapshot_date"]].set_axis(
            ["store_id", "day"], axis=1
        ),
    ]
    return pd.concat(days).groupby("store_id")["day"].min()


def _grid(ask: Ask) -> pd.DataFrame:
    """Open store-days of the period that have opened, with bay-hours up to as_of.

    A store's days begin with its first data: before them nothing is known, not 0 orders.
    """
    world = ask.world
    start, end = ask.window(30)
    tomorrow = world.today + DAY
    end = tomorrow if end is None else min(end, tomorrow)
    start = pd.Timestamp(start) if start is not None else end - 365 * DAY
    grid = open_days(world, start, max(end, start + DAY))
    grid = grid[(grid["day"] < end) & (grid["bays"] > 0)].copy()
    first = borrow(grid["store_id"], _first_days(world))
    grid = grid[grid["day"] >= first]
    grid = grid[~(grid["opens"] > world.as_of)]
    grid["closes"] = grid["closes"].where(~(grid["closes"] > world.as_of), world.as_of)
    length = (grid["closes"] - grid["opens"]).dt.total_seconds() / 3600
    grid["hours"] = grid["bays"] * length.clip(lower=0)
    return grid


def _bays(ask: Ask, spans: pd.DataFrame) -> pd.DataFrame:
    """Bay-hours of the spans inside opening hours over bays x opening hours."""
    grid = _grid(ask)
    inside = open_overlap(ask.world, spans.reset_index(drop=True), grid)
    inside = inside[["store_id", "day", "work_order_id", "begin", "until"]]
    used = (
        union_by(inside, ["store_id", "day", "work_order_id"])
        .rename("num")
        .reset_index()
    )
    below = grid[["store_id", "day"]].assign(num=0.0, den=grid["hours"], n=1)
    upper = used[["store_id", "day", "num"]].assign(den=0.0, n=0)
    return summarise(scoped(pd.concat([upper, below]), ask), ask.by, ratio)


def bay_util(ask: Ask) -> pd.DataFrame:
    """Bay-hours with a technician working, from job clocks: two on one car are one bay."""
    spans = clock_spans(ask.world)
    store = ask.world.of_order(spans["work_order_id"], "store_id")
    return _bays(ask, spans.assign(store_id=store))


def bay_occ(ask: Ask) -> pd.DataFrame:
    """Bay-hours with any car, bay_in to ready_notified (to as_of while open)."""
    rows = ask.world.orders
    rows = rows[rows["bay_in_at"].notna() & (rows["status"] != "cancelled")]
    until = rows["ready_notified_at"].fillna(rows["delivered_at"])
    running = until.isna() & (rows["status"] == "open")
    rows = rows.assign(
        begin=rows["bay_in_at"], until=until.where(~running, ask.world.as_of)
    )
    return _bays(ask, rows[rows["until"].notna()])


def bay_turn(ask: Ask) -> pd.DataFrame:
    """Orders whose work was completed, over bays x open days (bay_turn)."""
    world = ask.world
    rows = world.orders
    rows = rows[(rows["status"] != "cancelled") & rows["work_done_at"].notna()]
    rows = rows.assign(day=world.day(rows["work_done_at"], rows["store_id"]))
    upper = within(rows, ask, days=30)[["store_id", "day"]].assign(
        num=1.0, den=0.0, n=0
    )
    grid = _grid(ask)
    below = grid[["store_id", "day"]].assign(num=0.0, den=grid["bays"], n=1)
    return summarise(scoped(pd.concat([upper, below]), ask), ask.by, ratio)


def dispatch_acc(ask: Ask) -> pd.DataFrame:
    """Dispatched orders never re-assigned before work began and not failed for skill.

    Work begins with the order's first job clock, else when it enters the bay. The order belongs
    to its first dispatch: that day, that technician.
    """
    world = ask.world
    rows = world["dispatches"].sort_values(["dispatched_at", "dispatch_id"])
    status = world.of_order(rows["work_order_id"], "status")
    rows = rows[status.notna() & (status != "cancelled")]
    started = world["job_clocks"].groupby("work_order_id")["clock_in_at"].min()
    begin = borrow(rows["work_order_id"], started)
    begin = begin.fillna(world.of_order(rows["work_order_id"], "bay_in_at"))
    moved = rows["reassigned_at"].notna()
    early = moved & ~(rows["reassigned_at"] >= begin)
    reason = rows["reassign_reason"].fillna("").astype(str).str.lower()
    unskilled = moved & (reason.str.contains("skill") | reason.str.contains("技能"))
    failed = (early | unskilled).groupby(rows["work_order_id"]).any()
    rows = rows.drop_duplicates("work_order_id")
    store = world.of_order(rows["work_order_id"], "store_id")
    rows = rows.assign(
        num=~borrow(rows["work_order_id"], failed).astype(bool),
        den=1,
        store_id=store,
        day=world.day(rows["dispatched_at"], store),
    )
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
