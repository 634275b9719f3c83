"""The rows behind a reading: the very rows it was summed from, marked and named.

Nothing is computed a second time. The fact's select that a reading sums is widened by
the columns that name its rows; each row carries what it adds to numerator and
denominator, so that the rows add up to the reading by construction, and a test shows
that they do for every metric of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from warehouse.behind import BOTTOM, TOP, Behind, Part, RowColumn
from warehouse.contracts import Kind as ColumnKind
from warehouse.metrics import Interval, Kind, Metric, Unit
from warehouse.scope import STORE_DIMENSIONS, Question, Rights
from warehouse.store.behind_columns import (
    COLLAPSED,
    KEYED,
    OTHER_ORDERS,
    Detail,
    details_of,
    selected,
)
from warehouse.store.facts import FACTS, STATES, TIMES, Ask
from warehouse.store.facts.kit import ROW, at
from warehouse.store.facts.times import survival_rows
from warehouse.store.masks import masked, order_in_scope

if TYPE_CHECKING:
    from warehouse.store.asking import Asker
    from warehouse.store.periods import Asked

SECONDS = {Unit.MINUTES: 60.0, Unit.HOURS: 3600.0, Unit.SHARE: 86400.0}
"""Seconds of a duration's unit; survival (a share) counts days."""

_STORE = RowColumn(name="store_id")
_DAY = RowColumn(name="day", kind=ColumnKind.DATE)
_CLOSED = RowColumn(name="is_closed", kind=ColumnKind.BOOLEAN)


def behind(
    asker: Asker,
    asked: Asked,
    rights: Rights,
    *,
    part: Part = "all",
    limit: int = 50,
    offset: int = 0,
) -> Behind:
    """Return a page of the rows behind the reading of a question as a whole.

    Its dimensions and grain say nothing here: the rows are those of the whole scope
    and period.
    """
    details = details_of(asked.metric.fact)
    columns = columns_of(asked.metric, details)
    empty = Behind(
        columns=columns,
        period_start=asked.period.start,
        period_end=asked.period.end,
        adds=_adds(asked.metric),
        fed=asked.is_fed,
        visible=_is_visible(asked.metric, rights),
    )
    if not (empty.fed and empty.visible):
        return empty
    rows = marked(asker, asked, rights).subquery("b")
    sums = asker.fetch(_sums(rows, part)).to_dict("records")[0]
    page = _listed(rows, details, rights, part)
    frame = asker.fetch(page.limit(limit).offset(offset))
    return Behind(
        columns=columns,
        rows=tuple(_records(frame, columns)),
        total=int(sums["total"]),
        listed=int(sums["listed"]),
        numerator=_sum(sums["top"]),
        denominator=_sum(sums["bottom"]) if BOTTOM in columns else None,
        adds=empty.adds,
        period_start=empty.period_start,
        period_end=empty.period_end,
    )


def listing(
    asker: Asker, asked: Asked, rights: Rights, part: Part
) -> tuple[sa.Select | None, tuple[RowColumn, ...]]:
    """Return the select of all rows behind a reading, for a download that streams."""
    details = details_of(asked.metric.fact)
    columns = columns_of(asked.metric, details)
    if not (asked.is_fed and _is_visible(asked.metric, rights)):
        return None, columns
    rows = marked(asker, asked, rights).subquery("b")
    listed = _listed(rows, details, rights, part).subquery("l")
    return sa.select(*[listed.c[c.name] for c in columns]), columns


def columns_of(one: Metric, details: tuple[Detail, ...]) -> tuple[RowColumn, ...]:
    """Return the columns of a metric's rows, the marks last."""
    named = [RowColumn(name=d.name, kind=d.kind) for d in details]
    day = [] if one.kind is Kind.STATE else [_DAY]
    closed = [_CLOSED] if one.kind in (Kind.TIME, Kind.SURVIVAL) else []
    has_bottom = one.denominator is not None or bool(closed)
    return (
        *named,
        _STORE,
        *day,
        *closed,
        TOP,
        *([BOTTOM] if has_bottom else []),
    )


def _adds(one: Metric) -> str:
    if one.kind in (Kind.TIME, Kind.SURVIVAL):
        return "duration"
    state = STATES.get(one.fact) if one.kind is Kind.STATE else None
    largest = state is not None and one.numerator == "waiting_minutes"
    return "largest" if largest else "sum"


def _is_visible(one: Metric, rights: Rights) -> bool:
    """Whether a reader limited to some stores may see rows that have none."""
    state = STATES.get(one.fact) if one.kind is Kind.STATE else None
    return rights.store_ids is None or state is None or state.has_store


def marked(asker: Asker, asked: Asked, rights: Rights) -> sa.Select:
    """Return the rows of the scope with their marks `top` and `bottom`."""
    one = asked.metric
    named = _source(asker, asked).subquery("r")
    keep = [
        c
        for c in named.c
        if c.name in {"store_id", "day", "is_closed"} or c.name.startswith("row_")
    ]
    keep += [named.c[n].label(f"row_{n}") for n in COLLAPSED.get(one.fact, ())]
    values = [*keep, *_marks(one, named)]
    question = Question(where=asked.question.where)
    select = asker.grouped(named, values, question, rights, None, group=False)
    if one.kind is not Kind.STATE:
        period = asked.period
        select = select.where(named.c.day >= period.start, named.c.day < period.end)
    rows = select.subquery("m")
    if one.fact in COLLAPSED:
        rows = _collapsed(rows, COLLAPSED[one.fact]).subquery("c")
    if one.kind in (Kind.TIME, Kind.SURVIVAL):
        return sa.select(rows)
    counts = sa.or_(rows.c.top != 0, rows.c.bottom != 0)
    return sa.select(rows).where(sa.func.coalesce(counts, sa.false()))


