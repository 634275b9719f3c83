"""Hand cases for surveys, complaints and customer data (kpis.md sections 7, 18, 19)."""

from .case_kit import HandCase, count, order, ratio, share, shop, store, vin

SPRING = {"start": "2025-03-01", "end": "2025-06-01"}
PROMOTER, PASSIVE, DETRACTOR = 9, 8, 6


def answer(
    number: int,
    score: float | None,
    day: str = "2025-04-10",
    customer: str | None = None,
    instrument: str = "nps-delivery",
    **more,
) -> dict:
    """A survey sent at 09:00 and answered at noon of the day, by customer K<number>."""
    return {
        "survey_id": f"V{number}",
        "instrument_id": instrument,
        "store_id": "S1",
        "source_customer_id": customer or f"K{number}",
        "sent_at": f"{day}T09:00",
        "answered_at": None if score is None else f"{day}T12:00",
        "score": score,
    } | more


def asked(*rows: dict) -> dict:
    """A survey table with its stores."""
    return {"stores": [store(), store("S2")], "surveys": list(rows)}


def nps(why, rows, points, n, **more):
    """An NPS case: net promoters over answers, in one row."""
    value = 100 * points / n if n else None
    return HandCase(
        "nps",
        why,
        asked(*rows),
        **(SPRING | more),
        expected=[{"value": value, "numerator": points, "denominator": n, "n": n}],
    )


TEN = [answer(i, s) for i, s in enumerate([10, 9, 10, 9, 9, 8, 7, 6, 3, 0])]

