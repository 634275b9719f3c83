"""The alarm system's own figures."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.alert_address import AlertView
from pages._ui.alert_list import Setting, place_name, severity_badge
from pages._ui.plain_table import badge, table
from pages._ui.section import section
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.alerts.alert import Severity
from warehouse.alerts.hygiene import Hygiene
from warehouse.alerts.records import Alert
from warehouse.alerts.saying import rule_name
from warehouse.text import Language

FEW_STALE, RED_SHARE, ACTED = 5, 0.10, 0.80
LIVE_ANSWER, NIGHTLY_ANSWER = timedelta(minutes=15), timedelta(days=1)


def hygiene(found: Hygiene, named: Mapping[int, Alert], setting: Setting) -> list[Any]:
    """Return the whole page; *named* are the alerts that the figures speak of."""
    language = setting.language
    return [
        _summary(found, language),
        section("hygiene.noisy", language, _noisy(found, named, setting), name="noisy"),
        section(
            "hygiene.stale.list", language, _stale(found, setting), name="forgotten"
        ),
        section("hygiene.people", language, _people(found, language), name="people"),
        section("hygiene.rules", language, _rules(found, language), name="rules"),
    ]


def _summary(found: Hygiene, language: Language) -> html.Dl:
    acted = found.action_share
    items = (
        ("firings", fmt.whole(found.firings), ""),
        ("active", fmt.whole(found.active), ""),
        ("red", _share(found.red_share), _bad((found.red_share or 0) > RED_SHARE)),
        _answer("acknowledged", found.acknowledged_live, LIVE_ANSWER, language),
        _answer("slowly", found.acknowledged_nightly, NIGHTLY_ANSWER, language),
        ("answered", _share(found.acknowledged_share), ""),
        ("actions", _share(acted), _bad(acted is not None and acted < ACTED)),
        ("stale", fmt.whole(len(found.stale)), _bad(len(found.stale) >= FEW_STALE)),
        ("chattering", fmt.whole(len(found.chattering)), _bad(bool(found.chattering))),
        ("top", _share(found.top_share), ""),
        ("suppressed", fmt.whole(found.suppressed), ""),
        ("failed", fmt.whole(found.failed), _bad(bool(found.failed))),
    )
    return html.Dl(
        [
            html.Div(
                [html.Dt(say(f"hygiene.{name}", language)), html.Dd(value)],
                className="summary__item",
                **{"data-state": state, "data-measure": name},
            )
            for name, value, state in items
        ],
        className="summary",
    )


def _answer(
    name: str, after: timedelta | None, limit: timedelta, language: Language
) -> tuple[str, str, str]:
    """Return how long the usual answer takes, and whether that is too long."""
    return name, fmt.age(after, language), _bad(after is not None and after > limit)


def _bad(is_bad: bool) -> str:
    return "amber" if is_bad else ""


def _share(share: float | None) -> str:
    return fmt.MISSING if share is None else f"{share * 100:.0f}%"


def _link(alert: Alert, setting: Setting) -> html.Span:
    """Return an alert to follow; red and amber of one metric are told apart."""
    key = alert.instance.key
    where = place_name(key.scope, setting)
    told = f"{where} · {rule_name(key.rule, setting.language)}"
    href = AlertView(alert=alert.id).href()
    mark = severity_badge(alert, setting.language)
    return html.Span([mark, " ", html.A(told, href=href, className="js-view")])


def _noisy(found: Hygiene, named: Mapping[int, Alert], setting: Setting) -> Any:
    language = setting.language
    rows = [
        (_link(named[alert_id], setting), fmt.whole(times))
        for alert_id, times in found.top
        if alert_id in named
    ]
    if not rows:
        return nothing(say("hygiene.noisy.none", language), "good")
    heads = ("hygiene.alert", "hygiene.times")
    label = say("hygiene.noisy", language)
    return table(heads, rows, language, label=label, numeric=frozenset({1}))


def _stale(found: Hygiene, setting: Setting) -> Any:
    if not found.stale:
        return nothing(say("hygiene.stale.none", setting.language), "good")
    return html.Ul([html.Li(_link(a, setting)) for a in found.stale[:50]])


def _people(found: Hygiene, language: Language) -> Any:
    days: dict[str, dict[date, int]] = {}
    for (person, day), count in found.per_day.items():
        days.setdefault(person, {})[day] = count
    if not days:
        return nothing(say("hygiene.people.none", language))
    rows = [
        (
            person,
            f"{sum(by.values()) / len(by):.1f}",
            fmt.whole(max(by.values())),
            fmt.whole(found.per_hour.get(person, 0)),
        )
        for person, by in sorted(days.items())
    ]
    heads = ("hygiene.person", "hygiene.mean", "hygiene.most", "hygiene.hourly")
    label = say("hygiene.people", language)
    return table(heads, rows, language, label=label, numeric=frozenset({1, 2, 3}))


def _rule(rule: str, language: Language) -> str:
    """Return a rule's name, with its colour if it has one."""
    kind = rule.rpartition(".")[2]
    if kind not in (Severity.RED, Severity.AMBER):
        return rule_name(rule, language)
    colour = say(f"alerts.severity.{kind}", language)
    return f"{rule_name(rule, language)} · {colour}"


def _rules(found: Hygiene, language: Language) -> Any:
    if not found.precision:
        return nothing(say("hygiene.rules.none", language))
    rows = []
    for one in found.precision:
        verdict = badge(say("hygiene.kept", language), "green", "●")
        if one.is_demoted:
            verdict = badge(say("hygiene.demoted", language), "amber", "▲")
        rows.append(
            (
                _rule(one.rule, language),
                _share(one.share),
                fmt.whole(one.judged),
                verdict,
            )
        )
    heads = ("hygiene.rule", "hygiene.right", "hygiene.judged", "hygiene.verdict")
    label = say("hygiene.rules", language)
    return table(heads, rows, language, label=label, numeric=frozenset({1, 2}))
