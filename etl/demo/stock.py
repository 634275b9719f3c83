"""The shelves of a store: what is asked for, what is there, what is ordered."""

from dataclasses import dataclass

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, month_and_day
from etl.demo.draws import COLUMN, RETURNS, stream
from etl.demo.network import Network, Store
from etl.demo.orders import Rows
from etl.demo.vocabulary import ADJUST, ISSUE, RECEIPT, RETURN, TRANSFER

_SAFETY = {"A": 0.85, "B": 1.0, "C": 0.8}  # deviations of the demand in a lead time
_COVER_DAYS = {"A": 22, "B": 45, "C": 60}  # what one replenishment is good for
_TRUCK = 7 * HOUR + 40 * MINUTE  # the night delivery is unpacked before opening


@dataclass(frozen=True, slots=True)
class Shelves:
    """Stock of a store by day and part."""

    first: int
    evening: np.ndarray  # days x parts, on hand at the end of the day
    lowest: np.ndarray  # months x parts
    highest: np.ndarray
    month: np.ndarray  # row of lowest and highest for each day
    received: np.ndarray  # days x parts
    corrected: np.ndarray  # days x parts, signed
    returned: np.ndarray


def requests(orders: Rows) -> Rows:
    """One row for each part that an order asks for, in the order of asking."""
    table = np.stack([orders["part_a"], orders["part_b"], orders["part_c"]], axis=1)
    # The same part twice would be one line of two pieces: ask once.
    table[:, 1] = np.where(table[:, 1] == table[:, 0], -1, table[:, 1])
    again = (table[:, 2] == table[:, 0]) | (table[:, 2] == table[:, 1])
    table[:, 2] = np.where(again, -1, table[:, 2])
    order, place = np.nonzero(table >= 0)
    quantity = np.where(place == 0, orders["quantity"][order], 1)
    return {
        "order": order,
        "place": place,
        "part": table[order, place],
        "quantity": quantity,
        "day": orders["day"][order],
        "rank": orders["u"][order, COLUMN["rank"]],
    }


def fill(network: Network, store: Store, asked: Rows, end: int) -> Shelves:
    """Run the shelves day by day and note in *asked* how much was there."""
    first, parts = network.start, network.parts
    days = np.arange(first, end)
    demand = np.zeros((len(days), len(parts.numbers)), dtype=np.int64)
    np.add.at(demand, (asked["day"] - first, asked["part"]), asked["quantity"])
    shelves, morning = _run(network, store, days, demand)
    order = np.lexsort((asked["rank"], asked["part"], asked["day"]))
    quantity = asked["quantity"][order]
    key = asked["day"][order] * 1000 + asked["part"][order]
    total = np.cumsum(quantity) - quantity
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else key
    before = total - np.repeat(total[start], np.diff(np.r_[start, len(key)]))
    there = morning[asked["day"][order] - first, asked["part"][order]]
    filled = np.empty(len(key), dtype=np.int64)
    filled[order] = np.clip(there - before, 0, quantity)
    asked["filled"] = filled
    return shelves


def _run(
    network: Network, store: Store, days: np.ndarray, demand: np.ndarray
) -> tuple[Shelves, np.ndarray]:
    """Receipts, issues and reorders of all parts, one day after the other."""
    parts = network.parts
    limits = _limits(network, days, demand)
    lowest, highest, month = limits
    blocked = _blocked(network, store, days)
    extra = _irregular(network, store, days)
    on_hand = np.where(parts.stocked, np.maximum(highest[0] - 1, 0), 0)
    on_hand = np.where(parts.categories_array == "停产车型", 2, on_hand)
    on_order = np.zeros_like(on_hand)
    received = np.zeros((len(days) + 40, len(on_hand)), dtype=np.int64)
    morning, evening = np.empty_like(demand), np.empty_like(demand)
    corrected = np.zeros_like(demand)
    for row in range(len(days)):
        on_hand = on_hand + received[row]
        on_order = on_order - received[row]
        morning[row] = on_hand
        on_hand = on_hand - np.minimum(on_hand, demand[row])
        corrected[row] = np.maximum(extra[row], -on_hand)
        on_hand = on_hand + corrected[row]
        evening[row] = on_hand
        low, high = lowest[month[row]], highest[month[row]]
        position = on_hand + on_order
        order = np.where(parts.stocked & (position <= low), high - position, 0)
        order = np.maximum(order, 0)
        if blocked[row]:
            order[network.problems.runout_part] = 0
        late = received[row + parts.lead_days, np.arange(len(order))]
        received[row + parts.lead_days, np.arange(len(order))] = late + order
        on_order = on_order + order
    returned = np.maximum(corrected, 0) * (days % 3 == 0)[:, None]
    return (
        Shelves(
            first=int(days[0]),
            evening=evening,
            lowest=lowest,
            highest=highest,
            month=month,
            received=received[: len(days)],
            corrected=corrected - returned,
            returned=returned,
        ),
        morning,
    )