NPS = [
    nps(
        "Ten answers: 5 promoters (9-10), 2 passives, 3 detractors (0-6): 100x(5-3)/10 = 20.",
        TEN,
        2,
        10,
    ),
    nps(
        "Boundaries: 9 promotes, 8 and 7 are passive, 6 detracts: (1-1)/4 = 0.",
        [answer(i, s) for i, s in enumerate([9, 8, 7, 6])],
        0,
        4,
    ),
    nps(
        "One customer answers 3 on 04-01 and 10 on 05-01, 30 days later: the last stands: one"
        " promoter: 100.",
        [answer(1, 3, "2025-04-01", "K"), answer(2, 10, "2025-05-01", "K")],
        1,
        1,
    ),
    nps(
        "03-01 and 05-31 are 91 days apart: both stand: promoter and detractor: 0 on 2.",
        [answer(1, 3, "2025-03-01", "K"), answer(2, 10, "2025-05-31", "K")],
        0,
        2,
    ),
    nps(
        "03-01 12:00 and 05-30 12:00 are exactly 90x24 h apart: both stand: 0 on 2.",
        [answer(1, 3, "2025-03-01", "K"), answer(2, 10, "2025-05-30", "K")],
        0,
        2,
        choice="Within 90 days means less than 90x24 h.",
    ),
    nps(
        "Drop excluded first: the later answer (0) is a test by staff, so the earlier 10 stands:"
        " 100 on 1.",
        [
            answer(1, 10, "2025-04-01", "K"),
            answer(2, 0, "2025-05-01", "K", is_excluded="true"),
        ],
        1,
        1,
    ),
    nps(
        "as_of in the past: on 04-15 the answer of 05-01 is not known, so that of 04-01 (3)"
        " stands: -100 on 1.",
        [answer(1, 3, "2025-04-01", "K"), answer(2, 10, "2025-05-01", "K")],
        -1,
        1,
        as_of="2025-04-15T12:00:00+08:00",
    ),
    nps(
        "The last answer lies after the period but is known: the answer of 04-01 is not the"
        " customer's last in 90 days and does not count in April: null.",
        [answer(1, 3, "2025-04-01", "K"), answer(2, 10, "2025-05-01", "K")],
        0,
        0,
        start="2025-04-01",
        end="2025-05-01",
        choice="Answers are deduplicated before the period is cut.",
    ),
    nps(
        "Answers 60 and 120 days after the first: each is followed by another within 90 days"
        " except the last (05-30): 100 on 1.",
        [
            answer(1, 0, "2025-03-02", "K"),
            answer(2, 0, "2025-04-01", "K"),
            answer(3, 10, "2025-05-30", "K"),
        ],
        1,
        1,
        choice="An answer is out when a later one follows within 90 days, even if that one is"
        " itself out.",
    ),
    HandCase(
        "nps",
        "Answers of 05-20 (matured: older than 14 d at 06-15) and 06-10 (provisional):"
        " both count, 100 on 2, maturity 1/2.",
        asked(answer(1, 10, "2025-05-20"), answer(2, 10, "2025-06-10")),
        start="2025-05-01",
        end="2025-07-01",
        expected=[count(100, n=2, maturity=0.5)],
        choice="Provisional answers count in the value and lower the maturity.",
    ),
    nps(
        "An invitation without an answer is no answer: 100 on 1.",
        [answer(1, 10), answer(2, None)],
        1,
        1,
    ),
    nps(
        "By answer date: sent 02-27, answered 03-02 counts in March-May; sent 05-31, answered"
        " 06-02 does not: 100 on 1.",
        [
            answer(1, 10, "2025-02-27", answered_at="2025-03-02T09:00"),
            answer(2, 0, "2025-05-31", answered_at="2025-06-02T09:00"),
        ],
        1,
        1,
    ),
    HandCase(
        "nps",
        "Two stores: S1 +2 of 2 (100), S2 -1 of 3 (-33.3): together 1/5 = 20, not the"
        " mean 33.3.",
        asked(
            answer(1, 9),
            answer(2, 9),
            answer(3, 3, store_id="S2"),
            answer(4, 8, store_id="S2"),
            answer(5, 7, store_id="S2"),
        ),
        **SPRING,
        expected=[count(20, n=5)],
    ),
    HandCase(
        "nps",
        "By instrument: one customer answers two instruments within 90 days, each"
        " keeps its own: 100 and -100.",
        asked(
            answer(1, 10, "2025-04-01", "K"),
            answer(2, 0, "2025-04-20", "K", "nps-index"),
        ),
        **SPRING,
        by=("instrument_id",),
        expected=[
            count(100, n=1, instrument_id="nps-delivery"),
            count(-100, n=1, instrument_id="nps-index"),
        ],
        choice="One answer per customer and instrument.",
    ),
    HandCase(
        "nps",
        "30 promoters, 0, 0: value 100; interval from counts + 1: p = 31/33, d = 1/33,"
        " var = (32/33 - (30/33)^2)/33 = 156/35937 = 0.004341, half ="
        " 1.959964 x 0.065886 = 12.913 points: from 87.087 up to 100.",
        asked(*[answer(i, 10) for i in range(30)]),
        **SPRING,
        expected=[
            {"value": 100, "n": 30, "ci_low": 100 - 195.9964 * (156 / 35937) ** 0.5}
        ],
        choice="Half width from counts + 1 around the plain value, cut at +-100.",
    ),
    HandCase(
        "nps_resp",
        "Four invitations sent, one of them to staff (excluded), two answered: 2/3.",
        asked(
            answer(1, 9),
            answer(2, 3),
            answer(3, None),
            answer(4, 9, is_excluded="true"),
        ),
        **SPRING,
        expected=[share(2, 3)],
    ),
    HandCase(
        "csat",
        "Scores 5, 4 and 3 on 1-5: 12/3 x 20 = 80.",
        asked(*[answer(s, s, instrument="csat-delivery") for s in (5, 4, 3)]),
        **SPRING,
        expected=[count(80, n=3)],
        choice="Instruments with «csat» in their id are on 1-5, the others on 0-10.",
    ),
    HandCase(
        "csat",
        "A 9 cannot come from an instrument that counts 1-5: its row is set aside, and the"
        " 4 is left: 4 x 20 = 80, not (9 + 4)/2 x 20 = 130.",
        asked(*[answer(s, s, instrument="csat-delivery") for s in (9, 4)]),
        **SPRING,
        expected=[count(80, n=1)],
        choice="A score outside its instrument's scale is rejected like one outside 0-10.",
    ),
    HandCase(
        "csat",
        "One customer answers 5 on 04-10 and 2 on 04-20: both visits count, (5 + 2)/2 x 20"
        " = 70; one answer in 90 days is a rule of the NPS.",
        asked(
            answer(1, 5, customer="K1", instrument="csat-delivery"),
            answer(2, 2, "2025-04-20", customer="K1", instrument="csat-delivery"),
        ),
        **SPRING,
        expected=[count(70, n=2)],
        choice="The pages name the 90 days for NPS only.",
    ),
]


