"""A small network that goes wrong and mends, and a dashboard over it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from tests.independent.case_kit import vin
from tests.kit import Rows, run, settings_in, write_delivery
from warehouse.alerts.alert import Key, Level, Scope
from warehouse.alerts.records import Alert
from warehouse.store.state import State
from warehouse.store.warehouse import Batch, Warehouse

DAY = "2026-11-20"
STORES = ("S1", "S2", "S3")
CARS = 25


def moment(clock: str, day: str = DAY) -> datetime:
    """Return a time of the day the network lives on."""
    return datetime.fromisoformat(f"{day}T{clock}+08:00")


def stores() -> list[dict]:
    """Return three stores of two regions, open from 08:00 to 20:00."""
    return [
        {
            "store_id": s, "name": f"{s} 服务中心", "name_en": f"Centre {s}",
            "region": "华东" if s != "S3" else "华北", "timezone": "Asia/Shanghai",
            "bays": 4, "opens_at": "08:00", "closes_at": "20:00",
        }
        for s in STORES
    ]  # fmt: skip


def orders(store: str, wait: int, *, version: int = 1, day: str = DAY) -> list[dict]:
    """Return cars whose customers waited *wait* minutes for a bay and in all."""
    start = moment("08:30", day)
    found = []
    for number in range(CARS):
        came = start + timedelta(minutes=number)
        taken = came + timedelta(minutes=2)
        bay = taken + timedelta(minutes=wait)
        found.append(
            {
                "work_order_id": f"{store}-{day}-{number}", "store_id": store,
                "vin": vin(STORES.index(store) * 100 + number), "order_type": "repair",
                "status": "open", "checkin_at": came.isoformat(),
                "writeup_at": taken.isoformat(), "bay_in_at": bay.isoformat(),
                "ready_notified_at": (bay + timedelta(minutes=5)).isoformat(),
                "waiting_on_site": True, "technician_id": f"{store}-T{number % 2}",
                "updated_at": (start + timedelta(hours=version)).isoformat(),
            }
        )  # fmt: skip
    return found


def clocks(store: str, *, day: str = DAY) -> list[dict]:
    """Return a minute of work on each car, so that waiting can be told from work."""
    start = moment("08:30", day)
    return [
        {
            "clock_id": f"{store}-{day}-{n}", "work_order_id": f"{store}-{day}-{n}",
            "technician_id": f"{store}-T{n % 2}",
            "clock_in_at": (start + timedelta(minutes=n)).isoformat(),
            "clock_out_at": (start + timedelta(minutes=n + 1)).isoformat(),
        }
        for n in range(CARS)
    ]  # fmt: skip


class Network:
    """Deliveries, publishes and the state of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings_in(folder, demo=True, requests_per_minute=100_000)
        self.count = 0

    def deliver(self, tables: Rows) -> None:
        """Lay down one more delivery."""
        self.count += 1
        place = self.folder / "source" / f"2026-11-{self.count:02d}"
        write_delivery(place, tables)

    def publish(self, clock: str, day: str = DAY) -> Batch:
        """Refresh as of a time of the day; alerts are evaluated inside."""
        source = self.folder / "source"
        return run(self.folder, [source], moment(clock, day), demo=True)[1]

    def state(self) -> State:
        """Return the state; the caller closes it."""
        return State(self.settings.state)

    def alert(self, rule: str, store: str) -> Alert | None:
        """Return the alert of a rule in a store, whatever its state."""
        state = self.state()
        try:
            now = moment("23:59")
            every = [
                *state.alerts.active(now),
                *state.alerts.unknown(now),
                *state.alerts.since(now - timedelta(days=10_000), now),
            ]
        finally:
            state.close()
        key = Key(rule, Scope(Level.STORE, store))
        return next((a for a in every if a.instance.key == key), None)

    def start(self, waits: dict[str, int]) -> None:
        """Deliver the network with waits by store."""
        self.deliver(
            {
                "stores": stores(),
                "work_orders": [o for s, w in waits.items() for o in orders(s, w)],
                "job_clocks": [c for s in waits for c in clocks(s)],
            }
        )


@contextmanager
def serving(network: Network, state: State) -> Iterator[str]:
    """Serve the dashboard of an installation; yield its address."""
    warehouse = Warehouse.open(network.settings)
    app: Any = create_app(warehouse, network.settings, state)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        warehouse.close()
