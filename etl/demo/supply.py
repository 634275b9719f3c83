"""Part requests, stock movements and stock snapshots of a store."""

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, month_and_day
from etl.demo.draws import COLUMN, whole
from etl.demo.network import Network, Store
from etl.demo.orders import Rows
from etl.demo.stock import Shelves, order_movements, regular_movements
from etl.demo.visits import DAY_KEY, STORE_KEY

NIGHTLY_DAYS = 45  # before the end of the history; every night after it
_UNPACKED = 7 * HOUR + 50 * MINUTE


def part_requests(orders: Rows, asked: Rows, pieces: Rows) -> Rows:
    """Return requests with their moment; *asked* learns when its pieces move."""
    order = asked["order"]
    roll = orders["u"][order, COLUMN["request"]]
    at = orders["writeup"][order] + whole((2 + 9 * roll + 2 * asked["place"]) * MINUTE)
    asked["at"] = _shortage_comes_last(asked, at)
    asked["issued"] = asked["at"] + whole((3 + 12 * roll) * MINUTE)
    second_day = np.zeros(len(orders["day"]), dtype=np.int64)
    later = pieces["number"] == 1
    second_day[pieces["order"][later]] = pieces["day"][later]
    short = asked["quantity"] - asked["filled"]
    asked["missing"] = np.where(orders["waits"][order], short, 0)
    asked["arrived"] = second_day[order] * DAY + _UNPACKED + asked["place"] * 40
    asked["fetched"] = asked["arrived"] + 12 * MINUTE
    return {
        "key": orders["key"][order],
        "place": asked["place"] + 1,
        "store": orders["store"][order],
        "part": asked["part"],
        "at": asked["at"],
        "quantity": asked["quantity"],
        "filled": asked["filled"],
        "known": asked["at"],
    }


def _shortage_comes_last(asked: Rows, at: np.ndarray) -> np.ndarray:
    """Whoever gets nothing asks after the last piece of the day was given away."""
    key = asked["day"] * 1000 + asked["part"]
    short = asked["filled"] < asked["quantity"]
    rows = np.flatnonzero(np.isin(key, key[short]))
    last: dict[int, int] = {}
    for row in rows.tolist():
        if asked["filled"][row]:
            last[int(key[row])] = max(last.get(int(key[row]), 0), int(at[row]))
    moved = at.copy()
    for row in rows.tolist():
        if asked["filled"][row] == 0:
            moved[row] = max(int(at[row]), last.get(int(key[row]), 0) + MINUTE)
    return moved


def stock_movements(store: Store, shelves: Shelves, asked: Rows, since: int) -> Rows:
    """Everything that came in and went out, numbered within the day."""
    parts = (regular_movements(shelves, since), order_movements(asked))
    table = {n: np.concatenate([p[n] for p in parts]) for n in parts[0]}
    recent = table["day"] >= since
    table = {n: c[recent] for n, c in table.items()}
    order = np.lexsort((table["kind"], table["part"], table["moved"]))
    table = {n: c[order] for n, c in table.items()}
    day = table.pop("day")
    start = np.flatnonzero(np.r_[True, day[1:] != day[:-1]]) if len(day) else day
    size = np.diff(np.r_[start, len(day)])
    place = np.arange(len(day)) - np.repeat(start, size)
    return table | {
        "key": store.number * STORE_KEY + day * DAY_KEY + place,
        "store": np.full(len(day), store.number),
        "known": table["moved"],
    }


def stock_snapshots(
    network: Network, store: Store, shelves: Shelves, days: tuple[int, int]
) -> Rows:
    """Shelves at night: each month end, and every night lately."""
    span = np.arange(max(shelves.first, days[0]), days[1])
    _, tomorrow = month_and_day(span + 1)
    lately = span >= network.until - NIGHTLY_DAYS
    nights = span[((tomorrow == 1) | lately) & (span >= store.opened)]
    shelf = np.flatnonzero(network.parts.stocked)
    row = nights - shelves.first
    on_hand = shelves.evening[np.ix_(row, shelf)]
    month = shelves.month[row]
    reserved = np.minimum(on_hand // 4, (nights[:, None] * 3 + shelf[None, :]) % 3)
    many = len(nights) * len(shelf)
    return {
        "store": np.full(many, store.number),
        "part": np.tile(shelf, len(nights)),
        "day": np.repeat(nights, len(shelf)),
        "on_hand": on_hand.reshape(-1),
        "reserved": reserved.reshape(-1),
        "low": shelves.lowest[np.ix_(month, shelf)].reshape(-1),
        "high": shelves.highest[np.ix_(month, shelf)].reshape(-1),
        "known": np.repeat(nights * DAY + 23 * HOUR + 30 * MINUTE, len(shelf)),
    }
