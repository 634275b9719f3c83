"""The vectorised parts of the independent computation agree with slow, obvious loops."""

import random
from datetime import date

import numpy as np
import pandas as pd
import pytest

from . import METRICS, read
from .case_kit import line, order, store, vin
from .hours import union_by
from .identity import within_one_edit
from .partners import capped, tier_of
from .repair import return_pairs
from .source import load
from .summary import percentile, survival, wilson
from .world import World

AS_OF = pd.Timestamp("2025-06-01", tz="Asia/Shanghai").tz_convert("UTC")
SEEDS = range(5)


def random_orders(rng: random.Random) -> dict[str, list[dict]]:
    """A few vehicles with many repairs close together."""
    orders, lines = [], []
    for i in range(60):
        begin = pd.Timestamp("2025-03-01") + pd.Timedelta(hours=rng.randrange(2000))
        done = (
            begin + pd.Timedelta(hours=rng.randrange(1, 90))
            if rng.random() < 0.9
            else None
        )
        orders.append(
            order(
                f"W{i:02d}",
                begin.isoformat(),
                done and done.isoformat(),
                vin=vin(rng.randrange(6)),
                store_id=rng.choice(["S1", "S2"]),
                status=rng.choice(["closed"] * 4 + ["cancelled"]) if done else "open",
                order_type=rng.choice(["repair"] * 3 + ["maintenance"]),
            )
        )
        for k in range(rng.randrange(3)):
            lines.append(
                line(
                    f"W{i:02d}",
                    rng.choice(["a", "b", "c", "d", "e", None]),
                    k,
                    dtc=rng.choice([None, "P0001-01", "P0001-02", "P0002"]),
                    part_number=rng.choice([None, None, "X", "Y"]),
                    is_comeback_flagged=rng.choice(["true"] + ["false"] * 7),
                )
            )
    return {
        "stores": [store(), store("S2")],
        "work_orders": orders,
        "work_order_lines": lines,
    }


