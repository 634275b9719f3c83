"""The demo network itself: stores, technicians and vehicles that exist all along."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from etl.demo.days import date_of, day_number, months_before
from etl.demo.draws import PARC, TABLE, pick, stream
from etl.demo.parts import Catalogue, catalogue
from etl.demo.places import City, site
from etl.demo.problems import Peak, Problems, peaks
from etl.demo.vin import vins
from etl.demo.vocabulary import GROUP_CODES, MODELS

CLASSES = ("flagship", "standard", "express")
FIRST_SALE, LAST_SALE = day_number(date(2019, 1, 1)), day_number(date(2029, 12, 31))
VEHICLE_ROOM = 10_000  # vehicle serials a store may use
_FULL_STAFF, _FULL_BAYS = 7, 4  # the store that takes in more than it has room for
HOURS_AN_ORDER = 3.15  # on the clock, over all order types


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One service centre and its character."""

    number: int
    city: City
    name: str
    name_en: str
    store_class: str
    bays: int
    technicians: int
    opens: float  # hour of the day
    closes: float
    opened: int  # day
    rate: float  # orders on a plain day
    wait: float  # factor on waiting times
    fail: float  # factor on failed first fixes
    charm: float  # added to the chance of a high score


@dataclass(frozen=True, slots=True)
class Parc:
    """The vehicles of a store, one row each."""

    model: np.ndarray
    sold: np.ndarray  # day
    vin: np.ndarray
    connected: np.ndarray
    plate: np.ndarray
    yearly_km: np.ndarray


