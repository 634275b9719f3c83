"""The same readings as the command line, as JSON, and the poll of open pages."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Flask, Response, jsonify, request

from callbacks.services import Services
from callbacks.session import rights
from pages._ui.format import stamp
from warehouse.errors import NoBatchError, QuestionError, UnknownNameError, did_you_mean
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric
from warehouse.scope import GRAINS, Question

PARAMETERS = ("by", "grain", "from", "to", "where", "as_of", "lang")


def register(app: Dash, services: Services) -> None:
    """Open the addresses below `/api/v1`."""
    server = app.server
    server.json.sort_keys = False  # type: ignore[attr-defined]
    server.json.ensure_ascii = False  # type: ignore[attr-defined]
    _catch(server)

    @server.get("/api/v1/metrics")
    def list_metrics() -> Response:
        return jsonify([describe(metric) for metric in CATALOG.values()])

    @server.get("/api/v1/metrics/<metric_id>")
    def read_metric(metric_id: str) -> Response:
        if metric_id not in CATALOG:
            raise UnknownNameError("metric", metric_id, CATALOG)
        question = asked(services.settings.timezone)
        batch = services.warehouse.batch()
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


def _catch(server: Flask) -> None:
    @server.errorhandler(QuestionError)
    @server.errorhandler(UnknownNameError)
    def tell_what_is_wrong(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    @server.errorhandler(NoBatchError)
    def tell_there_is_nothing(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 503


def asked(zone: str) -> Question:
    """Return the question that the request's parameters ask.

    Raises:
        QuestionError: a parameter is unknown or cannot be read.

    """
    for name in request.args:
        if name not in PARAMETERS:
            hint = did_you_mean(name, PARAMETERS)
            raise QuestionError(f"unknown parameter {name!r}; {hint}")
    grain = request.args.get("grain", "total")
    if grain not in GRAINS:
        raise QuestionError(f"grain={grain!r}; use one of {', '.join(GRAINS)}")
    by = [name for text in request.args.getlist("by") for name in text.split(",")]
    return Question(
        by=tuple(name for name in by if name),
        grain=grain,
        start=_day("from"),
        end=_day("to"),
        as_of=_moment("as_of", zone),
        where=_where(request.args.getlist("where")),
    )


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{name}={text!r}; use a day such as 2026-11-21") from None


def _moment(name: str, zone: str) -> datetime | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        # A "+" of an offset arrives as a blank unless the client has escaped it.
        moment = datetime.fromisoformat(text.replace(" 0", "+0", 1))
    except ValueError:
        raise QuestionError(
            f"{name}={text!r}; use a time such as 2026-11-21T10:15:00+08:00"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(ZoneInfo("UTC"))


def _where(texts: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    wanted: dict[str, list[str]] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not (name and separator):
            raise QuestionError(f"where={text!r}; use where=DIMENSION=VALUE")
        wanted.setdefault(name, []).append(value)
    return tuple((name, tuple(values)) for name, values in wanted.items())


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
