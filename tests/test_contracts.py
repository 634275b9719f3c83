"""The standard tables are what interfaces.md §3 promises to other systems."""

from dataclasses import replace

import duckdb
import pytest

from warehouse.contracts import CONTRACTS, Column, Contract, Kind, Severity, contract
from warehouse.contracts.checks import VIN_SHAPE
from warehouse.errors import DefinitionError, UnknownNameError
from warehouse.store.checks import findings, what_is_right
from warehouse.text import Text

# table | key | columns, * = required. Columns are promised: none may go.
PROMISED = """
stores | store_id | *store_id *name name_en region province city city_class store_class timezone bays opens_at closes_at opened_on closed_on
calendar | store_id date | *store_id *date *is_open note
technicians | technician_id | *technician_id *store_id name skill_level skills hired_on left_on
attendance | technician_id work_date | *technician_id *work_date *attended_hours
job_clocks | clock_id | *clock_id *work_order_id *technician_id *clock_in_at clock_out_at billed_hours
customers | source_system source_customer_id | *source_system *source_customer_id name phone city vin plate created_at updated_at
vehicles | vin | *vin model model_year battery_type sold_on source_customer_id plate home_store_id is_connected
appointments | appointment_id | *appointment_id *store_id *appointment_at vin source_customer_id order_type channel status
work_orders | work_order_id | *work_order_id *store_id *vin *order_type *status *checkin_at source_customer_id appointment_id writeup_at bay_in_at work_done_at ready_notified_at delivered_at promised_at waiting_on_site parts_pending redo_before_leaving mileage_km technician_id advisor_id entry_mode entered_at predicted_hours amount resolved_remotely updated_at
work_order_lines | work_order_id line_no | *work_order_id *line_no *complaint_group complaint_code dtc labour_op part_number is_comeback_flagged description cause correction
pauses | work_order_id started_at | *work_order_id *started_at ended_at *reason
dispatches | dispatch_id | *dispatch_id *work_order_id *technician_id *dispatched_at dispatched_by reassigned_at reassign_reason
parts | part_number | *part_number name category abc_class unit_cost is_stocked lead_time_days first_received_on
part_requests | request_id | *request_id *store_id *part_number *requested_at *qty_requested *qty_filled_first work_order_id
stock_snapshots | store_id part_number snapshot_date | *store_id *part_number *snapshot_date *on_hand reserved min_level max_level
stock_movements | movement_id | *movement_id *store_id *part_number *moved_at *qty kind
surveys | survey_id | *survey_id *instrument_id work_order_id source_customer_id store_id sent_at answered_at score comment is_excluded
complaints | complaint_id | *complaint_id *received_at work_order_id partner_order_id closed_at category is_substantiated text
partners | partner_id | *partner_id *name *partner_type *service_type cities contract_from contract_to settlement_mode exclusivity status sharing_level
partner_orders | partner_order_id | *partner_order_id *partner_id *requested_at service_type city vin responded_at delivered_at status gross_amount rating price_index is_new_customer
"""  # noqa: E501
TABLES = [
    [part.strip().split() for part in line.split("|")]
    for line in PROMISED.strip().splitlines()
]
LOOSER = {("work_order_lines", "complaint_group")}
"""Required in the file's header, but an empty group makes it no complaint line."""


@pytest.mark.parametrize("promised", TABLES, ids=[t[0][0] for t in TABLES])
def test_a_table_has_the_promised_key_and_columns(promised):
    """Names and key are the interface; what is required stays required."""
    (table,), key, columns = promised
    names = [name.lstrip("*") for name in columns]
    required = {name[1:] for name in columns if name.startswith("*")}
    required -= {name for of, name in LOOSER if of == table}

    declared = contract(table)

    assert declared.key == tuple(key)
    assert set(names) <= set(declared.column_names)
    assert set(declared.required) == required


def test_a_table_comes_after_what_it_refers_to():
    """The order of the contracts is the order of loading."""
    order = list(CONTRACTS)
    late = {
        (declared.table, column.references)
        for declared in CONTRACTS.values()
        for column in declared.columns
        if column.references
        and order.index(column.references) > order.index(declared.table)
    }
    # Described by its sources in either order; members are inferred in between.
    assert late <= {("vehicles", "stores")}


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_check_is_spelled_in_sql_and_says_what_is_right(table):
    """The findings of each contract compile, and each rule has its remedy."""
    declared = contract(table)
    columns = ", ".join(
        f'null::{c.kind.value} as "{c.name}", null::varchar as "text_{c.name}"'
        for c in declared.columns
    )
    sql = (
        f"select {findings(declared, {}, None)} from (select {columns}, "
        "0::bigint as _offsets, 'UTC' as _zone)"
    )
    assert duckdb.connect().execute(sql).fetchall()
    for column in declared.columns:
        rules = ["type", *(["required"] if column.required else [])]
        rules += ["allowed"] if column.allowed else []
        rules += ["range"] if {column.low, column.high} != {None} else []
        for rule in [*rules, *(check.rule for check in column.checks)]:
            assert what_is_right(table, column.name, rule) not in ("", rule)
    for check in declared.row_checks:
        later = check.rule.partition("_before_")[0]
        assert what_is_right(table, later, check.rule) != check.rule


def test_every_event_is_a_time():
    """A watermark is read from a date or a time."""
    for declared in CONTRACTS.values():
        if declared.event:
            kind = declared.column(declared.event).kind
            assert kind in (Kind.DATE, Kind.TIMESTAMP), declared.table


def test_every_table_is_named_in_both_languages():
    """Screens show names, not identifiers."""
    for declared in CONTRACTS.values():
        assert declared.name.zh != declared.name.en


def test_an_unknown_table_is_answered_with_the_nearest():
    """A typing mistake is told what was meant."""
    with pytest.raises(UnknownNameError, match="did you mean work_orders"):
        contract("work_order")
    with pytest.raises(UnknownNameError, match="did you mean checkin_at"):
        contract("work_orders").column("check_in_at")


def test_a_contract_that_contradicts_itself_is_refused():
    """A column twice, or a key that is no column, stops the start."""
    one, name = Column(name="id", required=True), Text("表", "table")
    with pytest.raises(DefinitionError, match="twice"):
        Contract(table="t", name=name, key=("id",), columns=(one, one))
    with pytest.raises(DefinitionError, match="no declared column"):
        Contract(table="t", name=name, key=("key",), columns=(one,))
    with pytest.raises(DefinitionError, match="no declared column"):
        Contract(table="t", name=name, key=("id",), columns=(one,), event="at")


def test_the_fingerprint_changes_with_any_rule():
    """What was set aside under other rules is judged again."""
    declared = contract("vehicles")
    softer = replace(VIN_SHAPE, severity=Severity.WARN)
    vin, *rest = declared.columns
    changed = replace(declared, columns=(replace(vin, checks=(softer,)), *rest))

    assert declared.fingerprint == contract("vehicles").fingerprint
    assert changed.fingerprint != declared.fingerprint
