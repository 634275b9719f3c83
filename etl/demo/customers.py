"""Customers as five systems know them: the same person, typed in up to five times."""

import numpy as np

from etl.demo.days import DAY, HOUR, NEVER
from etl.demo.draws import PEOPLE, pick, stream, whole
from etl.demo.network import Network
from etl.demo.orders import Rows
from etl.demo.vocabulary import GIVEN, SURNAMES, TITLES

SYSTEMS = ("dms", "crm", "callcentre", "iot", "finance")
LETTERS = ("D", "C", "K", "U", "F")
_SHARES = (1.0, 0.35, 0.10, 0.30, 0.12)
_WRONG = (0.33, 0.27, 0.24, 0.18, 0.36)  # wrong phones by system
_BLANK_VIN = (0.0, 0.12, 0.45, 0.02, 0.25)
_BLANK_PLATE = (0.02, 0.2, 0.3, 0.5, 0.1)
# The number of a record says nothing about who it is: each system counts differently.
_STRIDES = (1, 7_919, 104_729, 611_953, 1_299_709)
_FIRST_SEEN = ((0, 1), (-20, 400), (10, 900), (0, 6), (0, 600))  # days after the sale

RIGHT, SHORT, PLACEHOLDER, TWELVE, ALL_SAME = range(5)
_WRONG_KINDS = (0.40, 0.26, 0.26, 0.08)


def owners(network: Network) -> np.ndarray:
    """Return the person behind each vehicle: its own number, or its neighbour's."""
    many = int(network.vehicle_offset[-1])
    person = np.arange(many)
    second = stream(network.seed, PEOPLE, 0).random(many) < 0.04
    second[network.vehicle_offset[:-1]] = False
    second[1:] &= ~second[:-1]
    return np.where(second, person - 1, person)


def customers(network: Network) -> Rows:
    """One row for each system and person; names and phones still as numbers."""
    person = owners(network)
    sold = network.sold
    store = np.repeat(np.arange(network.size), np.diff(network.vehicle_offset))
    pieces = []
    for system in range(len(SYSTEMS)):
        draw = stream(network.seed, PEOPLE, 1 + system).random((len(person), 14))
        there = (draw[:, 0] < _SHARES[system]) & (person == np.arange(len(person)))
        pieces.append(_of_system(system, np.flatnonzero(there), draw, sold, store))
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}


def _of_system(
    system: int, car: np.ndarray, draw: np.ndarray, sold: np.ndarray, store: np.ndarray
) -> Rows:
    roll = draw[car]
    low, high = _FIRST_SEEN[system]
    created = (sold[car] + whole(low + roll[:, 1] * (high - low))) * DAY
    created = created + whole((9 + 9 * roll[:, 2]) * HOUR) + whole(roll[:, 3] * 3600)
    wrong = roll[:, 4] < _WRONG[system]
    fault = np.where(wrong, 1 + pick(roll[:, 5], _WRONG_KINDS), RIGHT)
    changed = roll[:, 6] < 0.12
    updated = created + whole((30 + 570 * roll[:, 7]) * DAY)
    # In the CRM the partner of the owner may have signed up with the same car.
    spouse = (roll[:, 8] < 0.06) if system == 1 else np.zeros(len(car), dtype=bool)
    return {
        "system": np.full(len(car), system),
        "number": (car * _STRIDES[system] + 97 * system) % 10**7,
        "person": np.where(spouse, -car - 1, car),
        "car": car,
        "vin_given": np.where(roll[:, 12] < _BLANK_VIN[system], -1, car),
        "plate_given": np.where(roll[:, 13] < _BLANK_PLATE[system], -1, car),
        "store": store[car],
        "fault": fault,
        "spelling": pick(roll[:, 9], (0.86, 0.08, 0.06)),
        "title": (roll[:, 10] < (0.3 if system == 2 else 0.02)).astype(np.int64),
        "repaired": (roll[:, 11] < 0.35).astype(np.int64),
        "known": created,
        "updated": np.where(changed, updated, NEVER),
    }


def names(seed: int, person: np.ndarray, title: np.ndarray) -> list[str]:
    """Return each person's name, or surname and title where nobody asked more."""
    first, given, sex = _person_numbers(seed, person)
    return [
        SURNAMES[f] + (TITLES[s] if t else GIVEN[g])
        for f, g, s, t in zip(
            first.tolist(), given.tolist(), sex.tolist(), title.tolist(), strict=True
        )
    ]


def _person_numbers(seed: int, person: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mix the bits of a person's number into numbers that are the same each time."""
    mixed = _mixed(seed, person)
    surname = (mixed % 997) ** 2 // 997 * len(SURNAMES) // 997  # some are frequent
    return surname, mixed // 1009 % len(GIVEN), mixed // 7 % 2


def _mixed(seed: int, person: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        x = person.astype(np.uint64) + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((x ^ (x >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)


def phones(
    seed: int, person: np.ndarray, fault: np.ndarray, spelling: np.ndarray
) -> list[str]:
    """Phone numbers with the faults and spellings of hurried typing."""
    # A couple shares a phone in every second household.
    shared = np.where((person < 0) & (person % 2 == 0), -person - 1, person)
    mixed = _mixed(seed + 1, shared)
    number = mixed % 10**9
    second = np.array([3, 5, 7, 8, 9])[mixed // 10**9 % 5]
    return [
        _phone(n, s, f, p)
        for n, s, f, p in zip(
            number.tolist(),
            second.tolist(),
            fault.tolist(),
            spelling.tolist(),
            strict=True,
        )
    ]


def _phone(number: int, second: int, fault: int, spelling: int) -> str:
    text = f"1{second}{number:09d}"
    if fault == SHORT:
        return text[: 8 + number % 3]
    if fault == PLACEHOLDER:
        return "13800000000"
    if fault == TWELVE:
        return "12" + text[2:]
    if fault == ALL_SAME:
        return "1" * 11
    if spelling == 1:
        return f"+86 {text}"
    return f"{text[:3]}-{text[3:7]}-{text[7:]}" if spelling == 2 else text


def vehicles(network: Network) -> Rows:
    """All vehicles, known the night after they were sold."""
    sold = network.sold
    return {
        "car": np.arange(len(sold)),
        "owner": owners(network),
        "model": np.concatenate([p.model for p in network.parcs]),
        "sold": sold,
        "store": np.repeat(np.arange(network.size), np.diff(network.vehicle_offset)),
        "connected": np.concatenate([p.connected for p in network.parcs]).astype(
            np.int64
        ),
        "known": (sold + 1) * DAY + 3 * HOUR,
    }
