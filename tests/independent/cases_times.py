"""Hand cases for waits and durations (kpis.md section 3, interfaces.md «Times»)."""

from .case_kit import HandCase, Rows, count, order, shop, store, vin
from .times import HEADLINE

DAY = {"start": "2025-03-03", "end": "2025-03-04"}
D = "2025-03-03T"


def variants(
    metric: str,
    why: str,
    tables: Rows,
    n: int,
    p50=None,
    p90=None,
    mean=None,
    bounds: dict | None = None,
    names=("p50", "p90", "mean"),
    **more,
) -> list[HandCase]:
    """The same rows read as bare headline, _p50, _p90 and _mean; bounds are expected ci_low."""
    values = {"p50": p50, "p90": p90, "mean": mean}
    ids = {f"{metric}_{v}": v for v in names}
    if HEADLINE[metric] in names:
        ids[metric] = HEADLINE[metric]
    cases = []
    for name, variant in ids.items():
        wanted = count(values[variant], n=n)
        if variant in (bounds or {}):
            wanted["ci_low"] = bounds[variant]
        cases.append(HandCase(name, why, tables, **(DAY | more), expected=[wanted]))
    return cases


def written(*minutes: int, **more) -> list[dict]:
    """Closed orders checked in at 09:00 and written up so many minutes later."""
    return [
        order(
            f"W{m}",
            D + "09:00",
            D + "17:00",
            vin=vin(i + 1),
            writeup_at=f"2025-03-03T{9 + m // 60:02d}:{m % 60:02d}",
            **more,
        )
        for i, m in enumerate(minutes)
    ]


def late(work_order_id: str, checkin_at: str, number: int = 50, **more) -> dict:
    """An open order without a write-up."""
    return order(work_order_id, checkin_at, vin=vin(number), **more)


FIVE = written(10, 20, 30, 40, 50)
BOOKED = [{"appointment_id": "A1", "store_id": "S1", "appointment_at": D + "09:00"}]


def booked(
    checkin: str, writeup: str | None, why: str, minutes: float
) -> list[HandCase]:
    """One order with the 09:00 appointment; every variant is its single wait."""
    rows = shop(
        [
            order(
                "W1",
                D + checkin,
                D + "17:00",
                writeup_at=D + writeup,
                appointment_id="A1",
            )
        ],
        appointments=BOOKED,
    )
    return variants("wait_writeup", why, rows, 1, minutes, minutes, minutes)


def stamps(work_order_id: str, number: int, **at) -> dict:
    """A closed order of 03-03, in at 08:00 and out at 18:00, with these stamps of that day."""
    moments = {
        k: D + v if v and "T" not in v else v
        for k, v in at.items()
        if k.endswith("_at")
    }
    rest = {k: v for k, v in at.items() if not k.endswith("_at")}
    return (
        order(work_order_id, D + "08:00", D + "18:00", vin=vin(number)) | moments | rest
    )


def clock(
    clock_id: str,
    work_order_id: str,
    begin: str,
    end: str | None,
    tech: str = "T1",
    billed: float = 0,
) -> dict:
    """A job clock of 03-03."""
    return {
        "clock_id": clock_id,
        "work_order_id": work_order_id,
        "technician_id": tech,
        "clock_in_at": D + begin,
        "clock_out_at": end and D + end,
        "billed_hours": billed,
    }


def pause(
    work_order_id: str, begin: str, end: str | None, reason: str = "parts"
) -> dict:
    """A pause of 03-03."""
    return {
        "work_order_id": work_order_id,
        "started_at": D + begin,
        "reason": reason,
        "ended_at": end and D + end,
    }


