"""A whole dealer by configuration alone: four systems' exports, counts and KPIs."""

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from etl.refresh import Order, refresh
from etl.sources import load_sources
from tests.kit import settings_in, silent
from warehouse.metrics import Reading
from warehouse.records import Run
from warehouse.scope import EVERYTHING, Question
from warehouse.store.warehouse import Batch, Warehouse

AS_OF = datetime(2026, 11, 20, 4, tzinfo=UTC)
NOVEMBER = {"start": date(2026, 11, 1), "end": date(2026, 12, 1)}
VIN = "LVSHCAMB1CE0542{:02}"

DMS = """
name = "dms"
encoding = "gb18030"
header_has = ["工单号", "车架号"]
comment = ["合计", "打印"]
[[table]]
table = "stores"
files = "门店.csv"
header_has = ["门店代码"]
[table.columns]
store_id = "门店代码"
name = "门店名称"
[[table]]
table = "work_orders"
files = "工单*.xls"
fill_down = ["门店"]
[[table.join]]
alias = "m"
file = "门店.csv"
header_has = ["门店代码"]
on = { "门店" = "门店名称" }
[table.columns]
work_order_id = "工单号"
store_id = "m.门店代码"
vin = "车架号"
order_type = { column = "类型", codes = { "维修" = "repair", "保养" = "maintenance" } }
checkin_at = { column = "进站", format = "year_first" }
ready_notified_at = { column = "通知", format = "year_first" }
delivered_at = { column = "交车", format = "year_first", null_values = ["-"] }
amount = { column = "金额（元）", number = "1,234.5" }
[table.columns.status]
column = "状态"
codes = { "已交车" = "closed", "作废" = "cancelled" }
otherwise = "open"
"""
CRM = """
name = "crm"
zone = "Asia/Shanghai"
[[table]]
table = "complaints"
files = "*.json"
records = "data.list"
ignore = ["$.code", "data.total"]
[table.columns]
complaint_id = "id"
received_at = { column = "time", format = "epoch_ms" }
closed_at = { column = "done", format = "epoch_ms", null_values = ["0"] }
work_order_id = "order.no"
is_substantiated = { column = "valid", codes = { Y = "true", N = "false" } }
"""
CALLS = """
name = "calls"
encoding = ["utf-8", "gb18030"]
delimiter = "||"
[[table]]
table = "surveys"
files = "*.zip"
members = "回访*.txt"
[table.columns]
survey_id = { expression = "工单 || '/' || 轮次" }
instrument_id = { constant = "满意度回访" }
work_order_id = "工单"
answered_at = { column = "时间", format = "year_first" }
score = { column = "星级", number = "1,234.5", scale = "1/2" }
"""


def row(*cells: object) -> str:
    """Return a row of a web page."""
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


@pytest.fixture(scope="module")
def dealer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Batch]:
    """Write the exports as the systems do, and load them in one refresh."""
    folder = tmp_path_factory.mktemp("dealer")
    for name, text in {"dms": DMS, "crm": CRM, "calls": CALLS}.items():
        inner = folder / name
        inner.mkdir()
        told = text.replace('\n"""', "").replace(
            f'name = "{name}"', f'name = "{name}"\nfolder = "{inner}"'
        )
        (folder / f"{name}.toml").write_text(told, encoding="utf-8")
    _dms(folder / "dms")
    _crm(folder / "crm")
    _calls(folder / "calls")
    settings = settings_in(folder / "home")
    sources = load_sources(folder, {})
    run = refresh(settings, sources.values(), Order(now=AS_OF, as_of=AS_OF), silent)
    return run, Warehouse.open(settings).batch()


