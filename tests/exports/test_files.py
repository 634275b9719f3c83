"""CSV and Excel of what is on screen: the same numbers, real ones, and no formulas."""

import csv
import io
from datetime import UTC, date, datetime
from urllib.parse import quote

import openpyxl
import pytest

from callbacks.exports_files import (
    BOM,
    Document,
    Share,
    Sheet,
    csv_lines,
    workbook,
)
from pages._ui.address import View
from pages._ui.filters import scope_name
from tests import network
from warehouse.access.events import Did, Search
from warehouse.access.roles import Role
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question

pytestmark = pytest.mark.xdist_group("network")

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")')

VIEWS = ["", "?period=7d", "?region=华东&period=30d", "?store=S002&period=2026-10"]


def lines(response) -> list[dict[str, str]]:
    """Return the lines of a CSV."""
    assert response.status_code == 200, response.text
    text = response.get_data().decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def book(response):
    """Return an Excel file as openpyxl reads it."""
    assert response.status_code == 200, response.text
    return openpyxl.load_workbook(io.BytesIO(response.get_data()))


def table(page) -> list[dict]:
    """Return the rows of a sheet under its heads."""
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    start = next(i for i, row in enumerate(rows) if len(row) > 2 and all(row[:3]))
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def document(rows) -> Document:
    """Return a small document."""
    return Document(
        stem="x",
        title="标题",
        about=[("范围", "=cmd()")],
        marks=[("scope", "=cmd()")],
        sheets=[Sheet("数据", ["甲", "乙", "丙"], ["a", "b", "c"], rows)],
        zone="Asia/Shanghai",
    )


def pages_of(rows):
    """Return the sheets of an Excel file of *rows*."""
    with workbook(document(rows)) as file:
        return openpyxl.load_workbook(file).worksheets


def csv_of(rows) -> list[list[str]]:
    """Return the lines of a CSV of *rows*, the heads first."""
    return list(csv.reader(io.StringIO("".join(csv_lines(document(rows))))))


def test_texts_never_become_formulas():
    """In CSV they are marked as text, in Excel they are texts, the heads as well."""
    rows = [[text, text, 1] for text in NASTY]
    found = csv_of(rows)

    for cells in found[1:]:
        assert cells[0].startswith("'")
        assert cells[-1] == "'=cmd()"
    page = pages_of(rows)[0]
    for row in page.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
        assert all(cell.hyperlink is None for cell in row)
    assert page["B2"].value == "=cmd()"


def test_negative_numbers_stay_numbers():
    """What is marked is text; a number that begins with a minus is none."""
    (_, cells) = csv_of([[-1.5, -2, None]])

    assert cells[:3] == ["-1.5", "-2", ""]


def test_numbers_and_dates_are_real():
    """A share is a number shown in per cent, a day a day, a moment local time."""
    moment = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    rows = [[Share(0.875), date(2026, 11, 20), moment]]
    page = pages_of(rows)[0]
    share, day, when = (page.cell(page.max_row, column) for column in (1, 2, 3))

    assert (share.value, share.number_format) == (0.875, "0.0%")
    assert day.value.isoformat() == "2026-11-20T00:00:00"
    assert when.value.isoformat() == "2026-11-20T15:30:00"
    (_, cells) = csv_of(rows)
    assert cells[:3] == ["0.875", "2026-11-20", "2026-11-20T15:30:00+08:00"]


def test_a_sheet_that_is_full_goes_on_on_the_next(monkeypatch):
    """Excel ends at a million rows; nothing is cut off."""
    monkeypatch.setattr("callbacks.exports_files.MOST_ROWS", 4)
    rows = [[i, i, i] for i in range(10)]
    pages = pages_of(rows)

    assert [page.title for page in pages] == ["数据", "数据 2", "数据 3"]
    assert [row["甲"] for page in pages for row in table(page)] == list(range(10))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_overview_file_says_what_the_api_says(client, view, language):
    """Each tile and each store's cell, for several scopes and periods."""
    join = "&" if view else "?"
    address = f"/export/overview.csv{view}{join}lang={language}"
    found = lines(client.get(quote(address, safe="/?&=")))

    assert {line["batch_id"] for line in found} == {network.warehouse().batch().id}
    compared = 0
    for line in found:
        if line["metric"] == "partner_tier" or not line["value"]:
            continue
        given = {"from": line["first_day"], "to": after(line["last_day"])}
        if line["store_id"]:
            given["where"] = f"store_id={line['store_id']}"
        elif "store=" in view:
            given["where"] = "store_id=S002"
        elif "region=" in view:
            given["where"] = "region=华东"
        name = line["metric"]
        if "store_id" not in CATALOG[name].dimensions:
            given.pop("where", None)
        (reading,) = client.get(f"/api/v1/metrics/{name}", query_string=given).json
        assert float(line["value"]) == reading["value"], line
        assert int(line["n"]) == reading["n"]
        compared += 1
    assert compared > 15
    assert {line["name"] for line in found} <= {
        m.name[language] for m in CATALOG.values()
    }


