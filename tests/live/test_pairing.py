"""A screen that waits to be let in, in a real browser behind a network that breaks."""

from datetime import UTC, datetime

import pytest

from tests.live.network import STORE
from tests.live.test_legibility import needed

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


def approve(state, code: str, name: str) -> None:
    """Let the screen in that shows *code*."""
    state.pairings.approve(code, STORE, name, "test", now=datetime.now(UTC))


def test_a_screen_waits_for_a_server_that_is_away(context, proxy, state):
    """It says so, comes back by itself, and opens its wall when it is let in."""
    page = context.new_page()
    page.goto(f"{proxy.url}/pair?inch=43&distance=3")
    code = page.locator("[data-code]").get_attribute("data-code")
    away = page.locator(".plain__problem")
    assert away.is_hidden()
    proxy.mode = "refuse"
    away.wait_for(state="visible", timeout=20_000)
    assert page.locator("[data-code]").get_attribute("data-code") == code
    proxy.mode = "up"
    away.wait_for(state="hidden", timeout=20_000)
    approve(state, code, "大厅<b>屏")
    page.wait_for_url(f"**/wall/{STORE}?inch=43&distance=3", timeout=20_000)
    page.locator("html[data-reach=live]").wait_for()

    mark = page.locator(".wall__mark")
    assert mark.get_attribute("data-watermark").startswith("大厅<b>屏 · ")


def test_the_code_is_read_from_the_other_end_of_the_room(context, proxy):
    """As large as a wall's label at 6 m, on a screen as on a phone."""
    page = context.new_page()
    for size in ((1920, 1080), (1080, 1920)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"{proxy.url}/pair")
        code = page.locator("[data-code]")
        height = code.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
        assert 0.7 * height >= needed(16, 55, 6, size)
        overflow = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(overflow)


def test_a_new_size_is_taken_without_a_hand_at_the_screen(
    context, proxy, state, network
):
    """The store's manager says 6 m from his desk; the letters grow, and stay so."""
    page = context.new_page()
    page.goto(f"{proxy.url}/pair")
    approve(state, page.locator("[data-code]").get_attribute("data-code"), "resized")
    page.wait_for_url(f"**/wall/{STORE}", timeout=20_000)
    page.locator("[data-metric]").first.wait_for(state="attached")
    label = "document.documentElement.style.getPropertyValue('--label')"
    before = float(page.evaluate(label).removesuffix("px"))
    (device,) = [d for d in state.devices.every(None) if d.name == "resized"]
    state.devices.resize(device.id, type(device.sight)(inches=None, metres=6.0))
    page.wait_for_timeout(6_000)
    after = float(page.evaluate(label).removesuffix("px"))
    page.reload()
    page.locator("[data-metric]").first.wait_for(state="attached")

    assert after == pytest.approx(1.5 * before, abs=2)
    assert float(page.evaluate(label).removesuffix("px")) == after
