"""Contracts of the workshop: stores, people, orders and what happens to them."""

from datetime import timedelta

from warehouse.contracts import checks
from warehouse.contracts.contract import Column, Contract, Kind, Privacy
from warehouse.text import Text

ORDER_TYPES = (
    "repair",
    "maintenance",
    "pdi",
    "accident",
    "recall",
    "ota",
    "internal",
)
NIGHTLY = timedelta(hours=26)

STORES = Contract(
    table="stores",
    name=Text("门店", "Stores"),
    key=("store_id",),
    columns=(
        Column(name="store_id", required=True),
        Column(name="name", required=True),
        Column(name="name_en"),
        Column(name="region"),
        Column(name="province"),
        Column(name="city"),
        Column(name="city_class"),
        Column(name="store_class"),
        Column(name="timezone", checks=(checks.ZONE,)),
        Column(name="bays", kind=Kind.INTEGER, low=0),
        Column(name="opens_at", kind=Kind.TIME),
        Column(name="closes_at", kind=Kind.TIME),
        Column(name="opened_on", kind=Kind.DATE),
        Column(name="closed_on", kind=Kind.DATE),
    ),
)
CALENDAR = Contract(
    table="calendar",
    name=Text("营业日历", "Opening calendar"),
    key=("store_id", "date"),
    columns=(
        Column(name="store_id", required=True, references="stores"),
        Column(name="date", kind=Kind.DATE, required=True),
        Column(name="is_open", kind=Kind.BOOLEAN, required=True),
        Column(name="note"),
    ),
)
TECHNICIANS = Contract(
    table="technicians",
    name=Text("技师", "Technicians"),
    key=("technician_id",),
    columns=(
        Column(name="technician_id", required=True),
        Column(name="store_id", required=True, references="stores"),
        Column(name="name", privacy=Privacy.SENSITIVE),
        Column(name="skill_level", kind=Kind.INTEGER, low=1, high=5),
        Column(name="skills"),
        Column(name="hired_on", kind=Kind.DATE),
        Column(name="left_on", kind=Kind.DATE),
    ),
)
ATTENDANCE = Contract(
    table="attendance",
    name=Text("出勤", "Attendance"),
    key=("technician_id", "work_date"),
    event="work_date",
    fresh_within=timedelta(hours=50),
    columns=(
        Column(name="technician_id", required=True, references="technicians"),
        Column(name="work_date", kind=Kind.DATE, required=True),
        Column(name="attended_hours", kind=Kind.NUMBER, required=True, low=0, high=24),
    ),
)
JOB_CLOCKS = Contract(
    table="job_clocks",
    name=Text("工时打卡", "Job clocks"),
    key=("clock_id",),
    event="clock_in_at",
    zone_by="work_order",
    fresh_within=NIGHTLY,
    row_checks=(checks.CLOCK_OUT_AFTER_IN,),
    columns=(
        Column(name="clock_id", required=True),
        Column(name="work_order_id", required=True, references="work_orders"),
        Column(name="technician_id", required=True, references="technicians"),
        Column(name="clock_in_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="clock_out_at", kind=Kind.TIMESTAMP),
        Column(name="billed_hours", kind=Kind.NUMBER, low=0),
    ),
)
APPOINTMENTS = Contract(
    table="appointments",
    name=Text("预约", "Appointments"),
    key=("appointment_id",),
    event="appointment_at",
    zone_by="store",
    columns=(
        Column(name="appointment_id", required=True),
        Column(name="store_id", required=True, references="stores"),
        Column(name="appointment_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="vin", checks=(checks.VIN_BLANK,), privacy=Privacy.SENSITIVE),
        Column(name="source_customer_id", privacy=Privacy.DESENSITIZED),
        Column(name="order_type", allowed=ORDER_TYPES),
        Column(name="channel"),
        Column(name="status"),
    ),
)
WORK_ORDERS = Contract(
    table="work_orders",
    name=Text("工单", "Work orders"),
    key=("work_order_id",),
    event="checkin_at",
    zone_by="store",
    fresh_within=NIGHTLY,
    row_checks=(checks.DELIVERED_AFTER_CHECKIN,),
    columns=(
        Column(name="work_order_id", required=True),
        Column(name="store_id", required=True, references="stores"),
        Column(
            name="vin",
            required=True,
            references="vehicles",
            checks=(checks.VIN_SHAPE, checks.VIN_CHECK_DIGIT),
            privacy=Privacy.SENSITIVE,
        ),
        Column(name="order_type", required=True, allowed=ORDER_TYPES),
        Column(name="status", required=True, allowed=("open", "closed", "cancelled")),
        Column(name="checkin_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="source_customer_id", privacy=Privacy.DESENSITIZED),
        Column(name="appointment_id", references="appointments"),
        Column(name="writeup_at", kind=Kind.TIMESTAMP),
        Column(name="bay_in_at", kind=Kind.TIMESTAMP),
        Column(name="work_done_at", kind=Kind.TIMESTAMP),
        Column(name="ready_notified_at", kind=Kind.TIMESTAMP),
        Column(name="delivered_at", kind=Kind.TIMESTAMP),
        Column(name="promised_at", kind=Kind.TIMESTAMP),
        Column(name="waiting_on_site", kind=Kind.BOOLEAN),
        Column(name="parts_pending", kind=Kind.BOOLEAN),
        Column(name="redo_before_leaving", kind=Kind.BOOLEAN),
        Column(name="mileage_km", kind=Kind.NUMBER, low=0),
        Column(name="technician_id", references="technicians"),
        Column(name="advisor_id"),
        Column(name="entry_mode", allowed=("live", "backfilled", "paper")),
        Column(name="entered_at", kind=Kind.TIMESTAMP),
        Column(name="predicted_hours", kind=Kind.NUMBER, low=0),
        Column(name="amount", kind=Kind.MONEY),
        Column(name="resolved_remotely", kind=Kind.BOOLEAN),
        Column(name="updated_at", kind=Kind.TIMESTAMP),
    ),
)
WORK_ORDER_LINES = Contract(
    table="work_order_lines",
    name=Text("工单行", "Work order lines"),
    key=("work_order_id", "line_no"),
    zone_by="work_order",
    columns=(
        Column(name="work_order_id", required=True, references="work_orders"),
        Column(name="line_no", kind=Kind.INTEGER, required=True),
        # Required as a field of the row; an empty group makes it no complaint line.
        Column(name="complaint_group"),
        Column(name="complaint_code"),
        Column(name="dtc", checks=(checks.DTC,)),
        Column(name="labour_op"),
        Column(name="part_number", references="parts"),
        Column(name="is_comeback_flagged", kind=Kind.BOOLEAN),
        Column(name="description", privacy=Privacy.DESENSITIZED),
        Column(name="cause", privacy=Privacy.DESENSITIZED),
        Column(name="correction", privacy=Privacy.DESENSITIZED),
    ),
)
PAUSES = Contract(
    table="pauses",
    name=Text("中断", "Pauses"),
    key=("work_order_id", "started_at"),
    zone_by="work_order",
    row_checks=(checks.PAUSE_END_AFTER_START,),
    columns=(
        Column(name="work_order_id", required=True, references="work_orders"),
        Column(name="started_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="ended_at", kind=Kind.TIMESTAMP),
        Column(
            name="reason",
            required=True,
            allowed=("parts", "approval", "outsource", "closed"),
        ),
    ),
)
DISPATCHES = Contract(
    table="dispatches",
    name=Text("派工", "Dispatches"),
    key=("dispatch_id",),
    event="dispatched_at",
    zone_by="work_order",
    columns=(
        Column(name="dispatch_id", required=True),
        Column(name="work_order_id", required=True, references="work_orders"),
        Column(name="technician_id", required=True, references="technicians"),
        Column(name="dispatched_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="dispatched_by", allowed=("hand", "system")),
        Column(name="reassigned_at", kind=Kind.TIMESTAMP),
        Column(name="reassign_reason"),
    ),
)
