"""The description of the API (OpenAPI 3.1), made from the catalogue."""

from typing import Any

from callbacks.api_schema_alerts import alerts, one_alert, schemas
from callbacks.api_schema_intake import intake, receipt
from callbacks.api_schema_parts import (
    asked_day,
    day,
    found,
    moment,
    one_of,
    parameter,
    problems,
    ref,
    text,
)
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import (
    Direction,
    Interval,
    Kind,
    Level,
    Status,
    Unit,
)
from warehouse.scope import GRAINS
from warehouse.text import LANGUAGES

VERSION = "1.2"


def description() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aftersight 售后驾驶舱",
            "version": VERSION,
            "description": (
                "Readings of the metric catalogue: the same numbers and the same "
                "checks as `python -m warehouse query`. Rights of the session or "
                "token decide which stores are seen."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}, {"bearer": []}],
        "paths": {
            "/api/v1/metrics": {"get": _list()},
            "/api/v1/metrics/{metric}": {"get": _read()},
            "/api/v1/batch": {"get": _batch()},
            "/api/v1/alerts": {"get": alerts()},
            "/api/v1/alerts/{alert}": {"get": one_alert()},
            "/api/v1/intake/{table}": {"post": intake()},
        },
        "components": {
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "aftersight_session",
                },
                "bearer": {"type": "http", "scheme": "bearer"},
            },
            "schemas": {
                "Metric": _metric(),
                "Reading": _reading(),
                "Batch": _newest(),
                "Problem": _problem(),
                "Receipt": receipt(),
                **schemas(),
            },
        },
    }


def _list() -> dict[str, Any]:
    return {
        "operationId": "listMetrics",
        "summary": "The catalogue: every metric with its definition",
        "responses": {"200": found({"type": "array", "items": ref("Metric")})}
        | problems("401", "403", "429"),
    }


def _read() -> dict[str, Any]:
    return {
        "operationId": "readMetric",
        "summary": "The readings of a metric",
        "parameters": [
            {
                "name": "metric",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": list(CATALOG)},
            },
            parameter("by", text(), "Dimensions to split by, commas between"),
            parameter("grain", one_of(*GRAINS), "Periods to split into"),
            parameter("from", asked_day(), "First day, local to the store"),
            parameter("to", asked_day(), "The day after the last one"),
            parameter("as_of", moment(), "The moment that counts as now"),
            {
                **parameter("where", {}, "Filter, DIMENSION=VALUE; may be repeated"),
                "schema": {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^[a-z_]+=[^\\x00]+$"},
                },
                "style": "form",
                "explode": True,
            },
            parameter("lang", one_of(*LANGUAGES), "Language of what goes wrong"),
        ],
        "responses": {"200": found({"type": "array", "items": ref("Reading")})}
        | problems("400", "401", "403", "404", "429", "503"),
    }


def _batch() -> dict[str, Any]:
    return {
        "operationId": "newestBatch",
        "summary": "Which batch is newest; open pages poll it with its ETag",
        "responses": {
            "200": found(ref("Batch")),
            "304": {"description": "Nothing newer"},
        }
        | problems("401", "403", "429"),
    }


def _metric() -> dict[str, Any]:
    both = {"type": "object", "required": ["zh", "en"]}
    both["properties"] = {"zh": text(), "en": text()}
    texts = {"type": "array", "items": text()}
    fields: dict[str, Any] = {
        "id": text(),
        "name": both,
        "question": both,
        "formula": both,
        "level": one_of(*Level),
        "unit": one_of(*Unit),
        "direction": one_of(*Direction),
        "kind": one_of(*Kind),
        "thresholds": {"type": "array", "items": {"type": "object"}},
        "baseline": {"type": ["object", "null"]},
        "minimum_n": {"type": "integer"},
        "interval": one_of(*Interval),
        "dimensions": texts,
        "sources": texts,
        "owner": text(),
        "refresh": text(),
        "version": {"type": "integer"},
        "valid_from": day(),
        "headline": {"type": "boolean"},
    }
    return {"type": "object", "required": list(fields), "properties": fields}


def _reading() -> dict[str, Any]:
    number = {"type": ["number", "null"]}
    fields: dict[str, Any] = {
        "metric": text(),
        "version": {"type": "integer"},
        "dimensions": {
            "type": "object",
            "additionalProperties": {"type": ["string", "null"]},
        },
        "period_start": day(),
        "period_end": day(),
        "value": {**number, "description": "null where there is nothing to divide by"},
        "unit": one_of(*Unit),
        "numerator": number,
        "denominator": number,
        "n": {"type": "integer", "description": "The sample that n and interval use"},
        "ci_low": number,
        "ci_high": number,
        "maturity": number,
        "status": one_of(*Status),
        "as_of": moment(),
        "batch_id": text(),
        "lines": _lines_used(),
    }
    return {"type": "object", "required": list(fields), "properties": fields}


def _lines_used() -> dict[str, Any]:
    """Return the lines a value was judged by, and what they rest on."""
    number, whole = {"type": "number"}, {"type": "integer"}
    baseline: dict[str, Any] = {
        "usual": number,
        "margin": number,
        "bound": {"type": ["string", "null"]},
        "n": whole,
        "days": whole,
        "first": day(),
        "last": day(),
        "hourly": number,
        "covered": number,
        "fixed_green": number,
        "fixed_red": number,
    }
    promise = {"given": whole, "past": whole, "running": whole, "allowed": number}
    fields: dict[str, Any] = {
        "green": number,
        "red": number,
        "green_high": {"type": ["number", "null"]},
        "red_high": {"type": ["number", "null"]},
        "basis": one_of("fixed", "baseline"),
        "baseline": _or_null(baseline),
        "promise": _or_null(promise),
    }
    return _or_null(fields)


def _or_null(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "required": list(fields),
        "properties": fields,
    }


def _newest() -> dict[str, Any]:
    empty = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["batch", "build", "problem"],
        "properties": {
            "batch": empty,
            "build": text(),
            "problem": text(),
            "as_of": moment(),
            "published_at": moment(),
        },
    }


def _problem() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "type": text(),
        "title": text(),
        "status": {"type": "integer"},
        "detail": text(),
        "instance": text(),
        "error": text(),
        "details": {
            "type": "object",
            "properties": {language: text() for language in LANGUAGES},
        },
    }
    needed = [name for name in fields if name != "details"]
    return {"type": "object", "required": needed, "properties": fields}
