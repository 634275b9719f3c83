"""Which orders come on which day: type, vehicle, complaint, work, comebacks.

Nothing here depends on how busy the workshop is, so the orders of a whole history are
worked out together; `workshop` then finds the hour of everything.
"""

import numpy as np

from etl.demo.days import month_and_day, season
from etl.demo.draws import (
    COLUMN,
    VEHICLES,
    bell,
    days_of_store,
    pick,
    stream,
    waiting,
    whole,
)
from etl.demo.network import Network, Store
from etl.demo.shifts import Shifts, is_open, shifts
from etl.demo.vocabulary import (
    ACCIDENT,
    COMPLAINT_GROUPS,
    GROUP_INDEX,
    GROUP_OF_TYPE,
    GROUPS,
    INTERNAL,
    MAINTENANCE,
    ORDER_TYPE_SHARES,
    OTA,
    PDI,
    RECALL,
    REPAIR,
)

EPOCH_DAYS = (
    32  # one half of the parc visits in even epochs, the other half in odd ones
)
COMEBACK_SLOT = 500
Rows = dict[str, np.ndarray]

_HOURS = {  # median hours on the clock and spread of the logarithm
    REPAIR: (3.05, 0.52),
    MAINTENANCE: (1.72, 0.33),
    PDI: (1.7, 0.3),
    ACCIDENT: (14.0, 0.5),
    RECALL: (1.5, 0.3),
    OTA: (0.0, 0.0),
    INTERNAL: (1.8, 0.4),
}
# Chance that an order of a type asks for a first, a second and a third part.
_PARTS_ASKED = (
    (0.62, 0.14, 0.03),
    (0.85, 0.45, 0.1),
    (0.0, 0.0, 0.0),
    (0.95, 0.7, 0.45),
    (0.5, 0.0, 0.0),
    (0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0),
)


def arrivals(network: Network, store: Store, end: int) -> tuple[Rows, Shifts]:
    """All orders of a store that check in before day *end*, comebacks included."""
    days = np.arange(network.start, end)
    open_days = is_open(store, days)
    ramp = np.clip((days - store.opened) / 120, 0.25, 1.0)
    expected = np.where(open_days, store.rate * season(days) * ramp, 0.0)
    present, counts, draws = days_of_store(
        network.seed, store.number, days[0], expected
    )
    roster = shifts(network, store, days, present)
    day = np.repeat(days, counts)
    slot = np.arange(len(day)) - np.repeat(np.cumsum(counts) - counts, counts)
    orders: Rows = {"day": day, "slot": slot, "level": np.zeros_like(day)}
    orders["vehicle"] = _vehicles(network, store, day)
    orders["row"] = np.arange(len(day))
    orders["parent"] = np.full(len(day), -1)
    orders["u"] = draws[:, 0]
    orders["away"] = np.full(len(day), -1)
    _describe(network, store, orders)
    _share_out(orders, roster)
    families = [orders]
    for level in (1, 2):
        families.append(
            _comebacks(network, store, families[-1], draws[:, level], roster)
        )
    families[-1]["fails"] = np.zeros(len(families[-1]["day"]), dtype=bool)
    return _in_order(families, end), roster


def _in_order(families: list[Rows], end: int) -> Rows:
    """One table, by day; *parent* becomes the place of the earlier visit in it."""
    names = families[0].keys()
    all_rows = {n: np.concatenate([f[n] for f in families]) for n in names}
    keep = all_rows["day"] < end
    order = np.lexsort((all_rows["slot"], all_rows["level"], all_rows["day"]))
    order = order[keep[order]]
    orders = {n: c[order] for n, c in all_rows.items()}
    later = orders["level"] > 0
    # Comebacks of one day count from 500 in the order of the visits they come from.
    starts = np.flatnonzero(np.r_[True, orders["day"][1:] != orders["day"][:-1]])
    group = np.searchsorted(starts, np.arange(len(order)), "right") - 1
    running = np.cumsum(later) - later
    orders["slot"] = np.where(
        later, COMEBACK_SLOT + running - running[starts][group], orders["slot"]
    )
    seat = np.full(3 * (all_rows["row"].max(initial=0) + 1), -1)
    seat[orders["row"] * 3 + orders["level"]] = np.arange(len(order))
    orders["parent"] = np.where(
        later, seat[orders["row"] * 3 + np.maximum(orders["level"] - 1, 0)], -1
    )
    return orders