def _limits(
    network: Network, days: np.ndarray, demand: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reorder point and ceiling of each part, set anew each month from past demand."""
    parts = network.parts
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = months - months[0]
    safety = np.array([_SAFETY[c] for c in parts.abc.tolist()])
    cover = np.array([_COVER_DAYS[c] for c in parts.abc.tolist()])
    total = np.vstack([np.zeros_like(demand[:1]), np.cumsum(demand, axis=0)])
    low, high = [], []
    for number in range(int(month[-1]) + 1):
        # Nothing is known before the first month: it plans on its own demand.
        start = int(np.searchsorted(month, number))
        to = start if number else min(30, len(days))
        back = max(0, to - 90)
        daily = (total[to] - total[back] + 0.35) / (to - back + 1)
        daily = np.where(parts.categories_array == "停产车型", 0.0, daily)
        ahead = daily * (parts.lead_days + 1)
        point = np.floor(ahead + safety * np.sqrt(ahead) + 0.2)
        low.append(np.where(parts.stocked, point, 0))
        high.append(np.where(parts.stocked, point + np.ceil(daily * cover), 0))
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64), month


def _blocked(network: Network, store: Store, days: np.ndarray) -> np.ndarray:
    planted = network.problems
    if store.city.region != planted.runout_region:
        return np.zeros(len(days), dtype=bool)
    return (days >= planted.runout_from) & (days < planted.runout_to)


def _irregular(network: Network, store: Store, days: np.ndarray) -> np.ndarray:
    """Pieces that come back or that a stock count finds (missing or too many)."""
    extra = np.zeros((len(days), len(network.parts.numbers)), dtype=np.int64)
    shelf = np.flatnonzero(network.parts.stocked)
    epoch_rows: dict[int, np.ndarray] = {}
    _, of_month = month_and_day(days)
    for row, day in enumerate(days.tolist()):
        if day % 3 and of_month[row] != 28:
            continue
        block = day // 512
        if block not in epoch_rows:
            draw = stream(network.seed, RETURNS, store.number, block)
            epoch_rows[block] = draw.random((512, 4))
        draw = epoch_rows[block][day % 512]
        if day % 3 == 0 and draw[0] < 0.25:
            extra[row, shelf[int(draw[1] * len(shelf))]] += 1
        if of_month[row] == 28 and draw[2] < 0.8:
            extra[row, shelf[int(draw[3] * len(shelf))]] += 1 if draw[0] > 0.6 else -1
    return extra


def regular_movements(shelves: Shelves, since: int) -> Rows:
    """Receipts, returns and corrections from day *since* on."""
    kinds = (
        (shelves.received, RECEIPT, _TRUCK),
        (shelves.returned, RETURN, 15 * HOUR),
        (shelves.corrected, ADJUST, 17 * HOUR + 20 * MINUTE),
    )
    skip = max(0, since - shelves.first)
    pieces = []
    for table, kind, hour in kinds:
        row, part = np.nonzero(table[skip:])
        day = row + skip + shelves.first
        pieces.append(
            {
                "day": day,
                "part": part,
                "moved": day * DAY + hour + (part * 7) % 600,
                "quantity": table[row + skip, part],
                "kind": np.full(len(row), kind),
            }
        )
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}


def order_movements(asked: Rows) -> Rows:
    """Issues to orders: at once what is there, with the emergency delivery the rest."""
    there = asked["filled"] > 0
    missing = asked["missing"] > 0
    pieces = []
    for rows, moment, quantity, kind in (
        (there, "issued", -asked["filled"], ISSUE),
        (missing, "arrived", asked["missing"], TRANSFER),
        (missing, "fetched", -asked["missing"], ISSUE),
    ):
        pieces.append(
            {
                "day": asked[moment][rows] // DAY,
                "part": asked["part"][rows],
                "moved": asked[moment][rows],
                "quantity": quantity[rows],
                "kind": np.full(int(rows.sum()), kind),
            }
        )
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}
