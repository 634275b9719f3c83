"""The selects behind the page of a store. Columns of people pass through `masked`."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from warehouse.board import RECENT_DAYS
from warehouse.contracts import CONTRACTS
from warehouse.scope import Rights
from warehouse.store.facts.kit import at, known
from warehouse.store.masks import masked
from warehouse.store.schema import CONFORMED, FCT_ORDERS, FCT_SURVEYS

MOST = 200
"""Rows of a list; no store has more cars inside."""

FEW = 12
"""Rows of what is looked at lately."""


def _seen(
    table: str, name: str, value: sa.ColumnElement, rights: Rights, label: str = ""
) -> sa.ColumnElement:
    """Return a column of a table as *rights* let it be seen."""
    return masked(CONTRACTS[table].column(name), value, rights).label(label or name)


def orders(store_id: str, now: datetime, rights: Rights) -> sa.Select:
    """Return the cars that `orders_in_progress` counts, oldest first."""
    fact, moment = FCT_ORDERS, at(now)
    cars, people = CONFORMED["vehicles"], CONFORMED["technicians"]
    source = fact.outerjoin(cars, cars.c.vin == fact.c.vin).outerjoin(
        people, people.c.technician_id == fact.c.technician_id
    )
    return (
        sa.select(
            _seen("work_orders", "work_order_id", fact.c.work_order_id, rights),
            _seen("vehicles", "plate", cars.c.plate, rights),
            cars.c.model,
            fact.c.order_type,
            fact.c.checkin_at.label("arrived_at"),
            known(fact.c.writeup_at, moment).label("written_at"),
            known(fact.c.bay_in_at, moment).label("bay_at"),
            known(fact.c.work_done_at, moment).label("done_at"),
            known(fact.c.ready_notified_at, moment).label("ready_at"),
            fact.c.first_promised_at.label("promised_at"),
            _seen("technicians", "name", people.c.name, rights, "technician"),
            fact.c.waiting_on_site.label("waits_on_site"),
            fact.c.parts_pending,
        )
        .select_from(source)
        .where(
            fact.c.store_id == store_id,
            fact.c.checkin_at <= moment,
            fact.c.status != "cancelled",
            known(fact.c.delivered_at, moment).is_(None),
            sa.not_(sa.and_(fact.c.status == "closed", fact.c.delivered_at.is_(None))),
        )
        .order_by(fact.c.checkin_at, fact.c.work_order_id)
        .limit(MOST)
    )


def hands(store_id: str, now: datetime, rights: Rights, today: date) -> sa.Select:
    """Return the technicians of a store, those at work first."""
    people, clocks, moment = CONFORMED["technicians"], CONFORMED["job_clocks"], at(now)
    of_today = (
        sa.select(
            clocks.c.technician_id,
            sa.func.count(clocks.c.work_order_id.distinct()).label("orders"),
        )
        .where(clocks.c._day == today, clocks.c.clock_in_at <= moment)
        .group_by(clocks.c.technician_id)
        .subquery("of_today")
    )
    running = _running(now, today)
    return (
        sa.select(
            people.c.technician_id,
            _seen("technicians", "name", people.c.name, rights),
            people.c.skill_level,
            _seen("work_orders", "work_order_id", running.c.job, rights),
            running.c.since,
            of_today.c.orders,
        )
        .select_from(
            people.outerjoin(
                running, running.c.technician_id == people.c.technician_id
            ).outerjoin(of_today, of_today.c.technician_id == people.c.technician_id)
        )
        .where(
            people.c.store_id == store_id,
            sa.or_(people.c.hired_on.is_(None), people.c.hired_on <= today),
            sa.or_(people.c.left_on.is_(None), people.c.left_on >= today),
        )
        .order_by(
            running.c.since.is_(None),
            of_today.c.orders.desc().nulls_last(),
            people.c.technician_id,
        )
        .limit(MOST)
    )


def _running(now: datetime, today: date) -> sa.Subquery:
    """Return the job that each technician is clocked on now, and since when."""
    clocks, moment = CONFORMED["job_clocks"], at(now)
    return (
        sa.select(
            clocks.c.technician_id,
            sa.func.max(clocks.c.clock_in_at).label("since"),
            sa.func.arg_max(clocks.c.work_order_id, clocks.c.clock_in_at).label("job"),
        )
        # A clock that nobody stopped yesterday says nothing of today.
        .where(
            clocks.c._day == today,
            clocks.c.clock_in_at <= moment,
            known(clocks.c.clock_out_at, moment).is_(None),
        )
        .group_by(clocks.c.technician_id)
        .subquery("running")
    )


def parts(store_id: str, now: datetime, _rights: Rights) -> sa.Select:
    """Return the parts that were asked for and not there, most often first."""
    asked, names, stock = (
        CONFORMED[n] for n in ("part_requests", "parts", "stock_snapshots")
    )
    held = (
        sa.select(
            stock.c.part_number,
            sa.func.arg_max(stock.c.on_hand, stock.c.snapshot_date).label("on_hand"),
        )
        .where(
            stock.c.store_id == store_id,
            stock.c.snapshot_date >= now.date() - timedelta(days=RECENT_DAYS),
            stock.c.snapshot_date <= now.date(),
        )
        .group_by(stock.c.part_number)
        .subquery("held")
    )
    lacking = asked.c.qty_requested - asked.c.qty_filled_first
    return (
        sa.select(
            asked.c.part_number,
            sa.func.any_value(names.c.name).label("name"),
            sa.func.count().label("requests"),
            sa.func.sum(lacking).label("pieces"),
            sa.func.max(asked.c.requested_at).label("last_at"),
            sa.func.any_value(held.c.on_hand).label("on_hand"),
        )
        .select_from(
            asked.outerjoin(
                names, names.c.part_number == asked.c.part_number
            ).outerjoin(held, held.c.part_number == asked.c.part_number)
        )
        .where(asked.c.store_id == store_id, lacking > 0, *_lately(asked, now))
        .group_by(asked.c.part_number)
        .order_by(sa.text("3 desc"), sa.text("5 desc"), asked.c.part_number)
        .limit(FEW)
    )


def comebacks(store_id: str, now: datetime, rights: Rights) -> sa.Select:
    """Return the visits that came back with the same problem, newest first."""
    fact, first, people = FCT_ORDERS, FCT_ORDERS.alias("f"), CONFORMED["technicians"]
    return (
        sa.select(
            _seen("work_orders", "work_order_id", fact.c.work_order_id, rights),
            fact.c.checkin_at.label("arrived_at"),
            fact.c.complaint_group,
            fact.c.comeback_rule.label("rule"),
            _seen(
                "work_orders", "work_order_id", fact.c.comeback_of, rights, "first_id"
            ),
            first.c.delivered_at.label("first_delivered_at"),
            _seen("technicians", "name", people.c.name, rights, "first_technician"),
        )
        .select_from(
            fact.outerjoin(
                first, first.c.work_order_id == fact.c.comeback_of
            ).outerjoin(people, people.c.technician_id == first.c.technician_id)
        )
        .where(
            fact.c.store_id == store_id,
            fact.c.is_comeback,
            fact.c.status != "cancelled",
            fact.c.checkin_at <= at(now),
            fact.c.checkin_at > at(now - timedelta(days=RECENT_DAYS)),
        )
        .order_by(fact.c.checkin_at.desc(), fact.c.work_order_id)
        .limit(FEW)
    )


def voices(store_id: str, now: datetime, rights: Rights) -> sa.Select:
    """Return the newest answers with words or a bad score, and the complaints."""
    fact, said, cases = FCT_SURVEYS, CONFORMED["surveys"], CONFORMED["complaints"]
    orders_ = FCT_ORDERS
    text = sa.cast(sa.null(), sa.String)
    answers = sa.select(
        fact.c.answered_at.label("said_at"),
        sa.literal("answer").label("kind"),
        fact.c.score.label("score"),
        _seen("surveys", "comment", said.c.comment, rights, "said"),
        fact.c.instrument_id.label("topic"),
        _seen("work_orders", "work_order_id", fact.c.work_order_id, rights),
        sa.false().label("is_open"),
    ).select_from(fact.join(said, said.c.survey_id == fact.c.survey_id))
    answers = answers.where(
        fact.c.store_id == store_id,
        fact.c.answered_at <= at(now),
        fact.c.answered_at > at(now - timedelta(days=RECENT_DAYS)),
        sa.not_(sa.func.coalesce(fact.c.is_excluded, sa.false())),
        sa.or_(said.c.comment.is_not(None), fact.c.score <= 6),
    )
    complaints = sa.select(
        cases.c.received_at,
        sa.literal("complaint"),
        sa.cast(text, sa.Double),
        _seen("complaints", "text", cases.c.text, rights, "said"),
        cases.c.category,
        _seen("work_orders", "work_order_id", cases.c.work_order_id, rights),
        known(cases.c.closed_at, at(now)).is_(None),
    ).select_from(cases.join(orders_, orders_.c.work_order_id == cases.c.work_order_id))
    complaints = complaints.where(
        orders_.c.store_id == store_id,
        cases.c.received_at <= at(now),
        cases.c.received_at > at(now - timedelta(days=RECENT_DAYS)),
    )
    both = sa.union_all(answers, complaints).subquery("both")
    return sa.select(both).order_by(both.c.said_at.desc(), both.c.kind).limit(FEW)


def _lately(table: sa.Table, now: datetime) -> list[sa.ColumnElement]:
    moment = table.c.requested_at
    return [moment <= at(now), moment > at(now - timedelta(days=RECENT_DAYS))]
