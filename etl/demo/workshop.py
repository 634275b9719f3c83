"""The hour of everything: clocks, stamps, pauses and dispatches of a store's orders.

The timeline of each technician is laid out first; what the customer lives through is
counted backwards and forwards from it, so nobody works on two cars at once.
"""

from heapq import heappop, heappush

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, NEVER
from etl.demo.draws import COLUMN, bell, waiting, whole
from etl.demo.network import Network, Store
from etl.demo.orders import Rows, segments
from etl.demo.shifts import Shifts
from etl.demo.vocabulary import ACCIDENT, MAINTENANCE, REPAIR

LONGEST_DAY = 9.4  # hours a technician works at most
SPAN = 8.1  # hours over which a day's work is spread
_SEGMENTS = 4


def delays(network: Network, store: Store, orders: Rows, asked: Rows) -> None:
    """Mark the orders that miss a part: some wait for it, some leave without."""
    missing = asked["filled"] < asked["quantity"]
    without = np.zeros(len(orders["day"]), dtype=bool)
    without[asked["order"][missing]] = True
    planted = network.problems
    runout = np.zeros_like(without)
    gone = missing & (asked["part"] == planted.runout_part)
    runout[asked["order"][gone]] = store.city.region == planted.runout_region
    u = orders["u"]
    leaves = u[:, COLUMN["pending"]] < np.where(runout, 0.55, 0.12)
    orders["pending"] = (without & leaves) | (
        (orders["type"] == REPAIR) & (u[:, COLUMN["pending"]] > 0.993)
    )
    orders["waits"] = without & ~orders["pending"] & (orders["hours"] > 0)
    orders["delay"] = 1 + whole(u[:, COLUMN["delay"]] * np.where(runout, 3, 2.2))


def work(network: Network, store: Store, orders: Rows, roster: Shifts) -> Rows:
    """Lay out every piece of work on the timelines of the technicians."""
    pieces = _pieces(orders, roster)
    if store.number != network.problems.bad_store:
        _balance(orders, pieces, roster)
    group = pieces["day"] * 32 + pieces["technician"]
    order = np.lexsort((pieces["rank"], group))
    pieces = {n: c[order] for n, c in pieces.items()}
    group = group[order]
    start = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[start, len(group)])
    # Whole seconds: sums of them do not depend on what else is summed.
    hours, pause = whole(pieces["hours"] * HOUR), whole(pieces["pause"] * HOUR)
    total = np.add.reduceat(hours + pause, start)
    scale = np.repeat(np.minimum(1.0, LONGEST_DAY * HOUR / total), size)
    hours, pause = whole(hours * scale), whole(pause * scale)
    spare = np.maximum(SPAN * HOUR - np.repeat(total, size) * scale, 0.0)
    u = orders["u"][pieces["order"]]
    gap = whole(1000 * (0.15 + u[:, COLUMN["technician"]]))
    step = whole(gap / np.repeat(np.add.reduceat(gap, start) + 600, size) * spare)
    running = np.cumsum(step + hours + pause)
    base = np.repeat((running - step - hours - pause)[start], size)
    begin = running - base - hours - pause
    # Nobody starts on the stroke of the clock.
    jitter = np.repeat(whole(u[:, COLUMN["rank"]] * 900)[start], size)
    opening = pieces["day"] * DAY + int((store.opens + 0.3) * HOUR)
    pieces["start"] = opening + jitter + begin
    pieces["break_from"] = pieces["start"] + whole(
        hours * (0.25 + 0.5 * u[:, COLUMN["break_at"]])
    )
    pieces["break_to"] = pieces["break_from"] + pause
    pieces["end"] = pieces["start"] + np.maximum(hours + pause, 60)
    return pieces


def _pieces(orders: Rows, roster: Shifts) -> Rows:
    """Cut orders into days of work: long ones, and those that wait for a part."""
    u, hours, day = orders["u"], orders["hours"], orders["day"]
    many = np.where(hours > 0, segments(hours), 0)
    waits = orders["waits"]
    evening = (u[:, COLUMN["evening"]] < 0.03) & (orders["level"] == 0) & (hours > 0)
    orders["evening"] = evening
    place = roster.next_open(day + evening)
    columns = []
    for number in range(_SEGMENTS):
        rows = np.flatnonzero((number < many + waits) & (many > 0))
        portion = hours / np.maximum(many, 1)
        if number == 0:
            portion = np.where(waits, np.minimum(portion * 0.35, 3.0), portion)
        if number == 1:
            portion = np.where(waits, hours / np.maximum(many, 1) * 0.65, portion)
        if number:
            later = np.where((number == 1) & waits, orders["delay"], 1)
            place = np.where(
                number < many + waits, roster.next_open(place + later), place
            )
        columns.append(
            {
                "order": rows,
                "number": np.full(len(rows), number),
                "day": place[rows],
                "hours": portion[rows],
                "rank": (u[rows, COLUMN["rank"]] + 0.31 * number) % 1.0,
            }
        )
    pieces = {n: np.concatenate([c[n] for c in columns]) for n in columns[0]}
    pieces["technician"] = roster.stand_in(
        pieces["day"], orders["technician"][pieces["order"]]
    )
    lying = (u[:, COLUMN["break"]] < 0.24) & (hours > 0.9)
    lasts = (0.1 + 0.5 * u[:, COLUMN["break_length"]]) * lying
    pieces["pause"] = np.where(pieces["number"] == 0, lasts[pieces["order"]], 0.0)
    return pieces