def after(day: str) -> str:
    """Return the day after *day*."""
    from datetime import timedelta

    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def test_excel_says_what_csv_says(client):
    """The first sheet of the one is the table of the other, with what it is about."""
    found = lines(client.get("/export/overview.csv?lang=en&period=30d"))
    file = book(client.get("/export/overview.xlsx?lang=en&period=30d"))
    page = file.worksheets[0]
    rows = table(page)

    assert len(rows) == len(found)
    for row, line in zip(rows, found, strict=True):
        assert row["Metric"] == line["metric"]
        if row["Value"] is None:
            assert line["value"] == ""
        else:  # Excel keeps 15 digits.
            assert row["Value"] == pytest.approx(float(line["value"]), rel=1e-14)
    about = {page.cell(i, 1).value: page.cell(i, 2).value for i in range(2, 8)}
    assert about["Batch"] == network.warehouse().batch().id
    assert about["Scope"] == "All stores"
    assert "data_admin" in about["Exported"]


def test_store_file_is_the_stores(client):
    """Tiles of one store; a store out of reach is not found."""
    found = lines(client.get("/export/stores/S002.csv"))
    batch = network.warehouse().batch()
    told = {line["metric"]: line for line in found}
    question = Question(where=(("store_id", ("S002",)),))
    (reading,) = batch.read("ftfr_30d", question, EVERYTHING)

    assert {line["store_id"] for line in found} == {"S002"}
    assert float(told["ftfr_30d"]["value"]) == reading.value
    assert client.get("/export/stores/S999.csv").status_code == 404


@pytest.mark.parametrize("metric_id", ["ftfr_30d", "wait_bay", "stockout_rate"])
def test_metric_file_holds_number_trend_and_parts(client, metric_id):
    """One sheet each, with the definition at their heads."""
    file = book(client.get(f"/export/metrics/{metric_id}.xlsx?lang=en"))
    (reading,) = network.warehouse().batch().read(metric_id, Question(), EVERYTHING)
    (number,) = table(file.worksheets[1])

    assert len(file.worksheets) == 4
    assert number["Value"] == pytest.approx(reading.value)
    assert len(table(file.worksheets[2])) > 8
    assert {row["Dimension"] for row in table(file.worksheets[3])} == {"store_id"}
    heads = [file.worksheets[0].cell(i, 2).value for i in range(2, 12)]
    assert CATALOG[metric_id].formula.en in heads


def test_rows_file_adds_up(client):
    """Numerator and denominator of the file are those of the tile, filters included."""
    address = "/export/metrics/ftfr_30d/rows.csv?store=S001"
    found = lines(client.get(address))
    (reading,) = client.get("/api/v1/metrics/ftfr_30d?where=store_id=S001").json

    assert sum(float(line["top"]) for line in found) == reading["numerator"]
    assert sum(float(line["bottom"]) for line in found) == reading["denominator"]
    file = book(client.get(address.replace(".csv", ".xlsx") + "&lang=en"))
    rows = table(file.worksheets[0])
    assert sum(row["Adds to numerator"] for row in rows) == reading["numerator"]
    assert len(rows) == len(found)


def test_files_obey_rights(reader):
    """A store manager gets his store, masked rows for who may not see names."""
    manager = reader(Role.STORE_MANAGER, "store:S001")
    found = lines(manager.get("/export/overview.csv"))
    assert {line["store_id"] for line in found} <= {"", "S001"}
    assert manager.get("/export/stores/S002.csv").status_code in {403, 404}
    own = network.warehouse().batch().stores(EVERYTHING)
    (name,) = (store.name for store in own if store.store_id == "S001")
    assert {line["scope"] for line in found} == {name}
    rows = lines(manager.get("/export/metrics/ftfr_30d/rows.csv?region=华东"))
    assert {line["scope"] for line in rows} == {name}
    region = reader(Role.REGION_MANAGER, "store:S001,S002")
    assert {line["scope"] for line in lines(region.get("/export/overview.csv"))} == {
        scope_name(
            View(),
            [store for store in own if store.store_id in {"S001", "S002"}],
            "zh",
            is_part=True,
        )
    }
    narrowed = reader().get("/export/metrics/ftfr_30d.csv?where=order_type=repair")
    assert {line["scope"] for line in lines(narrowed)} == {"全部门店 · 工单类型 维修"}

    planner = reader(Role.PARTS_PLANNER)
    rows = lines(planner.get("/export/metrics/ftfr_30d/rows.csv"))
    assert all(row["vin"].endswith("*" * 9) for row in rows)
    screen = reader(Role.API_CLIENT)
    assert screen.get("/export/overview.csv").status_code == 403


def test_nobody_unknown_gets_a_file(reader):
    """Without a session there is no file."""
    client = reader()
    client.delete_cookie("aftersight_session")

    assert client.get("/export/overview.csv").status_code in {302, 401}


def test_each_file_is_written_down(client, state):
    """Who took what, with the view; before the first byte leaves."""
    client.get("/export/metrics/ftfr_30d/rows.csv?store=S001&part=rest")
    (event,) = state.audit.find(Search(action=Did.EXPORT), limit=1)

    assert event.object == "metrics/ftfr_30d/rows.csv"
    assert dict(event.detail)["query"] == "store=S001&part=rest"


def test_a_file_of_rows_is_sent_as_it_is_read(client):
    """No packing, which would hold it whole; it may not be kept by anybody."""
    response = client.get(
        "/export/metrics/stockout_days/rows.csv", headers={"Accept-Encoding": "gzip"}
    )

    assert "Content-Encoding" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.content_length is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/export/overview.doc", 404),
        ("/export/metrics/nope.csv", 404),
        ("/export/metrics/ftfr_30d.pdf", 404),
    ],
)
def test_what_does_not_exist_is_not_found(client, address, status):
    """No such file, no such metric."""
    assert client.get(address).status_code == status
