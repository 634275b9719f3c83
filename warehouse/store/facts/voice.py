"""Facts about what customers say: answers, invitations, complaints."""

import sqlalchemy as sa

from warehouse.contracts.instruments import SATISFACTION
from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    Ask,
    Fact,
    after,
    amount,
    flag,
    known,
    order_dimensions,
    with_details,
)
from warehouse.store.schema import CONFORMED, FCT_ORDERS, FCT_SURVEYS

COLLECTION_DAYS = 14
"""An answer may still be replaced or joined by others for this long (kpis.md §7)."""

_DIMENSIONS = (*ORDER_DIMENSIONS, "instrument_id")


def is_csat(instrument: sa.ColumnElement) -> sa.ColumnElement:
    """Tell satisfaction scales (1-5) from recommendation scales (0-10)."""
    lower = sa.func.lower(instrument)
    return sa.or_(*[lower.like(f"%{word}%") for word in SATISFACTION.words])


def _with_order(
    wanted: frozenset[str],
) -> tuple[sa.FromClause, list[sa.ColumnElement]]:
    surveys, orders = FCT_SURVEYS, FCT_ORDERS
    source: sa.FromClause = surveys
    dimensions: list[sa.ColumnElement] = []
    if wanted - {"instrument_id"}:
        source = surveys.outerjoin(
            orders, orders.c.work_order_id == surveys.c.work_order_id
        )
        source = with_details(source, wanted)
        dimensions = order_dimensions(wanted)
    if "instrument_id" in wanted:
        dimensions.append(surveys.c.instrument_id)
    return source, dimensions


def _answers(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    surveys = FCT_SURVEYS
    source, dimensions = _with_order(wanted)
    # What replaced an answer after *now* had not been said yet.
    counted = known(surveys.c.superseded_at, now).is_(None)
    # One answer in 90 days is a rule of the NPS; satisfaction is of each visit.
    csat = is_csat(surveys.c.instrument_id)
    nps = sa.and_(sa.not_(csat), counted)
    young = after(surveys.c.answered_at, days=COLLECTION_DAYS) > now
    points = 100 / SATISFACTION.high
    return (
        sa.select(
            surveys.c.answered_day.label("day"),
            surveys.c.store_id,
            *dimensions,
            flag(nps).label("nps_answers"),
            flag(sa.and_(nps, surveys.c.score >= 9)).label("promoters"),
            flag(sa.and_(nps, surveys.c.score <= 6)).label("detractors"),
            flag(sa.and_(nps, young)).label("nps_young"),
            flag(csat).label("csat_answers"),
            amount(sa.case((csat, surveys.c.score * points))).label("csat_points"),
        )
        .select_from(source)
        .where(
            surveys.c.answered_at <= now,
            surveys.c.score.is_not(None),
            sa.not_(surveys.c.is_excluded),
        )
    )


ANSWERS = Fact(
    name="answers",
    rows=_answers,
    measures=(
        "nps_answers",
        "promoters",
        "detractors",
        "nps_young",
        "csat_answers",
        "csat_points",
    ),
    dimensions=_DIMENSIONS,
    tables=("surveys", "work_orders"),
    settles=(0, COLLECTION_DAYS),
)


def _invitations(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    surveys = FCT_SURVEYS
    source, dimensions = _with_order(wanted)
    answered = sa.and_(
        known(surveys.c.answered_at, now).is_not(None), surveys.c.score.is_not(None)
    )
    nps = sa.not_(is_csat(surveys.c.instrument_id))
    return (
        sa.select(
            surveys.c.sent_day.label("day"),
            surveys.c.store_id,
            *dimensions,
            flag(nps).label("invitations"),
            flag(sa.and_(nps, answered)).label("invitations_answered"),
        )
        .select_from(source)
        .where(surveys.c.sent_at <= now, sa.not_(surveys.c.is_excluded))
    )


INVITATIONS = Fact(
    name="invitations",
    rows=_invitations,
    measures=("invitations", "invitations_answered"),
    dimensions=_DIMENSIONS,
    tables=("surveys", "work_orders"),
    settles=(0,),
)


def _complaints(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    said, orders = CONFORMED["complaints"], FCT_ORDERS
    source = said.outerjoin(orders, orders.c.work_order_id == said.c.work_order_id)
    source = with_details(source, wanted)
    due = after(said.c.received_at, days=2) < now
    closed = known(said.c.closed_at, now) <= after(said.c.received_at, days=2)
    return (
        sa.select(
            said.c._day.label("day"),
            orders.c.store_id,
            *order_dimensions(wanted),
            flag(sa.true()).label("complaints"),
            flag(due).label("complaints_due"),
            flag(sa.and_(due, closed)).label("complaints_closed"),
        )
        .select_from(source)
        .where(said.c.received_at <= now)
    )


COMPLAINTS = Fact(
    name="complaints",
    rows=_complaints,
    measures=("complaints", "complaints_due", "complaints_closed"),
    dimensions=ORDER_DIMENSIONS,
    tables=("complaints", "work_orders"),
    settles=(0, 2),
)
