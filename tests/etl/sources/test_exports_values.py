"""Values as other systems write them: times, numbers, switches, gaps, corrections."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.etl.sources.exports import orders, take
from warehouse.errors import ConfigurationError


def one(folder: Path, rule: str, *values: str) -> list[Any]:
    """Return what *rule* makes of each of *values* (`%s` in rule is nothing)."""
    text = "id\tv\n" + "".join(f"{n}\t{value}\n" for n, value in enumerate(values))
    (folder / "a.csv").write_text(text, encoding="utf-8")
    toml = f"""
name = "s"
[[table]]
table = "partner_orders"
files = "a.csv"
[table.columns]
partner_order_id = "id"
partner_id = {{ constant = "P" }}
requested_at = {{ constant = "2026-11-05" }}
status = {rule}
"""
    return take(folder, toml).column("status")


YEAR_FIRST = {
    "2026年11月5日 下午3:05": "2026-11-05T15:05:00",
    "2026年11月05日15时05分30秒": "2026-11-05T15:05:30",
    "2026年11月5日（星期四）上午12:05": "2026-11-05T00:05:00",
    "2026-11-05 中午12:10": "2026-11-05T12:10:00",
    "2026-11-05 晚上11:30": "2026-11-05T23:30:00",
    "2026/11/5 9:5": "2026-11-05T09:05:00",
    "2026.11.05": "2026-11-05",
    "20261105": "2026-11-05",
    "20261105093001": "2026-11-05T09:30:01",
    "2026-11-05 24:00": "2026-11-06T00:00:00",
    "2026-11-05 3:05 PM": "2026-11-05T15:05:00",
    "2026-11-05T09:30:00.123+0800": "2026-11-05T09:30:00.123000+08:00",
    "２０２６－１１－０５　０９：３０": "2026-11-05T09:30:00",
    # No such day, time or year: what was written stays, for the loader to judge.
    "2026-02-30": "2026-02-30",
    "2026-11-05 25:00": "2026-11-05 25:00",
    "05/11/2026": "05/11/2026",
    "0000-00-00": "0000-00-00",
}


def test_times_that_begin_with_their_year(tmp_path: Path) -> None:
    """One format reads them all, mixed in one column."""
    found = one(tmp_path, '{ column = "v", format = "year_first" }', *YEAR_FIRST)
    assert dict(zip(YEAR_FIRST, found, strict=True)) == YEAR_FIRST


def test_formats_mixed_in_one_column(tmp_path: Path) -> None:
    """Counts that cannot be what a format counts are left for the next."""
    formats = '["excel", "epoch_s", "epoch_ms", "%d/%m/%Y %p%I:%M", "year_first"]'
    found = one(
        tmp_path,
        f'{{ column = "v", format = {formats} }}',
        *(
            "45966.5",
            "1762300800",
            "1762300800000",
            "5/11/2025 下午3:05",
            "20251105",
            "x",
        ),
    )
    assert found == [
        "2025-11-05T12:00:00",
        "2025-11-05T00:00:00+00:00",
        "2025-11-05T00:00:00+00:00",
        "2025-11-05T15:05:00",
        "2025-11-05",
        "x",
    ]


NUMBERS = {
    "1,234.5": {
        "￥1,234.50": "1234.5", "(1,200.00)": "-1200", "123-": "-123", "12.5%": "0.125",
        "3.2万元": "32000", "1.5亿": "150000000", "１２３．５": "123.5",
        "RMB 1,000元": "1000", "1.5e3": "1500", "- 5": "-5", ".5": "0.5",
        # Nobody knows what these were meant to be.
        "1,23": "1,23", "12,34,567": "12,34,567", "(5": "(5", "三百": "三百",
    },
    "1.234,5": {"1.234,56": "1234.56", "1,5 €": "1.5", "1.234": "1234"},
    "1 234,5": {"1 234,56": "1234.56", "1\u00a0234": "1234", "1\u202f234,5": "1234.5"},
    "1'234.5": {"1'234.50": "1234.5"},
}  # fmt: skip


@pytest.mark.parametrize("style", NUMBERS)
def test_numbers(tmp_path: Path, style: str) -> None:
    """The style is an example; what is no number of that style stays as found."""
    expected = NUMBERS[style]
    found = one(tmp_path, f'{{ column = "v", number = "{style}" }}', *expected)
    assert dict(zip(expected, found, strict=True)) == expected


@pytest.mark.parametrize(
    ("scale", "value", "found"),
    [("0.01", "12345", "123.45"), ('"1/60"', "90", "1.5"), ("1000", "1.5", "1500")],
)
def test_units(tmp_path: Path, scale: str, value: str, found: str) -> None:
    """Fen to yuan, minutes to hours, thousands."""
    assert one(tmp_path, f'{{ column = "v", scale = {scale} }}', value) == [found]


def test_switches(tmp_path: Path) -> None:
    """Whatever a system ticks; an empty cell is a no where that is said."""
    codes = '{ "√" = "true", Y = "true", "有" = "true", "×" = "false", N = "false" }'
    found = one(
        tmp_path,
        f'{{ column = "v", codes = {codes}, empty = "false" }}',
        *("√", "Y", "有", "×", "N", "", "是"),
    )
    assert found == ["true", "true", "true", "false", "false", "false", "是"]


def test_what_means_nothing(tmp_path: Path) -> None:
    """In one column, or in all."""
    nulls = "['-', '—', 'NULL', '无', '\\N', '0000-00-00', '#N/A', '1900-01-00']"
    values = ("-", "—", "NULL", "无", "\\N", "0000-00-00", "#N/A", "1900-01-00", "x")
    found = one(tmp_path, f'{{ column = "v", null_values = {nulls} }}', *values)
    assert found == [None] * 8 + ["x"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ column = "a", number = "1234" }', "number: found '1234'; write one of"),
        ('{ column = "a", scale = "0" }', "scale: found '0'; write a number above 0"),
        ('{ column = "a", scale = "x" }', "scale: found 'x'; write a number above 0"),
        (
            '{ column = "a", scale = 2, format = "excel" }',
            "a value is either a time .* or a number",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, rule: str, message: str) -> None:
    """As every mistake: the key, what was found, what would be right."""
    with pytest.raises(ConfigurationError, match=message):
        one(tmp_path, rule, "1")


def test_a_log_of_states_with_deletions(tmp_path: Path) -> None:
    """The last state of each order counts; one that was deleted there is cancelled."""
    text = (
        "op,seq,单号,状态,时间\n"
        "I,1,A,在修,2026-11-05 09:00\n"
        "U,9,A,交车,2026-11-05 11:00\n"
        "U,10,A,在修,2026-11-05 12:00\n"
        "I,3,B,在修,2026-11-05 09:30\n"
        "D,11,B,在修,2026-11-05 13:00\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    toml = """
