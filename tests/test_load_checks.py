"""Each rule of kpis.md §18 at its border: rejected, blanked, warned of, or let by."""

import pytest

from tests.stress.site import Site, order, vin
from warehouse.scope import EVERYTHING

pytestmark = pytest.mark.xdist_group("load_checks")

GOOD_VIN = vin(1)
WRONG_DIGIT = GOOD_VIN[:8] + ("0" if GOOD_VIN[8] != "0" else "1") + GOOD_VIN[9:]

# table, its other fields, column, value, what becomes of it, value kept
WORK_ORDER = {
    k: v for k, v in order(1, "2025-03-01T09:00:00").items() if k != "work_order_id"
}
# One case, one line: read as a table.
# fmt: off
CASES = [
    ("vehicles", "vin", GOOD_VIN, "loaded"),
    ("vehicles", "vin", vin(77).lower(), "loaded"),
    ("vehicles", "vin", f"  {vin(78)}\u3000", "loaded"),
    ("vehicles", "vin", WRONG_DIGIT, "vin_check_digit warn"),
    ("vehicles", "vin", GOOD_VIN[:16], "vin_shape reject"),
    ("vehicles", "vin", GOOD_VIN + "0", "vin_shape reject"),
    ("vehicles", "vin", "I" + GOOD_VIN[1:], "vin_shape reject"),
    ("vehicles", "vin", "O" + GOOD_VIN[1:], "vin_shape reject"),
    ("vehicles", "vin", "Q" + GOOD_VIN[1:], "vin_shape reject"),
    ("vehicles", "vin", GOOD_VIN[:8] + "-" + GOOD_VIN[9:], "vin_shape reject"),
    ("vehicles", "vin", "１" + GOOD_VIN[1:], "vin_shape reject"),
    ("vehicles", "vin", "", "required reject"),
    ("customers", "vin", "unknown", "vin_shape blank"),
    ("customers", "vin", GOOD_VIN, "loaded"),
    ("customers", "vin", WRONG_DIGIT, "loaded"),
    ("customers", "phone", "13912345670", "loaded"),
    ("customers", "phone", "+86 139-1234-5670", "loaded"),
    ("customers", "phone", "0086 13912345670", "loaded"),
    ("customers", "phone", "8613912345670", "loaded"),
    ("customers", "phone", "19912345670", "loaded"),
    ("customers", "phone", "16212345670", "loaded"),
    ("customers", "phone", "021-62345678", "loaded"),
    ("customers", "phone", "12912345670", "phone warn"),
    ("customers", "phone", "1391234567", "phone warn"),
    ("customers", "phone", "139123456700", "phone warn"),
    ("customers", "phone", "13800000000", "phone warn"),
    ("customers", "phone", "13800138000", "phone warn"),
    ("customers", "phone", "13999999999", "phone warn"),
    ("customers", "phone", "13912345678", "phone warn"),
    ("customers", "phone", "13987654321", "phone warn"),
    ("customers", "phone", "12345678901", "phone warn"),
    ("customers", "phone", "无", "phone warn"),
    ("work_order_lines", "dtc", "B0039-10", "loaded"),
    ("work_order_lines", "dtc", "B003910", "loaded"),
    ("work_order_lines", "dtc", "U0073", "loaded"),
    ("work_order_lines", "dtc", "p0aa6", "loaded"),
    ("work_order_lines", "dtc", "C3FFF", "loaded"),
    ("work_order_lines", "dtc", "C4000", "dtc blank"),
    ("work_order_lines", "dtc", "X0039", "dtc blank"),
    ("work_order_lines", "dtc", "B00G9", "dtc blank"),
    ("work_order_lines", "dtc", "B0039-1", "dtc blank"),
    ("work_order_lines", "dtc", "B0039-100", "dtc blank"),
    ("work_order_lines", "line_no", "1.0", "loaded"),
    ("work_order_lines", "line_no", "1.5", "type reject"),
    ("work_order_lines", "line_no", "", "required reject"),
    ("surveys", "score", "0", "loaded"),
    ("surveys", "score", "10", "loaded"),
    ("surveys", "score", "9.5", "loaded"),
    ("surveys", "score", "-0.1", "range reject"),
    ("surveys", "score", "10.1", "range reject"),
    ("surveys", "score", "nan", "type reject"),
    ("surveys", "score", "ten", "type reject"),
    ("surveys", "answered_at", "2025-03-01T09:00:00", "loaded"),
    ("surveys", "answered_at", "2025-03-01T08:59:59",
     "answered_at_before_sent_at warn"),
    ("surveys", "is_excluded", "TRUE", "loaded"),
    ("surveys", "is_excluded", "是", "loaded"),
    ("surveys", "is_excluded", "0", "loaded"),
    ("surveys", "is_excluded", "yes", "type reject"),
    ("attendance", "attended_hours", "0", "loaded"),
    ("attendance", "attended_hours", "24", "loaded"),
    ("attendance", "attended_hours", "24.01", "range reject"),
    ("attendance", "attended_hours", "-0.5", "range reject"),
    ("attendance", "work_date", "20250301", "loaded"),
    ("attendance", "work_date", "2025-02-29", "type reject"),
    ("attendance", "work_date", "01.03.2025", "type reject"),
    ("technicians", "skill_level", "1", "loaded"),
    ("technicians", "skill_level", "5", "loaded"),
    ("technicians", "skill_level", "0", "range reject"),
    ("technicians", "skill_level", "6", "range reject"),
    ("stores", "timezone", "Europe/Berlin", "loaded"),
    ("stores", "timezone", "Mars/Olympus", "time_zone blank"),
    ("stores", "opens_at", "08:30", "loaded"),
    ("stores", "opens_at", "24:30", "type reject"),
    ("stores", "bays", "-1", "range reject"),
    ("work_orders", "status", "closed", "loaded"),
    ("work_orders", "status", "Closed", "allowed reject"),
    ("work_orders", "order_type", "warranty", "allowed reject"),
    ("work_orders", "entry_mode", "paper", "loaded"),
    ("work_orders", "entry_mode", "fax", "allowed reject"),
    ("work_orders", "vin", WRONG_DIGIT, "vin_check_digit warn"),
    ("work_orders", "vin", "123", "vin_shape reject"),
    ("work_orders", "delivered_at", "2025-03-01T09:00:00", "loaded"),
    ("work_orders", "delivered_at", "2025-03-01T08:59:59",
     "delivered_at_before_checkin_at reject"),
    ("work_orders", "delivered_at", "2025-03-01T01:00:00Z", "loaded"),
    ("work_orders", "delivered_at", "2025-03-01T00:59:59Z",
     "delivered_at_before_checkin_at reject"),
    ("work_orders", "checkin_at", "2025-03-01", "loaded"),
    ("work_orders", "checkin_at", "2025-03-01 09:00", "loaded"),
    ("work_orders", "checkin_at", "20250301T090000", "loaded"),
    ("work_orders", "checkin_at", "2025-03-01T09:00+08", "loaded"),
    ("work_orders", "checkin_at", "2025-03-01T25:00:00", "type reject"),
    ("work_orders", "checkin_at", "0001-01-01T00:00:00", "type reject"),
    ("work_orders", "checkin_at", "9999-12-31T00:00:00", "type reject"),
    ("work_orders", "checkin_at", "infinity", "type reject"),
    ("work_orders", "checkin_at", "03/01/2025", "type reject"),
    ("work_orders", "mileage_km", "-1", "range reject"),
    ("work_orders", "mileage_km", "1e5", "loaded"),
    ("work_orders", "mileage_km", "12,000", "type reject"),
    ("work_orders", "amount", "1234.50", "loaded"),
    ("work_orders", "amount", "-20", "loaded"),
    ("work_orders", "amount", "¥100", "type reject"),
    ("partners", "partner_type", "capability", "loaded"),
    ("partners", "partner_type", "friend", "allowed reject"),
    ("partner_orders", "rating", "5", "loaded"),
    ("partner_orders", "rating", "5.1", "range reject"),
    ("partner_orders", "rating", "0.9", "range reject"),
    ("parts", "abc_class", "D", "allowed reject"),
    ("job_clocks", "clock_out_at", "2025-03-01T09:00:00", "loaded"),
    ("job_clocks", "clock_out_at", "2025-03-01T08:00:00",
     "clock_out_at_before_clock_in_at reject"),
    ("pauses", "ended_at", "2025-03-01T08:00:00", "ended_at_before_started_at reject"),
    ("pauses", "reason", "lunch", "allowed reject"),
]
# fmt: on
OTHERS = {
    "vehicles": {"vin": None, "model": "ET5"},
    "customers": {"source_customer_id": None, "source_system": "crm"},
    "work_order_lines": {
        "work_order_id": None,
        "line_no": 1,
        "complaint_group": "异响",
    },
    "surveys": {
        "survey_id": None,
        "instrument_id": "N",
        "sent_at": "2025-03-01T09:00:00",
    },
    "attendance": {
        "technician_id": None,
        "work_date": "2025-03-01",
        "attended_hours": 8,
    },
    "technicians": {"technician_id": None, "store_id": "S1"},
    "stores": {"store_id": None, "name": "静安"},
    "work_orders": {"work_order_id": None, **WORK_ORDER},
    "partners": {
        "partner_id": None,
        "name": "P",
        "partner_type": "resource",
        "service_type": "towing",
    },
    "partner_orders": {
        "partner_order_id": None,
        "partner_id": "P1",
        "requested_at": "2025-03-01T09:00:00",
    },
    "parts": {"part_number": None, "name": "pad"},
    "job_clocks": {
        "clock_id": None,
        "work_order_id": "W1",
        "technician_id": "T1",
        "clock_in_at": "2025-03-01T09:00:00",
    },
    "pauses": {
        "work_order_id": None,
        "started_at": "2025-03-01T09:00:00",
        "reason": "parts",
    },
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Load all cases in one delivery, each a row; yield what became of them."""
    site = Site(tmp_path_factory.mktemp("checks"))
    tables, places = {}, {}
    for number, (table, column, value, _) in enumerate(CASES):
        key = next(iter(OTHERS[table]))
        # The quality of the file itself is not what is judged here.
        row = {**OTHERS[table], key: f"K{number}", column: value}
        if table == "stores" and column != "timezone":
            row["region"] = "华东"
        tables.setdefault(table, []).append(row)
        places[number] = (table, len(tables[table]) + 1, row[key])
    gate = site.folder / "gate.toml"
    gate.write_text("[rejected_share]\nlimit = 1.0\n[key_loss]\nlimit = 1.0\n")
    site = Site(site.folder, gate=gate)
    site.take("2025-03-02", tables)
    rejects = {}
    for one in site.batch().rejects(EVERYTHING, limit=1000):
        rejects.setdefault((one.table, one.line), set()).add((one.column, one.rule))
    warned = site.sql(
        "select table_name, example_line, column_name, rule, severity, "
        "rows from findings"
    )
    with site.work() as con:
        yield con, places, rejects, warned


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{c[0]}.{c[1]}={c[2]}" for c in CASES]
)
def test_a_value_at_its_border(judged, number):
    """Rejected rows are gone, blanked fields empty, warned rows as they came."""
    con, places, rejects, _ = judged
    table, column, _, verdict = CASES[number]
    _, line, key = places[number]
    rule, _, severity = verdict.partition(" ")
    key_column = next(iter(OTHERS[table]))
    rows = con.execute(
        f"select {column} from {table} where "
        f"{key_column} = upper(trim('{key}', ' \u3000')) and not is_inferred"
    ).fetchall()
    if severity == "reject":
        assert rejects[table, line] == {(column, rule)}
        assert rows == []
    else:
        assert (table, line) not in rejects
        assert len(rows) == 1
        assert (rows[0][0] is None) == (severity == "blank")


def test_what_is_loaded_in_spite_of_a_finding_is_counted(judged):
    """Each warning and blanked field is counted by column and rule."""
    _, _, _, warned = judged
    wanted = {}
    for table, column, _, verdict in CASES:
        rule, _, severity = verdict.partition(" ")
        if severity in ("warn", "blank"):
            found = (table, column, rule, severity)
            wanted[found] = wanted.get(found, 0) + 1
    assert {(t, c, r, s): n for t, _, c, r, s, n in warned} == wanted


def test_vins_are_kept_in_capitals(judged):
    """A VIN typed small is the same vehicle."""
    con, *_ = judged
    found = con.execute("select count(*) from vehicles where vin = ?", [vin(77)])
    assert found.fetchone() == (1,)
