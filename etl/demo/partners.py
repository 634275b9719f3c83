"""Service partners of all four types, their orders and the complaints about them."""

from typing import NamedTuple

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, NEVER, season
from etl.demo.draws import PARTNER, bell, pick, stream, waiting, whole
from etl.demo.network import Network
from etl.demo.orders import Rows

DECISIONS = 18
(
    CITY,
    CAR,
    HOUR_OF_DAY,
    RESPONSE,
    DELIVERY,
    CANCEL,
    AMOUNT,
    RATED,
    RATING,
    RATED_AT,
) = range(10)
PRICE, NEW, COMPLAINT, COMPLAINT_AT, COMPLAINT_CLOSE, KIND = range(10, 16)

GOLD, SILVER, BRONZE, WATCH, YELLOW = range(5)
# Shares of 1 to 5 stars, and complaints an order.
_SHARES_OF_STARS = (
    (0.002, 0.003, 0.012, 0.083, 0.90),
    (0.005, 0.013, 0.047, 0.185, 0.75),
    (0.02, 0.05, 0.12, 0.28, 0.53),
    (0.03, 0.06, 0.14, 0.28, 0.49),
    (0.08, 0.11, 0.2, 0.26, 0.35),
)
_COMPLAINTS = (0.0018, 0.0055, 0.013, 0.028, 0.04)


class Partner(NamedTuple):
    """A partner: what it does, how much, how well, how fast."""

    name: str
    kind: str
    service: str
    a_month: int
    level: int
    minutes: float  # between request and delivery
    amount: float
    settlement: str
    sharing: str


PARTNERS = (
    Partner("畅行代步", "capability", "loaner", 640, GOLD, 17, 120, "差价", "脱敏"),
    Partner(
        "驰援道路救援", "capability", "roadside", 520, GOLD, 42, 380, "佣金", "脱敏"
    ),
    Partner(
        "安途出行保险",
        "capability",
        "insurance",
        460,
        SILVER,
        900,
        3600,
        "分成",
        "脱敏",
    ),
    Partner(
        "融易车金融", "capability", "finance", 190, SILVER, 2200, 5200, "分成", "脱敏"
    ),
    Partner(
        "二手优选", "capability", "used_car", 120, BRONZE, 5200, 6800, "佣金", "公开"
    ),
    Partner(
        "洁美汽车养护", "capability", "car_care", 430, GOLD, 260, 168, "佣金", "公开"
    ),
    Partner("城际代步", "capability", "loaner", 310, SILVER, 21, 118, "差价", "脱敏"),
    Partner("迅达救援", "capability", "roadside", 270, BRONZE, 58, 360, "佣金", "公开"),
    Partner(
        "捷运物流", "resource", "logistics", 360, SILVER, 1500, 210, "佣金", "公开"
    ),
    Partner("充能网", "resource", "charging", 900, GOLD, 35, 46, "佣金", "脱敏"),
    Partner("绿电充电", "resource", "charging", 420, WATCH, 50, 44, "佣金", "公开"),
    Partner(
        "共享网点联盟", "resource", "outlets", 140, SILVER, 420, 520, "平台费", "公开"
    ),
    Partner("车数云", "resource", "data", 60, SILVER, 600, 900, "平台费", "脱敏"),
    Partner("北辰云", "resource", "cloud", 25, SILVER, 300, 4200, "平台费", "公开"),
    Partner(
        "美好生活圈", "traffic", "life_service", 520, SILVER, 160, 88, "佣金", "公开"
    ),
    Partner("易付钱包", "traffic", "payment", 780, GOLD, 5, 260, "佣金", "公开"),
    Partner("指南导航", "traffic", "navigation", 300, SILVER, 12, 30, "佣金", "脱敏"),
    Partner("优品商城", "traffic", "shopping", 460, BRONZE, 2800, 190, "积分", "公开"),
    Partner("圈圈社交", "traffic", "social", 240, BRONZE, 60, 40, "佣金", "公开"),
    Partner(
        "智图科技", "cocreation", "technology", 16, SILVER, 9000, 42000, "项目", "脱敏"
    ),
    Partner(
        "东澜大学车辆学院",
        "cocreation",
        "university",
        5,
        GOLD,
        20000,
        60000,
        "项目",
        "公开",
    ),
    Partner(
        "星火电池实验室",
        "cocreation",
        "startup",
        8,
        SILVER,
        14000,
        36000,
        "项目",
        "公开",
    ),
    Partner(
        "汽车后市场协会",
        "cocreation",
        "association",
        6,
        GOLD,
        6000,
        8000,
        "项目",
        "公开",
    ),
    Partner("邻里洗车", "capability", "car_care", 260, YELLOW, 300, 35, "佣金", "公开"),
)


def cities_of(network: Network, partner: int) -> list[str]:
    """Return the cities in which a partner works, some in all, some in a few."""
    names = list(dict.fromkeys(s.city.name for s in network.stores))
    if partner % 3 == 0:
        return names
    return names[partner % 2 :: 1 + partner % 4][: 4 + partner] or names[:1]


