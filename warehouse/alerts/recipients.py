"""Who is told: what he may see, what he heard lately, and a message made out to him."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from warehouse.access.roles import Role
from warehouse.alerts.alert import Severity
from warehouse.alerts.patience import Hours
from warehouse.alerts.records import Alert, Delivery, Sending
from warehouse.alerts.saying import Names
from warehouse.alerts.sight import Regions, sees
from warehouse.scope import Rights
from warehouse.text import Language

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
    told_at: Mapping[tuple[int, int], datetime] = field(default_factory=dict)
    """When he was last told, or is going to be, that something burns."""
    newest: Mapping[tuple[str, str], Delivery] = field(default_factory=dict)
    """The newest message, sent or waiting, of a kind over a channel."""


IMMEDIATE = ("red", "amber")
"""Kinds of messages that something burns."""


def said_lately(
    week: Sequence[Delivery], told: frozenset[tuple[int, int]] = frozenset()
) -> Said:
    """Return what a recipient heard, from his messages of a week, newest first.

    *told* are the (alert, episode)s whose firing has reached him.
    """
    out = (Sending.SENT, Sending.WAITING)
    oldest_first = [one for one in reversed(week) if one.status in out]
    burning = [one for one in oldest_first if one.kind in IMMEDIATE]
    # One message over two channels counts once.
    ambers = {one.key.rpartition(":")[0] for one in burning if one.kind == "amber"}
    return Said(
        this_week=len(ambers),
        told=told,
        told_at={
            pair: one.sent_at or one.due_at for one in burning for pair in one.alerts
        },
        newest={(one.kind, one.channel): one for one in oldest_first},
    )


def concerns(recipient: Recipient, alert: Alert, regions: Regions) -> bool:
    """Whether an alert is a recipient's business, and within his rights."""
    if alert.severity is Severity.DATA and recipient.role not in DATA_ROLES:
        return False
    return sees(recipient.rights, alert.instance.key.scope, regions)


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
    joins: str = "",
) -> Delivery:
    """Return one message to one recipient over one channel.

    *joins* is the key of a message that waits, and whose place it takes. The link of a
    message about one alert leads there.
    """
    place = f"{ADDRESS}?alert={about[0][0]}" if len(about) == 1 else ADDRESS
    own = f"{key}:{recipient.name}:{channel}"[:300] if key else joins
    return Delivery(
        key=own,
        joins=joins,
        kind=kind,
        channel=channel,
        recipient=recipient.name,
        title=title,
        text=text,
        link=f"{context.link.rstrip('/')}{place}" if context.link else "",
        status=status,
        created_at=context.now,
        due_at=due,
        alerts=about,
    )
