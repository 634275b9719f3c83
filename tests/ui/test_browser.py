"""The dashboard in a real browser: what a reader sees, does, and is spared."""

import pytest

from tests.ui.looking import drawn, serious, width_of

pytestmark = pytest.mark.browser


def test_the_overview_shows_every_part_from_one_batch(visit):
    """Tiles, list, trend, table; one batch id on the frame and on each tile."""
    page = drawn(visit())
    batch = page.locator("#shell-frame").get_attribute("data-batch")
    batches = page.locator(".tile").evaluate_all(
        "tiles => [...new Set(tiles.map(tile => tile.dataset.batch))]"
    )

    assert batches == [batch]
    assert page.locator("#shell-frame").get_attribute("data-page") == "overview"
    assert page.locator("[data-metric=promise_kept]").get_attribute("data-value")
    assert page.locator(".finding").count() > 0
    assert page.title().endswith("总览 · 售后驾驶舱")  # Open alerts come before it.


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/data", "/nope"])
def test_nothing_keeps_anybody_out(visit, theme, address):
    """Axe finds nothing serious, in light and in dark."""
    page = visit(address, theme=theme, quiet=address != "/nope")
    if address == "/":
        drawn(page)
    page.wait_for_timeout(300)

    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert serious(page) == []


@pytest.mark.parametrize("address", ["/", "/data", "/data?source=dms&rule=vin"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(visit, address, language):
    """390 px: one column."""
    join = "&" if "?" in address else "?"
    page = visit(f"{address}{join}lang={language}", width=390, height=844)
    page.locator(".section, .empty").first.wait_for()
    if address == "/":
        drawn(page)

    assert width_of(page) == 390


def test_the_first_kpi_is_seen_on_a_phone_without_scrolling(visit):
    """Value, state and target of the first tile are within the first screen."""
    page = drawn(visit("/", width=390, height=844))
    box = page.locator(".tile").first.bounding_box()

    assert box["y"] + box["height"] <= 844


@pytest.mark.parametrize("width", [1440, 1920])
def test_a_wide_screen_is_used(visit, width):
    """No sideways scroll, and the content fills the width up to its limit."""
    page = drawn(visit("/", width=width))
    box = page.locator(".section--stores").bounding_box()

    assert width_of(page) == width
    assert box["width"] > width * 0.9


def test_a_filter_writes_the_address_and_a_link_reads_it(visit):
    """Choosing a region narrows the page; its address shows the same to the next."""
    page = drawn(visit())
    page.locator("[data-param=region] select").select_option("华东")
    page.locator(".section--stores .note", has_text="8 家门店").wait_for()
    assert "region=%E5%8D%8E%E4%B8%9C" in page.url

    other = drawn(visit(page.url.split("/", 3)[3].join(["/", ""])))
    assert other.locator("[data-param=region] select").input_value() == "华东"
    other.locator(".section--stores .note", has_text="8 家门店").wait_for()


def test_back_returns_to_the_view_before(visit):
    """A filter is a step; the back button takes it back without a new page."""
    page = drawn(visit())
    page.evaluate("window.stays = true")
    page.locator("[data-param=period] select").select_option("7d")
    page.locator("[data-metric=promise_kept] .facts dd", has_text="11月15日").wait_for(
        state="attached"
    )
    page.go_back()
    page.locator(
        "[data-metric=promise_kept] .facts dd", has_text="10月"
    ).first.wait_for(state="attached")

    assert page.locator("[data-param=period] select").input_value() == "default"
    assert page.evaluate("window.stays") is True


def test_a_tile_leads_to_its_trend(visit):
    """Its name is a link; the trend changes in place."""
    page = drawn(visit())
    page.locator("[data-metric=ftfr_30d] .tile__link").click()
    page.locator("#overview-trend-note .note", has_text="首次修复率").wait_for()

    assert "metric=ftfr_30d" in page.url
    assert page.locator("[data-param=metric] select").input_value() == "ftfr_30d"


def test_a_store_in_the_table_opens_its_page(visit):
    """A click on its name, without loading everything anew."""
    page = drawn(visit("/?period=30d"))
    page.evaluate("window.stays = true")
    link = page.locator(".cell__link").first
    store = link.inner_text()
    link.click()
    page.locator("#shell-frame[data-page=store]").wait_for()
    page.locator(".store-head__name", has_text=store).wait_for()

    assert "/stores/S0" in page.url
    assert page.locator("[data-param=period] select").input_value() == "30d"
    assert page.evaluate("window.stays") is True


def test_the_fold_out_shows_the_division(visit):
    """Numerator, denominator and interval, by keyboard."""
    page = drawn(visit())
    tile = page.locator("[data-metric=promise_kept]")
    tile.locator("summary").focus()
    page.keyboard.press("Enter")

    assert tile.locator(".facts").is_visible()
    assert "分母" in tile.inner_text()


def test_the_theme_is_chosen_and_remembered(visit):
    """A choice beats the system and survives a reload."""
    page = drawn(visit(theme="light"))
    page.locator("[data-theme-switch]").select_option("dark")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.reload()
    drawn(page)

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.locator("[data-theme-switch]").input_value() == "dark"


def test_the_language_changes_and_the_view_stays(visit):
    """English, the same region, remembered for the next page."""
    page = drawn(visit("/?region=华东"))
    page.locator("[data-language-switch]").click()
    page.locator(".tile", has_text="Promises kept").wait_for()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("[data-param=region] select").input_value() == "华东"
    page.locator(".nav__link", has_text="Data").click()
    page.locator("h2", has_text="Sources and freshness").wait_for()
    assert page.title() == "Data · Aftersight"


def test_the_menu_says_where_one_is(visit):
    """aria-current follows the page, and the frame's mark too."""
    page = drawn(visit())
    page.locator(".nav__link", has_text="数据").click()
    page.locator("#shell-frame[data-page=data]").wait_for()
    current = page.locator(".nav__link[aria-current=page]")

    assert current.inner_text() == "数据"


def test_rejected_rows_are_two_clicks_away(visit):
    """From the menu to the group to the lines of the file."""
    page = visit("/data")
    page.locator(".section--rejects a.js-view").first.click()
    page.locator("td", has_text="20261121/work_orders.csv").first.wait_for()
    page.locator(".pager a", has_text="下一页").click()
    page.locator(".pager", has_text="第 51–100 条").wait_for()

    assert "page=2" in page.url


def test_a_silent_store_leads_to_its_numbers(visit):
    """The list of silence links to the store's overview."""
    page = visit("/data")
    page.locator(".section--silent a").first.click()
    page.locator("#shell-frame[data-page=overview]").wait_for()
    drawn(page)

    assert page.locator("[data-param=store] select").input_value() == "S003"


def test_paper_gets_a_light_page(visit):
    """Printing hides what can only be clicked and cuts no tile in two."""
    page = drawn(visit())
    page.emulate_media(media="print")

    assert page.locator(".tools").is_hidden()
    assert page.locator(".tile").first.is_visible()


def test_the_keyboard_skips_to_the_content(visit):
    """The first tab stop is the way past the header."""
    page = drawn(visit())
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip"


def test_what_is_hovered_tells_n(visit):
    """A point of the trend names its n and its state."""
    page = drawn(visit())
    page.locator("#overview-trend").scroll_into_view_if_needed()
    box = page.locator("#overview-trend .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("#overview-trend .hoverlayer text", has_text="n =").wait_for()
