"""Hand cases for fill rates and stock (kpis.md section 5)."""

from .case_kit import HandCase, Rows, ratio, share, store
from .cases_times import DAY, D


def part(number: int, abc_class: str = "A", stocked: bool = True, **more) -> dict:
    """A part of 100 CNY."""
    return {
        "part_number": f"P{number}",
        "name": f"Part {number}",
        "category": "brake",
        "abc_class": abc_class,
        "unit_cost": 100,
        "is_stocked": str(stocked).lower(),
    } | more


PARTS = [part(1), part(2, "B"), part(3, "A", False)]


def want(number: int, number_of_part: int, asked: float, filled: float, **more) -> dict:
    """A demand line of 03-03 at S1."""
    return {
        "request_id": f"R{number}",
        "store_id": "S1",
        "part_number": f"P{number_of_part}",
        "requested_at": D + "10:00",
        "qty_requested": asked,
        "qty_filled_first": filled,
    } | more


def demand(*rows: dict) -> Rows:
    """The demand with its parts and stores."""
    return {
        "stores": [store(), store("S2")],
        "parts": PARTS,
        "part_requests": list(rows),
    }


MIX = demand(
    want(1, 1, 2, 2),
    want(2, 1, 2, 1),
    want(3, 1, 1, 1),
    want(4, 2, 1, 0),
    want(5, 2, 4, 4),
    want(6, 3, 1, 0),
)
LINES = (
    "P1 (A, stocked) asked 2, 2, 1 and filled 2, 1, 1; P2 (B, stocked) asked 1, 4 and filled"
    " 0, 4; P3 (A, not stocked) asked 1 and filled 0: "
)
TWO = demand(
    *[want(i, 1, 1, 0 if i == 1 else 1) for i in range(1, 11)],
    want(11, 1, 1, 0, store_id="S2"),
    want(12, 1, 1, 1, store_id="S2"),
)

Z2 = 1.959964**2
HALF = 1.959964 * (0.16 / 50 + Z2 / 10000) ** 0.5
FILL = [
    HandCase(
        "stockout_rate",
        LINES + "of P1's three lines one is not completely filled: 1/3.",
        MIX,
        **DAY,
        expected=[share(1, 3)],
    ),
    HandCase(
        "line_fill",
        LINES + "of P1's three lines two are completely filled: 2/3.",
        MIX,
        **DAY,
        expected=[share(2, 3)],
    ),
    HandCase(
        "stockout_rate_all",
        LINES + "2 short of the 5 lines of stocked parts.",
        MIX,
        **DAY,
        expected=[share(2, 5)],
    ),
    HandCase(
        "line_fill_all",
        LINES + "3 of the 5 lines of stocked parts.",
        MIX,
        **DAY,
        expected=[share(3, 5)],
    ),
    HandCase(
        "unit_fill",
        LINES + "units of stocked parts 2+1+1+0+4 = 8 of 2+2+1+1+4 = 10.",
        MIX,
        **DAY,
        expected=[share(8, 10)],
    ),
    HandCase(
        "level_of_service",
        LINES + "all six lines, the three unfilled count against it.",
        MIX,
        **DAY,
        expected=[share(3, 6)],
    ),
    HandCase(
        "stockout_rate",
        "S1 1 short of 10, S2 1 of 2: together 2/12, not the mean 0.3 of 0.1 and 0.5.",
        TWO,
        **DAY,
        expected=[share(2, 12)],
    ),
    HandCase(
        "stockout_rate",
        "By store: S1 1 short of 10, S2 1 short of 2.",
        TWO,
        **DAY,
        by=("store_id",),
        expected=[share(1, 10, store_id="S1"), share(1, 2, store_id="S2")],
    ),
    HandCase(
        "line_fill",
        "40 of 50 lines filled; Wilson: (0.8 + 3.8414589/100 -+ 1.959964 x"
        " sqrt(0.16/50 + 3.8414589/10000)) / (1 + 3.8414589/50) = 0.6696 to 0.8876.",
        demand(*[want(i, 1, 1, int(i < 40)) for i in range(50)]),
        **DAY,
        expected=[
            share(40, 50)
            | {
                "ci_low": (0.8 + Z2 / 100 - HALF) / (1 + Z2 / 50),
                "ci_high": (0.8 + Z2 / 100 + HALF) / (1 + Z2 / 50),
            }
        ],
    ),
    HandCase(
        "stockout_rate",
        "Only a B part and an unstocked A part were asked for: no line of"
        " stocked A parts, null.",
        demand(want(1, 2, 1, 0), want(2, 3, 1, 0)),
        **DAY,
        expected=[share(0, 0)],
    ),
    HandCase(
        "stockout_rate",
        "Request time decides, local: 00:10 on 03-03 (short) is in, 23:59"
        " on 03-02 and 00:00 on 03-04 are not: 1/1.",
        demand(
            want(1, 1, 1, 0, requested_at=D + "00:10"),
            want(2, 1, 1, 1, requested_at="2025-03-02T23:59"),
            want(3, 1, 1, 1, requested_at="2025-03-04T00:00"),
        ),
        **DAY,
        expected=[share(1, 1)],
    ),
    HandCase(
        "stockout_rate",
        "As of 11:00 the request of 12:00 does not exist: 0/1.",
        demand(want(1, 1, 1, 1), want(2, 1, 1, 0, requested_at=D + "12:00")),
        **DAY,
        as_of=D + "11:00:00+08:00",
        expected=[share(0, 1)],
    ),
    HandCase(
        "stockout_rate_all",
        "A part that no delivery has described is not known to be"
        " stocked: only P1's line counts: 0/1.",
        demand(want(1, 1, 1, 1), want(2, 9, 1, 0)),
        **DAY,
        expected=[share(0, 1)],
        choice="Stocked is what is_stocked says; unknown is not stocked.",
    ),
    HandCase(
        "order_fill",
        "W1's two lines are filled, W2 has one short; the counter sale belongs"
        " to no order: 1/2.",
        demand(
            want(1, 1, 1, 1, work_order_id="W1"),
            want(2, 2, 1, 1, work_order_id="W1"),
            want(3, 1, 1, 1, work_order_id="W2"),
            want(4, 2, 2, 1, work_order_id="W2"),
            want(5, 1, 1, 0),
        ),
        **DAY,
        expected=[share(1, 2)],
    ),
    HandCase(
        "order_fill",
        "W1's stocked line is filled, its unstocked is not: every line means"
        " every line: 0/1.",
        demand(
            want(1, 1, 1, 1, work_order_id="W1"), want(2, 3, 1, 0, work_order_id="W1")
        ),
        **DAY,
        expected=[share(0, 1)],
        choice="Lines of unstocked parts count as well.",
    ),
]


