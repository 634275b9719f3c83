"""What is said to whom: messages composed for one recipient within his rights. Pure."""

from collections.abc import Sequence

from warehouse.alerts.alert import Happening, Severity
from warehouse.alerts.grouping import (
    by_place,
    is_safety,
    may_repeat,
    next_due,
    still_waits,
)
from warehouse.alerts.patience import is_exempt, within_budget
from warehouse.alerts.recipients import Context, Recipient, Said, concerns, delivery
from warehouse.alerts.records import Alert, Delivery, Entry, Sending
from warehouse.alerts.saying import length, line, measure
from warehouse.alerts.sight import is_spoken_for
from warehouse.text import Language, Text

SHOWN = 10
"""Alerts listed in a message; the rest are counted."""
EXPLAINED = 3
"""Alerts whose main driver is said."""


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
        if _is_said(entry, alert, recipient, said, context)
        and not is_spoken_for(recipient.rights, alert.instance, context.regions)
    ]
    urgent = [p for p in fired if _is_urgent(p[1]) and not _demoted(p[1], context)]
    other = [p for p in fired if p not in urgent]
    over = [
        (entry, alert)
        for entry, alert in mine
        if entry.kind == Happening.RECOVERED and (alert.id, entry.episode) in said.told
    ]
    made = _fired(urgent, "red", recipient, said, context)
    has_room = within_budget(said.this_week, recipient.budget)
    quiet = [p for p in other if _demoted(p[1], context) or not has_room]
    loud = [p for p in other if p not in quiet]
    made += _fired(loud, "amber", recipient, said, context)
    made += _fired(quiet, "digest", recipient, said, context)
    return made + _over(over, recipient, said, context)


def _is_said(
    entry: Entry, alert: Alert, recipient: Recipient, said: Said, context: Context
) -> bool:
    """Whether a line of history is something that burns, and to be told."""
    if alert.silence is not None:
        return False
    if entry.kind == Happening.REALARMED:
        told_at = said.told_at.get((alert.id, entry.episode))
        return may_repeat(alert, recipient.role, told_at, context.now)
    return entry.kind == Happening.FIRED


def _is_urgent(alert: Alert) -> bool:
    return is_exempt(alert.severity, alert.instance.key.scope.level)


def _demoted(alert: Alert, context: Context) -> bool:
    return alert.instance.key.rule in context.demoted


def _fired(
    pairs: Sequence[tuple[Entry, Alert]],
    kind: str,
    recipient: Recipient,
    said: Said,
    context: Context,
) -> list[Delivery]:
    """Return the message of what burns; one that still waits takes it along.

    What has recovered since leaves the message that waits: it is never said.
    """
    made = []
    fresh = [alert for _, alert in pairs]
    for channel in recipient.channels:
        # What is kept for the morning goes beside the digest, not into it.
        is_kept = kind == "digest"
        newest = None if is_kept else said.newest.get((kind, channel))
        waiting = newest if still_waits(newest) else None
        before = _still(waiting, recipient, context)
        has_changed = fresh or (waiting and len(before) < len(waiting.alerts))
        alerts = by_place({a.id: a for a in (*before, *fresh)}.values())
        if not alerts or not has_changed:
            continue
        urgent = any(is_safety(alert) for alert in alerts)
        due = next_due(
            newest, context.now, context.zone, recipient.quiet, is_urgent=urgent
        )
        if waiting:
            due = min(due, waiting.due_at) if urgent else waiting.due_at
        made.append(
            delivery(
                f"{kind}:{pairs[0][0].batch}:{pairs[0][0].id}" if pairs else "",
                kind,
                recipient,
                channel,
                context,
                title=_title(alerts, kind, recipient.language),
                text="\n".join(listed(alerts, recipient, context)),
                due=due,
                status=Sending.SUPPRESSED if is_kept else Sending.WAITING,
                about=tuple((a.id, a.instance.episode) for a in alerts),
                joins=waiting.key if waiting else "",
            )
        )
    return made


def _still(
    waiting: Delivery | None, recipient: Recipient, context: Context
) -> list[Alert]:
    """Return what burns on of a message that waits."""
    if waiting is None:
        return []
    found = [(context.alerts.get(key), episode) for key, episode in waiting.alerts]
    return [
        alert
        for alert, episode in found
        if alert is not None
        and alert.instance.is_active
        and alert.instance.episode == episode
        and concerns(recipient, alert, context.regions)
    ]


def _title(alerts: Sequence[Alert], kind: str, language: Language) -> str:
    word = Text("需要关注", "need attention")
    if kind == "red":
        word = Text("需要处理", "need action")
    n = len(alerts)
    return Text(f"售后驾驶舱:{n} 项告警{word.zh}", f"Aftersight: {n} alerts {word.en}")[
        language
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
    pairs: Sequence[tuple[Entry, Alert]],
    recipient: Recipient,
    said: Said,
    context: Context,
) -> list[Delivery]:
    """Return the message of what recovered: how long, how bad, who had it."""
    if not pairs:
        return []
    language = recipient.language
    lines = [_ended(*pair, context, language) for pair in pairs[:SHOWN]]
    about = tuple((alert.id, entry.episode) for entry, alert in pairs)
    first, made = pairs[0][0], []
    for channel in recipient.channels:
        newest = said.newest.get(("recovered", channel))
        waiting = newest if still_waits(newest) else None
        due = next_due(
            newest, context.now, context.zone, recipient.quiet, is_urgent=False
        )
        every = (*waiting.alerts, *about) if waiting else about
        n = len(every)
        made.append(
            delivery(
                f"recovered:{first.batch}:{first.id}",
                "recovered",
                recipient,
                channel,
                context,
                title=Text(
                    f"售后驾驶舱:{n} 项告警已恢复", f"Aftersight: {n} alerts recovered"
                )[language],
                text="\n".join([waiting.text, *lines] if waiting else lines),
                due=waiting.due_at if waiting else due,
                about=every,
                joins=waiting.key if waiting else "",
            )
        )
    return made


def _ended(entry: Entry, alert: Alert, context: Context, language: Language) -> str:
    where, one = line(alert, context.names, language), alert.instance
    parts = []
    if one.fired_at is not None:
        took = length(entry.at - one.fired_at, language)
        parts.append(Text(f"持续 {took}", f"lasted {took}")[language])
    peak = _peak(alert, language)
    if peak:
        parts.append(Text(f"最差 {peak}", f"worst {peak}")[language])
    who = alert.owner or alert.acknowledged_by
    if who:
        parts.append(Text(f"处理人 {who}", f"handled by {who}")[language])
    return f"- {where}" + (f" · {' · '.join(parts)}" if parts else "")


def _peak(alert: Alert, language: Language) -> str:
    if not alert.metric or alert.instance.peak is None:
        return ""
    return measure(alert, alert.instance.peak, language)
