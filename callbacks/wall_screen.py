"""What the walls show, all of it from one batch.

Each metric is read once for all stores, not once for each wall: a publish costs as many
questions as there are tiles, however many stores and screens there are.
"""

import itertools
import logging
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pages._ui import format as fmt
from pages._ui import wall_pages
from pages._ui.status import State
from pages._ui.wall_tiles import WallTile, told_apart, wall_tile
from pages._ui.wording import say
from warehouse.contracts import CONTRACTS
from warehouse.errors import AftersightError
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Kind, Metric, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import (
    Freshness,
    OpeningHours,
    Outcome,
    Run,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import Question, Rights
from warehouse.text import Language

logger = logging.getLogger(__name__)

EVERY_WALL = Rights(is_wall=True)
"""What is read for all walls at once: every store, nothing personal. Each wall gets
its own store's part of it and no other."""

BY_STORE = Question(by=("store_id", "store_class"))
"""With the class, because flagships have lines of their own."""

ALL = Question()

JUDGED = (State.GREEN, State.AMBER, State.RED)

ENOUGH_GAPS = 3

LEAST_RENEWAL = 120.0

UNSURE = {State.STALE, State.ERROR}


NOTHING: Mapping[str, Any] = {
    "batch": "",
    "as_of": "",
    "store": {"name": ""},
    "silent": None,
    "counted": {state.value: 0 for state in JUDGED},
    "is_quiet": False,
    "pages": [],
}
"""What a wall gets before anything has been published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One metric over all stores, and how far it can be trusted.

    *none* is what a store has that has no rows: no arrivals are 0 arrivals, but no
    repairs are no share of repairs.
    """

    metric: Metric
    by_store: Mapping[str, Reading]
    none: Reading | None
    freshness: Freshness
    data_as_of: datetime | None
    stale_at: datetime | None
    error: str = ""

    @property
    def is_fed(self) -> bool:
        """Whether any store has it, or may have it at another hour of the day."""
        is_of_now = self.metric.kind in {Kind.COUNT, Kind.STATE}
        has_source = self.data_as_of is not None
        return bool(self.by_store or self.error or (is_of_now and has_source))

    def of(self, store_id: str) -> Reading | None:
        """Return the reading of a store."""
        return self.by_store.get(store_id, self.none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Every store's tiles from one batch."""

    batch_id: str
    as_of: datetime
    published_at: datetime
    renewed_within: float | None
    stores: Mapping[str, Store]
    hours: Mapping[str, OpeningHours]
    silent: Mapping[str, SilentStore]
    columns: Mapping[str, Column]


def read_network(
    batch: Any, history: Sequence[Run], read: Callable[[str], None] = lambda _: None
) -> Network:
    """Read what all walls show; *read* is told of each question.

    *history* are the newest runs: they tell how soon a newer batch is due.
    """
    states = batch.sources()

    def ask(metric: Metric, question: Question) -> list[Reading]:
        read(metric.id)
        return batch.read(metric.id, question, EVERY_WALL)

    columns = {
        metric.id: _column(batch, metric, states, ask)
        for metric in wall_pages.metrics()
    }
    quiet = batch.silent_stores(EVERY_WALL)
    return Network(
        batch_id=batch.id,
        as_of=batch.as_of,
        published_at=batch.published_at,
        renewed_within=renewed_within(history),
        stores={store.store_id: store for store in batch.stores(EVERY_WALL)},
        hours={told.store_id: told for told in batch.opening_hours(EVERY_WALL)},
        # The longest silence of a store comes first.
        silent={one.store_id: one for one in reversed(quiet)},
        columns=columns,
    )


def _column(
    batch: Any,
    metric: Metric,
    states: list[SourceState],
    ask: Callable[[Metric, Question], list[Reading]],
) -> Column:
    found, none, error = [], None, ""
    try:
        found = ask(metric, BY_STORE)
        if metric.unit is Unit.COUNT or _is_longest(metric):
            none = _none_of(metric, found or ask(metric, ALL))
    except Exception as problem:
        logger.exception("metric %s could not be read", metric.id)
        error = str(problem) if isinstance(problem, AftersightError) else ""
        error = error or type(problem).__name__
    return Column(
        metric=metric,
        by_store={r.dimensions["store_id"]: r for r in found},
        none=none,
        freshness=batch.freshness_of(metric),
        data_as_of=batch.data_as_of(metric),
        stale_at=stale_at(metric, states),
        error=error,
    )


def _is_longest(metric: Metric) -> bool:
    """Whether it is the longest of what is going on: 0 where nothing goes on."""
    return metric.kind is Kind.STATE and metric.denominator is None


def _none_of(metric: Metric, found: Sequence[Reading]) -> Reading | None:
    """Return a count of nothing, if anything is counted at all."""
    example = next((r for r in found if r.value is not None), None)
    if example is None:
        return None
    status = judge(metric, example.thresholds, 0, 0, None)
    return replace(example, dimensions={}, value=0, numerator=0, n=0, status=status)


def renewed_within(history: Sequence[Run]) -> float | None:
    """Return the seconds after which a newer batch should be there; None: unknown.

    Four times the usual distance of two published runs. A screen that shows what is
    now goes by it: the contracts' limits are those of a night, not of a workshop.
    """
    ends = sorted(r.as_of for r in history if r.outcome is Outcome.PUBLISHED)
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(ends)]
    if len(gaps) < ENOUGH_GAPS:
        return None
    return max(LEAST_RENEWAL, 4 * statistics.median(gaps))


def stale_at(metric: Metric, states: list[SourceState]) -> datetime | None:
    """Return the moment at which a metric's data grow too old; None without limits.

    A screen goes by it when no batch comes any more: the last batch cannot know.
    """
    ends = []
    for table in metric.sources:
        known = [
            s.watermark + s.limit
            for s in states
            if s.table == table and s.watermark is not None and s.limit is not None
        ]
        if known:
            ends.append(max(known))
    return min(ends, default=None)


def screen(
    network: Network, store_id: str, taken: Mapping[str, str], language: Language
) -> dict[str, Any]:
    """Return what one wall shows, as plain data.

    *taken* maps a metric to the name of who has taken its alert.
    """
    store = network.stores[store_id]
    pages = [
        {"name": page.name, "title": say(page.title, language), "tiles": tiles}
        for page in wall_pages.PAGES
        if (tiles := _tiles(network, page.metrics, store_id, taken, language))
    ]
    states = [State(tile["state"]) for page in pages for tile in page["tiles"]]
    counted = {state.value: states.count(state) for state in JUDGED}
    is_sure = not (UNSURE & set(states)) and store_id not in network.silent
    is_calm = not counted["red"] and not counted["amber"] and counted["green"] > 0
    return {
        "batch": network.batch_id,
        "as_of": fmt.stamp(network.as_of),
        "published_at": fmt.stamp(network.published_at),
        "renewed_within": network.renewed_within,
        "store": _store(store, network.hours.get(store_id), language),
        "silent": _silent(network.silent.get(store_id), language),
        "counted": counted,
        "is_quiet": is_sure and is_calm,
        "pages": pages,
    }


def _tiles(
    network: Network,
    metrics: tuple[Metric, ...],
    store_id: str,
    taken: Mapping[str, str],
    language: Language,
) -> list[dict[str, Any]]:
    columns = [network.columns[metric.id] for metric in metrics]
    fed = [column for column in columns if column.is_fed]
    tiles = [
        wall_tile(
            WallTile(
                metric=column.metric,
                reading=column.of(store_id),
                freshness=column.freshness,
                data_as_of=column.data_as_of,
                stale_at=column.stale_at,
                error=column.error,
                taken_by=taken.get(column.metric.id, ""),
            ),
            language,
        )
        for column in fed
    ]
    return told_apart(tiles, [column.metric for column in fed], language)


def _store(
    store: Store, hours: OpeningHours | None, language: Language
) -> dict[str, Any]:
    english = store.name_en if language == "en" else None
    told: dict[str, Any] = {"id": store.store_id, "name": english or store.name}
    if hours is not None:
        told |= {
            "zone": hours.zone,
            "day": hours.day.isoformat(),
            "is_open": hours.is_open and not store.is_closed,
            "opens_at": f"{hours.opens_at:%H:%M}" if hours.opens_at else "",
            "closes_at": f"{hours.closes_at:%H:%M}" if hours.closes_at else "",
        }
    return told


def _silent(silent: SilentStore | None, language: Language) -> dict[str, str] | None:
    if silent is None:
        return None
    return {
        "table": CONTRACTS[silent.table].name[language],
        "since": fmt.stamp(silent.watermark),
    }
