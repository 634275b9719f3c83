"""Hand cases for technicians, bays and dispatch (kpis.md section 4)."""

from .case_kit import HandCase, order, ratio, share, shop, store, vin
from .cases_times import DAY, D, clock

NEXT = "2025-03-04T"
TEAM = [
    {"technician_id": t, "store_id": s}
    for t, s in (("T1", "S1"), ("T2", "S1"), ("T3", "S2"))
]


def there(technician: str, hours: float, day: str = "2025-03-03") -> dict:
    """Attendance of a technician."""
    return {"technician_id": technician, "work_date": day, "attended_hours": hours}


def car(number: int, store_id: str = "S1", **more) -> dict:
    """An order of 03-03 of its own vehicle, delivered at 18:00 unless said."""
    return order(
        f"W{number}",
        D + "08:00",
        more.pop("delivered_at", D + "18:00"),
        vin=vin(number),
        store_id=store_id,
        **more,
    )


LABOUR = shop(
    [car(1), car(2), car(3, "S2")],
    technicians=TEAM,
    attendance=[
        there("T1", 8),
        there("T2", 8),
        there("T3", 4),
        there("T1", 8, "2025-03-04"),
    ],
    job_clocks=[
        clock("C1", "W1", "08:00", "12:00", "T1", 5),
        clock("C2", "W2", "13:00", "15:00", "T1", 0),
        clock("C3", "W1", "09:00", "11:00", "T2", 2),
        clock("C4", "W3", "08:00", "12:00", "T3", 3),
    ],
)
BY = {"by": ("store_id",)}

TECH = [
    HandCase(
        "tech_util",
        "03-03: clocked T1 4+2, T2 2, T3 4 = 12 h over attended 8+8+4 = 20 h:"
        " 0.6, not the mean of the stores' 0.5 and 1.0; T1's 03-04 is not in.",
        LABOUR,
        **DAY,
        expected=[ratio(12, 20)],
    ),
    HandCase(
        "tech_util",
        "By store: S1 (6+2)/16 = 0.5, S2 4/4 = 1.",
        LABOUR,
        **DAY,
        **BY,
        expected=[ratio(8, 16, store_id="S1"), ratio(4, 4, store_id="S2")],
    ),
    HandCase(
        "tech_util",
        "T1 of S1 helps out at S2 for 4 of 8 h: the hours stand with his own store, where"
        " he is paid for them: S1 4/8, nothing at S2.",
        shop(
            [car(1, "S2")],
            technicians=TEAM[:1],
            attendance=[there("T1", 8)],
            job_clocks=[clock("C1", "W1", "09:00", "13:00", "T1")],
        ),
        **DAY,
        **BY,
        expected=[ratio(4, 8, store_id="S1")],
    ),
    HandCase(
        "tech_util",
        "By technician: T1 6/8, T2 2/8, T3 4/4.",
        LABOUR,
        **DAY,
        by=("technician_id",),
        expected=[
            ratio(6, 8, technician_id="T1"),
            ratio(2, 8, technician_id="T2"),
            ratio(4, 4, technician_id="T3"),
        ],
    ),
    HandCase(
        "tech_util",
        "Nobody attended on 03-05: nothing to divide by, null.",
        LABOUR | {"attendance": [there("T1", 0, "2025-03-05")]},
        start="2025-03-05",
        end="2025-03-06",
        expected=[ratio(0, 0)],
    ),
    HandCase(
        "tech_util",
        "As of 10:00 T1's clock runs since 08:00: 2 h so far, T2's since 09:00:"
        " 1 h, T3's 2 h; attended 20 h: 5/20.",
        LABOUR,
        **DAY,
        as_of=D + "10:00:00+08:00",
        expected=[ratio(5, 20)],
        choice="An open clock counts up to as_of; attendance is a whole day's figure.",
    ),
    HandCase(
        "tech_util",
        "As of 03-03 20:00 T1's 8 h of 03-04 are planned, not attended, though the period"
        " reaches to 03-06: 12/20, not 12/28.",
        LABOUR,
        start="2025-03-03",
        end="2025-03-06",
        as_of=D + "20:00:00+08:00",
        expected=[ratio(12, 20)],
    ),
    HandCase(
        "tech_eff",
        "As of 11:30 T1's clock runs 3.5 h and T3's 3.5 h, neither billed yet; T2's 2 h are"
        " closed with 2 h billed: 2/9, so that x utilisation 9/20 is productivity 2/20.",
        LABOUR,
        **DAY,
        as_of=D + "11:30:00+08:00",
        expected=[ratio(2, 9)],
        choice="An open clock counts below the line too: kpis.md has prod = util x eff.",
    ),
    HandCase(
        "tech_util",
        "As of 11:30: clocked 3.5 + 2 + 3.5 = 9 h over 20 h attended.",
        LABOUR,
        **DAY,
        as_of=D + "11:30:00+08:00",
        expected=[ratio(9, 20)],
    ),
    HandCase(
        "tech_prod",
        "As of 11:30: 2 h billed over 20 h attended = 9/20 x 2/9.",
        LABOUR,
        **DAY,
        as_of=D + "11:30:00+08:00",
        expected=[ratio(2, 20)],
    ),
    HandCase(
        "tech_eff",
        "Billed 5+0+2+3 = 10 h over clocked 12 h; the comeback job C2 clocks 2 h"
        " with 0 billed.",
        LABOUR,
        **DAY,
        expected=[ratio(10, 12)],
    ),
    HandCase(
        "tech_eff",
        "By store: S1 (5+0+2)/8 = 0.875, S2 3/4 = 0.75.",
        LABOUR,
        **DAY,
        **BY,
        expected=[ratio(7, 8, store_id="S1"), ratio(3, 4, store_id="S2")],
    ),
    HandCase(
        "tech_prod",
        "Billed 10 over attended 20 = 0.5 = utilisation 0.6 x efficiency 10/12.",
        LABOUR,
        **DAY,
        expected=[ratio(10, 20)],
    ),
]

