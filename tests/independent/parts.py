"""Fill rates of demand lines (kpis.md section 5; interfaces.md, «What a reading means»)."""

import pandas as pd

from .scope import Ask, scoped, within
from .summary import share, summarise
from .world import World, borrow


def lines(world: World) -> pd.DataFrame:
    """Demand lines by request time; filled = completely from on-hand at the first request."""
    rows = world["part_requests"]
    parts = (
        world["parts"]
        .drop_duplicates("part_number", keep="last")
        .set_index("part_number")
    )
    first = rows["qty_filled_first"].fillna(0)
    stocked = (
        borrow(rows["part_number"], parts["is_stocked"])
        .eq(True)
        .fillna(False)
        .astype(bool)
    )
    return rows.assign(
        day=world.day(rows["requested_at"], rows["store_id"]),
        stocked=stocked,
        abc_class=borrow(rows["part_number"], parts["abc_class"]),
        units=first,
        filled=first >= rows["qty_requested"],
    )


def _line_share(
    ask: Ask, top: str, stocked: bool = True, only_a: bool = False
) -> pd.DataFrame:
    """Share of lines that are filled (or short), over the asked assortment."""
    rows = lines(ask.world)
    rows = rows[rows["stocked"]] if stocked else rows
    rows = rows[rows["abc_class"] == "A"] if only_a else rows
    good = rows["filled"] if top == "filled" else ~rows["filled"]
    rows = within(rows.assign(num=good, den=1), ask, days=30)
    return summarise(scoped(rows, ask), ask.by, share)


def line_fill(ask: Ask) -> pd.DataFrame:
    """Lines of stocked A-class parts filled completely (line_fill)."""
    return _line_share(ask, "filled", only_a=True)


def line_fill_all(ask: Ask) -> pd.DataFrame:
    """The same over all stocked parts (line_fill_all)."""
    return _line_share(ask, "filled")


def stockout_rate(ask: Ask) -> pd.DataFrame:
    """1 - line_fill, stocked A-class parts (stockout_rate)."""
    return _line_share(ask, "short", only_a=True)


def stockout_rate_all(ask: Ask) -> pd.DataFrame:
    """1 - line_fill over all stocked parts (stockout_rate_all)."""
    return _line_share(ask, "short")


def level_of_service(ask: Ask) -> pd.DataFrame:
    """All demand, stocked or not; every unfilled line counts against it (level_of_service)."""
    return _line_share(ask, "filled", stocked=False)


def unit_fill(ask: Ask) -> pd.DataFrame:
    """Units filled over units requested, stocked parts; more than asked fills no more."""
    rows = lines(ask.world)
    rows = rows[rows["stocked"]]
    given = rows[["units", "qty_requested"]].min(axis=1)
    rows = within(rows.assign(num=given, den=rows["qty_requested"]), ask, days=30)
    return summarise(scoped(rows, ask), ask.by, share)


def order_fill(ask: Ask) -> pd.DataFrame:
    """Orders with every line filled over orders with parts, by the first request's day."""
    rows = lines(ask.world)
    rows = rows[rows["work_order_id"].notna()].sort_values(
        ["requested_at", "request_id"]
    )
    full = rows.groupby("work_order_id")["filled"].all()
    rows = rows.drop_duplicates("work_order_id")
    rows = rows.assign(num=borrow(rows["work_order_id"], full).astype(bool), den=1)
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
