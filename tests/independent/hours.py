"""Opening hours, closed time and overlapping intervals (kpis.md sections 3 and 4)."""

import numpy as np
import pandas as pd

from .world import World, borrow

DAY = pd.Timedelta(days=1)


def union_by(spans: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Hours covered by at least one of the spans [begin, until) of each key."""
    spans = spans[spans["until"] > spans["begin"]].reset_index(drop=True)
    spans = spans.sort_values([*keys, "begin"])
    covered = spans.groupby(keys)["until"].cummax()
    before = covered.groupby([spans[k] for k in keys]).shift()
    begin = spans["begin"].where(~(before > spans["begin"]), before)
    gain = ((spans["until"] - begin).dt.total_seconds() / 3600).clip(lower=0)
    return gain.groupby([spans[k] for k in keys]).sum()


def clock_time(text: object) -> pd.Timedelta:
    """«08:30» as a time of day; null when there is none."""
    if text is None or pd.isna(text) or not str(text).strip():
        return pd.NaT
    hour, minute, *_ = [int(p) for p in str(text).split(":")] + [0]
    return pd.Timedelta(hours=hour, minutes=minute)


def open_days(world: World, first: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Store-days that are open in [first, end) with their opening window in UTC.

    Open is every day that the calendar does not close, between opened_on and closed_on. Stores
    without opening hours have a null window.
    """
    stores = world["stores"].drop_duplicates("store_id", keep="last")
    days = pd.DataFrame({"day": pd.date_range(first, end - DAY, freq="D")})
    grid = stores[
        ["store_id", "bays", "opens_at", "closes_at", "opened_on", "closed_on"]
    ]
    grid = grid.merge(days, how="cross")
    known = world["calendar"].drop_duplicates(["store_id", "date"], keep="last")
    known = known[["store_id", "date", "is_open"]].rename(columns={"date": "day"})
    grid = grid.merge(known, on=["store_id", "day"], how="left")
    shut = grid["is_open"].eq(False).fillna(False).astype(bool)
    shut |= (grid["day"] < grid["opened_on"]) | (grid["day"] >= grid["closed_on"])
    grid = grid[~shut].reset_index(drop=True)
    opens = pd.to_timedelta(grid["opens_at"].map(clock_time))
    closes = pd.to_timedelta(grid["closes_at"].map(clock_time))
    closes = closes.where(closes > opens, closes + DAY)
    grid["opens"] = world.utc(grid["day"] + opens, grid["store_id"])
    grid["closes"] = world.utc(grid["day"] + closes, grid["store_id"])
    return grid


def open_overlap(world: World, spans: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """Cut spans (store_id, begin, until, key columns) at the opening windows of the grid.

    One row for each span and open day that it touches, with begin and until inside the window.
    """
    if spans.empty or grid.empty:
        return spans.assign(day=pd.NaT).iloc[:0]
    first = world.day(spans["begin"], spans["store_id"]).clip(
        lower=grid["day"].min() - DAY
    )
    last = world.day(spans["until"], spans["store_id"]).clip(upper=grid["day"].max())
    many = ((last - first) / DAY + 1).clip(lower=0).fillna(0).astype(int)
    cut = spans.loc[spans.index.repeat(many)]
    step = (
        np.concatenate([np.arange(m) for m in many]) if len(many) else np.array([], int)
    )
    cut = cut.assign(
        day=first.loc[cut.index].to_numpy() + pd.to_timedelta(step, unit="D")
    )
    cut = cut.merge(
        grid[["store_id", "day", "opens", "closes"]], on=["store_id", "day"]
    )
    cut["begin"] = cut[["begin", "opens"]].max(axis=1)
    cut["until"] = cut[["until", "closes"]].min(axis=1)
    return cut[cut["until"] > cut["begin"]]


def closed_overlap(
    world: World, rows: pd.DataFrame, begin: str, until: str
) -> pd.Series:
    """Closed hours inside each row's span: outside opening hours or in a «closed» pause.

    Stores without opening hours close only by pauses. A calendar-closed day is closed throughout.
    """
    if rows.empty:
        return pd.Series(dtype=float)
    spans = rows[["store_id", "work_order_id", begin, until]]
    spans = spans.set_axis(["store_id", "work_order_id", "begin", "until"], axis=1)
    days = world.day(spans["begin"], spans["store_id"])
    ends = world.day(spans["until"], spans["store_id"])
    grid = open_days(world, days.min() - DAY, ends.max() + DAY)
    stores = (
        world["stores"].drop_duplicates("store_id", keep="last").set_index("store_id")
    )
    timed = stores.index[stores["opens_at"].notna() & stores["closes_at"].notna()]
    has_hours = spans["store_id"].isin(timed)
    inside = pd.concat([open_overlap(world, spans[has_hours], grid), spans[~has_hours]])
    inside = inside[["work_order_id", "begin", "until"]]
    pauses = world["pauses"]
    pauses = pauses[pauses["reason"] == "closed"]
    shut = inside.merge(pauses, on="work_order_id")
    shut["begin"] = shut[["begin", "started_at"]].max(axis=1)
    shut["until"] = shut["until"].where(
        ~(shut["ended_at"] < shut["until"]), shut["ended_at"]
    )
    hours = union_by(inside, ["work_order_id"]).sub(
        union_by(shut, ["work_order_id"]), fill_value=0
    )
    whole = (spans["until"] - spans["begin"]).dt.total_seconds() / 3600
    return whole - borrow(spans["work_order_id"], hours).fillna(0)
