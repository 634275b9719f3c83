"""Files of other kinds as systems export them, each read by configuration alone."""

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.etl.sources.exports import HEADER, LINES, ROWS, orders, take, told

ORDERS = [dict(zip(HEADER, row, strict=True)) for row in LINES]
PAGE = """<html><head><meta charset="gbk"></head><body>
<table><tr><td>售后工单明细表</td></tr></table>
<table border=1><tr><th>工单号<th rowspan=1>到店<br>时间<th>金额</tr>
<tr><td>0001<td>2026年11月5日&nbsp;下午3:05</td><td>￥1,234.50</td></tr>
<tr><td>0002</td><td>2026/11/6 9:00</td><td>2<b>万</b>元</td></tr>
</table></body></html>"""
SHEET_XML = """<?xml version="1.0" encoding="GB2312"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="说明"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="工单"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">售后工单明细表</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">工单号</Data></Cell>
<Cell><Data ss:Type="String">到店时间</Data></Cell>
<Cell><Data ss:Type="String">金额</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">0001</Data></Cell><Cell><Data ss:Type="DateTime"
>2026-11-05T15:05:00.000</Data></Cell>
<Cell><Data ss:Type="Number">1234.5</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">0002</Data></Cell>
<Cell><Data ss:Type="DateTime"
>2026-11-06T09:00:00.000</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">20000</Data></Cell></Row>
</Table></Worksheet></Workbook>"""
XML = """<?xml version="1.0" encoding="GBK"?>
<r:resp xmlns:r="urn:dms"><code>0</code><orders>
<order 工单号="0001"><到店时间>2026年11月5日 下午3:05</到店时间><金额>￥1,234.50</金额>
<lines><line><sku>A</sku></line><line><sku>B</sku></line></lines></order>
<order 工单号="0002"><到店时间>2026/11/6 9:00</到店时间><金额>2万元</金额>
<lines><line><sku>C</sku></line></lines></order></orders></r:resp>"""
LIST_LINES = """
name = "dms"
[[table]]
table = "work_order_lines"
files = "*"
records = "{records}"
ignore = ["$.code", "orders.到店时间", "orders.金额", "order.到店时间", "order.金额"]
[table.columns]
work_order_id = "{above}.工单号"
part_number = "sku"
[table.columns.line_no]
expression = 'row_number() over (partition by "{above}.工单号" order by _line)'
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps(ORDERS)),
        ("a.json", json.dumps({"code": 0, "data": {"total": 2, "list": ORDERS}})),
        ("a.jsonl", "\n".join(map(json.dumps, ORDERS)) + "\n\n"),
        ("a.json", "\n".join(json.dumps(row, ensure_ascii=False) for row in ORDERS)),
    ],
)
def test_json(tmp_path: Path, name: str, text: str) -> None:
    """A list, the only list of an answer, a record on each line."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    taken = take(tmp_path, orders(files="a.*"))
    assert (told(taken), taken.errors) == (ROWS, [])


def test_json_lines_within_orders(tmp_path: Path) -> None:
    """The way goes through lists; what stands above a record is said with it."""
    nested = [
        {**ORDERS[0], "lines": [{"sku": "A"}, {"sku": "B"}]},
        {**ORDERS[1], "lines": [{"sku": "C"}]},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"code": 0, "orders": nested}))
    toml = LIST_LINES.format(records="orders.lines", above="orders")
    taken = take(tmp_path, toml.replace('"*"', '"a.json"'))
    assert [tuple(row.values())[1:] for row in taken.rows] == [
        ("0001", "A", "1"),
        ("0001", "B", "2"),
        ("0002", "C", "1"),
    ]
    assert taken.unknown == set()


def test_json_numbers_stay_as_found_and_objects_are_spelled_out(tmp_path: Path) -> None:
    """A long number is no float, an inner object is columns, a list is joined."""
    row = (
        '{"id": 202611050000000001, "price": 1234.50, "who": {"name": "张三", '
        '"tags": ["a", "b"]}, "ok": true, "no": null}'
    )
    (tmp_path / "a.json").write_text(f"[{row}]", encoding="utf-8")
    toml = '''
name = "crm"
[[table]]
table = "complaints"
files = "a.json"
[table.columns]
complaint_id = "id"
received_at = { constant = "2026-11-05" }
[table.columns.text]
expression = """concat_ws('/', price, "who.name", "who.tags", ok)"""
'''
    taken = take(tmp_path, toml)
    assert taken.column("complaint_id") == ["202611050000000001"]
    assert taken.column("text") == ["1234.50/张三/a;b/true"]
    assert taken.unknown == {"no"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1}, {"a": ', "a.json, line 1: JSON: it cannot be parsed"),
        ('{"a": [{"x": 1}], "b": [{"y": 1}]}', 'name the records: records = "a"'),
        ('{"a": 1}', "lists of objects: none"),
    ],
)
def test_json_that_cannot_be_read_says_why(
    tmp_path: Path, text: str, message: str
) -> None:
    """A document cut off, two lists, none."""
    (tmp_path / "a.json").write_text(text)
    (error,) = take(tmp_path, orders(files="a.json")).errors
    assert message in error


