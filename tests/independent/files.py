"""Delivered standard files -> the clean tables of read(), by interfaces.md section 3.

A second loader, for whole networks: pandas columns instead of the product's SQL. What
is set aside follows the page («More rules»): a required field that is empty, a text
that is not of its column's kind, an unknown code, a VIN of wrong length or letters
(kpis.md section 18), a delivery before check-in, a score outside its instrument's scale.
Readings that the page leaves open stand in CHOICES.md.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from .schema import DEFAULT_ZONE, KEYS, SCHEMA
from .source import TRUE

FALSE = {"false", "0", "否"}
ENDINGS = (".csv", ".csv.gz", ".parquet")
OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[Zz]|[+-]\d{2}:?\d{2})$"
VIN = r"[0-9A-HJ-NPR-Z]{17}"

# The bold columns of the page; a line's complaint_group may be empty, «an order's line
# without a group is no complaint line».
REQUIRED = {
    "stores": "store_id name",
    "calendar": "store_id date is_open",
    "technicians": "technician_id store_id",
    "attendance": "technician_id work_date attended_hours",
    "job_clocks": "clock_id work_order_id technician_id clock_in_at",
    "customers": "source_system source_customer_id",
    "vehicles": "vin",
    "appointments": "appointment_id store_id appointment_at",
    "work_orders": "work_order_id store_id vin order_type status checkin_at",
    "work_order_lines": "work_order_id line_no",
    "pauses": "work_order_id started_at reason",
    "dispatches": "dispatch_id work_order_id technician_id dispatched_at",
    "parts": "part_number",
    "part_requests": "request_id store_id part_number requested_at qty_requested"
    " qty_filled_first",
    "stock_snapshots": "store_id part_number snapshot_date on_hand",
    "stock_movements": "movement_id store_id part_number moved_at qty",
    "surveys": "survey_id instrument_id",
    "complaints": "complaint_id received_at",
    "partners": "partner_id name partner_type service_type",
    "partner_orders": "partner_order_id partner_id requested_at",
}
ORDER_TYPES = "repair maintenance pdi accident recall ota internal"
CODES = {
    ("work_orders", "order_type"): ORDER_TYPES,
    ("work_orders", "status"): "open closed cancelled",
    ("work_orders", "entry_mode"): "live backfilled paper",
    ("appointments", "order_type"): ORDER_TYPES,
    ("pauses", "reason"): "parts approval outsource closed",
    ("dispatches", "dispatched_by"): "hand system",
    ("stock_movements", "kind"): "receipt issue return adjust transfer",
    ("partners", "partner_type"): "capability resource traffic cocreation",
}
BOUNDS = {("surveys", "score"): (0, 10), ("partner_orders", "rating"): (1, 5)}
ENDS = {  # a span that ends before it begins is no row
    "work_orders": ("checkin_at", "delivered_at"),
    "job_clocks": ("clock_in_at", "clock_out_at"),
    "pauses": ("started_at", "ended_at"),
}
VINS_IN_PLACE = ("work_orders", "vehicles")  # elsewhere a wrong VIN is left out
LOCAL = ("store_id", "work_order_id")  # what tells the zone of a row


@dataclass
class Delivered:
    """The clean tables, and for each table the counts of the run's JSON."""

    tables: dict[str, pd.DataFrame]
    read: dict[str, int]
    loaded: dict[str, int]
    rejected: dict[str, int]


def deliveries(root: Path) -> dict[str, list[Path]]:
    """Return every file of each table, the files of the oldest delivery first.

    A delivery is a folder; its name is a date, and so names sort as deliveries came.
    """
    found: dict[str, list[Path]] = {name: [] for name in SCHEMA}
    for path in sorted(root.rglob("*"), key=lambda p: (p.parent.name, str(p))):
        table = path.name.split(".")[0]
        if table in found and path.name.removeprefix(table) in ENDINGS:
            found[table].append(path)
    return found


def _read(path: Path) -> pd.DataFrame:
    """Read one file: all cells as they stand there."""
    if path.name.endswith(".parquet"):
        return pq.read_table(path).to_pandas(date_as_object=True)
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def _typed(values: pd.Series, kind: str, zones: pd.Series) -> pd.Series:
    """Return one column in its kind; what cannot be read is null."""
    if kind == "t":
        return _moments(values, zones)
    if kind == "d":
        days = pd.to_datetime(values, errors="coerce", format="%Y-%m-%d")
        return days.astype("datetime64[ns]")
    if kind == "n":
        return pd.to_numeric(values, errors="coerce").astype("float64")
    if kind == "b":
        word = values.astype(str).str.strip().str.lower()
        flags = word.isin(TRUE).astype(object)
        return flags.where(word.isin(TRUE | FALSE) & values.notna(), None)
    text = values.astype(object).where(values.notna(), None)
    return text.map(lambda v: str(v).strip() or None, na_action="ignore")


def _moments(values: pd.Series, zones: pd.Series) -> pd.Series:
    """Return times in UTC; without an offset they are local time of the store."""
    out = pd.Series(pd.NaT, index=values.index, dtype="datetime64[ns, UTC]")
    if pd.api.types.is_datetime64_any_dtype(values):
        naive, aware = values.astype("datetime64[ns]"), pd.Series(dtype=str)
    else:
        text = values.dropna().astype(str).str.strip()
        has_offset = text.str.contains(OFFSET)
        aware = text[has_offset]
        naive = pd.to_datetime(text[~has_offset], errors="coerce", format="ISO8601")
    if len(aware):
        moved = pd.to_datetime(aware, errors="coerce", utc=True, format="ISO8601")
        out.loc[aware.index] = moved.astype("datetime64[ns, UTC]")
    naive = naive.dropna()
    for zone, part in naive.groupby(zones.reindex(naive.index)):
        local = part.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward")
        out.loc[part.index] = local.dt.tz_convert("UTC").astype("datetime64[ns, UTC]")
    return out


