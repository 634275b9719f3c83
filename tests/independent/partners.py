"""Partner tiers by partner and calendar month (kpis.md section 8)."""

import pandas as pd

from .schema import DEFAULT_ZONE
from .scope import Ask, scoped
from .world import World, borrow

AFTER = pd.Timedelta(hours=30 * 24)
NEED = {"gold": 200, "silver": 100, "bronze": 50}
RATINGS_FOR_YELLOW = 20
CANCELLED = ("cancelled", "canceled", "已取消")
YELLOWS_FOR_EXIT = 3


def monthly(world: World) -> pd.DataFrame:
    """Counts by partner and month of delivery: orders, complained orders, ratings and their sum.

    Gap 7: delivered partner orders; complaints received up to 30 d after delivery. The sum is kept
    in thousandths of a star, as an integer, so that boundaries are compared exactly.
    """
    rows = world["partner_orders"]
    off = rows["status"].astype(str).str.lower().isin(CANCELLED)
    rows = rows[rows["delivered_at"].notna() & ~off]
    heard = world["complaints"].dropna(subset=["partner_order_id"])
    done = rows.set_index("partner_order_id")["delivered_at"]
    limit = borrow(heard["partner_order_id"], done) + AFTER
    bad = heard.loc[heard["received_at"] <= limit, "partner_order_id"]
    local = rows["delivered_at"].dt.tz_convert(DEFAULT_ZONE).dt.tz_localize(None)
    rows = rows.assign(
        month=local.dt.to_period("M"),
        orders=1,
        rated=rows["rating"].notna().astype(int),
        complained=rows["partner_order_id"].isin(bad).astype(int),
        stars=(rows["rating"].fillna(0) * 1000).round().astype("int64"),
    )
    counts = ["orders", "complained", "rated", "stars"]
    return rows.groupby(["partner_id", "month"])[counts].sum()


def tier_of(orders: int, complained: int, rated: int, stars: int) -> str:
    """T(r, c) of kpis.md section 8 with strict boundaries, compared by cross-multiplying.

    Without a rating nothing can be said for or against: watch.
    """
    if not rated:
        return "watch"
    if stars < 4000 * rated:
        return "yellow"
    if stars > 4800 * rated and complained * 1000 < 5 * orders:
        return "gold"
    if stars > 4500 * rated and complained * 1000 < 10 * orders:
        return "silver"
    if stars > 4000 * rated and complained * 1000 < 20 * orders:
        return "bronze"
    return "watch"


def enough(tier: str, orders: int, rated: int) -> bool:
    """Whether the volume suffices for the tier (gap 8)."""
    if tier == "yellow":
        return rated >= RATINGS_FOR_YELLOW
    return orders >= NEED.get(tier, 0)


def capped(tier: str, orders: int, rated: int) -> str:
    """Gap 8: the highest tier at or below it that the volume allows; too few for yellow: watch."""
    if tier == "yellow":
        return "yellow" if rated >= RATINGS_FOR_YELLOW else "watch"
    for lower in ("gold", "silver", "bronze"):
        if tier == lower:
            if orders >= NEED[lower]:
                return lower
            tier = {"gold": "silver", "silver": "bronze", "bronze": "watch"}[lower]
    return tier


def evaluate(
    counts: dict[pd.Period, tuple], month: pd.Period
) -> tuple[str, int] | None:
    """Tier and ratings judged of a month: alone if the volume carries it, else of 3 months.

    A month whose orders nobody rated is too few as well.
    """
    own = counts.get(month, (0, 0, 0, 0))
    if own[2]:
        tier = tier_of(*own)
        if enough(tier, own[0], own[2]):
            return tier, own[2]
    rolled = [counts.get(month - back, (0, 0, 0, 0)) for back in range(3)]
    total = tuple(sum(column) for column in zip(*rolled, strict=True))
    if not total[0]:
        return None
    return capped(tier_of(*total), total[0], total[2]), total[2]


def history(
    counts: dict[pd.Period, tuple], last: pd.Period
) -> list[tuple[pd.Period, str, int]]:
    """Walk a partner's months: suspension, three yellows in a row, exit for good (gaps 9, 13)."""
    out, yellows, gone = [], 0, False
    month = min(counts)
    while month <= last:
        volume, _, rated, _ = counts.get(month, (0, 0, 0, 0))
        if gone:
            found = ("exit", rated)
        elif yellows and not volume:
            found = ("yellow", 0)
        else:
            found = evaluate(counts, month)
        if found:
            tier, n = found
            yellows = (
                yellows + 1 if tier == "yellow" else 0 if tier != "exit" else yellows
            )
            if yellows >= YELLOWS_FOR_EXIT:
                tier, gone = "exit", True
            out.append((month, tier, n))
        month += 1
    return out


def partner_tier(ask: Ask) -> pd.DataFrame:
    """Tier of each partner and month; final 30 d after the month's end, provisional before."""
    world = ask.world
    last = world.today.to_period("M")
    records = []
    table = world.once(monthly)
    for partner, part in table.groupby(level="partner_id"):
        counts = {
            m: tuple(int(v) for v in row)
            for (_, m), row in zip(part.index, part.to_numpy(), strict=True)
        }
        for month, tier, n in history(counts, last):
            begin, end = month.start_time, (month + 1).start_time
            ripe = (world.today - begin) / (end + AFTER - begin)
            final = (end.tz_localize(DEFAULT_ZONE) + AFTER) <= world.as_of
            records.append(
                {
                    "partner_id": partner,
                    "month": begin,
                    "day": begin,
                    "tier": tier,
                    "value": 1.0,
                    "numerator": 1.0,
                    "denominator": 1.0,
                    "n": float(n),
                    "maturity": 1.0 if final else min(float(ripe), 0.99),
                }
            )
    names = [
        "partner_id",
        "month",
        "day",
        "tier",
        "value",
        "numerator",
        "denominator",
        "n",
        "maturity",
    ]
    rows = pd.DataFrame(records, columns=names)
    if ask.start is not None:
        rows = rows[rows["day"] >= pd.Timestamp(ask.start)]
    if ask.end is not None:
        rows = rows[rows["day"] < pd.Timestamp(ask.end)]
    rows = scoped(rows, ask)
    keep = dict.fromkeys(
        [
            *(ask.by or ("partner_id", "month")),
            "value",
            "numerator",
            "denominator",
            "n",
            "maturity",
            "tier",
        ]
    )
    return rows[list(keep)].reset_index(drop=True)
