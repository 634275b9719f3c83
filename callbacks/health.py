"""Is the process alive, are the data there, and what monitoring wants to know."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from dash import Dash
from flask import Response, g, jsonify

from callbacks.alerts_reading import operation
from callbacks.identity import is_local
from callbacks.services import Services
from callbacks.session import may
from pages._ui.format import stamp
from warehouse.access.devices import DeviceState
from warehouse.access.roles import Action
from warehouse.errors import NoBatchError
from warehouse.records import Freshness, SourceState
from warehouse.scope import EVERYTHING

logger = logging.getLogger(__name__)

Sample = tuple[str, dict[str, str], float]


def register(app: Dash, services: Services) -> None:
    """Open `/livez`, `/readyz` and `/metrics`."""
    server = app.server

    @server.get("/livez")
    def live() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @server.get("/readyz")
    def ready() -> tuple[Response, int]:
        try:
            services.state.ping()
            batch = services.warehouse.batch()
            told = {"ready": True, "batch": batch.id}
            # Which sources there are is told to operators only.
            if is_operator():
                told |= describe(batch) | operation(services)
                told["walls"] = walls(services, batch.id, datetime.now(UTC))
        except Exception as error:
            # Whatever keeps the batch from being read keeps us from being ready.
            logger.warning("not ready: %s", error)
            reason = str(error) or type(error).__name__
            reason = reason if is_operator() else "see the log"
            return jsonify({"ready": False, "reason": reason}), 503
        return jsonify(told), 200

    @server.get("/metrics")
    def metrics() -> Response:
        text = exposition(samples(services))
        return Response(text, mimetype="text/plain; version=0.0.4")


def is_operator() -> bool:
    """Tell whether this machine asks, or somebody whose role includes operation."""
    return is_local() or (g.access is not None and may(Action.SEE_OPERATION))


def describe(batch: Any) -> dict[str, Any]:
    """Return what an orchestrator wants to know of the batch that is served."""
    return {
        "batch": batch.id,
        "as_of": stamp(batch.as_of),
        "published_at": stamp(batch.published_at),
        "data_age": {
            source: worst(states) for source, states in by_source(batch).items()
        },
    }


def walls(services: Services, newest: str, now: datetime) -> dict[str, int]:
    """Return how many screens hang in the workshops, by how they are."""
    every = services.state.devices.every(None)
    states = [device.state(now, newest) for device in every]
    hung = [state for state in states if state is not DeviceState.REVOKED]
    return {"screens": len(hung)} | {
        state.value: hung.count(state)
        for state in DeviceState
        if state is not DeviceState.REVOKED
    }


def by_source(batch: Any) -> dict[str, list[SourceState]]:
    """Return the tables of each source."""
    grouped: dict[str, list[SourceState]] = {}
    for state in batch.sources():
        grouped.setdefault(state.source, []).append(state)
    return grouped


def worst(states: list[SourceState]) -> dict[str, Any]:
    """Return how old the oldest limited table of a source is."""
    limited = [s for s in states if s.limit is not None] or states
    ages = [s.age for s in limited if s.age is not None]
    found = {s.freshness for s in states}
    order = (Freshness.STALE, Freshness.NO_DATA, Freshness.LATE, Freshness.FRESH)
    state = next((f for f in order if f in found), Freshness.UNLIMITED)
    seconds = max(ages).total_seconds() if ages else None
    return {"seconds": seconds, "state": state.value}


def samples(services: Services) -> Iterator[Sample]:
    """Yield what is measured now; without a batch, only that there is none."""
    yield "aftersight_build_info", {"build": services.build}, 1
    for what, count in sorted(services.served.items()):
        yield "aftersight_served_total", {"what": what}, count
    try:
        batch = services.warehouse.batch()
    except NoBatchError:
        yield "aftersight_ready", {}, 0
        return
    yield "aftersight_ready", {}, 1
    now = datetime.now(UTC)
    for state, count in walls(services, batch.id, now).items():
        if state != "screens":
            yield "aftersight_screens", {"state": state}, count
    yield "aftersight_batch_info", {"batch": batch.id}, 1
    yield "aftersight_batch_sequence", {}, _sequence(batch.id)
    yield "aftersight_batch_age_seconds", {}, _seconds(now, batch.published_at)
    yield "aftersight_data_age_seconds", {}, _seconds(now, batch.as_of)
    for state in batch.sources():
        labels = {"source": state.source, "table": state.table}
        if state.age is not None:
            yield "aftersight_source_age_seconds", labels, state.age.total_seconds()
        stale = state.freshness is Freshness.STALE
        yield "aftersight_source_stale", labels, float(stale)
        yield "aftersight_source_rows", labels, state.rows
    for group in batch.reject_groups(EVERYTHING):
        labels = {"source": group.source, "table": group.table, "rule": group.rule}
        labels |= {"column": group.column or "", "severity": group.severity}
        yield "aftersight_rejected_rows", labels, group.rows


HELP = {
    "aftersight_build_info": ("gauge", "Fingerprint of the running code."),
    "aftersight_served_total": ("counter", "What this process has served."),
    "aftersight_ready": ("gauge", "1 while a batch can be read."),
    "aftersight_batch_info": ("gauge", "The batch that is served."),
    "aftersight_batch_sequence": ("gauge", "Number of the batch that is served."),
    "aftersight_batch_age_seconds": ("gauge", "Time since the batch was published."),
    "aftersight_data_age_seconds": ("gauge", "Time since the batch's as-of."),
    "aftersight_screens": ("gauge", "Paired screens by how they are."),
    "aftersight_source_age_seconds": ("gauge", "As-of minus newest event of a table."),
    "aftersight_source_stale": ("gauge", "1 where a table is past its limit."),
    "aftersight_source_rows": ("gauge", "Rows of a table."),
    "aftersight_rejected_rows": ("gauge", "Rows set aside and still open."),
}
"""Kind and meaning of each family, as Prometheus wants them."""


def exposition(found: Iterator[Sample]) -> str:
    """Return *found* in Prometheus' text format, a family at a time."""
    families: dict[str, list[str]] = {}
    for name, labels, number in found:
        inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
        line = f"{name}{{{inside}}} {number:g}" if inside else f"{name} {number:g}"
        families.setdefault(name, []).append(line)
    lines = []
    for name, rows in families.items():
        kind, meaning = HELP[name]
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *rows]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _sequence(batch_id: str) -> float:
    tail = batch_id.rsplit("-", 1)[-1]
    return float(tail) if tail.isdigit() else 0.0


def _seconds(now: datetime, then: datetime) -> float:
    return max(0.0, (now - then).total_seconds())
