"""Answers by the kind of metric: sums, durations, states.

What is about stores alone is read for every store at once and kept while the batch is
open; the asker's scope takes its part (`by_store.py`). A question that splits further,
by technician or part, is read for its own scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from warehouse.metrics import Kind, Metric, Reading
from warehouse.scope import EVERYTHING, STORE_DIMENSIONS, Question, Rights
from warehouse.store.by_store import Durations, Sums
from warehouse.store.durations_to_readings import (
    from_durations,
    from_survival,
    groups_of,
)
from warehouse.store.facts import FACTS, STATES, TIMES, Ask, State
from warehouse.store.facts.kit import at
from warehouse.store.facts.times import survival_rows
from warehouse.store.marts import MARTS
from warehouse.store.periods import Asked, split
from warehouse.store.rows_to_readings import from_sums

if TYPE_CHECKING:
    from warehouse.store.asking import Asker

BY_STORE = Question(by=("store_id",))

SHARED_DAYS = 62
"""Durations of a longer period, and single days of one longer than SHARED_SUMS, are
read for the asker's own scope only: kept for every store they would fill the memory."""

SHARED_SUMS = 400


def sums(
    asker: Asker, asked: Asked, rights: Rights, bucket: sa.ColumnElement | None
) -> list[Reading]:
    """Return ratios and counts: from the mart, where it holds what is asked."""
    one, question = asked.metric, asked.question
    measures, wanted = measures_of(one), beyond_stores(question)
    mart = MARTS.get(one.fact)
    if mart is not None and not wanted and asked.now == asker.as_of:
        rows: Any = mart.alias("r")
    else:
        rows = FACTS[one.fact].rows(_ask(asked, wanted)).subquery("r")
    totals = [sa.func.sum(rows.c[name]).label(name) for name in measures]

    def read(wanted_by: Question, mine: Rights) -> Any:
        select = asker.grouped(rows, totals, wanted_by, mine, bucket)
        return asker.fetch(select.where(*_inside(rows, asked)))

    is_long = question.grain == "day" and _days(asked) > SHARED_SUMS
    if wanted or is_long:
        found = read(question, rights).to_dict("records")
    else:
        table = asker.once.get(
            _key(asked, "sums", *measures),
            lambda: Sums.of(read(BY_STORE, EVERYTHING), measures, _name(bucket)),
        )
        found = table.within(question, rights, asker.places())
    return from_sums(asker, one, question, asked.period, asked.now, found)


def times(
    asker: Asker, asked: Asked, rights: Rights, bucket: sa.ColumnElement | None
) -> list[Reading]:
    """Return percentiles and means of durations, and shares that survive."""
    one, question, wanted = asked.metric, asked.question, beyond_stores(asked.question)
    is_survival = one.kind is Kind.SURVIVAL
    make = survival_rows if is_survival else TIMES[one.fact]
    rows = make(_ask(asked, wanted)).subquery("r")
    finish = from_survival if is_survival else from_durations
    if wanted or _days(asked) > SHARED_DAYS:
        values = [rows.c.seconds.label("seconds"), rows.c.is_closed.label("is_closed")]
        select = asker.grouped(rows, values, question, rights, bucket, group=False)
        frame = asker.fetch(select.where(*_inside(rows, asked)))
        groups: Any = groups_of(question, frame)
    else:
        table = asker.once.get(
            _key(asked, "survival" if is_survival else "times"),
            lambda: _durations(asker, asked, rows, bucket),
        )
        groups = table.within(question, rights, asker.places())
    return finish(asker, one, question, asked.period, asked.now, groups)


def _durations(
    asker: Asker, asked: Asked, rows: Any, bucket: sa.ColumnElement | None
) -> Durations:
    is_closed = sa.func.coalesce(rows.c.is_closed, sa.false())
    listed = sa.func.array_agg(rows.c.seconds)
    lists = [
        listed.filter(is_closed).label("closed"),
        listed.filter(sa.not_(is_closed)).label("running"),
    ]
    select = asker.grouped(rows, lists, BY_STORE, EVERYTHING, bucket)
    frame = asker.fetch(select.where(*_inside(rows, asked)))
    return Durations.of(frame, _name(bucket))


def states(asker: Asker, asked: Asked, rights: Rights) -> list[Reading]:
    """Return what is true at the end of the period, or of each of its parts."""
    one, question, now = asked.metric, asked.question, asked.now
    state = STATES[one.fact]
    if rights.store_ids is not None and not state.has_store:
        return []
    measures, parts = measures_of(one), split(asked.period, question.grain)
    if beyond_stores(question) or not state.has_store:
        frame = asker.fetch(_states(asker, asked, state, question, rights))
        found = frame.to_dict("records")
    else:

        def read() -> Sums:
            select = _states(asker, asked, state, BY_STORE, EVERYTHING)
            name = "part" if parts[1:] else ""
            return Sums.of(asker.fetch(select), measures, name, state.peaks)

        table = asker.once.get(_key(asked, "state", *measures), read)
        found = table.within(question, rights, asker.places())
    if not parts[1:]:
        return from_sums(asker, one, question, asked.period, now, found)
    readings: list[Reading] = []
    for number, part in enumerate(parts):
        mine = [row for row in found if row["part"] == number]
        readings += from_sums(asker, one, question, part, now, mine)
    return readings


def _states(
    asker: Asker, asked: Asked, state: State, by: Question, rights: Rights
) -> sa.Select | sa.CompoundSelect:
    """Return the select of a state at the end of each part, one for all points."""
    wanted, selects = beyond_stores(by), []
    measures = measures_of(asked.metric)
    parts = split(asked.period, asked.question.grain)
    for number, part in enumerate(parts):
        moment, end = asker.state_at(part, asked.now)
        ask = Ask(at(moment), wanted, measures=frozenset(measures))
        rows = state.rows(ask, end).subquery("r")
        totals = [state.total(name, rows) for name in measures]
        key = sa.literal_column(str(number)).label("part") if parts[1:] else None
        selects.append(asker.grouped(rows, totals, by, rights, key))
    return sa.union_all(*selects) if parts[1:] else selects[0]


def _ask(asked: Asked, wanted: frozenset[str]) -> Ask:
    return Ask(at(asked.now), wanted, asked.period.start, asked.period.end)


def _days(asked: Asked) -> int:
    return (asked.period.end - asked.period.start).days


def _inside(rows: Any, asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return rows.c.day >= asked.period.start, rows.c.day < asked.period.end


def _key(asked: Asked, *what: str) -> tuple[Any, ...]:
    """Return what tells the rows of a question apart, whoever asks it."""
    grain = asked.question.grain
    return (*what, asked.metric.fact, asked.period, grain, asked.now)


def _name(bucket: sa.ColumnElement | None) -> str:
    return "" if bucket is None else "bucket"


def beyond_stores(question: Question) -> frozenset[str]:
    """Return the dimensions of a question that split a store further."""
    names = {*question.by, *[name for name, _ in question.where]}
    return frozenset(names - set(STORE_DIMENSIONS))


def measures_of(one: Metric) -> list[str]:
    """Return the measures that a reading of *one* needs."""
    extra = ["detractors"] if one.id == "nps" else []
    names = [one.numerator, one.denominator, one.immature, one.counted, *extra]
    return list(dict.fromkeys(name for name in names if name))