WRITEUP = [
    *variants(
        "wait_writeup",
        "Waits 10, 20, 30, 40, 50 min, none open: quantile_cont P50 = 30, P90"
        " at rank 0.9x4 = 3.6 -> 40 + 0.6x10 = 46, mean 30.",
        shop(FIVE),
        5,
        30,
        46,
        30,
    ),
    *booked(
        "08:40",
        "09:10",
        "Checked in 08:40 for a 09:00 appointment, written up 09:10: the"
        " wait runs from 09:00, 10 min and not 30.",
        10,
    ),
    *booked(
        "08:40",
        "08:50",
        "Written up at 08:50 before the 09:00 appointment: floor 0.",
        0,
    ),
    *booked(
        "09:20",
        "09:32",
        "Came 20 min late for 09:00, written up 09:32: from check-in, 12 min.",
        12,
    ),
    *variants(
        "wait_writeup",
        "Walk-in at 09:00 without appointment, written up 09:07: 7 min.",
        shop(written(7)),
        1,
        7,
        7,
        7,
    ),
    *variants(
        "wait_writeup",
        "As of 09:45 waits 10, 20, 30, 40 are closed and one open since"
        " 09:20 is censored at 25. S: 4/5 at 10, 3/5 at 20, x1/2 = 0.3 at 30, 0 at 40. P50 ="
        " first S <= 0.5 = 30; P90 = first S <= 0.1 = 40.",
        shop([*written(10, 20, 30, 40), late("OP", D + "09:20")]),
        5,
        30,
        40,
        as_of=D + "09:45:00+08:00",
        names=("p50", "p90"),
    ),
    *variants(
        "wait_writeup",
        "As of 10:00 the waits of 10 and 20 are closed, one is open for 60:"
        " S falls to 2/3 and 1/3 and stays: P50 = 20, P90 is not reached: null, and at least"
        " the 60 min known so far.",
        shop([*written(10, 20), late("OP", D + "09:00")]),
        3,
        20,
        None,
        bounds={"p90": 60},
        as_of=D + "10:00:00+08:00",
        names=("p50", "p90"),
    ),
    *variants(
        "wait_writeup",
        "as_of in the past: at 09:35 the writes-up of 09:40 and 09:50 are"
        " not known, both wait 35 min so far. S = 4/5, 3/5, 2/5 at 30: P50 = 30; P90 null,"
        " known to 35.",
        shop(FIVE),
        5,
        30,
        None,
        bounds={"p90": 35},
        as_of=D + "09:35:00+08:00",
        names=("p50", "p90"),
    ),
    *variants(
        "wait_writeup",
        "Only repair and maintenance wait and cancelled orders do not: of"
        " 10 (repair), 20 (maintenance), 30 (pdi), 40 (cancelled) two remain: P50 15, P90 10"
        " + 0.9x10 = 19, mean 15.",
        shop(
            written(10)
            + written(20, order_type="maintenance")
            + written(30, order_type="pdi")
            + [late("C", D + "09:00", status="cancelled", writeup_at=D + "09:40")]
        ),
        2,
        15,
        19,
        15,
    ),
    *variants(
        "wait_writeup",
        "A wait belongs to the day of check-in: in at 17:55 on 03-03,"
        " written up 08:05 on 03-04: 850 min on 03-03; the check-in of 03-04 is not in.",
        shop(
            [
                order(
                    "W1", D + "17:55", "2025-03-04T17:00", writeup_at="2025-03-04T08:05"
                ),
                order(
                    "W2",
                    "2025-03-04T09:00",
                    "2025-03-04T17:00",
                    vin=vin(2),
                    writeup_at="2025-03-04T09:05",
                ),
            ]
        ),
        1,
        850,
        850,
        850,
    ),
    HandCase(
        "wait_writeup_p90",
        "By store S1 has 10 and 20 (P90 19), S2 has 40 (40); an average"
        " of percentiles is never taken.",
        shop(
            written(10, 20)
            + [o | {"store_id": "S2", "vin": vin(9)} for o in written(40)]
        ),
        **DAY,
        by=("store_id",),
        expected=[count(19, n=2, store_id="S1"), count(40, n=1, store_id="S2")],
    ),
    HandCase(
        "wait_writeup_mean",
        "As of 10:00 waits 10 and 20 closed, one open for 60: area"
        " under S = 10x1 + 10x2/3 + 40x1/3 = 30.",
        shop([*written(10, 20), late("OP", D + "09:00")]),
        **DAY,
        as_of=D + "10:00:00+08:00",
        expected=[count(30, n=3)],
        choice="Mean with open orders = area under Kaplan-Meier up to the longest time.",
    ),
]

BAYED = [
    stamps(f"W{m}", m, writeup_at="09:00", bay_in_at=f"09:{m}") for m in (10, 20, 30)
]
BAY = [
    *variants(
        "wait_bay",
        "Write-up 09:00, bay 09:10 / 09:20 / 09:30: P50 20, P90 20 + 0.8x10 = 28,"
        " mean 20; the order still waiting for its write-up has not begun to wait for a bay.",
        shop([*BAYED, late("OP", D + "09:00")]),
        3,
        20,
        28,
        20,
    ),
    *variants(
        "wait_bay",
        "As of 10:00: 10 and 20 closed, one open since 09:15 is censored at 45:"
        " S 2/3, 1/3: P50 20, P90 null, known to 45.",
        shop([*BAYED[:2], late("OP", D + "09:00", writeup_at=D + "09:15")]),
        3,
        20,
        None,
        bounds={"p90": 45},
        as_of=D + "10:00:00+08:00",
        names=("p50", "p90"),
    ),
]

