"""From a row that is accepted over HTTP to the number on a wall: the whole way, timed.

The server, the refresh loop, and the browser are the real ones.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from callbacks.identity import DEVICE_COOKIE
from etl.refresh import Order, refresh
from etl.sources import Intake
from tests.kit import settings_in, silent
from tests.live.network import LiveServer, pair
from tests.ui.readers import account
from warehouse.access.roles import Role
from warehouse.settings import Settings
from warehouse.store.intake import Spool
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

ROOT = Path(__file__).parents[2]


class Installation:
    """A store without orders, its dashboard, and the loop that watches the door."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_in(folder)
        spool, now = Spool(self.settings.intake), datetime.now(UTC)
        spool.keep("dms", "stores", [{"store_id": "S001", "name": "一店"}], now)
        spool.close()
        refresh(
            self.settings,
            [Intake(self.settings.intake)],
            Order(now=now, as_of=now, repeats=False),
            silent,
        )
        self.state = State(self.settings.state)
        self.server = LiveServer(
            Warehouse.open(self.settings), self.state, installation=self.settings
        )
        self.url = f"http://127.0.0.1:{self.server.port}"
        program = account(self.state, Role.API_CLIENT)
        self.key = self.state.tokens.create(program, timedelta(days=1), now=now)
        self.loop = subprocess.Popen(
            [sys.executable, "-m", "etl", "watch", "--every", "1"],
            cwd=ROOT,
            env=environment(self.settings),
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End all of it."""
        self.loop.terminate()
        self.loop.wait(60)
        self.server.stop()
        self.state.close()

    def send(self, number: int) -> float:
        """Send a car whose owner waits; return when it was answered for."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = {
            "work_order_id": f"W{number}",
            "store_id": "S001",
            "vin": f"LSVAA4183E2{number:06d}",
            "order_type": "repair",
            "status": "open",
            "checkin_at": now,
            "waiting_on_site": "true",
        }
        request = Request(
            f"{self.url}/api/v1/intake/work_orders",
            data=json.dumps([row]).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
            },
        )
        with urlopen(request, timeout=30) as answer:
            assert answer.status == 202
        return time.monotonic()


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a process of the installation."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGHT_")}
    return kept | {
        "AFTERSIGHT_WAREHOUSE": str(settings.warehouse),
        "AFTERSIGHT_STATE": settings.state,
        "AFTERSIGHT_INTAKE": str(settings.intake),
    }


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Return a living installation."""
    installation = Installation(tmp_path)
    yield installation
    installation.stop()


def seconds_to_the_pixel(
    installation: Installation, context: Any, events: int
) -> list[float]:
    """Send *events* one after the other; return how long each took to be painted."""
    credential, _ = pair(installation.state)
    cookie = {"name": DEVICE_COOKIE, "value": credential, "url": installation.url}
    context.add_cookies([cookie])
    wall = context.new_page()
    wall.goto(f"{installation.url}/wall/S001")
    taken = []
    for number in range(1, events + 1):
        accepted = installation.send(number)
        tile = wall.locator(f"[data-metric='waiting_now'][data-value='{number}']")
        tile.first.wait_for(state="attached", timeout=60_000)
        taken.append(time.monotonic() - accepted)
    return taken


def test_an_event_reaches_the_wall_within_seconds(installation, context):
    """Accepted, loaded, published, painted: the wall shows each car that came."""
    taken = seconds_to_the_pixel(installation, context, 3)

    assert max(taken) < 60


@pytest.mark.stress
def test_two_hundred_events(installation, context):
    """The same two hundred times; p50 and p99 are printed."""
    taken = seconds_to_the_pixel(installation, context, 200)
    cuts = statistics.quantiles(taken, n=100)

    print(
        f"\naccepted to painted, 200 events: p50 {cuts[49]:.1f} s, p99 {cuts[98]:.1f} s"
    )
