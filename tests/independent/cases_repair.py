"""Hand cases for first-time fix and comebacks (kpis.md section 2)."""

from .case_kit import HandCase, count, line, order, share, shop, vin

SPRING = {"start": "2025-03-01", "end": "2025-05-01"}
FIRST = order("W1", "2025-03-03T09:00", "2025-03-03T15:00")


def ftfr(why, tables, fixed, matured, **more):
    """A ftfr_30d case over March and April 2025 in one row."""
    return HandCase(
        "ftfr_30d", why, tables, **(SPRING | more), expected=[share(fixed, matured)]
    )


def back(checkin, delivered="2025-04-20T18:00", **more):
    """W2, the same vehicle again."""
    return order("W2", checkin, delivered, **more)


def matched(rule, old, new):
    """A return where only one criterion of rule 1 is shared: W1 fails, W2 is no index."""
    lines = [line("W1", "brakes", **old), line("W2", "noise", **new)]
    return ftfr(
        f"Groups differ but {rule}: W1 fails, W2 is a comeback, so 0 of 1 index visit.",
        shop([FIRST, back("2025-03-20T09:00", "2025-03-21T09:00")], lines),
        0,
        1,
    )


HAND_CASES = [
    ftfr(
        "Three vehicles, one returns with the same group after 7 days: 2 of 3 index visits fixed;"
        " the return itself is no index visit.",
        shop(
            [
                FIRST,
                order("W3", "2025-03-04T09:00", "2025-03-04T15:00", vin=vin(3)),
                order("W4", "2025-03-05T09:00", "2025-03-05T15:00", vin=vin(4)),
                back("2025-03-10T09:00", "2025-03-10T16:00"),
            ]
        ),
        2,
        3,
    ),
    ftfr(
        "Delivered 03-03 15:00, back 04-02 15:00 = exactly 30x24 h: counts as fail; W2 is a"
        " comeback and no index: 0 of 1.",
        shop([FIRST, back("2025-04-02T15:00:00")]),
        0,
        1,
    ),
    ftfr(
        "Back one second after 30x24 h: W1 is fixed, and W2 is an index visit of its own that"
        " nobody returned from: 2 of 2.",
        shop([FIRST, back("2025-04-02T15:00:01")]),
        2,
        2,
    ),
    HandCase(
        "ftfr_30d",
        "W1 at S1, the return is checked in at S2: the fail is charged to S1 (0"
        " of 1); W2 is no index, so only S2's own W3 counts there (1 of 1).",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", "2025-03-10T17:00", store_id="S2"),
                order(
                    "W3",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(3),
                    store_id="S2",
                ),
            ]
        ),
        **SPRING,
        by=("store_id",),
        expected=[share(0, 1, store_id="S1"), share(1, 1, store_id="S2")],
    ),
    HandCase(
        "ftfr_30d",
        "S1 has 1 of 1 fixed, S2 has 1 of 3: together sum over sum 2/4 = 0.5, not"
        " the mean of shares (1 + 1/3)/2 = 0.667.",
        shop(
            [
                order(
                    f"W{i}",
                    "2025-03-03T09:00",
                    "2025-03-03T15:00",
                    vin=vin(i),
                    store_id="S1" if i == 1 else "S2",
                    parts_pending=i > 2,
                )
                for i in (1, 2, 3, 4)
            ]
        ),
        **SPRING,
        expected=[share(2, 4)],
    ),
    ftfr(
        "The return of 03-20 is still open at as_of: it fails W1 all the same, and is itself not"
        " eligible: 0 of 1.",
        shop([FIRST, back("2025-03-20T09:00", None)]),
        0,
        1,
    ),
    ftfr(
        "Delivered with parts pending, never back: fail, 0 of 1.",
        shop([FIRST | {"parts_pending": True}]),
        0,
        1,
    ),
    ftfr(
        "Redone before leaving, never back: fail, 0 of 1.",
        shop([FIRST | {"redo_before_leaving": True}]),
        0,
        1,
    ),
    ftfr(
        "W1 has brakes and ac; only ac comes back: any failed line fails the order, and sharing"
        " one line makes W2 (ac, noise) wholly a comeback: 0 of 1.",
        shop(
            [FIRST, back("2025-03-10T09:00", "2025-03-10T17:00")],
            [line("W1"), line("W1", "ac", 2), line("W2", "ac"), line("W2", "noise", 2)],
        ),
        0,
        1,
    ),
    ftfr(
        "Same vehicle, other complaint group and nothing else shared: two index visits, both"
        " fixed: 2 of 2.",
        shop(
            [FIRST, back("2025-03-10T09:00", "2025-03-10T17:00")],
            [line("W1"), line("W2", "ac")],
        ),
        2,
        2,
    ),
    ftfr(
        "Same complaint on another vehicle is no return: 2 of 2.",
        shop([FIRST, back("2025-03-10T09:00", "2025-03-10T17:00", vin=vin(2))]),
        2,
        2,
    ),
    matched(
        "the first five characters of the DTC agree (B0039-10, B0039-54)",
        {"dtc": "B0039-10"},
        {"dtc": "B0039-54"},
    ),
    matched(
        "the labour operation agrees", {"labour_op": "BR-010"}, {"labour_op": "BR-010"}
    ),
    matched(
        "the replaced part number agrees",
        {"part_number": "P-77"},
        {"part_number": "P-77"},
    ),
    matched("the adviser flagged 返修", {}, {"is_comeback_flagged": True}),
    ftfr(
        "DTC U0073 and U0074 differ in the fifth character, nothing else is shared: 2 of 2.",
        shop(
            [FIRST, back("2025-03-10T09:00", "2025-03-10T17:00")],
            [line("W1", dtc="U0073-04"), line("W2", "noise", dtc="U0074-04")],
        ),
        2,
        2,
    ),
    ftfr(
        "返修 flag on W3 matches the vehicle's previous repair visit W2 only (ac, 03-12), not W1"
        " (brakes, 03-03): index W1 fixed, W2 failed, W3 a comeback: 1 of 2.",
        shop(
            [
                FIRST,
                back("2025-03-12T09:00", "2025-03-12T15:00"),
                order("W3", "2025-03-20T09:00", "2025-03-20T15:00"),
            ],
            [
                line("W1"),
                line("W2", "ac"),
                line("W3", "noise", is_comeback_flagged=True),
            ],
        ),
        1,
        2,
    ),
    ftfr(
        "返修 flag 40 days after the previous repair visit: outside the window, both are index"
        " visits and fixed: 2 of 2.",
        shop(
            [FIRST, back("2025-04-12T15:00", "2025-04-12T18:00")],
            [line("W1"), line("W2", "noise", is_comeback_flagged=True)],
        ),
        2,
        2,
    ),
    ftfr(
        "Chain: W2 returns to W1 (day 10) and W3 to W2 (day 20): W2 and W3 are comebacks, W1 the"
        " only index visit, failed: 0 of 1.",
        shop(
            [
                FIRST,
                back("2025-03-13T09:00", "2025-03-13T15:00"),
                order("W3", "2025-03-23T09:00", "2025-03-23T15:00"),
            ]
        ),
        0,
        1,
    ),
    ftfr(
        "W3 comes 40 days after W1 but 25 after comeback W2: still a comeback (a visit delivered"
        " in the 30 days before shares the problem): only W1 is index, failed: 0 of 1.",
        shop(
            [
                FIRST,
                back("2025-03-18T09:00", "2025-03-18T15:00"),
                order("W3", "2025-04-12T09:00", "2025-04-12T15:00"),
            ]
        ),
        0,
        1,
    ),
    ftfr(
        "Maintenance, pdi, accident, recall, ota and internal orders with complaint lines are no"
        " index visits: only W1: 1 of 1.",
        shop(
            [FIRST]
            + [
                order(
                    f"X{i}",
                    "2025-03-04T09:00",
                    "2025-03-04T12:00",
                    vin=vin(10 + i),
                    order_type=kind,
                )
                for i, kind in enumerate(
                    ["maintenance", "pdi", "accident", "recall", "ota", "internal"]
                )
            ]
        ),
        1,
        1,
    ),
    ftfr(
        "A cancelled and a still open order do not count, nor a repair order whose only line"
        " has no complaint group: 1 of 1.",
        shop(
            [
                FIRST,
                order("W5", "2025-03-04T09:00", vin=vin(5), status="cancelled"),
                order("W6", "2025-03-04T09:00", vin=vin(6)),
                order("W7", "2025-03-04T09:00", "2025-03-04T12:00", vin=vin(7)),
            ],
            [line("W1"), line("W5"), line("W6"), line("W7", None, labour_op="OIL")],
        ),
        1,
        1,
    ),
    ftfr(
        "The only same-problem check-in in the window was cancelled: W1 stays fixed: 1 of 1.",
        shop([FIRST, order("W2", "2025-03-10T09:00", status="cancelled")]),
        1,
        1,
        choice="A cancelled check-in is no return, as for comeback_in.",
    ),
    ftfr(
        "The same complaint named at a maintenance visit is no return, since such visits are not"
        " eligible: W1 fixed: 1 of 1.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", "2025-03-10T17:00", order_type="maintenance"),
            ]
        ),
        1,
        1,
        choice="Only repair visits can be the return.",
    ),
    ftfr(
        "as_of 04-02 15:00 is exactly 30 d after W1's delivery, so W1 is matured (<=); W3 of one"
        " second later is left out: 1 of 1, maturity 1/2.",
        shop(
            [FIRST, order("W3", "2025-03-03T09:00", "2025-03-03T15:00:01", vin=vin(3))]
        ),
        1,
        1,
        as_of="2025-04-02T15:00:00+08:00",
    ),
    ftfr(
        "All immature: nothing to divide by, so null and not 0 % or 100 %.",
        shop([FIRST]),
        0,
        0,
        as_of="2025-03-20T12:00:00+08:00",
    ),
    ftfr(
        "as_of in the past: at 04-10 W1 (03-03) is judged, W3 delivered 04-01 is immature and W4"
        " delivered 04-20 does not exist yet: 1 of 1.",
        shop(
            [
                FIRST,
                order("W3", "2025-04-01T09:00", "2025-04-01T15:00", vin=vin(3)),
                order("W4", "2025-03-04T09:00", "2025-04-20T15:00", vin=vin(4)),
            ]
        ),
        1,
        1,
        as_of="2025-04-10T12:00:00+08:00",
    ),
    HandCase(
        "ftfr_30d",
        "By default the last 90 days of matured cohort: as_of 06-15 less 30 d is"
        " 05-16; W1 (03-03) and W3 (05-10) lie in the 90 days before, W4 (01-20) does not and"
        " W5 (05-25) is immature; none returned: 2 of 2.",
        shop(
            [
                FIRST,
                order("W3", "2025-05-10T09:00", "2025-05-10T15:00", vin=vin(3)),
                order("W4", "2025-01-20T09:00", "2025-01-20T15:00", vin=vin(4)),
                order("W5", "2025-05-25T09:00", "2025-05-25T15:00", vin=vin(5)),
            ]
        ),
        expected=[share(2, 2)],
    ),
    ftfr(
        "Cohort date is delivery, not check-in: in at 02-27, out at 03-02 counts in March; in at"
        " 04-29, out at 05-02 does not: 1 of 1.",
        shop(
            [
                order("W1", "2025-02-27T09:00", "2025-03-02T15:00"),
                order("W3", "2025-04-29T09:00", "2025-05-02T15:00", vin=vin(3)),
            ]
        ),
        1,
        1,
    ),
    HandCase(
        "ftfr_30d",
        "Charged to the technician of the index visit: T1's W1 came back to T2,"
        " T1 0 of 1; T2's own W3 1 of 1.",
        shop(
            [
                FIRST | {"technician_id": "T1"},
                back("2025-03-10T09:00", "2025-03-10T17:00", technician_id="T2"),
                order(
                    "W3",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(3),
                    technician_id="T2",
                ),
            ]
        ),
        **SPRING,
        by=("technician_id",),
        expected=[share(0, 1, technician_id="T1"), share(1, 1, technician_id="T2")],
    ),
    HandCase(
        "ftfr_30d",
        "By region: S1 (East) has W1, returned, 0 of 1; S2 (North) has W3 and W4,"
        " one with parts pending: 1 of 2.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", "2025-03-10T17:00"),
                order(
                    "W3",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(3),
                    store_id="S2",
                ),
                order(
                    "W4",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(4),
                    store_id="S2",
                    parts_pending=True,
                ),
            ]
        ),
        **SPRING,
        by=("region",),
        expected=[share(0, 1, region="East"), share(1, 2, region="North")],
    ),
    HandCase(
        "ftfr_30d",
        "Filtered on S2 only its own two index visits remain, one failed: 1 of 2.",
        shop(
            [
                FIRST,
                order(
                    "W3",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(3),
                    store_id="S2",
                ),
                order(
                    "W4",
                    "2025-03-05T09:00",
                    "2025-03-05T15:00",
                    vin=vin(4),
                    store_id="S2",
                    redo_before_leaving=True,
                ),
            ]
        ),
        **SPRING,
        where={"store_id": "S2"},
        expected=[share(1, 2)],
    ),
    HandCase(
        "ftfr_30d",
        "W1 has brakes and ac, only ac comes back: the order failed, and it counts"
        " with that outcome under both groups: brakes 0 of 1, ac 0 of 1.",
        shop(
            [FIRST, back("2025-03-10T09:00", "2025-03-10T17:00")],
            [line("W1"), line("W1", "ac", 2), line("W2", "ac")],
        ),
        **SPRING,
        by=("complaint_group",),
        expected=[
            share(0, 1, complaint_group="ac"),
            share(0, 1, complaint_group="brakes"),
        ],
        choice="By complaint group an order counts once under each of its groups with the"
        " order's outcome; the line-level rate is a diagnostic of its own.",
    ),
    HandCase(
        "ftfr_order",
        "W1 returned (fail), comeback W2 did not return again: comebacks count"
        " too, so 1 of 2.",
        shop([FIRST, back("2025-03-10T09:00", "2025-03-10T17:00")]),
        **SPRING,
        expected=[share(1, 2)],
    ),
    HandCase(
        "ftfr_order",
        "Fails by the same three conditions: W1 returned, its comeback W2 left"
        " with parts pending, W3 fixed: 1 of 3.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", "2025-03-10T17:00", parts_pending=True),
                order("W3", "2025-03-05T09:00", "2025-03-05T15:00", vin=vin(3)),
            ]
        ),
        **SPRING,
        expected=[share(1, 3)],
    ),
    HandCase(
        "comeback_in",
        "On 03-10 two cars check in for repair, one of them the return of W1:"
        " 1 of 2; the cancelled check-in and the maintenance of that day do not count.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", None),
                order("W3", "2025-03-10T10:00", vin=vin(3)),
                order("W4", "2025-03-10T11:00", vin=vin(4), status="cancelled"),
                order("W5", "2025-03-10T12:00", vin=vin(5), order_type="maintenance"),
            ]
        ),
        start="2025-03-10",
        end="2025-03-11",
        expected=[share(1, 2)],
    ),
    HandCase(
        "comeback_in",
        "The inflow belongs to the store where the car checks in: S1 repaired"
        " W1, the return stands at S2: S2 1 of 1, S1 has only W3: 0 of 1.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", None, store_id="S2"),
                order("W3", "2025-03-10T10:00", vin=vin(3)),
            ]
        ),
        start="2025-03-10",
        end="2025-03-11",
        by=("store_id",),
        expected=[share(0, 1, store_id="S1"), share(1, 1, store_id="S2")],
    ),
    HandCase(
        "comeback_in",
        "as_of 09:30 on 03-10: the return of 09:00 is known, the repair that"
        " checks in at 10:00 is not yet: 1 of 1.",
        shop(
            [
                FIRST,
                back("2025-03-10T09:00", "2025-03-10T17:00"),
                order("W3", "2025-03-10T10:00", vin=vin(3)),
            ]
        ),
        as_of="2025-03-10T09:30:00+08:00",
        start="2025-03-10",
        end="2025-03-11",
        expected=[share(1, 1)],
    ),
    HandCase(
        "ftfr_prov",
        "At 03-20 15:00: A delivered 10 d ago and never back (censored at 10), B"
        " back after 5 d, C delivered 2 d ago (censored at 2). At day 5 two are at risk, one"
        " returns: S = 1 - 1/2 = 0.5.",
        shop(
            [
                order("A", "2025-03-10T09:00", "2025-03-10T15:00", vin=vin(1)),
                order("B", "2025-03-08T09:00", "2025-03-08T15:00", vin=vin(2)),
                order("B2", "2025-03-13T15:00", vin=vin(2)),
                order("C", "2025-03-18T09:00", "2025-03-18T15:00", vin=vin(3)),
            ]
        ),
        as_of="2025-03-20T15:00:00+08:00",
        expected=[count(0.5, n=3)],
    ),
    HandCase(
        "ftfr_prov",
        "Four immature visits: one left with parts pending (event at 0: 3/4 are"
        " left), one returned at day 6 with two of the three still at risk: 3/4 x 1/2 ="
        " 0.375; the matured visit W9 stays out.",
        shop(
            [
                order("A", "2025-03-05T09:00", "2025-03-05T15:00", parts_pending=True),
                order("B", "2025-03-06T09:00", "2025-03-06T15:00", vin=vin(2)),
                order("B2", "2025-03-12T15:00", vin=vin(2)),
                order("C", "2025-03-17T09:00", "2025-03-17T15:00", vin=vin(3)),
                order("D", "2025-03-08T09:00", "2025-03-08T15:00", vin=vin(4)),
                order("W9", "2025-01-08T09:00", "2025-01-08T15:00", vin=vin(9)),
            ]
        ),
        as_of="2025-03-20T15:00:00+08:00",
        expected=[count(0.375, n=4)],
    ),
    HandCase(
        "ftfr_prov",
        "Delivered exactly 30 x 24 h ago: A is mature, and no longer in the cohort; B,"
        " a second younger, is: n = 1.",
        shop(
            [
                order("A", "2025-02-18T09:00", "2025-02-18T15:00:00", vin=vin(1)),
                order("B", "2025-02-18T09:00", "2025-02-18T15:00:01", vin=vin(2)),
            ]
        ),
        as_of="2025-03-20T15:00:00+08:00",
        expected=[count(1, n=1)],
    ),
]
