"""What can be done about one alert: forms that are sent to a route."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from pages._ui import forms
from pages._ui.alert_list import Setting, quick
from pages._ui.wording import say
from warehouse.alerts.records import CAUSES, Alert
from warehouse.text import Language

HOURS = ("1", "8", "24", "168")
DUE_IN = timedelta(days=7)


def deeds(alert: Alert, who: str, setting: Setting) -> list[Any]:
    """Return the forms; none for who may only look."""
    if not setting.may_act:
        return []
    language = setting.language
    place = f"/alerts/{alert.id}/do"
    return [
        part
        for part in (
            quick(alert, setting),
            _plan(place, alert, who, setting) if alert.metric else None,
            _more(place, alert, language),
        )
        if part is not None
    ]


def _plan(place: str, alert: Alert, who: str, setting: Setting) -> html.Details:
    language = setting.language
    causes = [(name, text[language]) for name, text in CAUSES.items()]
    return html.Details(
        [
            html.Summary(say("alert.form.plan", language)),
            forms.form(
                place,
                forms.text(
                    "owner", "alert.form.owner", language, value=alert.owner or who
                ),
                forms.choice(
                    "cause", "alert.form.cause", causes, language, value=alert.cause
                ),
                forms.text("action", "alert.form.action", language, required=True),
                forms.text(
                    "due",
                    "alert.form.due",
                    language,
                    kind="date",
                    value=_due(setting.now, setting.zone),
                ),
                forms.text(
                    "effect", "alert.form.effect", language, kind="number", value="7"
                ),
                forms.button("alert.do.act", language, name="do", value="act"),
            ),
        ],
        open=alert.instance.is_active and not alert.cause,
        className="actions",
    )


def _due(now: datetime, zone: str) -> str:
    return (now.astimezone(ZoneInfo(zone)) + DUE_IN).date().isoformat()


def _more(place: str, alert: Alert, language: Language) -> html.Details:
    hours = [(h, say(f"alert.form.hours.{h}", language)) for h in HOURS]
    parts: list[Any] = []
    if alert.silence is None:
        parts.append(
            forms.form(
                place,
                forms.choice("hours", "alert.form.hours", hours, language, value="8"),
                forms.text("reason", "alert.form.reason", language, required=True),
                forms.button("alert.do.silence", language, name="do", value="silence"),
            )
        )
    else:
        end = forms.button("alert.do.unsilence", language, name="do", value="unsilence")
        parts.append(forms.form(place, end, className="form form--row"))
    if alert.instance.episode:
        parts.append(
            forms.form(
                place,
                forms.button("alert.do.right", language, name="do", value="right"),
                forms.button(
                    "alert.do.wrong", language, name="do", value="wrong", kind="danger"
                ),
                className="form form--row",
            )
        )
    return html.Details(
        [html.Summary(say("alert.form.more", language)), *parts], className="actions"
    )