def _dms(folder: Path) -> None:
    stores = "导出于 2026-11-19\n门店代码,门店名称\nS1,朝阳店\nS2,浦东店\n"
    (folder / "门店.csv").write_bytes(stores.encode("gb18030"))
    rows = [
        row("售后工单明细表"),
        row("门店", "工单号", "车架号", "类型", "状态", "进站", "通知", "交车",
            "金额（元）"),
        row("朝阳店", "R1", VIN.format(1), "维修", "已交车", "2026年11月3日 上午9:00",
            "2026年11月3日 16:30", "2026年11月3日 下午5:00", "￥1,200.00"),
        row("", "R2", VIN.format(2), "保养", "已交车", "2026/11/4 9:00",
            "2026/11/5 9:30", "20261105 1000", 300),
        row("", "R3", VIN.format(3), "维修", "在修", "2026-11-18 24:00", "", "-",
            ""),
        row("浦东店", "R4", VIN.format(4), "维修", "已交车", "2026.11.06 10:00",
            "2026.11.06 14:30", "2026.11.06 15:00", "0.2万元"),
        row("", "R5", VIN.format(5), "维修", "作废", "2026.11.06 11:00", "", "", ""),
        row("", "R6", VIN.format(6), "维修", "已交车", "6/11/2026", "", "", ""),
        row("", "R7", "未知", "维修", "已交车", "2026.11.07", "", "", ""),
        row("合计", 7, "", "", "", "", "", "", "3,500.00"),
        row("打印人：张三"),
    ]  # fmt: skip
    page = f"<html><table>{''.join(rows)}</table></html>"
    (folder / "工单_2026#11.xls").write_bytes(page.encode("gb18030"))


def _crm(folder: Path) -> None:
    def at(day: int, hour: int) -> int:
        return int(datetime(2026, 11, day, hour, tzinfo=UTC).timestamp() * 1000)

    found = [
        {"id": 9007199254740993, "time": at(7, 1), "done": at(8, 1), "valid": "Y",
         "order": {"no": "R1"}},
        {"id": 9007199254740994, "time": at(7, 2), "done": at(12, 2), "valid": "Y",
         "order": {"no": "R4"}},
        {"id": 9007199254740995, "time": at(8, 2), "done": 0, "valid": "N",
         "order": {}},
    ]  # fmt: skip
    answer = {"code": 0, "data": {"total": 3, "list": found}}
    (folder / "complaints.json").write_text(json.dumps(answer), encoding="utf-8")


def _calls(folder: Path) -> None:
    lines = [
        "工单||轮次||时间||星级",
        "R1||1||2026-11-05 10:00||９",
        "R2||1||2026-11-06 10:00||6",
        "R4||1||2026-11-07 10:00||11",
    ]
    with zipfile.ZipFile(folder / "calls.zip", "w") as archive:
        archive.writestr("回访_11.txt", "\n".join(lines).encode("gb18030"))
        archive.writestr("readme.md", "x")


def one(batch: Batch, metric: str) -> Reading:
    """Return a metric's reading of November."""
    (reading,) = batch.read(metric, Question(**NOVEMBER), EVERYTHING)
    return reading


def test_every_row_is_accounted_for(dealer: tuple[Run, Batch]) -> None:
    """Read = loaded + duplicate + rejected; each reason is a row that was broken."""
    run, batch = dealer
    counts = {
        name: (c.read, c.loaded, c.duplicate, c.rejected)
        for name, c in run.tables.items()
        if c.read
    }
    assert counts == {
        "stores": (2, 2, 0, 0),
        "work_orders": (7, 5, 0, 2),
        "complaints": (3, 3, 0, 0),
        "surveys": (3, 2, 0, 1),
    }
    reasons = {
        (r.file, r.line, r.column, r.rule, r.value) for r in batch.rejects(EVERYTHING)
    }
    assert reasons == {
        ("工单_2026#11.xls", 8, "checkin_at", "type", "6/11/2026"),
        ("工单_2026#11.xls", 9, "vin", "vin_shape", "未知"),
        ("calls.zip!回访_11.txt", 4, "score", "score_scale", "5.5"),
    }


def test_the_numbers_are_those_of_the_exports(dealer: tuple[Run, Batch]) -> None:
    """Counted by hand in what was written."""
    _, batch = dealer
    assert one(batch, "orders_arrived").value == 4  # R5 is cancelled
    assert one(batch, "orders_delivered").value == 3
    same_day = one(batch, "same_day")
    assert (same_day.numerator, same_day.denominator) == (2, 4)
    # 4.5, 7.5 and 24.5 hours, and one that is not ready yet
    assert one(batch, "tat_in_shop_p50").value == pytest.approx(7.5)
    assert one(batch, "csat").value == pytest.approx((4.5 + 3) / 2 * 20)
    closed = one(batch, "complaint_close_48h")
    assert (closed.numerator, closed.denominator) == (1, 3)
    by_store = batch.read(
        "orders_arrived", Question(by=("store_id",), **NOVEMBER), EVERYTHING
    )
    assert {r.dimensions["store_id"]: r.value for r in by_store} == {"S1": 3, "S2": 1}
