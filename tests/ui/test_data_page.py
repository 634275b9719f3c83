"""What the browser is told when the data page is opened."""

import json
from dataclasses import replace
from typing import Any

from pages._ui.ids import Data
from tests.ui.standin import StandIn
from tests.ui.test_callbacks import LANGUAGE, URL
from warehouse.records import Outcome


def data(fire: Any, search: str = "", language: str = "zh") -> Any:
    """Open the data page at an address."""
    given = {f"{URL}.search": search, f"{URL}.pathname": "/data", LANGUAGE: language}
    return fire(Data.SOURCES, "children", **given)


def test_the_data_page_shows_every_part(fire):
    """Sources, silence, runs, rejects, members, restatements."""
    told = json.dumps(data(fire), ensure_ascii=False)

    for part in (
        "stock_snapshots",
        "40 小时 / 26 小时",
        "北京服务中心1",
        "闸门拒绝",
        "disk full",
        "LNBSCPKB0HR00000O",
        "LNB1…7",
        "11月17日 – 11月19日",
    ):
        assert part in told


def test_rejected_rows_are_listed_to_file_and_line(fire):
    """The first page of 120 rows, and a way to the next."""
    told = data(fire, "?source=dms&rule=vin")
    shown = json.dumps(told[Data.REJECTS]["children"], ensure_ascii=False)

    assert shown.count("20261121/work_orders.csv") == 50
    assert "第 1–50 条" in shown
    assert "page=2" in shown


def test_the_last_page_of_rejected_rows_has_no_next(fire):
    """120 rows are two full pages and one of 20."""
    told = data(fire, "?rule=vin&page=3")
    shown = json.dumps(told[Data.REJECTS]["children"], ensure_ascii=False)

    assert "第 101–120 条" in shown
    assert "page=4" not in shown


def test_the_data_page_of_an_empty_warehouse_shows_failed_runs(fire, standin: StandIn):
    """When the first refresh was refused, this page says why."""
    standin.current = None
    told = json.dumps(data(fire), ensure_ascii=False)

    assert "还没有数据" in told
    assert "闸门拒绝" in told


def test_a_check_that_only_warns_is_no_refusal(fire, standin: StandIn):
    """Found beyond its limit, yet the batch came out: said as a warning."""
    run = standin.history[0]
    warned = replace(run.gate[0], passed=False, refuses=False)
    standin.history[:] = [replace(run, gate=(warned,))]
    shown = json.dumps(data(fire)[Data.RUNS], ensure_ascii=False)

    assert "提醒" in shown
    assert "不通过" not in shown


def test_a_refusal_is_told_in_words_with_the_place_of_an_example(
    fire, standin: StandIn
):
    """What was too much of what, in the reader's language; where to look."""
    refused = next(run for run in standin.history if run.outcome is Outcome.REFUSED)
    message = (
        "30 of 90 rows of work_orders were set aside: vin vin_shape 3× "
        "(e.g. in a.csv, line 7)"
    )
    gate = tuple(replace(one, message=message) for one in refused.gate)
    standin.history[:] = [replace(refused, gate=gate, message=message)]
    zh = json.dumps(data(fire)[Data.RUNS], ensure_ascii=False)

    assert "工单：被拒收的行占比 31.0%，限值 5.0%" in zh
    assert "(e.g. in a.csv, line 7)" in zh