def night(day: str, number: int, on_hand: float, reserved: float = 0) -> dict:
    """A nightly snapshot at S1."""
    return {
        "store_id": "S1",
        "part_number": f"P{number}",
        "snapshot_date": day,
        "on_hand": on_hand,
        "reserved": reserved,
    }


def move(
    number: int, number_of_part: int, at: str, qty: float, kind: str = "issue"
) -> dict:
    """A stock movement at S1."""
    return {
        "movement_id": f"M{number}",
        "store_id": "S1",
        "part_number": f"P{number_of_part}",
        "moved_at": at,
        "qty": qty,
        "kind": kind,
    }


def stock(
    nights: list[dict], moves: list[dict], parts: list[dict] | None = None
) -> Rows:
    """Snapshots and movements of store S1."""
    return {
        "stores": [store()],
        "parts": parts or PARTS,
        "stock_snapshots": nights,
        "stock_movements": moves,
    }


YEAR = {"start": "2024-06-01", "end": "2025-06-01"}
ENDS = [
    "2024-05-31",
    "2024-06-30",
    "2024-07-31",
    "2024-08-31",
    "2024-09-30",
    "2024-10-31",
    "2024-11-30",
    "2024-12-31",
    "2025-01-31",
    "2025-02-28",
    "2025-03-31",
    "2025-04-30",
]
TURNING = stock(
    [night(day, 1, 5) for day in ENDS] + [night("2025-05-31", 1, 11.5)],
    [
        move(1, 1, "2024-06-01T09:00", -13),
        move(2, 1, "2025-05-31T17:00", -20),
        move(3, 1, "2024-05-31T17:00", -50),
        move(4, 1, "2025-01-10T09:00", 40, "receipt"),
    ],
)
OLD = {"first_received_on": "2023-01-10"}
IDLE = stock(
    [
        night("2025-05-31", 1, 1),
        night("2025-05-31", 2, 2),
        night("2025-05-31", 3, 1),
        night("2025-05-31", 4, 6),
    ],
    [
        move(1, 1, "2025-01-10T09:00", -1),
        move(2, 2, "2024-08-01T09:00", -1),
        move(3, 3, "2025-05-01T09:00", 1, "adjust"),
    ],
    [
        part(1, **OLD),
        part(2, **OLD),
        part(3, **OLD),
        part(4, first_received_on="2025-01-15"),
    ],
)
IDLE_WHY = (
    "In stock 100 (issued 01-10), 200 (last issue 2024-08-01), 100 (never issued, an"
    " adjustment is no issue), 600 (never issued, first received 2025-01-15): "
)

