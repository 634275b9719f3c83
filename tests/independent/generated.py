"""Small networks that hypothesis draws: rows as people type them, in some tables.

Every row has its own key; `versions` adds later versions of rows. Times are local,
without an offset, in March and April 2025.
"""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from .case_kit import Rows, store, vin

FIRST = datetime.fromisoformat("2025-03-03T08:00")
DAYS = 45
GROUPS = ["brakes", "battery", "climate"]
TYPES = ["repair", "repair", "repair", "maintenance", "pdi", "recall"]
STAMPS = [
    "writeup_at",
    "bay_in_at",
    "work_done_at",
    "ready_notified_at",
    "delivered_at",
]
PARTS = ["P1", "P2", "P3"]
ALWAYS = ("stores", "work_orders", "work_order_lines")
OTHERS = [
    "appointments",
    "attendance",
    "calendar",
    "complaints",
    "customers",
    "dispatches",
    "job_clocks",
    "part_requests",
    "parts",
    "pauses",
    "stock_movements",
    "stock_snapshots",
    "surveys",
    "technicians",
    "vehicles",
]
flags = st.sampled_from(["true", "false", "是", "0", ""])
maybe = st.booleans()
minutes = st.integers(0, DAYS * 24 * 60)


def moment(offset: int) -> str:
    """Return a local time so many minutes after the first."""
    return (FIRST + timedelta(minutes=offset)).strftime("%Y-%m-%dT%H:%M")


def day(offset: int) -> str:
    """Return a date so many days after the first."""
    return (FIRST + timedelta(days=offset)).strftime("%Y-%m-%d")


@st.composite
def orders(draw: st.DrawFn, number: int) -> dict:
    """Draw one work order whose stamps follow one another, some of them missing."""
    at = draw(minutes)
    row = {
        "work_order_id": f"W{number}",
        "store_id": draw(st.sampled_from(["S1", "S1", "S2"])),
        "vin": vin(draw(st.integers(1, 3))),
        "order_type": draw(st.sampled_from(TYPES)),
        "checkin_at": moment(at),
        "source_customer_id": draw(st.sampled_from(["K1", "K2", ""])),
        "technician_id": draw(st.sampled_from(["T1", "T2", ""])),
        "entry_mode": draw(st.sampled_from(["live", "backfilled", "paper", ""])),
        "waiting_on_site": draw(flags),
        "parts_pending": draw(st.sampled_from(["true", "", "", ""])),
        "redo_before_leaving": draw(st.sampled_from(["1", "", "", ""])),
        "appointment_id": draw(st.sampled_from(["A1", "A2", "", ""])),
    }
    reached = draw(st.integers(0, len(STAMPS)))
    stamp = at
    for name in STAMPS[:reached]:
        stamp += draw(st.integers(0, 300))
        row[name] = moment(stamp) if draw(st.integers(0, 9)) else ""
    if draw(maybe):
        row["promised_at"] = moment(at + draw(st.integers(0, 2000)))
    delivered = bool(row.get("delivered_at"))
    choices = ["closed", "closed", "cancelled"] if delivered else ["open", "cancelled"]
    return row | {"status": draw(st.sampled_from(choices)), "updated_at": moment(stamp)}


@st.composite
def details(draw: st.DrawFn, order: dict) -> Rows:
    """Draw what hangs on an order: lines, clocks, pauses, dispatches, parts, voices."""
    key, number = order["work_order_id"], order["work_order_id"][1:]
    found: Rows = {}
    for line in range(draw(st.integers(0, 2))):
        row = {
            "work_order_id": key,
            "line_no": line + 1,
            "complaint_group": draw(st.sampled_from([*GROUPS, ""])),
            "dtc": draw(st.sampled_from(["B0039-10", "U0073", ""])),
            "part_number": draw(st.sampled_from(["P1", ""])),
            "is_comeback_flagged": draw(st.sampled_from(["true", "", ""])),
        }
        found.setdefault("work_order_lines", []).append(row)
    for clock in range(draw(st.integers(0, 2))):
        begin = draw(minutes)
        end = begin + draw(st.integers(0, 400))
        row = {
            "clock_id": f"C{number}-{clock}",
            "work_order_id": key,
            "technician_id": draw(st.sampled_from(["T1", "T2", "T9"])),
            "clock_in_at": moment(begin),
            "clock_out_at": moment(end) if draw(maybe) else "",
            "billed_hours": draw(st.sampled_from(["", "0", "1.5"])),
        }
        found.setdefault("job_clocks", []).append(row)
    if draw(maybe):
        begin = draw(minutes)
        row = {
            "work_order_id": key,
            "started_at": moment(begin),
            "ended_at": moment(begin + 90) if draw(maybe) else "",
            "reason": draw(st.sampled_from(["parts", "closed", "approval"])),
        }
        found["pauses"] = [row]
    for sent in range(draw(st.integers(0, 2))):
        at = draw(minutes)
        row = {
            "dispatch_id": f"D{number}-{sent}",
            "work_order_id": key,
            "technician_id": draw(st.sampled_from(["T1", "T2"])),
            "dispatched_at": moment(at),
            "reassigned_at": moment(at + 20) if draw(maybe) else "",
            "reassign_reason": draw(st.sampled_from(["skill", "load", ""])),
        }
        found.setdefault("dispatches", []).append(row)
    for name, rows in draw(_voices(order, number)).items():
        found[name] = rows
    return found