def done(number: int, delivered: str = "2025-04-10T15:00", **more) -> dict:
    """A delivered order of its own vehicle."""
    return order(f"W{number}", "2025-03-01T09:00", delivered, vin=vin(number), **more)


def complaint(
    number: int, order_id: str | None, received: str, closed: str | None = None, **more
) -> dict:
    """A complaint about an order."""
    return {
        "complaint_id": f"C{number}",
        "work_order_id": order_id,
        "received_at": received,
        "closed_at": closed,
    } | more


COMPLAINTS = [
    HandCase(
        "complaint_rate",
        "Four delivered orders: W1 complained of twice (counts once), W2"
        " exactly 30x24 h after delivery (counts), W3 a second later (does not): 2/4.",
        shop(
            [done(i) for i in (1, 2, 3, 4)],
            complaints=[
                complaint(1, "W1", "2025-04-11T09:00"),
                complaint(2, "W1", "2025-04-12T09:00"),
                complaint(3, "W2", "2025-05-10T15:00:00"),
                complaint(4, "W3", "2025-05-10T15:00:01"),
            ],
        ),
        **SPRING,
        expected=[share(2, 4)],
    ),
    HandCase(
        "complaint_rate",
        "Unsubstantiated complaints are kept: 1/2; maintenance orders are"
        " delivered orders too; the cancelled and the open one are none.",
        shop(
            [
                done(1, order_type="maintenance"),
                done(2),
                order("W3", "2025-04-01T09:00", vin=vin(3), status="cancelled"),
                order("W4", "2025-04-01T09:00", vin=vin(4)),
            ],
            complaints=[
                complaint(1, "W1", "2025-04-11T09:00", is_substantiated="false")
            ],
        ),
        **SPRING,
        expected=[share(1, 2)],
    ),
    HandCase(
        "complaint_rate",
        "As of 04-20 the orders delivered 03-10 and 04-10 are in, one of"
        " them matured; the complaint of 05-01 is not known: 0/2, maturity 1/2.",
        shop(
            [done(1, "2025-03-10T15:00"), done(2)],
            complaints=[complaint(1, "W2", "2025-05-01T09:00")],
        ),
        **SPRING,
        as_of="2025-04-20T12:00:00+08:00",
        expected=[share(0, 2) | {"maturity": 0.5}],
        choice="Immature deliveries count in the value and lower the maturity.",
    ),
    HandCase(
        "complaint_close_48h",
        "Received 06-10 09:00: closed exactly 48 h later (in time),"
        " closed a minute after (late), still open (fails); the one received 06-14 is not 48 h"
        " old at 06-15 12:00: 1/3.",
        {
            "stores": [store()],
            "complaints": [
                complaint(1, None, "2025-06-10T09:00", "2025-06-12T09:00"),
                complaint(2, None, "2025-06-10T09:00", "2025-06-12T09:01"),
                complaint(3, None, "2025-06-10T09:00"),
                complaint(4, None, "2025-06-14T09:00", "2025-06-14T10:00"),
            ],
        },
        start="2025-06-01",
        end="2025-07-01",
        expected=[share(1, 3)],
    ),
]


def customer(number: int, phone: str | None, name: str | None = None, **more) -> dict:
    """A customer of the DMS."""
    return {
        "source_system": "DMS",
        "source_customer_id": f"K{number}",
        "phone": phone,
        "name": name or f"客户{number:02d}",
    } | more


def phones(why: str, numbers: list[str | None], wrong: int, **more) -> HandCase:
    """Customers with these phone numbers."""
    rows = [customer(i, p) for i, p in enumerate(numbers)]
    return HandCase(
        "phone_error_rate",
        why,
        {"customers": rows},
        **more,
        expected=[share(wrong, len(numbers))],
    )


