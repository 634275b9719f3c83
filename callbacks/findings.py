"""What needs attention, worst first: how far off, whom it touches, since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from callbacks import questions
from pages._ui import judging
from pages._ui.address import View, store_href
from pages._ui.attention import NAMED_STORES, Finding, RedStore
from pages._ui.kpi_tile import TREND_ANCHOR, Tile
from pages._ui.status import State
from warehouse.errors import AftersightError
from warehouse.metrics.metric import Status
from warehouse.metrics.reading import Reading
from warehouse.metrics.streaks import Run, is_summed, run_of_points, run_of_windows
from warehouse.records import Freshness, Store
from warehouse.scope import Rights

ALARMING = {State.RED, State.AMBER}

NOT_CUSTOMERS = frozenset({"labour", "bay_hours", "sku_days", "dispatched"})
"""Facts whose n counts hours or shelves: they touch whoever comes to the store."""


def findings(
    batch: Any,
    tiles: Sequence[Tile],
    cells: Mapping[str, Mapping[str, Reading]],
    stores: Iterable[Store],
    view: View,
    rights: Rights,
) -> list[Finding]:
    """Return one finding for each metric that is off in the scope or in a store.

    They are ordered by impact: customers touched a day × gap to the target, the gap
    in widths of the amber band so that minutes, shares and scores compare.
    """
    named = {store.store_id: store.name for store in stores}
    asked = _Asked(batch, view, rights)
    found = [
        _finding(tile, cells.get(tile.metric.id, {}), named, asked) for tile in tiles
    ]
    off = [finding for finding in found if finding is not None]
    return sorted(off, key=lambda f: (not _is_red(f), -f.impact))


class _Asked:
    """What findings ask of the batch beside the tiles: arrivals and runs."""

    def __init__(self, batch: Any, view: View, rights: Rights) -> None:
        self.batch, self.view, self.rights = batch, view, rights
        self._arrivals: dict[str, float] | None = None

    def customers(self, reading: Reading, store_id: str = "") -> float:
        """Return how many customers a day a reading touches."""
        if reading.metric.fact in NOT_CUSTOMERS:
            return self._arrived(store_id)
        days = max((reading.period_end - reading.period_start).days, 1)
        return reading.n / days

    def _arrived(self, store_id: str) -> float:
        if self._arrivals is None:
            question = questions.arrivals(self.view, self.batch)
            found = self.batch.read("orders_arrived", question, self.rights)
            days = (question.end - question.start).days
            self._arrivals = {
                r.dimensions.get("store_id") or "": (r.value or 0) / days for r in found
            }
        if store_id:
            return self._arrivals.get(store_id, 0.0)
        return sum(self._arrivals.values())

    def run(self, tile: Tile) -> Run | None:
        """Return since when the scope of a tile is off its target."""
        reading = tile.reading
        if reading is None or not is_summed(reading.metric):
            return run_of_points(tile.series)
        try:
            days = self._days(reading)
        except AftersightError:
            return run_of_points(tile.series)
        return run_of_windows(days, reading)

    def runs(self, red: Sequence[tuple[str, Reading]]) -> dict[str, Run | None]:
        """Return since when each of some stores is red, by store."""
        if not red or not is_summed(red[0][1].metric):
            return {}
        ids = tuple(store_id for store_id, _ in red)
        days: dict[str, list[Reading]] = {}
        for one in self._days(red[0][1], ids):
            days.setdefault(one.dimensions["store_id"] or "", []).append(one)
        return {i: run_of_windows(days.get(i, []), reading) for i, reading in red}

    def _days(self, reading: Reading, store_ids: tuple[str, ...] = ()) -> list[Reading]:
        question = questions.days_before(self.view, reading, store_ids)
        return self.batch.read(reading.metric.id, question, self.rights)


def _is_red(finding: Finding) -> bool:
    """Tell whether the whole scope is red, which comes before any one store."""
    return finding.reading is not None and finding.state is State.RED


def _finding(
    tile: Tile, cells: Mapping[str, Reading], named: Mapping[str, str], asked: _Asked
) -> Finding | None:
    if tile.freshness is Freshness.STALE:
        return None  # Its source is the problem; the tile and the data page say so.
    red = [] if asked.view.store else _red_stores(cells, asked)
    is_off = tile.state in ALARMING
    if not is_off and not red:
        return None
    reading = tile.reading if is_off else None
    run = asked.run(tile) if is_off else None
    customers = asked.customers(reading) if reading else sum(c for *_, c in red)
    impact = sum(judging.shortfall(r) * c for _, r, c in red)
    if reading is not None:
        impact = judging.shortfall(reading) * customers
    return Finding(
        metric=tile.metric,
        state=tile.state if is_off else State.RED,
        reading=reading,
        impact=impact,
        customers=customers,
        stores=_named(red, named, asked, tile),
        run=run,
        href=f"{tile.href}#{TREND_ANCHOR}",
    )


def _red_stores(
    cells: Mapping[str, Reading], asked: _Asked
) -> list[tuple[str, Reading, float]]:
    """Return the red stores with whom they touch, worst first."""
    red = [
        (store_id, reading, asked.customers(reading, store_id))
        for store_id, reading in cells.items()
        if reading.status is Status.RED
    ]
    return sorted(red, key=lambda one: -judging.shortfall(one[1]) * one[2])


def _named(
    red: Sequence[tuple[str, Reading, float]],
    named: Mapping[str, str],
    asked: _Asked,
    tile: Tile,
) -> tuple[RedStore, ...]:
    runs = asked.runs([(i, r) for i, r, _ in red[:NAMED_STORES]])
    return tuple(
        RedStore(
            store_id=store_id,
            name=named.get(store_id, store_id),
            reading=reading,
            run=runs.get(store_id),
            href=store_href(store_id, asked.view, metric=tile.metric.id),
        )
        for store_id, reading, _ in red
    )


def renamed(finding: Finding, names: Mapping[str, str]) -> Finding:
    """Return *finding* with its stores called as the reader's language calls them."""
    stores = tuple(
        replace(one, name=names.get(one.store_id, one.name)) for one in finding.stores
    )
    return replace(finding, stores=stores)
