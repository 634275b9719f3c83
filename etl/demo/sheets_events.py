"""The sheets of what happens: orders, work, parts, appointments, opinions, partners."""

from etl.demo.schema import Sheet, columns

WORK_ORDERS = Sheet(
    table="work_orders",
    system="dms",
    form="parquet",
    also_csv=True,
    settled="delivered",
    moments=[
        "entered",
        "writeup",
        "dispatched",
        "bay_in",
        "done",
        "ready",
        "delivered",
        "cancelled_at",
    ],
    columns=columns("""
        work_order_id order:WO key
        store_id store store
        vin vin car
        order_type label:order_types type
        status label:statuses
        checkin_at time checkin
        source_customer_id owner car
        appointment_id order:AP booking
        writeup_at time writeup writeup
        bay_in_at time bay_in bay_in
        work_done_at time done done
        ready_notified_at time ready ready
        delivered_at time delivered delivered
        promised_at time promised writeup
        waiting_on_site flag site writeup
        parts_pending flag pending_part delivered
        redo_before_leaving flag redo delivered
        mileage_km whole mileage
        technician_id staff staff dispatched
        advisor_id advisor advisor
        entry_mode label:entry_modes mode
        entered_at time entered
        predicted_hours real predicted writeup
        amount real amount ready
        resolved_remotely flag far delivered
        updated_at time updated
    """),
)
LINES = Sheet(
    table="work_order_lines",
    system="dms",
    form="parquet",
    moments=("done",),
    columns=columns("""
        work_order_id order:WO key
        line_no whole line
        complaint_group label:groups group
        complaint_code label:codes code
        dtc label:dtcs dtc
        labour_op label:labour labour done
        part_number part part done
        is_comeback_flagged flag flag
        description label:words words
        cause label:causes cause done
        correction label:corrections correction done
    """),
)
JOB_CLOCKS = Sheet(
    table="job_clocks",
    system="dms",
    form="parquet",
    moments=("out",),
    columns=columns("""
        clock_id order:JC:clock key
        work_order_id order:WO key
        technician_id staff staff
        clock_in_at time in
        clock_out_at time out out
        billed_hours real billed out
    """),
)
PAUSES = Sheet(
    table="pauses",
    system="dms",
    settled="to",
    form="csv.gz",
    moments=("to",),
    columns=columns("""
        work_order_id order:WO key
        started_at time from
        ended_at time to to
        reason label:pause_reasons reason
    """),
)
DISPATCHES = Sheet(
    table="dispatches",
    system="dms",
    settled="known",
    form="csv.gz",
    moments=("moved",),
    columns=columns("""
        dispatch_id order:DP:number key
        work_order_id order:WO key
        technician_id staff staff
        dispatched_at time at
        dispatched_by label:dispatchers system
        reassigned_at time moved moved
        reassign_reason label:reassign_reasons reason moved
    """),
)
ATTENDANCE = Sheet(
    table="attendance",
    system="dms",
    settled="end",
    form="csv.gz",
    moments=("mid", "late", "end"),
    columns=columns("""
        technician_id staff staff
        work_date date day
        attended_hours real hours
    """),
)
PART_REQUESTS = Sheet(
    table="part_requests",
    system="dms",
    form="parquet",
    also_csv=True,
    columns=columns("""
        request_id order:PR:place key
        store_id store store
        part_number part part
        requested_at time at
        qty_requested whole quantity
        qty_filled_first whole filled
        work_order_id order:WO key
    """),
)
STOCK_MOVEMENTS = Sheet(
    table="stock_movements",
    system="dms",
    form="parquet",
    columns=columns("""
        movement_id order:MV key
        store_id store store
        part_number part part
        moved_at time moved
        qty quantity quantity
        kind label:movement_kinds kind
    """),
)
STOCK_SNAPSHOTS = Sheet(
    table="stock_snapshots",
    system="dms",
    form="parquet",
    columns=columns("""
        store_id store store
        part_number part part
        snapshot_date date day
        on_hand whole on_hand
        reserved whole reserved
        min_level whole low
        max_level whole high
    """),
)
APPOINTMENTS = Sheet(
    table="appointments",
    system="crm",
    settled="settled",
    form="csv.gz",
    moments=("settled",),
    columns=columns("""
        appointment_id order:AP key
        store_id store store
        appointment_at time at
        vin vin car
        source_customer_id owner car
        order_type label:order_types type
        channel label:channels channel
        status label:appointment_statuses status
    """),
)
SURVEYS = Sheet(
    table="surveys",
    system="crm",
    settled="answered",
    form="csv.gz",
    moments=("answered",),
    columns=columns("""
        survey_id order:SV key
        instrument_id label:instruments instrument
        work_order_id order:WO key
        source_customer_id owner car
        store_id store store
        sent_at time sent
        answered_at time answered answered
        score whole score answered
        comment label:comments comment answered
        is_excluded flag excluded answered
    """),
    extra=("batch_no", "sms_gateway"),
)
COMPLAINTS = Sheet(
    table="complaints",
    system="callcentre",
    settled="closed",
    moments=("closed",),
    columns=columns("""
        complaint_id complaint key
        received_at offset_time received
        work_order_id order:WO key
        partner_order_id partner_order partner_key
        closed_at offset_time closed closed
        category label:complaint_categories category
        is_substantiated flag true closed
        text label:complaint_texts category
    """),
)
PARTNER_ORDERS = Sheet(
    table="partner_orders",
    system="partners",
    settled="delivered",
    form="csv.gz",
    moments=("responded", "delivered", "cancelled", "rated"),
    columns=columns("""
        partner_order_id partner_order key
        partner_id label:partner_ids partner
        requested_at time known
        service_type label:service_types partner
        city label:cities city
        vin vin car
        responded_at time responded responded
        delivered_at time delivered delivered
        status label:partner_statuses status
        gross_amount real amount responded
        rating whole rating rated
        price_index real price responded
        is_new_customer flag new
    """),
)

EVENTS = (
    WORK_ORDERS,
    LINES,
    JOB_CLOCKS,
    PAUSES,
    DISPATCHES,
    ATTENDANCE,
    PART_REQUESTS,
    STOCK_MOVEMENTS,
    STOCK_SNAPSHOTS,
    APPOINTMENTS,
    SURVEYS,
    COMPLAINTS,
    PARTNER_ORDERS,
)