DATA = [
    phones(
        "+86, 0086, blanks and hyphens are stripped, landlines are contacts, 12… and ten"
        " digits are invalid, 13800000000 is a placeholder: 3 wrong of 8.",
        [
            "+86 139-1234-5670",
            "008613712345672",
            "159 0261 7384",
            "18726403951",
            "021-62345719",
            "12345678901",
            "1391234567",
            "13800000000",
        ],
        3,
    ),
    phones(
        "A number on six people is a placeholder for all six, one on five is not: 6 of 11.",
        ["13926407153"] * 6 + ["13726409158"] * 5,
        6,
    ),
    phones(
        "Eleven equal digits and a falling row are placeholders: 2 of 3.",
        ["11111111111", "19876543210", "15926407831"],
        2,
    ),
    phones(
        "Last eight digits all the same or counting up: 3 of 4.",
        ["13812345678", "13456789012", "13388888888", "15926407831"],
        3,
        choice="All-same and sequence are judged on the last eight digits, 9 is followed by"
        " 0.",
    ),
    phones(
        "Nine of 1[3-9] prefixes are valid, 10, 11 and 12 are not: 3 of 5.",
        ["10926407153", "11926407153", "12926407153", "16926407153", "19926407153"],
        3,
    ),
    phones(
        "A missing phone counts as wrong: 1 of 2.",
        [None, "15926407831"],
        1,
        choice="A customer without a phone has an invalid phone.",
    ),
    HandCase(
        "duplicate_customer_rate",
        "Three ids of 李小明 with one phone are one person, 王芳 is"
        " another: 4 ids / 2 persons - 1 = 1.",
        {
            "customers": [
                customer(1, "15926407831", "李小明"),
                customer(2, "+8615926407831", "李小明", source_system="CRM"),
                customer(3, "159-2640-7831", "李小明", source_system="IOT"),
                customer(4, "15826407839", "王芳"),
            ]
        },
        expected=[ratio(2, 2)],
    ),
    HandCase(
        "duplicate_customer_rate",
        "李小明 stands twice in the DMS and once in the CRM: the DMS has 3 ids of 2"
        " persons (1/2), the CRM 1 of 1 (0); the network has 4 ids of 2 persons.",
        {
            "customers": [
                customer(1, "15926407831", "李小明"),
                customer(2, "15926407831", "李小明"),
                customer(3, "15826407839", "王芳"),
                customer(4, "15926407831", "李小明", source_system="CRM"),
            ]
        },
        by=("source_system",),
        expected=[
            ratio(1, 2, source_system="DMS"),
            ratio(0, 1, source_system="CRM"),
        ],
    ),
    HandCase(
        "duplicate_customer_rate",
        "Husband and wife share phone, car and plate but have two"
        " different full names: never merged: 2/2 - 1 = 0.",
        {
            "customers": [
                customer(1, "15926407831", "李小明", vin=vin(1), plate="沪A12345"),
                customer(2, "15926407831", "王芳", vin=vin(1), plate="沪A12345"),
            ]
        },
        expected=[ratio(0, 2)],
    ),
    HandCase(
        "duplicate_customer_rate",
        "李先生 shares a phone with 李小明 and with 李大伟: he is one of the two, and does"
        " not make them one: 3 ids / 2 persons - 1 = 0.5.",
        {
            "customers": [
                customer(1, "15926407831", "李小明"),
                customer(2, "15926407831", "李先生"),
                customer(3, "15926407831", "李大伟"),
            ]
        },
        expected=[ratio(1, 2)],
    ),
    HandCase(
        "duplicate_customer_rate",
        "Two people with the placeholder 13800000000 and the same"
        " name 李小明 share nothing that identifies: 2/2 - 1 = 0.",
        {
            "customers": [
                customer(1, "13800000000", "李小明", city="上海"),
                customer(2, "13800000000", "李小明", city="北京"),
            ]
        },
        expected=[ratio(0, 2)],
    ),
]

HAND_CASES = [*NPS, *COMPLAINTS, *DATA]
