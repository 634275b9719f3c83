"""What stands on a wall, in a real browser."""

import json
import re
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callbacks import wall_marks
from pages._ui import wall_pages
from tests.live.matrix import at
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Status

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

CLIPPED = """() => [
    ...document.querySelectorAll('.tile *, .wall__head *, .wall__foot *')]
  .filter((e) => e.offsetParent && e.children.length === 0 && e.textContent
    && (e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0
        || e.getBoundingClientRect().right > innerWidth + 1
        || e.getBoundingClientRect().bottom > innerHeight + 1))
  .map((e) => e.className + ': ' + e.textContent)"""


def live(page: Any) -> Any:
    """Wait until the wall stands."""
    page.locator("html[data-reach=live]").wait_for()
    page.locator("[data-metric]:visible, .quiet:visible").first.wait_for()
    return page


def shown(page: Any) -> str:
    """Return the page that is on the screen."""
    return page.locator(".wall__frame").get_attribute("data-wall-page")


def test_every_tile_carries_its_marks(hang, network):
    """What machines read of a tile is what other pages' tiles carry."""
    page = live(hang())
    tile = page.locator("[data-metric=nps]")

    assert tile.get_attribute("data-status") == "green"
    assert float(tile.get_attribute("data-value")) > 0
    assert tile.get_attribute("data-as-of").endswith("Z")
    assert tile.get_attribute("data-batch") == network.current.id
    frame = page.locator(".wall__frame")
    assert frame.get_attribute("data-page") == "wall"
    assert frame.get_attribute("data-batch") == network.current.id
    assert page.locator("[data-metric]").count() == len(wall_pages.metrics())


def test_a_red_is_on_the_screen_within_ten_seconds(hang, network):
    """From the publish to the page with the red tile, whatever was shown."""
    page = live(hang())
    began = time.monotonic()
    network.renew(colours={"complaint_rate": Status.RED})
    page.locator("[data-metric=complaint_rate][data-status=red]:visible").wait_for()

    assert time.monotonic() - began < 10
    assert shown(page) == "voice"
    assert "1 项超标" in page.locator(".wall__count").inner_text()


def test_a_taken_red_does_not_jump_and_names_who_took_it(hang, network, monkeypatch):
    """It stays red, says 已接手, and waits for its turn."""
    taken = {"S001": {"complaint_rate": "王敏"}}
    monkeypatch.setattr(wall_marks, "everywhere", lambda _state, _now: taken)
    page = live(hang("?dwell=60"))
    network.renew(colours={"complaint_rate": Status.RED, "csat": Status.AMBER})
    tile = page.locator("[data-metric=complaint_rate]")
    page.locator("[data-metric=complaint_rate][data-status=red]").wait_for(
        state="attached"
    )
    page.wait_for_timeout(4_000)

    assert shown(page) != "voice"
    assert tile.locator(".tile__foot").text_content() == "已接手 · 王敏"


def test_all_green_is_quiet_and_a_red_ends_it(hang, network):
    """One large sign instead of numbers; then the number that matters."""
    page = live(hang("?dwell=30"))
    assert page.locator(".quiet").is_visible()
    assert "全部达标" in page.locator(".quiet__text").inner_text()
    network.renew(colours={"bay_util": Status.RED})
    page.locator("[data-metric=bay_util]:visible").wait_for(timeout=10_000)

    assert page.locator(".quiet").is_hidden()


def test_a_silent_store_is_never_quiet(hang, network):
    """What does not report is not all right."""
    network.renew(silent=True)
    page = live(hang())
    page.locator(".wall__banner", has_text="没有新数据").wait_for()

    assert page.locator(".quiet").is_hidden()


def test_a_busy_screen_has_not_lost_its_server(hang):
    """Answers wait while the page computes: it hears them before it says so."""
    page = live(hang())
    page.evaluate(
        "window.reaches = []; new MutationObserver(() => window.reaches.push("
        "document.documentElement.dataset.reach)).observe(document.documentElement, "
        "{attributes: true, attributeFilter: ['data-reach']})"
    )
    page.evaluate(
        "() => { const end = performance.now() + 4000;"
        " while (performance.now() < end); }"
    )
    page.wait_for_timeout(1_500)

    assert "lost" not in page.evaluate("window.reaches")


def test_pages_roll_by_themselves(hang, network):
    """All five, without a hand."""
    network.renew(colours={"csat": Status.AMBER})
    page = live(hang("?dwell=0.6"))
    seen = set()
    for _ in range(60):
        seen.add(shown(page))
        page.wait_for_timeout(150)

    assert seen >= {"now", "today", "quality", "parts", "voice"}


def test_nothing_scrolls_and_nothing_points(hang, network):
    """No scroll bar, no pointer, nothing beyond the edge, on any page."""
    network.renew(colours={m.id: Status.RED for m in wall_pages.metrics()})
    wrong: list[str] = []
    for size in ((1920, 1080), (1080, 1920), (3840, 2160)):
        page = live(hang("?dwell=120", wrong=wrong, width=size[0], height=size[1]))
        assert page.evaluate(
            "[document.documentElement.scrollWidth > innerWidth,"
            " document.documentElement.scrollHeight > innerHeight,"
            " getComputedStyle(document.documentElement).cursor]"
        ) == [False, False, "none"]
        for name in ("now", "today", "quality", "parts", "voice"):
            page.evaluate(
                "(name) => { const r = aftersight.wall.rotation;"
                " r.urgent = []; r.go(name, performance.now()); }",
                name,
            )
            page.locator(f"[data-wall-page={name}] .tile:visible").first.wait_for()
            assert page.evaluate(CLIPPED) == []
        page.close()

    assert wrong == []


