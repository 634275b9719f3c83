"""The numbers and lists of one store, all of them from one batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median
from typing import Any

from callbacks import questions
from callbacks.overview_screen import Cells, read_cells
from callbacks.tile_reading import attempt, read_tile, silent_stores
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.kpi_tile import Tile
from pages._ui.ranking import badness, is_ranked
from pages._ui.ranks import Rank
from warehouse.board import Board
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Interval, Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Store
from warehouse.scope import Rights

LIVE = ("orders_arrived", "orders_delivered", "waiting_now", "longest_wait_now")
"""Metrics of the board: how the day goes, and who waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreScreen:
    """One store of one batch: its tiles with their ranks, and its board.

    *live* are its readings of this moment; *silent_since* is the moment from which no
    new rows came of some table.
    """

    batch_id: str
    store: Store
    tiles: tuple[Tile, ...]
    board: Board | None
    live: tuple[Reading, ...] = ()
    silent_since: datetime | None = None


def store_screen(batch: Any, store: Store, view: View, rights: Rights) -> StoreScreen:
    """Read everything the page of *store* shows except the trend.

    It is ranked among the stores that *rights* reach, of its region and of its kind.
    """
    today = questions.local_day(batch.as_of, batch.timezone)
    every = batch.stores(rights)
    view = View(store=store.store_id, period=view.period)
    silent = silent_stores(batch, view, rights)
    cells, _ = read_cells(batch, View(period=view.period), rights, today)
    tiles = [
        read_tile(batch, metric, view, rights, today, silent)
        for metric in chosen.columns()
    ]
    return StoreScreen(
        batch_id=batch.id,
        store=store,
        tiles=tuple(
            replace(tile, ranks=ranks_of(tile.metric, store, every, cells))
            for tile in tiles
        ),
        board=batch.board(store.store_id, rights),
        live=tuple(_live(batch, view, rights, today)),
        silent_since=min(
            (one.watermark for rows in silent.values() for one in rows), default=None
        ),
    )


def _live(batch: Any, view: View, rights: Rights, today: date) -> Iterator[Reading]:
    """Yield what the catalogue says of the store at this moment."""
    for name in LIVE:
        metric = CATALOG[name]
        question = questions.now(View(store=view.store), metric, today)
        found, _ = attempt(metric, lambda m=name, q=question: batch.read(m, q, rights))
        yield from found or ()


def ranks_of(
    metric: Metric, store: Store, stores: Sequence[Store], cells: Cells
) -> tuple[Rank, ...]:
    """Return the place of *store* in its region and among its like."""
    readings = cells.get(metric.id, {})
    if not metric.thresholds:
        return ()  # Without a good side there is no first place.
    groups = (
        ("region", store.region or "", _alike(store, stores, ("region",))),
        (
            "peers",
            " · ".join(filter(None, (store.city_class, store.store_class))),
            _alike(store, stores, ("city_class", "store_class")),
        ),
    )
    return tuple(
        rank_among(metric, store.store_id, others, readings, group=group, name=name)
        for group, name, others in groups
        if len(others) > 0
    )


def rank_among(
    metric: Metric,
    store_id: str,
    others: Sequence[str],
    readings: Mapping[str, Reading],
    *,
    group: str,
    name: str,
) -> Rank:
    """Return the place of a store among *others*, which do not hold it.

    Stores with too few cases have no place. Ties share one.
    """
    known = [
        readings[one]
        for one in others
        if one in readings and is_ranked(metric, readings[one])
    ]
    mine = readings.get(store_id)
    place = None
    if mine is not None and is_ranked(metric, mine):
        badly = badness(metric, mine)
        place = 1 + sum(badness(metric, one) < badly for one in known)
    return Rank(
        group=group,
        name=name,
        place=place,
        of=len(known) + (place is not None),
        others=together(metric, known),
    )


def together(metric: Metric, readings: Sequence[Reading]) -> float | None:
    """Return the value of a group: sums divided, or the median where none exist."""
    if not readings:
        return None
    if metric.kind is Kind.RATIO:
        bottom = sum(one.denominator or 0 for one in readings)
        scale = 100 if metric.interval is Interval.NPS else 1
        top = sum(one.numerator or 0 for one in readings)
        return scale * top / bottom if bottom else None
    return median(one.value for one in readings)


def _alike(store: Store, stores: Sequence[Store], by: Sequence[str]) -> list[str]:
    """Return the open stores like *store*, without it; none where it has no kind."""
    wanted = [getattr(store, name) for name in by]
    if not all(wanted):
        return []
    return [
        one.store_id
        for one in stores
        if one.store_id != store.store_id
        and not one.is_closed
        and [getattr(one, name) for name in by] == wanted
    ]
