"""What readers do about alerts and thresholds: each a form that was sent, audited."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Response, redirect, request

from callbacks import audit
from callbacks.alerts import one_of
from callbacks.services import Services
from callbacks.session import access, demand
from pages._ui.alert_address import AlertView
from pages._ui.alert_lines import typed
from warehouse.access.events import Did
from warehouse.access.roles import Action
from warehouse.alerts.burn import with_lines
from warehouse.alerts.effects import before
from warehouse.alerts.records import Alert, Deed, LinesEdit, Plan
from warehouse.errors import (
    AccessError,
    DefinitionError,
    ForbiddenError,
    NoBatchError,
    QuestionError,
)
from warehouse.metrics.metric import Metric


def register(app: Dash, services: Services) -> None:
    """Open the routes; `callbacks/policies.py` says for whom."""

    @app.server.post("/alerts/<int:alert_id>/do")
    def do_about_alert(alert_id: int) -> Response:
        demand(Action.ACKNOWLEDGE)
        alert = one_of(services, alert_id, access().now)
        if alert is None:
            raise ForbiddenError("this alert is not yours", "这条告警不在您的范围内")
        do = request.form.get("do", "")
        try:
            _DEEDS[do](services, alert)
        except KeyError:
            raise AccessError(f"nobody can {do!r}", f"没有“{do}”这个操作") from None
        except (QuestionError, ValueError) as error:
            raise AccessError(str(error), f"没有保存：{error}") from None
        audit.note(Did.ACKNOWLEDGE, f"alert:{alert_id}", do=do, key=alert.instance.key)
        return redirect(AlertView(alert=alert_id).href(), 303)

    @app.server.post("/alerts/thresholds/<metric_id>")
    def set_lines(metric_id: str) -> Response:
        demand(Action.EDIT_THRESHOLDS)
        metric = with_lines(metric_id, services.state.lines.known_at(access().now))
        if metric is None:
            raise AccessError(f"no metric {metric_id!r}", f"没有指标“{metric_id}”")
        try:
            edit = _set(services, metric)
        except (QuestionError, DefinitionError, ValueError) as error:
            raise AccessError(str(error), f"没有保存：{error}") from None
        audit.note(
            Did.CHANGE,
            f"lines:{metric_id}",
            green=edit.green,
            red=edit.red,
            valid_from=edit.valid_from,
            reason=edit.reason,
        )
        return redirect("/alerts/thresholds", 303)


def _who() -> str:
    return access().principal.actor.name


def _acknowledge(services: Services, alert: Alert) -> None:
    services.state.deeds.acknowledge(alert.id, _who(), access().now)


def _take(services: Services, alert: Alert) -> None:
    services.state.deeds.take(alert.id, _who(), _who(), access().now)


def _act(services: Services, alert: Alert) -> None:
    form = request.form
    due = form.get("due", "")
    plan = Plan(
        owner=form.get("owner", "").strip()[:120],
        action=form.get("action", ""),
        cause=form.get("cause", ""),
        due_on=date.fromisoformat(due) if due else None,
        effect_days=int(form.get("effect") or 0),
    )
    value = None
    if alert.metric and plan.effect_days:
        try:
            batch, _ = services.batches.newest()
            value = before(batch, alert, plan.effect_days)
        except NoBatchError:
            value = None
    services.state.deeds.act(alert.id, plan, _who(), access().now, value)


def _silence(services: Services, alert: Alert) -> None:
    now, reason = access().now, request.form.get("reason", "")
    hours = timedelta(hours=float(request.form.get("hours", "8")))
    services.state.silences.add(
        rule=alert.instance.key.rule,
        scope=alert.instance.key.scope,
        reason=reason,
        who=_who(),
        now=now,
        ends_at=now + hours,
    )
    services.state.deeds.tell(alert.id, Deed.SILENCED, _who(), now, reason.strip())


def _unsilence(services: Services, alert: Alert) -> None:
    if alert.silence is None:
        return
    now = access().now
    services.state.silences.end(alert.silence.id, now)
    services.state.deeds.tell(alert.id, Deed.UNSILENCED, _who(), now, "")


def _right(services: Services, alert: Alert) -> None:
    now = access().now
    services.state.deeds.judge(alert.id, is_right=True, who=_who(), now=now)


def _wrong(services: Services, alert: Alert) -> None:
    now = access().now
    services.state.deeds.judge(alert.id, is_right=False, who=_who(), now=now)


_DEEDS: Any = {
    "acknowledge": _acknowledge,
    "take": _take,
    "act": _act,
    "silence": _silence,
    "unsilence": _unsilence,
    "right": _right,
    "wrong": _wrong,
}


def _set(services: Services, metric: Metric) -> LinesEdit:
    form, now = request.form, access().now
    pairs = [part.partition("=") for part in form.get("scope", "").split(";") if part]
    high = {
        name: typed(metric, form[name])
        for name in ("green_high", "red_high")
        if form.get(name)
    }
    edit = LinesEdit(
        metric=metric.id,
        applies_to=tuple((name, value) for name, _, value in pairs),
        green=typed(metric, form.get("green", "")),
        red=typed(metric, form.get("red", "")),
        valid_from=date.fromisoformat(form.get("valid_from", "")),
        decided_at=now,
        decided_by=_who(),
        reason=form.get("reason", ""),
        **high,
    )
    today = now.astimezone(ZoneInfo(services.settings.timezone)).date()
    services.state.lines.set(metric, edit, today)
    return edit