@dataclass(frozen=True)
class Network:
    """Everything that does not change from day to day."""

    seed: int
    size: int
    months: int
    until: int  # day; the history ends at its midnight

    @classmethod
    def of(cls, *, stores: int, months: int, seed: int, until: date) -> "Network":
        """Return the network for the arguments of ``write_network``."""
        if stores < 1 or months < 1:
            raise ValueError(f"stores {stores} and months {months} must be at least 1")
        return cls(seed=seed, size=stores, months=months, until=day_number(until))

    @cached_property
    def start(self) -> int:
        """First day of the history."""
        return day_number(months_before(date_of(self.until), self.months))

    @cached_property
    def problems(self) -> Problems:
        """What is planted, and where."""
        return Problems.planted(self.size, self.until)

    @cached_property
    def parts(self) -> Catalogue:
        """The parts catalogue."""
        return catalogue(self.seed)

    @cached_property
    def stores(self) -> list[Store]:
        """All stores by number."""
        return [_store(self.seed, n, self.problems) for n in range(self.size)]

    @cached_property
    def store_ids(self) -> list[str]:
        """Store ids by number."""
        return [f"S{n + 1:03d}" for n in range(self.size)]

    @cached_property
    def technician_offset(self) -> np.ndarray:
        """Where the technicians of a store begin in the list of all."""
        return np.cumsum([0] + [s.technicians for s in self.stores])

    def technician_id(self, store: int, number: int) -> str:
        """Return the id of the technician *number* of a store."""
        return f"{self.store_ids[store]}-T{number + 1:02d}"

    @cached_property
    def parcs(self) -> list[Parc]:
        """The vehicles of each store."""
        return [_parc(self.seed, s) for s in self.stores]

    @cached_property
    def sold(self) -> np.ndarray:
        """The day each vehicle of the network was sold."""
        return np.concatenate([parc.sold for parc in self.parcs])

    @cached_property
    def vehicle_offset(self) -> np.ndarray:
        """Where the vehicles of a store begin in the list of all."""
        return np.cumsum([0] + [len(p.model) for p in self.parcs])

    @cached_property
    def _days_of_peaks(self) -> dict[int, list[Peak]]:
        return {}

    def peaks_between(self, first: int, last: int) -> list[Peak]:
        """Return the waiting peaks of the days ``[first, last)``, of all stores."""
        known = self._days_of_peaks
        rates = np.array([store.rate for store in self.stores])
        for day in range(first, last):
            if day not in known:
                known[day] = peaks(self.seed, rates, day)
        return [peak for day in range(first, last) for peak in known[day]]

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Names of the car models."""
        return tuple(m.name for m in MODELS)

    @property
    def groups(self) -> tuple[str, ...]:
        """Complaint group codes."""
        return GROUP_CODES

    @cached_property
    def city_names(self) -> list[str]:
        """Names of all cities with a store."""
        return list(dict.fromkeys(s.city.name for s in self.stores))

    @property
    def partner_ids(self) -> list[str]:
        """Partner ids."""
        return [f"P{n + 1:03d}" for n in range(24)]


def _store(seed: int, number: int, problems: Problems) -> Store:
    draw = stream(seed, TABLE, number).random(12)
    city, name, name_en = site(number)
    kind = 0 if number == problems.idle_store else _kind(city, draw)
    fewest, spread = ((10, 5), (6, 3), (5, 2))[kind]
    technicians = fewest + int(draw[1] * spread)
    rate = technicians * (1.30 + 0.10 * draw[2])
    if number == problems.full_store:
        technicians, rate = _FULL_STAFF, _FULL_STAFF * 1.46
    opens = 8.5 if draw[4] < 0.75 else 9.0
    hours = 10.0 if kind == 0 else 9.5
    wait = (1.25, 1.0, 0.85)[kind] * (0.75 + 0.5 * draw[8])
    return Store(
        number=number,
        city=city,
        name=name,
        name_en=name_en,
        store_class=CLASSES[kind],
        bays=_bays(number, rate / hours, draw, problems),
        technicians=technicians,
        opens=opens,
        closes=opens + hours,
        opened=_opened(number, draw, problems),
        rate=rate,
        wait=3.2 if number == problems.slow_store else wait,
        fail=3.2 if number == problems.full_store else 0.65 + 0.75 * draw[9],
        charm=0.16 * (draw[10] - 0.5),
    )


def _kind(city: City, draw: np.ndarray) -> int:
    large = city.city_class in ("一线", "新一线")
    shares = (0.2, 0.5, 0.3) if large else (0.03, 0.5, 0.47)
    return int(pick(draw[0:1], shares)[0])


def _bays(number: int, hourly: float, draw: np.ndarray, problems: Problems) -> int:
    """As many bays as the work fills to two thirds; planted stores differ."""
    if number == problems.idle_store:
        return 16
    if number == problems.full_store:
        return _FULL_BAYS
    return max(4, round(hourly * HOURS_AN_ORDER / (0.64 + 0.09 * draw[3]) + 0.15))


def _opened(number: int, draw: np.ndarray, problems: Problems) -> int:
    """Return the day a store opened; one in ten is new, none with a problem."""
    troubled = {
        problems.slow_store,
        problems.full_store,
        problems.bad_store,
        problems.paper_store,
        problems.silent_store,
    }
    if draw[6] < 0.1 and number > 2 and number not in troubled:
        return day_number(date(2025, 3, 1)) + int(draw[7] * 360)
    return day_number(date(2018, 3, 1)) + int(draw[5] * 2200)


def _parc(seed: int, store: Store) -> Parc:
    count = min(int(store.rate * 300) + 240, VEHICLE_ROOM - 1)
    draw = stream(seed, PARC, store.number).random((count, 6))
    sold = FIRST_SALE + (draw[:, 0] * (LAST_SALE - FIRST_SALE)).astype(np.int64)
    model = pick(draw[:, 1], tuple(m.share for m in MODELS))
    digits = (draw[:, 4] * 100_000).astype(np.int64)
    letter = (draw[:, 5] * 2).astype(np.int64)
    plate = np.array(
        [
            f"{store.city.plate}{'DF'[b]}{d:05d}"
            for d, b in zip(digits.tolist(), letter.tolist(), strict=True)
        ]
    )
    return Parc(
        model=model,
        sold=sold,
        vin=vins(store.number, model, sold),
        connected=draw[:, 2] < 0.93,
        plate=plate,
        yearly_km=9_000 + draw[:, 3] * 16_000,
    )
