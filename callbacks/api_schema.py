"""The description of the API (OpenAPI 3.1), made from the catalogue."""

from typing import Any

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

VERSION = "1.1"


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
            },
        },
    }


def _list() -> dict[str, Any]:
    return {
        "operationId": "listMetrics",
        "summary": "The catalogue: every metric with its definition",
        "responses": {"200": _json({"type": "array", "items": _ref("Metric")})}
        | _problems("401", "403", "429"),
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
            _parameter("by", _text(), "Dimensions to split by, commas between"),
            _parameter("grain", _one_of(*GRAINS), "Periods to split into"),
            _parameter("from", _asked_day(), "First day, local to the store"),
            _parameter("to", _asked_day(), "The day after the last one"),
            _parameter("as_of", _moment(), "The moment that counts as now"),
            {
                **_parameter("where", {}, "Filter, DIMENSION=VALUE; may be repeated"),
                "schema": {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^[a-z_]+=[^\\x00]+$"},
                },
                "style": "form",
                "explode": True,
            },
            _parameter("lang", _one_of(*LANGUAGES), "Language of what goes wrong"),
        ],
        "responses": {"200": _json({"type": "array", "items": _ref("Reading")})}
        | _problems("400", "401", "403", "404", "429", "503"),
    }


def _batch() -> dict[str, Any]:
    return {
        "operationId": "newestBatch",
        "summary": "Which batch is newest; open pages poll it with its ETag",
        "responses": {
            "200": _json(_ref("Batch")),
            "304": {"description": "Nothing newer"},
        }
        | _problems("401", "403", "429"),
    }


def _metric() -> dict[str, Any]:
    both = {"type": "object", "required": ["zh", "en"]}
    both["properties"] = {"zh": _text(), "en": _text()}
    texts = {"type": "array", "items": _text()}
    fields: dict[str, Any] = {
        "id": _text(),
        "name": both,
        "question": both,
        "formula": both,
        "level": _one_of(*Level),
        "unit": _one_of(*Unit),
        "direction": _one_of(*Direction),
        "kind": _one_of(*Kind),
        "thresholds": {"type": "array", "items": {"type": "object"}},
        "minimum_n": {"type": "integer"},
        "interval": _one_of(*Interval),
        "dimensions": texts,
        "sources": texts,
        "owner": _text(),
        "refresh": _text(),
        "version": {"type": "integer"},
        "valid_from": _day(),
        "headline": {"type": "boolean"},
    }
    return {"type": "object", "required": list(fields), "properties": fields}


def _reading() -> dict[str, Any]:
    number = {"type": ["number", "null"]}
    fields: dict[str, Any] = {
        "metric": _text(),
        "version": {"type": "integer"},
        "dimensions": {
            "type": "object",
            "additionalProperties": {"type": ["string", "null"]},
        },
        "period_start": _day(),
        "period_end": _day(),
        "value": {**number, "description": "null where there is nothing to divide by"},
        "unit": _one_of(*Unit),
        "numerator": number,
        "denominator": number,
        "n": {"type": "integer", "description": "The sample that n and interval use"},
        "ci_low": number,
        "ci_high": number,
        "maturity": number,
        "status": _one_of(*Status),
        "as_of": _moment(),
        "batch_id": _text(),
    }
    return {"type": "object", "required": list(fields), "properties": fields}


def _newest() -> dict[str, Any]:
    empty = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["batch", "build", "problem"],
        "properties": {
            "batch": empty,
            "build": _text(),
            "problem": _text(),
            "as_of": _moment(),
            "published_at": _moment(),
        },
    }


def _problem() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "type": _text(),
        "title": _text(),
        "status": {"type": "integer"},
        "detail": _text(),
        "instance": _text(),
        "error": _text(),
        "details": {
            "type": "object",
            "properties": {language: _text() for language in LANGUAGES},
        },
    }
    needed = [name for name in fields if name != "details"]
    return {"type": "object", "required": needed, "properties": fields}


def _problems(*codes: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {code: {"description": "Problem", "content": content} for code in codes}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": "Found",
        "content": {"application/json": {"schema": schema}},
    }


def _parameter(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _text() -> dict[str, Any]:
    return {"type": "string"}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values]}


def _day() -> dict[str, Any]:
    return {"type": "string", "format": "date"}


def _asked_day() -> dict[str, Any]:
    return {**_day(), "pattern": r"^(199\d|20\d\d|21\d\d)-\d\d-\d\d$"}


def _moment() -> dict[str, Any]:
    return {"type": "string", "format": "date-time"}
