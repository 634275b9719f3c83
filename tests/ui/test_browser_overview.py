"""What the overview and a store's page do in a real browser beyond showing numbers."""

import json
from dataclasses import replace

import pytest

from tests.kit import thorough
from tests.ui.conftest import Site
from tests.ui.looking import drawn, serious, width_of

pytestmark = pytest.mark.browser

GRID = "dash_ag_grid.v"


def store_drawn(page):
    """Wait until the page of a store stands."""
    page.locator(".tile[data-metric] .tile__ranks").first.wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    return page


@pytest.mark.parametrize("theme", ["dark", thorough("light")])
def test_nothing_keeps_anybody_out_of_a_store(visit, theme):
    """Axe finds nothing serious on a store's page."""
    page = store_drawn(visit("/stores/S001", theme=theme))
    page.wait_for_timeout(300)

    assert serious(page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_store_fits_a_phone(visit, language):
    """390 px, one column, tables as cards."""
    page = store_drawn(visit(f"/stores/S001?lang={language}", width=390, height=844))

    assert width_of(page) == 390


def test_an_unknown_store_is_told_by_mark_and_word(visit):
    """Nothing but a sentence and the way back."""
    page = visit("/stores/NOWHERE", quiet=False)
    page.locator("[data-state=unknown] h1", has_text="没有这家门店").wait_for()

    assert page.locator(".tile").count() == 0
    assert page.locator(".section:visible").count() == 0


def test_one_glance_at_a_phone_says_what_where_and_since_when(visit):
    """Tally, the worst findings in short, the first tile: all on the first screen."""
    page = drawn(visit("/", width=390, height=844))
    bar = page.locator(".sheet__button").bounding_box()
    last = page.locator(".brief li").last.bounding_box()
    first = page.locator(".tile").first.bounding_box()

    assert last["y"] + last["height"] < first["y"]
    assert first["y"] + first["height"] <= bar["y"]


def test_filters_are_at_the_thumb(visit):
    """A bar at the lower edge opens them; a choice is made; escape puts them away."""
    page = drawn(visit("/", width=390, height=844))
    button = page.locator(".sheet__button")
    box = button.bounding_box()
    assert box["y"] + box["height"] > 844 * 0.9
    assert box["height"] >= 44
    assert page.locator(".filters__choices").is_hidden()
    button.click()
    page.locator("[data-param=period] select").select_option("7d")
    page.locator(".sheet__chosen", has_text="近 7 天").wait_for()
    page.keyboard.press("Escape")

    assert "period=7d" in page.url


def test_ones_own_dates_make_an_address(visit):
    """Native inputs appear, and two days in order become the period."""
    page = drawn(visit())
    assert page.locator(".dates input").count() == 0
    page.locator("[data-param=period] select").select_option("custom")
    page.locator("[data-day=from]").fill("2026-10-01")
    page.locator("[data-day=to]").fill("2026-10-15")
    page.locator(
        "[data-metric=promise_kept] .facts dd", has_text="10月1日–10月15日"
    ).wait_for(state="attached")

    assert "period=2026-10-01..2026-10-15" in page.url
    assert page.locator("[data-day=to]").input_value() == "2026-10-15"


def test_a_closed_month_is_named_in_the_choice(visit):
    """A link to October says that October is over."""
    page = drawn(visit("/?period=2026-10"))
    chosen = page.locator("[data-param=period] option:checked")

    assert chosen.inner_text() == "2026年10月(已结束)"


def test_marks_of_trust_are_seen(visit, site: Site):
    """Late, stores missing and restated stand beside a value, by sign and word."""
    site.standin.current = replace(
        site.standin.current,
        late=frozenset({"ftfr_30d"}),
        restated=frozenset({"promise_kept"}),
    )
    page = drawn(visit())
    restated = page.locator("[data-metric=promise_kept]")

    assert restated.get_attribute("data-restated") == "yes"
    assert "→" in restated.locator("[data-tag=restated]").get_attribute("title")
    assert page.locator("[data-metric=ftfr_30d][data-late=yes]").is_visible()
    assert page.locator("[data-metric=ftfr_30d][data-silent='1']").is_visible()


def test_the_ranking_is_worst_first(visit):
    """Places count up; each name leads to its store."""
    page = drawn(visit("/?metric=ftfr_30d"))
    rows = page.locator("#overview-ranking [data-store]")
    values = [float(v) for v in rows.evaluate_all("e => e.map(x => x.dataset.value)")]

    assert len(values) == 13
    assert values == sorted(values)
    assert "/stores/" in rows.first.locator("a").get_attribute("href")


def test_the_grid_is_loaded_only_where_one_is(visit):
    """Half of all script: not on the page of a store, once on the overview."""
    asked = []
    page = visit("/stores/S001")
    page.on("request", lambda request: asked.append(request.url))
    store_drawn(page).wait_for_timeout(1_000)
    assert (
        page.evaluate(
            "performance.getEntriesByType('resource').map(r => r.name)"
            f".filter(name => name.includes('{GRID}')).length"
        )
        == 0
    )
    page.locator(".brand").click()
    drawn(page)

    assert sum(GRID in url for url in asked) == 1


def test_a_phone_lists_stores_and_fetches_no_grid(visit):
    """Cards, the worst first, each a way to its page; the bundle stays away."""
    page = drawn(visit("/", width=390, height=844))
    page.locator(".cards__card").first.scroll_into_view_if_needed()
    page.wait_for_timeout(5_000)  # Longer than a grid in sight waits for quiet.
    reds = [
        int(card.get_attribute("data-reds"))
        for card in page.locator(".cards__card").all()
    ]
    fetched = page.evaluate(
        "performance.getEntriesByType('resource').map(r => r.name)"
        f".filter(name => name.includes('{GRID}')).length"
    )

    assert reds == sorted(reds, reverse=True)
    assert page.locator(".ag-row").count() == 0
    assert fetched == 0
    page.locator(".cards__name").first.click()
    store_drawn(page)


def test_the_page_can_be_put_on_a_home_screen(visit):
    """A manifest with icons that exist, of the sizes that phones want."""
    page = visit()
    address = page.locator("link[rel=manifest]").get_attribute("href")
    told = page.request.get(f"{page.url.rstrip('/')}{address}")
    manifest = json.loads(told.text())
    icons = [
        page.request.get(f"{page.url.rstrip('/')}/assets/{one['src']}").status
        for one in manifest["icons"]
    ]

    assert told.headers["content-type"].startswith("application/manifest+json")
    assert {one["sizes"] for one in manifest["icons"]} == {"192x192", "512x512"}
    assert icons == [200, 200, 200]


def test_a_chart_fits_the_paper(visit):
    """Printed, its drawing is no wider than the page; afterwards it is as it was."""
    page = drawn(visit("/", width=1920))
    wide = page.locator("#overview-trend .main-svg").first
    before = wide.get_attribute("width")
    page.set_viewport_size({"width": 720, "height": 1000})
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    holder = page.locator(".section--trend").bounding_box()

    assert wide.bounding_box()["width"] <= holder["width"]
    assert wide.get_attribute("viewBox")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert wide.get_attribute("viewBox") is None
    assert before


def test_a_link_shows_the_next_reader_the_same(visit):
    """Scope, period, metric and grain are in the address and nowhere else."""
    first = drawn(visit("/?region=华东&period=2026-09&metric=nps&grain=week"))
    other = drawn(visit(first.url.split("/", 3)[3].join(["/", ""])))
    read = "tiles => tiles.map(t => [t.dataset.metric, t.dataset.value])"

    assert other.locator(".tile").evaluate_all(read) == first.locator(
        ".tile"
    ).evaluate_all(read)
