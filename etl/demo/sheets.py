"""The sheets of what there is, and the list of all sheets."""

from etl.demo.schema import Sheet, columns
from etl.demo.sheets_events import EVENTS

VEHICLES = Sheet(
    table="vehicles",
    system="iot",
    form="parquet",
    columns=columns("""
        vin vin car
        model label:models model
        model_year year sold
        battery_type label:batteries model
        sold_on date sold
        source_customer_id owner car
        plate plate car
        home_store_id store store
        is_connected flag connected
    """),
)
_CUSTOMER = """
        source_system label:systems system
        source_customer_id customer number
        name text:name person
        phone text:phone person
        city label:store_cities store
        vin vin vin_given
        plate plate plate_given
        created_at {time} known
        updated_at {time} updated_at
"""
CUSTOMERS = {
    system: Sheet(
        table="customers",
        system=system,
        form="parquet" if system == "dms" else "csv.gz",
        moments=("updated",),
        columns=columns(
            _CUSTOMER.format(
                time="offset_time" if system in {"iot", "callcentre"} else "time"
            )
        ),
    )
    for system in ("dms", "crm", "callcentre", "iot", "finance")
}
STORES = Sheet(
    table="stores",
    system="dms",
    full=True,
    columns=columns("""
        store_id store number
        name text name
        name_en text name_en
        region text region
        province text province
        city text city
        city_class text city_class
        store_class text store_class
        timezone text timezone
        bays whole bays
        opens_at text opens_at
        closes_at text closes_at
        opened_on date opened
        closed_on date closed
    """),
)
CALENDAR = Sheet(
    table="calendar",
    system="finance",
    columns=columns("""
        store_id store store
        date date day
        is_open flag open
        note label:holidays note
    """),
)
TECHNICIANS = Sheet(
    table="technicians",
    system="dms",
    full=True,
    moments=("leaves",),
    columns=columns("""
        technician_id staff staff
        store_id store store
        name text name
        skill_level whole skill
        skills text skills
        hired_on date hired
        left_on date left leaves
    """),
)
PARTS = Sheet(
    table="parts",
    system="dms",
    full=True,
    columns=columns("""
        part_number part part
        name text name
        category text category
        abc_class text abc
        unit_cost real cost
        is_stocked flag stocked
        lead_time_days whole lead
        first_received_on date received
    """),
)
PARTNERS = Sheet(
    table="partners",
    system="partners",
    full=True,
    columns=columns("""
        partner_id label:partner_ids partner
        name text name
        partner_type text kind
        service_type text service
        cities text cities
        contract_from date from
        contract_to date to
        settlement_mode text settlement
        exclusivity flag exclusive
        status text status
        sharing_level text sharing
    """),
)

SHEETS = (
    STORES,
    TECHNICIANS,
    PARTS,
    PARTNERS,
    CALENDAR,
    VEHICLES,
    *CUSTOMERS.values(),
    *EVENTS,
)
