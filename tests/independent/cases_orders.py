"""Hand cases for order counts, promises, appointments, waits of now and entry (kpis.md 3, 16)."""

from .case_kit import HandCase, count, order, share, shop, store, vin
from .cases_times import DAY, D, clock

NEXT = "2025-03-04T"


def arrived(number: int, checkin: str, delivered: str | None = None, **more) -> dict:
    """An order of its own vehicle."""
    return order(f"W{number}", checkin, delivered, vin=vin(number), **more)


FLOW = [
    HandCase(
        "orders_arrived",
        "Local days: 00:30 on 03-03 (03-02 in UTC) and 23:59 are in, 00:00"
        " on 03-04 is not: 2; maintenance counts as well.",
        shop(
            [
                arrived(1, D + "00:30", order_type="maintenance"),
                arrived(2, D + "23:59"),
                arrived(3, NEXT + "00:00"),
            ]
        ),
        **DAY,
        expected=[count(2)],
    ),
    HandCase(
        "orders_arrived",
        "As of 10:00 the check-in of 11:00 does not exist yet: 1.",
        shop([arrived(1, D + "09:00"), arrived(2, D + "11:00")]),
        **DAY,
        as_of=D + "10:00:00+08:00",
        expected=[count(1)],
    ),
    HandCase(
        "orders_arrived",
        "A store in Tokyo time: 23:30 UTC+8 on 03-02 is 00:30 there on"
        " 03-03: S2 has 1, S1 (22:00 local on 03-03) has 1.",
        {
            "stores": [store(), store("S2", timezone="Asia/Tokyo")],
            "work_orders": [
                arrived(1, D + "22:00"),
                arrived(2, "2025-03-02T23:30:00+08:00", store_id="S2"),
            ],
        },
        **DAY,
        by=("store_id",),
        expected=[count(1, store_id="S1"), count(1, store_id="S2")],
    ),
    HandCase(
        "orders_arrived",
        "Two arrive, one of them is cancelled later: 1.",
        shop([arrived(1, D + "09:00"), arrived(2, D + "10:00", status="cancelled")]),
        **DAY,
        expected=[count(1)],
        choice="Cancelled orders are left out of the counts.",
    ),
    HandCase(
        "orders_in_progress",
        "At 12:00: W1 open, W2 delivered at 11:00, W3 delivered at 13:00"
        " (not known yet), W4 cancelled: W1 and W3: 2.",
        shop(
            [
                arrived(1, D + "09:00"),
                arrived(2, D + "09:00", D + "11:00"),
                arrived(3, D + "09:00", D + "13:00"),
                arrived(4, D + "09:00", status="cancelled"),
            ]
        ),
        as_of=D + "12:00:00+08:00",
        expected=[count(2)],
    ),
    HandCase(
        "orders_delivered",
        "Delivered on 03-03: W1 (in since 02-27) and W2; W3 on 03-04 is not: 2.",
        shop(
            [
                arrived(1, "2025-02-27T09:00", D + "09:00"),
                arrived(2, D + "09:00", D + "17:00"),
                arrived(3, D + "09:00", NEXT + "09:00"),
            ]
        ),
        **DAY,
        expected=[count(2)],
    ),
]

SAME = [
    HandCase(
        "same_day",
        "In 09:00, ready 17:00: yes; in 14:59, ready next day: no; in 15:00 sharp"
        " is after the cut-off and not judged, nor is a pdi: 1/2.",
        shop(
            [
                arrived(1, D + "09:00", NEXT + "10:00", ready_notified_at=D + "17:00"),
                arrived(
                    2, D + "14:59", NEXT + "10:00", ready_notified_at=NEXT + "09:00"
                ),
                arrived(3, D + "15:00", NEXT + "10:00", ready_notified_at=D + "17:00"),
                arrived(
                    4,
                    D + "09:00",
                    NEXT + "10:00",
                    ready_notified_at=D + "17:00",
                    order_type="pdi",
                ),
            ]
        ),
        **DAY,
        expected=[share(1, 2)],
    ),
    HandCase(
        "same_day",
        "At 20:00 the day has not ended: nothing is judged, although one car is"
        " ready: null.",
        shop([arrived(1, D + "09:00", ready_notified_at=D + "17:00")]),
        **DAY,
        as_of=D + "20:00:00+08:00",
        expected=[share(0, 0)],
    ),
    HandCase(
        "same_day",
        "At 00:00 of the next day the day has ended: the car still in work"
        " fails, the ready one passes: 1/2.",
        shop(
            [
                arrived(1, D + "09:00", ready_notified_at=D + "17:00"),
                arrived(2, D + "09:00"),
            ]
        ),
        **DAY,
        as_of=NEXT + "00:00:00+08:00",
        expected=[share(1, 2)],
    ),
]


