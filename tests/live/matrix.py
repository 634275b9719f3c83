"""The failure matrix: each fault, when it is told, and how soon it is over."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.live.network import LiveNetwork, LiveServer, pair
from tests.live.proxy import FaultProxy

RECOVERY = 15.0
"""Seconds after the service is back within which a screen shows new values."""


@dataclass
class Outcome:
    """What a fault did: seconds until it was told, and until new values."""

    fault: str
    told: float | None = None
    recovered: float | None = None
    note: str = ""


@dataclass
class Scene:
    """A screen on a wall, its server, and the network between."""

    page: Any
    proxy: FaultProxy
    server: LiveServer
    network: LiveNetwork
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def interval(self) -> float:
        """Seconds between two refreshes."""
        return self.server.settings.refresh_seconds

    def reach(self) -> str:
        """Return what the screen says of its connection."""
        return self.page.evaluate("document.documentElement.dataset.reach")

    def until(self, is_so: Callable[[], bool], longest: float) -> float:
        """Wait; return the seconds it took, or fail."""
        began = time.monotonic()
        while not is_so():
            took = time.monotonic() - began
            assert took < longest, f"not within {longest} s; {self.describe()}"
            time.sleep(0.05)
        return time.monotonic() - began

    def describe(self) -> str:
        """Return what is on the screen, for a failure's message."""
        return str(
            self.page.evaluate(
                "[document.documentElement.dataset.reach,"
                " document.querySelector('.wall__banner').textContent,"
                " document.querySelector('.wall__frame').dataset.batch]"
            )
        )

    def shows(self, batch_id: str) -> bool:
        """Tell whether a batch has been painted and is believed."""
        return (
            self.page.evaluate(
                "document.querySelector('.wall__frame').dataset.batch"
                " + ' ' + document.documentElement.dataset.reach"
            )
            == f"{batch_id} live"
        )

    def recovers(self, longest: float = RECOVERY) -> float:
        """Publish, and wait until it is on the screen."""
        batch_id = self.network.renew()
        return self.until(lambda: self.shows(batch_id), longest)

    def tells(self, fault_began: float) -> float:
        """Wait for the sign; return the seconds since the fault began."""
        self.until(lambda: self.reach() == "lost", 6 * self.interval + 5)
        return time.monotonic() - fault_began


def away(scene: Scene, fault: str, mode: str, seconds: float) -> Outcome:
    """Break the network for *seconds*; it is told meanwhile."""
    heard = scene.page.evaluate("aftersight.wall.live.age()") / 1000
    began = time.monotonic()
    scene.proxy.mode = mode
    told = scene.tells(began) + heard
    assert scene.page.locator(".wall__banner").inner_text()
    grey = "document.querySelectorAll('.tile:not([data-status=stale])').length"
    assert scene.page.evaluate(grey) == 0
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    scene.proxy.mode = "up"
    return Outcome(fault, told, scene.recovers())


def half_open(scene: Scene) -> Outcome:
    """What is open is dead and says nothing; new connections work."""
    scene.proxy.mode = "halfopen"
    recovered = scene.recovers()
    scene.proxy.mode = "up"
    return Outcome("half-open sockets", None, recovered)


def deploy(scene: Scene, other: LiveServer) -> Outcome:
    """A new release is served; the screen loads it by itself."""
    scene.page.evaluate("window.isOld = true")
    scene.proxy.upstream = other.port
    took = scene.until(
        lambda: _tried(
            scene.page,
            "!window.isOld && document.readyState === 'complete'"
            " && document.documentElement.dataset.reach === 'live'",
        ),
        RECOVERY + 5,
    )
    build = scene.page.locator(".wall__frame").get_attribute("data-build")
    assert build == "second"
    scene.proxy.upstream = scene.server.port
    scene.until(
        lambda: _tried(
            scene.page,
            "document.querySelector('.wall__frame').dataset.build === 'first'",
        ),
        RECOVERY + 10,
    )
    return Outcome("new deploy", None, took, "reloads itself")