@st.composite
def _voices(draw: st.DrawFn, order: dict, number: str) -> Rows:
    """Draw an order's part requests, surveys and complaints."""
    found: Rows = {}
    key = order["work_order_id"]
    for asked in range(draw(st.integers(0, 2))):
        row = {
            "request_id": f"R{number}-{asked}",
            "work_order_id": key,
            "store_id": order["store_id"],
            "part_number": draw(st.sampled_from([*PARTS, "P9"])),
            "requested_at": moment(draw(minutes)),
            "qty_requested": "2",
            "qty_filled_first": draw(st.sampled_from(["0", "1", "2", "3"])),
        }
        found.setdefault("part_requests", []).append(row)
    for asked in range(draw(st.integers(0, 2))):
        at = draw(minutes)
        answered = draw(maybe)
        instrument, scale = draw(
            st.sampled_from([("nps-delivery", (0, 10)), ("csat-1", (1, 5))])
        )
        row = {
            "survey_id": f"V{number}-{asked}",
            "work_order_id": key,
            "instrument_id": instrument,
            "sent_at": moment(at),
            "is_excluded": draw(flags),
            "answered_at": moment(at + 300) if answered else "",
            "score": str(draw(st.integers(*scale))) if answered else "",
        }
        found.setdefault("surveys", []).append(row)
    if draw(maybe):
        at = draw(minutes)
        row = {
            "complaint_id": f"X{number}",
            "work_order_id": draw(st.sampled_from([key, ""])),
            "received_at": moment(at),
            "closed_at": moment(at + draw(st.integers(0, 5000))),
        }
        found["complaints"] = [row]
    return found


@st.composite
def stock(draw: st.DrawFn) -> Rows:
    """Draw parts, nightly snapshots and movements of both stores."""
    parts = [
        {
            "part_number": part,
            "category": "x",
            "unit_cost": "12.5",
            "abc_class": draw(st.sampled_from(["A", "B", ""])),
            "is_stocked": draw(flags),
        }
        for part in PARTS
    ]
    places = st.tuples(
        st.sampled_from(["S1", "S2"]), st.sampled_from(PARTS), st.integers(0, DAYS)
    )
    nights = [
        {
            "store_id": s,
            "part_number": p,
            "snapshot_date": day(d),
            "on_hand": draw(st.integers(-1, 4)),
            "reserved": draw(st.sampled_from(["", "0", "1"])),
        }
        for s, p, d in sorted(draw(st.sets(places, max_size=8)))
    ]
    moves = [
        {
            "movement_id": f"M{i}",
            "store_id": s,
            "part_number": p,
            "moved_at": moment(d * 1440 + draw(st.integers(0, 4)) * 60),
            "qty": draw(st.integers(-3, 3)),
            "kind": draw(st.sampled_from(["issue", "receipt", "adjust"])),
        }
        for i, (s, p, d) in enumerate(draw(st.lists(places, max_size=8)))
    ]
    return {"parts": parts, "stock_snapshots": nights, "stock_movements": moves}


@st.composite
def networks(draw: st.DrawFn) -> Rows:
    """Draw a small network of half the tables, which may or may not fit together.

    Store S2 may be unknown, and in another time zone.
    """
    zone = draw(st.sampled_from(["Asia/Shanghai", "Asia/Tokyo"]))
    tables: Rows = {
        "stores": [store(), store("S2", region="North", timezone=zone)],
        "technicians": [
            {"technician_id": "T1", "store_id": "S1"},
            {"technician_id": "T2", "store_id": "S2"},
        ],
        "vehicles": [{"vin": vin(1), "model": "X3"}, {"vin": vin(2), "model": "M5"}],
        "appointments": [
            {
                "appointment_id": f"A{i}",
                "store_id": "S1",
                "appointment_at": moment(draw(minutes)),
            }
            for i in (1, 2)
        ],
        "attendance": [
            {"technician_id": t, "work_date": day(d), "attended_hours": "8"}
            for t in ("T1", "T2")
            for d in range(0, DAYS, 9)
        ],
        "customers": [
            {
                "source_system": "dms",
                "source_customer_id": f"K{i}",
                "name": "张三丰",
                "phone": draw(st.sampled_from(["13912345670", "13800000000", "021"])),
                "updated_at": moment(i),
            }
            for i in (1, 2)
        ],
        "calendar": [{"store_id": "S1", "date": day(7), "is_open": "false"}],
    }
    if draw(maybe):
        del tables["stores"][1]
    tables |= draw(stock())
    for number in range(draw(st.integers(2, 7))):
        order = draw(orders(number))
        tables.setdefault("work_orders", []).append(order)
        for name, rows in draw(details(order)).items():
            tables.setdefault(name, []).extend(rows)
    # Each table costs the loader a twentieth of its time.
    kept = draw(st.sets(st.sampled_from(OTHERS), min_size=6, max_size=9))
    return {name: rows for name, rows in tables.items() if name in {*ALWAYS, *kept}}


@st.composite
def versions(draw: st.DrawFn) -> list[Rows]:
    """Draw deliveries: a network, then some of its rows with other content."""
    first = draw(networks())
    second: Rows = {}
    for order in draw(
        st.lists(
            st.sampled_from(first["work_orders"]),
            max_size=3,
            unique_by=lambda row: row["work_order_id"],
        )
    ):
        newer = order | {
            "parts_pending": "true",
            "updated_at": moment(10**5),
            "promised_at": moment(draw(minutes)),
            "store_id": draw(st.sampled_from(["S1", "S2"])),
        }
        second.setdefault("work_orders", []).append(newer)
    for name, column in (
        ("surveys", "score"),
        ("job_clocks", "billed_hours"),
        ("work_order_lines", "complaint_group"),
    ):
        for row in first.get(name, [])[: draw(st.integers(0, 2))]:
            value = "climate" if column == "complaint_group" else "3"
            second.setdefault(name, []).append(row | {column: value})
    return [first, second]