def _balance(orders: Rows, pieces: Rows, roster: Shifts) -> None:
    """Give each piece of a day, the longest first, to whoever has least to do.

    Not where a technician is planted: there it must stay his work that fails.
    """
    order = np.lexsort((pieces["rank"], -pieces["hours"], pieces["day"]))
    days, hours = pieces["day"][order].tolist(), pieces["hours"][order].tolist()
    given, today, idle = [], None, []
    for day, lasts in zip(days, hours, strict=True):
        if day != today:
            row = min(day - roster.first, len(roster.count) - 1)
            today = day
            staff = roster.order[row, : roster.count[row]].tolist()
            # Turn the list, or the first name would have the longest work each day.
            turn = day % len(staff)
            idle = [(0.0, place) for place in range(len(staff))]
            staff = staff[turn:] + staff[:turn]
        load, place = heappop(idle)
        heappush(idle, (load + lasts, place))
        given.append(staff[place])
    pieces["technician"][order] = given
    first = pieces["number"] == 0
    orders["technician"] = orders["technician"].copy()
    orders["technician"][pieces["order"][first]] = pieces["technician"][first]


def stamps(network: Network, store: Store, orders: Rows, pieces: Rows) -> None:
    """All moments of the orders, as seconds; NEVER where there is none."""
    many = len(orders["day"])
    bay_in = np.full(many, NEVER)
    done = np.zeros(many, dtype=np.int64)
    np.minimum.at(bay_in, pieces["order"], pieces["start"])
    np.maximum.at(done, pieces["order"], pieces["end"])
    orders["bay_in"], orders["done"] = bay_in, np.where(bay_in < NEVER, done, NEVER)
    busy = _busy(orders, pieces)
    _before(network, store, orders, busy)
    _after(store, orders)
    _promise(orders, pieces)
    _remote(store, orders)
    _cancelled(orders)


def _busy(orders: Rows, pieces: Rows) -> np.ndarray:
    """Factor on waits by the load of the day, 1 on a normal one."""
    first = orders["day"].min() if len(orders["day"]) else 0
    hours = np.bincount(pieces["day"] - first, pieces["hours"])
    key = np.unique(pieces["day"] * 32 + pieces["technician"]) // 32
    staff = np.bincount(key - first, minlength=len(hours))
    load = hours / np.maximum(staff * SPAN, 1.0)
    factor = np.clip(0.55 + 0.6 * load**3, 0.6, 1.6)
    return factor[np.minimum(orders["day"] - first, len(factor) - 1)]


def _before(network: Network, store: Store, orders: Rows, busy: np.ndarray) -> None:
    """Check-in, write-up and appointment, counted back from the bay."""
    u = orders["u"]
    opening = orders["day"] * DAY + int(store.opens * HOUR)
    at_bay = orders["bay_in"]
    queue = (4 + 8.0 * store.wait * busy * waiting(u[:, COLUMN["bay"]])) * MINUTE
    closing = orders["day"] * DAY + int(store.closes * HOUR)
    evening = closing - whole((10 + 80 * u[:, COLUMN["rank"]]) * MINUTE)
    idle = opening + whole(u[:, COLUMN["rank"]] * 8 * HOUR)  # nobody works on it
    writeup = np.where(at_bay < NEVER, at_bay - whole(queue), idle + 900)
    writeup = np.where(orders["evening"], evening, writeup)
    wait = 4.7 * store.wait * busy * waiting(u[:, COLUMN["writeup"]])
    wait = np.where(writeup % DAY < 10 * HOUR, wait * 1.3, wait)
    for peak in _peaks(network, store, orders):
        inside = (writeup >= peak.start) & (writeup < peak.end)
        wait = np.where(inside, wait * 3 + 24, wait)
    ready_to_write = writeup - whole(wait * MINUTE)
    early = ready_to_write < opening - 10 * MINUTE
    door = opening - whole(u[:, COLUMN["peak"]] * 8 * MINUTE)
    late_write = np.minimum(door + whole((wait + 1) * MINUTE), at_bay - 90)
    writeup = np.where(early, np.maximum(late_write, door), writeup)
    ready_to_write = np.where(early, door, ready_to_write)
    orders["writeup"] = writeup
    _appointments(orders, ready_to_write, opening)


def _peaks(network: Network, store: Store, orders: Rows) -> list[object]:
    days = np.unique(orders["day"])
    table = network.peaks_between(int(days[0]), int(days[-1]) + 1) if len(days) else []
    return [peak for peak in table if peak.store == store.number]


