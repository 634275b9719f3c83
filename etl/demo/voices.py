"""What customers say afterwards: surveys and complaints."""

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, NEVER
from etl.demo.draws import COLUMN, bell, waiting, whole
from etl.demo.network import Store
from etl.demo.orders import Rows
from etl.demo.vocabulary import (
    ACCIDENT,
    BLAME,
    MAINTENANCE,
    NEUTRAL,
    PRAISE,
    REPAIR,
)

_NPS, _CSAT = 0, 1


def _troubles(orders: Rows) -> dict[str, np.ndarray]:
    """Tell what went wrong for the customer of each order."""
    came = np.maximum(
        orders["checkin"],
        np.where(orders["appointment"] < NEVER, orders["appointment"], 0),
    )
    return {
        "failed": orders["fails"],
        "again": orders["level"] > 0,
        "broken": (orders["promised"] < NEVER) & (orders["ready"] > orders["promised"]),
        "waited": orders["writeup"] - came > 25 * MINUTE,
        "pending": orders["pending"],
    }


def surveys(store: Store, orders: Rows) -> Rows:
    """Invitations after delivery; one in four is answered."""
    kind, u = orders["type"], orders["u"]
    asked = (kind == REPAIR) | (kind == MAINTENANCE) | (kind == ACCIDENT)
    rows = np.flatnonzero(
        asked & (orders["delivered"] < NEVER) & (u[:, COLUMN["survey"]] < 0.39)
    )
    roll = u[rows]
    instrument = np.where(roll[:, COLUMN["survey"]] < 0.25, _NPS, _CSAT)
    noon = (orders["delivered"][rows] // DAY + 1) * DAY
    sent = noon + whole((9.5 + 9 * roll[:, COLUMN["survey_sent"]]) * HOUR)
    answers = roll[:, COLUMN["survey_answer"]] < 0.255
    after = whole((0.1 + 26 * waiting(roll[:, COLUMN["survey_after"]])) * HOUR)
    mood = _mood(store, orders, rows)
    score = np.where(
        instrument == _NPS,
        _ten(mood, roll[:, COLUMN["comment"]]),
        _five(mood, roll[:, COLUMN["comment"]]),
    )
    return {
        "key": orders["key"][rows],
        "instrument": instrument,
        "car": orders["car"][rows],
        "store": orders["store"][rows],
        "sent": sent,
        "answered": np.where(answers, sent + after, NEVER),
        "score": score,
        "comment": _comment(mood, roll[:, COLUMN["comment"]]),
        "excluded": (roll[:, COLUMN["excluded"]] < 0.008).astype(np.int64),
        "known": sent,
        "order_known": orders["known"][rows],
    }


def _mood(store: Store, orders: Rows, rows: np.ndarray) -> np.ndarray:
    """-1 detractor, 0 passive, 1 promoter."""
    trouble = {n: v[rows] for n, v in _troubles(orders).items()}
    weight = (
        0.30 * trouble["failed"]
        + 0.28 * trouble["again"]
        + 0.16 * trouble["broken"]
        + 0.14 * trouble["waited"]
        + 0.2 * trouble["pending"]
    )
    unhappy = np.clip(0.075 - 0.4 * store.charm + weight, 0.02, 0.9)
    happy = np.clip(0.665 + store.charm - 1.1 * weight, 0.05, 0.92)
    roll = orders["u"][rows, COLUMN["score"]]
    return np.where(roll < unhappy, -1, np.where(roll > 1 - happy, 1, 0))


def _ten(mood: np.ndarray, roll: np.ndarray) -> np.ndarray:
    low = whole(7 * roll**0.6)
    return np.select(
        [mood < 0, mood == 0], [np.minimum(low, 6), 7 + (roll > 0.4)], 9
    ) + ((mood > 0) & (roll > 0.38))


def _five(mood: np.ndarray, roll: np.ndarray) -> np.ndarray:
    return np.select([mood < 0, mood == 0], [1 + whole(3 * roll), 4 - (roll < 0.15)], 5)


def _comment(mood: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """Return a place in COMMENTS; most people write nothing."""
    starts = {1: 1, 0: 1 + len(PRAISE), -1: 1 + len(PRAISE) + len(NEUTRAL)}
    sizes = {1: len(PRAISE), 0: len(NEUTRAL), -1: len(BLAME)}
    place = np.zeros(len(mood), dtype=np.int64)
    for feeling in (1, 0, -1):
        text = starts[feeling] + whole(roll * 53 % 1.0 * sizes[feeling])
        place = np.where(mood == feeling, text, place)
    return np.where(roll * 11 % 1.0 < 0.7, 0, place)


def complaints(orders: Rows) -> Rows:
    """Complaints about delivered orders; most within days, some after weeks."""
    trouble = _troubles(orders)
    chance = (
        0.0105
        + 0.07 * trouble["failed"]
        + 0.06 * trouble["again"]
        + 0.022 * trouble["broken"]
        + 0.02 * trouble["waited"]
        + 0.05 * trouble["pending"]
    )
    u = orders["u"]
    rows = np.flatnonzero(
        (u[:, COLUMN["complaint"]] < chance) & (orders["delivered"] < NEVER)
    )
    roll = u[rows]
    after = 0.05 + 4.5 * waiting(roll[:, COLUMN["complaint_after"]])
    delivered = orders["delivered"][rows]
    # The call centre answers from half past eight to half past nine in the evening.
    call = (delivered // DAY + whole(after)) * DAY + whole(
        (8.5 + 13 * after % 13) * HOUR
    )
    received = np.maximum(call, delivered + 30 * MINUTE)
    open_hours = 17 * np.exp(0.75 * bell(roll[:, COLUMN["complaint_close"]]))
    reason = whole(roll[:, COLUMN["complaint_kind"]] * 6)
    reason = np.where(trouble["failed"][rows] | trouble["again"][rows], 0, reason)
    reason = np.where(trouble["waited"][rows], 1, reason)
    return {
        "key": orders["key"][rows],
        "received": received,
        "closed": received + whole(open_hours * HOUR),
        "category": reason,
        "true": (roll[:, COLUMN["complaint_kind"]] * 13 % 1.0 < 0.72).astype(np.int64),
        "known": received,
        "store": orders["store"][rows],
        "order_known": orders["known"][rows],
    }
