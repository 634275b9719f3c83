"""The same readings as the command line, as JSON, and the poll of open pages."""

from typing import Any

from dash import Dash
from flask import Response, jsonify, request

from callbacks.alerts_reading import in_force_all
from callbacks.api_problems import problems
from callbacks.api_question import asked, within_limits
from callbacks.api_schema import description
from callbacks.services import Services
from callbacks.session import rights
from pages._ui.format import stamp
from warehouse.errors import NoBatchError, UnknownNameError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric


def register(app: Dash, services: Services) -> None:
    """Open the addresses below `/api/v1`."""
    server = app.server
    server.json.sort_keys = False  # type: ignore[attr-defined]
    server.json.ensure_ascii = False  # type: ignore[attr-defined]
    problems(server)

    @server.get("/api/v1/openapi.json")
    def describe_api() -> Response:
        return jsonify(description())

    @server.get("/api/v1/metrics")
    def list_metrics() -> Response:
        return jsonify([describe(metric) for metric in in_force_all(services)])

    @server.get("/api/v1/metrics/<metric_id>")
    def read_metric(metric_id: str) -> Response:
        if metric_id not in CATALOG:
            raise UnknownNameError("metric", metric_id, CATALOG)
        question = asked(services.settings.timezone)
        batch = services.warehouse.batch()
        within_limits(CATALOG[metric_id], question, batch)
        readings = batch.read(metric_id, question, rights())
        services.served["readings"] += len(readings)
        return jsonify([reading.as_json() for reading in readings])

    @server.get("/api/v1/batch")
    def newest_batch() -> Response:
        told = newest(services)
        response = jsonify(told)
        services.served["polls"] += 1
        response.set_etag(f"{told['batch']}-{services.build}-{bool(told['problem']):d}")
        response.cache_control.no_cache = True
        return response.make_conditional(request)


def newest(services: Services) -> dict[str, Any]:
    """Return what open pages poll for; that there is nothing yet is an answer too."""
    told: dict[str, Any] = {"batch": None, "build": services.build}
    try:
        batch, told["problem"] = services.batches.newest()
    except NoBatchError as error:
        return {**told, "problem": str(error)}
    return {
        **told,
        "batch": batch.id,
        "as_of": stamp(batch.as_of),
        "published_at": stamp(batch.published_at),
    }


def describe(metric: Metric) -> dict[str, Any]:
    """Return the definition of a metric as other systems read it."""
    return {
        "id": metric.id,
        "name": {"zh": metric.name.zh, "en": metric.name.en},
        "question": {"zh": metric.question.zh, "en": metric.question.en},
        "formula": {"zh": metric.formula.zh, "en": metric.formula.en},
        "level": metric.level.value,
        "unit": metric.unit.value,
        "direction": metric.direction.value,
        "kind": metric.kind.value,
        "thresholds": [_lines(metric, i) for i in range(len(metric.thresholds))],
        "baseline": _baseline(metric),
        "minimum_n": metric.minimum_n,
        "interval": metric.interval.value,
        "dimensions": list(metric.dimensions),
        "sources": list(metric.sources),
        "owner": metric.owner,
        "refresh": metric.refresh,
        "version": metric.version,
        "valid_from": metric.valid_from.isoformat(),
        "headline": metric.headline,
    }


def _lines(metric: Metric, index: int) -> dict[str, Any]:
    lines = metric.thresholds[index]
    return {
        "green": lines.green,
        "red": lines.red,
        "green_high": lines.green_high,
        "red_high": lines.red_high,
        "valid_from": lines.valid_from.isoformat(),
        "applies_to": dict(lines.applies_to),
        "source": lines.source,
    }


def _baseline(metric: Metric) -> dict[str, Any] | None:
    """Return how the lines follow what is usual; None where they are fixed."""
    how = metric.baseline
    if how is None:
        return None
    return {
        "days": how.days,
        "among": how.among,
        "minimum_n": how.minimum_n,
        "margin": how.margin,
        "floor": how.floor,
        "coverage": how.coverage,
        "reach_days": how.reach_days,
        "step": how.step,
        "has_promise": how.has_promise,
        "valid_from": how.valid_from.isoformat(),
        "source": how.source,
    }
