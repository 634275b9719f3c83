"""The description of `/api/v1/alerts`."""

from typing import Any

from callbacks.api_schema_parts import (
    day,
    found,
    moment,
    one_of,
    parameter,
    problems,
    ref,
    text,
)
from warehouse.alerts.alert import Basis, Level, Severity, State
from warehouse.metrics import CATALOG
from warehouse.text import LANGUAGES


def alerts() -> dict[str, Any]:
    """Return the description of the list."""
    return {
        "operationId": "listAlerts",
        "summary": "Alerts that are active, and those whose data are missing",
        "parameters": [
            parameter("state", one_of(*State), "Only those in this state"),
            parameter("severity", one_of(*Severity), "Only those of this severity"),
            parameter("store_id", text(), "Only those of this store"),
            parameter("metric", one_of(*CATALOG), "Only those of this metric"),
            parameter("lang", one_of(*LANGUAGES), "Language of what goes wrong"),
        ],
        "responses": {"200": found({"type": "array", "items": ref("Alert")})}
        | problems("400", "401", "403", "429"),
    }


def one_alert() -> dict[str, Any]:
    """Return the description of one alert with its history."""
    number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    return {
        "operationId": "readAlert",
        "summary": "An alert and everything that happened to it",
        "parameters": [
            {"name": "alert", "in": "path", "required": True, "schema": number}
        ],
        "responses": {"200": found(ref("AlertWithHistory"))}
        | problems("401", "403", "404", "429"),
    }


def schemas() -> dict[str, Any]:
    """Return what the answers are made of."""
    fields = _alert()
    history = {"type": "array", "items": ref("AlertEntry")}
    return {
        "Alert": _object(fields),
        "AlertWithHistory": _object({**fields, "history": history}),
        "AlertEntry": _object(_entry()),
    }


def _alert() -> dict[str, Any]:
    number, words, moments = _or_null({"type": "number"}), text(), _or_null(moment())
    return {
        "id": {"type": "integer"},
        "key": words,
        "rule": words,
        "metric": words,
        "basis": one_of(*Basis),
        "severity": one_of(*Severity),
        "level": one_of(*Level),
        "scope": words,
        "state": one_of(*State),
        "held": one_of(*State),
        "is_active": {"type": "boolean"},
        "is_resting": {"type": "boolean"},
        "inhibited_by": _or_null(text()),
        "episode": {"type": "integer"},
        "since": moments,
        "fired_at": moments,
        "value": number,
        "n": _or_null({"type": "integer"}),
        "line": number,
        "target": number,
        "lines_from": _or_null(text()),
        "peak": number,
        "note": _or_null(text()),
        "windows": _windows(),
        "batch_id": words,
        "acknowledged_by": _or_null(text()),
        "acknowledged_at": moments,
        "owner": _or_null(text()),
        "due_on": _or_null(day()),
        "cause": _or_null(text()),
        "escalated": {"type": "integer"},
        "silenced_until": moments,
    }


def _entry() -> dict[str, Any]:
    number = _or_null({"type": "number"})
    return {
        "at": _or_null(moment()),
        "noted_at": _or_null(moment()),
        "kind": text(),
        "before": _or_null(text()),
        "after": _or_null(text()),
        "episode": {"type": "integer"},
        "value": number,
        "n": _or_null({"type": "integer"}),
        "line": number,
        "lines_from": _or_null(text()),
        "batch_id": _or_null(text()),
        "who": _or_null(text()),
        "note": _or_null(text()),
        "windows": _windows(),
    }


def _windows() -> dict[str, Any]:
    """Return the description of the windows of a burn rate; empty for other alerts."""
    whole, number = {"type": "integer"}, {"type": "number"}
    one = {"days": whole, "share": number, "n": whole, "target": number, "burn": number}
    return {"type": "array", "items": _object(one)}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(fields), "properties": fields}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}