def _source(asker: Asker, asked: Asked) -> sa.Select:
    """Return the fact's rows, widened by what names them."""
    one, period = asked.metric, asked.period
    names = {name for name, _ in asked.question.where}
    wanted = frozenset(names - set(STORE_DIMENSIONS))
    if one.fact in KEYED:
        wanted |= {ROW}
    if one.fact in COLLAPSED:
        wanted |= set(COLLAPSED[one.fact])
    if one.kind is Kind.STATE:
        moment, end = asker.state_at(period, asked.now)
        ask = Ask(at(moment), wanted)
        return selected(one.fact, STATES[one.fact].rows(ask, end), ask)
    ask = Ask(at(asked.now), wanted, period.start, period.end)
    if one.kind is Kind.SURVIVAL:
        return selected(one.fact, survival_rows(ask), ask)
    if one.kind is Kind.TIME:
        return selected(one.fact, TIMES[one.fact](ask), ask)
    return selected(one.fact, FACTS[one.fact].rows(ask), ask)


def _marks(one: Metric, rows: Any) -> list[sa.ColumnElement]:
    """Return what each row adds to numerator and denominator."""
    nothing = sa.cast(sa.null(), sa.Double)
    if one.kind in (Kind.TIME, Kind.SURVIVAL):
        top = rows.c.seconds / SECONDS[one.unit]
        return [top.label("top"), sa.literal(1.0).label("bottom")]
    top = _measure(rows, one.numerator)
    if one.interval is Interval.NPS:
        top = top - rows.c.detractors
    bottom = nothing if one.denominator is None else _measure(rows, one.denominator)
    return [
        sa.cast(top, sa.Double).label("top"),
        sa.cast(bottom, sa.Double).label("bottom"),
    ]


def _measure(rows: Any, name: str) -> Any:
    if name in rows.c:
        return rows.c[name]
    # Persons are counted once, however many records they have: the first row of each
    # stands for the person, the others are the duplicates.
    place = sa.func.row_number().over(
        partition_by=rows.c.person_id,
        order_by=[rows.c.row_source_system, rows.c.row_source_customer_id],
    )
    first = 1 if name == "persons" else 0
    return sa.case((place == 1, first), else_=1 - first)


def _collapsed(rows: Any, keys: tuple[str, ...]) -> sa.Select:
    names = ("store_id", *(f"row_{key}" for key in keys))
    return sa.select(
        *[rows.c[name] for name in names],
        sa.func.sum(rows.c.top).label("top"),
        sa.func.sum(rows.c.bottom).label("bottom"),
    ).group_by(*[rows.c[name] for name in names])


def _sums(rows: Any, part: Part) -> sa.Select:
    listed = _part(sa.select(sa.func.count()).select_from(rows), rows, part)
    return sa.select(
        sa.func.count().label("total"),
        sa.func.sum(rows.c.top).label("top"),
        sa.func.sum(rows.c.bottom).label("bottom"),
        listed.scalar_subquery().label("listed"),
    ).select_from(rows)


def _part(select: sa.Select, rows: Any, part: Part) -> sa.Select:
    is_top = rows.c.is_closed if "is_closed" in rows.c else rows.c.top != 0
    if part == "top":
        return select.where(is_top)
    return select.where(sa.not_(is_top)) if part == "rest" else select


def _listed(
    rows: Any, details: tuple[Detail, ...], rights: Rights, part: Part
) -> sa.Select:
    """Return the rows as *rights* may see them, newest day first.

    Every tie is broken, so that pages never overlap.
    """
    named = []
    for d in details:
        value = rows.c[f"row_{d.name}"]
        seen = value if d.column is None else masked(d.column, value, rights)
        if d.name in OTHER_ORDERS:
            seen = order_in_scope(value, rights)
        named.append(seen.label(d.name))
    others = [c for c in rows.c if not c.name.startswith("row_")]
    select = _part(sa.select(*named, *others), rows, part)
    day = [rows.c.day.desc()] if "day" in rows.c else []
    return select.order_by(
        *day, *[rows.c[f"row_{d.name}"] for d in details], rows.c.store_id
    )


def _records(
    frame: pd.DataFrame, columns: tuple[RowColumn, ...]
) -> Iterator[dict[str, Any]]:
    days = {c.name for c in columns if c.kind is ColumnKind.DATE}
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        yield {name: _plain(value, name in days) for name, value in row.items()}


def _plain(value: Any, is_day: bool) -> Any:
    """Return a value of a frame as Python has it."""
    if isinstance(value, pd.Timestamp):
        return value.date() if is_day else value.to_pydatetime()
    return value


def _sum(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