def test_json_under_another_way(tmp_path: Path) -> None:
    """A way that leads nowhere names what there is."""
    (tmp_path / "a.json").write_text('{"data": {"rows": [{"x": 1}]}}')
    (error,) = take(tmp_path, orders('records = "data.list"', files="a.json")).errors
    assert "nothing stands under 'data.list'; the document holds data" in error
    assert "data.rows" in error


def test_a_line_that_is_no_json_costs_itself_only(tmp_path: Path) -> None:
    """As with CSV, it is set aside with its line."""
    text = f"{json.dumps(ORDERS[0])}\n{{broken\n{json.dumps(ORDERS[1])}\n"
    (tmp_path / "a.ndjson").write_text(text)
    taken = take(tmp_path, orders(files="a.ndjson"))
    assert told(taken) == ROWS
    assert [line for line, _ in taken.faults] == [2]


def test_a_master_that_is_written_otherwise(tmp_path: Path) -> None:
    """What the source says of its files can be taken back for one of them."""
    (tmp_path / "a.json").write_text(json.dumps({"data": {"list": ORDERS}}))
    (tmp_path / "m.csv").write_text("code,city\n0001,北京\n", encoding="utf-8")
    toml = orders(
        'records = "data.list"\ncomment = "0001"', 'city = "m.city"', files="a.json"
    )
    join = """
[[table.join]]
alias = "m"
file = "m.csv"
records = ""
comment = []
on = { "工单号" = "code" }
"""
    taken = take(tmp_path, toml.replace("[table.columns]", f"{join}[table.columns]"))
    assert (told(taken), taken.column("city")) == (ROWS, ["北京", None])


def test_objects_by_key(tmp_path: Path) -> None:
    """Where keys are data, `*` goes through them."""
    text = json.dumps({row["工单号"]: {**row, "工单号": None} for row in ORDERS})
    (tmp_path / "a.json").write_text(text)
    toml = orders('records = "*"', files="a.json").replace('= "工单号"', '= "_key"')
    assert told(take(tmp_path, toml)) == ROWS


def test_xml(tmp_path: Path) -> None:
    """Children and attributes are columns, in any encoding of China."""
    (tmp_path / "a.xml").write_bytes(XML.encode("gbk"))
    reading = 'records = "orders.order"\nencoding = ["utf-8", "gb18030"]'
    assert told(take(tmp_path, orders(reading, files="a.xml"))) == ROWS
    toml = LIST_LINES.format(records="orders.order.lines.line", above="order")
    taken = take(tmp_path, toml.replace('"*"', '"a.xml"\nencoding = "gb18030"'))
    assert taken.column("part_number") == ["A", "B", "C"]
    assert taken.column("work_order_id") == ["0001", "0001", "0002"]


