"""The configurations for real public data, where the data are at hand.

The files may not be redistributed, so they are no part of the project: these tests
skip on a machine that does not have them (SHARED_DATA names another place).
"""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from etl.sources import open_source
from etl.sources.config_tables import read_config

DOCS = Path(__file__).parents[3] / "docs" / "sources"
DATA = Path(os.environ.get("SHARED_DATA") or DOCS / "../../../shared/data")
NOW = datetime(2100, 1, 1, tzinfo=UTC)
CONFIGURATIONS = sorted(DOCS.glob("*.toml"), key=lambda path: path.name)

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the real data are not at {DATA}"
)


def read(name: str) -> dict[tuple[str, str], pa.Table]:
    """Return every piece of the source in docs/sources, by table and place."""
    source = open_source(str(next(DOCS.glob(f"{name}_*.toml"))), {})
    return {
        (piece.table, piece.place): pa.Table.from_batches(
            list(source.read(piece).batches)
        )
        for piece in source.pieces({}, NOW)
    }


def good(rows: pa.Table) -> pa.Table:
    """Return the rows without faults and without what only faults use."""
    return rows.filter(pc.is_null(rows["_fault"])).drop_columns(["_fault", "_raw"])


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_a_configuration_is_valid_wherever_its_data_are(path: Path) -> None:
    """Every expression binds, every column exists in its contract."""
    assert read_config(path, {}).tables


@needs_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("02", {"stores": 2, "vehicles": 1868, "work_orders": 3451}),
        ("04", {"work_orders": 9202, "pauses": 3208, "dispatches": 10886}),
        ("07", {"parts": 3512, "stock_snapshots": 3512, "stock_movements": 11451}),
        ("10", {"surveys": 1482}),
        ("13", {"stores": 625, "partners": 625, "partner_orders": 374}),
        ("20", {"partners": 60, "partner_orders": 2768, "parts": 161}),
        ("22", {"technicians": 28, "work_orders": 29717}),
    ],
)
def test_each_source_gives_the_rows_it_holds(name: str, counts: dict) -> None:
    """The numbers were counted in the files by other means (SOURCES.md)."""
    found = {table: good(rows).num_rows for (table, _), rows in read(name).items()}
    assert counts.items() <= found.items()


@needs_data
def test_three_dialects_of_one_export_are_the_same_rows() -> None:
    """CRLF, LF with NULL for a blank, semicolons: equal to the last value."""
    found = read("01")
    for table in ("stores", "vehicles", "work_orders", "work_order_lines"):
        first, *others = [rows for (name, _), rows in found.items() if name == table]
        assert len(others) == 2
        assert all(rows.equals(first) for rows in others)


@needs_data
def test_four_crawls_are_fifteen_hundred_complaints() -> None:
    """Two encodings, three headers, two ways to write a date; the same id, one row."""
    tables = [good(rows).drop_columns(["_line"]) for rows in read("14").values()]
    rows = [tuple(row.values()) for table in tables for row in table.to_pylist()]
    assert len(rows) == 2430
    assert len(set(rows)) == len({row[0] for row in rows}) == 1500


@needs_data
def test_a_date_that_only_looks_like_iso_is_read_as_it_was_meant() -> None:
    """2004-12-06 is the 12th of April 2006: otherwise lead times would be years."""
    ((_, orders),) = [
        item for item in read("20").items() if item[0][0] == "partner_orders"
    ]
    rows = [row for row in good(orders).to_pylist() if row["requested_at"]]
    days = sorted(
        (
            datetime.fromisoformat(row["delivered_at"])
            - datetime.fromisoformat(row["requested_at"])
        ).days
        for row in rows
    )
    assert len(rows) == 2497
    assert 80 < days[len(days) // 2] < 100


@needs_data
def test_the_lines_that_are_no_rows_are_the_six_broken_texts() -> None:
    """RTD breaks six texts in two; a quote that quotes nothing is no fault."""
    ((_, orders),) = [
        item for item in read("02").items() if item[0][0] == "work_orders"
    ]
    broken = orders.filter(pc.is_valid(orders["_fault"]))
    assert broken["_line"].to_pylist() == [1117, 1244, 2096, 2963, 3038, 3408]
    assert Counter(broken["_fault"].to_pylist()) == {"expected 7 fields, found 1": 6}
