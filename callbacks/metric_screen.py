"""The numbers of a metric's page, all of them from one batch.

Each part is read by itself: a part that cannot be computed says so in its place, and
the others stand.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from callbacks import questions
from callbacks.tile_reading import attempt, read_tile, silent_stores
from pages._ui.address import View
from pages._ui.kpi_tile import Tile
from pages._ui.metric_address import NETWORK, Lens, Seen
from warehouse.behind import Behind, Bin, HourCell
from warehouse.metrics import comparing, spc
from warehouse.metrics.comparing import Difference, Ranked
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.metrics.spc import Chart
from warehouse.scope import Grain, Question, Rights

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The trend of a metric and its control chart; *error* says why there is none."""

    grain: Grain
    series: tuple[Reading, ...] = ()
    chart: Chart | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The members of one dimension, the best first."""

    by: str
    members: tuple[Ranked, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two scopes of one metric."""

    one: Reading | None
    other: Reading | None
    gap: Difference | None


def question(batch: Any, metric: Metric, view: View, lens: Lens) -> Question:
    """Return the question for the number of the page."""
    today = questions.local_day(batch.as_of, batch.timezone)
    return questions.now(Seen.of(metric, view, lens), metric, today)


def reading(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> Reading | None:
    """Return the number of the page."""
    found = batch.read(metric.id, question(batch, metric, view, lens), rights)
    return found[0] if found else None


def tile(batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights) -> Tile:
    """Return the tile at the head of the page."""
    today = questions.local_day(batch.as_of, batch.timezone)
    seen = Seen.of(metric, view, lens)
    silent = silent_stores(batch, seen, rights)
    shown = read_tile(batch, metric, seen, rights, today, silent)
    is_wider = not view.is_network and "store_id" not in metric.dimensions
    shown = replace(shown, href="", is_network_wide=is_wider)
    if metric.kind is Kind.TIER and lens.where and not shown.error:
        # How many partners hold each tier is told of all of them only.
        number, error = attempt(
            metric, lambda: reading(batch, metric, view, lens, rights)
        )
        shown = replace(shown, tiers=(), reading=number, error=error)
    return shown


def course(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> Course:
    """Return the trend of the page with its control limits."""
    grain: Grain = view.grain or questions.usual_grain(metric)  # type: ignore[assignment]
    if metric.kind is Kind.TIER:
        grain = "month"
    today = questions.local_day(batch.as_of, batch.timezone)
    asked = questions.trend(Seen.of(metric, view, lens), metric, grain, today)
    found, error = attempt(metric, lambda: batch.read(metric.id, asked, rights))
    # The months of partners come by their state, final ones last.
    series = tuple(sorted(found or (), key=lambda r: r.period_start))
    firm = _settled(series, today, metric)
    chart = spc.control(metric, firm) if firm else None
    return Course(grain=grain, series=series, chart=chart, error=error)


def _settled(
    series: tuple[Reading, ...], today: date, metric: Metric
) -> tuple[Reading, ...]:
    """Return the course with a point that is still filling marked provisional.

    A count of half a day is no low count, and what is so at noon is not what is so
    when the shop closes.
    """
    unfinished = metric.kind in (Kind.COUNT, Kind.STATE)
    return tuple(
        replace(r, is_provisional=True) if unfinished and r.period_end > today else r
        for r in series
    )


def breakdown(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> Breakdown:
    """Return the members of the dimension that is asked for, or of the first one."""
    by = lens.by or default_dimension(metric, view, lens)
    if not by:
        return Breakdown(by="")
    asked = question(batch, metric, view, lens)

    def read() -> tuple[Ranked, ...]:
        members = batch.read(metric.id, replace(asked, by=(by,)), rights)
        whole = reading(batch, metric, view, lens, rights)
        return tuple(comparing.ranking(metric, members, whole))

    members, error = attempt(metric, read)
    return Breakdown(by=by, members=members or (), error=error)


def default_dimension(metric: Metric, view: View, lens: Lens) -> str:
    """Return the dimension that says most: the first that the scope leaves open."""
    taken = {name for name, _ in (*view.where, *lens.where)}
    if metric.kind is Kind.TIER and "tier" not in taken:
        return "tier"
    if "store_id" in taken:
        taken |= {"region", "province", "city", "city_class", "store_class"}
    return next((d for d in metric.dimensions if d not in taken), "")


def compare(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> Comparison | None:
    """Return this scope beside the one that `vs` names; None where none is named."""
    if not lens.vs:
        return None
    asked = question(batch, metric, view, lens)
    others = () if lens.vs == NETWORK else lens.other
    against = replace(asked, where=(*others, *lens.filters))
    one = batch.read(metric.id, asked, rights)
    other = batch.read(metric.id, against, rights)
    first, second = (found[0] if found else None for found in (one, other))
    gap = comparing.difference(first, second) if first and second else None
    return Comparison(one=first, other=second, gap=gap)


def rows(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> tuple[Behind, int]:
    """Return the page of rows that is open, and its number.

    A page behind the last one becomes the first: a narrower scope has fewer rows.
    """
    asked = question(batch, metric, view, lens)

    def read(page: int) -> Behind:
        return batch.behind(
            metric.id,
            asked,
            rights,
            part=lens.part,
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
        )

    found = read(max(lens.page, 1))
    if found.listed and not found.rows:
        return read(1), 1
    return found, max(lens.page, 1)


def hours(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> list[HourCell]:
    """Return the number of the page by weekday and hour."""
    return batch.hours(metric.id, question(batch, metric, view, lens), rights)


def durations(
    batch: Any, metric: Metric, view: View, lens: Lens, rights: Rights
) -> list[Bin]:
    """Return how the durations behind the number spread."""
    return batch.durations(metric.id, question(batch, metric, view, lens), rights)