def _vehicles(network: Network, store: Store, day: np.ndarray) -> np.ndarray:
    """Return a vehicle for each order, the same one not twice within 32 days."""
    parc = network.parcs[store.number]
    chosen = np.empty(len(day), dtype=np.int64)
    epoch = day // EPOCH_DAYS
    serial = np.arange(len(parc.sold))
    for number in np.unique(epoch):
        rows = np.flatnonzero(epoch == number)
        draw = stream(network.seed, VEHICLES, store.number, int(number))
        known = (parc.sold < number * EPOCH_DAYS - 20) & (serial % 2 == number % 2)
        turn = draw.permutation(np.flatnonzero(known))
        chosen[rows] = turn[np.arange(len(rows)) % len(turn)]
    return chosen


def _describe(network: Network, store: Store, orders: Rows) -> None:
    """Order type, complaint groups, hours and where the first fix fails."""
    u, day = orders["u"], orders["day"]
    kind = pick(u[:, COLUMN["type"]], ORDER_TYPE_SHARES)
    model = network.parcs[store.number].model[orders["vehicle"]]
    orders["type"], orders["model"] = kind, model
    group = _complaint(u[:, COLUMN["group"]], day)
    planted = network.problems
    wave = (
        (day >= planted.wave_from)
        & (model == planted.wave_model)
        & (kind == REPAIR)
        & (u[:, COLUMN["second_group"]] < 0.17)
    )
    group = np.where(wave, planted.wave_group, group)
    for other, fixed in GROUP_OF_TYPE.items():
        group = np.where(kind == other, fixed, group)
    orders["group"] = group
    second = (u[:, COLUMN["second"]] < 0.2) & ((kind == REPAIR) | (kind == MAINTENANCE))
    orders["second"] = np.where(
        second, _complaint(u[:, COLUMN["second_group"]], day), -1
    )
    orders["second"][orders["second"] == group] = -1
    _work(network, orders)


def _work(network: Network, orders: Rows) -> None:
    """Remote cases, cancellations and the hours on the clock."""
    u, kind = orders["u"], orders["type"]
    remote = (kind == OTA) | ((kind == REPAIR) & (u[:, COLUMN["remote"]] < 0.055))
    remote &= orders["level"] == 0
    orders["remote"] = remote
    orders["cancelled"] = (u[:, COLUMN["cancel"]] < 0.013) & ~remote
    middle = np.array([_HOURS[k][0] for k in range(len(_HOURS))])[kind]
    spread = np.array([_HOURS[k][1] for k in range(len(_HOURS))])[kind]
    hours = middle * np.exp(spread * bell(u[:, COLUMN["hours"]]))
    hours = np.where(orders["second"] >= 0, hours * 1.12, hours)
    hours = np.where(orders["level"] > 0, hours * 0.85, hours)
    orders["hours"] = np.where(
        remote | orders["cancelled"], 0.0, np.clip(hours, 0.3, 24.0)
    )
    _ask(network, orders)


def _ask(network: Network, orders: Rows) -> None:
    """Up to three parts for an order (-1: none) and how many of the first."""
    u, kind, group = orders["u"], orders["type"], orders["group"]
    likely = np.array(_PARTS_ASKED)[kind]
    none = orders["remote"] | orders["cancelled"]
    follower = np.where(
        (orders["second"] >= 0) & (kind == REPAIR), orders["second"], group
    )
    shuffled = u[:, COLUMN["part_pick"]]
    for place, (name, wanted) in enumerate(
        (("part_a", group), ("part_b", follower), ("part_c", group))
    ):
        asked = (u[:, COLUMN[name]] < likely[:, place]) & ~none
        turn = (shuffled + 0.37 * place) % 1.0
        part = network.parts.asked_for(wanted, turn)
        orders[name] = np.where(asked, part, -1)
    tyres = group == GROUP_INDEX["tyres"]
    several = u[:, COLUMN["quantity"]] < np.where(tyres, 0.45, 0.06)
    orders["quantity"] = np.where(several, 2, 1)


