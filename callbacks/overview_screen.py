"""The numbers of the overview, all of them from one batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from callbacks import questions
from callbacks.findings import findings
from callbacks.tile_reading import (
    Silent,
    attempt,
    read_tile,
    silent_in,
    silent_stores,
)
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.attention import Finding
from pages._ui.kpi_tile import Tile
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store
from warehouse.restatement import Change
from warehouse.scope import Grain, Rights

Cells = Mapping[str, Mapping[str, Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Tiles, findings and table of one view of one batch.

    *stale* names, by metric, the stores whose rows stopped coming.
    """

    batch_id: str
    view: View
    stores: tuple[Store, ...]
    all_stores: tuple[Store, ...]
    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]
    cells: Cells
    stale: Mapping[str, frozenset[str]]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The trend of one metric, and its value in each store of the scope."""

    metric: Metric
    grain: Grain
    series: tuple[Reading, ...] = ()
    changes: tuple[Change, ...] = ()
    by_store: Mapping[str, Reading] | None = None
    error: str = ""


def screen(batch: Any, view: View, rights: Rights) -> Screen:
    """Read everything the overview shows except the trend."""
    today = questions.local_day(batch.as_of, batch.timezone)
    every = tuple(batch.stores(rights))
    stores = tuple(store for store in every if view.holds(store))
    silent = silent_stores(batch, view, rights)
    tiles = tuple(
        read_tile(batch, metric, view, rights, today, silent)
        for metric in chosen.headline()
    )
    cells, failed = read_cells(batch, view, rights, today)
    stale = _stale(batch, tiles, stores, silent)
    return Screen(
        batch_id=batch.id,
        view=view,
        stores=stores,
        all_stores=every,
        tiles=tiles,
        findings=tuple(
            findings(batch, tiles, _judged(cells, stale), every, view, rights)
        ),
        cells=cells,
        stale=stale,
        failed=failed,
    )


def course(batch: Any, view: View, rights: Rights) -> Course:
    """Read the trend of the metric that *view* names, or of the first one."""
    metric = CATALOG[view.metric] if view.metric else chosen.default_metric()
    grain: Grain = view.grain or questions.usual_grain(metric)  # type: ignore[assignment]
    today = questions.local_day(batch.as_of, batch.timezone)
    question = questions.trend(view, metric, grain, today)

    def read() -> dict[str, Any]:
        series = tuple(batch.read(metric.id, question, rights))
        by_store = batch.read(
            metric.id, questions.by_store(view, metric, today), rights
        )
        return {
            "series": series,
            "changes": tuple(batch.changes(metric.id, question, rights)),
            "by_store": _named(by_store),
        }

    parts, error = attempt(metric, read)
    return Course(metric=metric, grain=grain, error=error, **(parts or {}))


def read_cells(
    batch: Any, view: View, rights: Rights, today: date
) -> tuple[Cells, tuple[str, ...]]:
    """Return the readings of each store by metric, and the metrics that failed."""
    cells: dict[str, Mapping[str, Reading]] = {}
    failed = []
    for metric in chosen.columns():
        question = questions.by_store(view, metric, today)
        found, error = attempt(
            metric, lambda m=metric, q=question: batch.read(m.id, q, rights)
        )
        if error:
            failed.append(metric.id)
        cells[metric.id] = _named(found or ())
    return cells, tuple(failed)


def _stale(
    batch: Any, tiles: Sequence[Tile], stores: Sequence[Store], silent: Silent
) -> dict[str, frozenset[str]]:
    """Return the stores whose cell of a metric is neither red nor green, by metric."""
    every = frozenset(store.store_id for store in stores)
    return {
        tile.metric.id: every
        if batch.freshness_of(tile.metric) is Freshness.STALE
        else silent_in(tile.metric, silent)
        for tile in tiles
    }


def _judged(cells: Cells, stale: Mapping[str, frozenset[str]]) -> Cells:
    """Return the cells without those that are too old to be judged."""
    return {
        metric: {i: r for i, r in row.items() if i not in stale.get(metric, ())}
        for metric, row in cells.items()
    }


def _named(readings: Sequence[Reading]) -> dict[str, Reading]:
    return {
        reading.dimensions["store_id"]: reading
        for reading in readings
        if reading.dimensions.get("store_id")
    }


def names(metric_ids: Sequence[str]) -> list[Metric]:
    """Return the metrics of some ids, in the same order."""
    return [CATALOG[metric_id] for metric_id in metric_ids]
