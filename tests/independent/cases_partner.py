"""Hand cases for partner tiers: every gap of kpis.md section 8.

T(r, c) is judged on a month's delivered orders. Months of 2025; as_of 2025-12-20 unless said.
"""

from .case_kit import HandCase, Rows

NOW = "2025-12-20T12:00:00+08:00"


def month(
    number: int,
    stars: dict[int | float | None, int],
    complained: int = 0,
    partner: str = "P1",
    received: str | None = None,
) -> Rows:
    """Orders of one month by rating (None = unrated), the first `complained` with a complaint."""
    orders, bad = [], []
    ratings = [rating for rating, many in stars.items() for _ in range(many)]
    for i, rating in enumerate(ratings):
        day = f"2025-{number:02d}-{i % 25 + 1:02d}"
        key = f"{partner}-{number}-{i}"
        orders.append(
            {
                "partner_order_id": key,
                "partner_id": partner,
                "status": "delivered",
                "requested_at": f"{day}T09:00",
                "delivered_at": f"{day}T11:00",
                "rating": rating,
                "city": "Shanghai",
                "service_type": "loaner",
            }
        )
        if i < complained:
            bad.append(
                {
                    "complaint_id": f"C-{key}",
                    "partner_order_id": key,
                    "received_at": received or f"{day}T15:00",
                }
            )
    return {"partner_orders": orders, "complaints": bad}


def called_off(status: str) -> Rows:
    """Sixty orders of March, rated 1, that carry a delivery time and were cancelled."""
    rows = month(3, {1: 60})
    for order in rows["partner_orders"]:
        order["partner_order_id"] += f"-{status}"
        order["status"] = status
    return rows


def months(*parts: Rows, **more) -> Rows:
    """Several months of one or more partners, with the partner's own row."""
    ids = sorted({o["partner_id"] for p in parts for o in p["partner_orders"]})
    partners = [
        {
            "partner_id": p,
            "name": f"Partner {p}",
            "partner_type": "capability",
            "service_type": "loaner",
            "cities": "Shanghai",
        }
        for p in ids
    ]
    tables = {
        "partners": partners,
        "partner_orders": [o for p in parts for o in p["partner_orders"]],
        "complaints": [c for p in parts for c in p["complaints"]],
    }
    return tables | more


def tier(name: str, why: str, tables: Rows, number: int = 3, **more) -> HandCase:
    """The tier of partner P1 in one month."""
    after = "2026-01-01" if number == 12 else f"2025-{number + 1:02d}-01"
    wanted = {
        "partner_id": "P1",
        "month": f"2025-{number:02d}",
        "tier": name,
        "value": 1,
    }
    wanted |= more.pop("also", {})
    return HandCase(
        "partner_tier",
        why,
        tables,
        **({"as_of": NOW} | more),
        start=f"2025-{number:02d}-01",
        end=after,
        by=("partner_id", "month"),
        expected=[wanted],
    )


def march(name: str, why: str, stars: dict, complained: int = 0, **more) -> HandCase:
    """A partner known by March 2025 alone."""
    return tier(name, why, months(month(3, stars, complained)), **more)


YELLOW = {3: 15, 4: 10}  # 25 ratings, mean (45 + 40) / 25 = 3.4
BAD = month(3, YELLOW)

GRID = [
    march(
        "gold",
        "200 orders, r = (180x5 + 20x4)/200 = 4.9 > 4.8, c = 0 < 0.5 %: gold.",
        {5: 180, 4: 20},
    ),
    march(
        "silver",
        "r = (160x5 + 40x4)/200 = 4.8 exactly is not > 4.8: falls to silver (> 4.5,"
        " c = 0).",
        {5: 160, 4: 40},
    ),
    march(
        "silver",
        "r = 4.9 but c = 1/200 = 0.5 % exactly is not < 0.5 %: silver.",
        {5: 180, 4: 20},
        1,
    ),
    march(
        "bronze",
        "r = (100x5 + 100x4)/200 = 4.5 exactly is not > 4.5: bronze.",
        {5: 100, 4: 100},
    ),
    march(
        "bronze",
        "r = 4.9 but c = 2/200 = 1 % exactly is not < 1 %: bronze (< 2 %).",
        {5: 180, 4: 20},
        2,
    ),
    march(
        "bronze",
        "Gap 4: r = (120x5 + 80x4)/200 = 4.6 is silver's, c = 3/200 = 1.5 % is"
        " bronze's: the highest tier whose both conditions hold is bronze.",
        {5: 120, 4: 80},
        3,
    ),
    march(
        "watch",
        "Gap 3: r = 4.9 with c = 6/200 = 3 % has no seed tier: watch.",
        {5: 180, 4: 20},
        6,
    ),
    march(
        "watch",
        "c = 4/200 = 2 % exactly is not < 2 %: watch, whatever the rating.",
        {5: 180, 4: 20},
        4,
    ),
    march(
        "watch", "Gap 2: r = 4.0 exactly is neither > 4.0 nor < 4.0: watch.", {4: 200}
    ),
    march(
        "yellow",
        "Gap 5: r = (30x3 + 170x4)/200 = 3.85 < 4.0 with no complaint: yellow.",
        {3: 30, 4: 170},
    ),
]