def _complaint(uniform: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Complaint group by season: cold hurts batteries, heat hurts air conditioning."""
    month, _ = month_and_day(day)
    weights = np.array([[GROUPS[g].weight for g in COMPLAINT_GROUPS]] * 12)
    for place, group in enumerate(COMPLAINT_GROUPS):
        if group == GROUP_INDEX["climate"]:
            weights[5:8, place] *= 1.9
        if group in {GROUP_INDEX["battery"], GROUP_INDEX["low_voltage"]}:
            weights[[0, 1, 11], place] *= 1.8
    edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    place = (uniform[:, None] > edges[month - 1][:, :-1]).sum(axis=1)
    return np.array(COMPLAINT_GROUPS)[place]


def _share_out(orders: Rows, roster: Shifts) -> None:
    """Give each order a technician, long work spread evenly over those on shift."""
    day, hours = orders["day"], orders["hours"]
    order = np.lexsort((orders["slot"], -hours, day))
    first = (
        np.r_[True, day[order][1:] != day[order][:-1]]
        if len(day)
        else np.array([], bool)
    )
    start = np.flatnonzero(first)
    rank = np.empty(len(day), dtype=np.int64)
    group = np.cumsum(first) - 1
    rank[order] = np.arange(len(day)) - (start[group] if len(start) else 0)
    many = roster.count[day - roster.first]
    lap, place = rank // many, rank % many
    snake = np.where(lap % 2 == 0, place, many - 1 - place)
    orders["technician"] = roster.technician(day, snake + day)


def _failing(network: Network, store: Store, orders: Rows) -> np.ndarray:
    """Chance that the same problem comes back within thirty days."""
    planted = network.problems
    chance = np.full(len(orders["day"]), 0.052) * store.fail
    if store.number == planted.bad_store:
        bad = orders["technician"] == planted.bad_technician
        chance = np.where(bad, 0.40, chance)
    wave = (
        (orders["day"] >= planted.wave_from)
        & (orders["model"] == planted.wave_model)
        & (orders["group"] == planted.wave_group)
    )
    chance = np.where(wave, np.maximum(chance, 0.27), chance)
    chance = np.where(orders["level"] > 0, np.maximum(chance, 0.12), chance)
    return np.where((orders["type"] == REPAIR) & ~orders["cancelled"], chance, 0.0)


def _comebacks(
    network: Network, store: Store, before: Rows, draws: np.ndarray, roster: Shifts
) -> Rows:
    """Return the visits that follow *before* because the problem is back."""
    u = before["u"]
    fails = u[:, COLUMN["fail"]] < _failing(network, store, before)
    # The car must be away before it can come back, also when parts took three days.
    least = np.where(before["part_a"] >= 0, 6, 2)
    after = least + whole(7 * waiting(u[:, COLUMN["fail_after"]]) % 22)
    day = roster.next_open(before["day"] + segments(before["hours"]) - 1 + after)
    rows = np.flatnonzero(fails & (day < roster.first + len(roster.count)))
    back: Rows = {
        "day": day[rows],
        "slot": before["slot"][rows] + 1000 * before["day"][rows],
        "level": before["level"][rows] + 1,
        "vehicle": before["vehicle"][rows],
        "row": before["row"][rows],
        "parent": rows,
        "u": draws[before["row"][rows]],
        "type": np.full(len(rows), REPAIR),
        "model": before["model"][rows],
        "group": before["group"][rows],
        "second": np.full(len(rows), -1),
    }
    _work(network, back)
    pull = whole(back["u"][:, COLUMN["technician"]] * 1000)
    back["technician"] = roster.technician(back["day"], pull)
    _go_elsewhere(network, store, back)
    before["fails"] = np.isin(np.arange(len(u)), rows)
    return back


def _go_elsewhere(network: Network, store: Store, back: Rows) -> None:
    """Send the few owners who lost patience to another store of the region."""
    others = [
        s.number
        for s in network.stores
        if s.city.region == store.city.region and s.number != store.number
    ]
    uniform = back["u"][:, COLUMN["fail_store"]]
    leaves = (uniform < 0.05) & (back["level"] == 1) & bool(others)
    place = whole(uniform * 20 * max(len(others), 1)) % max(len(others), 1)
    back["away"] = np.where(leaves, np.array(others or [-1])[place], -1)
    for name in ("part_a", "part_b", "part_c"):
        back[name] = np.where(leaves, -1, back[name])


def segments(hours: np.ndarray) -> np.ndarray:
    """On how many days an order is worked on."""
    return 1 + (hours > 6.5) + (hours > 13.0)
