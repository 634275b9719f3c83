"""`python -m etl check`: an unknown file, and a configuration before it is used."""

from pathlib import Path

import pytest

from etl.__main__ import main
from etl.sources.config_tables import read_config
from etl.sources.profile import profile_of

REPORT = """售后工单明细
导出时间：2026-11-07
工单号,门店代码,车架号,维修类型,工单状态,进站时间,结算金额,返修,卡号
0001,S1,LVSHCAMB1CE054249,一般维修,已交车,2026年11月5日 下午3:05,"￥1,234.5",√,4.4E+17
0002,S1,LVSHCAMB1CE054249,定期保养,在修,2026/11/6 9:00,5,-,4.4E+17
0003,S1,LVSHCAMB1CE054249,定期保养,作废,2026/11/6 24:00,5,-,4.4E+17
"""
MAP = """
name = "dms"
[[table]]
table = "partner_orders"
files = "*.csv"
[table.columns]
partner_order_id = "工单号"
partner_id = { constant = "P1" }
requested_at = { column = "到店时间", format = "year_first" }
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch) -> Path:
    """Let the commands have a home of their own."""
    home = tmp_path / "home"
    monkeypatch.setenv("AFTERSIGHT_WAREHOUSE", str(home / "warehouse"))
    monkeypatch.setenv("AFTERSIGHT_STATE", f"sqlite:///{home / 'state.db'}")
    monkeypatch.setenv("AFTERSIGHT_INTAKE", str(home / "intake"))
    monkeypatch.delenv("AFTERSIGHT_SOURCES", raising=False)
    return home


def test_an_unknown_report_becomes_a_configuration_that_loads(
    tmp_path: Path, shell: Path, capsys
) -> None:
    """Encoding, header, times, numbers and codes are seen; the rest is left to say."""
    path = tmp_path / "导出.csv"
    path.write_bytes(REPORT.encode("gb18030"))
    assert main(["check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "text, gb18030, header in line 3" in told
    assert "BROKEN by a spreadsheet" in told
    toml = tmp_path / "dms.toml"
    toml.write_text(told[told.index("name =") :], encoding="utf-8")
    (table,) = read_config(toml, {}).tables
    assert table.table == "work_orders"
    assert table.columns["order_type"].codes == {
        "一般维修": "repair",
        "定期保养": "maintenance",
    }
    assert main(["check", str(toml)]) == 0
    told = capsys.readouterr().out
    assert "work_orders        read 3 = loaded 3 + duplicate 0 + rejected 0" in told
    assert "checkin_at=2026-11-07T00:00:00" in told
    assert "status=cancelled" in told


def test_a_dry_run_says_what_is_wrong_and_leaves_nothing(
    tmp_path: Path, shell: Path, capsys
) -> None:
    """File, line, column, value, and what would be right; columns nothing maps."""
    text = "工单号,到店时间,备注\n1,2026-11-05,x\n2,05/11/2026,y\n3,2026-"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"Rar!\x1a\x07\x01\0")
    (tmp_path / "dms.toml").write_text(MAP, encoding="utf-8")
    assert main(["check", str(tmp_path / "dms.toml")]) == 4
    told = capsys.readouterr().out
    assert "nothing maps    备注" in told
    assert "b.csv: format: this is a RAR archive" in told
    assert "'05/11/2026' in a.csv, line 3; right: a time like" in told
    assert (
        "fields: found 'expected 3 fields, found 2: 3,2026-' in a.csv, line 4" in told
    )
    assert not list(shell.rglob("*"))


def test_a_dry_run_reads_the_beginning_only(
    tmp_path: Path, shell: Path, capsys
) -> None:
    """A large file costs no more than a small one; 0 reads all."""
    rows = "".join(f"{n},2026-11-05\n" for n in range(500))
    (tmp_path / "a.csv").write_text(f"工单号,到店时间\n{rows}", encoding="utf-8")
    (tmp_path / "dms.toml").write_text(MAP, encoding="utf-8")
    assert main(["check", str(tmp_path / "dms.toml"), "--rows", "100"]) == 0
    assert "100 rows, only its beginning" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "dms.toml"), "--rows", "0"]) == 0
    assert "a.csv: 500 rows\n" in capsys.readouterr().out


def test_a_header_below_a_title_may_name_two_columns_alike(tmp_path: Path) -> None:
    """The title is no header for that."""
    path = tmp_path / "台账.csv"
    text = "维修台账\n导出 2026-11-07\n工单号;门店;备注;备注\n1;S1;甲;乙\n2;S1;丙;丁\n"
    path.write_text(text, encoding="utf-8")
    names = [column.name for column in profile_of(path).columns]
    assert names == ["工单号", "门店", "备注", "备注.1"]


def test_an_unknown_file_that_cannot_be_read_says_4(
    tmp_path: Path, shell: Path, capsys
) -> None:
    """It is no crash: the answer is what the file is, and what to do."""
    path = tmp_path / "dms.db"
    path.write_bytes(b"SQLite format 3\0" + bytes(100))
    assert main(["check", str(path)]) == 4
    assert "this is an SQLite database; name it in url" in capsys.readouterr().err


def test_a_wrong_configuration_is_named_before_anything_is_read(
    tmp_path: Path, shell: Path, capsys
) -> None:
    """As everywhere: the file, the key, what would be right."""
    path = tmp_path / "dms.toml"
    path.write_text(MAP.replace("partner_id", "partner_ld"), encoding="utf-8")
    assert main(["check", str(path)]) == 2
    assert "did you mean" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "kind", "formats", "style"),
    [
        (["2026年11月5日", "2026/1/2"], "time", ("year_first",), None),
        (["31/12/2026", "01/02/2026"], "time", ("%d/%m/%Y",), None),
        (["1762300800000", "1762300900000"], "time", ("epoch_ms",), None),
        (["1,234.5", "12", "3.2万"], "number", (), "1,234.5"),
        (["1.234,5", "12,0"], "number", (), "1.234,5"),
        (["0012", "3"], "text", (), None),
        (["12", "3.5"], "number", (), None),
        (["是", "否"], "switch", (), None),
    ],
)
def test_what_values_look_like(tmp_path: Path, values, kind, formats, style) -> None:
    """Only what reads every value is offered; leading zeros are no number."""
    path = tmp_path / "a.txt"
    path.write_text("".join(f"{v}\tx\n" for v in ["col", *values]), encoding="utf-8")
    column = profile_of(path).columns[0]
    assert (column.kind, column.style) == (kind, style)
    assert column.formats[:1] == formats
