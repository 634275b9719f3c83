"""How well the alarm system itself works (kpis.md §17; after EEMUA 191, ISA 18.2)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import Happening, Severity
from warehouse.alerts.patience import Precision, precision
from warehouse.alerts.records import (
    Action,
    Alert,
    Deed,
    Delivery,
    Entry,
    Judgement,
    Sending,
)

STALE_AFTER = timedelta(hours=24)
CHATTER = 3
"""So many transitions within an hour, or within seven evaluations, are chattering."""
CHATTER_WITHIN = timedelta(hours=1)
TOP = 10
TRANSITIONS = {Happening.FIRED, Happening.RECOVERED, Happening.RELAPSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hygiene:
    """The figures of some days.

    *per_day* maps (recipient, local day) to messages sent; *suppressed* counts those
    that went into a digest. *stale* fired over a day ago and nobody did anything.
    *top_share* is the share of the ten noisiest instances in all firings.
    """

    firings: int
    active: int
    per_day: Mapping[tuple[str, date], int]
    suppressed: int
    failed: int
    stale: tuple[Alert, ...]
    chattering: tuple[tuple[int, int], ...]
    top: tuple[tuple[int, int], ...]
    top_share: float | None
    red_share: float | None
    acknowledged_after: timedelta | None
    acknowledged_share: float | None
    action_share: float | None
    precision: tuple[Precision, ...]


def hygiene(
    *,
    entries: Sequence[Entry],
    active: Sequence[Alert],
    deliveries: Sequence[Delivery],
    actions: Sequence[Action],
    judgements: Sequence[Judgement],
    now: datetime,
    zone: str,
) -> Hygiene:
    """Return the figures that lines of history, messages and deeds add up to."""
    fired = [entry for entry in entries if entry.kind == Happening.FIRED]
    counts = Counter(entry.alert_id for entry in fired)
    top = counts.most_common(TOP)
    burning = [alert for alert in active if alert.instance.is_active]
    reds = sum(alert.severity is Severity.RED for alert in burning)
    answered = _answers(fired, entries)
    acted = {(a.alert_id, a.episode) for a in actions}
    firings = {(entry.alert_id, entry.episode) for entry in fired}
    return Hygiene(
        firings=len(fired),
        active=len(burning),
        per_day=_per_day(deliveries, zone),
        suppressed=sum(d.status is Sending.SUPPRESSED for d in deliveries),
        failed=sum(d.status is Sending.FAILED for d in deliveries),
        stale=tuple(a for a in burning if is_stale(a, now, acted)),
        chattering=tuple(_chattering(entries)),
        top=tuple(top),
        top_share=_share(sum(n for _, n in top), len(fired)),
        red_share=_share(reds, len(burning)),
        acknowledged_after=median(answered) if answered else None,
        acknowledged_share=_share(len(answered), len(fired)),
        action_share=_share(len(firings & acted), len(firings)),
        precision=tuple(
            sorted(precision(judgements).values(), key=lambda p: (p.share, p.rule))
        ),
    )


def is_stale(alert: Alert, now: datetime, acted: Iterable[tuple[int, int]]) -> bool:
    """Whether it fired over a day ago, and nobody has done anything about it."""
    return (
        alert.noted_at is not None
        and now - alert.noted_at > STALE_AFTER
        and (alert.id, alert.instance.episode) not in acted
    )


def _answers(fired: Sequence[Entry], entries: Sequence[Entry]) -> list[timedelta]:
    """Return how long each acknowledged firing waited."""
    began = {(e.alert_id, e.episode): e.noted_at for e in fired}
    answered: dict[tuple[int, int], timedelta] = {}
    for entry in entries:
        key = (entry.alert_id, entry.episode)
        is_answer = entry.kind in (Deed.ACKNOWLEDGED, Deed.TAKEN, Deed.ACTION)
        if is_answer and key in began and key not in answered:
            answered[key] = entry.noted_at - began[key]
    return list(answered.values())


def _per_day(deliveries: Iterable[Delivery], zone: str) -> dict[tuple[str, date], int]:
    local = ZoneInfo(zone)
    return dict(
        Counter(
            (d.recipient, d.sent_at.astimezone(local).date())
            for d in deliveries
            if d.sent_at is not None and d.kind != "digest"
        )
    )


def _chattering(entries: Iterable[Entry]) -> list[tuple[int, int]]:
    """Return the alerts that come and go, with their transitions, most first."""
    moments: dict[int, list[datetime]] = {}
    for entry in entries:
        if entry.kind in TRANSITIONS:
            moments.setdefault(entry.alert_id, []).append(entry.noted_at)
    found = []
    for alert_id, times in moments.items():
        times.sort()
        windows = zip(times, times[CHATTER - 1 :], strict=False)
        if any(last - first <= CHATTER_WITHIN for first, last in windows):
            found.append((alert_id, len(times)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
