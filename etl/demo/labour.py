"""Job clocks, pauses, dispatches and attendance of a store."""

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, NEVER
from etl.demo.draws import COLUMN, STAFF, bell, stream, whole
from etl.demo.network import Network, Store
from etl.demo.orders import Rows
from etl.demo.shifts import Shifts
from etl.demo.vocabulary import ACCIDENT, REASSIGN_REASONS

PARTS, APPROVAL, OUTSOURCE, CLOSED = range(4)


def skill(network: Network, store: Store) -> np.ndarray:
    """Skill level 1-5 of each technician of a store."""
    draw = stream(network.seed, STAFF, store.number, 1).random(store.technicians)
    level = 1 + whole(draw**0.8 * 5)
    if store.number == network.problems.bad_store:
        level[network.problems.bad_technician % store.technicians] = 1
    return np.minimum(level, 5)


def job_clocks(network: Network, store: Store, orders: Rows, pieces: Rows) -> Rows:
    """Clock-in and clock-out; an order that pauses in between has two clocks."""
    split = pieces["pause"] > 0
    rows = np.r_[np.arange(len(split)), np.flatnonzero(split)]
    second = np.r_[np.zeros(len(split), bool), np.ones(int(split.sum()), bool)]
    begin = np.where(second, pieces["break_to"][rows], pieces["start"][rows])
    stop = np.where(
        split[rows] & ~second, pieces["break_from"][rows], pieces["end"][rows]
    )
    order = pieces["order"][rows]
    level = skill(network, store)[pieces["technician"][rows]]
    factor = 1.0 + 0.032 * level + 0.09 * bell(orders["u"][order, COLUMN["efficiency"]])
    billed = np.where(orders["level"][order] > 0, 0.0, (stop - begin) / HOUR * factor)
    away = orders["away"][order] >= 0
    own = network.technician_offset[store.number] + pieces["technician"][rows]
    return {
        "key": orders["key"][order],
        "clock": pieces["number"][rows] * 2 + second + 1,
        "staff": np.where(away, orders["staff"][order], own),
        "in": begin,
        "out": stop,
        "billed": np.round(billed, 2),
        "known": np.maximum(begin, orders["known"][order]),
        "store": orders["store"][order],
    }


def pauses(orders: Rows, pieces: Rows) -> Rows:
    """Why nobody worked on a car between two clocks."""
    u = orders["u"]
    inside = np.flatnonzero(
        (pieces["pause"] > 0) & (u[pieces["order"], COLUMN["break_at"]] < 0.6)
    )
    within = {
        "order": pieces["order"][inside],
        "from": pieces["break_from"][inside],
        "to": pieces["break_to"][inside],
        "reason": np.full(len(inside), APPROVAL),
    }
    sequence = np.lexsort((pieces["number"], pieces["order"]))
    order, place = pieces["order"][sequence], pieces["number"][sequence]
    follows = np.flatnonzero(order[1:] == order[:-1])
    owner = order[follows]
    waits = orders["waits"][owner] & (place[follows] == 0)
    start = pieces["start"][sequence][follows + 1]
    truck = np.minimum(start, start // DAY * DAY + 8 * HOUR + 10 * MINUTE)
    outside = (orders["type"][owner] == ACCIDENT) & (
        u[owner, COLUMN["break_length"]] < 0.12
    )
    reason = np.where(waits, PARTS, np.where(outside, OUTSOURCE, CLOSED))
    between = {
        "order": owner,
        "from": pieces["end"][sequence][follows],
        "to": np.where(waits, truck, start),
        "reason": reason,
    }
    table = {n: np.concatenate([within[n], between[n]]) for n in within}
    owner = table.pop("order")
    known = np.maximum(table["from"], orders["known"][owner])
    store = orders["store"][owner]
    return {"key": orders["key"][owner], **table, "known": known, "store": store}


def dispatches(network: Network, store: Store, orders: Rows, roster: Shifts) -> Rows:
    """Who got the order first, and who got it in the end."""
    u = orders["u"]
    given = np.flatnonzero(orders["dispatched"] < NEVER)
    system = u[given, COLUMN["dispatcher"]] < 0.46
    moved = u[given, COLUMN["reassign"]] < np.where(system, 0.09, 0.27)
    moved &= (orders["away"][given] < 0) & ~orders["remote"][given]
    pull = whole(u[given, COLUMN["reassign_at"]] * 1000)
    other = roster.technician(orders["day"][given], pull)
    moved &= other != orders["technician"][given]
    first_at = orders["dispatched"][given]
    gap = np.minimum(orders["bay_in"][given] - first_at, 4 * HOUR)
    handed = first_at + whole(gap * (0.2 + 0.6 * u[given, COLUMN["reassign_at"]]))
    offset = network.technician_offset[store.number]
    reason = whole(u[given, COLUMN["reassign_at"]] * 97 % 1.0 * len(REASSIGN_REASONS))
    staff = orders["staff"][given]
    first = {
        "row": given,
        "number": np.ones(len(given), dtype=np.int64),
        "staff": np.where(moved, offset + other, staff),
        "at": first_at,
        "system": system.astype(np.int64),
        "moved": np.where(moved, handed, NEVER),
        "reason": np.where(moved, reason, -1),
    }
    again = np.flatnonzero(moved)
    second = {
        "row": given[again],
        "number": np.full(len(again), 2),
        "staff": staff[again],
        "at": handed[again],
        "system": np.zeros(len(again), dtype=np.int64),
        "moved": np.full(len(again), NEVER),
        "reason": np.full(len(again), -1),
    }
    table = {n: np.concatenate([first[n], second[n]]) for n in first}
    row = table.pop("row")
    return {
        "key": orders["key"][row],
        **table,
        "known": np.maximum(table["at"], orders["known"][row]),
        "store": orders["store"][row],
    }


def attendance(
    network: Network, store: Store, roster: Shifts, pieces: Rows, days: tuple[int, int]
) -> Rows:
    """Hours present of each technician and day; a running day is told in steps."""
    first = roster.first
    shape = roster.on.shape
    clocked = np.zeros(shape)
    last = np.zeros(shape, dtype=np.int64)
    seat = (pieces["day"] - first, pieces["technician"])
    inside = seat[0] < shape[0]
    seat = (seat[0][inside], seat[1][inside])
    work = pieces["end"] - pieces["start"] - (pieces["break_to"] - pieces["break_from"])
    np.add.at(clocked, seat, work[inside] / HOUR)
    np.maximum.at(last, seat, pieces["end"][inside])
    present = roster.on & (np.arange(shape[0])[:, None] >= store.opened - first)
    present &= (roster.opens_next == np.arange(first, first + shape[0]))[:, None]
    row, technician = np.nonzero(present)
    keep = (row + first >= days[0]) & (row + first < days[1])
    row, technician = row[keep], technician[keep]
    day = row + first
    # Shifts are short when there is little to do, and run over when there is a lot.
    usual = 5.95 + 0.06 * ((day * 7 + technician * 5) % 11)
    hours = np.maximum(usual, clocked[row, technician] * 1.04 + 0.3)
    begin = day * DAY + int(store.opens * HOUR)
    leaves = np.maximum(begin + whole((hours + 1) * HOUR), last[row, technician] + 300)
    return {
        "staff": network.technician_offset[store.number] + technician,
        "day": day,
        "hours": np.round(hours, 2),
        "known": begin + 2 * HOUR,
        "mid": begin + 4 * HOUR,
        "late": np.minimum(begin + 6 * HOUR, leaves - 60),
        "end": leaves,
        "store": np.full(len(day), store.number),
    }