# S1 has 2 bays x 10 h = 20 bay-hours a day.
BAYS = [
    HandCase(
        "bay_util",
        "One car clocked 09:00-12:00 (3 h) and another 10:00-12:00 (2 h) in 2 bays"
        " x 10 h: 5/20 = 0.25; the time between clocks is not worked.",
        shop(
            [car(1), car(2)],
            stores=[store()],
            technicians=TEAM[:2],
            job_clocks=[
                clock("C1", "W1", "09:00", "12:00"),
                clock("C2", "W2", "10:00", "12:00", "T2"),
            ],
        ),
        **DAY,
        expected=[ratio(5, 20)],
    ),
    HandCase(
        "bay_util",
        "Two technicians on one car 09:00-11:00 and 10:00-12:00 keep one bay busy"
        " for 3 h, not 4: 3/20.",
        shop(
            [car(1)],
            stores=[store()],
            technicians=TEAM[:2],
            job_clocks=[
                clock("C1", "W1", "09:00", "11:00"),
                clock("C2", "W1", "10:00", "12:00", "T2"),
            ],
        ),
        **DAY,
        expected=[ratio(3, 20)],
    ),
    HandCase(
        "bay_util",
        "Two days of which the calendar closes 03-04: 4 h over 20 bay-hours.",
        shop(
            [car(1)],
            stores=[store()],
            technicians=TEAM[:2],
            calendar=[{"store_id": "S1", "date": "2025-03-04", "is_open": "false"}],
            job_clocks=[clock("C1", "W1", "09:00", "13:00")],
        ),
        start="2025-03-03",
        end="2025-03-05",
        expected=[ratio(4, 20)],
    ),
    HandCase(
        "bay_util",
        "Clocked 17:00-20:00 in a store that closes at 18:00: 1 h inside the"
        " opening hours: 1/20.",
        shop(
            [car(1, delivered_at=D + "20:30")],
            stores=[store()],
            technicians=TEAM[:2],
            job_clocks=[clock("C1", "W1", "17:00", "20:00")],
        ),
        **DAY,
        expected=[ratio(1, 20)],
        choice="Bay-hours are counted inside opening hours.",
    ),
    HandCase(
        "bay_occ",
        "In the bay 09:00 to ready 15:00 = 6 h of 20; two stores together: S2 with"
        " 1 bay x 10 h occupied 10:00-12:00: (6+2)/(20+10), not the mean of 0.3 and 0.2.",
        shop(
            [
                car(1, bay_in_at=D + "09:00", ready_notified_at=D + "15:00"),
                car(2, "S2", bay_in_at=D + "10:00", ready_notified_at=D + "12:00"),
            ],
            stores=[store(), store("S2", bays=1)],
        ),
        **DAY,
        expected=[ratio(8, 30)],
    ),
    HandCase(
        "bay_occ",
        "In the bay 03-03 16:00 to 03-04 ready 10:00: 2 h before closing and 2 h"
        " after opening, the night does not count: 4 of 40.",
        shop(
            [
                car(
                    1,
                    bay_in_at=D + "16:00",
                    ready_notified_at=NEXT + "10:00",
                    delivered_at=NEXT + "12:00",
                )
            ],
            stores=[store()],
        ),
        start="2025-03-03",
        end="2025-03-05",
        expected=[ratio(4, 40)],
        choice="Bay-hours are counted inside opening hours.",
    ),
    HandCase(
        "bay_occ",
        "Parked for parts and still there at the end of the period: in since 03-03"
        " 12:00, open: 6 h on 03-03: 6/20.",
        shop([order("W1", D + "08:00", bay_in_at=D + "12:00")], stores=[store()]),
        **DAY,
        expected=[ratio(6, 20)],
        choice="Bay-hours are counted inside opening hours.",
    ),
    HandCase(
        "bay_turn",
        "Work done on 7 orders in 2 bays on one open day: 7/2 = 3.5 a day.",
        shop(
            [car(i, work_done_at=D + f"{9 + i}:00") for i in range(1, 8)],
            stores=[store()],
        ),
        **DAY,
        expected=[ratio(7, 2)],
    ),
    HandCase(
        "bay_turn",
        "6 orders done in two days, 03-04 closed by the calendar: 6/(2 bays x 1"
        " day) = 3.",
        shop(
            [car(i, work_done_at=D + f"{9 + i}:00") for i in range(1, 7)],
            stores=[store()],
            calendar=[{"store_id": "S1", "date": "2025-03-04", "is_open": "false"}],
        ),
        start="2025-03-03",
        end="2025-03-05",
        expected=[ratio(6, 2)],
    ),
]