VOLUME = [
    march(
        "silver",
        "Gap 8: gold quality on 199 orders (no other months): capped to silver"
        " (>= 100).",
        {5: 199},
    ),
    march(
        "silver", "Exactly 100 orders of gold quality: silver needs >= 100.", {5: 100}
    ),
    march("bronze", "99 orders of gold quality: capped to bronze (>= 50).", {5: 99}),
    march("bronze", "Exactly 50 orders of gold quality: bronze needs >= 50.", {5: 50}),
    march("watch", "49 orders of gold quality: below bronze's 50, watch.", {5: 49}),
    march(
        "yellow",
        "Exactly 20 ratings, all 3: r = 3.0 < 4.0 and yellow needs >= 20 ratings.",
        {3: 20},
    ),
    march(
        "watch",
        "19 ratings of 3 and 30 unrated orders: yellow needs 20 ratings, so watch.",
        {3: 19, None: 30},
    ),
    tier(
        "gold",
        "March has 150 orders at 5.0, January and February 30 each: too few for gold"
        " alone, rolled to three months 210 orders, r = 5, c = 0: gold.",
        months(month(1, {5: 30}), month(2, {5: 30}), month(3, {5: 150})),
    ),
    tier(
        "gold",
        "March's 30 orders are not rated yet: too few, rolled with February's 200 of 5.0"
        " (230 orders, r = 5, c = 0, 200 ratings): gold, as the month before.",
        months(month(2, {5: 200}), month(3, {None: 30})),
        also={"n": 200},
        choice="A month without a rating is too few; n is the ratings judged on.",
    ),
    march(
        "watch",
        "300 orders nobody rated: no line of a tier is passed, as with fewer than 20"
        " ratings it is watch, and n = 0 says that it rests on no rating.",
        {None: 300},
        also={"n": 0},
        choice="No rating: no tier is earned nor lost; watch with a sample of 0.",
    ),
    tier(
        "silver",
        "The window rolls three months and no further: January's 100 orders do not"
        " help April (Feb 30 + Mar 30 + Apr 100 = 160 < 200): silver.",
        months(
            month(1, {5: 100}), month(2, {5: 30}), month(3, {5: 30}), month(4, {5: 100})
        ),
        4,
    ),
    tier(
        "bronze",
        "March alone (150 x 5.0) is short of gold's 200; rolled with January and"
        " February (75 x 4.0 each): r = (750 + 600)/300 = 4.5, not > 4.5, c = 0: bronze.",
        months(month(1, {4: 75}), month(2, {4: 75}), month(3, {5: 150})),
        3,
        choice="Too few orders: rating and complaints are judged on the rolled window too.",
    ),
    tier(
        "yellow",
        "10 ratings of 3 in February and 10 in March: March alone is too few, rolled"
        " 20 ratings of 3.0: yellow.",
        months(month(2, {3: 10}), month(3, {3: 10})),
    ),
]

