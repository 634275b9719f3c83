"""What is counted of partners, month by month; tiers are decided on it."""

from datetime import datetime

import sqlalchemy as sa

from warehouse.store.facts.kit import Moment, after, at, flag, is_cancelled, local
from warehouse.store.schema import CONFORMED


def partner_months(now: datetime, zone: str) -> sa.Select:
    """Delivered orders of each partner and month, with ratings and complaints.

    A complaint counts against the month its order was delivered in, when it was
    received within 30 days; so a month is final 30 days after its end.
    """
    orders, moment = CONFORMED["partner_orders"], at(now)
    complained = _complained(moment)
    month = sa.func.date_trunc("month", local(orders.c.delivered_at, zone))
    limit = after(orders.c.delivered_at, days=30)
    source = orders.outerjoin(
        complained, complained.c.partner_order_id == orders.c.partner_order_id
    )
    return (
        sa.select(
            orders.c.partner_id,
            sa.cast(month, sa.Date).label("month"),
            sa.func.count().label("orders"),
            sa.func.count(orders.c.rating).label("ratings"),
            sa.func.sum(orders.c.rating).label("rating_sum"),
            sa.func.sum(flag(complained.c.said_at <= limit)).label("complaints"),
        )
        .select_from(source)
        .where(orders.c.delivered_at <= moment, sa.not_(is_cancelled(orders.c.status)))
        .group_by(orders.c.partner_id, sa.text("2"))
        .order_by(orders.c.partner_id, sa.text("2"))
    )


def _complained(moment: Moment) -> sa.Subquery:
    """When each partner order was first complained of."""
    said = CONFORMED["complaints"]
    return (
        sa.select(
            said.c.partner_order_id, sa.func.min(said.c.received_at).label("said_at")
        )
        .where(said.c.received_at <= moment, said.c.partner_order_id.is_not(None))
        .group_by(said.c.partner_order_id)
        .subquery("complained")
    )
