"""An installation of 300 stores that publishes, served by gunicorn as in production."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from callbacks.identity import DEVICE_COOKIE
from etl.refresh import Order, refresh
from etl.sources import standard_folder
from tests.bench import data
from tests.kit import settings_in, silent, write_delivery
from tests.live.network import pair
from tests.stress.site import vin
from tests.ui.readers import cookies
from warehouse.access.roles import Role
from warehouse.records import Run
from warehouse.settings import Settings
from warehouse.store.state import State

ROOT = Path(__file__).parents[2]

STORES = [f"S{number:04}" for number in range(data.STORES)]

NOON = datetime(2025, 12, 31, 4, tzinfo=UTC)


@dataclass
class Installation:
    """A folder with a warehouse, a state and a source."""

    folder: Path
    rounds: int = 0

    @property
    def settings(self) -> Settings:
        """Where it lives."""
        return settings_in(self.folder)

    @classmethod
    def build(cls, folder: Path) -> "Installation":
        """Load two spells of work orders, lines and answers: of now, and matured."""
        made = cls(folder)
        made.settings.warehouse.mkdir(parents=True)
        data.write_spells(folder / "source", (60, 4), days=4)
        made.refresh()
        return made

    def refresh(self) -> Run:
        """Bring what has been delivered since, ten seconds later."""
        self.rounds += 1
        moment = NOON + timedelta(seconds=10 * self.rounds)
        source = standard_folder(self.folder / "source")
        order = Order(now=moment, as_of=moment, repeats=False)
        return refresh(self.settings, [source], order, silent)

    def deliver(self, orders: int) -> Run:
        """Let some cars arrive, and publish."""
        first = 10_000 * (self.rounds + 1)
        moment = NOON + timedelta(seconds=10 * self.rounds)
        rows = [
            {
                "work_order_id": f"L{first + i}",
                "store_id": STORES[(first + 7 * i) % len(STORES)],
                "vin": vin((first + i) % 999_999),
                "order_type": "repair",
                "status": "open",
                "waiting_on_site": "true",
                "checkin_at": f"{moment:%Y-%m-%dT%H:%M:%S}Z",
            }
            for i in range(orders)
        ]
        name = f"2026-01-01-{self.rounds:05}"
        write_delivery(self.folder / "source" / name, {"work_orders": rows})
        return self.refresh()

    def screens(self, state: State, count: int) -> list[tuple[str, str]]:
        """Pair screens, spread over the stores; return store and cookie of each."""
        stores = [STORES[number % len(STORES)] for number in range(count)]
        return [(s, f"{DEVICE_COOKIE}={pair(state, s)[0]}") for s in stores]


class Gunicorn:
    """The dashboard of an installation, with the project's own configuration."""

    def __init__(self, site: Installation, port: int, workers: int = 1) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGHT_")}
        environment = {
            **kept,
            "AFTERSIGHT_WAREHOUSE": str(site.settings.warehouse),
            "AFTERSIGHT_STATE": site.settings.state,
            "AFTERSIGHT_PORT": str(port),
            "AFTERSIGHT_WORKERS": str(workers),
            "AFTERSIGHT_REQUESTS_PER_MINUTE": "1000000",
        }
        self.url = f"http://127.0.0.1:{port}"
        self._log = (site.folder / "gunicorn.txt").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"],
            cwd=ROOT,
            env=environment,
            stderr=self._log,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{self.url}/livez", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("gunicorn does not answer")

    def processes(self) -> list[int]:
        """Return the workers' ids."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def cpu(self) -> float:
        """Return the seconds that the workers have computed."""
        ticks = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def served(self) -> dict[str, float]:
        """Return what it has counted, from /metrics."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=20) as response:
            lines = response.read().decode().splitlines()
        found = {}
        for line in lines:
            if line.startswith("aftersight_served_total{"):
                name, value = line.split('what="')[1].split('"} ')
                found[name] = float(value)
        return found

    def get(self, path: str, cookie: str) -> Any:
        """Return the JSON of an address."""
        request = urllib.request.Request(self.url + path, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(70)
        self._log.close()


def clicks(server: Gunicorn, state: State, settings: Settings, count: int) -> list:
    """Return requests of executives: the overview of the network and its regions."""
    found = []
    for number in range(count):
        own = cookies(state, settings, Role.EXECUTIVE)
        cookie = "; ".join(f"{name}={value}" for name, value in own.items())
        if number == 0:
            spec = _overview(server.get("/_dash-dependencies", cookie))
        region = number % 8
        search = f"?region=R{region - 1}" if region else ""
        headers = {"Cookie": cookie, "X-CSRFToken": own["_csrf_token"]}
        found.append((_request(spec, search), headers))
    return found


def _overview(listed: list[dict]) -> dict:
    (spec,) = (one for one in listed if "overview-tiles.children" in one["output"])
    return spec


def _request(spec: dict, search: str) -> dict:
    given = {"search": search, "pathname": "/"}
    outputs = [
        dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
        for name in spec["output"].strip(".").split("...")
    ]

    def filled(wanted: list[dict]) -> list[dict]:
        return [{**one, "value": given.get(one["property"])} for one in wanted]

    return {
        "output": spec["output"],
        "outputs": outputs,
        "inputs": filled(spec["inputs"]),
        "state": filled(spec["state"]),
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in spec["inputs"]],
    }
