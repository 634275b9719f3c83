"""A folder in the standard format: what is a delivery, and what is in it."""

import os
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.sources import places, standard_folder
from warehouse.errors import SourceError

STORES = "store_id,name\nS1,Nord\n"


def test_every_folder_with_a_table_is_a_delivery(write, tmp_path, now) -> None:
    """Oldest first, in a delivery what is referred to first; the name has the time."""
    write("live-20261120T080000Z/stores.csv", STORES)
    write("2026-11-19/work_orders.csv", "work_order_id\n")
    write("2026-11-19/stores.csv.gz", STORES)
    pieces = standard_folder(tmp_path, "demo").pieces({}, now)
    assert [(p.place, p.table, p.delivered_at) for p in pieces] == [
        ("2026-11-19/stores.csv.gz", "stores", datetime(2026, 11, 19, tzinfo=UTC)),
        (
            "2026-11-19/work_orders.csv",
            "work_orders",
            datetime(2026, 11, 19, tzinfo=UTC),
        ),
        (
            "live-20261120T080000Z/stores.csv",
            "stores",
            datetime(2026, 11, 20, 8, tzinfo=UTC),
        ),
    ]
    assert {p.source for p in pieces} == {"demo"}


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("2026-11-20", (2026, 11, 20)),
        ("20261120", (2026, 11, 20)),
        ("live-20261120T081502Z", (2026, 11, 20, 8, 15, 2)),
        ("2026-11-20T16:15+08:00", (2026, 11, 20, 8, 15)),
        ("2026-11-20_0815", (2026, 11, 20, 8, 15)),
        ("2026-10", (2026, 10, 31, 23, 59, 59)),
        ("2026-12", (2026, 12, 31, 23, 59, 59)),
        ("2026-13", None),
        ("2010-12.csv", None),
        ("2026-13-20", None),
        ("orders", None),
        ("120261120", None),
        ("v2016-02_03", None),
    ],
)
def test_a_name_tells_when_it_was_delivered(name: str, moment) -> None:
    """A date is its midnight, a time without a zone is UTC, nonsense is no time.

    A month is its end: a delivery of the whole month comes after those of its days.
    """
    expected = moment and datetime(*moment, tzinfo=UTC)
    assert places.moment_in(name) == expected


def test_a_delivery_without_a_time_has_that_of_its_file(write, tmp_path, now) -> None:
    """The modification time, in UTC."""
    path = write("north/stores.csv", STORES)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (piece,) = standard_folder(tmp_path / "north", "x").pieces({}, now)
    assert piece.delivered_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_unknown_files_are_told_and_left_alone(write, tmp_path, now) -> None:
    """A near miss is told; what nobody takes for a table is not; unfinished is not."""
    for name in (
        "work_order.csv",
        "notes.txt",
        "run.json",
        ".stores.csv",
        "stores.csv.part",
    ):
        write(name, STORES)
    source = standard_folder(tmp_path)
    assert source.pieces({}, now) == []
    (notice,) = source.notices
    assert notice.startswith("work_order.csv is no standard table")
    assert "did you mean work_orders" in notice


def test_a_name_that_is_no_utf8_is_told_and_left_alone(tmp_path, now) -> None:
    """A folder from an old archive could neither be reported nor remembered."""
    folder = os.fsencode(tmp_path) + "/交付".encode("gb18030")
    os.mkdir(folder)
    with open(folder + b"/stores.csv", "w") as file:
        file.write(STORES)
    source = standard_folder(tmp_path)
    assert source.pieces({}, now) == []
    assert "its name is no UTF-8; rename it" in source.notices[0].encode().decode()


def test_a_link_is_followed_but_not_round(write, tmp_path, now) -> None:
    """A delivery may lie elsewhere; a link to the folder itself is no delivery."""
    write("elsewhere/stores.csv", STORES)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    pieces = standard_folder(tmp_path / "in").pieces({}, now)
    assert [piece.place for piece in pieces] == ["linked/stores.csv"]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path, now) -> None:
    """Nothing to read is not the same as nowhere to read."""
    with pytest.raises(SourceError, match="no such folder"):
        standard_folder(tmp_path / "gone").pieces({}, now)


def test_unknown_columns_are_named_and_not_handed_on(
    write, tmp_path, now, good
) -> None:
    """They are for the report, the rest is loaded."""
    write("stores.csv", "store_id,colour,name\nS1,red,Nord\n")
    source = standard_folder(tmp_path)
    rows = source.read(source.pieces({}, now)[0])
    assert rows.unknown == ("colour",)
    assert good(rows) == [{"_line": 2, "store_id": "S1", "name": "Nord"}]