name = "cdc"
[[table]]
table = "work_orders"
files = "*.csv"
where = "row_number() over (partition by 单号 order by try_cast(seq as int) desc) = 1"
[table.compute]
first = "min(时间) over (partition by 单号)"
[table.columns]
work_order_id = "单号"
store_id = { constant = "S" }
vin = { constant = "LVSHCAMB1CE054249" }
order_type = { constant = "repair" }
checkin_at = "first"
updated_at = "时间"
[table.columns.status]
expression = "if(op = 'D', 'D', 状态)"
codes = { D = "cancelled", "交车" = "closed" }
otherwise = "open"
"""
    taken = take(tmp_path, toml)
    found = {r["work_order_id"]: (r["status"], r["checkin_at"]) for r in taken.rows}
    assert found == {
        "A": ("open", "2026-11-05 09:00"),
        "B": ("cancelled", "2026-11-05 09:30"),
    }
    assert taken.ignored == 3


def test_months_side_by_side_under_two_headers(tmp_path: Path) -> None:
    """Two rows of header become one name; the pattern picks one of its measures."""
    head = "配件,2026年1月,,2026年2月,\n,出库,结存,出库,结存\n"
    text = f'{head}P1,5,7,,6\nP2,"1,000",0,3,9\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    toml = """
name = "wms"
[[table]]
table = "stock_movements"
files = "*.csv"
header_row = [1, 2]
unpivot = { columns = "* 出库", name = "month", value = "qty" }
ignore = ["2026年1月 结存", "2026年2月 结存"]
[table.columns]
movement_id = { expression = "配件 || '/' || month" }
store_id = { constant = "S" }
part_number = "配件"
moved_at = { expression = "regexp_extract(month, '^(.*月)', 1)", format = "%Y年%m月" }
qty = { column = "qty", number = "1,234.5" }
"""
    taken = take(tmp_path, toml)
    assert [(r["part_number"], r["moved_at"], r["qty"]) for r in taken.rows] == [
        ("P1", "2026-01-01", "5"),
        ("P2", "2026-01-01", "1000"),
        ("P2", "2026-02-01", "3"),
    ]
    assert taken.unknown == set()


def test_a_key_over_two_columns_and_a_name_that_comes_twice(tmp_path: Path) -> None:
    """`||` is null where a part is, so that half a key is no key."""
    head = "门店,单号,时间,时间,到店时间,金额\n"
    text = f"{head}S1,7,a,b,2026-11-05,1\n,8,a,b,2026-11-05,1\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    toml = orders(columns='status = "时间.1"', files="*.csv").replace(
        '"工单号"', "{ expression = \"门店 || '-' || 单号\" }"
    )
    taken = take(tmp_path, toml)
    assert taken.column("partner_order_id") == ["S1-7", None]
    assert taken.column("status") == ["b", "b"]
    assert taken.unknown == {"时间"}


def test_gaps_of_merged_cells_are_filled_before_anything_else(tmp_path: Path) -> None:
    """Also what a condition leaves out counts as above."""
    text = (
        "工单号,到店时间,金额,kind\n1,2026-11-05,1,x\n,2026-11-06,2,y\n2,,3,x\n,,4,y\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    toml = orders(files="*.csv").replace(
        "[table.columns]",
        "fill_down = ['工单号', '到店时间']\nwhere = \"kind = 'y'\"\n[table.columns]",
    )
    taken = take(tmp_path, toml)
    assert taken.column("partner_order_id") == ["1", "2"]
    assert taken.column("requested_at") == ["2026-11-06", "2026-11-06"]


def test_a_view_of_a_database_without_types(tmp_path: Path) -> None:
    """SQLite keeps what it is given: numbers, texts and bytes in one column."""
    with closing(sqlite3.connect(tmp_path / "dms.db")) as connection:
        connection.executescript("""
            create table ro(id, at, amount, flag, blob, changed);
            insert into ro values ('0001', '2026-11-05 15:05', 1234.5, 1, x'0102', 1);
            insert into ro values (2, '20261105', '1,234.50', 'Y', zeroblob(0), 2);
            insert into ro values (3.0, 1762300800, null, '是', null, 3);
            insert into ro values ('四', '2026年11月5日 下午3:05', 9e999, 0, 'x', null);
            create view orders as select *, id || '-x' as key from ro;
        """)
    toml = f"""
name = "dms"
url = "sqlite:///{tmp_path}/dms.db"
[[table]]
table = "partner_orders"
query = "select * from orders"
watermark = "changed"
watermark_type = "integer"
[table.columns]
partner_order_id = "key"
partner_id = "id"
requested_at = {{ column = "at", format = ["year_first", "epoch_s"] }}
gross_amount = {{ column = "amount", number = "1,234.5" }}
is_new_customer = {{ column = "flag", codes = {{ Y = "1" }} }}
city = "blob"
"""
    taken = take(tmp_path, toml)
    assert [tuple(row.values())[1:] for row in taken.rows] == [
        ("四-x", "四", "2026-11-05T15:05:00", None, "0", "x"),
        ("0001-x", "0001", "2026-11-05T15:05:00", "1234.5", "1", "0102"),
        ("2-x", "2", "2026-11-05", "1234.5", "1", None),
        ("3.0-x", "3", "2025-11-05T00:00:00+00:00", None, "是", None),
    ]
    assert taken.unknown == set()
