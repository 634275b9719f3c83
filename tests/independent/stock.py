"""Stock: snapshots, stock-out days, turns, dead stock (kpis.md section 5)."""

import numpy as np
import pandas as pd

from .scope import Ask, scoped
from .summary import ratio, share, summarise
from .world import World, borrow

DAY = pd.Timedelta(days=1)
KEY = ["store_id", "part_number"]


def _months(moment: pd.Timestamp, back: int) -> pd.Timestamp:
    """The same day `back` months earlier (the month's last day where there is none)."""
    return moment - pd.DateOffset(months=back)


def _part_facts(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Cost, stocked mark and first receipt of each row's part."""
    parts = (
        world["parts"]
        .drop_duplicates("part_number", keep="last")
        .set_index("part_number")
    )
    facts = rows["part_number"]
    return rows.assign(
        cost=borrow(facts, parts["unit_cost"]).fillna(0.0),
        stocked=borrow(facts, parts["is_stocked"]).eq(True).fillna(False).astype(bool),
        first=borrow(facts, parts["first_received_on"]),
    )


def closing_stock(world: World, closing: pd.Timestamp) -> pd.DataFrame:
    """Each store's last nightly snapshot before the moment (exclusive midnight)."""
    rows = world["stock_snapshots"]
    rows = rows[rows["snapshot_date"] < closing]
    last = rows.groupby("store_id")["snapshot_date"].transform("max")
    rows = rows[rows["snapshot_date"] == last].copy()
    rows["reserved"] = rows["reserved"].fillna(0)
    return _part_facts(world, rows.reset_index(drop=True))


def movements(world: World) -> pd.DataFrame:
    """Stock movements with their local day and cost."""
    return world.once(_movements)


def _movements(world: World) -> pd.DataFrame:
    rows = world["stock_movements"]
    rows = rows.assign(day=world.day(rows["moved_at"], rows["store_id"]))
    return _part_facts(world, rows)


def issues(world: World, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Issues of [start, end); an issue's quantity is signed negative."""
    rows = movements(world)
    return rows[
        (rows["kind"] == "issue") & (rows["day"] >= start) & (rows["day"] < end)
    ]


def sku_stockout(ask: Ask) -> pd.DataFrame:
    """Stocked SKUs with on_hand - reserved <= 0 in the last snapshot over stocked SKUs."""
    rows = closing_stock(ask.world, ask.closing())
    rows = rows[rows["stocked"]]
    rows = rows.assign(num=rows["on_hand"] - rows["reserved"] <= 0, den=1)
    return summarise(scoped(rows, ask), ask.by, share)


def dos(ask: Ask) -> pd.DataFrame:
    """On-hand cost over 12-month COGS / 365, at the end of the period (dos)."""
    end = ask.closing()
    held = closing_stock(ask.world, end)
    sold = issues(ask.world, _months(end, 12), end)
    upper = held[KEY].assign(num=held["on_hand"] * held["cost"], den=0.0, n=1)
    lower = sold[KEY].assign(num=0.0, den=-sold["qty"] * sold["cost"] / 365, n=0)
    return summarise(scoped(pd.concat([upper, lower]), ask), ask.by, ratio)


def turns(ask: Ask) -> pd.DataFrame:
    """12-month COGS over the 13-point average inventory at cost (turns).

    The points are the period's end and the 12 month steps before it; at each the last snapshot of
    the month before it counts; points at which no store has one are left out of the average.
    """
    world, end = ask.world, ask.closing()
    points = []
    for back in range(13):
        held = closing_stock(world, _months(end, back))
        held = held[held["snapshot_date"] >= _months(end, back + 1)]
        if len(held):
            points.append(held)
    sold = issues(world, _months(end, 12), end)
    rows = [sold[KEY].assign(num=-sold["qty"] * sold["cost"], den=0.0, n=0)]
    rows += [
        p[KEY].assign(num=0.0, den=p["on_hand"] * p["cost"] / len(points), n=1)
        for p in points
    ]
    return summarise(scoped(pd.concat(rows), ask), ask.by, ratio)


def _idle(ask: Ask, back: int) -> pd.DataFrame:
    """Value of SKUs in stock without an issue for `back` months over the total value.

    The SKU's first receipt must be longer ago than that, and nothing of it reserved.
    """
    world, end = ask.world, ask.closing()
    since = _months(end, back)
    rows = closing_stock(world, end)
    rows = rows.assign(den=rows["on_hand"].clip(lower=0) * rows["cost"], n=1)
    moved = pd.MultiIndex.from_frame(issues(world, since, end)[KEY].drop_duplicates())
    idle = ~pd.MultiIndex.from_frame(rows[KEY]).isin(moved)
    receipts = movements(world)
    receipts = (
        receipts[receipts["kind"] == "receipt"].groupby("part_number")["day"].min()
    )
    first = rows["first"].fillna(borrow(rows["part_number"], receipts))
    idle &= (first < since) & (rows["reserved"] <= 0) & (rows["on_hand"] > 0)
    rows = rows.assign(num=rows["den"].where(idle, 0.0))
    return summarise(scoped(rows, ask), ask.by, ratio)


def dead_stock(ask: Ask) -> pd.DataFrame:
    """Idle for 12 months (dead_stock)."""
    return _idle(ask, 12)


def slow_stock(ask: Ask) -> pd.DataFrame:
    """Idle for 6 months, the dead included (slow_stock)."""
    return _idle(ask, 6)


def balances(world: World) -> pd.DataFrame:
    """Available quantity of stocked SKUs after each event, from snapshots and movements.

    A nightly snapshot (end of its day) sets the balance, movements change it; movements of one
    instant are one change, in between there is no moment. The first snapshot is also reckoned
    back to the start of its day, so that its day is known.
    """
    moves = movements(world)
    moves = moves[moves["stocked"]]
    moves = moves.assign(at=world.local(moves["moved_at"], moves["store_id"]))
    moves = (
        moves.groupby([*KEY, "at", "day"], as_index=False)["qty"].sum().assign(order=1)
    )
    shots = _part_facts(world, world["stock_snapshots"])
    shots = shots[shots["stocked"]]
    shots = shots.assign(reserved=shots["reserved"].fillna(0))
    nights = shots.assign(
        at=shots["snapshot_date"] + DAY, order=0, day=shots["snapshot_date"]
    )
    first = nights.sort_values("day").drop_duplicates(KEY)
    same = moves.groupby([*KEY, "day"])["qty"].sum()
    index = pd.MultiIndex.from_frame(first[[*KEY, "day"]])
    back = first["on_hand"] - same.reindex(index).fillna(0).to_numpy()
    dawn = first.assign(on_hand=back, at=first["day"], order=0)
    events = pd.concat([dawn, nights, moves])[
        [*KEY, "at", "order", "on_hand", "reserved", "qty"]
    ]
    events = events.sort_values([*KEY, "at", "order"], kind="stable").reset_index(
        drop=True
    )
    events["anchor"] = (
        events["on_hand"].notna().groupby([events[k] for k in KEY]).cumsum()
    )
    events = events[events["anchor"] > 0]
    part = [events[k] for k in [*KEY, "anchor"]]
    base = events["on_hand"].groupby(part).transform("first")
    held = events["reserved"].groupby(part).transform("first")
    moved = events["qty"].fillna(0).groupby(part).cumsum()
    events["available"] = base + moved - held
    events["next"] = events.groupby(KEY)["at"].shift(-1)
    return events


def stockout_days(ask: Ask) -> pd.DataFrame:
    """SKU-days with available <= 0 at any time over SKU-days of stocked SKUs (stockout_days)."""
    world, (start, _) = ask.world, ask.window(30)
    end = ask.closing()
    events = world.once(balances)
    known = events.groupby(KEY)["at"].min().dt.normalize().rename("first").reset_index()
    low = known["first"] if start is None else known["first"].clip(lower=start)
    days = ((end - low) / DAY).clip(lower=0)
    below = known[KEY].assign(num=0.0, den=days)[days > 0]
    out = events[events["available"] <= 0]
    first, last = (
        out["at"].dt.normalize(),
        out["next"].fillna(end) - pd.Timedelta(1, "ns"),
    )
    last = last.where(last >= out["at"], out["at"]).dt.normalize().clip(upper=end - DAY)
    first = first if start is None else first.clip(lower=start)
    many = ((last - first) / DAY + 1).clip(lower=0).fillna(0).astype(int)
    wide = out.loc[out.index.repeat(many), KEY]
    step = (
        np.concatenate([np.arange(m) for m in many]) if len(many) else np.array([], int)
    )
    wide["day"] = first.loc[wide.index].to_numpy() + pd.to_timedelta(step, unit="D")
    upper = wide.drop_duplicates()[KEY].assign(num=1.0, den=0.0)
    rows = pd.concat([upper, below], ignore_index=True)
    return summarise(scoped(rows, ask), ask.by, share)
