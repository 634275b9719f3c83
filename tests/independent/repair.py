"""First-time fix and comebacks (kpis.md section 2; interfaces.md, «More rules»)."""

import numpy as np
import pandas as pd

from .scope import Ask, scoped, within
from .summary import share, summarise, survival
from .world import World, borrow

WINDOW = pd.Timedelta(hours=30 * 24)


def complaint_lines(world: World) -> pd.DataFrame:
    """Lines with a complaint group; a line without one is no complaint line (interfaces.md)."""
    lines = world["work_order_lines"]
    group = lines["complaint_group"].map(lambda g: bool(g and str(g).strip()))
    return lines[group.astype(bool)]


def visits(world: World) -> pd.DataFrame:
    """Repair orders with a complaint line that were not cancelled, oldest check-in first.

    `eligible` adds closed and delivered (the include column of ftfr_30d).
    """
    orders = world.orders
    complained = orders["work_order_id"].isin(complaint_lines(world)["work_order_id"])
    keep = (
        (orders["order_type"] == "repair")
        & (orders["status"] != "cancelled")
        & complained
    )
    found = orders[keep & orders["vin"].notna()].sort_values(
        ["checkin_at", "work_order_id"]
    )
    closed = (found["status"] == "closed") & found["delivered_at"].notna()
    return found.assign(eligible=closed)


def traits(world: World, found: pd.DataFrame) -> pd.DataFrame:
    """Each visit's (vin, rule, value) marks by which two visits can be the same problem (rule 1).

    Complaint group, first 5 characters of the DTC, labour operation, replaced part number.
    """
    lines = complaint_lines(world)
    lines = lines[lines["work_order_id"].isin(found["work_order_id"])]
    dtc = lines["dtc"].map(lambda d: str(d).strip().upper()[:5] if d else None)
    marks = {
        "group": lines["complaint_group"],
        "dtc": dtc.where(dtc.str.len() == 5),
        "labour": lines["labour_op"],
        "part": lines["part_number"],
    }
    parts = [
        pd.DataFrame(
            {"work_order_id": lines["work_order_id"], "rule": rule, "mark": value}
        )
        for rule, value in marks.items()
    ]
    out = pd.concat(parts)
    out = out[
        out["mark"].notna() & (out["mark"].astype(str).str.strip() != "")
    ].drop_duplicates()
    facts = found.set_index("work_order_id")[
        ["vin", "checkin_at", "delivered_at", "eligible"]
    ]
    return out.join(facts, on="work_order_id")


def flagged_pairs(world: World, found: pd.DataFrame) -> pd.DataFrame:
    """The flag 返修 pairs a visit with the vehicle's previous repair visit."""
    lines = complaint_lines(world)
    flagged = lines.loc[lines["is_comeback_flagged"], "work_order_id"]
    before = found.groupby("vin")[["work_order_id", "delivered_at", "eligible"]].shift()
    before.columns = ["prior", "delivered_at", "eligible"]
    both = before.assign(later=found["work_order_id"], checkin_at=found["checkin_at"])
    both = both[both["later"].isin(flagged) & both["prior"].notna()]
    return (
        both[both["eligible"].astype(bool)].drop(columns="eligible").assign(rule="flag")
    )


def return_pairs(world: World) -> pd.DataFrame:
    """(prior, later, gap, rule): a same-problem check-in 0 < gap <= 30x24 h after a delivery.

    The prior visit must be eligible; the later may be still open and at any store (rules 2, 3).
    """
    found = visits(world)
    marks = traits(world, found)
    old = marks.loc[
        marks["eligible"], ["vin", "rule", "mark", "work_order_id", "delivered_at"]
    ]
    new = marks[["vin", "rule", "mark", "work_order_id", "checkin_at"]]
    pairs = old.merge(new, on=["vin", "rule", "mark"], suffixes=("_old", "_new"))
    pairs = pairs.rename(
        columns={"work_order_id_old": "prior", "work_order_id_new": "later"}
    )
    columns = ["prior", "later", "rule", "delivered_at", "checkin_at"]
    pairs = pd.concat([pairs[columns], flagged_pairs(world, found)[columns]])
    pairs["gap"] = pairs["checkin_at"] - pairs["delivered_at"]
    inside = (pairs["gap"] > pd.Timedelta(0)) & (pairs["gap"] <= WINDOW)
    return pairs[inside & (pairs["prior"] != pairs["later"])]


def judged(world: World) -> pd.DataFrame:
    """Eligible visits with index mark, outcome, gap to the first return and maturity.

    Fail: return in the window, parts pending at delivery, or redone before leaving (rule 3).
    Mature: delivered_at <= as_of - 30 d.
    """
    return world.once(_judged)


def _judged(world: World) -> pd.DataFrame:
    pairs, found = world.once(return_pairs), visits(world)
    found = found[found["eligible"]].copy()
    found["gap"] = borrow(found["work_order_id"], pairs.groupby("prior")["gap"].min())
    at_once = found["parts_pending"] | found["redo_before_leaving"]
    found["failed"] = at_once | found["gap"].notna()
    found["gap"] = found["gap"].where(~at_once, pd.Timedelta(0))
    found["is_index"] = ~found["work_order_id"].isin(pairs["later"])
    found["known"] = found["delivered_at"] <= world.as_of - WINDOW
    found["day"] = world.day(found["delivered_at"], found["store_id"])
    return found.assign(num=~found["failed"], den=1)


def ftfr_30d(ask: Ask) -> pd.DataFrame:
    """Fixed index visits over matured index visits, charged to the index store (ftfr_30d)."""
    rows = judged(ask.world)
    rows = within(rows[rows["is_index"]], ask, days=90, lag=30)
    return summarise(scoped(rows, ask), ask.by, share)


def ftfr_order(ask: Ask) -> pd.DataFrame:
    """The same over all closed repair orders with a complaint, comebacks too (ftfr_order)."""
    rows = within(judged(ask.world), ask, days=90, lag=30)
    return summarise(scoped(rows, ask), ask.by, share)


def ftfr_prov(ask: Ask) -> pd.DataFrame:
    """Kaplan-Meier survival at day 30 of the immature index visits (ftfr_prov)."""
    rows = judged(ask.world)
    rows = within(rows[rows["is_index"] & ~rows["known"]], ask, days=31)
    followed = (ask.world.as_of - rows["delivered_at"]).dt.total_seconds()
    rows = rows.assign(t=rows["gap"].dt.total_seconds().fillna(followed))

    def one(part: pd.DataFrame) -> dict:
        """Survival after the last return seen; visits not returned are censored at as_of."""
        if part.empty:
            return {"denominator": 0.0, "n": 0.0}
        left = survival(part["t"].to_numpy(float), part["failed"].to_numpy(bool))[1]
        return {
            "value": float(np.append(1.0, left)[-1]),
            "n": float(len(part)),
            "denominator": float(len(part)),
        }

    return summarise(scoped(rows, ask), ask.by, one)


def comeback_in(ask: Ask) -> pd.DataFrame:
    """Comeback check-ins over repair check-ins, by check-in date and store (comeback_in).

    Cancelled check-ins are ignored; the inflow belongs to the store where the car checks in.
    """
    orders = ask.world.orders
    rows = orders[
        (orders["order_type"] == "repair") & (orders["status"] != "cancelled")
    ]
    back = rows["work_order_id"].isin(ask.world.once(return_pairs)["later"])
    rows = rows.assign(num=back, den=1, day=rows["checkin_day"])
    return summarise(scoped(within(rows, ask, days=1), ask), ask.by, share)
