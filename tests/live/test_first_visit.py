"""The first visit over a slow line: how much comes, and when something is seen."""

from dataclasses import dataclass
from typing import Any

import pytest

from callbacks.identity import DEVICE_COOKIE
from tests.live.network import STORE, pair
from tests.ui.conftest import SETTINGS, shared_server, site, standin
from tests.ui.looking import TILES
from tests.ui.readers import cookies

__all__ = ["shared_server", "site", "standin"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

LINE = {
    "offline": False,
    "latency": 30,
    "downloadThroughput": 20_000_000 / 8,
    "uploadThroughput": 20_000_000 / 8,
}
"""20 Mbit/s, 30 ms."""

SEEN = """(selector) => new Promise((resolve) => {
  const look = () => {
    if (document.querySelector(selector)) resolve(performance.now() / 1000);
    else requestAnimationFrame(look);
  };
  look();
})"""


@dataclass
class Visit:
    """What a visit cost: requests, kilobytes, seconds until things were seen."""

    requests: int
    kilobytes: float
    seconds: dict[str, float]


def visited(page: Any, address: str, **wanted: str) -> Visit:
    """Open an address over the slow line with an empty cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.emulateNetworkConditions", LINE)
    sizes: list[float] = []
    session.on(
        "Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"])
    )
    page.goto(address, wait_until="commit")
    seconds = {name: page.evaluate(SEEN, one) for name, one in wanted.items()}
    page.wait_for_timeout(1_500)
    return Visit(len(sizes), sum(sizes) / 1000, seconds)


def tell(name: str, visit: Visit) -> None:
    """Print a line of the table."""
    times = ", ".join(f"{what} {s:.1f} s" for what, s in visit.seconds.items())
    print(f"\n{name}: {visit.requests} requests, {visit.kilobytes:,.0f} kB; {times}")


def test_a_wall_is_there_at_once(context, proxy, state):
    """A dozen requests, a few kilobytes."""
    context.add_cookies(
        [{"name": DEVICE_COOKIE, "value": pair(state)[0], "url": proxy.url}]
    )
    page = context.new_page()
    visit = visited(page, f"{proxy.url}/wall/{STORE}", KPI="[data-metric][data-value]")
    tell("wall", visit)

    assert visit.requests <= 24  # with the service worker's copies
    assert visit.kilobytes < 90
    assert visit.seconds["KPI"] < 5


def test_the_overview_comes_over_a_slow_line(context, site, state):
    """Numbers first, charts after; plotly's slim bundle is most of it."""
    context.add_cookies(
        [
            {"name": name, "value": value, "url": site.url}
            for name, value in cookies(state, SETTINGS).items()
        ]
    )
    page = context.new_page()
    visit = visited(
        page,
        f"{site.url}/",
        KPI=f"[data-metric]:nth-of-type({TILES - 1})",
        charts=".js-plotly-plot .main-svg",
    )
    tell("overview", visit)

    assert visit.kilobytes < 1_600
    assert visit.requests < 90
