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
    """Tell what goes wrong on an ordinary day: waiting peaks somewhere."""
    draw = stream(seed, TROUBLE, day)
    found = []
    edges = np.cumsum(size) / size.sum()  # it happens where many come
    for _ in range(int(draw.integers(2, 4))):
        start = day * DAY + int(draw.integers(9 * 60, 15 * 60)) * MINUTE
        store = min(int(np.searchsorted(edges, draw.random())), len(size) - 1)
        found.append(Peak(store, start, start + 2 * HOUR + 30 * MINUTE))
    return found


def describe_problems(network: object) -> list[dict[str, object]]:
    """Return the planted problems as rows for truth.json."""
    planted = network.problems
    store_ids, until = network.store_ids, network.until
    history = {"from": str(date_of(network.start)), "to": str(date_of(until))}
    since = {"to": str(date_of(until))}
    rows = [
        _row("bad_technician", "ftfr_30d of the technician about 0.6", history)
        | {
            "store_id": store_ids[planted.bad_store],
            "technician_id": network.technician_id(
                planted.bad_store, planted.bad_technician
            ),
        },
        _row("long_waits", "wait_writeup_p90 of the store above 30 min", history)
        | {"store_id": store_ids[planted.slow_store]},
        _row("bays_overfilled", "bay_util above 0.85, ftfr_30d below 0.85", history)
        | {"store_id": store_ids[planted.full_store]},
        _row("bays_idle", "bay_util below 0.5", history)
        | {"store_id": store_ids[planted.idle_store]},
        _row("on_paper", "entry_paper_share above 0.6", history)
        | {"store_id": store_ids[planted.paper_store]},
        _row("silent_source", "no row of the store from the DMS", since)
        | {
            "store_id": store_ids[planted.silent_store],
            "from": local_iso(planted.silent_from),
            "to": None,
        },
        _row("part_runs_out", "stockout_rate of part and region far above 0.06", {})
        | {
            "part_number": network.parts.numbers[planted.runout_part],
            "region": planted.runout_region,
            "store_ids": [
                store_ids[s.number]
                for s in network.stores
                if s.city.region == planted.runout_region
            ],
            "from": str(date_of(planted.runout_from)),
            "to": str(date_of(planted.runout_to)),
        },
        _row("firmware_wave", "orders and comebacks of model and group rise", {})
        | {
            "model": network.models[planted.wave_model],
            "complaint_group": network.groups[planted.wave_group],
            "from": str(date_of(planted.wave_from)),
            "to": None,
        },
        _row("partner_slides", "partner_tier falls from gold to yellow", {})
        | {
            "partner_id": network.partner_ids[planted.sliding_partner],
            "from": str(date_of(planted.slide_from)),
            "to": None,
        },
    ]
    return rows


def _row(what: str, effect: str, period: dict[str, str]) -> dict[str, object]:
    return {"what": what, "expected": effect, **period}


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