def _tried(page: Any, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Exception:
        return False  # It is being loaded.


def expired(scene: Scene) -> Outcome:
    """The credential is revoked, and a new one is given to the screen later."""
    state, context = scene.server.state, scene.page.context
    (old,) = [c for c in context.cookies() if c["name"] == "aftersight_device"]
    device, _ = state.devices.find(old["value"], now=datetime.now(UTC))
    state.devices.revoke(device.id, "test", now=datetime.now(UTC))
    told = scene.until(lambda: scene.reach() == "stopped", 3 * scene.interval + 2)
    text = scene.page.locator(".wall__message").inner_text()
    assert "已停用" in text
    assert scene.page.locator("[data-metric]:visible").count() == 0
    assert "/wall/" in scene.page.url
    credential, _ = pair(state)
    context.add_cookies(
        [{"name": "aftersight_device", "value": credential, "url": scene.proxy.url}]
    )
    return Outcome("expired credential", told, scene.recovers(), "已停用")


def cold_boot(scene: Scene) -> Outcome:
    """A screen is switched on while the server is away."""
    scene.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    scene.until(
        lambda: scene.page.evaluate(
            "caches.match(location.origin + location.pathname).then(Boolean)"
        ),
        10,
    )
    scene.proxy.mode = "refuse"
    address, context = scene.page.url, scene.page.context
    scene.page.close()
    scene.page = context.new_page()
    began = time.monotonic()
    scene.page.goto(address)
    scene.until(lambda: scene.reach() == "kept", 10)
    told = time.monotonic() - began
    assert "前的数据" in scene.page.locator(".wall__banner").inner_text()
    assert scene.page.locator("[data-metric][data-status=stale]").count() > 5
    time.sleep(2)
    scene.proxy.mode = "up"
    return Outcome(
        "cold boot, server away", told, scene.recovers(), "last values, grey"
    )


def slow(scene: Scene, seconds: float) -> Outcome:
    """Every answer takes longer than the interval, and still arrives."""
    scene.proxy.delay = seconds
    took = scene.recovers(RECOVERY + seconds)
    scene.proxy.delay = 0.0
    scene.recovers()
    return Outcome(f"answers take {seconds:g} s", None, took)


@contextmanager
def at(server: LiveServer, moment: datetime) -> Iterator[None]:
    """Set the server's clock."""
    server.ahead = moment - datetime.now(UTC)
    try:
        yield
    finally:
        server.ahead = timedelta()


def midnight(scene: Scene) -> Outcome:
    """The day ends in the store's zone: first the clock, then the data."""
    zone = ZoneInfo("Asia/Shanghai")
    today = datetime.now(zone).replace(hour=23, minute=59, second=56, microsecond=0)
    clock = scene.page.locator(".wall__clock")
    with at(scene.server, today):
        scene.network.renew(as_of=today.astimezone(UTC))
        scene.until(lambda: clock.inner_text() == "23:59", 5 * scene.interval + 5)
        scene.until(lambda: clock.inner_text() == "00:00", 12)
        assert scene.page.locator(".wall__banner").inner_text() == ""
    past = today + timedelta(seconds=4 + 89)
    with at(scene.server, past):
        # Nothing of the new day has come: yesterday's numbers say so.
        sign = scene.page.locator(".wall__banner", has_text="今天的还没有到")
        sign.wait_for(timeout=10_000)
        assert (
            scene.page.locator("[data-metric=waiting_now][data-status=stale]").count()
            == 1
        )
        batch_id = scene.network.renew(as_of=(past).astimezone(UTC))
        took = scene.until(lambda: scene.shows(batch_id), RECOVERY)
        assert scene.page.locator(".wall__banner").inner_text() == ""
    scene.network.renew()
    return Outcome("midnight in the store", None, took, "the day rolls over")


def clock_change(scene: Scene) -> Outcome:
    """Somebody sets the screen's clock forward, then back."""
    scene.page.evaluate(
        "window.signs = []; new MutationObserver(() => signs.push(document"
        ".documentElement.dataset.reach)).observe(document.documentElement,"
        " {attributes: true, attributeFilter: ['data-reach']});"
        "window.realNow = Date.now; Date.now = () => realNow() + 3600e3"
    )
    first = scene.recovers()
    scene.page.evaluate("Date.now = () => realNow() - 7200e3")
    took = max(first, scene.recovers())
    time.sleep(2 * scene.interval)
    assert scene.page.evaluate("signs") == []
    scene.page.evaluate("Date.now = realNow")
    return Outcome("clock set ±1–2 h", None, took, "no false sign")


def hidden(scene: Scene) -> Outcome:
    """A tab that was hidden asks at once when it is seen again."""
    scene.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
    )
    scene.recovers()
    scene.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    return Outcome("hidden and seen again", None, scene.recovers())


def print_table(outcomes: list[Outcome]) -> None:
    """Print the matrix."""

    def cell(seconds: float | None) -> str:
        return "-" if seconds is None else f"{seconds:.1f} s"

    print(f"\n{'fault':<28}{'told after':>12}{'recovered':>12}  note")
    for one in outcomes:
        print(
            f"{one.fault:<28}{cell(one.told):>12}{cell(one.recovered):>12}  {one.note}"
        )
