"""Alerts in words: the same sentence on pages and in messages."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from warehouse.alerts.alert import Basis, Instance, Level, Scope
from warehouse.alerts.burn import SUFFIX, Burn
from warehouse.alerts.records import Alert
from warehouse.metrics import CATALOG, basis
from warehouse.metrics.metric import Direction, Metric, Unit
from warehouse.text import Language, Text

Names = Mapping[str, Text]
"""The stores by id, as both languages call them."""

_UNITS: dict[Unit, Text] = {
    Unit.SHARE: Text("%", "%"),
    Unit.COUNT: Text("", ""),
    Unit.SCORE: Text("", ""),
    Unit.MINUTES: Text(" 分钟", " min"),
    Unit.HOURS: Text(" 小时", " h"),
    Unit.DAYS: Text(" 天", " days"),
    Unit.RATIO: Text("", ""),
    Unit.TIMES_A_YEAR: Text(" 次/年", "×/year"),
    Unit.PER_DAY: Text(" 台/工位·日", " per bay and day"),
}
_DECIMALS = {Unit.COUNT: 0, Unit.MINUTES: 0, Unit.RATIO: 2}
_POINTS = Text(" 个百分点", " pp")

NETWORK_NAME = Text("全网", "Whole network")

_OTHER_RULES: dict[str, Text] = {
    "source_stale": Text("数据源过期", "Source too old"),
    "store_silent": Text("门店无数据上传", "Store sends nothing"),
    "screens_dark": Text("大屏黑屏或数据过旧", "Screens dark or behind"),
    "rule_broken": Text("告警规则无法计算", "A rule cannot be computed"),
    "channel_broken": Text("消息通道故障", "A channel does not deliver"),
}
_SIGNAL = Text("异常变化", "unusual change")
_BURN = Text("未达标过快", "missing its target too fast")


def amount(metric: Metric, value: float | None, language: Language) -> str:
    """Return a value of a metric in words; what is missing is a dash."""
    if value is None or not math.isfinite(value):
        return "—"
    scaled = value * 100 if metric.unit is Unit.SHARE else value
    digits = _DECIMALS.get(metric.unit, 1)
    return (
        f"{scaled:,.{digits}f}".replace("-", "\N{MINUS SIGN}")
        + (_UNITS[metric.unit][language])
    )


def points(metric: Metric, gap: float, language: Language, *, is_share: bool) -> str:
    """Return a difference, with its sign; of shares in percentage points."""
    if is_share or metric.unit is Unit.SHARE:
        number, unit, digits = gap * 100, _POINTS[language], 1
        if 0 < abs(number) < 0.1:
            digits = 2
    else:
        number, unit = gap, _UNITS[metric.unit][language]
        digits = _DECIMALS.get(metric.unit, 1)
    text = f"{abs(number):,.{digits}f}"
    sign = "" if not any(c in text for c in "123456789") else "+"
    if sign and number < 0:
        sign = "\N{MINUS SIGN}"
    return f"{sign}{text}{unit}"


def rule_name(rule: str, language: Language) -> str:
    """Return what a rule is called: its metric, or what it says about the data."""
    if rule in _OTHER_RULES:
        return _OTHER_RULES[rule][language]
    named, _, kind = rule.rpartition(".")
    is_burning = named.endswith(SUFFIX)
    metric = CATALOG.get(named.removesuffix(SUFFIX))
    if metric is None:
        return rule
    name = metric.name[language]
    more = _SIGNAL if kind == "signal" else _BURN if is_burning else None
    if more is None:
        return name
    joiner = "：" if language == "zh" else ": "
    return f"{name}{joiner}{more[language]}"


def scope_name(scope: Scope, names: Names, language: Language) -> str:
    """Return the scope in words."""
    if scope.level is Level.NETWORK:
        return NETWORK_NAME[language]
    if scope.level is Level.STORE and scope.id in names:
        return names[scope.id][language]
    if scope.level is Level.RULE:
        return rule_name(f"{scope.id}.red", language)
    return scope.id


def value_text(alert: Alert, language: Language) -> str:
    """Return what was measured against which line, with the sample."""
    one = alert.instance
    metric = CATALOG.get(alert.metric)
    if metric is None:
        return _about_data(alert, language)
    if alert.basis is Basis.BURN:
        return _burning(metric, one, language)
    value = amount(metric, one.value, language)
    if one.value is None and one.peak is not None:
        value = amount(metric, one.peak, language)
    target = amount(metric, one.target, language)
    if alert.basis is Basis.SIGNAL:
        usual = Text(f"{value}，平常 {target}", f"{value}, usually {target}")
        return f"{usual[language]}{_sample(one, language)}"
    sense = {Direction.HIGHER: "≥ ", Direction.LOWER: "≤ "}.get(metric.direction, "")
    told = Text(f"{value}，目标 {sense}{target}", f"{value}, target {sense}{target}")
    rests = basis.read_short(one.note)
    more = f"{Text('；', '; ')[language]}{rests[language]}" if rests else ""
    return f"{told[language]}{_sample(one, language)}{more}"


def basis_text(alert: Alert, language: Language) -> str:
    """Return what the line of an alert rests on; empty where it is a fixed one."""
    metric = CATALOG.get(alert.metric)
    if metric is None:
        return ""
    note = alert.instance.note
    rests = basis.read(note, lambda number: amount(metric, number, language))
    return rests[language] if rests else ""


def _sample(one: Instance, language: Language) -> str:
    return Text(f"（n={one.n:,}）", f" (n={one.n:,})")[language] if one.n else ""


def measure(alert: Alert, value: float | None, language: Language) -> str:
    """Return a value of an alert in what its rule measures: burn rates are times."""
    if alert.basis is Basis.BURN:
        return _times(value, language)
    metric = CATALOG.get(alert.metric)
    if metric is None:
        return "—" if value is None else f"{value:,.1f}"
    return amount(metric, value, language)


def _times(value: float | None, language: Language) -> str:
    return "—" if value is None else f"{value:,.1f}{Text(' 倍', '×')[language]}"


def _burning(metric: Metric, one: Instance, language: Language) -> str:
    """Return how fast a promise is missed: both windows, the line, and the target."""
    seen = Burn.read(one.note)
    line = _times(one.line, language)
    head = Text("未达标与允许之比", "Misses against those allowed")[language]
    if seen is None:
        value = _times(one.peak if one.value is None else one.value, language)
        told = Text(f"{head}：{value}，线 {line}", f"{head}: {value}, line {line}")
        return told[language]
    windows = windows_text(metric, one.note, language)
    target = amount(metric, seen.target, language)
    told = Text(
        f"{head}：{windows}；线 {line}，目标 ≥ {target}",
        f"{head}: {windows}; line {line}, target ≥ {target}",
    )
    return told[language]


def windows_text(metric: Metric, note: str, language: Language) -> str:
    """Return what each window of a burn rate saw, with its share and its sample."""
    seen = Burn.read(note)
    if seen is None:
        return note
    parts = []
    for one in seen.windows:
        days = f"{one.days} 天" if one.days > 1 else "最近一天"
        span = f"{one.days} days" if one.days > 1 else "the last day"
        burn = _times(one.burn(seen.target), language)
        share = amount(metric, one.share, language)
        told = Text(
            f"{days} {burn}（{share}，n={one.n:,}）",
            f"{span} {burn} ({share}, n={one.n:,})",
        )
        parts.append(told[language])
    if seen.is_alone:
        parts.append(Text("样本少，只看 7 天", "few cases, 7 days decide")[language])
    return Text("，", ", ")[language].join(parts)


def _about_data(alert: Alert, language: Language) -> str:
    one = alert.instance
    if one.value is not None and alert.basis in (Basis.FRESHNESS, Basis.SILENCE):
        hours = f"{one.value:,.1f}"
        told = Text(f"已 {hours} 小时没有新数据", f"no new data for {hours} h")
        return told[language] + (f" · {one.note}" if one.note else "")
    if one.value is not None and alert.basis is Basis.FLEET:
        told = Text(
            f"{one.n} 块屏中有 {one.value:.0f} 块",
            f"{one.value:.0f} of {one.n} screens",
        )
        return told[language]
    return one.note


def line(alert: Alert, names: Names, language: Language) -> str:
    """Return one alert on one line: where, what, how far off."""
    where = scope_name(alert.instance.key.scope, names, language)
    what = rule_name(alert.instance.key.rule, language)
    return f"{where} · {what} · {value_text(alert, language)}"


def length(span: timedelta, language: Language) -> str:
    """Return a length of time in its largest useful unit."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes}{Text(' 分钟', ' min')[language]}"
    if minutes < 48 * 60:
        return f"{minutes // 60}{Text(' 小时', ' h')[language]}"
    return f"{minutes // 1440}{Text(' 天', ' days')[language]}"


def store_names(stores: Any) -> dict[str, Text]:
    """Return what stores are called, by id."""
    return {s.store_id: Text(s.name, s.name_en or s.name) for s in stores}