PARTS = [
    *variants(
        "wait_parts",
        "W1 paused for parts 30 + 45 = 75 min (its approval pause does not"
        " count), W2 25 min: P50 50, P90 25 + 0.9x50 = 70, mean 50.",
        shop(
            [
                stamps("W1", 1, work_done_at="17:00"),
                stamps("W2", 2, work_done_at="17:00"),
            ],
            pauses=[
                pause("W1", "10:00", "10:30"),
                pause("W1", "11:00", "11:45"),
                pause("W1", "12:00", "13:00", "approval"),
                pause("W2", "10:00", "10:25"),
            ],
        ),
        2,
        50,
        70,
        50,
    ),
    *variants(
        "wait_parts",
        "75 and 25 min closed; the third still waits for its part after 100"
        " min at 12:00: S 2/3 at 25, 1/3 at 75: P50 75, P90 null, known to 100.",
        shop(
            [
                stamps("W1", 1, work_done_at="11:50"),
                stamps("W2", 2, work_done_at="11:00"),
                late("W3", D + "08:00", bay_in_at=D + "09:00"),
            ],
            pauses=[
                pause("W1", "10:00", "11:15"),
                pause("W2", "10:00", "10:25"),
                pause("W3", "10:20", None),
            ],
        ),
        3,
        75,
        None,
        bounds={"p90": 100},
        as_of=D + "12:00:00+08:00",
        names=("p50", "p90"),
    ),
    HandCase(
        "wait_parts_p50",
        "Three orders, one paused for parts for 40 min: only that one"
        " waited for parts, so P50 = 40 with n = 1 (counting the others as 0 would give 0).",
        shop(
            [stamps(f"W{i}", i, work_done_at="17:00") for i in (1, 2, 3)],
            pauses=[pause("W1", "10:00", "10:40")],
        ),
        **DAY,
        expected=[count(40, n=1)],
        choice="Orders without a parts pause are not in the sample.",
    ),
]

HANDOVER = variants(
    "wait_handover",
    "Ready 17:50, 17:40 and 17:00, all delivered 18:00: 10, 20, 60 min: P50 20,"
    " P90 20 + 0.8x40 = 52, mean 30.",
    shop(
        [
            stamps(f"W{i}", i, ready_notified_at=t)
            for i, t in enumerate(("17:50", "17:40", "17:00"), 1)
        ]
    ),
    3,
    20,
    52,
    30,
) + variants(
    "wait_handover",
    "As of 18:30: 10 min closed, one is ready since 18:00 and not fetched:"
    " censored at 30. S 1/2 at 10: P50 10, P90 null, known to 30.",
    shop(
        [
            stamps("W1", 1, ready_notified_at="17:50"),
            late("W2", D + "09:00", ready_notified_at=D + "18:00"),
        ]
    ),
    2,
    10,
    None,
    bounds={"p90": 30},
    as_of=D + "18:30:00+08:00",
    names=("p50", "p90"),
)

