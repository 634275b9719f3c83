"""Which dimensions a metric can be split by (interfaces.md §1)."""

from warehouse.scope import STORE_DIMENSIONS

OF_STORE = STORE_DIMENSIONS
OF_ORDER = (
    *OF_STORE,
    "technician_id",
    "complaint_group",
    "order_type",
    "entry_mode",
    "model",
)
OF_TECHNICIAN = (*OF_STORE, "technician_id")
OF_PART = (*OF_STORE, "part_number", "category", "abc_class")
OF_SURVEY = (*OF_ORDER, "instrument_id")
OF_PARTNER = ("partner_id", "partner_type", "service_type", "tier")
OF_CUSTOMER = ("source_system",)
