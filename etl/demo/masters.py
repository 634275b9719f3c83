"""What there is before anything happens: stores, people, parts, partners, days."""

from datetime import date

import numpy as np

from etl.demo.customers import names
from etl.demo.days import DAY, NEVER, day_number, holiday_note, month_starts
from etl.demo.labour import skill
from etl.demo.network import Network, Store
from etl.demo.orders import Rows
from etl.demo.partners import PARTNERS, cities_of
from etl.demo.shifts import hired, is_open
from etl.demo.visible import ALWAYS
from etl.demo.vocabulary import COMPLAINT_GROUPS, GROUPS

_NEVER_LEFT = 10**6


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{int(hour * 60) % 60:02d}"


def stores(network: Network) -> Rows:
    """One row a store, known a month before it opens."""
    table = network.stores
    opened = np.array([s.opened for s in table])
    return {
        "number": np.arange(len(table)),
        "name": np.array([s.name for s in table]),
        "name_en": np.array([s.name_en for s in table]),
        "region": np.array([s.city.region for s in table]),
        "province": np.array([s.city.province for s in table]),
        "city": np.array([s.city.name for s in table]),
        "city_class": np.array([s.city.city_class for s in table]),
        "store_class": np.array([s.store_class for s in table]),
        "timezone": np.full(len(table), "Asia/Shanghai"),
        "bays": np.array([s.bays for s in table]),
        "opens_at": np.array([_clock(s.opens) for s in table]),
        "closes_at": np.array([_clock(s.closes) for s in table]),
        "opened": opened,
        "closed": np.full(len(table), NEVER),
        "known": (opened - 30) * DAY,
    }


def technicians(network: Network) -> Rows:
    """One row a technician, known on the first day of work."""
    pieces = [_staff_of(network, s) for s in network.stores]
    table = {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}
    many = len(table["store"])
    table["staff"] = np.arange(many)
    people = -1_000_000 - np.arange(many)
    table["name"] = np.array(names(network.seed, people, np.zeros(many, np.int64)))
    return table


def _staff_of(network: Network, store: Store) -> Rows:
    many = store.technicians
    first, gone = hired(network, store)
    level = skill(network, store)
    skills = [
        ";".join(
            GROUPS[COMPLAINT_GROUPS[(n * 5 + k * 3 + store.number) % 13]].code
            for k in range(3 + int(level[n]))
        )
        for n in range(many)
    ]
    left = np.where(gone[:many] >= _NEVER_LEFT, NEVER, gone[:many])
    return {
        "store": np.full(many, store.number),
        "skill": level,
        "skills": np.array(skills),
        "hired": first[:many],
        "left": left,
        "leaves": np.where(left < NEVER, left * DAY, NEVER),
        "known": first[:many] * DAY,
    }


def parts(network: Network) -> Rows:
    """Return the catalogue, known from the beginning."""
    table = network.parts
    many = len(table.numbers)
    return {
        "part": np.arange(many),
        "name": np.array(table.names),
        "category": table.categories_array,
        "abc": table.abc,
        "cost": table.cost,
        "stocked": table.stocked.astype(np.int64),
        "lead": table.lead_days,
        "received": table.received_on,
        "known": np.full(many, ALWAYS),
    }


def partners(network: Network) -> Rows:
    """Return the contracts."""
    many = len(PARTNERS)
    began = np.array(
        [day_number(date(2022 + n % 3, 1 + n % 12, 1)) for n in range(many)]
    )
    ends = np.array([day_number(date(2026 + n % 4, 12, 31)) for n in range(many)])
    return {
        "partner": np.arange(many),
        "name": np.array([p.name for p in PARTNERS]),
        "kind": np.array([p.kind for p in PARTNERS]),
        "service": np.array([p.service for p in PARTNERS]),
        "cities": np.array([";".join(cities_of(network, n)) for n in range(many)]),
        "from": began,
        "to": ends,
        "settlement": np.array([p.settlement for p in PARTNERS]),
        "exclusive": (np.arange(many) % 7 == 0).astype(np.int64),
        "status": np.full(many, "active"),
        "sharing": np.array([p.sharing for p in PARTNERS]),
        "known": np.full(many, ALWAYS),
    }


def calendar(network: Network, end: int) -> Rows:
    """Open days of each store; a month is told ten days before it begins."""
    first = network.start
    days = np.arange(first, end + 62)
    starts = np.array([first, *month_starts(first, end + 62)])
    begins = starts[np.searchsorted(starts, days, "right") - 1]
    told = np.where(begins == first, ALWAYS, (begins - 10) * DAY)
    note = holiday_note(days)
    note = np.where(note == 0, -1, note)
    pieces = [
        {
            "store": np.full(len(days), s.number),
            "day": days,
            "open": is_open(s, days).astype(np.int64),
            "note": note,
            "known": told,
        }
        for s in network.stores
    ]
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}