def promised(number: int, at: str, ready: str | None, **more) -> dict:
    """An order in since 08:00 with a promise."""
    return (
        arrived(number, D + "08:00", None, promised_at=at, ready_notified_at=ready)
        | more
    )


PROMISE = [
    HandCase(
        "promise_kept",
        "Promised 16:00: ready 16:00 sharp kept, ready 16:01 not, never ready"
        " and past the promise not: 1/3; no promise, no judgement.",
        shop(
            [
                promised(1, D + "16:00", D + "16:00"),
                promised(2, D + "16:00", D + "16:01"),
                promised(3, D + "16:00", None),
                arrived(4, D + "08:00"),
            ]
        ),
        **DAY,
        expected=[share(1, 3)],
    ),
    HandCase(
        "promise_kept",
        "At 15:00: promised 14:00 and open fails now; promised 16:00 and open"
        " is not judged: 0/1.",
        shop([promised(1, D + "14:00", None), promised(2, D + "16:00", None)]),
        **DAY,
        as_of=D + "15:00:00+08:00",
        expected=[share(0, 1)],
    ),
    HandCase(
        "promise_kept",
        "as_of in the past: at 15:00 the car promised for 14:00 and ready at"
        " 14:30 failed; the one promised 15:00 and ready 14:59 kept it: 1/2.",
        shop(
            [
                promised(1, D + "14:00", D + "14:30"),
                promised(2, D + "15:00", D + "14:59"),
            ]
        ),
        **DAY,
        as_of=D + "15:00:00+08:00",
        expected=[share(1, 2)],
    ),
    HandCase(
        "promise_kept",
        "Ready at 14:00 for 16:00, asked at 15:00: the promise time has not"
        " passed, so the order is not below the line yet: null.",
        shop([promised(1, D + "16:00", D + "14:00")]),
        **DAY,
        as_of=D + "15:00:00+08:00",
        expected=[share(0, 0)],
        choice="Only orders whose promise time has passed are judged, ready ones too.",
    ),
    HandCase(
        "promise_kept",
        "First promised 16:00, moved to 18:00 by a later version, ready 17:00:"
        " the first promise was broken: 0/1.",
        shop(
            [
                promised(1, D + "16:00", None, updated_at=D + "09:00"),
                promised(1, D + "18:00", D + "17:00", updated_at=D + "17:05"),
            ]
        ),
        **DAY,
        expected=[share(0, 1)],
    ),
    HandCase(
        "promise_kept",
        "A promise belongs to the day promised: in on 03-03, promised and"
        " ready on 03-04: nothing on 03-03, 1/1 on 03-04.",
        shop([promised(1, NEXT + "16:00", NEXT + "15:00")]),
        start="2025-03-04",
        end="2025-03-05",
        expected=[share(1, 1)],
    ),
]


def booking(number: int, at: str) -> dict:
    """An appointment."""
    return {"appointment_id": f"A{number}", "store_id": "S1", "appointment_at": at}


def came(number: int, checkin: str, **more) -> dict:
    """The order of appointment A<number>."""
    return arrived(number, checkin, NEXT + "18:00", appointment_id=f"A{number}", **more)


APPOINTMENT = [
    HandCase(
        "appt_on_time",
        "Booked 09:00: 09:15 sharp is on time, 09:16 is late, 08:30 is on"
        " time; the no-show is separate and not below the line: 2/3.",
        shop(
            [came(1, D + "09:15"), came(2, D + "09:16"), came(3, D + "08:30")],
            appointments=[booking(i, D + "09:00") for i in (1, 2, 3, 4)],
        ),
        **DAY,
        expected=[share(2, 3)],
        choice="A no-show is an appointment without a check-in.",
    ),
    HandCase(
        "appt_on_time",
        "At 09:10 the 09:00 appointment is not past 09:15 and not judged,"
        " although the customer is there; 08:00 came 08:05: 1/1.",
        shop(
            [came(1, D + "09:05"), came(2, D + "08:05")],
            appointments=[booking(1, D + "09:00"), booking(2, D + "08:00")],
        ),
        **DAY,
        as_of=D + "09:10:00+08:00",
        expected=[share(1, 1)],
    ),
    HandCase(
        "appt_served_on_time",
        "Booked 09:00: came 09:20, written up 09:35 = 15 min after"
        " check-in: yes; came 08:30, written up 09:16: 16 min after the appointment: no; a"
        " walk-in is not counted: 1/2.",
        shop(
            [
                came(1, D + "09:20", writeup_at=D + "09:35"),
                came(2, D + "08:30", writeup_at=D + "09:16"),
                arrived(3, D + "09:00", writeup_at=D + "09:01"),
            ],
            appointments=[booking(i, D + "09:00") for i in (1, 2)],
        ),
        **DAY,
        expected=[share(1, 2)],
    ),
    HandCase(
        "appt_served_on_time",
        "At 09:40 an order in at 09:20 for 09:00 has no write-up: its"
        " 15 min are over, 0/1; one in at 09:30 still has time and is not judged.",
        shop(
            [came(1, D + "09:20"), came(2, D + "09:30")],
            appointments=[booking(i, D + "09:00") for i in (1, 2)],
        ),
        **DAY,
        as_of=D + "09:40:00+08:00",
        expected=[share(0, 1)],
    ),
]

