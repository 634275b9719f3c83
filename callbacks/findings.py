"""What needs attention, worst first: how far off, how many behind it, since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pages._ui import judging
from pages._ui.address import View
from pages._ui.attention import Finding
from pages._ui.kpi_tile import TREND_ANCHOR, Tile
from pages._ui.status import State
from warehouse.metrics.metric import Status
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store

ALARMING = {State.RED, State.AMBER}

OFF_TARGET = {Status.RED, Status.AMBER}


def findings(
    tiles: Sequence[Tile],
    cells: Mapping[str, Mapping[str, Reading]],
    stores: Iterable[Store],
    view: View,
) -> list[Finding]:
    """Return one finding for each metric that is off in the scope or in a store."""
    named = {store.store_id: store.name for store in stores}
    found = [
        _finding(tile, cells.get(tile.metric.id, {}), named, view) for tile in tiles
    ]
    off = [finding for finding in found if finding is not None]
    return sorted(off, key=lambda f: (not _is_red(f), -f.impact))


def _is_red(finding: Finding) -> bool:
    """Tell whether the whole scope is red, which comes before any one store."""
    return finding.reading is not None and finding.state is State.RED


def _finding(
    tile: Tile, cells: Mapping[str, Reading], named: Mapping[str, str], view: View
) -> Finding | None:
    if tile.freshness is Freshness.STALE:
        return None  # Its source is the problem; the tile and the data page say so.
    red = _red_stores(cells, named) if not view.store else ()
    is_off = tile.state in ALARMING
    if not is_off and not red:
        return None
    reading = tile.reading if is_off else None
    impact = _impact(reading) if reading else sum(_impact(r) for _, _, r in red)
    began, is_longer = since(tile.series) if is_off else (None, False)
    state = tile.state if is_off else State.RED
    return Finding(
        metric=tile.metric,
        state=state,
        reading=reading,
        impact=impact,
        stores=red,
        since=began,
        is_longer=is_longer,
        href=f"{tile.href}#{TREND_ANCHOR}",
        store_hrefs=tuple(
            view.query(store=store_id, metric=tile.metric.id) for store_id, _, _ in red
        ),
    )


def _impact(reading: Reading) -> float:
    """Return gap × n, the gap in widths of the amber band so that units compare."""
    return judging.shortfall(reading) * max(reading.n, 1)


def _red_stores(
    cells: Mapping[str, Reading], named: Mapping[str, str]
) -> tuple[tuple[str, str, Reading], ...]:
    red = [
        (store_id, named.get(store_id, store_id), reading)
        for store_id, reading in cells.items()
        if reading.status is Status.RED
    ]
    return tuple(sorted(red, key=lambda store: -_impact(store[2])))


def since(series: Sequence[Reading]) -> tuple[date | None, bool]:
    """Return the first day of the streak off target that lasts until now.

    Points with too few cases neither end a streak nor begin one. The second value
    tells whether the streak began before the first point looked at.
    """
    judged = [
        reading
        for reading in series
        if reading.value is not None
        and reading.status not in {Status.GREY, Status.NONE}
    ]
    first, is_longer = None, True
    for reading in reversed(judged):
        if reading.status not in OFF_TARGET:
            is_longer = False
            break
        first = reading.period_start
    return first, is_longer and first is not None


def renamed(finding: Finding, names: Mapping[str, str]) -> Finding:
    """Return *finding* with its stores called as the reader's language calls them."""
    stores = tuple((i, names.get(i, name), r) for i, name, r in finding.stores)
    return replace(finding, stores=stores)