def _blank(values: pd.Series) -> pd.Series:
    """Tell which cells are empty."""
    if values.dtype == object or isinstance(values.dtype, pd.StringDtype):
        return values.isna() | (values.astype(str).str.strip() == "")
    return values.isna()


def _judge(name: str, raw: pd.DataFrame, typed: pd.DataFrame) -> pd.Series:
    """Tell which rows the page's rules set aside."""
    wrong = pd.Series(False, index=raw.index)
    for column in REQUIRED[name].split():
        wrong |= _blank(raw[column])
    for column in SCHEMA[name]:
        if column in raw:
            wrong |= ~_blank(raw[column]) & typed[column].isna()
    for (table, column), codes in CODES.items():
        if table == name and column in raw:
            known = typed[column].isin(codes.split())
            wrong |= typed[column].notna() & ~known
    for (table, column), (low, high) in BOUNDS.items():
        if table == name:
            wrong |= (typed[column] < low) | (typed[column] > high)
    if name in ENDS:
        begin, end = ENDS[name]
        wrong |= typed[end] < typed[begin]
    if name in VINS_IN_PLACE:
        wrong |= ~typed["vin"].fillna("").str.upper().str.fullmatch(VIN)
    return wrong


def _beyond_scale(typed: pd.DataFrame) -> pd.Series:
    """Tell which scores their instrument cannot give: satisfaction counts 1-5."""
    csat = typed["instrument_id"].fillna("").str.lower().str.contains("csat")
    return csat & ~typed["score"].fillna(1).between(1, 5)


def _zones(name: str, raw: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Return the time zone of each row: its store's, its order's store's, Shanghai."""
    zones = pd.Series(DEFAULT_ZONE, index=raw.index)
    if name == "stores" or not any(column in raw for column in LOCAL):
        return zones
    stores = tables["stores"].set_index("store_id")["timezone"].fillna(DEFAULT_ZONE)
    store = raw["store_id"] if "store_id" in raw else pd.Series(None, index=raw.index)
    if name != "work_orders" and "work_order_id" in raw:
        orders = tables["work_orders"].set_index("work_order_id")["store_id"]
        store = store.where(store.notna(), raw["work_order_id"].map(orders))
    return store.map(stores).fillna(DEFAULT_ZONE)


def _versions(name: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the newest version of each key, and how many rows brought news.

    A version is as old as its updated_at, else as its delivery; only a later one with
    other content is news, everything else is a duplicate.
    """
    key, columns = KEYS[name], [c for c in SCHEMA[name] if c != "first_promised_at"]
    if "updated_at" in columns:
        # Stamps and delivery numbers are not comparable; the demo stamps all rows.
        assert rows["updated_at"].notna().all()
        rows = rows.assign(version=rows["updated_at"])
    else:
        rows = rows.assign(version=rows["delivery"])
    if name == "work_orders":
        promised = rows[rows["promised_at"].notna()]
        promised = promised.sort_values(["version", "delivery"], kind="stable")
        first = promised.drop_duplicates(key).set_index(key)["promised_at"]
        rows["first_promised_at"] = rows["work_order_id"].map(first)
    newest: dict[tuple, tuple] = {}
    news = 0
    cells = rows[columns].astype(object).where(rows[columns].notna(), None)
    keys = rows[key].itertuples(index=False, name=None)
    versions = zip(
        rows["version"], cells.itertuples(index=False, name=None), strict=True
    )
    for place, (which, (version, content)) in enumerate(
        zip(keys, versions, strict=True)
    ):
        known = newest.get(which)
        if known is None or (version > known[0] and content != known[1]):
            news += 1
            newest[which] = (version, content, place)
    kept = rows.iloc[sorted(place for *_, place in newest.values())]
    return kept[list(SCHEMA[name])].reset_index(drop=True), news


def load_folder(root: Path) -> Delivered:
    """Read every delivery below a folder and return the newest state of all tables."""
    files = deliveries(root)
    found = Delivered({}, {}, {}, {})
    first = ("stores", "work_orders")
    for name in (*first, *(other for other in SCHEMA if other not in first)):
        if not files[name]:
            found.tables[name] = pd.DataFrame(columns=list(SCHEMA[name]))
            continue
        found.tables[name] = _load_table(name, files[name], found)
    return found


def _load_table(name: str, files: list[Path], found: Delivered) -> pd.DataFrame:
    """Type, judge and merge all files of one table, and note the counts."""
    good, read = [], 0
    for number, path in enumerate(files):
        raw = _read(path)
        zones = _zones(name, raw, found.tables)
        empty = pd.Series(None, index=raw.index, dtype=object)
        typed = pd.DataFrame(
            {
                column: _typed(raw.get(column, empty), kind, zones)
                for column, kind in SCHEMA[name].items()
            }
        )
        wrong = _judge(name, raw, typed)
        if name == "surveys":
            wrong |= _beyond_scale(typed)
        if "vin" in typed:
            right = typed["vin"].fillna("").str.upper().str.fullmatch(VIN)
            typed["vin"] = typed["vin"].str.upper().where(right, None)
        read += len(raw)
        good.append(typed[~wrong].assign(delivery=number))
    rows = pd.concat(good, ignore_index=True)
    found.read[name], found.rejected[name] = read, read - len(rows)
    table, found.loaded[name] = _versions(name, rows)
    return table