SITE = {"waiting_on_site": "true"}
WAITING = shop(
    [
        arrived(1, D + "09:00", **SITE),
        came(2, D + "10:00", **SITE),
        arrived(3, D + "09:00", ready_notified_at=D + "10:45", **SITE),
        arrived(4, D + "08:00"),
        arrived(5, D + "11:30", **SITE),
    ],
    appointments=[booking(2, D + "10:30")],
    job_clocks=[clock("C1", "W1", "09:30", "10:00")],
)
MEANS = "Waiting = on site, checked in, not ready; measured as cust_wait_total so far."
NOW = [
    HandCase(
        "waiting_now",
        "At 11:00 two customers wait on site: W1 and W2; W3 is ready, W4 is not"
        " on site, W5 has not come: 2.",
        WAITING,
        as_of=D + "11:00:00+08:00",
        expected=[count(2)],
        choice=MEANS,
    ),
    HandCase(
        "longest_wait_now",
        "At 11:00 W1 is there since 09:00 with 30 min of work = 90 min; W2"
        " since its appointment at 10:30 = 30: 90, of two who wait.",
        WAITING,
        as_of=D + "11:00:00+08:00",
        expected=[count(90, n=2)],
        choice=MEANS,
    ),
    HandCase(
        "longest_wait_now",
        "At 08:30 only W4 is there, and its customer has left: nobody waits, so the"
        " longest wait is not 0 but none.",
        WAITING,
        as_of=D + "08:30:00+08:00",
        expected=[count(None, n=0)],
        choice=MEANS,
    ),
]


def entered(number: int, mode: str, at: str | None, **more) -> dict:
    """An order of 03-03 09:00 entered at a time in a mode."""
    return arrived(
        number, D + "09:00", D + "17:00", entry_mode=mode, entered_at=at, **more
    )


MODES = shop(
    [
        entered(1, "live", D + "09:00"),
        entered(2, "live", D + "09:05"),
        entered(3, "backfilled", D + "20:00"),
        entered(4, "paper", D + "18:00"),
    ]
)
LATE = shop(
    [
        entered(1, "live", D + "09:00"),
        entered(2, "backfilled", NEXT + "09:01"),
        entered(3, "paper", D + "09:00"),
        entered(4, "live", None, status="cancelled"),
        entered(5, "", NEXT + "09:01"),
    ]
)
SPLIT = "Plain shares of entry_mode; the 24 h of kpis.md 16 belong to the maturity indicator."
ENTRY = [
    HandCase(
        "entry_live_share",
        "Two live, one backfilled the same day, one on paper: 2/4.",
        MODES,
        **DAY,
        expected=[share(2, 4)],
    ),
    HandCase(
        "entry_backfilled_share",
        "One of four orders was entered later, within 24 h: 1/4.",
        MODES,
        **DAY,
        expected=[share(1, 4)],
    ),
    HandCase(
        "entry_paper_share",
        "One of four orders came on paper, none > 24 h late: 1/4.",
        MODES,
        **DAY,
        expected=[share(1, 4)],
    ),
    HandCase(
        "entry_live_share",
        "The cancelled order and the one without a mode are left out:"
        " one of three is live: 1/3.",
        LATE,
        **DAY,
        expected=[share(1, 3)],
        choice=SPLIT,
    ),
    HandCase(
        "entry_paper_share",
        "Back-entered 24 h 1 min after check-in is still backfilled, not paper: 1/3.",
        LATE,
        **DAY,
        expected=[share(1, 3)],
        choice=SPLIT,
    ),
    HandCase(
        "entry_backfilled_share",
        "entered_at plays no part: the order entered 24 h 1 min"
        " late is the one backfilled: 1/3.",
        LATE,
        **DAY,
        expected=[share(1, 3)],
        choice=SPLIT,
    ),
]

HAND_CASES = [*FLOW, *SAME, *PROMISE, *APPOINTMENT, *NOW, *ENTRY]