SUSPENDED = [
    tier(
        "yellow",
        "Gap 9: March is yellow, so the partner is suspended; April has no order and"
        " reads yellow.",
        months(BAD),
        4,
    ),
    tier(
        "exit",
        "March yellow, April and May without orders while suspended: May is the third"
        " yellow in a row: exit.",
        months(BAD),
        5,
        choice="The month that is the third yellow reads exit itself.",
    ),
    tier(
        "exit",
        "Gap 13: exit is absorbing; 200 perfect orders in July after the exit of May do"
        " not bring the partner back.",
        months(BAD, month(7, {5: 200})),
        7,
    ),
    tier(
        "exit",
        "Without any order June, after the exit of May, reads exit.",
        months(BAD),
        6,
    ),
    tier(
        "exit",
        "Three months of evaluated yellow (r = 3.4 each) in a row: the third is exit.",
        months(BAD, month(4, YELLOW), month(5, YELLOW)),
        5,
        choice="The month that is the third yellow reads exit itself.",
    ),
    tier(
        "yellow",
        "Yellow in March and April, watch in May (4.0 x 200 orders) resets the count;"
        " June is yellow (r = 3 on 250 ratings) for the first time, not exit.",
        months(BAD, month(4, YELLOW), month(5, {4: 200}), month(6, {3: 250})),
        6,
    ),
    tier(
        "watch",
        "May's 200 orders of exactly 4.0 after two yellow months: any other evaluated"
        " tier resets: watch.",
        months(BAD, month(4, YELLOW), month(5, {4: 200})),
        5,
    ),
    HandCase(
        "partner_tier",
        "P1 has no order before August: it is not suspended and has no"
        " reading in March; P2 (200 perfect orders in March) has one.",
        months(month(3, {5: 200}, partner="P2"), month(8, {5: 200})),
        as_of=NOW,
        start="2025-03-01",
        end="2025-04-01",
        by=("partner_id", "month"),
        expected=[{"partner_id": "P2", "month": "2025-03", "tier": "gold", "value": 1}],
    ),
]

TIMING = [
    tier(
        "gold",
        "At 05-01 00:00 March is final, 30 d after its end (04-01 00:00): maturity 1.",
        months(month(3, {5: 200})),
        as_of="2025-05-01T00:00:00+08:00",
        also={"maturity": 1},
    ),
    tier(
        "gold",
        "A complaint 31 days after delivery does not count (30 d limit): c = 0, gold;"
        " orders of 03-01 complained of on 04-02.",
        months(month(3, {5: 200}, 1, received="2025-04-02T09:00")),
    ),
    tier(
        "silver",
        "A complaint exactly 30x24 h after delivery (03-01 11:00 -> 03-31 11:00)"
        " counts: c = 1/200 = 0.5 %, not < 0.5 %: silver.",
        months(month(3, {5: 200}, 1, received="2025-03-31T11:00")),
    ),
    tier(
        "gold",
        "One second later (03-31 11:00:01) it is too late: c = 0, gold.",
        months(month(3, {5: 200}, 1, received="2025-03-31T11:00:01")),
    ),
    tier(
        "gold",
        "Cancelled however it is spelled: 200 rated 5 count, 60 of each spelling rated 1"
        " do not: gold.",
        months(
            month(3, {5: 200}),
            called_off("已取消"),
            called_off("Canceled"),
            called_off("CANCELLED"),
        ),
        choice="Statuses of partners are free text: case and language are no matter.",
    ),
    tier(
        "gold",
        "As of 03-31 12:00 the complaint of 14:00 (within 30 d) is not known yet: c ="
        " 0, provisionally gold.",
        months(
            month(3, {5: 200}),
            complaints=[
                {
                    "complaint_id": "C1",
                    "partner_order_id": "P1-3-24",
                    "received_at": "2025-03-31T14:00",
                }
            ],
        ),
        as_of="2025-03-31T12:00:00+08:00",
    ),
    tier(
        "silver",
        "Two complaints about one order count once: c = 1/200 = 0.5 %: silver; as two"
        " it were 1 % and bronze.",
        months(
            month(3, {5: 200}),
            complaints=[
                {
                    "complaint_id": c,
                    "partner_order_id": "P1-3-0",
                    "received_at": "2025-03-05T09:00",
                }
                for c in ("C1", "C2")
            ],
        ),
        choice="Partner complaints are counted as distinct complained orders.",
    ),
    tier(
        "bronze",
        "Delivered orders only: 99 delivered and 101 never delivered are 99: bronze.",
        months(
            month(3, {5: 99}),
            {
                "partner_orders": [
                    {
                        "partner_order_id": f"N{i}",
                        "partner_id": "P1",
                        "status": "requested",
                        "requested_at": "2025-03-05T09:00",
                    }
                    for i in range(101)
                ],
                "complaints": [],
            },
        ),
    ),
    tier(
        "silver",
        "The month is that of delivery, local time: 100 orders delivered 2025-04-01"
        " 00:30 (03-31 in UTC) belong to April: 100 there: silver.",
        months(
            {
                "partner_orders": [
                    {
                        "partner_order_id": f"M{i}",
                        "partner_id": "P1",
                        "status": "delivered",
                        "rating": 5,
                        "requested_at": "2025-03-31T23:00",
                        "delivered_at": "2025-04-01T00:30",
                    }
                    for i in range(100)
                ],
                "complaints": [],
            }
        ),
        4,
    ),
]

HAND_CASES = [*GRID, *VOLUME, *SUSPENDED, *TIMING]