def dispatch(
    number: int,
    order_number: int,
    at: str,
    moved: str | None = None,
    reason: str | None = None,
    technician: str = "T1",
) -> dict:
    """A dispatch of 03-03, perhaps re-assigned."""
    return {
        "dispatch_id": f"D{number}",
        "work_order_id": f"W{order_number}",
        "technician_id": technician,
        "dispatched_at": D + at,
        "dispatched_by": "hand",
        "reassigned_at": moved and D + moved,
        "reassign_reason": reason,
    }


DISPATCH = [
    HandCase(
        "dispatch_acc",
        "W1 kept; W2 re-assigned at 09:30 before its start 10:00: fails; W3"
        " re-assigned after its start for a shift change: fine; W4 after its start for lack"
        " of skill: fails: 2/4.",
        shop(
            [car(i) for i in (1, 2, 3, 4)],
            technicians=TEAM[:2],
            dispatches=[
                dispatch(1, 1, "09:00"),
                dispatch(2, 2, "09:00", "09:30", "load"),
                dispatch(3, 2, "09:30", technician="T2"),
                dispatch(4, 3, "09:00", "12:00", "shift"),
                dispatch(5, 3, "12:00", technician="T2"),
                dispatch(6, 4, "09:00", "12:00", "skill"),
                dispatch(7, 4, "12:00", technician="T2"),
            ],
            job_clocks=[
                clock(f"C{i}", f"W{i}", "10:00", "13:00") for i in (1, 2, 3, 4)
            ],
        ),
        **DAY,
        expected=[share(2, 4)],
        choice="One judgement an order; work starts with its first job clock; reason «skill»"
        " is a failure for skill.",
    ),
    HandCase(
        "dispatch_acc",
        "As of 09:15 the re-assignment of 09:30 is not known: 1/1.",
        shop(
            [car(2)],
            technicians=TEAM[:2],
            dispatches=[dispatch(2, 2, "09:00", "09:30", "load")],
        ),
        **DAY,
        as_of=D + "09:15:00+08:00",
        expected=[share(1, 1)],
    ),
    HandCase(
        "dispatch_acc",
        "Re-assigned and never started: 0/1.",
        shop(
            [order("W5", D + "08:00")],
            technicians=TEAM[:2],
            dispatches=[dispatch(1, 5, "09:00", "09:30", "load")],
        ),
        **DAY,
        expected=[share(0, 1)],
    ),
    HandCase(
        "dispatch_acc",
        "Re-assigned at 10:00, the very moment work began, is not before it: 1/1.",
        shop(
            [car(2)],
            technicians=TEAM[:2],
            dispatches=[dispatch(2, 2, "09:00", "10:00", "load")],
            job_clocks=[clock("C2", "W2", "10:00", "13:00")],
        ),
        **DAY,
        expected=[share(1, 1)],
    ),
]

HAND_CASES = [*TECH, *BAYS, *DISPATCH]
