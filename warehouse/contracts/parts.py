"""Contracts of the parts warehouse: master data, demand, stock and movements."""

from datetime import timedelta

from warehouse.contracts.contract import Column, Contract, Kind
from warehouse.text import Text

PARTS = Contract(
    table="parts",
    name=Text("配件", "Parts"),
    key=("part_number",),
    columns=(
        Column(name="part_number", required=True),
        Column(name="name"),
        Column(name="category"),
        Column(name="abc_class", allowed=("A", "B", "C")),
        Column(name="unit_cost", kind=Kind.NUMBER, low=0),
        Column(name="is_stocked", kind=Kind.BOOLEAN),
        Column(name="lead_time_days", kind=Kind.NUMBER, low=0),
        Column(name="first_received_on", kind=Kind.DATE),
    ),
)
PART_REQUESTS = Contract(
    table="part_requests",
    name=Text("配件需求", "Part requests"),
    key=("request_id",),
    event="requested_at",
    zone_by="store",
    fresh_within=timedelta(hours=26),
    columns=(
        Column(name="request_id", required=True),
        Column(name="store_id", required=True, references="stores"),
        Column(name="part_number", required=True, references="parts"),
        Column(name="requested_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="qty_requested", kind=Kind.NUMBER, required=True, low=0),
        Column(name="qty_filled_first", kind=Kind.NUMBER, required=True, low=0),
        Column(name="work_order_id", references="work_orders"),
    ),
)
STOCK_SNAPSHOTS = Contract(
    table="stock_snapshots",
    name=Text("库存快照", "Stock snapshots"),
    key=("store_id", "part_number", "snapshot_date"),
    event="snapshot_date",
    fresh_within=timedelta(hours=50),
    columns=(
        Column(name="store_id", required=True, references="stores"),
        Column(name="part_number", required=True, references="parts"),
        Column(name="snapshot_date", kind=Kind.DATE, required=True),
        Column(name="on_hand", kind=Kind.NUMBER, required=True),
        Column(name="reserved", kind=Kind.NUMBER),
        Column(name="min_level", kind=Kind.NUMBER),
        Column(name="max_level", kind=Kind.NUMBER),
    ),
)
STOCK_MOVEMENTS = Contract(
    table="stock_movements",
    name=Text("库存流水", "Stock movements"),
    key=("movement_id",),
    event="moved_at",
    zone_by="store",
    fresh_within=timedelta(hours=50),
    columns=(
        Column(name="movement_id", required=True),
        Column(name="store_id", required=True, references="stores"),
        Column(name="part_number", required=True, references="parts"),
        Column(name="moved_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="qty", kind=Kind.NUMBER, required=True),
        Column(
            name="kind",
            allowed=("receipt", "issue", "return", "adjust", "transfer"),
        ),
    ),
)
