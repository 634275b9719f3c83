"""Alerts as a list: one card each, readable on a phone, worst first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.alert_address import SHOWN, AlertView
from pages._ui.codes import called
from pages._ui.filters import EVERYTHING, store_name
from pages._ui.plain_table import badge
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.alerts.alert import Key, Level, Scope, Severity, State
from warehouse.alerts.records import Alert
from warehouse.alerts.saying import Names, rule_name, scope_name, value_text
from warehouse.records import Store
from warehouse.text import Language

MOST = 200

SIGNS: dict[State, tuple[str, str]] = {
    State.OK: ("●", "green"),
    State.PENDING: ("◔", "grey"),
    State.FIRING: ("■", "red"),
    State.RECOVERING: ("◑", "amber"),
    State.NO_DATA: ("–", "nodata"),
    State.STALE: ("◇", "stale"),
    State.ERROR: ("✕", "error"),
}
SEVERITIES: dict[Severity, tuple[str, str]] = {
    Severity.RED: ("■", "red"),
    Severity.AMBER: ("▲", "amber"),
    Severity.DATA: ("◇", "stale"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every card is drawn with; *may_act* allows the buttons."""

    names: Names
    zone: str
    now: datetime
    language: Language
    may_act: bool


def place_name(scope: Scope, setting: Setting) -> str:
    """Return what an alert is about, in the reader's language."""
    if scope.level is Level.REGION:
        return called("region", scope.id, setting.language)
    return scope_name(scope, setting.names, setting.language)


def tabs(here: str, language: Language, *, may_edit: bool) -> html.Nav:
    """Return the way between the pages about alerts."""
    places = [("/alerts", "list"), ("/alerts/hygiene", "hygiene")]
    if may_edit:
        places.append(("/alerts/thresholds", "thresholds"))
    links = []
    for address, name in places:
        current = {"aria-current": "page"} if address == here else {}
        label = say(f"alerts.tab.{name}", language)
        links.append(
            html.A(label, href=address, className="tabs__link js-view", **current)
        )
    label = say("alerts.tabs", language)
    return html.Nav(links, className="tabs", **{"aria-label": label})


def filters(
    view: AlertView,
    stores: Sequence[Store],
    counts: Mapping[str, int],
    language: Language,
) -> list[html.Label]:
    """Return the choices above the list; they write into the address."""
    shown = [
        (name, f"{say(f'alerts.show.{name}', language)} ({counts.get(name, 0)})")
        for name in SHOWN
    ]
    everything = (EVERYTHING, say("filter.all", language))
    severities = [
        everything,
        *((s.value, say(f"alerts.severity.{s}", language)) for s in Severity),
    ]
    regions = [everything]
    known = sorted({s.region for s in stores if s.region})
    regions += [(r, called("region", r, language)) for r in known]
    inside = [s for s in stores if not view.region or s.region == view.region]
    named = sorted((store_name(s, language), s.store_id) for s in inside)
    listed = [everything, *((i, name) for name, i in named)]
    return [
        _choice("show", "alerts.filter.show", view.show, shown, language),
        _choice(
            "severity", "alerts.filter.severity", view.severity, severities, language
        ),
        _choice("region", "filter.region", view.region, regions, language),
        _choice("store", "filter.store", view.store, listed, language),
    ]


def cards(
    alerts: Sequence[Alert], view: AlertView, setting: Setting
) -> list[html.Ul | html.P]:
    """Return the cards, or that there is nothing."""
    language = setting.language
    if not alerts:
        good = "good" if view.show in ("active", "open") else "nothing"
        return [nothing(say(f"alerts.none.{view.show}", language), good)]
    drawn = [_card(alert, view, setting) for alert in alerts[:MOST]]
    parts: list[Any] = [
        html.P(
            say("alerts.total", language, n=fmt.whole(len(alerts))), className="note"
        ),
        html.Ul(drawn, className="alerts"),
    ]
    if len(alerts) > MOST:
        rest = fmt.whole(len(alerts) - MOST)
        parts.append(html.P(say("alerts.more", language, n=rest), className="note"))
    return parts


def _card(alert: Alert, view: AlertView, setting: Setting) -> html.Li:
    language, one = setting.language, alert.instance
    name = rule_name(one.key.rule, language)
    where = place_name(one.key.scope, setting)
    return html.Li(
        [
            html.Div(
                [
                    severity_badge(alert, language),
                    html.A(
                        f"{where} · {name}",
                        href=view.href(alert=alert.id),
                        className="alert__name js-view",
                    ),
                ],
                className="alert__head",
            ),
            html.P(value_text(alert, language), className="alert__value"),
            html.P(marks(alert, setting), className="alert__marks"),
            quick(alert, setting),
        ],
        className="alert",
        **{
            "data-alert": str(alert.id),
            "data-state": one.state.value,
            "data-severity": alert.severity.value,
            "data-rule": one.key.rule,
            "data-scope": one.key.scope.id,
        },
    )


