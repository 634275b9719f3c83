"""Months on a wall in minutes: what a browser holds must not grow."""

import random
from typing import Any

import pytest

from callbacks.identity import DEVICE_COOKIE
from pages._ui import wall_pages
from tests.live.network import STORE, LiveNetwork, LiveServer, pair
from tests.ui.conftest import shared_server, site, standin, visit
from tests.ui.looking import drawn
from warehouse.metrics.metric import Status

__all__ = ["shared_server", "site", "standin", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

MOST_GROWTH = 0.10
"""Of the heap, over the whole soak."""

COUNT = """() => {
  const frame = document.querySelector('.wall__frame');
  window.painted = 0; window.rolled = 0;
  new MutationObserver((changes) => {
    for (const { attributeName } of changes) {
      if (attributeName === 'data-batch') window.painted += 1;
      else window.rolled += 1;
    }
  }).observe(frame, {
    attributes: true, attributeFilter: ['data-batch', 'data-wall-page'],
  });
}"""


def held(page: Any) -> dict[str, float]:
    """Return what the page holds after a collection: bytes, nodes, listeners."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    told = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    wanted = {"JSHeapUsedSize", "Nodes", "JSEventListeners"}
    return {m["name"]: m["value"] for m in told if m["name"] in wanted}


def soak(page: Any, network: LiveNetwork, refreshes: int, rotations: int) -> tuple:
    """Publish until a wall has painted and rolled that often; return before, after."""
    dice = random.Random(7)
    metrics = [metric.id for metric in wall_pages.metrics()]
    begun: dict[str, float] = {}
    page.evaluate(COUNT)
    while True:
        network.renew(
            colours={
                key: dice.choice((Status.RED, Status.AMBER, Status.GREEN))
                for key in dice.sample(metrics, 6)
            }
        )
        page.wait_for_timeout(60)
        painted, rolled = page.evaluate("[window.painted, window.rolled]")
        if not begun and painted > min(100, refreshes / 3):
            begun = held(page)
        if painted >= refreshes and rolled >= rotations:
            return begun, held(page), painted, rolled


def grown(begun: dict[str, float], ended: dict[str, float]) -> dict[str, float]:
    """Return the growth of each, as a share."""
    return {name: ended[name] / begun[name] - 1 for name in begun}


def run(state: Any, context: Any, refreshes: int, rotations: int) -> tuple:
    """Soak a wall that asks ten times a second and rolls four times."""
    network = LiveNetwork()
    server = LiveServer(network, state, refresh_seconds=0.1)
    url = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": DEVICE_COOKIE, "value": pair(state)[0], "url": url}])
    page = context.new_page()
    page.goto(f"{url}/wall/{STORE}?dwell=0.25")
    page.locator("html[data-reach=live]").wait_for()
    try:
        return soak(page, network, refreshes, rotations)
    finally:
        page.close()
        server.stop()


def test_a_wall_does_not_grow(state, context):
    """A short sample: heap, nodes and listeners after 150 refreshes, 30 rotations."""
    begun, ended, *_ = run(state, context, 150, 30)
    growth = grown(begun, ended)

    assert growth["JSHeapUsedSize"] < MOST_GROWTH
    assert ended["Nodes"] <= begun["Nodes"] + 20
    assert ended["JSEventListeners"] <= begun["JSEventListeners"]


@pytest.mark.stress
def test_a_wall_survives_months(state, context, capsys):
    """1 500 refreshes and 300 rotations."""
    begun, ended, painted, rolled = run(state, context, 1_500, 300)
    growth = grown(begun, ended)
    with capsys.disabled():
        print(f"\nwall: {painted} refreshes, {rolled} rotations")
        for name in begun:
            print(
                f"{name:<20}{begun[name]:>14,.0f}{ended[name]:>14,.0f}"
                f"{growth[name]:>+9.1%}"
            )

    assert growth["JSHeapUsedSize"] < MOST_GROWTH
    assert ended["Nodes"] <= begun["Nodes"] + 20
    assert ended["JSEventListeners"] <= begun["JSEventListeners"]


@pytest.mark.stress
def test_the_overview_survives_its_news(visit, site, capsys):
    """300 batches drawn by Dash: its memory of inputs holds one string each."""
    page = drawn(visit("/"))
    frame = page.locator("#shell-frame")
    sizes = []
    for number in range(300):
        site.standin.publish(2_000 + number)
        page.evaluate(
            "(n) => dash_clientside.set_props('shell-news', {data: n})", str(number)
        )
        page.locator(f"#shell-frame[data-batch$='{2_000 + number:06}']").wait_for()
        if number in (60, 299):
            sizes.append(held(page))
    growth = grown(*sizes)
    with capsys.disabled():
        print(
            f"\noverview, 240 batches: heap {sizes[0]['JSHeapUsedSize']:,.0f} → "
            f"{sizes[1]['JSHeapUsedSize']:,.0f} ({growth['JSHeapUsedSize']:+.1%})"
        )

    assert frame.get_attribute("data-batch").endswith("002299")
    assert growth["JSHeapUsedSize"] < 2 * MOST_GROWTH
    assert growth["Nodes"] < MOST_GROWTH
