"""The facts that metrics are computed from, as SQLAlchemy Core selects."""

from warehouse.store.facts import labour, orders, parts, stock_days, voice
from warehouse.store.facts.kit import Ask, Fact
from warehouse.store.facts.states import STATES, State
from warehouse.store.facts.times import TIME_DIMENSIONS, TIMES

__all__ = ["FACTS", "STATES", "TIMES", "TIME_DIMENSIONS", "Ask", "Fact", "State"]

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        orders.CHECKINS,
        orders.DELIVERIES,
        orders.PROMISES,
        orders.APPOINTMENTS,
        orders.RECEPTIONS,
        labour.LABOUR,
        labour.BAY_HOURS,
        labour.DISPATCHED,
        parts.DEMAND,
        parts.KITS,
        stock_days.SKU_DAYS,
        voice.ANSWERS,
        voice.INVITATIONS,
        voice.COMPLAINTS,
    )
}
