"""Who works on which day, and on which days a store opens."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from etl.demo.days import day_number, festival_distance
from etl.demo.draws import STAFF, TECHNICIANS_MOST, stream, whole
from etl.demo.network import Network, Store

_YOUNG = day_number(date(2025, 1, 1))  # stores and technicians newer than this


@dataclass(frozen=True, slots=True)
class Shifts:
    """Who works when, and when the store is open; one row a day from *first*."""

    first: int
    on: np.ndarray  # days x technicians
    order: np.ndarray  # days x technicians, those on shift first
    count: np.ndarray
    opens_next: np.ndarray  # the day itself or the next open one

    def next_open(self, day: np.ndarray) -> np.ndarray:
        """Return the first open day from *day* on."""
        place = np.clip(day - self.first, 0, len(self.opens_next) - 1)
        return self.opens_next[place]

    def technician(self, day: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return the technician on shift that *place* points at, counted around."""
        row = np.clip(day - self.first, 0, len(self.count) - 1)
        return self.order[row, place % self.count[row]]

    def stand_in(self, day: np.ndarray, technician: np.ndarray) -> np.ndarray:
        """Return the technician, or a colleague where he is not on shift."""
        row = np.clip(day - self.first, 0, len(self.count) - 1)
        return np.where(
            self.on[row, technician], technician, self.technician(day, technician)
        )


def is_open(store: Store, days: np.ndarray) -> np.ndarray:
    """Whether the store opens on these days."""
    gap = festival_distance(days)
    closed = (gap >= -1) & (gap <= 1)
    if store.store_class == "flagship":
        closed = gap == 0
    return ~closed & (days >= store.opened)


def hired(network: Network, store: Store) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each technician of a store (last: a day never reached)."""
    most = TECHNICIANS_MOST
    draw = stream(network.seed, STAFF, store.number).random((most, 3))
    young = store.opened > _YOUNG
    first = store.opened + whole(draw[:, 0] * (60 if young else 900))
    late = (draw[:, 1] < 0.12) & (np.arange(most) > 3)
    first = np.where(late, np.maximum(_YOUNG + whole(draw[:, 0] * 500), first), first)
    first[:4] = store.opened
    gone = np.where((draw[:, 2] < 0.05) & (np.arange(most) > 5), first + 2300, 10**6)
    return first, gone


# Two days off a week for each technician; fewer on the busy weekend.
_OFF = ((0, 1), (2, 3), (1, 2), (6, 0), (3, 4), (0, 2), (4, 6), (1, 3), (2, 5), (0, 3))


def shifts(
    network: Network, store: Store, days: np.ndarray, present: np.ndarray
) -> Shifts:
    """Return the shifts of a store, at least two technicians on every open day."""
    many = store.technicians
    weekday = (days + 3) % 7
    off = np.zeros((7, many), dtype=bool)
    for technician in range(many):
        off[list(_OFF[(technician + store.number) % len(_OFF)]), technician] = True
    first, gone = hired(network, store)
    employed = (days[:, None] >= first[:many]) & (days[:, None] < gone[:many])
    on = employed & ~off[weekday] & (present[:, :many] > 0.085)
    # Somebody is always there: the two who would rather come.
    eager = np.argsort(-(present[:, :many] + employed), axis=1)[:, :2]
    short = np.flatnonzero(on.sum(axis=1) < 2)
    on[short[:, None], eager[short]] = True
    opened = is_open(store, days)
    following = np.where(opened, days, days[-1] + 1)
    return Shifts(
        first=int(days[0]),
        on=on,
        order=np.argsort(~on, axis=1, kind="stable"),
        count=on.sum(axis=1),
        opens_next=np.minimum.accumulate(following[::-1])[::-1],
    )
