"""Alerts in words: the same sentence on pages and in messages."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import Basis, Instance, Level, Scope, Severity
from warehouse.alerts.drivers import REST, Driver, Split
from warehouse.alerts.records import Alert
from warehouse.alerts.why import Why
from warehouse.metrics import CATALOG
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

DIMENSIONS: dict[str, Text] = {
    "store_id": Text("门店", "store"),
    "complaint_group": Text("故障类别", "complaint group"),
    "technician_id": Text("技师", "technician"),
    "part_number": Text("配件", "part"),
    "model": Text("车型", "model"),
    "partner_id": Text("伙伴", "partner"),
    "weekday": Text("星期", "weekday"),
}
WEEKDAYS = {
    "1": Text("周一", "Monday"),
    "2": Text("周二", "Tuesday"),
    "3": Text("周三", "Wednesday"),
    "4": Text("周四", "Thursday"),
    "5": Text("周五", "Friday"),
    "6": Text("周六", "Saturday"),
    "7": Text("周日", "Sunday"),
}
REST_NAME = Text("未归类或重复计入", "unassigned, or counted twice")
NETWORK_NAME = Text("全网", "Whole network")

_OTHER_RULES: dict[str, Text] = {
    "source_stale": Text("数据源过期", "Source too old"),
    "store_silent": Text("门店无数据上传", "Store sends nothing"),
    "screens_dark": Text("大屏黑屏或数据过旧", "Screens dark or behind"),
    "rule_broken": Text("告警规则无法计算", "A rule cannot be computed"),
    "channel_broken": Text("消息通道故障", "A channel does not deliver"),
}
_SIGNAL = Text("异常变化", "unusual change")


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
    metric_id, _, kind = rule.rpartition(".")
    metric = CATALOG.get(metric_id)
    if metric is None:
        return rule
    name = metric.name[language]
    if kind == "signal":
        joiner = "：" if language == "zh" else ": "
        return f"{name}{joiner}{_SIGNAL[language]}"
    return name


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
    value = amount(metric, one.value, language)
    if one.value is None and one.peak is not None:
        value = amount(metric, one.peak, language)
    target = amount(metric, one.target, language)
    if alert.basis is Basis.SIGNAL:
        usual = Text(f"{value}，平常 {target}", f"{value}, usually {target}")
        return f"{usual[language]}{_sample(one, language)}"
    sense = {Direction.HIGHER: "≥ ", Direction.LOWER: "≤ "}.get(metric.direction, "")
    told = Text(f"{value}，目标 {sense}{target}", f"{value}, target {sense}{target}")
    return f"{told[language]}{_sample(one, language)}"


def _sample(one: Instance, language: Language) -> str:
    return Text(f"（n={one.n:,}）", f" (n={one.n:,})")[language] if one.n else ""


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


def severity_name(severity: Severity, language: Language) -> str:
    """Return a severity in words."""
    words = {
        Severity.RED: Text("红色", "Red"),
        Severity.AMBER: Text("黄色", "Amber"),
        Severity.DATA: Text("数据", "Data"),
    }
    return words[severity][language]


def length(span: timedelta, language: Language) -> str:
    """Return a length of time in its largest useful unit."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes}{Text(' 分钟', ' min')[language]}"
    if minutes < 48 * 60:
        return f"{minutes // 60}{Text(' 小时', ' h')[language]}"
    return f"{minutes // 1440}{Text(' 天', ' days')[language]}"


def clock(moment: datetime | None, zone: str) -> str:
    """Return a moment on the wall of *zone*."""
    return "—" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def member_name(split: Split, driver: Driver, names: Names, language: Language) -> str:
    """Return what a driver is called."""
    if driver.member == REST:
        return REST_NAME[language]
    if split.dimension == "store_id" and driver.member in names:
        return names[driver.member][language]
    if split.dimension == "weekday":
        return WEEKDAYS[driver.member][language]
    return driver.member


def because(found: Why, names: Names, language: Language) -> str:
    """Return the plain sentence: how far off, and what most of it comes from."""
    split = found.splits[0]
    gap = points(found.metric, split.gap, language, is_share=found.is_share)
    head = _head(found, split, gap, language)
    if found.main is None:
        tail = Text(
            "没有哪一项明显更差，差距是普遍的。",
            "No member stands out: the gap is spread over all.",
        )
        return head + tail[language]
    where, driver = found.main
    name = member_name(where, driver, names, language)
    effect = points(found.metric, driver.effect, language, is_share=found.is_share)
    kind = DIMENSIONS[where.dimension]
    what = _rate_text(found, driver, language)
    mixed = abs(driver.mix) > abs(driver.rate)
    cause = {
        True: Text("主要因为占比变高", "mostly because there is more of it"),
        False: Text("主要因为自身更差", "mostly because it is worse itself"),
    }[mixed]
    if language == "zh":
        return (
            f"{head}影响最大的是{kind.zh}「{name}」：{what}（n={driver.n:,}），"
            f"贡献 {effect}，{cause.zh}。"
        )
    return (
        f"{head}Most of it comes from {kind.en} {name}: {what} (n={driver.n:,}), "
        f"{effect}, {cause.en}."
    )


def _rate_text(found: Why, driver: Driver, language: Language) -> str:
    if found.is_share:
        share = "—" if driver.value is None else f"{driver.value * 100:.1f}%"
        return Text(f"{share} 超过目标", f"{share} miss the target")[language]
    return amount(found.metric, driver.value, language)


def _head(found: Why, split: Split, gap: str, language: Language) -> str:
    name = found.metric.name[language]
    value = amount(found.metric, found.reading.value, language)
    target = amount(found.metric, found.target, language)
    if split.against == "before" and found.is_share:
        told = Text(
            f"{name} {value}，超过 {target}的比例比上一期变化 {gap}。",
            f"{name} is {value}; {gap} against the period before miss {target}. ",
        )
    elif split.against == "before":
        told = Text(
            f"{name} {value}，比上一期变化 {gap}。",
            f"{name} is {value}, {gap} against the period before. ",
        )
    elif found.is_share:
        told = Text(
            f"{name} {value}，超过目标 {target}的比例多出 {gap}。",
            f"{name} is {value}; {gap} more than allowed miss {target}. ",
        )
    else:
        told = Text(
            f"{name} {value}，距目标 {target} 差 {gap}。",
            f"{name} is {value}, {gap} from the target of {target}. ",
        )
    return told[language]


def store_names(stores: Any) -> dict[str, Text]:
    """Return what stores are called, by id."""
    return {s.store_id: Text(s.name, s.name_en or s.name) for s in stores}
