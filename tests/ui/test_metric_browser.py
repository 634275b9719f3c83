"""A metric in a real browser, over real numbers: from the tile to rows that add up."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server

from app import create_app
from tests import network
from tests.kit import thorough
from tests.ui.conftest import listen
from tests.ui.looking import serious, width_of
from tests.ui.readers import cookies
from warehouse.scope import EVERYTHING, Question

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("network")]


@pytest.fixture(scope="module")
def home(state) -> Iterator[str]:
    """Serve the small network; return its address."""
    app = create_app(network.warehouse(), network.settings(), state)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def look(browser_context, home: str, state) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an address; a complaint of the browser fails."""
    pages, wrong = [], []
    own = cookies(state, network.settings())
    browser_context.add_cookies(
        [{"name": n, "value": v, "url": home} for n, v in own.items()]
    )

    def look(address: str, width: int = 1440, height: int = 900, theme="light") -> Any:
        page = browser_context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        listen(page, home, wrong)
        page.goto(home + address)
        page.locator("#shell-frame[data-page]:not([data-page=''])").wait_for()
        return page

    yield look
    for page in pages:
        page.close()
    browser_context.clear_cookies()
    assert wrong == []


def stands(page: Any, metric_id: str = "ftfr_30d") -> Any:
    """Wait until a metric's page stands."""
    page.locator(f"#metric-tile [data-metric={metric_id}]").wait_for()
    page.locator("#metric-trend .main-svg").first.wait_for()
    return page


def test_from_a_metric_to_rows_that_add_up(look):
    """One click opens the rows; their sums are the tile's number, to the digit."""
    page = stands(look("/metrics-catalog/ftfr_30d"))
    page.locator(".rows__open").click()
    sums = page.locator(".rows__sums")
    sums.wait_for()
    top, bottom = (
        float(sums.get_attribute(f"data-{name}"))
        for name in ("numerator", "denominator")
    )
    value = float(page.locator("#metric-tile article").get_attribute("data-value"))
    (reading,) = network.warehouse().batch().read("ftfr_30d", Question(), EVERYTHING)

    assert top / bottom == value == reading.value
    assert page.locator("#metric-rows tbody tr").count() == 50
    page.locator("#metric-rows .pager a", has_text="下一页").click()
    page.locator("#metric-rows .pager", has_text="第 51–100 行").wait_for()
    assert "page=2" in page.url


def test_three_clicks_from_a_tile_to_its_rows(look):
    """The tile's fold-out, its rows: over the scope and period of the tile."""
    page = look("/?store=S001&period=30d")
    tile = page.locator("[data-metric=promise_kept]")
    tile.locator("summary").click()
    value = tile.get_attribute("data-value")
    tile.locator(".tile__ways a").last.click()
    sums = page.locator(".rows__sums")
    sums.wait_for()
    top, bottom = (
        float(sums.get_attribute(name))
        for name in ("data-numerator", "data-denominator")
    )

    assert top / bottom == float(value)
    assert "store=S001" in page.url


def test_a_member_of_a_breakdown_leads_to_its_rows(look):
    """By technician; the rows are those of the number beside the link."""
    page = stands(look("/metrics-catalog/ftfr_30d?by=technician_id"))
    row = page.locator("#metric-breakdown tbody tr").first
    cells = row.locator(".ranked")
    n = cells.get_attribute("data-n")
    row.locator("a", has_text="明细").click()
    page.locator(f".rows__sums[data-total='{n}']").wait_for()

    assert "where=technician_id" in page.url
    value = page.locator("#metric-tile article").get_attribute("data-value")
    assert float(value) == float(cells.get_attribute("data-value") or value)


def test_a_choice_writes_the_address_and_a_link_reads_it(look, home):
    """Dimension, other scope and grain; the next reader sees the same."""
    page = stands(look("/metrics-catalog/stockout_rate"), "stockout_rate")
    page.locator("[data-param=by] select").select_option("part_number")
    page.locator("#metric-breakdown th", has_text="配件号").wait_for()
    page.locator("[data-param=vs] select").select_option("store_id=S001")
    page.locator("#metric-compare td", has_text="全部门店").wait_for()
    address = page.url.removeprefix(home)

    other = stands(look(address), "stockout_rate")
    other.locator("#metric-breakdown th", has_text="配件号").wait_for()
    assert other.locator("[data-param=vs] select").input_value() == "store_id=S001"
    shown = [
        one.locator("#metric-tile article").get_attribute("data-value")
        for one in (page, other)
    ]
    assert shown[0] == shown[1]


def test_a_point_of_the_trend_leads_to_its_days(look):
    """The table under the figure links each period; the tile follows."""
    page = stands(look("/metrics-catalog/promise_kept"), "promise_kept")
    page.locator("#metric-trend-note summary").click()
    row = page.locator("#metric-trend-note tbody tr").nth(5)
    n = row.locator("td").nth(2).inner_text().replace(",", "")
    row.locator("a").click()
    page.wait_for_url("**period=*..*")
    page.locator("#metric-tile .facts dd", has_text=n).first.wait_for(state="attached")


def test_the_catalogue_is_searched(look):
    """Words narrow the list; a name opens the page."""
    page = look("/metrics-catalog")
    page.locator("[data-catalog]").first.wait_for()
    field = page.locator("[data-param=q] input")
    field.fill("首次修复")
    field.press("Enter")
    page.locator("#catalog-table .note", has_text="2 / ").wait_for()
    page.locator("[data-catalog=ftfr_30d] a").click()
    stands(page)

    assert page.locator("#shell-frame").get_attribute("data-page") == "metric"
    assert "首次修复率" in page.title()


def test_hours_and_lengths_of_a_wait(look):
    """A heat map by weekday and hour, and how long it took."""
    page = stands(look("/metrics-catalog/wait_bay?period=90d"), "wait_bay")

    assert page.locator(".heat tbody tr").count() == 7
    assert page.locator(".heat td[data-level='5']").count() > 0
    page.locator("#metric-spread .main-svg").first.wait_for()


@pytest.mark.parametrize(
    ("address", "theme"),
    [
        ("/metrics-catalog", "dark"),
        ("/metrics-catalog/wait_bay?page=1&vs=network", "light"),
        thorough("/metrics-catalog", "light"),
        thorough("/metrics-catalog/wait_bay?page=1&vs=network", "dark"),
    ],
)
def test_nothing_keeps_anybody_out(look, theme, address):
    """Axe finds nothing serious, in light and in dark."""
    page = look(address, theme=theme)
    page.locator("[data-catalog], .rows__sums").first.wait_for()
    page.wait_for_timeout(500)

    assert serious(page) == []


@pytest.mark.parametrize(
    "address",
    ["/metrics-catalog", "/metrics-catalog/wait_bay?page=1&vs=network&lang=en"],
)
def test_a_phone_never_scrolls_sideways(look, address):
    """390 px: one column."""
    page = look(address, width=390, height=844)
    page.locator("[data-catalog], .rows__sums").first.wait_for()
    page.wait_for_timeout(300)

    assert width_of(page) == 390


def test_a_link_to_a_file_holds_the_view(look, home, state):
    """What is chosen on the overview is what the file is about."""
    page = look("/?period=7d&store=S001")
    page.locator("[data-metric=promise_kept]").wait_for()
    link = page.locator("a[data-export=csv]")
    link.focus()
    address = link.get_attribute("href")

    assert address == "/export/overview.csv?period=7d&store=S001"
    own = cookies(state, network.settings())
    with requests.get(home + address, cookies=own, timeout=30) as file:
        assert file.status_code == 200
        assert "promise_kept" in file.content.decode("utf-8")
