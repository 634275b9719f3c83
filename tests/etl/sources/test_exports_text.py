"""Text as other systems export it, each read by configuration alone."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from tests.etl.sources.exports import HEADER, LINES, ROWS, orders, take, told


def lines(delimiter: str = ",", quote: str = '"') -> str:
    """Return the export as text, every field quoted."""
    return "".join(
        delimiter.join(f"{quote}{cell}{quote}" for cell in row) + "\r\n"
        for row in [HEADER, *LINES]
    )


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_encodings_of_china(tmp_path: Path, codec: str) -> None:
    """One list of encodings reads them all; UTF-16 is known by its mark."""
    declared = "'utf-16-le'" if codec == "utf-16-le" else "['utf-8', 'gb18030']"
    (tmp_path / "a.csv").write_bytes(lines().encode(codec))
    assert told(take(tmp_path, orders(f"encoding = {declared}", files="*.csv"))) == ROWS


def test_big5(tmp_path: Path) -> None:
    """Taiwan and Hong Kong write the same words in other bytes."""
    text = "工單號,到店時間,金額\r\n0001,2026年11月5日 下午3:05,1234.5\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode("big5"))
    toml = orders("encoding = 'big5'", files="*.csv")
    for simple, written in zip(HEADER, ("工單號", "到店時間", "金額"), strict=True):
        toml = toml.replace(simple, written)
    assert told(take(tmp_path, toml)) == ROWS[:1]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_whatever_it_is_called(tmp_path: Path, pack) -> None:
    """The bytes say how it is packed, not the ending."""
    (tmp_path / "a.csv").write_bytes(pack(lines().encode()))
    assert told(take(tmp_path, orders(files="*.csv"))) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "||", "@|@", "\x01", "^"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    """The usual four are seen, others are declared; several signs quote nothing."""
    quote = "" if len(delimiter) > 1 else '"'
    text = lines(delimiter, quote).replace("1,234", "1234" if not quote else "1,234")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8", newline="")
    usual = delimiter in ",\t;|"
    written = delimiter.replace("\x01", "\\u0001")
    reading = "" if usual else f'delimiter = "{written}"'
    assert told(take(tmp_path, orders(reading, files="*.txt"))) == ROWS


def test_a_report_with_a_title_and_totals(tmp_path: Path) -> None:
    """The header is found by its names; lines that begin like these are no rows."""
    text = (
        '"售后工单明细表"\n制表人:张三,2026-11-07\n\n'
        + lines()
        + '合计,2,"21,234.50"\n制表日期:2026-11-07\n'
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    reading = 'header_has = ["工单号", "金额"]\ncomment = ["合计", "制表"]'
    taken = take(tmp_path, orders(reading, files="*.csv"))
    assert (told(taken), taken.faults) == (ROWS, [])
    assert taken.column("line") == [5, 6]


def test_a_header_that_is_not_there_says_what_was_looked_for(tmp_path: Path) -> None:
    """The message names the columns and the file."""
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (error,) = take(tmp_path, orders('header_has = ["工单号"]', files="*.csv")).errors
    assert "a.csv" in error
    assert "has all of 工单号" in error


def test_a_header_in_two_lines_of_quotes(tmp_path: Path) -> None:
    """A name may have a line end, also below a preamble."""
    text = '导出时间 2026-11-07\n"工单号\n(单)",到店时间,金额\n0001,2026-11-05,1\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    toml = orders('header_has = ["工单号(单)"]', files="*.csv")
    taken = take(tmp_path, toml.replace('"工单号"', '"工单号(单)"'))
    assert taken.column("partner_order_id") == ["0001"]
    assert taken.column("line") == [4]


def test_names_that_differ_in_width_and_blanks_only(tmp_path: Path) -> None:
    """Full-width brackets, blanks and capitals tell no two columns apart."""
    text = (
        '工单号 （ＤＭＳ）,到店\u3000时间,金额（元）\n0001,2026-11-05 15:05,"1,234.5"\n'
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    toml = orders(files="*.csv").replace('"工单号"', '"工单号(dms)"')
    taken = take(tmp_path, toml.replace('"金额"', '"金额(元)"'))
    assert (told(taken), taken.unknown) == (ROWS[:1], set())


def test_a_header_that_comes_again_and_again(tmp_path: Path) -> None:
    """Pages joined into one file repeat it; a condition leaves it out."""
    (tmp_path / "a.csv").write_text(lines() + lines(), encoding="utf-8", newline="")
    toml = orders(files="*.csv").replace(
        "[table.columns]", "where = \"工单号 <> '工单号'\"\n[table.columns]"
    )
    taken = take(tmp_path, toml)
    assert (told(taken), taken.ignored) == (ROWS + ROWS, 1)


def test_rows_that_end_early_and_late(tmp_path: Path) -> None:
    """Empty cells at the end may be missing or too many; nothing else may."""
    head = "工单号,到店时间,金额\n"
    text = f"{head}0001,2026-11-05 15:05\n0002,2026-11-06 09:00,5,,\n3,,,x\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    taken = take(tmp_path, orders("ragged = true", files="*.csv"))
    assert taken.column("gross_amount") == [None, "5"]
    assert taken.faults == [(4, "expected 3 fields, found 4")]
    strict = take(tmp_path, orders(files="*.csv"))
    assert [line for line, _ in strict.faults] == [2, 3, 4]


def test_columns_of_fixed_width_where_a_character_fills_two(tmp_path: Path) -> None:
    """Old systems count bytes of GBK: 中 is two places wide."""
    text = "0001张三  20261105 1505  1234.50\n0002欧阳李四20261106 0900 20000.00\n"
    (tmp_path / "a.txt").write_bytes(
        "\n".join(line for line in text.splitlines())
        .replace("张三  ", "张三    ")
        .encode("gbk")
    )
    reading = (
        "encoding = 'gb18030'\nheader_row = 0\nwide_two = true\n"
        "names = ['工单号', '客户', '到店时间', '金额']\nwidths = [4, 8, 13, 10]"
    )
    assert told(take(tmp_path, orders(reading, files="*.txt"))) == ROWS


def test_what_keeps_a_spreadsheet_from_reading_a_number(tmp_path: Path) -> None:
    """`="0001"` and a trailing tab are wrappings, not part of the value."""
    text = '工单号,到店时间,金额\n="0001",2026-11-05 15:05,"1234.5\t"\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert told(take(tmp_path, orders(files="*.csv"))) == ROWS[:1]


def test_quoted_line_ends_and_a_file_half_written(tmp_path: Path) -> None:
    """The line counts physical lines; what was cut off is set aside, and only that."""
    head = "工单号,到店时间,备注,金额\n"
    text = f'{head}0001,2026-11-05 15:05,"异响\n已修",1234.5\n0002,2026-'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    taken = take(tmp_path, orders(files="*.csv"))
    assert told(taken) == ROWS[:1]
    assert taken.faults == [(4, "expected 4 fields, found 2")]
    assert taken.unknown == {"备注"}


def test_empty_and_header_only_files(tmp_path: Path) -> None:
    """They hold no rows, and are no error."""
    (tmp_path / "a.csv").write_text("工单号,到店时间,金额\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    taken = take(tmp_path, orders(files="*.csv"))
    assert (taken.rows, taken.faults, taken.errors) == ([], [], [])


def test_the_place_of_a_file_says_what_its_rows_do_not(tmp_path: Path) -> None:
    """A folder a store and a day: partitions are columns, the same bytes other rows."""
    for store in ("S1", "S2"):
        folder = tmp_path / f"store={store}" / "dt=2026-11-05"
        folder.mkdir(parents=True)
        (folder / "part-0.csv").write_text("sku,qty\nP1,3\n", encoding="utf-8")
    taken = take(
        tmp_path,
        """
name = "wms"
[[table]]
table = "stock_snapshots"
files = "**/*.csv"
[table.columns]
store_id = "store"
part_number = "sku"
snapshot_date = "dt"
on_hand = "qty"
max_level = { expression = "length(_file)" }
""",
    )
    assert [(r["store_id"], r["snapshot_date"], r["on_hand"]) for r in taken.rows] == [
        ("S1", "2026-11-05", "3"),
        ("S2", "2026-11-05", "3"),
    ]
    assert taken.column("max_level") == ["33", "33"]
    assert len(set(taken.keys)) == 2  # the ledger must not take them for one


def test_a_name_with_signs_in_it(tmp_path: Path) -> None:
    """# and ! stand in names of files, too."""
    (tmp_path / "工单#1!终.csv").write_text(lines(), encoding="utf-8", newline="")
    assert told(take(tmp_path, orders(files="*.csv"))) == ROWS
