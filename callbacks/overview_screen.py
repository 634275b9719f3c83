"""The numbers of the overview, all of them from one batch."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from callbacks import questions
from callbacks.findings import findings
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.attention import Finding
from pages._ui.kpi_tile import Tile
from warehouse.errors import AftersightError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store
from warehouse.scope import Grain, Question, Rights

logger = logging.getLogger(__name__)

TIERS = ("gold", "silver", "bronze", "watch", "yellow", "exit")

Cells = Mapping[str, Mapping[str, Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Tiles, findings and table of one view of one batch."""

    batch_id: str
    view: View
    stores: tuple[Store, ...]
    all_stores: tuple[Store, ...]
    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]
    cells: Cells
    stale: frozenset[str]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The trend of one metric."""

    metric: Metric
    grain: Grain
    series: tuple[Reading, ...] = ()
    error: str = ""


def screen(batch: Any, view: View, rights: Rights) -> Screen:
    """Read everything the overview shows except the trend."""
    today = questions.local_day(batch.as_of, batch.timezone)
    every = tuple(batch.stores(rights))
    stores = tuple(store for store in every if _inside(store, view))
    tiles = tuple(_tile(batch, m, view, rights, today) for m in chosen.headline())
    cells, failed = _cells(batch, view, rights, today)
    return Screen(
        batch_id=batch.id,
        view=view,
        stores=stores,
        all_stores=every,
        tiles=tiles,
        findings=tuple(findings(tiles, cells, every, view)),
        cells=cells,
        stale=frozenset(t.metric.id for t in tiles if t.freshness is Freshness.STALE),
        failed=failed,
    )


def course(batch: Any, view: View, rights: Rights) -> Course:
    """Read the trend of the metric that *view* names, or of the first one."""
    metric = CATALOG[view.metric] if view.metric else chosen.default_metric()
    grain: Grain = view.grain or questions.usual_grain(metric)  # type: ignore[assignment]
    today = questions.local_day(batch.as_of, batch.timezone)
    question = questions.trend(view, metric, grain, today)
    answer, error = _try(metric, lambda: batch.read(metric.id, question, rights))
    return Course(metric=metric, grain=grain, series=tuple(answer or ()), error=error)


def _tile(batch: Any, metric: Metric, view: View, rights: Rights, today: date) -> Tile:
    drawable = chosen.charted_ids()
    blank = Tile(
        metric=metric,
        batch_id=batch.id,
        as_of=batch.as_of,
        timezone=batch.timezone,
        href=view.query(metric=metric.id) if metric.id in drawable else "",
    )
    if not view.is_network and "store_id" not in metric.dimensions:
        blank = replace(blank, is_network_wide=True)
        view = View(period=view.period)
    read = _tiers if metric.kind is Kind.TIER else _readings
    parts, error = _try(metric, lambda: read(batch, metric, view, rights, today))
    return replace(blank, error=error) if parts is None else replace(blank, **parts)


def _readings(
    batch: Any, metric: Metric, view: View, rights: Rights, today: date
) -> dict[str, Any]:
    """Return what a tile shows of a metric with one value."""
    parts: dict[str, Any] = _trust(batch, metric)
    found = batch.read(metric.id, questions.now(view, metric, today), rights)
    if not found:
        return parts
    (reading,) = found
    earlier = questions.before(view, reading, batch.as_of, today)
    previous = batch.read(metric.id, earlier, rights)
    series = batch.read(metric.id, questions.course(view, reading), rights)
    return {
        **parts,
        "reading": reading,
        "previous": previous[0] if previous else None,
        "series": tuple(series),
    }


def _tiers(
    batch: Any, metric: Metric, view: View, rights: Rights, _today: date
) -> dict[str, Any]:
    """Return how many partners hold each tier; partners belong to no store."""
    question = Question(by=("partner_id",), grain="month")
    found = batch.read(metric.id, question, rights)
    parts = _trust(batch, metric)
    if not found:
        return parts
    latest = max(reading.period_start for reading in found)
    held = Counter(
        reading.dimensions.get("tier")
        for reading in found
        if reading.period_start == latest
    )
    counted = tuple((tier, held[tier]) for tier in TIERS if held[tier])
    example = next(r for r in found if r.period_start == latest)
    total = float(sum(n for _, n in counted))
    reading = replace(
        example, dimensions={}, value=total, numerator=total, n=int(total)
    )
    return {**parts, "reading": reading, "tiers": counted}


def _trust(batch: Any, metric: Metric) -> dict[str, Any]:
    return {
        "freshness": batch.freshness_of(metric),
        "data_as_of": batch.data_as_of(metric),
    }


def _cells(
    batch: Any, view: View, rights: Rights, today: date
) -> tuple[Cells, tuple[str, ...]]:
    cells: dict[str, dict[str, Reading]] = {}
    failed = []
    for metric in chosen.columns():
        question = questions.by_store(view, metric, today)
        found, error = _try(
            metric, lambda m=metric, q=question: batch.read(m.id, q, rights)
        )
        if error:
            failed.append(metric.id)
        cells[metric.id] = {
            reading.dimensions["store_id"]: reading
            for reading in found or ()
            if reading.dimensions.get("store_id")
        }
    return cells, tuple(failed)


def _try(metric: Metric, read: Callable[[], Any]) -> tuple[Any, str]:
    """Return what *read* gives, or why it could not: one metric fails alone."""
    try:
        return read(), ""
    except Exception as error:
        logger.exception("metric %s could not be read", metric.id)
        told = str(error) if isinstance(error, AftersightError) else ""
        return None, told or type(error).__name__


def _inside(store: Store, view: View) -> bool:
    wanted = (
        (view.region, store.region),
        (view.city_class, store.city_class),
        (view.store, store.store_id),
    )
    return all(not asked or asked == has for asked, has in wanted)


def names(metric_ids: Sequence[str]) -> list[Metric]:
    """Return the metrics of some ids, in the same order."""
    return [CATALOG[metric_id] for metric_id in metric_ids]
