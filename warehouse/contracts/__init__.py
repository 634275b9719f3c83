"""The standard tables: what each promises (interfaces.md §3).

The order is the order of loading: what is referred to comes before what refers.
"""

from warehouse.contracts import customers, parts, workshop
from warehouse.contracts.contract import (
    Check,
    Column,
    Contract,
    Kind,
    Privacy,
    Severity,
)
from warehouse.errors import UnknownNameError

__all__ = [
    "CONTRACTS",
    "Check",
    "Column",
    "Contract",
    "Kind",
    "Privacy",
    "Severity",
    "contract",
]

CONTRACTS: dict[str, Contract] = {
    declared.table: declared
    for declared in (
        workshop.STORES,
        workshop.CALENDAR,
        workshop.TECHNICIANS,
        customers.CUSTOMERS,
        customers.VEHICLES,
        parts.PARTS,
        customers.PARTNERS,
        workshop.ATTENDANCE,
        workshop.APPOINTMENTS,
        workshop.WORK_ORDERS,
        workshop.WORK_ORDER_LINES,
        workshop.PAUSES,
        workshop.JOB_CLOCKS,
        workshop.DISPATCHES,
        parts.PART_REQUESTS,
        parts.STOCK_SNAPSHOTS,
        parts.STOCK_MOVEMENTS,
        customers.PARTNER_ORDERS,
        customers.SURVEYS,
        customers.COMPLAINTS,
    )
}


def contract(table: str) -> Contract:
    """Return the contract of *table*."""
    try:
        return CONTRACTS[table]
    except KeyError:
        raise UnknownNameError("table", table, CONTRACTS) from None
