"""What a tile shows of one metric, read from one batch."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from callbacks import questions
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.comparison import Past
from pages._ui.kpi_tile import Tile
from warehouse.errors import AftersightError
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, SilentStore
from warehouse.restatement import before
from warehouse.scope import Question, Rights

logger = logging.getLogger(__name__)

TIERS = ("gold", "silver", "bronze", "watch", "yellow", "exit")

Filters = tuple[tuple[str, tuple[str, ...]], ...]

Silent = Mapping[str, Sequence[SilentStore]]
"""Silent stores of the scope, by the table they are silent in."""


def read_tile(
    batch: Any,
    metric: Metric,
    view: View,
    rights: Rights,
    today: date,
    silent: Silent,
) -> Tile:
    """Return the tile of *metric* over *view*; what fails becomes its reason."""
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
    else:
        blank = replace(blank, silent=_missing(metric, silent))
    read = _tiers if metric.kind is Kind.TIER else _readings
    parts, error = attempt(metric, lambda: read(batch, metric, view, rights, today))
    if parts is None:
        return replace(blank, error=error)
    tile = replace(blank, **parts)
    if blank.silent and _is_silent(batch, metric, view, rights, silent):
        return _stopped(tile, silent)
    return tile


def _is_silent(
    batch: Any, metric: Metric, view: View, rights: Rights, silent: Silent
) -> bool:
    """Tell whether every open store of *view* has stopped: a manager has but one."""
    inside = {
        s.store_id for s in batch.stores(rights) if view.holds(s) and not s.is_closed
    }
    return inside <= silent_in(metric, silent)


def _stopped(tile: Tile, silent: Silent) -> Tile:
    """Return the tile of stores whose data stopped: neither red nor green."""
    marks = [s.watermark for t in tile.metric.sources for s in silent.get(t, ())]
    return replace(tile, silent=(), freshness=Freshness.STALE, data_as_of=min(marks))


def silent_in(metric: Metric, silent: Silent) -> frozenset[str]:
    """Return the stores whose rows of *metric* stopped coming."""
    return frozenset(s.store_id for t in metric.sources for s in silent.get(t, ()))


def attempt(metric: Metric, read: Callable[[], Any]) -> tuple[Any, str]:
    """Return what *read* gives, or why it could not: one metric fails alone."""
    try:
        return read(), ""
    except Exception as error:
        logger.exception("metric %s could not be read", metric.id)
        told = str(error) if isinstance(error, AftersightError) else ""
        return None, told or type(error).__name__


def silent_stores(batch: Any, view: View, rights: Rights) -> Silent:
    """Return the stores of *view* whose data stopped, by table."""
    inside = {s.store_id for s in batch.stores(rights) if view.holds(s)}
    found: dict[str, list[SilentStore]] = {}
    for store in batch.silent_stores(rights):
        if store.store_id in inside:
            found.setdefault(store.table, []).append(store)
    return found


def _missing(metric: Metric, silent: Silent) -> tuple[str, ...]:
    stores = {s.store_id: s.name for t in metric.sources for s in silent.get(t, ())}
    return tuple(sorted(stores.values()))


def _readings(
    batch: Any, metric: Metric, view: View, rights: Rights, today: date
) -> dict[str, Any]:
    """Return what a tile shows of a metric with one value."""
    parts: dict[str, Any] = _trust(batch, metric)
    found = batch.read(metric.id, questions.now(view, metric, today), rights)
    if not found:
        return parts
    (reading,) = found
    compared = past(batch, reading, view, rights, today)
    series = batch.read(metric.id, questions.course(view, reading), rights)
    return {
        **parts,
        "reading": reading,
        "past": compared,
        "series": tuple(series),
    }


def past(
    batch: Any,
    reading: Reading,
    view: View,
    rights: Rights,
    today: date,
    filters: Filters = (),
) -> Past:
    """Return what the reading is compared with, as far as anything is known of it.

    *filters* narrow the question beyond the scope of *view*, as they did *reading*.
    """
    metric = reading.metric.id
    earlier = questions.before(view, reading, batch.as_of, today)
    last_year, aligned = questions.year_before(view, reading, batch.as_of, today)
    here = Question(
        start=reading.period_start,
        end=reading.period_end,
        where=(*view.where, *filters),
    )
    first = batch.first_day()

    def read(question: Question) -> Reading | None:
        # Before the first delivery there was no business we know of, not none.
        if first is None or question.start < first:
            return None
        where = (*question.where, *filters)
        asked = replace(question, where=where, is_judged=False)
        return next(iter(batch.read(metric, asked, rights)), None)

    return Past(
        previous=read(earlier),
        year_before=read(last_year),
        aligned=aligned,
        restated=before(reading, batch.changes(metric, here, rights)),
    )


def _tiers(
    batch: Any, metric: Metric, view: View, rights: Rights, today: date
) -> dict[str, Any]:
    """Return how many partners hold each tier; partners belong to no store."""
    asked = questions.now(View(period=view.period), metric, today)
    question = replace(asked, by=("partner_id",), grain="month")
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
