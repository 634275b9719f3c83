"""The open page through news, trouble and plenty, in a real browser."""

from dataclasses import replace

import pytest

from tests.ui.conftest import Server, Site
from tests.ui.looking import TILES, drawn, serious
from tests.ui.standin import StandIn, StandInBatch

pytestmark = pytest.mark.browser


def test_a_new_batch_is_drawn_once_and_nothing_is_lost(visit, site: Site):
    """Numbers change; filter, scroll and sorting stay; the page is not reloaded."""
    page = drawn(visit("/?region=华东"))
    page.wait_for_timeout(1_000)  # The last chart moves what stands below it.
    page.evaluate("window.stays = true; window.scrollTo(0, 500)")
    page.wait_for_timeout(200)
    at = page.evaluate("window.scrollY")
    asked = []
    page.on(
        "request",
        lambda r: (
            asked.append(r.post_data_json["output"])
            if "_dash-update-component" in r.url
            else None
        ),
    )
    site.standin.publish(900)
    page.locator("#shell-frame[data-batch$='000900']").wait_for(timeout=20_000)
    page.wait_for_timeout(2_500)

    # The page, and the reasons of its alerts; neither of them twice.
    assert sorted("overview-drawn" in output for output in asked) == [False, True]
    assert page.evaluate("window.stays") is True
    # A line more or less above is the page's own business; a jump is not.
    assert at > 400
    assert abs(page.evaluate("window.scrollY") - at) < 24
    assert page.locator("[data-param=region] select").input_value() == "华东"
    assert page.locator(".tile[data-batch$='000900']").count() == TILES


def test_the_first_batch_appears_by_itself(visit, state):
    """An empty warehouse says what to do; the first publish fills the open page."""
    standin = StandIn(current=None)
    batch, server = StandInBatch(), Server(standin, state)
    page = visit(url=server.site.url, quiet=False)
    page.locator(".empty", has_text="etl run").wait_for()
    assert page.locator("#shell-frame").get_attribute("data-empty") == "yes"
    assert page.locator(".section--stores").is_hidden()
    standin.current = batch
    page.locator("[data-metric]").nth(TILES - 1).wait_for(timeout=20_000)

    assert page.locator(".section--stores").is_visible()
    server.stop()


def test_a_server_that_is_gone_is_told(visit, state):
    """Within 25 seconds a banner says since when; the numbers stay, greyed."""
    server = Server(StandIn(), state)
    page = drawn(visit(url=server.site.url, quiet=False))
    server.stop()
    page.locator("#shell-offline", has_text="失去联系").wait_for(timeout=25_000)

    assert page.locator(".tile").count() == TILES
    assert page.locator("html").get_attribute("data-offline") is not None


def test_every_state_is_told_by_attribute_and_word(visit, site: Site):
    """Error, stale and no data stand beside the others without hurting them."""
    site.standin.current = replace(
        site.standin.current,
        broken=frozenset({"nps"}),
        stale=frozenset({"stockout_rate"}),
        without_rows=frozenset({"comeback_in"}),
    )
    page = drawn(visit())

    for metric, state, word in (
        ("nps", "error", "错误"),
        ("stockout_rate", "stale", "过期"),
        ("comeback_in", "nodata", "无数据"),
    ):
        tile = page.locator(f"[data-metric={metric}]")
        assert tile.get_attribute("data-status") == state
        assert word in tile.locator(".chip").inner_text()
    assert serious(page) == []


def test_plenty_of_stores_is_no_trouble(visit, site: Site):
    """300 stores: the table draws what is seen, and sorts by a column."""
    site.standin.current = replace(site.standin.current, store_count=300)
    page = drawn(visit())

    assert page.locator(".ag-row").count() < 120
    page.locator(".ag-header-cell[col-id=ftfr_30d] .ag-header-cell-text").click()
    page.locator(".ag-header-cell[col-id=ftfr_30d][aria-sort=ascending]").wait_for()
