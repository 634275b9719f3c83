"""Work orders and their lines as the DMS would know them."""

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, NEVER
from etl.demo.draws import COLUMN, bell, pick, waiting, whole
from etl.demo.network import Network, Store
from etl.demo.orders import COMEBACK_SLOT, Rows
from etl.demo.vocabulary import (
    ACCIDENT,
    CAUSES,
    CORRECTIONS,
    GROUPS,
    INTERNAL,
    MAINTENANCE,
    OTA,
    PDI,
    RECALL,
    REPAIR,
)

STORE_KEY, DAY_KEY = 10**9, 10**4  # an order is store, day and slot in one number
_AWAY_SLOT = 2000
CODES_A_GROUP = 6
ADVISORS = 4

_AMOUNT = {  # median in CNY and spread of the logarithm
    REPAIR: (720, 0.9),
    MAINTENANCE: (560, 0.4),
    PDI: (0, 0.0),
    ACCIDENT: (6200, 0.7),
    RECALL: (0, 0.0),
    OTA: (0, 0.0),
    INTERNAL: (0, 0.0),
}


def number(network: Network, store: Store, orders: Rows) -> None:
    """Give each order its key, its store and its technician in the whole network."""
    away = orders["away"] >= 0
    orders["store"] = np.where(away, orders["away"], store.number)
    elsewhere = (
        _AWAY_SLOT + store.number % 300 * 20 + (orders["slot"] - COMEBACK_SLOT) % 20
    )
    slot = np.where(away, elsewhere, orders["slot"])
    orders["key"] = orders["store"] * STORE_KEY + orders["day"] * DAY_KEY + slot
    offset = network.technician_offset
    own = offset[store.number] + orders["technician"]
    guest = offset[orders["store"]] + orders["slot"] % 4
    orders["staff"] = np.where(away, guest, own)
    orders["car"] = network.vehicle_offset[store.number] + orders["vehicle"]


def enter(network: Network, store: Store, orders: Rows) -> None:
    """When and how each order was typed into the system."""
    u = orders["u"]
    shares = (0.865, 0.088, 0.047)
    if store.number == network.problems.paper_store:
        shares = (0.2, 0.12, 0.68)
    mode = pick(u[:, COLUMN["mode"]], shares)
    roll = u[:, COLUMN["entered"]]
    live = orders["checkin"] + whole(25 + roll * 70)
    evening = orders["checkin"] + whole((2 + 5 * roll) * HOUR)
    # Backlogs and paper are typed in during office hours of the following days.
    later = 1 + whole(roll * 40) % np.where(mode == 2, 3, 2)
    desk = (orders["day"] + later) * DAY + whole((9 + 9 * (roll * 7 % 1.0)) * HOUR)
    back = np.where(roll < 0.72, evening, desk)
    orders["mode"] = mode
    orders["entered"] = np.select([mode == 0, mode == 1], [live, back], desk)
    late = u[:, COLUMN["late"]] < 0.0012
    lost = orders["checkin"] + whole((24 + 15 * roll) * DAY)
    orders["known"] = np.where(late, lost, orders["entered"])
    orders["late"] = late


def work_orders(network: Network, store: Store, orders: Rows) -> Rows:
    """Return the table of orders with every moment it can show."""
    u, kind = orders["u"], orders["type"]
    gap = np.where(
        orders["bay_in"] < NEVER, orders["bay_in"] - orders["writeup"], 2 * MINUTE
    )
    worked = orders["done"] < NEVER
    orders["dispatched"] = np.where(
        worked, orders["writeup"] + whole(0.3 * gap.clip(0, HOUR)), NEVER
    )
    parc = network.parcs[store.number]
    age = np.maximum(orders["day"] - parc.sold[orders["vehicle"]], 3) / 365
    mileage = whole(parc.yearly_km[orders["vehicle"]] * age) + 12
    redo = (kind == REPAIR) & (u[:, COLUMN["redo"]] < 0.011 * store.fail)
    advisor = store.number * ADVISORS + whole(u[:, COLUMN["advisor"]] * ADVISORS)
    table = {n: orders[n] for n in _KEPT}
    return table | {
        "redo": redo.astype(np.int64),
        "pending_part": orders["pending"].astype(np.int64),
        "far": orders["remote"].astype(np.int64),
        "site": orders["onsite"].astype(np.int64),
        "mileage": np.where(u[:, COLUMN["mileage"]] < 0.11, -1, mileage),
        "advisor": advisor,
        "amount": _amount(orders),
        "booking": np.where(orders["appointment"] < NEVER, orders["key"], -1),
        "dispatched": orders["dispatched"],
    }