def severity_badge(alert: Alert, language: Language) -> html.Span:
    """Return the severity as sign and word."""
    sign, state = SEVERITIES[alert.severity]
    return badge(say(f"alerts.severity.{alert.severity}", language), state, sign)


def state_badge(state: State, language: Language) -> html.Span:
    """Return a state as sign and word."""
    sign, look = SIGNS[state]
    return badge(say(f"alert.state.{state}", language), look, sign)


def marks(alert: Alert, setting: Setting) -> list[Any]:
    """Return state, and the marks beside it, in words."""
    language, one = setting.language, alert.instance
    parts: list[Any] = [state_badge(one.state, language)]
    if one.cover is not None and one.is_active:
        held = say(f"alert.state.{one.base}", language)
        parts.append(_mark(say("alert.held", language, state=held)))
    if one.is_resting:
        parts.append(_mark(say("alert.resting", language)))
    if alert.owner:
        parts.append(_mark(say("alert.taken", language, name=alert.owner), "taken"))
    elif alert.acknowledged_by:
        told = say("alert.known", language, name=alert.acknowledged_by)
        parts.append(_mark(told, "taken"))
    if alert.due_on is not None:
        day = fmt.day(alert.due_on, language)
        parts.append(_mark(say("alert.due", language, day=day)))
    if alert.silence is not None:
        until = fmt.moment(alert.silence.ends_at, setting.zone, language)
        parts.append(_mark(say("alert.silenced", language, moment=until)))
    if alert.escalated:
        parts.append(_mark(say("alert.escalated", language, n=alert.escalated)))
    if one.inhibited_by:
        parts.append(_mark(say("alert.spoken", language, name=_speaker(one, setting))))
    since = one.fired_at if one.is_active else one.since
    if since is not None:
        moment = fmt.moment(since, setting.zone, language)
        age = fmt.age(setting.now - since, language)
        parts.append(_mark(say("alert.since", language, moment=moment, age=age)))
    return parts


def _speaker(one: Any, setting: Setting) -> str:
    if ":" not in one.inhibited_by:
        return rule_name(one.inhibited_by, setting.language)
    key = Key.read(one.inhibited_by)
    where = place_name(key.scope, setting)
    return f"{where} · {rule_name(key.rule, setting.language)}"


def _mark(text: str, kind: str = "") -> html.Span:
    return html.Span(text, className="alert__mark", **{"data-mark": kind})


def quick(alert: Alert, setting: Setting) -> html.Form | None:
    """Return the two buttons that are needed on the way, where they make sense."""
    if not setting.may_act or not alert.instance.is_active or alert.owner:
        return None
    buttons = []
    if not alert.acknowledged_by:
        buttons.append(
            forms.button(
                "alert.do.acknowledge", setting.language, name="do", value="acknowledge"
            )
        )
    take = forms.button("alert.do.take", setting.language, name="do", value="take")
    return forms.form(
        f"/alerts/{alert.id}/do", *buttons, take, className="form form--row"
    )


def reasons(told: Sequence[tuple[Alert, str]], setting: Setting) -> list[html.Ul]:
    """Return reds with what most of each comes from, and who has it; [] for none."""
    if not told:
        return []
    return [
        html.Ul([_reason(a, text, setting) for a, text in told], className="reasons")
    ]


def _reason(alert: Alert, text: str, setting: Setting) -> html.Li:
    language, one = setting.language, alert.instance
    where = place_name(one.key.scope, setting)
    name = alert.owner or alert.acknowledged_by
    taken = say("alert.taken", language, name=name) if name else ""
    return html.Li(
        [
            html.A(
                f"{where} · {rule_name(one.key.rule, language)}",
                href=AlertView(alert=alert.id).href(),
                className="js-view",
            ),
            html.Span(f" {taken}" if taken else "", **{"data-mark": "taken"}),
            html.P(text or value_text(alert, language)),
        ],
        **{"data-alert": str(alert.id), "data-state": one.state.value},
    )


def ordered(alerts: Iterable[Alert]) -> list[Alert]:
    """Return what needs somebody first: open, then red, then the oldest."""
    rank = {Severity.RED: 0, Severity.DATA: 1, Severity.AMBER: 2}

    def place(alert: Alert) -> tuple[Any, ...]:
        one = alert.instance
        began = one.fired_at or one.since
        return (
            not one.is_active,
            bool(alert.acknowledged_by),
            rank[alert.severity],
            began.timestamp() if began else 0,
            alert.id,
        )

    return sorted(alerts, key=place)


def _choice(
    param: str,
    label: str,
    chosen: str,
    options: Sequence[tuple[str, str]],
    language: Language,
) -> html.Label:
    return html.Label(
        [
            html.Span(say(label, language), className="choice__label"),
            dbc.Select(
                options=[{"value": v, "label": told} for v, told in options],
                value=chosen or EVERYTHING,
                size="sm",
                className="choice__select",
            ),
        ],
        className="choice",
        **{"data-param": param, "data-chosen": "yes" if chosen else "no"},
    )
