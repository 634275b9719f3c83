"""The problems planted in the demo network: what, where, from when, to when."""

from dataclasses import dataclass

import numpy as np

from etl.demo.days import DAY, HOUR, MINUTE, date_of, local_iso
from etl.demo.draws import TROUBLE, stream
from etl.demo.vocabulary import GROUP_INDEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Where things go wrong; days are anchored to the end of the history."""

    slow_store: int
    full_store: int
    paper_store: int
    idle_store: int
    bad_store: int
    silent_store: int
    bad_technician: int
    silent_from: int  # a moment
    runout_region: str
    runout_part: int
    runout_from: int  # the supply stops earlier than the shelves are empty
    runout_to: int
    wave_model: int
    wave_group: int
    wave_from: int
    sliding_partner: int
    slide_from: int

    @classmethod
    def planted(cls, stores: int, anchor: int) -> "Problems":
        """Plant the problems of *stores* stores whose history ends on day *anchor*."""
        return cls(
            slow_store=7 % stores,
            full_store=9 % stores,
            paper_store=34 % stores,
            idle_store=0,
            bad_store=4 % stores,
            silent_store=12 % stores,
            bad_technician=2,
            # After closing time, so that nobody is left waiting for ever.
            silent_from=(anchor - 9) * DAY + 20 * HOUR + 30 * MINUTE,
            runout_region="西南",
            runout_part=3,
            runout_from=anchor - 66,
            runout_to=anchor + 10,
            wave_model=2,
            wave_group=GROUP_INDEX["infotainment"],
            wave_from=anchor - 75,
            sliding_partner=1,
            slide_from=anchor - 118,
        )


@dataclass(frozen=True, slots=True)
class Peak:
    """Hours in which everybody comes at once."""

    store: int
    start: int
    end: int


def peaks(seed: int, size: np.ndarray, day: int) -> list[Peak]:
    """Tell what goes wrong on an ordinary day: two or three waiting peaks."""
    draw = stream(seed, TROUBLE, day)
    found = []
    edges = np.cumsum(size) / size.sum()  # it happens where many come
    for _ in range(int(len(size) / 24 + draw.random())):
        start = day * DAY + int(draw.integers(9 * 60, 15 * 60)) * MINUTE
        store = min(int(np.searchsorted(edges, draw.random())), len(size) - 1)
        found.append(Peak(store, start, start + 2 * HOUR + 30 * MINUTE))
    return found


def describe_problems(network: object) -> list[dict[str, object]]:
    """Return the planted problems as rows for truth.json."""
    return [*_of_stores(network), *_of_the_network(network)]


def _of_stores(network: object) -> list[dict[str, object]]:
    planted, ids = network.problems, network.store_ids
    always = {"from": str(date_of(network.start)), "to": str(date_of(network.until))}
    technician = network.technician_id(planted.bad_store, planted.bad_technician)
    rows = (
        ("bad_technician", planted.bad_store, "ftfr_30d of the technician about 0.6"),
        ("long_waits", planted.slow_store, "wait_writeup_p90 above 30 minutes"),
        ("bays_overfilled", planted.full_store, "bay_util above 0.85, ftfr below 0.85"),
        ("bays_idle", planted.idle_store, "bay_util below 0.5"),
        ("on_paper", planted.paper_store, "entry_paper_share above 0.6"),
        ("silent_source", planted.silent_store, "no row of the store from the DMS"),
    )
    found = [
        {"what": what, "store_id": ids[store], "expected": effect, **always}
        for what, store, effect in rows
    ]
    found[0]["technician_id"] = technician
    found[-1] |= {"from": local_iso(planted.silent_from), "to": None}
    return found


def _of_the_network(network: object) -> list[dict[str, object]]:
    planted = network.problems
    region = planted.runout_region
    return [
        {
            "what": "part_runs_out",
            "part_number": network.parts.numbers[planted.runout_part],
            "region": region,
            "store_ids": [
                network.store_ids[s.number]
                for s in network.stores
                if s.city.region == region
            ],
            "expected": "stockout_rate of part and region far above 0.06",
            "supply_stops": str(date_of(planted.runout_from)),
            "from": str(date_of(planted.runout_from + 21)),
            "to": str(date_of(planted.runout_to)),
        },
        {
            "what": "firmware_wave",
            "model": network.models[planted.wave_model],
            "complaint_group": network.groups[planted.wave_group],
            "expected": "orders and comebacks of model and group rise",
            "from": str(date_of(planted.wave_from)),
            "to": None,
        },
        {
            "what": "partner_slides",
            "partner_id": network.partner_ids[planted.sliding_partner],
            "expected": "partner_tier falls from gold to yellow",
            "from": str(date_of(planted.slide_from)),
            "to": None,
        },
    ]


def describe_peaks(network: object, days: int) -> list[dict[str, object]]:
    """Return the waiting peaks of the first *days* days after the history."""
    return [
        {
            "what": "waiting_peak",
            "store_id": network.store_ids[peak.store],
            "from": local_iso(peak.start),
            "to": local_iso(peak.end),
            "expected": "wait_writeup of the store rises by half an hour",
        }
        for peak in network.peaks_between(network.until, network.until + days)
    ]
