"""The executive pages through news: no flicker, nothing the reader set is lost."""

from typing import Any

import pytest

from tests.ui.conftest import shared_server, site, standin, visit
from tests.ui.looking import TILES, drawn

__all__ = ["shared_server", "site", "standin", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

WATCH = """() => {
  window.fewest = Infinity;
  window.tallest = document.body.scrollHeight;
  window.shortest = Infinity;
  const count = () => {
    const tiles = document.querySelectorAll('[data-metric]').length;
    window.fewest = Math.min(window.fewest, tiles);
    window.shortest = Math.min(window.shortest, document.body.scrollHeight);
  };
  new MutationObserver(count)
    .observe(document.body, { childList: true, subtree: true });
}"""


def renewed(page: Any, site: Any, number: int) -> None:
    """Publish, and wait until it is drawn."""
    site.standin.publish(number)
    page.locator(f"#shell-frame[data-batch$='{number:06}']").wait_for(timeout=25_000)
    page.wait_for_timeout(500)


def test_news_do_not_flicker(visit, site):
    """At no moment is a tile missing, or the page shorter."""
    page = drawn(visit())
    page.evaluate(WATCH)
    renewed(page, site, 910)

    assert page.evaluate("window.fewest") >= TILES
    assert page.evaluate("window.shortest > 0.95 * window.tallest")


def test_what_the_reader_opened_stays_open(visit, site):
    """Details, focus, scroll, the sorted table and the chosen filter."""
    page = drawn(visit("/?region=华东"))
    page.locator("[data-metric] details summary").first.click()
    header = page.locator(".ag-header-cell[col-id=ftfr_30d]")
    header.locator(".ag-header-cell-text").click()
    page.locator(".ag-header-cell[col-id=ftfr_30d][aria-sort=ascending]").wait_for()
    page.evaluate("window.scrollTo(0, 420)")
    page.locator("[data-param=period] select").focus(timeout=5_000)
    page.evaluate("window.scrollTo(0, 420)")
    renewed(page, site, 920)

    assert page.locator("[data-metric] details").first.get_attribute("open") is not None
    # A line more or less above is the page's own business; a jump is not.
    assert abs(page.evaluate("window.scrollY") - 420) < 12
    assert (
        page.evaluate("document.activeElement.closest('[data-param]').dataset.param")
        == "period"
    )
    assert header.get_attribute("aria-sort") == "ascending"
    assert page.locator("[data-param=region] select").input_value() == "华东"


def test_the_tab_carries_the_number_of_reds(visit, site):
    """In its title and on its icon, as many as there are red tiles."""
    page = drawn(visit())
    page.wait_for_timeout(1_500)
    reds = page.locator("[data-metric][data-status=red]").count()

    assert reds > 0
    assert page.title().startswith(f"({reds}) ")
    assert page.locator("link[rel=icon]").get_attribute("href").startswith("data:image")
    page.locator(".nav__link[href='/data']").click()
    page.locator("#shell-frame[data-page=data]").wait_for()
    page.wait_for_timeout(1_500)
    assert not page.title().startswith("(")
    assert "icon.svg" in page.locator("link[rel=icon]").get_attribute("href")


def test_a_hidden_tab_is_drawn_rarely_but_is_drawn(visit, site):
    """Its title is read while nobody looks at the page."""
    page = drawn(visit())
    asked = []
    page.on(
        "request",
        lambda r: asked.append(r.url) if "_dash-update-component" in r.url else None,
    )
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
    )
    renewed(page, site, 930)
    asked.clear()
    site.standin.publish(931)
    page.wait_for_timeout(18_000)

    assert asked == []
    assert page.locator("#shell-frame").get_attribute("data-batch").endswith("930")
