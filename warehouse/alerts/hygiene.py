"""How well the alarm system itself works (kpis.md §17; after EEMUA 191, ISA 18.2)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
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
CHATTER_WITHIN, CHATTER_EVALUATIONS = timedelta(hours=1), 7
TOP = 10
TRANSITIONS = {Happening.FIRED, Happening.RECOVERED, Happening.RELAPSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hygiene:
    """The figures of some days.

    *per_day* maps (recipient, local day) to messages sent; *suppressed* counts those
    that went into a digest. *stale* fired over a day ago and nobody did anything.
    *top_share* is the share of the ten noisiest instances in all firings. *per_hour* is
    the most that a recipient got within an hour by the clock. Answers are told by
    themselves for rules of the day and of the night: a day is late for a wait only.
    """

    firings: int
    active: int
    per_day: Mapping[tuple[str, date], int]
    per_hour: Mapping[str, int]
    suppressed: int
    failed: int
    stale: tuple[Alert, ...]
    chattering: tuple[tuple[int, int], ...]
    top: tuple[tuple[int, int], ...]
    top_share: float | None
    red_share: float | None
    acknowledged_live: timedelta | None
    acknowledged_nightly: timedelta | None
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
    live: Collection[int] = (),
    evaluations: Sequence[str] = (),
) -> Hygiene:
    """Return the figures that lines of history, messages and deeds add up to.

    *live* are the alerts of rules that are heard with each batch, *evaluations* the
    batches in which all rules were heard, oldest first.
    """
    fired = [entry for entry in entries if entry.kind == Happening.FIRED]
    counts = Counter(entry.alert_id for entry in fired)
    top = counts.most_common(TOP)
    burning = [alert for alert in active if alert.instance.is_active]
    reds = sum(alert.severity is Severity.RED for alert in burning)
    answered = _answers(fired, entries)
    by_day = [after for alert_id, after in answered if alert_id in live]
    by_night = [after for alert_id, after in answered if alert_id not in live]
    acted = {(a.alert_id, a.episode) for a in actions}
    firings = {(entry.alert_id, entry.episode) for entry in fired}
    return Hygiene(
        firings=len(fired),
        active=len(burning),
        per_day=_per_day(deliveries, zone),
        per_hour=_per_hour(deliveries),
        suppressed=sum(d.status is Sending.SUPPRESSED for d in deliveries),
        failed=sum(d.status is Sending.FAILED for d in deliveries),
        stale=tuple(a for a in burning if is_stale(a, now, acted)),
        chattering=tuple(_chattering(entries, live, evaluations)),
        top=tuple(top),
        top_share=_share(sum(n for _, n in top), len(fired)),
        red_share=_share(reds, len(burning)),
        acknowledged_live=median(by_day) if by_day else None,
        acknowledged_nightly=median(by_night) if by_night else None,
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


def _answers(
    fired: Sequence[Entry], entries: Sequence[Entry]
) -> list[tuple[int, timedelta]]:
    """Return how long each acknowledged firing waited, with its alert."""
    began = {(e.alert_id, e.episode): e.noted_at for e in fired}
    answered: dict[tuple[int, int], timedelta] = {}
    for entry in entries:
        key = (entry.alert_id, entry.episode)
        is_answer = entry.kind in (Deed.ACKNOWLEDGED, Deed.TAKEN, Deed.ACTION)
        if is_answer and key in began and key not in answered:
            answered[key] = entry.noted_at - began[key]
    return [(alert_id, after) for (alert_id, _), after in answered.items()]


def _per_day(deliveries: Iterable[Delivery], zone: str) -> dict[tuple[str, date], int]:
    local = ZoneInfo(zone)
    return dict(
        Counter(
            (d.recipient, d.sent_at.astimezone(local).date())
            for d in deliveries
            if d.sent_at is not None and d.kind != "digest"
        )
    )


def _per_hour(deliveries: Iterable[Delivery]) -> dict[str, int]:
    """Return the most messages that each recipient got in one hour of the clock."""
    most: dict[str, int] = {}
    hours = Counter(
        (d.recipient, d.sent_at.replace(minute=0, second=0, microsecond=0))
        for d in deliveries
        if d.sent_at is not None and d.kind != "digest"
    )
    for (recipient, _), count in hours.items():
        most[recipient] = max(count, most.get(recipient, 0))
    return most


def _chattering(
    entries: Iterable[Entry], live: Collection[int], evaluations: Sequence[str]
) -> list[tuple[int, int]]:
    """Return the alerts that come and go, with their transitions, most first.

    What is heard once a night comes and goes in weeks what a wait does in an hour.
    """
    number = {batch: place for place, batch in enumerate(evaluations)}
    moments: dict[int, list[datetime]] = {}
    places: dict[int, list[int]] = {}
    for entry in entries:
        if entry.kind not in TRANSITIONS:
            continue
        moments.setdefault(entry.alert_id, []).append(entry.noted_at)
        if entry.alert_id not in live and entry.batch in number:
            places.setdefault(entry.alert_id, []).append(number[entry.batch])
    found = [
        (alert_id, len(times))
        for alert_id, times in moments.items()
        if _is_dense(times, CHATTER_WITHIN)
        or _is_dense(places.get(alert_id, []), CHATTER_EVALUATIONS - 1)
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _is_dense(points: Sequence[Any], within: Any) -> bool:
    """Whether so many transitions as chatter lie so close together."""
    ordered = sorted(points)
    windows = zip(ordered, ordered[CHATTER - 1 :], strict=False)
    return any(last - first <= within for first, last in windows)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
