"""The analytical tables, declared once: conformed tables, derived facts, book-keeping.

Nothing here has a primary key, a constraint or an index: DuckDB pays three times the
load time for them and has corrupted them (design/warehouse.md §1). Uniqueness is
the loader's work, and tested.
"""

import sqlalchemy as sa

from warehouse.contracts import CONTRACTS, Contract, Kind

METADATA = sa.MetaData()

_TYPES: dict[Kind, sa.types.TypeEngine] = {
    Kind.TEXT: sa.String(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.NUMBER: sa.Double(),
    Kind.MONEY: sa.Numeric(18, 2),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.TIMESTAMP: sa.DateTime(),
    Kind.TIME: sa.Time(),
}

KEPT_FIRST = {"work_orders": {"first_promised_at": "promised_at"}}
"""Columns that keep the earliest known version of another column: a promise that is
moved does not become a promise kept (kpis.md §3)."""

KEPT_NOTES: dict[str, sa.types.TypeEngine] = {
    "version": sa.DateTime(),
    "home": sa.String(),  # the store of that version
    "zone": sa.String(),  # the zone its offset-less times were read in
    "offsets": sa.BigInteger(),  # bit 0: the value had an offset, bit 1: the version
}
"""What is noted, as `_<column>_<note>`, of the version that a kept column is from."""


def _book_keeping() -> list[sa.Column]:
    return [
        sa.Column("_day", sa.Date()),  # local day of the row's event
        sa.Column("_zone", sa.String()),  # zone that offset-less times were read in
        sa.Column("_offsets", sa.BigInteger()),  # bit i: time column i had an offset
        sa.Column("_version_at", sa.DateTime()),
        sa.Column("_delivered_at", sa.DateTime()),
        sa.Column("_hash", sa.BigInteger()),
        sa.Column("_piece", sa.Integer()),
        sa.Column("_line", sa.BigInteger()),
        sa.Column("_seq", sa.Integer()),  # the batch that changed the row last
        sa.Column("is_inferred", sa.Boolean()),
    ]


def _conformed(contract: Contract) -> sa.Table:
    first = [
        column
        for name in KEPT_FIRST.get(contract.table, {})
        for column in (
            sa.Column(name, sa.DateTime()),
            *[sa.Column(f"_{name}_{note}", t) for note, t in KEPT_NOTES.items()],
        )
    ]
    return sa.Table(
        contract.table,
        METADATA,
        *[sa.Column(c.name, _TYPES[c.kind]) for c in contract.columns],
        *first,
        *_book_keeping(),
    )


def _staging(contract: Contract) -> sa.Table:
    return sa.Table(
        f"stg_{contract.table}",
        METADATA,
        *[sa.Column(name, sa.String()) for name in contract.column_names],
        sa.Column("_piece", sa.Integer()),
        sa.Column("_line", sa.BigInteger()),
        sa.Column("_fault", sa.String()),
        sa.Column("_raw", sa.String()),
        sa.Column("_at", sa.DateTime()),  # when the row was delivered, if told apart
        sa.Column("_rejected", sa.Boolean()),
    )


CONFORMED: dict[str, sa.Table] = {
    name: _conformed(contract) for name, contract in CONTRACTS.items()
}
for _contract in CONTRACTS.values():
    _staging(_contract)

PIECES = sa.Table(
    "pieces",
    METADATA,
    sa.Column("piece", sa.Integer()),
    sa.Column("key", sa.String()),
    sa.Column("source", sa.String()),
    sa.Column("table_name", sa.String()),
    sa.Column("place", sa.String()),
    sa.Column("content", sa.String()),
    sa.Column("recipe", sa.String()),
    sa.Column("contract", sa.String()),
    sa.Column("system", sa.String()),
    sa.Column("zone", sa.String()),
    sa.Column("relaxed", sa.String()),
    sa.Column("delivered_at", sa.DateTime()),
    sa.Column("read_at", sa.DateTime()),
    sa.Column("seq", sa.Integer()),
    sa.Column("rows_read", sa.BigInteger()),
    sa.Column("rows_loaded", sa.BigInteger()),
    sa.Column("rows_duplicate", sa.BigInteger()),
    sa.Column("rows_rejected", sa.BigInteger()),
    sa.Column("rows_ignored", sa.BigInteger()),
    sa.Column("unknown_columns", sa.String()),
    sa.Column("watermark", sa.String()),
    sa.Column("mark", sa.String()),
    sa.Column("size", sa.BigInteger()),
    sa.Column("mtime_ns", sa.BigInteger()),
    sa.Column("fresh_seconds", sa.Double()),
    sa.Column("superseded_by", sa.Integer()),
)
REJECTS = sa.Table(
    "rejects",
    METADATA,
    sa.Column("piece", sa.Integer()),
    sa.Column("source", sa.String()),
    sa.Column("file", sa.String()),
    sa.Column("line", sa.BigInteger()),
    sa.Column("table_name", sa.String()),
    sa.Column("column_name", sa.String()),
    sa.Column("rule", sa.String()),
    sa.Column("value", sa.String()),
    sa.Column("batch_id", sa.String()),
)
FINDINGS = sa.Table(
    "findings",
    METADATA,
    sa.Column("piece", sa.Integer()),
    sa.Column("source", sa.String()),
    sa.Column("table_name", sa.String()),
    sa.Column("column_name", sa.String()),
    sa.Column("rule", sa.String()),
    sa.Column("severity", sa.String()),
    sa.Column("rows", sa.BigInteger()),
    sa.Column("example", sa.String()),
    sa.Column("example_line", sa.BigInteger()),
)
RESTATEMENTS = sa.Table(
    "restatements",
    METADATA,
    sa.Column("batch_id", sa.String()),
    sa.Column("restated_at", sa.DateTime()),
    sa.Column("table_name", sa.String()),
    sa.Column("store_id", sa.String()),
    sa.Column("day", sa.Date()),
    sa.Column("rows", sa.BigInteger()),
)
RESTATED_SUMS = sa.Table(
    "restated_sums",  # by how much late rows changed sums that had been told
    METADATA,
    sa.Column("fact", sa.String()),
    sa.Column("day", sa.Date()),
    sa.Column("store_id", sa.String()),
    sa.Column("measure", sa.String()),
    sa.Column("change", sa.Double()),
    sa.Column("restated_at", sa.DateTime()),
)
BATCHES = sa.Table(
    "batches",
    METADATA,
    sa.Column("seq", sa.Integer()),
    sa.Column("batch_id", sa.String()),
    sa.Column("as_of", sa.DateTime()),
    sa.Column("made_by", sa.String()),
)

FCT_ORDERS = sa.Table(
    "fct_orders",
    METADATA,
    sa.Column("work_order_id", sa.String()),
    sa.Column("store_id", sa.String()),
    sa.Column("vin", sa.String()),
    sa.Column("order_type", sa.String()),
    sa.Column("status", sa.String()),
    sa.Column("entry_mode", sa.String()),
    sa.Column("technician_id", sa.String()),
    sa.Column("complaint_group", sa.String()),
    sa.Column("checkin_at", sa.DateTime()),
    sa.Column("writeup_at", sa.DateTime()),
    sa.Column("bay_in_at", sa.DateTime()),
    sa.Column("work_done_at", sa.DateTime()),
    sa.Column("ready_notified_at", sa.DateTime()),
    sa.Column("delivered_at", sa.DateTime()),
    sa.Column("first_promised_at", sa.DateTime()),
    sa.Column("appointment_at", sa.DateTime()),
    sa.Column("entered_at", sa.DateTime()),
    sa.Column("day_ends_at", sa.DateTime()),  # end of the local check-in day, UTC
    sa.Column("opens_at", sa.DateTime()),  # opening of the check-in day, UTC
    sa.Column("closes_at", sa.DateTime()),
    sa.Column("checkin_day", sa.Date()),
    sa.Column("work_done_day", sa.Date()),
    sa.Column("ready_day", sa.Date()),
    sa.Column("delivered_day", sa.Date()),
    sa.Column("promised_day", sa.Date()),
    sa.Column("checkin_minute", sa.Integer()),  # minute of the local day
    sa.Column("waiting_on_site", sa.Boolean()),
    sa.Column("parts_pending", sa.Boolean()),
    sa.Column("redo_before_leaving", sa.Boolean()),
    sa.Column("complaint_lines", sa.Integer()),
    sa.Column("is_visit", sa.Boolean()),  # repair, not cancelled, with a complaint
    sa.Column("is_comeback", sa.Boolean()),  # same problem delivered <= 30 d before
    sa.Column("comeback_of", sa.String()),
    sa.Column("comeback_rule", sa.String()),
    sa.Column("comeback_at", sa.DateTime()),  # first same-problem return <= 30 d
    sa.Column("comeback_by", sa.String()),
    sa.Column("complained_at", sa.DateTime()),  # first complaint <= 30 d after
    sa.Column("_seq", sa.Integer()),
)

FCT_WORK_SEGMENTS = sa.Table(
    "fct_work_segments",  # when somebody worked on the car; overlaps merged
    METADATA,
    sa.Column("work_order_id", sa.String()),
    sa.Column("store_id", sa.String()),
    sa.Column("day", sa.Date()),
    sa.Column("started_at", sa.DateTime()),
    sa.Column("ended_at", sa.DateTime()),  # null: somebody still works
    sa.Column("_seq", sa.Integer()),
)
STORE_DAYS = sa.Table(
    "store_days",  # one row a store and local day: is it open, from when to when
    METADATA,
    sa.Column("store_id", sa.String()),
    sa.Column("day", sa.Date()),
    sa.Column("is_open", sa.Boolean()),
    sa.Column("opens_at", sa.DateTime()),
    sa.Column("closes_at", sa.DateTime()),
    sa.Column("bays", sa.BigInteger()),
    sa.Column("_seq", sa.Integer()),
)
FCT_SURVEYS = sa.Table(
    "fct_surveys",
    METADATA,
    sa.Column("survey_id", sa.String()),
    sa.Column("instrument_id", sa.String()),
    sa.Column("store_id", sa.String()),
    sa.Column("work_order_id", sa.String()),
    sa.Column("sent_at", sa.DateTime()),
    sa.Column("answered_at", sa.DateTime()),
    sa.Column("sent_day", sa.Date()),
    sa.Column("answered_day", sa.Date()),
    sa.Column("score", sa.Double()),
    sa.Column("is_excluded", sa.Boolean()),
    sa.Column("superseded_at", sa.DateTime()),  # same customer's next answer <= 90 d
    sa.Column("_seq", sa.Integer()),
)
PERSONS = sa.Table(
    "persons",  # which customer records are one person (kpis.md §19)
    METADATA,
    sa.Column("source_system", sa.String()),
    sa.Column("source_customer_id", sa.String()),
    sa.Column("person_id", sa.String()),
    sa.Column("is_first", sa.Boolean()),
    sa.Column("_seq", sa.Integer()),
)
MATCHED = sa.Table(
    "matched",  # the batch up to which customer records have been matched
    METADATA,
    sa.Column("seq", sa.Integer()),
)
MART_DAYS = sa.Table(
    "mart_days",  # which days of which mart a batch made anew (null: all)
    METADATA,
    sa.Column("fact", sa.String()),
    sa.Column("day", sa.Date()),
    sa.Column("seq", sa.Integer()),
)
SOURCE_MARKS = sa.Table(
    "source_marks",  # how far each table of each source reaches
    METADATA,
    sa.Column("source", sa.String()),
    sa.Column("table_name", sa.String()),
    sa.Column("rows", sa.BigInteger()),
    sa.Column("watermark", sa.DateTime()),
    sa.Column("delivered_at", sa.DateTime()),
    sa.Column("fresh_seconds", sa.Double()),
    sa.Column("unknown_columns", sa.String()),
)
STORE_MARKS = sa.Table(
    "store_marks",  # how far each store's rows of a table reach
    METADATA,
    sa.Column("store_id", sa.String()),
    sa.Column("table_name", sa.String()),
    sa.Column("watermark", sa.DateTime()),
)
