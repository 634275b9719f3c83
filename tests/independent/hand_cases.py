"""Every hand-computed case of every metric, for the engine's tests and for the reference's own."""

from . import (
    cases_capacity,
    cases_customer,
    cases_orders,
    cases_partner,
    cases_parts,
    cases_repair,
    cases_times,
)
from .case_kit import HandCase

__all__ = ["HAND_CASES", "HandCase"]

HAND_CASES: list[HandCase] = [
    *cases_repair.HAND_CASES,
    *cases_times.HAND_CASES,
    *cases_orders.HAND_CASES,
    *cases_capacity.HAND_CASES,
    *cases_parts.HAND_CASES,
    *cases_customer.HAND_CASES,
    *cases_partner.HAND_CASES,
]
