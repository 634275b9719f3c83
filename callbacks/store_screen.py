"""The numbers and lists of one store, all of them from one batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from callbacks import questions
from callbacks.tile_reading import attempt, read_tile, silent_stores
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.kpi_tile import Tile
from pages._ui.status import State
from warehouse.board import Board
from warehouse.metrics import CATALOG
from warehouse.metrics.reading import Reading
from warehouse.metrics.standing import Ladder, Standing
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


Ladders = Mapping[str, Ladder]
"""By metric, who stands where in the network. It holds what its reader may not see."""


def ladders(batch: Any, view: View) -> Ladders:
    """Return the ladders of a period: the same for every store and every reader."""
    today = questions.local_day(batch.as_of, batch.timezone)
    found = {}
    for metric in chosen.columns():
        if not metric.thresholds:
            continue  # Without a good side there is no first place.
        question = questions.by_store(View(period=view.period), metric, today)
        ladder, error = attempt(
            metric, lambda m=metric, q=question: batch.ladder(m.id, q)
        )
        if not error:
            found[metric.id] = ladder
    return found


def store_screen(
    batch: Any,
    store: Store,
    view: View,
    rights: Rights,
    standing: Ladders | None = None,
) -> StoreScreen:
    """Read everything the page of *store* shows except the trend.

    *standing* ranks it among all stores of its region and of its kind; what of that
    the reader learns, `Ladder.standings` decides from *rights*.
    """
    today = questions.local_day(batch.as_of, batch.timezone)
    view = View(store=store.store_id, period=view.period)
    silent = silent_stores(batch, view, rights)
    tiles = [
        read_tile(batch, metric, view, rights, today, silent)
        for metric in chosen.columns()
    ]
    return StoreScreen(
        batch_id=batch.id,
        store=store,
        tiles=tuple(
            replace(tile, ranks=_ranks(tile, store.store_id, standing, rights))
            for tile in tiles
        ),
        board=batch.board(store.store_id, rights),
        live=tuple(_live(batch, view, rights, today)),
        silent_since=min(
            (one.watermark for rows in silent.values() for one in rows), default=None
        ),
    )


def _ranks(
    tile: Tile, store_id: str, standing: Ladders | None, rights: Rights
) -> tuple[Standing, ...]:
    """Return the places of a tile; data that stopped have none."""
    ladder = (standing or {}).get(tile.metric.id)
    if ladder is None or tile.state in {State.STALE, State.ERROR}:
        return ()
    return ladder.standings(store_id, rights)


def _live(batch: Any, view: View, rights: Rights, today: date) -> Iterator[Reading]:
    """Yield what the catalogue says of the store at this moment."""
    for name in LIVE:
        metric = CATALOG[name]
        question = questions.now(View(store=view.store), metric, today)
        found, _ = attempt(metric, lambda m=name, q=question: batch.read(m, q, rights))
        yield from found or ()