def test_xml_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    """They are how a small file becomes a large one, or reads another."""
    (tmp_path / "a.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (error,) = take(tmp_path, orders('records = "a"', files="a.xml")).errors
    assert "it has a DOCTYPE" in error


@pytest.mark.parametrize("name", ["a.xls", "a.html", "a.csv"])
def test_a_workbook_that_is_a_web_page(tmp_path: Path, name: str) -> None:
    """Many a system calls a page `.xls`; the largest table of it is meant."""
    (tmp_path / name).write_bytes(PAGE.encode("gbk"))
    taken = take(tmp_path, orders('encoding = ["utf-8", "gb18030"]', files="a.*"))
    assert (told(taken), taken.errors) == (ROWS, [])


def test_a_workbook_of_2003_in_xml(tmp_path: Path) -> None:
    """Sheets, gaps and merged cells as in any other workbook."""
    (tmp_path / "a.xls").write_bytes(SHEET_XML.encode("gbk"))
    reading = 'encoding = "gb18030"\nsheet = "工*"\nheader_has = ["工单号"]'
    assert told(take(tmp_path, orders(reading, files="a.xls"))) == ROWS


def test_a_workbook_that_is_text(tmp_path: Path) -> None:
    """Others write tabs and call that `.xls`."""
    text = "".join("\t".join(row) + "\r\n" for row in [HEADER, *LINES])
    (tmp_path / "a.xls").write_bytes(text.encode("utf-16"))
    assert told(take(tmp_path, orders(files="a.xls"))) == ROWS


def test_a_workbook_under_a_wrong_ending(tmp_path: Path, workbook) -> None:
    """What is called xls and is xlsx opens in a spreadsheet, and here."""
    path = workbook("a.xlsx", {"工单": [HEADER, *LINES]})
    path.rename(tmp_path / "a.xls")
    assert told(take(tmp_path, orders(files="a.xls"))) == ROWS


def test_a_report_in_a_workbook(tmp_path: Path, workbook) -> None:
    """Title, two sheets, a cell merged over rows, totals below."""
    rows = [
        ["售后工单明细表"],
        [],
        ["门店", *HEADER],
        ["S1", *LINES[0]],
        [None, *LINES[1]],
        ["合计", None, None, 21234.5],
    ]
    workbook("a.xlsx", {"2026-11 ": rows, "2026-12": rows, "说明": [["x"]]})
    toml = orders(
        'sheet = "2026-*"\nheader_has = ["工单号"]\ncomment = "合计"',
        'city = "门店"\nservice_type = "_sheet"',
        files="a.xlsx",
    )
    toml = toml.replace("[table.columns]", 'fill_down = ["门店"]\n[table.columns]')
    taken = take(tmp_path, toml)
    assert told(taken) == ROWS + ROWS
    assert taken.column("city") == ["S1"] * 4
    assert taken.column("service_type") == ["2026-11", "2026-11", "2026-12", "2026-12"]
    assert taken.column("line") == [4, 5, 4, 5]


def test_archives(tmp_path: Path, workbook) -> None:
    """Members are files like any other, with names in the encoding of Windows."""
    book = workbook("b.xlsx", {"一": [HEADER, LINES[0]], "二": [HEADER, LINES[1]]})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        text = "".join(
            ",".join(f'"{c}"' for c in row) + "\n" for row in [HEADER, *LINES]
        )
        archive.writestr("导出/工单_1.csv", text)
        archive.writestr("导出/说明.txt", "x")
        archive.writestr("__MACOSX/导出/工单_1.csv", "x")
        archive.write(book, "工单_2.xlsx")
    toml = orders('sheet = "*"', files="a.zip")
    toml = toml.replace("[table.columns]", 'members = "工单_*"\n[table.columns]')
    taken = take(tmp_path, toml)
    assert (told(taken), taken.errors) == (ROWS + ROWS, [])
    assert len(set(taken.keys)) == 3


def test_an_archive_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """Half of one, one without such a member, a line within a member."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.csv", "工单号,到店时间\n")
    whole = (tmp_path / "a.zip").read_bytes()
    (error,) = take(tmp_path, orders(files="a.zip")).errors
    assert "a.zip!x.csv, line 1: mapping: columns.gross_amount" in error
    none = orders(files="a.zip").replace(
        "[table.columns]", 'members="y"\n[table.columns]'
    )
    (error,) = take(tmp_path, none).errors
    assert "no member matches y; it holds x.csv" in error
    (tmp_path / "a.zip").write_bytes(whole[: len(whole) // 2])
    (error,) = take(tmp_path, orders(files="a.zip")).errors
    assert "deliver the whole file again" in error


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"Rar!\x1a\x07\x01\0", "RAR archive; unpack it"),
        (b"7z\xbc\xaf\x27\x1c..", "7z archive"),
        (b"%PDF-1.7", "PDF document"),
        (b"SQLite format 3\0", "name it in url: sqlite"),
    ],
)
def test_what_nothing_here_reads_is_named(
    tmp_path: Path, start: bytes, words: str
) -> None:
    """Better than a byte that fits no encoding."""
    (tmp_path / "a.csv").write_bytes(start + b"\0" * 64)
    (error,) = take(tmp_path, orders(files="a.csv")).errors
    assert words in error


def test_parquet_of_partitions(tmp_path: Path) -> None:
    """What a lake writes: typed columns, and the partition in the path."""
    folder = tmp_path / "orders" / "dt=2026-11-05"
    folder.mkdir(parents=True)
    table = pa.table(
        {"工单号": ["0001"], "到店时间": pa.array([1762354800000]), "金额": [1234.5]}
    )
    pq.write_table(table, folder / "part-0.snappy.parquet")
    toml = orders(columns='city = "dt"', files="orders/**/*.parquet")
    taken = take(tmp_path, toml.replace('"year_first"', '["epoch_s", "epoch_ms"]'))
    assert taken.column("requested_at") == ["2025-11-05T15:00:00+00:00"]
    assert taken.column("city") == ["2026-11-05"]
