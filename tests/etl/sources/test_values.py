"""Typed values as text: what a CSV of the same rows would hold."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sources.dialect import STANDARD, Dialect
from etl.sources.files import read_file
from etl.sources.values import as_text, column_as_text
from warehouse.errors import SourceError

CHINA = timezone(timedelta(hours=8))


def naive(text: str) -> datetime:
    """Return a time without a zone, as sheets and many databases have them."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("  007 ", "007"),
        ("", None),
        (True, "true"),
        (False, "false"),
        (13800000000.0, "13800000000"),
        (0.1, "0.1"),
        (float("nan"), None),
        (Decimal("12.50"), "12.50"),
        (datetime(2026, 11, 20, 8, 0, tzinfo=CHINA), "2026-11-20T08:00:00+08:00"),
        (naive("2026-11-20T07:59:59.999998"), "2026-11-20T08:00:00"),
        (date(2026, 11, 20), "2026-11-20"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=26, minutes=5), "26:05:00"),
        (timedelta(minutes=-90), "-01:30:00"),
        (["brake", "tyre"], "brake;tyre"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_a_value_has_one_spelling(value, text) -> None:
    """Whole numbers have no point, times are ISO, lists are joined by `;`."""
    assert as_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_back_as_itself(number: float) -> None:
    """No digit is lost, neither by the row nor by the column."""
    assert float(as_text(number)) == number
    (by_column,) = column_as_text(pa.array([number])).to_pylist()
    assert float(by_column) == number


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array([1.0, 2.5, None, float("nan")]), ["1", "2.5", None, None]),
        (pa.array([13800000000.0, 1e20]), ["13800000000", "1e+20"]),
        (pa.array([1, None]), ["1", None]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([" a ", ""]).dictionary_encode(), ["a", None]),
        (pa.array([date(2026, 1, 2)]), ["2026-01-02"]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([["a", "b"], []]), ["a;b", None]),
        (pa.array([naive("2026-01-02T03:04:05")]), ["2026-01-02T03:04:05"]),
        (
            pa.array([naive("2026-01-02T03:04:05.5")]),
            ["2026-01-02T03:04:05.500"],
        ),
        (
            pa.array(
                [datetime(2026, 1, 2, tzinfo=UTC)], pa.timestamp("us", "Asia/Shanghai")
            ),
            ["2026-01-02T08:00:00+08:00"],
        ),
        (pa.nulls(1), [None]),
        (pa.array([time(8, 30)]), ["08:30:00"]),
    ],
)
def test_a_column_has_the_same_spelling(column: pa.Array, texts: list) -> None:
    """Parquet and databases agree with what a person would type."""
    assert column_as_text(column).to_pylist() == texts


@pytest.mark.parametrize("year_1904", [False, True])
def test_a_workbook_counts_its_days_from_its_own_year(
    workbook, cell, good, year_1904: bool
) -> None:
    """1900 or 1904: the same day is another number, and the same text."""
    day = 46346 - (1462 if year_1904 else 0)  # 2026-11-20
    path = workbook(
        "a.xlsx",
        {
            "May": [
                ["day", "at", "clock", "n", "yes"],
                [cell(day, 1), cell(day + 1 / 3, 2), cell(0.5, 3), 1.0, True],
            ]
        },
        year_1904=year_1904,
    )
    assert good(read_file(path, STANDARD)) == [
        {
            "_line": 2,
            "day": "2026-11-20",
            "at": "2026-11-20T08:00:00",
            "clock": "12:00:00",
            "n": "1",
            "yes": "true",
        }
    ]


def test_a_row_of_a_sheet_may_be_short_or_long(workbook, good) -> None:
    """Missing cells are empty; a note beside the table is a column without a name."""
    path = workbook("a.xlsx", {"x": [["a", "b"], ["1"], ["1", "2", "note"]]})
    short, long = good(read_file(path, STANDARD))
    assert (short["a"], short["b"]) == ("1", None)
    assert (long["a"], long["b"], long["column_3"]) == ("1", "2", "note")


def test_the_header_of_a_sheet_may_stand_lower(workbook, good) -> None:
    """Titles above it are left out; so are lines below it that are no data."""
    path = workbook("a.xlsx", {"x": [["Report"], [], ["a"], ["[h]"], ["1"]]})
    dialect = Dialect(header_rows=(3,), skip_after=1)
    assert good(read_file(path, dialect)) == [{"_line": 5, "a": "1"}]


def test_a_sheet_that_is_not_there_is_an_error(workbook) -> None:
    """The message offers the sheets there are."""
    path = workbook("a.xlsx", {"January": [["a"]]})
    with pytest.raises(SourceError, match="did you mean January"):
        read_file(path, Dialect(sheets=("Januar",)))


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_no_workbook_is_an_error(write, name: str) -> None:
    """Text that is called a workbook."""
    with pytest.raises(SourceError, match="workbook"):
        read_file(write(name, b"PK\x03\x04 not really" * 20), STANDARD)
