"""One small demo network, written once for all tests of this folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from etl.demo import write_network

UNTIL = date(2026, 6, 11)
_STANDARD = {
    "stores": "store_id name name_en region province city city_class store_class "
    "timezone bays opens_at closes_at opened_on closed_on",
    "calendar": "store_id date is_open note",
    "technicians": "technician_id store_id name skill_level skills hired_on left_on",
    "attendance": "technician_id work_date attended_hours",
    "job_clocks": "clock_id work_order_id technician_id clock_in_at clock_out_at "
    "billed_hours",
    "customers": "source_system source_customer_id name phone city vin plate "
    "created_at updated_at",
    "vehicles": "vin model model_year battery_type sold_on source_customer_id plate "
    "home_store_id is_connected",
    "appointments": "appointment_id store_id appointment_at vin source_customer_id "
    "order_type channel status",
    "work_orders": "work_order_id store_id vin order_type status checkin_at "
    "source_customer_id appointment_id writeup_at bay_in_at work_done_at "
    "ready_notified_at delivered_at promised_at waiting_on_site parts_pending "
    "redo_before_leaving mileage_km technician_id advisor_id entry_mode entered_at "
    "predicted_hours amount resolved_remotely updated_at",
    "work_order_lines": "work_order_id line_no complaint_group complaint_code dtc "
    "labour_op part_number is_comeback_flagged description cause correction",
    "pauses": "work_order_id started_at ended_at reason",
    "dispatches": "dispatch_id work_order_id technician_id dispatched_at "
    "dispatched_by reassigned_at reassign_reason",
    "parts": "part_number name category abc_class unit_cost is_stocked "
    "lead_time_days first_received_on",
    "part_requests": "request_id store_id part_number requested_at qty_requested "
    "qty_filled_first work_order_id",
    "stock_snapshots": "store_id part_number snapshot_date on_hand reserved min_level "
    "max_level",
    "stock_movements": "movement_id store_id part_number moved_at qty kind",
    "surveys": "survey_id instrument_id work_order_id source_customer_id store_id "
    "sent_at answered_at score comment is_excluded",
    "complaints": "complaint_id received_at work_order_id partner_order_id closed_at "
    "category is_substantiated text",
    "partners": "partner_id name partner_type service_type cities contract_from "
    "contract_to settlement_mode exclusivity status sharing_level",
    "partner_orders": "partner_order_id partner_id requested_at service_type city vin "
    "responded_at delivered_at status gross_amount rating price_index is_new_customer",
}
_YES_NO = {"是": "true", "否": "false", "1": "true", "0": "false"}
_FLAGS = {
    "is_open",
    "is_connected",
    "waiting_on_site",
    "parts_pending",
    "redo_before_leaving",
    "resolved_remotely",
    "is_comeback_flagged",
    "is_stocked",
    "is_excluded",
    "is_substantiated",
    "exclusivity",
    "is_new_customer",
}


@dataclass(frozen=True)
class Files:
    """A written network and a plain reader of its files."""

    out: Path
    standard = {table: names.split() for table, names in _STANDARD.items()}  # noqa: RUF012

    def truth(self) -> dict:
        """Return what is planted."""
        return json.loads((self.out / "truth.json").read_text("utf-8"))

    def problem(self, what: str) -> dict:
        """Return one planted problem."""
        return next(p for p in self.truth()["problems"] if p["what"] == what)

    def paths(self, table: str, deliveries: str = "*") -> list[Path]:
        """Return the files of a table in the order of delivery."""
        found = self.out.glob(f"*/{deliveries}/{table}.*")
        return sorted(found, key=lambda p: (p.parts[-3], p.parts[-2]))

    def rows(self, table: str, deliveries: str = "*") -> pd.DataFrame:
        """All rows of a table as text, in the order of delivery."""
        pieces = [
            read(path).assign(_system=path.parts[-3], _delivery=path.parts[-2])
            for path in self.paths(table, deliveries)
        ]
        return pd.concat(pieces, ignore_index=True)

    def newest(self, table: str, key: str, deliveries: str = "*") -> pd.DataFrame:
        """Return the last version of each row without the planted dirt."""
        rows = self.rows(table, deliveries)
        clean = rows[~rows[key].str.contains("-X", na=True)]
        return clean.drop_duplicates(key, keep="last").set_index(key).sort_index()


@cache
def read(path: Path) -> pd.DataFrame:
    """Read one file as text, spelled the same way whatever the format."""
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        for name in frame.columns:
            if pd.api.types.is_datetime64_any_dtype(frame[name]):
                frame[name] = frame[name].dt.strftime("%Y-%m-%dT%H:%M:%S")
        frame = frame.astype("string")
    else:
        frame = pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""])
    for name in _FLAGS & set(frame.columns):
        frame[name] = frame[name].str.lower().replace(_YES_NO)
    number = r"^(-?\d+)\.0$"
    return frame.apply(lambda c: c.str.replace(number, r"\1", regex=True))


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Six stores, four months."""
    out = tmp_path_factory.mktemp("demo")
    write_network(out, stores=6, months=4, seed=7, until=UNTIL)
    return Files(out)


@pytest.fixture
def reader() -> Callable[[Path], Files]:
    """Return a reader for another folder."""
    return Files
