"""Why red, in one plain sentence: how far off, and what most of it comes from."""

from warehouse.alerts.drivers import REST, Driver, Split
from warehouse.alerts.saying import Names, amount, points
from warehouse.alerts.why import Why
from warehouse.text import Language, Text

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
    head = _period(found, language) + _head(found, split, gap, language)
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


def _period(found: Why, language: Language) -> str:
    """Return the days that are told of, where they are not the metric's own."""
    if found.days is None:
        return ""
    told = Text(f"近 {found.days} 天，", f"Over {found.days} days: ")
    return told[language]


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
