"""What is said to whom: messages composed for one recipient within his rights. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from warehouse.access.roles import Role
from warehouse.alerts.alert import Happening, Severity
from warehouse.alerts.patience import (
    Hours,
    due_at,
    is_exempt,
    within_budget,
)
from warehouse.alerts.records import Alert, Delivery, Entry, Sending
from warehouse.alerts.saying import Names, amount, length, line
from warehouse.alerts.sight import Regions, is_spoken_for, sees
from warehouse.metrics import CATALOG
from warehouse.scope import Rights
from warehouse.text import Language, Text

SHOWN = 10
"""Alerts listed in a message; the rest are counted."""
EXPLAINED = 3
"""Alerts whose main driver is said."""

DATA_ROLES = (Role.DATA_ADMIN, Role.ADMIN)

ADDRESS = "/alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is told: what he may see, how he is reached, how much he wants.

    *budget* is for immediate messages besides reds, in any seven days. *digest_at* is
    local time; None means no digest.
    """

    name: str
    role: Role
    rights: Rights
    channels: tuple[str, ...]
    language: Language = "zh"
    email: str = ""
    quiet: Hours | None = None
    digest_at: time | None = time(8, 0)
    budget: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What composing needs beside the news; *now* is the clock's time (UTC)."""

    now: datetime
    zone: str
    link: str
    names: Names
    regions: Regions
    alerts: Mapping[int, Alert]
    demoted: frozenset[str] = frozenset()
    explain: Callable[[Alert, Rights, Language], str] = field(
        default=lambda _alert, _rights, _language: ""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a recipient heard lately."""

    this_week: int = 0
    told: frozenset[tuple[int, int]] = frozenset()
    """(alert, episode)s whose firing has reached him."""


def concerns(recipient: Recipient, alert: Alert, regions: Regions) -> bool:
    """Whether an alert is a recipient's business, and within his rights."""
    if alert.severity is Severity.DATA and recipient.role not in DATA_ROLES:
        return False
    return sees(recipient.rights, alert.instance.key.scope, regions)


def compose(
    news: Sequence[Entry], recipient: Recipient, said: Said, context: Context
) -> list[Delivery]:
    """Return the messages that some lines of history make for one recipient."""
    mine = [
        (entry, alert)
        for entry in news
        if (alert := context.alerts.get(entry.alert_id)) is not None
        and concerns(recipient, alert, context.regions)
    ]
    fired = [
        (entry, alert)
        for entry, alert in mine
        if entry.kind in (Happening.FIRED, Happening.REALARMED)
        and alert.silence is None
        and not is_spoken_for(recipient.rights, alert.instance, context.regions)
    ]
    urgent = [p for p in fired if _is_urgent(p[1]) and not _demoted(p[1], context)]
    other = [p for p in fired if p not in urgent]
    over = [
        (entry, alert)
        for entry, alert in mine
        if entry.kind == Happening.RECOVERED and (alert.id, entry.episode) in said.told
    ]
    made = _fired(urgent, "red", recipient, context, Sending.WAITING)
    has_room = within_budget(said.this_week, recipient.budget)
    quiet = [p for p in other if _demoted(p[1], context) or not has_room]
    loud = [p for p in other if p not in quiet]
    made += _fired(loud, "amber", recipient, context, Sending.WAITING)
    made += _fired(quiet, "digest", recipient, context, Sending.SUPPRESSED)
    return made + _over(over, recipient, context)


def _is_urgent(alert: Alert) -> bool:
    return is_exempt(alert.severity, alert.instance.key.scope.level)


def _demoted(alert: Alert, context: Context) -> bool:
    return alert.instance.key.rule in context.demoted


def _fired(
    pairs: Sequence[tuple[Entry, Alert]],
    kind: str,
    recipient: Recipient,
    context: Context,
    status: Sending,
) -> list[Delivery]:
    if not pairs:
        return []
    alerts = list({alert.id: alert for _, alert in pairs}.values())
    language = recipient.language
    word = {
        "red": Text("需要处理", "need action"),
        "amber": Text("需要关注", "need attention"),
    }.get(kind, Text("需要关注", "need attention"))[language]
    title = Text(
        f"售后驾驶舱:{len(alerts)} 项告警{word}",
        f"Aftersight: {len(alerts)} alerts {word}",
    )[language]
    text = "\n".join(listed(alerts, recipient, context))
    due = due_at(context.now, context.zone, recipient.quiet, is_urgent=False)
    batch = pairs[0][0].batch
    about = tuple((alert.id, alert.instance.episode) for alert in alerts)
    return [
        delivery(
            f"{kind}:{batch}:{pairs[0][0].id}",
            kind,
            recipient,
            channel,
            context,
            title=title,
            text=text,
            due=due,
            status=status,
            about=about,
        )
        for channel in recipient.channels
    ]


def listed(
    alerts: Sequence[Alert], recipient: Recipient, context: Context
) -> list[str]:
    """Return the lines of some alerts; the first reds with what drives them."""
    language = recipient.language
    lines = []
    for number, alert in enumerate(alerts[:SHOWN]):
        lines.append(f"- {line(alert, context.names, language)}")
        if number < EXPLAINED and alert.severity is Severity.RED:
            because = context.explain(alert, recipient.rights, language)
            if because:
                lines.append(f"  {because}")
    if len(alerts) > SHOWN:
        rest = len(alerts) - SHOWN
        lines.append(Text(f"- 另有 {rest} 项", f"- {rest} more")[language])
    return lines


def _over(
    pairs: Sequence[tuple[Entry, Alert]], recipient: Recipient, context: Context
) -> list[Delivery]:
    """Return the message of what recovered: how long, how bad, who had it."""
    if not pairs:
        return []
    language = recipient.language
    lines = []
    for entry, alert in pairs[:SHOWN]:
        where = line(alert, context.names, language)
        parts = []
        one = alert.instance
        if one.fired_at is not None:
            took = length(entry.at - one.fired_at, language)
            parts.append(Text(f"持续 {took}", f"lasted {took}")[language])
        peak = _peak(alert, language)
        if peak:
            parts.append(Text(f"最差 {peak}", f"worst {peak}")[language])
        who = alert.owner or alert.acknowledged_by
        if who:
            parts.append(Text(f"处理人 {who}", f"handled by {who}")[language])
        lines.append(f"- {where}" + (f" · {' · '.join(parts)}" if parts else ""))
    title = Text(
        f"售后驾驶舱:{len(pairs)} 项告警已恢复",
        f"Aftersight: {len(pairs)} alerts recovered",
    )[language]
    due = due_at(context.now, context.zone, recipient.quiet, is_urgent=False)
    about = tuple((alert.id, entry.episode) for entry, alert in pairs)
    first = pairs[0][0]
    return [
        delivery(
            f"recovered:{first.batch}:{first.id}",
            "recovered",
            recipient,
            channel,
            context,
            title=title,
            text="\n".join(lines),
            due=due,
            about=about,
        )
        for channel in recipient.channels
    ]


def _peak(alert: Alert, language: Language) -> str:

    metric = CATALOG.get(alert.metric)
    if metric is None or alert.instance.peak is None:
        return ""
    return amount(metric, alert.instance.peak, language)


def delivery(
    key: str,
    kind: str,
    recipient: Recipient,
    channel: str,
    context: Context,
    *,
    title: str,
    text: str,
    due: datetime,
    status: Sending = Sending.WAITING,
    about: tuple[tuple[int, int], ...] = (),
) -> Delivery:
    """Return one message to one recipient over one channel."""
    return Delivery(
        key=f"{key}:{recipient.name}:{channel}"[:300],
        kind=kind,
        channel=channel,
        recipient=recipient.name,
        title=title,
        text=text,
        link=f"{context.link.rstrip('/')}{ADDRESS}" if context.link else "",
        status=status,
        created_at=context.now,
        due_at=due,
        alerts=about,
    )
