"""A network whose colours a test decides, served with faults on demand."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler, make_server

import app as cockpit
from tests.serving import whole
from tests.ui import records
from tests.ui.standin import StandIn, StandInBatch
from warehouse.access.devices import Device
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Direction, Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Outcome, Run, SourceState
from warehouse.scope import Question, Rights
from warehouse.settings import Settings
from warehouse.store.state import State

STORE = "S001"


@dataclass
class LiveBatch(StandInBatch):
    """A batch of now; every judged metric is green but those in *colours*."""

    as_of: datetime = field(default_factory=lambda: datetime.now(UTC))
    colours: dict[str, Status] = field(default_factory=dict)
    silent: bool = False

    def read(self, metric_id: str, question: Question, rights: Rights) -> list[Reading]:
        """Return the stand-in's readings in the wanted colours."""
        found = super().read(metric_id, question, rights)
        metric = CATALOG[metric_id]
        return [self._coloured(metric, reading) for reading in found]

    def _coloured(self, metric: Metric, reading: Reading) -> Reading:
        lines = reading.thresholds
        if lines is None:
            return replace(reading, status=Status.NONE)
        colour = self.colours.get(metric.id, Status.GREEN)
        if reading.dimensions.get("store_id", STORE) != STORE:
            colour = Status.GREEN
        worse = 1 if metric.direction is Direction.LOWER else -1
        value = {
            Status.GREEN: lines.green,
            Status.RED: lines.red + worse * abs(lines.red or 1) * 0.1,
        }.get(colour, (lines.green + lines.red) / 2)
        return replace(reading, value=value, status=colour, is_provisional=False)

    def sources(self) -> list[SourceState]:
        """Return every table as of a moment ago, good for a day."""
        return [
            replace(
                state,
                watermark=self.as_of - timedelta(minutes=3),
                limit=timedelta(days=1),
                age=timedelta(minutes=3),
                freshness=Freshness.FRESH,
            )
            for state in records.sources(self.as_of)
        ]

    def silent_stores(self, rights: Rights) -> list[Any]:
        """Return one silent store, if the test wants it."""
        found = super().silent_stores(rights)
        return [replace(one, store_id=STORE) for one in found] if self.silent else []


class LiveNetwork(StandIn):
    """A warehouse that publishes when a test says so."""

    def __init__(self, **batch: Any) -> None:
        super().__init__(current=LiveBatch(**batch))
        self.number = 100

    def renew(self, **changes: Any) -> str:
        """Publish a newer batch; return its id."""
        self.number += 1
        batch_id = f"20261122T000000Z-{self.number:06}"
        changes = {"as_of": datetime.now(UTC), **changes}
        self.current = replace(self.current, id=batch_id, asked=[], **changes)
        return batch_id

    def ran_every(self, seconds: float) -> None:
        """Pretend that runs were published at that distance."""
        now = datetime.now(UTC)
        self.history = [
            Run(
                batch_id=f"b{i}",
                started_at=now,
                finished_at=now,
                as_of=now - timedelta(seconds=seconds * i),
                outcome=Outcome.PUBLISHED,
            )
            for i in range(8)
        ]


class Quiet(WSGIRequestHandler):
    """Logs nothing; keeps connections, as a production server does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Say nothing."""


class LiveServer:
    """A dashboard whose clock can be set and whose release can be changed."""

    def __init__(
        self,
        network: StandIn,
        state: State,
        build: str = "first",
        refresh_seconds: float = 1.0,
        installation: Settings | None = None,
    ) -> None:
        self.settings = replace(
            installation or Settings(),
            refresh_seconds=refresh_seconds,
            requests_per_minute=1_000_000,
        )
        known, cockpit.fingerprint = cockpit.fingerprint, lambda: build
        try:
            app = cockpit.create_app(network, self.settings, state)
        finally:
            cockpit.fingerprint = known
        self.flask = app.server
        self.ahead = timedelta()
        self.state = state
        served = self

        self._connections: list[socket.socket] = []

        class Handler(Quiet):
            def setup(self) -> None:
                super().setup()
                served._connections.append(self.connection)

            def date_time_string(self, timestamp: Any = None) -> str:
                return http_date(datetime.now(UTC) + served.ahead)

        self._server = make_server(
            "127.0.0.1",
            0,
            whole(app.server),
            threaded=True,
            request_handler=Handler,
        )
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        # Kept-alive ones would be closed by nobody.
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def pair(state: State, store_id: str = STORE) -> tuple[str, Device]:
    """Pair a screen with a store; return the credential and the device."""
    now = datetime.now(UTC)
    claim, waiting = state.pairings.begin(now=now, address="127.0.0.1")
    state.pairings.approve(waiting.code, store_id, "大屏", "test", now=now)
    ready = state.pairings.claimed(claim, now=now)
    credential = state.pairings.finish(ready, now=now)
    device, _ = state.devices.find(credential, now=now)
    return credential, device