SITE = {"waiting_on_site": "true"}
TOTAL = [
    *variants(
        "cust_wait_total",
        "W1 on site 09:00-11:00 with 45 min clocked: 75. W2 came 09:45"
        " for 10:00, ready 11:00, 30 min clocked: 60 - 30 = 30. W3 did not wait on site. P50"
        " 52.5, P90 30 + 0.9x45 = 70.5, mean 52.5.",
        shop(
            [
                stamps("W1", 1, checkin_at="09:00", ready_notified_at="11:00", **SITE),
                stamps(
                    "W2",
                    2,
                    checkin_at="09:45",
                    ready_notified_at="11:00",
                    appointment_id="A2",
                    **SITE,
                ),
                stamps("W3", 3, ready_notified_at="12:00", waiting_on_site="false"),
            ],
            appointments=[
                {
                    "appointment_id": "A2",
                    "store_id": "S1",
                    "appointment_at": D + "10:00",
                }
            ],
            job_clocks=[
                clock("C1", "W1", "10:00", "10:45"),
                clock("C2", "W2", "10:10", "10:40"),
            ],
        ),
        2,
        52.5,
        70.5,
        52.5,
    ),
    *variants(
        "cust_wait_total",
        "As of 11:00 the order in since 09:00 is not ready, 30 min were"
        " clocked: censored at 120 - 30 = 90, the other closed at 40: S 1/2 at 40: P50 40,"
        " P90 null, known to 90.",
        shop(
            [
                stamps("W1", 1, checkin_at="09:00", ready_notified_at="09:40", **SITE),
                late("W2", D + "09:00", **SITE),
            ],
            job_clocks=[clock("C1", "W2", "09:30", "10:00")],
        ),
        2,
        40,
        None,
        bounds={"p90": 90},
        as_of=D + "11:00:00+08:00",
        names=("p50", "p90"),
    ),
    HandCase(
        "cust_wait_total",
        "On site 10:00-11:00, two technicians clocked 10:10-10:40 and"
        " 10:20-10:50: somebody worked 40 min (not 60), so 20 min without work.",
        shop(
            [stamps("W1", 1, checkin_at="10:00", ready_notified_at="11:00", **SITE)],
            job_clocks=[
                clock("C1", "W1", "10:10", "10:40"),
                clock("C2", "W1", "10:20", "10:50", "T2"),
            ],
        ),
        **DAY,
        expected=[count(20, n=1)],
        choice="Overlapping clocks of one order count once.",
    ),
]

DURATION = [
    *variants(
        "repair_duration",
        "Bay to work done 2 h and 4 h; the repair finished the next day"
        " and the maintenance stay out (same-day general repairs): P50 3, P90 2 + 0.9x2 ="
        " 3.8, mean 3.",
        shop(
            [
                stamps("W1", 1, bay_in_at="09:00", work_done_at="11:00"),
                stamps("W2", 2, bay_in_at="10:00", work_done_at="14:00"),
                stamps(
                    "W3",
                    3,
                    bay_in_at="09:00",
                    work_done_at="2025-03-04T09:30",
                    delivered_at="2025-03-04T18:00",
                ),
                stamps(
                    "W4",
                    4,
                    bay_in_at="09:00",
                    work_done_at="10:00",
                    order_type="maintenance",
                ),
            ]
        ),
        2,
        3,
        3.8,
        3,
    ),
    *variants(
        "repair_duration",
        "As of 11:30: 2 h closed, one in the bay since 09:00 is censored"
        " at 2.5: S 1/2 at 2: P50 2, P90 null, known to 2.5.",
        shop(
            [
                stamps("W1", 1, bay_in_at="09:00", work_done_at="11:00"),
                late("W2", D + "08:00", bay_in_at=D + "09:00"),
            ]
        ),
        2,
        2,
        None,
        bounds={"p90": 2.5},
        as_of=D + "11:30:00+08:00",
        names=("p50", "p90"),
    ),
    HandCase(
        "repair_duration",
        "Bay 17:00 to 19:30 in a store that closes at 18:00: 2.5 h on the"
        " clock minus 1.5 closed = 1.",
        shop(
            [
                stamps(
                    "W1",
                    1,
                    bay_in_at="17:00",
                    work_done_at="19:30",
                    delivered_at="20:00",
                )
            ],
            stores=[store()],
        ),
        **DAY,
        expected=[count(1, n=1)],
        choice="Closed hours = outside the store's opening hours.",
    ),
]

SHOP_TIME = variants(
    "tat_in_shop",
    "Check-in 08:00 to ready 14:00, 18:00 and 14:00 next day: 6, 10, 30 h (nights"
    " count): P50 10, P90 10 + 0.8x20 = 26, mean 46/3.",
    shop(
        [
            stamps("W1", 1, ready_notified_at="14:00"),
            stamps("W2", 2, ready_notified_at="18:00"),
            stamps(
                "W3",
                3,
                ready_notified_at="2025-03-04T14:00",
                order_type="maintenance",
                delivered_at="2025-03-04T15:00",
            ),
        ]
    ),
    3,
    10,
    26,
    46 / 3,
) + variants(
    "tat_in_shop",
    "As of 18:30: 6 h closed, one in since 08:00 is censored at 10.5: P50 6, P90"
    " null, known to 10.5.",
    shop([stamps("W1", 1, ready_notified_at="14:00"), late("W2", D + "08:00")]),
    2,
    6,
    None,
    bounds={"p90": 10.5},
    as_of=D + "18:30:00+08:00",
    names=("p50", "p90"),
)

HAND_CASES = [*WRITEUP, *BAY, *PARTS, *HANDOVER, *TOTAL, *DURATION, *SHOP_TIME]