STOCK = [
    HandCase(
        "sku_stockout",
        "Last snapshot before 03-04: P1 3 on hand, 3 reserved = 0 available:"
        " out; P2 5: not; P3 is not stocked; the snapshot of 03-02 is past: 1/2.",
        stock(
            [
                night("2025-03-03", 1, 3, 3),
                night("2025-03-03", 2, 5),
                night("2025-03-03", 3, 0),
                night("2025-03-02", 1, 9),
                night("2025-03-02", 2, 0),
            ],
            [],
        ),
        **DAY,
        expected=[share(1, 2)],
    ),
    HandCase(
        "sku_stockout",
        "As of 03-03 noon the nights of 03-05 are not known, whatever period is asked for:"
        " P1 is out, P2 is not: 1/2, not 0/2.",
        stock(
            [
                night("2025-03-03", 1, 0),
                night("2025-03-03", 2, 5),
                night("2025-03-05", 1, 8),
                night("2025-03-05", 2, 5),
            ],
            [],
        ),
        start="2025-03-03",
        end="2025-03-10",
        as_of="2025-03-03T12:00:00+08:00",
        expected=[share(1, 2)],
    ),
    HandCase(
        "sku_stockout",
        "Read at the end of 03-03: the night of 03-04 is known by now, and lies after it:"
        " 1/1, not 0/1.",
        stock([night("2025-03-03", 1, 0), night("2025-03-04", 1, 8)], []),
        start="2025-03-03",
        end="2025-03-04",
        as_of="2025-03-06T12:00:00+08:00",
        expected=[share(1, 1)],
    ),
    HandCase(
        "stockout_days",
        "P1: 2 at the night of 03-01, -2 at 10:00 and +5 at 16:00 on 03-02"
        " (out for six hours), 5 on 03-03, -5 on 03-04 (out); P2 has 4 all the time: 2 of 6"
        " SKU-days; the nightly snapshots alone see only one.",
        stock(
            [night(f"2025-03-0{d}", 1, q) for d, q in enumerate((2, 5, 5, 0), 1)]
            + [night(f"2025-03-0{d}", 2, 4) for d in (1, 2, 3, 4)],
            [
                move(1, 1, "2025-03-02T10:00", -2),
                move(2, 1, "2025-03-02T16:00", 5, "receipt"),
                move(3, 1, "2025-03-04T12:00", -5),
            ],
        ),
        start="2025-03-02",
        end="2025-03-05",
        expected=[ratio(2, 6)],
    ),
    HandCase(
        "stockout_days",
        "P1 is at 0 from the issue on 03-02 until the receipt on 03-04 10:00:"
        " out on 02, 03 and 04 (at the beginning): 3 of 4 days 03-02…03-05.",
        stock(
            [
                night("2025-03-01", 1, 1),
                night("2025-03-02", 1, 0),
                night("2025-03-03", 1, 0),
                night("2025-03-04", 1, 3),
                night("2025-03-05", 1, 3),
            ],
            [
                move(1, 1, "2025-03-02T10:00", -1),
                move(2, 1, "2025-03-04T10:00", 3, "receipt"),
            ],
        ),
        start="2025-03-02",
        end="2025-03-06",
        expected=[ratio(3, 4)],
    ),
    HandCase(
        "turns",
        "Issues from 2024-06-01 to 2025-05-31: 33 x 100 = 3300 (that of 2024-05-31"
        " is older, the receipt is no issue); 13 month ends: 12 x 500 and 1150, mean 7150/13 ="
        " 550: 3300/550 = 6.",
        TURNING,
        **YEAR,
        expected=[ratio(3300, 550)],
    ),
    HandCase(
        "dos",
        "On hand 11.5 x 100 = 1150 at 2025-05-31, COGS 3300 in 12 months: 1150/(3300/"
        "365) = 127.197 days.",
        TURNING,
        **YEAR,
        expected=[ratio(1150, 3300 / 365)],
    ),
    HandCase(
        "dead_stock",
        IDLE_WHY + "only the third is without issue for 12 months and older: 100/1000.",
        IDLE,
        **YEAR,
        expected=[ratio(100, 1000)],
    ),
    HandCase(
        "slow_stock",
        IDLE_WHY + "without issue since 2024-12-01 and older: the second and"
        " third: 300/1000.",
        IDLE,
        **YEAR,
        expected=[ratio(300, 1000)],
    ),
    HandCase(
        "dead_stock",
        "12 months before 2025-06-01: an issue on 2024-06-01 keeps P1 alive,"
        " one on 2024-05-31 does not keep P2: 100/200.",
        stock(
            [night("2025-05-31", 1, 1), night("2025-05-31", 2, 1)],
            [move(1, 1, "2024-06-01T00:30", -1), move(2, 2, "2024-05-31T23:30", -1)],
            [part(1, **OLD), part(2, **OLD)],
        ),
        **YEAR,
        expected=[ratio(100, 200)],
        choice="12 months are the calendar months [end - 12, end) of local days.",
    ),
    HandCase(
        "dead_stock",
        "P1 idle, P2 idle with its unit reserved (safety, recall): 100/200.",
        stock(
            [night("2025-05-31", 1, 1), night("2025-05-31", 2, 1, 1)],
            [],
            [part(1, **OLD), part(2, **OLD)],
        ),
        **YEAR,
        expected=[ratio(100, 200)],
        choice="Reserved for safety or recall = the snapshot's reserved quantity is above 0.",
    ),
]

HAND_CASES = [*FILL, *STOCK]
