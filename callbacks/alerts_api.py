"""Alerts as other systems read them: instances, and the history of one."""

from datetime import UTC, datetime
from typing import Any

from dash import Dash
from flask import Response, jsonify, request

from callbacks.alerts import one_of
from callbacks.alerts_reading import seen
from callbacks.services import Services
from pages._ui.format import stamp
from warehouse.alerts.alert import Level, Severity, State
from warehouse.alerts.burn import Burn
from warehouse.alerts.records import Alert, Entry
from warehouse.errors import QuestionError, did_you_mean
from warehouse.metrics import CATALOG
from warehouse.text import LANGUAGES

PARAMETERS = ("state", "severity", "store_id", "metric", "lang")

_LEGAL = {
    "state": tuple(state.value for state in State),
    "severity": tuple(severity.value for severity in Severity),
    "metric": tuple(CATALOG),
    "lang": tuple(LANGUAGES),
}


def register(app: Dash, services: Services) -> None:
    """Open `/api/v1/alerts`."""

    @app.server.get("/api/v1/alerts")
    def list_alerts() -> Response:
        asked = _asked()
        now = datetime.now(UTC)
        found = services.state.alerts.active(now) + services.state.alerts.unknown(now)
        return jsonify([as_json(a) for a in seen(services, found) if _fits(a, asked)])

    @app.server.get("/api/v1/alerts/<int:alert_id>")
    def read_alert(alert_id: int) -> tuple[Response, int]:
        alert = one_of(services, alert_id, datetime.now(UTC))
        if alert is None:
            return jsonify({"error": f"there is no alert {alert_id}"}), 404
        history = services.state.alerts.history(alert_id)
        told = as_json(alert) | {"history": [_entry(e) for e in history]}
        return jsonify(told), 200


def _asked() -> dict[str, str]:
    for name in request.args:
        if name not in PARAMETERS:
            hint = did_you_mean(name, PARAMETERS)
            raise QuestionError(
                f"unknown parameter {name!r}; {hint}",
                f"没有参数 {name!r}；可用的有 {', '.join(PARAMETERS)}",
            )
    for name, legal in _LEGAL.items():
        value = request.args.get(name)
        if value is not None and value not in legal:
            raise QuestionError(
                f"{name}={value!r}; {did_you_mean(value, legal)}",
                f"{name}={value!r}；可用的有 {', '.join(sorted(legal))}",
            )
    return {name: value for name, value in request.args.items() if name != "lang"}


def _fits(alert: Alert, asked: dict[str, str]) -> bool:
    scope = alert.instance.key.scope
    has = {
        "state": alert.instance.state.value,
        "severity": alert.severity.value,
        "store_id": scope.id if scope.level is Level.STORE else "",
        "metric": alert.metric,
    }
    return all(has[name] == value for name, value in asked.items())


def as_json(alert: Alert) -> dict[str, Any]:
    """Return an alert as other systems read it; times are UTC."""
    one = alert.instance
    return {
        "id": alert.id,
        "key": str(one.key),
        "rule": one.key.rule,
        "metric": alert.metric,
        "basis": alert.basis.value,
        "severity": alert.severity.value,
        "level": one.key.scope.level.value,
        "scope": one.key.scope.id,
        "state": one.state.value,
        "held": one.base.value,
        "is_active": one.is_active,
        "is_resting": one.is_resting,
        "inhibited_by": one.inhibited_by,
        "episode": one.episode,
        "since": _stamp(one.since),
        "fired_at": _stamp(one.fired_at),
        "value": one.value,
        "n": one.n,
        "line": one.line,
        "target": one.target,
        "lines_from": one.lines_from,
        "peak": one.peak,
        "note": one.note,
        "windows": windows(one.note),
        "batch_id": one.batch,
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": _stamp(alert.acknowledged_at),
        "owner": alert.owner,
        "due_on": alert.due_on.isoformat() if alert.due_on else None,
        "cause": alert.cause,
        "escalated": alert.escalated,
        "silenced_until": _stamp(alert.silence.ends_at if alert.silence else None),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "at": _stamp(entry.at),
        "noted_at": _stamp(entry.noted_at),
        "kind": entry.kind,
        "before": entry.before,
        "after": entry.after,
        "episode": entry.episode,
        "value": entry.value,
        "n": entry.n,
        "line": entry.line,
        "lines_from": entry.lines_from,
        "batch_id": entry.batch,
        "who": entry.who,
        "note": entry.note,
        "windows": windows(entry.note),
    }


def windows(note: str) -> list[dict[str, Any]]:
    """Return what each window of a burn rate saw; [] for every other alert."""
    seen = Burn.read(note)
    if seen is None:
        return []
    return [
        {
            "days": one.days,
            "share": one.share,
            "n": one.n,
            "target": seen.target,
            "burn": one.burn(seen.target),
        }
        for one in seen.windows
    ]


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) or None
