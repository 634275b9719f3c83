"""The standard tables of interfaces.md section 3: columns, types and keys, typed from the page."""

import pandas as pd

DEFAULT_ZONE = "Asia/Shanghai"

# ":t" time, ":d" date, ":n" number, ":b" boolean; the rest is text.
_COLUMNS = {
    "stores": "store_id name name_en region province city city_class store_class timezone bays:n"
    " opens_at closes_at opened_on:d closed_on:d",
    "calendar": "store_id date:d is_open:b note",
    "technicians": "technician_id store_id name skill_level:n skills hired_on:d left_on:d",
    "attendance": "technician_id work_date:d attended_hours:n",
    "job_clocks": "clock_id work_order_id technician_id clock_in_at:t clock_out_at:t"
    " billed_hours:n",
    "customers": "source_system source_customer_id name phone city vin plate created_at:t"
    " updated_at:t",
    "vehicles": "vin model model_year:n battery_type sold_on:d source_customer_id plate"
    " home_store_id is_connected:b",
    "appointments": "appointment_id store_id appointment_at:t vin source_customer_id order_type"
    " channel status",
    "work_orders": "work_order_id store_id vin order_type status checkin_at:t source_customer_id"
    " appointment_id writeup_at:t bay_in_at:t work_done_at:t ready_notified_at:t delivered_at:t"
    " promised_at:t first_promised_at:t waiting_on_site:b parts_pending:b redo_before_leaving:b"
    " mileage_km:n technician_id advisor_id entry_mode entered_at:t predicted_hours:n amount:n"
    " resolved_remotely:b updated_at:t",
    "work_order_lines": "work_order_id line_no:n complaint_group complaint_code dtc labour_op"
    " part_number is_comeback_flagged:b description cause correction",
    "pauses": "work_order_id started_at:t ended_at:t reason",
    "dispatches": "dispatch_id work_order_id technician_id dispatched_at:t dispatched_by"
    " reassigned_at:t reassign_reason",
    "parts": "part_number name category abc_class unit_cost:n is_stocked:b lead_time_days:n"
    " first_received_on:d",
    "part_requests": "request_id store_id part_number requested_at:t qty_requested:n"
    " qty_filled_first:n work_order_id",
    "stock_snapshots": "store_id part_number snapshot_date:d on_hand:n reserved:n min_level:n"
    " max_level:n",
    "stock_movements": "movement_id store_id part_number moved_at:t qty:n kind",
    "surveys": "survey_id instrument_id work_order_id source_customer_id store_id sent_at:t"
    " answered_at:t score:n comment is_excluded:b",
    "complaints": "complaint_id received_at:t work_order_id partner_order_id closed_at:t category"
    " is_substantiated:b text",
    "partners": "partner_id name partner_type service_type cities contract_from:d contract_to:d"
    " settlement_mode exclusivity status sharing_level",
    "partner_orders": "partner_order_id partner_id requested_at:t service_type city vin"
    " responded_at:t delivered_at:t status gross_amount:n rating:n price_index:n"
    " is_new_customer:b",
}

KEYS = {
    "stores": ["store_id"],
    "calendar": ["store_id", "date"],
    "technicians": ["technician_id"],
    "attendance": ["technician_id", "work_date"],
    "job_clocks": ["clock_id"],
    "customers": ["source_system", "source_customer_id"],
    "vehicles": ["vin"],
    "appointments": ["appointment_id"],
    "work_orders": ["work_order_id"],
    "work_order_lines": ["work_order_id", "line_no"],
    "pauses": ["work_order_id", "started_at"],
    "dispatches": ["dispatch_id"],
    "parts": ["part_number"],
    "part_requests": ["request_id"],
    "stock_snapshots": ["store_id", "part_number", "snapshot_date"],
    "stock_movements": ["movement_id"],
    "surveys": ["survey_id"],
    "complaints": ["complaint_id"],
    "partners": ["partner_id"],
    "partner_orders": ["partner_order_id"],
}


def _parse(text: str) -> dict[str, str]:
    """Split one table's line into {column: kind}."""
    return {p.split(":")[0]: p.partition(":")[2] for p in text.split()}


SCHEMA: dict[str, dict[str, str]] = {
    name: _parse(text) for name, text in _COLUMNS.items()
}

# The stamp that brings a row into being; a row whose first event is later than as_of is unknown.
FIRST_EVENT = {
    "work_orders": "checkin_at",
    "job_clocks": "clock_in_at",
    "pauses": "started_at",
    "dispatches": "dispatched_at",
    "part_requests": "requested_at",
    "stock_movements": "moved_at",
    "complaints": "received_at",
    "partner_orders": "requested_at",
    "customers": "created_at",
    "attendance": "work_date",
    "stock_snapshots": "snapshot_date",
}

# Times that are plans and not events: they may lie in the future of as_of and stay.
PLANS = {"promised_at", "first_promised_at", "appointment_at"}


def typed(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """One table with every column of the page, missing ones null, in the types used here.

    Times become tz-aware UTC, dates naive midnights, numbers float, booleans plain (null = false,
    because every boolean of the page asks «is it so?»), text stays with None for null.
    """
    out = {}
    rows = 0 if frame is None else len(frame)
    index = pd.RangeIndex(rows)
    for column, kind in SCHEMA[name].items():
        given = (
            None
            if frame is None or column not in frame
            else frame[column].to_numpy(object)
        )
        if kind == "t":
            source = [pd.NaT] * rows if given is None else frame[column]
            out[column] = pd.Series(pd.to_datetime(source, utc=True).array, index=index)
            out[column] = out[column].astype("datetime64[ns, UTC]")
        elif kind == "d":
            source = [pd.NaT] * rows if given is None else given
            out[column] = pd.Series(pd.to_datetime(source), index=index).astype(
                "datetime64[ns]"
            )
        elif kind == "n":
            source = (
                [float("nan")] * rows if given is None else frame[column].to_numpy()
            )
            out[column] = pd.Series(pd.to_numeric(source, errors="coerce"), index=index)
            out[column] = out[column].astype("float64")
        elif kind == "b":
            source = [False] * rows if given is None else given
            out[column] = pd.Series(
                [not pd.isna(v) and bool(v) for v in source], index=index, dtype=bool
            )
        else:
            source = [None] * rows if given is None else given
            text = pd.Series(source, index=index, dtype=object)
            out[column] = text.where(text.notna(), None)
    return pd.DataFrame(out, index=index)