def level_on(network: Network, partner: int, day: int) -> int:
    """How well a partner works on a day; one of them slides."""
    if partner != network.problems.sliding_partner:
        return PARTNERS[partner].level
    gone = day - network.problems.slide_from
    steps = ((0, GOLD), (30, SILVER), (60, BRONZE), (88, WATCH))
    return next((level for until, level in steps if gone < until), YELLOW)


def partner_orders(network: Network, first: int, end: int) -> Rows:
    """Return the orders of all partners requested on the days ``[first, end)``."""
    days = np.arange(first, end)
    weight = season(days) ** 0.6 if len(days) else days
    pieces = []
    for partner, profile in enumerate(PARTNERS):
        rows, counts = [], []
        for day, factor in zip(days.tolist(), weight.tolist(), strict=True):
            draw = stream(network.seed, PARTNER, partner, day)
            count = int(draw.poisson(profile.a_month / 30.4 * factor))
            rows.append(draw.random((count, DECISIONS)))
            counts.append(count)
        if rows:
            roll = np.concatenate(rows)
            pieces.append(_orders(network, partner, days, np.array(counts), roll))
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}


def _orders(
    network: Network,
    partner: int,
    days: np.ndarray,
    counts: np.ndarray,
    roll: np.ndarray,
) -> Rows:
    profile = PARTNERS[partner]
    day = np.repeat(days, counts)
    slot = np.arange(len(day)) - np.repeat(np.cumsum(counts) - counts, counts)
    level = np.repeat([level_on(network, partner, d) for d in days.tolist()], counts)
    cities = [network.city_names.index(c) for c in cities_of(network, partner)]
    amount = profile.amount * np.exp(0.3 * bell(roll[:, AMOUNT]))
    new = roll[:, NEW] < (0.3 if profile.kind == "traffic" else 0.06)
    rows = {
        "key": partner * 10**9 + day * 10**4 + slot,
        "partner": np.full(len(day), partner),
        "city": np.array(cities)[whole(roll[:, CITY] * len(cities))],
        "car": _cars(network, profile, day, roll),
        "amount": np.round(amount, 2),
        "price": np.round(0.92 + 0.2 * roll[:, PRICE], 2),
        "new": new.astype(np.int64),
        "kind": whole(roll[:, KIND] * 6),
    }
    return rows | _moments(profile, day, level, roll) | _stars(level, roll)


def _moments(
    profile: Partner, day: np.ndarray, level: np.ndarray, roll: np.ndarray
) -> Rows:
    """Return when it was requested, answered, delivered, rated and complained of."""
    late = np.where(level >= BRONZE, 1.5, 1.0)
    requested = day * DAY + whole((8 + 13.5 * roll[:, HOUR_OF_DAY]) * HOUR)
    quick = min(6.0, profile.minutes * 0.3) * late
    answered = requested + whole(quick * (0.2 + waiting(roll[:, RESPONSE])) * MINUTE)
    # Two thirds of the time is the same each time, so most keep their promise.
    takes = profile.minutes * late * (0.62 + 0.38 * waiting(roll[:, DELIVERY]))
    delivered = np.maximum(requested + whole(takes * MINUTE), answered + MINUTE)
    cancelled = roll[:, CANCEL] < 0.035
    rated = (roll[:, RATED] < 0.62) & ~cancelled
    rated_at = delivered + whole((0.2 + 30 * roll[:, RATED_AT]) * HOUR)
    unhappy = (roll[:, COMPLAINT] < np.array(_COMPLAINTS)[level]) & ~cancelled
    received = delivered + whole((0.1 + 4 * waiting(roll[:, COMPLAINT_AT])) * DAY)
    lasts = 16 * np.exp(0.8 * bell(roll[:, COMPLAINT_CLOSE]))
    return {
        "known": requested,
        "responded": answered,
        "delivered": np.where(cancelled, NEVER, delivered),
        "cancelled": np.where(cancelled, answered + 10 * MINUTE, NEVER),
        "rated": np.where(rated, rated_at, NEVER),
        "received": np.where(unhappy, received, NEVER),
        "closed": received + whole(lasts * HOUR),
    }


def _stars(level: np.ndarray, roll: np.ndarray) -> Rows:
    stars = np.zeros(len(level), dtype=np.int64)
    for step, shares in enumerate(_SHARES_OF_STARS):
        stars = np.where(level == step, 1 + pick(roll[:, RATING], shares), stars)
    return {"rating": stars}


def _cars(
    network: Network, profile: Partner, day: np.ndarray, roll: np.ndarray
) -> np.ndarray:
    """Return the car of each order, -1 where the service is not about a car."""
    car = whole(roll[:, CAR] * int(network.vehicle_offset[-1]))
    about_cars = profile.kind == "capability" or profile.service == "charging"
    return np.where(about_cars & (network.sold[car] < day - 3), car, -1)


def partner_complaints(orders: Rows) -> Rows:
    """Return the complaints about partner orders, told by the call centre."""
    rows = np.flatnonzero(orders["received"] < NEVER)
    return {
        "partner_key": orders["key"][rows],
        "received": orders["received"][rows],
        "closed": orders["closed"][rows],
        "category": orders["kind"][rows],
        "true": (orders["key"][rows] % 4 > 0).astype(np.int64),
        "known": orders["received"][rows],
    }
