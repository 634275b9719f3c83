"""Messages that no single event makes: the digest, and escalation. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from warehouse.access.roles import ROLES, Role
from warehouse.alerts.alert import Severity
from warehouse.alerts.grouping import by_place
from warehouse.alerts.messages import listed
from warehouse.alerts.patience import GROUP_WAIT, due_at
from warehouse.alerts.recipients import Context, Recipient, concerns, delivery
from warehouse.alerts.records import Alert, Delivery
from warehouse.alerts.saying import amount
from warehouse.alerts.sight import is_spoken_for
from warehouse.metrics.metric import Status
from warehouse.metrics.reading import Reading
from warehouse.text import Language, Text

_STATUS: dict[Status, Text] = {
    Status.GREEN: Text("达标", "on target"),
    Status.AMBER: Text("黄", "amber"),
    Status.RED: Text("红", "red"),
    Status.GREY: Text("样本不足", "too few"),
    Status.NONE: Text("", ""),
}

TILES: dict[Role, tuple[str, ...]] = {
    Role.EXECUTIVE: (
        "orders_arrived",
        "ftfr_30d",
        "cust_wait_total",
        "tech_util",
        "stockout_rate",
        "nps",
    ),
    Role.REGION_MANAGER: ("ftfr_30d", "promise_kept", "cust_wait_total", "nps"),
    Role.STORE_MANAGER: ("ftfr_30d", "promise_kept", "wait_bay", "stockout_rate"),
    Role.PARTS_PLANNER: ("stockout_rate", "line_fill", "dos", "dead_stock"),
    Role.DATA_ADMIN: ("entry_live_share", "phone_error_rate"),
}
"""The few tiles that matter to a role, in the digest."""


def escalation(
    alerts: Sequence[Alert], step: int, recipient: Recipient, context: Context
) -> list[Delivery]:
    """Return the message that nobody has acknowledged some alerts."""
    mine = [
        a
        for a in alerts
        if concerns(recipient, a, context.regions)
        and not is_spoken_for(recipient.rights, a.instance, context.regions)
    ]
    if not mine:
        return []
    language = recipient.language
    title = Text(
        f"售后驾驶舱:{len(mine)} 项红色告警无人响应,已升级",
        f"Aftersight: nobody has acknowledged {len(mine)} red alerts",
    )[language]
    mine = by_place(mine)
    text = "\n".join(listed(mine, recipient, context))
    about = tuple((a.id, a.instance.episode) for a in mine)
    key = "+".join(f"{a}.{e}" for a, e in about[:20])
    due = due_at(context.now, context.zone, recipient.quiet, is_urgent=False)
    return [
        delivery(
            f"escalated{step}:{key}",
            "escalated",
            recipient,
            channel,
            context,
            title=title,
            text=text,
            due=due,
            about=about,
        )
        for channel in recipient.channels
    ]


def digest(
    day: date,
    recipient: Recipient,
    readings: Iterable[Reading],
    active: Sequence[Alert],
    suppressed: Sequence[Delivery],
    context: Context,
) -> list[Delivery]:
    """Return the morning's message: tiles, what burns, what was not said one by one."""
    language = recipient.language
    mine = [
        alert
        for alert in active
        if alert.instance.is_active
        and concerns(recipient, alert, context.regions)
        and not is_spoken_for(recipient.rights, alert.instance, context.regions)
    ]
    lines = [_tile(reading, language) for reading in readings]
    lines += _burning(mine, suppressed, recipient, context)
    role = ROLES[recipient.role].name[language]
    title = Text(
        f"售后驾驶舱晨报 {day:%m-%d}({role})", f"Aftersight digest {day:%m-%d} ({role})"
    )[language]
    return [
        delivery(
            f"digest:{day}",
            "digest",
            recipient,
            channel,
            context,
            title=title,
            text="\n".join(lines),
            due=context.now - GROUP_WAIT,
        )
        for channel in recipient.channels
    ]


def _tile(reading: Reading, language: Language) -> str:
    status = _STATUS[reading.status][language]
    value = amount(reading.metric, reading.value, language)
    return f"{reading.metric.name[language]} {value}" + (
        f" [{status}]" if status and reading.value is not None else ""
    )


def _burning(
    mine: Sequence[Alert],
    suppressed: Sequence[Delivery],
    recipient: Recipient,
    context: Context,
) -> list[str]:
    """Return what burns, reds first, and how much was kept back."""
    language = recipient.language
    reds = [alert for alert in mine if alert.severity is Severity.RED]
    total = Text(
        f"活动告警 {len(mine)} 项,其中红色 {len(reds)} 项",
        f"{len(mine)} active alerts, {len(reds)} of them red",
    )[language]
    others = [alert for alert in mine if alert not in reds]
    ordered = [*by_place(reds), *by_place(others)]
    lines = ["", total, *listed(ordered, recipient, context)]
    if suppressed:
        count = len({pair for one in suppressed for pair in one.alerts})
        told = Text(
            f"另有 {count} 项未逐条推送(超出推送额度或规则已降级)",
            f"{count} were not sent one by one (budget, or a demoted rule)",
        )
        lines += ["", told[language]]
    return lines