def slow_pairs(world: World) -> set[tuple[str, str]]:
    """Rules 1-3 of kpis.md section 2 read aloud, pair by pair."""
    lines = {}
    for row in world["work_order_lines"].to_dict("records"):
        if row["complaint_group"]:
            lines.setdefault(row["work_order_id"], []).append(row)
    visits = [
        o
        for o in world.orders.to_dict("records")
        if o["order_type"] == "repair"
        and o["status"] != "cancelled"
        and o["work_order_id"] in lines
    ]
    visits.sort(key=lambda o: (o["checkin_at"], o["work_order_id"]))
    found = set()
    for at, new in enumerate(visits):
        before = [o for o in visits[:at] if o["vin"] == new["vin"]]
        flagged = any(x["is_comeback_flagged"] for x in lines[new["work_order_id"]])
        for old in (o for o in visits if o["vin"] == new["vin"] and o is not new):
            if old["status"] != "closed" or pd.isna(old["delivered_at"]):
                continue
            gap = new["checkin_at"] - old["delivered_at"]
            if not pd.Timedelta(0) < gap <= pd.Timedelta(days=30):
                continue
            same = any(
                x["complaint_group"] == y["complaint_group"]
                or (x["dtc"] and y["dtc"] and x["dtc"][:5] == y["dtc"][:5])
                or (x["part_number"] and x["part_number"] == y["part_number"])
                for x in lines[old["work_order_id"]]
                for y in lines[new["work_order_id"]]
            )
            if same or (flagged and before and before[-1] is old):
                found.add((old["work_order_id"], new["work_order_id"]))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_return_pairs_are_those_of_the_slow_loop(seed):
    """The joins find exactly the same-problem pairs that a loop over all pairs finds."""
    world = World(load(random_orders(random.Random(seed))), AS_OF)
    pairs = return_pairs(world)
    assert slow_pairs(world) == set(zip(pairs["prior"], pairs["later"], strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_stores_add_up_to_the_network(seed):
    """Numerators and denominators by store add up to those of the network."""
    tables = load(random_orders(random.Random(seed)))
    ask = {"as_of": AS_OF, "start": date(2025, 3, 1), "end": date(2025, 6, 1)}
    for metric in ("ftfr_30d", "ftfr_order", "comeback_in"):
        whole = read(metric, tables, **ask).iloc[0]
        parts = read(metric, tables, **ask, by=("store_id",))
        assert parts[["numerator", "denominator"]].sum().tolist() == [
            whole["numerator"],
            whole["denominator"],
        ]


@pytest.mark.parametrize("seed", SEEDS)
def test_kaplan_meier_is_the_product_taken_step_by_step(seed):
    """The curve equals the product over event times of 1 - deaths / at risk."""
    rng = np.random.default_rng(seed)
    times, events = rng.integers(1, 12, 40).astype(float), rng.random(40) < 0.6
    left, slow = 1.0, []
    for moment in sorted(set(times[events])):
        left *= 1 - sum((times == moment) & events) / sum(times >= moment)
        slow.append(left)
    assert survival(times, events)[1] == pytest.approx(slow)


def test_kaplan_meier_without_censoring_counts_plainly():
    """Nine of ten waits ended by the ninth: S is 0.1 there, reached in spite of rounding."""
    times = np.arange(1.0, 11.0)
    events = np.array([True] * 9 + [False])
    assert percentile(times, events, 0.9)[0] == 9.0


@pytest.mark.parametrize("metric", METRICS)
def test_no_data_gives_no_value(metric):
    """On empty tables a count is 0 and every other reading null; nothing breaks."""
    got = read(metric, {}, as_of=AS_OF)
    assert all(pd.isna(v) or v == 0 for v in got["value"])


@pytest.mark.parametrize("seed", SEEDS)
def test_union_of_spans_is_that_of_counting_minutes(seed):
    """Overlapping spans count each minute once."""
    rng = np.random.default_rng(seed)
    begin = rng.integers(0, 300, 30)
    spans = pd.DataFrame(
        {
            "key": rng.integers(0, 3, 30),
            "begin": begin,
            "until": begin + rng.integers(0, 60, 30),
        }
    )
    slow = {
        k: len(
            {
                m
                for b, u in zip(p["begin"], p["until"], strict=True)
                for m in range(b, u)
            }
        )
        for k, p in spans.groupby("key")
    }
    zero = pd.Timestamp("2025-03-03")
    for column in ("begin", "until"):
        spans[column] = zero + pd.to_timedelta(spans[column], unit="min")
    assert (union_by(spans, ["key"]) * 60).round(6).to_dict() == slow


@pytest.mark.parametrize("seed", SEEDS)
def test_stockout_days_are_those_of_a_walk_through_the_days(seed):
    """Following the balance movement by movement finds the same days without stock."""
    rng = random.Random(seed)
    held, nights, moves, out = 2, [], [], 0
    for day in range(1, 29):
        least = held
        for k in range(rng.randrange(3)):
            change = rng.choice([-2, -1, 1, 2]) if held > 1 else rng.choice([1, 2, 3])
            held += change
            least = min(least, held)
            moves.append(
                {
                    "movement_id": f"M{day}-{k}",
                    "store_id": "S1",
                    "part_number": "P1",
                    "moved_at": f"2025-03-{day:02d}T{9 + k}:00",
                    "qty": change,
                }
            )
        if day % 3 == 1:
            nights.append(
                {
                    "store_id": "S1",
                    "part_number": "P1",
                    "on_hand": held,
                    "snapshot_date": f"2025-03-{day:02d}",
                }
            )
        out += least <= 0 and day >= 5
    tables = load(
        {
            "stores": [store()],
            "parts": [{"part_number": "P1", "is_stocked": "true"}],
            "stock_snapshots": nights,
            "stock_movements": moves,
        }
    )
    got = read(
        "stockout_days",
        tables,
        as_of=AS_OF,
        start=date(2025, 3, 5),
        end=date(2025, 3, 29),
    )
    assert (got["numerator"][0], got["denominator"][0]) == (out, 24)


def test_tiers_are_total_and_monotone():
    """More stars, fewer complaints or more orders never lower a tier (kpis.md section 8)."""
    rank = {t: i for i, t in enumerate(["yellow", "watch", "bronze", "silver", "gold"])}

    def tier(stars: int, bad: int, orders: int = 400) -> int:
        """The rank for a mean in hundredths of a star."""
        found = tier_of(orders, bad, orders, stars * 10 * orders)
        return rank[capped(found, orders, orders)]

    for stars in range(390, 501):
        for bad in range(0, 12):
            assert tier(stars, bad) >= tier(stars, bad + 1)
            assert tier(min(stars + 1, 500), bad) >= tier(stars, bad)


def test_utilisation_times_efficiency_is_productivity():
    """tech_prod = tech_util x tech_eff, whatever the rows."""
    tables = load(
        {
            "stores": [store()],
            "technicians": [{"technician_id": "T1", "store_id": "S1"}],
            "attendance": [
                {"technician_id": "T1", "work_date": "2025-03-03", "attended_hours": 8}
            ],
            "job_clocks": [
                {
                    "clock_id": c,
                    "work_order_id": "W1",
                    "technician_id": "T1",
                    "clock_in_at": f"2025-03-03T{c}:00",
                    "clock_out_at": f"2025-03-03T{c}:50",
                    "billed_hours": 0.7,
                }
                for c in (10, 12, 14)
            ],
        }
    )
    ask = {"as_of": AS_OF, "start": date(2025, 3, 3), "end": date(2025, 3, 4)}
    util, eff, prod = (
        read(m, tables, **ask)["value"][0]
        for m in ("tech_util", "tech_eff", "tech_prod")
    )
    assert prod == pytest.approx(util * eff)


def test_wilson_matches_the_published_example():
    """8 of 10 has the Wilson interval 0.490 to 0.943."""
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@pytest.mark.parametrize(
    "a, b, near",
    [
        ("abc", "abc", True),
        ("abc", "abd", True),
        ("abc", "acb", True),
        ("abc", "ab", True),
        ("abc", "xabc", True),
        ("abc", "cab", False),
        ("abcd", "abdce", False),
        ("abc", "a", False),
    ],
)
def test_one_edit(a, b, near):
    """One substitution, insertion, deletion or swap of neighbours is one edit."""
    assert within_one_edit(a, b) is near
