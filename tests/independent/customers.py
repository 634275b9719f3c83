"""Surveys and complaints (kpis.md section 7; interfaces.md, «More rules»)."""

import math

import pandas as pd

from .scope import Ask, scoped, within
from .summary import Z, ratio, share, summarise
from .world import World

DEDUP = pd.Timedelta(days=90)
COLLECT = pd.Timedelta(days=14)
AFTER = pd.Timedelta(hours=30 * 24)
CLOSE = pd.Timedelta(hours=48)
SCALES = {"csat": (1, 5), "nps": (0, 10)}


def surveys(world: World, kind: str) -> pd.DataFrame:
    """Invitations of one kind of instrument, staff and test dropped, with store and customer.

    Instruments with «csat» in their id measure satisfaction 1-5, all others 0-10; a score
    that its instrument cannot give is set aside with its row.
    """
    rows = world["surveys"]
    rows = rows[~rows["is_excluded"]]
    is_csat = (
        rows["instrument_id"].fillna("").astype(str).str.lower().str.contains("csat")
    )
    rows = rows[is_csat if kind == "csat" else ~is_csat].copy()
    low, high = SCALES[kind]
    rows = rows[~((rows["score"] < low) | (rows["score"] > high))].copy()
    for column in ("store_id", "source_customer_id"):
        order = world.of_order(rows["work_order_id"], column)
        rows[column] = rows[column].where(rows[column].notna(), order)
    rows["answered"] = rows["answered_at"].notna() & rows["score"].notna()
    return rows


def _answers(world: World, kind: str) -> pd.DataFrame:
    """Answered ones, by answer date."""
    rows = surveys(world, kind)
    rows = rows[rows["answered"]].sort_values(["answered_at", "survey_id"])
    return rows.assign(day=world.day(rows["answered_at"], rows["store_id"]))


def last_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out an answer when the same customer answers the instrument again within 90 days."""
    after = rows.groupby(["instrument_id", "source_customer_id"])["answered_at"].shift(
        -1
    )
    return rows[~((after - rows["answered_at"]) < DEDUP)]


def nps_of(part: pd.DataFrame) -> dict:
    """100 x (share 9-10 - share 0-6); interval from counts + 1 in each class (nps_moe)."""
    n = len(part)
    if not n:
        return {"numerator": 0.0, "denominator": 0.0, "n": 0.0}
    good, bad = int((part["score"] >= 9).sum()), int((part["score"] <= 6).sum())
    value = 100.0 * (good - bad) / n
    p, d = (good + 1) / (n + 3), (bad + 1) / (n + 3)
    half = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    return {
        "value": value,
        "numerator": float(good - bad),
        "denominator": float(n),
        "n": float(n),
        "ci_low": max(-100.0, value - half),
        "ci_high": min(100.0, value + half),
        "maturity": float(part["known"].mean()),
    }


def nps(ask: Ask) -> pd.DataFrame:
    """Net promoter score by answer date; answers of the last 14 days count, provisionally."""
    rows = last_answers(_answers(ask.world, "nps"))
    rows = rows.assign(known=rows["answered_at"] <= ask.world.as_of - COLLECT)
    return summarise(scoped(within(rows, ask, days=90), ask), ask.by, nps_of)


def nps_resp(ask: Ask) -> pd.DataFrame:
    """Answers over invitations sent, by the day sent (nps_resp)."""
    rows = surveys(ask.world, "nps")
    rows = rows.assign(
        num=rows["answered"],
        den=1,
        day=ask.world.day(rows["sent_at"], rows["store_id"]),
    )
    return summarise(scoped(within(rows, ask, days=90), ask), ask.by, share)


def csat(ask: Ask) -> pd.DataFrame:
    """Mean score 1-5 x 20, by answer date; every answer counts, 90 days are NPS's (csat)."""
    rows = _answers(ask.world, "csat")
    rows = rows.assign(num=rows["score"] * 20, den=1)
    return summarise(scoped(within(rows, ask, days=90), ask), ask.by, ratio)


def complaint_rate(ask: Ask) -> pd.DataFrame:
    """Distinct orders complained of up to 30 d after delivery over all delivered orders.

    By delivery date; unsubstantiated complaints count; maturity tells what is 30 d old.
    """
    world = ask.world
    rows = world.orders
    rows = rows[rows["delivered_at"].notna() & (rows["status"] != "cancelled")]
    heard = world["complaints"].dropna(subset=["work_order_id"])
    done = world.of_order(heard["work_order_id"], "delivered_at")
    in_time = heard.loc[heard["received_at"] <= done + AFTER, "work_order_id"]
    rows = rows.assign(
        num=rows["work_order_id"].isin(in_time),
        den=1,
        ripe=rows["delivered_at"] <= world.as_of - AFTER,
        day=world.day(rows["delivered_at"], rows["store_id"]),
    )

    def one(part: pd.DataFrame) -> dict:
        """The share over all rows; matured share beside it."""
        return share(part) | {
            "maturity": float(part["ripe"].mean()) if len(part) else math.nan
        }

    return summarise(scoped(within(rows, ask, days=90), ask), ask.by, one)


def complaint_close_48h(ask: Ask) -> pd.DataFrame:
    """Closed within 48 h over complaints received more than 48 h ago, by the day received."""
    world = ask.world
    rows = world["complaints"]
    rows = rows[rows["received_at"] < world.as_of - CLOSE]
    store = world.of_order(rows["work_order_id"], "store_id")
    rows = rows.assign(
        num=rows["closed_at"] - rows["received_at"] <= CLOSE,
        den=1,
        store_id=store,
        day=world.day(rows["received_at"], store),
    )
    return summarise(scoped(within(rows, ask, days=30), ask), ask.by, share)
