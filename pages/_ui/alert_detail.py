"""One alert: why, what happened, what was done about it, who was told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from dash import html

from pages._ui import format as fmt
from pages._ui.alert_address import AlertView
from pages._ui.alert_list import (
    Setting,
    marks,
    place_name,
    severity_badge,
    state_badge,
)
from pages._ui.plain_table import badge, code, table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.alerts.alert import Basis, Level, State
from warehouse.alerts.records import CAUSES, Action, Alert, Delivery, Entry, Measured
from warehouse.alerts.saying import (
    amount,
    basis_text,
    measure,
    rule_name,
    value_text,
    windows_text,
)
from warehouse.alerts.why import WHERE
from warehouse.metrics import CATALOG
from warehouse.text import Language

Days = tuple[date, date]

_SENDING = {
    "waiting": ("◔", "grey"),
    "sent": ("●", "green"),
    "failed": ("✕", "error"),
    "suppressed": ("·", "unjudged"),
    "withdrawn": ("·", "unjudged"),
}


def missing(view: AlertView, language: Language) -> list[Any]:
    """Return that there is no such alert for this reader."""
    return [_back(view, language), nothing(say("alert.missing", language))]


def head(
    alert: Alert, view: AlertView, setting: Setting, days: Days | None = None
) -> list[Any]:
    """Return what the alert is, and where to look further.

    *days* (half-open) are those that it is about, where they are not the metric's own.
    """
    language, one = setting.language, alert.instance
    where = place_name(one.key.scope, setting)
    name = rule_name(one.key.rule, language)
    return [
        _back(view, language),
        html.Article(
            [
                html.Div(
                    [
                        severity_badge(alert, language),
                        html.H2(f"{where} · {name}", className="alert__title"),
                    ],
                    className="alert__head",
                ),
                html.P(value_text(alert, language), className="alert__value"),
                html.P(basis_text(alert, language), className="note"),
                html.P(marks(alert, setting), className="alert__marks"),
                html.P(_links(alert, days, language), className="alert__links"),
            ],
            className="alert alert--one",
            **{
                "data-alert": str(alert.id),
                "data-state": one.state.value,
                "data-severity": alert.severity.value,
            },
        ),
    ]


def _back(view: AlertView, language: Language) -> html.P:
    return html.P(
        html.A(
            say("alert.back", language), href=view.href(alert=0), className="js-view"
        )
    )


def _links(alert: Alert, days: Days | None, language: Language) -> list[html.A]:
    scope = alert.instance.key.scope
    links = []
    if alert.metric in CATALOG:
        given = {WHERE[scope.level]: scope.id} if scope.level in WHERE else {}
        given = {name.removesuffix("_id"): value for name, value in given.items()}
        if days is not None:
            given["period"] = f"{days[0]}..{days[1] - timedelta(days=1)}"
        query = f"?{urlencode(given)}" if given else ""
        place = f"/metrics-catalog/{alert.metric}{query}"
        links.append(html.A(say("alert.metric", language), href=place))
        rows = html.A(say("alert.rows", language), href=f"{place}#metric-rows")
        links.append(rows)
    if scope.level is Level.STORE:
        href = f"/stores/{scope.id}"
        links.append(html.A(say("alert.store", language), href=href))
    return links


def history(alert: Alert, entries: Sequence[Entry], setting: Setting) -> html.Div:
    """Return the log, newest first."""
    language = setting.language

    def number(value: float | None) -> str:
        return measure(alert, value, language)

    return table(
        (
            "alert.history.at",
            "alert.history.what",
            "alert.history.value",
            "alert.history.line",
            "alert.history.who",
            "alert.history.batch",
        ),
        [
            (
                fmt.moment(entry.noted_at, setting.zone, language),
                _happened(alert, entry, language),
                f"{number(entry.value)} (n={entry.n:,})" if entry.n else fmt.MISSING,
                _line(number(entry.line), entry.lines_from),
                entry.who or fmt.MISSING,
                code(entry.batch),
            )
            for entry in entries
        ],
        language,
        label=say("alert.history", language),
        numeric=frozenset({2, 3}),
    )


def _line(text: str, since: str) -> str:
    """Return a line with the day it begins; what the catalogue declares has none."""
    return f"{text} ({since})" if since >= "2000" else text


def _happened(alert: Alert, entry: Entry, language: Language) -> html.Span:
    told = say(f"alert.kind.{entry.kind}", language)
    note = "" if entry.kind == "effect" else entry.note
    if alert.basis is Basis.BURN:
        note = windows_text(CATALOG[alert.metric], note, language)
    parts: list[Any] = [told]
    if note:
        parts.append(f": {note}" if language == "en" else f"：{note}")
    if entry.before != entry.after:
        parts += [" ", state_badge(State(entry.after), language)]
    return html.Span(parts, **{"data-kind": entry.kind})


def actions(found: Sequence[Action], alert: Alert, setting: Setting) -> Any:
    """Return what was done, and whether it helped."""
    language = setting.language
    if not found:
        return nothing(say("alert.actions.none", language))
    return html.Ul(
        [html.Li(_action(one, alert, setting)) for one in found], className="deeds"
    )


def _action(one: Action, alert: Alert, setting: Setting) -> list[Any]:
    language = setting.language
    moment = fmt.moment(one.at, setting.zone, language)
    head_ = f"{moment} · {one.plan.owner} · {CAUSES[one.plan.cause][language]}"
    parts = [html.P(head_, className="note"), html.P(one.plan.action)]
    if one.plan.due_on is not None:
        day = fmt.day(one.plan.due_on, language)
        parts.append(html.P(say("alert.due", language, day=day), className="note"))
    if one.measured_at is not None:
        told = say(
            "alert.effect",
            language,
            before=_measured(alert, one.before, language),
            after=_measured(alert, one.after, language),
        )
        parts.append(html.P(told, className="deeds__effect"))
    elif one.plan.effect_days:
        told = say(
            "alert.effect.waits",
            language,
            n=one.plan.effect_days,
            before=_measured(alert, one.before, language),
        )
        parts.append(html.P(told, className="note"))
    return parts


def _measured(alert: Alert, one: Measured | None, language: Language) -> str:
    metric = CATALOG.get(alert.metric)
    if one is None or one.value is None or metric is None:
        return fmt.MISSING
    value = amount(metric, one.value, language)
    if one.low is None or one.high is None:
        return f"{value} (n={one.n:,})"
    low, high = (amount(metric, x, language) for x in (one.low, one.high))
    return f"{value} [{low}, {high}] (n={one.n:,})"


def deliveries(found: Sequence[Delivery], setting: Setting) -> Any:
    """Return who was told, over what, and whether it arrived."""
    language = setting.language
    if not found:
        return nothing(say("alert.deliveries.none", language))
    return html.Ul(
        [
            html.Li(
                [
                    badge(
                        say(f"alert.sending.{one.status}", language),
                        _SENDING[one.status][1],
                        _SENDING[one.status][0],
                    ),
                    " "
                    + fmt.moment(one.sent_at or one.created_at, setting.zone, language),
                    f" · {one.recipient} · {one.channel}",
                    html.Span(f" · {one.error}" if one.error else ""),
                ]
            )
            for one in found
        ],
        className="deeds",
    )