def test_english_fits_too(hang, network):
    """Longer words, fewer tiles; nothing is cut."""
    network.renew(colours={m.id: Status.AMBER for m in wall_pages.metrics()})
    page = live(hang("?dwell=120&lang=en"))

    assert page.locator("html").get_attribute("lang") == "en"
    for name in ("now", "today", "quality", "parts", "voice"):
        page.evaluate(
            "(name) => aftersight.wall.rotation.go(name, performance.now())", name
        )
        page.locator(f"[data-wall-page={name}] .tile:visible").first.wait_for()
        assert page.evaluate(CLIPPED) == []


def test_the_screen_is_dimmed_when_the_store_is_closed(hang, network, server):
    """Half an hour after closing, by the store's clock."""
    page = live(hang())
    zone = ZoneInfo("Asia/Shanghai")
    noon = datetime.now(zone).replace(hour=12, minute=0)
    for hour, dims in ((12, False), (18, False), (19, True), (6, True), (7.6, False)):
        moment = noon.replace(hour=int(hour), minute=int(60 * (hour % 1)))
        with at(server, moment):
            network.renew(as_of=moment.astimezone(UTC))
            clock = f"{moment:%H:%M}"
            page.locator(".wall__clock", has_text=clock).wait_for()
            page.wait_for_timeout(600)
            assert (page.locator("html[data-dim]").count() == 1) is dims, hour


def test_the_picture_moves_against_burn_in(hang):
    """A few pixels a minute, never the same twice running."""
    page = live(hang())
    moves = page.evaluate("""() => {
      const frame = document.querySelector('.wall__frame');
      const first = frame.style.transform;
      return [first, first.startsWith('translate(')];
    }""")

    assert moves[1]


def test_another_store_is_refused_and_an_unknown_one_is_named(
    hang, context, proxy, state
):
    """403 for a screen of another store; a person is told that there is none."""
    page = live(hang())
    status = page.evaluate("fetch('/api/v1/walls/S002').then((r) => r.status)")
    assert status == 403
    response = page.goto(f"{proxy.url}/wall/S002")

    assert response.status == 403
    assert "login" not in page.url


def test_a_screen_that_nobody_paired_gets_no_number(context, proxy):
    """It says so, and asks on; there is no sign-in on a wall."""
    page = context.new_page()
    page.goto(f"{proxy.url}/wall/S001")
    page.locator("html[data-reach=stopped]").wait_for()

    assert "已停用" in page.locator(".wall__message").inner_text()
    assert page.locator("[data-metric]").count() == 0
    assert page.url.endswith("/wall/S001")


def test_nothing_personal_reaches_a_wall(hang, network):
    """No phone, plate, VIN, name or whole order number in what is sent."""
    page = live(hang())
    told = page.evaluate("fetch('/api/v1/walls/S001').then((r) => r.json())")
    tiles = [tile for one in told["pages"] for tile in one["tiles"]]
    text = json.dumps([[t for k, t in x.items() if k != "raw"] for x in tiles])

    assert tiles
    assert not re.search(r"1[3-9]\d{9}", text)
    assert not re.search(r"[京沪粤浙川陕][A-Z][·]?[A-Z0-9]{5,6}", text)
    assert not re.search(r"\b(?=\w*[A-Z])(?=\w*\d)[A-HJ-NPR-Z0-9]{17}\b", text)
    assert not re.search(r"\bW[O0]?\d{6,}\b", text)


def test_a_heartbeat_tells_what_is_painted_and_brings_orders(hang, network, state):
    """The fleet page knows the batch on the screen; a reload from there happens."""
    page = live(hang(has_clock=True))
    page.evaluate("window.isOld = true")
    page.clock.run_for(5_000)
    time.sleep(0.5)
    # Screens of other tests are known, too; this one was paired last.
    device = max(state.devices.every(None), key=lambda d: d.created_at)
    assert device.shown.batch == network.current.id
    assert device.shown.build == "first"
    state.devices.reload(device.id, now=datetime.now(UTC))
    for _ in range(20):
        page.clock.run_for(5_000)
        time.sleep(0.3)
        if not page.evaluate("window.isOld"):
            return

    pytest.fail("the screen did not load itself anew")


def test_before_the_first_batch_the_wall_says_so(hang, network):
    """No number is better than an invented one."""
    network.current = None
    page = hang()
    page.locator(".wall__message", has_text="还没有数据").wait_for()

    assert page.locator("[data-metric]").count() == 0


def test_every_metric_of_the_walls_is_in_the_catalogue():
    """A page without tiles, or a tile twice on a page, is a mistake."""
    for one in wall_pages.PAGES:
        assert one.metrics
        assert len({m.id for m in one.metrics}) == len(one.metrics)
    assert {m.id for m in wall_pages.metrics()} <= set(CATALOG)