def _appointments(
    orders: Rows, ready_to_write: np.ndarray, opening: np.ndarray
) -> None:
    """Who had an appointment, and whether he came early or late."""
    u = orders["u"]
    booked = (u[:, COLUMN["appointment"]] < 0.56) & (
        (orders["type"] == REPAIR) | (orders["type"] == MAINTENANCE)
    )
    booked &= ~orders["remote"] & ~orders["evening"]
    # Positive: after the appointment.
    lateness = (-5 + 13 * bell(u[:, COLUMN["early"]])) * MINUTE
    lateness = np.clip(whole(lateness), -35 * MINUTE, 70 * MINUTE)
    on_time = np.where(lateness < 0, ready_to_write, ready_to_write - lateness)
    grid = 5 * MINUTE
    appointment = (on_time + grid // 2) // grid * grid
    appointment = np.maximum(appointment, opening)
    orders["appointment"] = np.where(booked, appointment, NEVER)
    orders["checkin"] = np.where(
        booked & (lateness < 0), ready_to_write + lateness, ready_to_write
    )


def _after(store: Store, orders: Rows) -> None:
    """Ready, handed over, and whether the customer waits on site."""
    u = orders["u"]
    kind, hours = orders["type"], orders["hours"]
    likely = np.where(kind == MAINTENANCE, 0.58, np.where(kind == REPAIR, 0.34, 0.0))
    onsite = (u[:, COLUMN["onsite"]] < likely) & (hours < 4.5) & ~orders["evening"]
    orders["onsite"] = onsite & ~orders["waits"] & ~orders["remote"]
    check = (4 + 11 * u[:, COLUMN["ready"]]) * MINUTE
    ready = np.where(orders["done"] < NEVER, orders["done"] + whole(check), NEVER)
    pickup = np.where(
        orders["onsite"],
        3 + 4.5 * waiting(u[:, COLUMN["handover"]]),
        4 + 10 * waiting(u[:, COLUMN["handover"]]),
    )
    delivered = ready + whole(pickup * store.wait**0.3 * MINUTE)
    night = (u[:, COLUMN["overnight"]] < 0.035) & ~orders["onsite"]
    midnight = (ready // DAY + 1) * DAY
    morning = midnight + whole(
        (store.opens + 0.3 + 1.5 * u[:, COLUMN["overnight"]]) * HOUR
    )
    delivered = np.where(night, morning, delivered)
    orders["ready"] = ready
    orders["delivered"] = np.where(ready < NEVER, delivered, NEVER)


def _promise(orders: Rows, pieces: Rows) -> None:
    """Promise a time that knows nothing of missing parts: those promises break."""
    u, ready = orders["u"], orders["ready"]
    first_end = np.full(len(ready), NEVER)
    opener = pieces["number"] == 0
    first_end[pieces["order"][opener]] = pieces["end"][opener]
    planned = np.where(orders["waits"], first_end + 2 * HOUR, ready)
    spread = np.where(orders["type"] == ACCIDENT, 3 * HOUR, 32 * MINUTE)
    margin = whole(spread * (2.0 + bell(u[:, COLUMN["promise_margin"]])))
    quarter = 15 * MINUTE
    promised = (planned + margin + quarter // 2) // quarter * quarter
    promised = np.maximum(promised, orders["writeup"] + 2 * quarter)
    asked_for = (u[:, COLUMN["promise"]] < 0.93) & (planned < NEVER)
    orders["promised"] = np.where(asked_for, promised, NEVER)
    known = np.minimum(planned, NEVER // 2) - orders["checkin"]
    away = np.clip(known / HOUR, 0, 60)
    guess = away * np.exp(0.16 * bell(u[:, COLUMN["predicted"]]))
    orders["predicted"] = np.where(planned < NEVER, np.round(guess, 1), np.nan)


def _remote(store: Store, orders: Rows) -> None:
    """Cases that are closed from afar never see a bay."""
    u, remote = orders["u"], orders["remote"]
    opened = orders["day"] * DAY + whole(
        (store.opens + (store.closes - store.opens - 2) * u[:, COLUMN["rank"]]) * HOUR
    )
    done = opened + whole((12 + 55 * waiting(u[:, COLUMN["hours"]])) * MINUTE)
    for name, moment in (
        ("checkin", opened),
        ("writeup", opened + 4 * MINUTE),
        ("bay_in", NEVER),
        ("done", done),
        ("ready", done),
        ("delivered", done),
        ("promised", NEVER),
        ("appointment", NEVER),
    ):
        orders[name] = np.where(remote, moment, orders[name])


def _cancelled(orders: Rows) -> None:
    """End a cancelled order some minutes after it was written up."""
    gone = orders["cancelled"]
    lasts = whole((8 + 40 * orders["u"][:, COLUMN["remote"]]) * MINUTE)
    orders["cancelled_at"] = np.where(gone, orders["writeup"] + lasts, NEVER)
    for name in ("bay_in", "done", "ready", "delivered", "promised"):
        orders[name] = np.where(gone, NEVER, orders[name])
