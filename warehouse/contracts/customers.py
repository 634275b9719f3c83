"""Contracts of customers, vehicles, their voice, and of service partners."""

from datetime import timedelta

from warehouse.contracts import checks
from warehouse.contracts.contract import Column, Contract, Kind, Privacy
from warehouse.text import Text

CUSTOMERS = Contract(
    table="customers",
    name=Text("客户", "Customers"),
    key=("source_system", "source_customer_id"),
    columns=(
        Column(name="source_system", required=True),
        Column(name="source_customer_id", required=True, privacy=Privacy.DESENSITIZED),
        Column(name="name", privacy=Privacy.SENSITIVE),
        Column(name="phone", checks=(checks.PHONE,), privacy=Privacy.SENSITIVE),
        Column(name="city", privacy=Privacy.DESENSITIZED),
        Column(name="vin", checks=(checks.VIN_BLANK,), privacy=Privacy.SENSITIVE),
        Column(name="plate", privacy=Privacy.SENSITIVE),
        Column(name="created_at", kind=Kind.TIMESTAMP),
        Column(name="updated_at", kind=Kind.TIMESTAMP),
    ),
)
VEHICLES = Contract(
    table="vehicles",
    name=Text("车辆", "Vehicles"),
    key=("vin",),
    columns=(
        Column(
            name="vin",
            required=True,
            checks=(checks.VIN_SHAPE, checks.VIN_CHECK_DIGIT),
            privacy=Privacy.SENSITIVE,
        ),
        Column(name="model"),
        Column(name="model_year", kind=Kind.INTEGER, low=1950, high=2100),
        Column(name="battery_type"),
        Column(name="sold_on", kind=Kind.DATE),
        Column(name="source_customer_id", privacy=Privacy.DESENSITIZED),
        Column(name="plate", privacy=Privacy.SENSITIVE),
        Column(name="home_store_id", references="stores"),
        Column(name="is_connected", kind=Kind.BOOLEAN),
    ),
)
SURVEYS = Contract(
    table="surveys",
    name=Text("问卷", "Surveys"),
    key=("survey_id",),
    event="sent_at",
    zone_by="store_or_work_order",
    fresh_within=timedelta(hours=74),
    row_checks=(checks.ANSWERED_AFTER_SENT, checks.SCORE_SCALE),
    columns=(
        Column(name="survey_id", required=True),
        Column(name="instrument_id", required=True),
        Column(name="work_order_id", references="work_orders"),
        Column(name="source_customer_id", privacy=Privacy.DESENSITIZED),
        Column(name="store_id", references="stores"),
        Column(name="sent_at", kind=Kind.TIMESTAMP),
        Column(name="answered_at", kind=Kind.TIMESTAMP),
        Column(name="score", kind=Kind.NUMBER, low=0, high=10),
        Column(name="comment", privacy=Privacy.DESENSITIZED),
        Column(name="is_excluded", kind=Kind.BOOLEAN),
    ),
)
COMPLAINTS = Contract(
    table="complaints",
    name=Text("投诉", "Complaints"),
    key=("complaint_id",),
    event="received_at",
    zone_by="work_order",
    columns=(
        Column(name="complaint_id", required=True),
        Column(name="received_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="work_order_id", references="work_orders"),
        Column(name="partner_order_id", references="partner_orders"),
        Column(name="closed_at", kind=Kind.TIMESTAMP),
        Column(name="category"),
        Column(name="is_substantiated", kind=Kind.BOOLEAN),
        Column(name="text", privacy=Privacy.DESENSITIZED),
    ),
)
PARTNERS = Contract(
    table="partners",
    name=Text("合作伙伴", "Partners"),
    key=("partner_id",),
    columns=(
        Column(name="partner_id", required=True),
        Column(name="name", required=True),
        Column(
            name="partner_type",
            required=True,
            allowed=("capability", "resource", "traffic", "cocreation"),
        ),
        Column(name="service_type", required=True),
        Column(name="cities"),
        Column(name="contract_from", kind=Kind.DATE),
        Column(name="contract_to", kind=Kind.DATE),
        Column(name="settlement_mode"),
        Column(name="exclusivity"),
        Column(name="status"),
        Column(name="sharing_level"),
    ),
)
PARTNER_ORDERS = Contract(
    table="partner_orders",
    name=Text("伙伴订单", "Partner orders"),
    key=("partner_order_id",),
    event="requested_at",
    fresh_within=timedelta(hours=50),
    columns=(
        Column(name="partner_order_id", required=True),
        Column(name="partner_id", required=True, references="partners"),
        Column(name="requested_at", kind=Kind.TIMESTAMP, required=True),
        Column(name="service_type"),
        Column(name="city"),
        Column(name="vin", checks=(checks.VIN_BLANK,), privacy=Privacy.SENSITIVE),
        Column(name="responded_at", kind=Kind.TIMESTAMP),
        Column(name="delivered_at", kind=Kind.TIMESTAMP),
        Column(name="status"),
        Column(name="gross_amount", kind=Kind.MONEY),
        Column(name="rating", kind=Kind.NUMBER, low=1, high=5),
        Column(name="price_index", kind=Kind.NUMBER, low=0),
        Column(name="is_new_customer", kind=Kind.BOOLEAN),
    ),
)