_KEPT = [
    "key",
    "store",
    "car",
    "type",
    "mode",
    "entered",
    "known",
    "late",
    "checkin",
    "writeup",
    "bay_in",
    "done",
    "ready",
    "delivered",
    "promised",
    "cancelled_at",
    "staff",
    "predicted",
]


def _amount(orders: Rows) -> np.ndarray:
    kind = orders["type"]
    middle = np.array([_AMOUNT[k][0] for k in range(len(_AMOUNT))])[kind]
    spread = np.array([_AMOUNT[k][1] for k in range(len(_AMOUNT))])[kind]
    value = middle * np.exp(spread * bell(orders["u"][:, COLUMN["amount"]]))
    free = (orders["level"] > 0) | orders["remote"] | orders["cancelled"]
    return np.round(np.where(free, 0.0, value), 2)


def lines(network: Network, orders: Rows) -> Rows:
    """One or two lines an order: what the customer said and what was done."""
    del network
    first = _line(orders, np.arange(len(orders["day"])), 1, orders["group"], "part_a")
    again = np.flatnonzero(orders["second"] >= 0)
    second = _line(orders, again, 2, orders["second"][again], "part_b")
    return {n: np.concatenate([first[n], second[n]]) for n in first}


def _line(
    orders: Rows, rows: np.ndarray, line: int, group: np.ndarray, part: str
) -> Rows:
    u = orders["u"][rows]
    roll = (u[:, COLUMN["code"]] + 0.29 * line) % 1.0
    code = group * CODES_A_GROUP + whole(roll**1.5 * CODES_A_GROUP)
    has_dtc = np.array([bool(g.dtc) for g in GROUPS])[group]
    dtc = np.where(has_dtc & (u[:, COLUMN["dtc"]] < 0.62), code, -1)
    labour = group * CODES_A_GROUP + whole(u[:, COLUMN["labour"]] * CODES_A_GROUP)
    blank = u[:, COLUMN["blank"]]
    cause = whole(u[:, COLUMN["cause"]] * len(CAUSES))
    fixed = whole((u[:, COLUMN["cause"]] * 7 % 1.0) * len(CORRECTIONS))
    words = np.array([len(g.words) for g in GROUPS])
    starts = np.cumsum(words) - words
    again = (orders["level"][rows] > 0) & (u[:, COLUMN["cause"]] < 0.7) & (line == 1)
    known = np.maximum(orders["writeup"][rows], orders["known"][rows])
    return {
        "key": orders["key"][rows],
        "line": np.full(len(rows), line),
        "group": group,
        "code": code,
        "dtc": dtc,
        "labour": labour,
        "part": orders[part][rows],
        "flag": again.astype(np.int64),
        "words": starts[group] + whole(roll * words[group]),
        "cause": np.where(blank < 0.18, -1, cause),
        "correction": np.where((blank > 0.06) & (blank < 0.24), -1, fixed),
        "known": known,
        "done": orders["done"][rows],
        "store": orders["store"][rows],
    }


def appointments(network: Network, store: Store, orders: Rows) -> Rows:
    """Appointments that were kept; those that were not come from `no_shows`."""
    rows = np.flatnonzero(orders["appointment"] < NEVER)
    u = orders["u"][rows]
    at = orders["appointment"][rows]
    lead = whole((0.4 + 3.2 * waiting(u[:, COLUMN["lead"]]) % 9) * DAY)
    return {
        "key": orders["key"][rows],
        "store": np.full(len(rows), store.number),
        "at": at,
        "car": orders["car"][rows],
        "type": orders["type"][rows],
        "channel": whole(u[:, COLUMN["channel"]] * 4),
        "status": np.full(len(rows), 1),
        "known": at - lead,
        "settled": orders["checkin"][rows],
    }