def test_a_missing_required_column_refuses_the_file(write, tmp_path, now) -> None:
    """The message has the file, the column, what was found, and a suggestion."""
    write("stores.csv", "store_id,nane\nS1,Nord\n")
    source = standard_folder(tmp_path)
    with pytest.raises(SourceError) as caught:
        source.read(source.pieces({}, now)[0])
    assert "stores.csv, line 1, column name" in str(caught.value)
    assert "'name' is not among store_id, nane; did you mean nane?" in str(caught.value)


def test_an_empty_file_has_no_columns_to_miss(write, tmp_path, now, good) -> None:
    """Zero bytes are zero rows."""
    write("stores.csv", "")
    source = standard_folder(tmp_path)
    assert good(source.read(source.pieces({}, now)[0])) == []


def test_content_is_the_same_wherever_the_file_lies(write, tmp_path, now) -> None:
    """Two deliveries of the same bytes are known by the same key."""
    write("a/stores.csv", STORES)
    write("b/stores.csv", STORES)
    first, second = standard_folder(tmp_path).pieces({}, now)
    assert first.key == second.key
    assert first.place != second.place


def test_old_files_are_not_read_again(write, tmp_path, now, monkeypatch) -> None:
    """Size and time are those remembered, so the content is taken to be, too."""
    write("a/stores.csv", STORES)
    source = standard_folder(tmp_path)
    (piece,) = source.pieces({}, now)
    monkeypatch.setattr(places, "digest", lambda _: pytest.fail("it was read"))
    (again,) = source.pieces({}, now, {piece.place: piece.seen})
    assert again == piece


def test_a_changed_file_is_another_content(write, tmp_path, now) -> None:
    """Another size, or the same size at another time."""
    path = write("a/stores.csv", STORES)
    source = standard_folder(tmp_path)
    (piece,) = source.pieces({}, now)
    path.write_text(STORES.replace("Nord", "West"))
    os.utime(path, ns=(piece.mtime_ns + 1, piece.mtime_ns + 1))
    (again,) = source.pieces({}, now, {piece.place: piece.seen})
    assert again.content != piece.content


def test_a_file_written_this_second_is_not_trusted(write, tmp_path) -> None:
    """Another write in the same instant would not show in its time."""
    path = write("a/stores.csv", STORES)
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    (piece,) = standard_folder(tmp_path).pieces({}, moment)
    assert piece.seen is None


def test_a_file_that_grows_between_listing_and_reading_is_refused(
    write, tmp_path, now
) -> None:
    """What was identified is not what would be read."""
    path = write("stores.csv", STORES)
    source = standard_folder(tmp_path)
    (piece,) = source.pieces({}, now)
    path.write_text(STORES + "S2,West\n")
    with pytest.raises(SourceError, match="written to after it had been listed"):
        source.read(piece)


def test_parquet_reads_like_csv(tmp_path, now, good) -> None:
    """Typed values become the text that a CSV would hold."""
    frame = pa.table(
        {
            "store_id": pa.array([7, 8]),
            "name": ["Nord", None],
            "bays": [6.0, 2.5],
            "opened_on": [datetime(2020, 1, 2, tzinfo=UTC).date(), None],
        }
    )
    pq.write_table(frame, tmp_path / "stores.parquet")
    source = standard_folder(tmp_path)
    assert good(source.read(source.pieces({}, now)[0])) == [
        {
            "_line": 2,
            "store_id": "7",
            "name": "Nord",
            "bays": "6",
            "opened_on": "2020-01-02",
        },
        {"_line": 3, "store_id": "8", "name": None, "bays": "2.5", "opened_on": None},
    ]


def test_damaged_parquet_is_refused(write, tmp_path, now) -> None:
    """Half a file, or no Parquet at all."""
    write("stores.parquet", b"PAR1 and then nothing")
    source = standard_folder(tmp_path)
    with pytest.raises(SourceError, match="Parquet file"):
        source.read(source.pieces({}, now)[0])


def test_a_workbook_is_read_by_the_sheet_of_its_table(
    workbook, tmp_path, now, good
) -> None:
    """Else by its first visible sheet; the line is the row's number in the sheet."""
    workbook(
        "stores.xlsx",
        {
            "Info": [["nothing"]],
            "stores": [["store_id", "name"], None or [], ["S1", "Nord"]],
        },
    )
    source = standard_folder(tmp_path)
    assert good(source.read(source.pieces({}, now)[0])) == [
        {"_line": 3, "store_id": "S1", "name": "Nord"}
    ]
