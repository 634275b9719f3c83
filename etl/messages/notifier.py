"""The notifier: what is new in the history becomes messages, what time brings as well.

Each step is safe to repeat: the cursor, the keys of messages and the marks of
escalation say what was done, in the state.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from etl.messages.channel_health import judge_channels
from etl.messages.config import Notifying, Told
from etl.messages.sender import Sender
from warehouse.access.principal import Principal, rights_of, scope_from
from warehouse.access.roles import Role
from warehouse.alerts.alert import Level
from warehouse.alerts.digests import TILES, digest, escalation
from warehouse.alerts.effects import effect
from warehouse.alerts.messages import compose
from warehouse.alerts.patience import (
    WEEK,
    Span,
    escalates,
    office_spans,
    precision,
    step_reached,
)
from warehouse.alerts.recipients import Context, Recipient, Said, said_lately
from warehouse.alerts.records import Alert, Delivery, Entry, Sending
from warehouse.alerts.saying import store_names
from warehouse.alerts.saying_why import because
from warehouse.alerts.sight import regions_of, sees
from warehouse.alerts.why import days_of, why
from warehouse.errors import AccessError, AftersightError
from warehouse.metrics import CATALOG
from warehouse.metrics.reading import Reading
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.state import State
from warehouse.text import Language

logger = logging.getLogger(__name__)

NEWS = timedelta(days=1)
"""What the data say of earlier than this is history, whenever it is loaded."""

DIGEST_LASTS = timedelta(hours=4)
"""A digest that could not be made by then is not made that day."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """Works on one batch at a time; *batch* has what the numbers of messages need."""

    state: State
    config: Notifying
    sender: Sender

    def tick(self, batch: Any, now: datetime, ahead: timedelta = timedelta(0)) -> int:
        """Plan what is new, what has become late and what the morning wants, and send.

        *now* is the clock's time; what becomes due within *ahead* goes at once. Returns
        how many messages arrived.
        """
        stores = batch.stores(EVERYTHING)
        people = self.recipients(stores)
        context = self._context(batch, stores, now)
        self.state.deliveries.plan(lambda news: self._compose(news, people, context))
        self._escalate(batch, people, context)
        self._digests(batch, people, context)
        self._measure(batch, now)
        arrived = self.sender.send_due(now, ahead)
        judge_channels(self.state, self.config.channels, now)
        return arrived

    def recipients(self, stores: Sequence[Any]) -> list[Recipient]:
        """Return who is told, with the rights that each has right now."""
        found = []
        for told in self.config.recipients:
            try:
                found.append(self._recipient(told, stores))
            except AccessError as error:
                logger.error("recipient %s is told nothing: %s", told.name, error)
        return found

    def _recipient(self, told: Told, stores: Sequence[Any]) -> Recipient:
        if told.role is not None:
            role, scope = told.role, scope_from(told.scope)
        else:
            person = self.state.people.named(told.name)
            if not person.is_active:
                raise AccessError(f"the account {told.name} is closed")
            role, scope = person.role, person.scope
        principal = Principal(id=told.name, name=told.name, role=role, scope=scope)
        budget = self.config.budget(role) if told.budget is None else told.budget
        language: Language = "en" if told.language == "en" else "zh"
        return Recipient(
            name=told.name,
            role=role,
            rights=rights_of(principal, stores),
            channels=told.channels,
            language=language,
            email=told.email,
            quiet=told.quiet,
            digest_at=told.digest_at,
            budget=budget,
        )

    def _context(self, batch: Any, stores: Sequence[Any], now: datetime) -> Context:
        judged = precision(self.state.deeds.judgements())
        names = store_names(stores)
        told: dict[tuple[Any, ...], str] = {}

        def explain(alert: Alert, rights: Rights, language: Language) -> str:
            key = (alert.id, rights, language)
            if key not in told:
                told[key] = _explained(batch, alert, rights, names, language)
            return told[key]

        return Context(
            now=now,
            zone=batch.timezone,
            link=self.config.link,
            names=names,
            regions=regions_of(stores),
            alerts=_Lookup(self.state, now),
            demoted=frozenset(rule for rule, p in judged.items() if p.is_demoted),
            explain=explain,
        )

    def _compose(
        self, news: Sequence[Entry], people: Sequence[Recipient], context: Context
    ) -> list[Delivery]:
        made: list[Delivery] = []
        # A replay of long ago is no news.
        news = [entry for entry in news if entry.noted_at - entry.at < NEWS]
        for recipient in people:
            made += compose(
                news, recipient, self._said(recipient, news, context.now), context
            )
        return made

    def _said(self, recipient: Recipient, news: Sequence[Entry], now: datetime) -> Said:
        told = frozenset(
            (entry.alert_id, entry.episode)
            for entry in news
            if entry.kind == "recovered"
            and self.state.deliveries.told(
                recipient.name, entry.alert_id, entry.episode
            )
        )
        lately = self.state.deliveries.since(now - WEEK, recipient=recipient.name)
        return said_lately(lately, told)

    # ---------- what time brings

    def _escalate(
        self, batch: Any, people: Sequence[Recipient], context: Context
    ) -> None:
        now, steps = context.now, self.config.steps
        late: dict[int, list[Alert]] = {}
        waiting = [
            alert
            for alert in self.state.alerts.active(now)
            if alert.escalated < len(steps) and escalates(alert)
        ]
        spans = self._spans(batch, waiting, now)
        for alert in waiting:
            reached = step_reached(alert, now, spans[alert.id], steps)
            for step in range(alert.escalated + 1, reached + 1):
                late.setdefault(step, []).append(alert)
        for step, alerts in sorted(late.items()):
            to = steps[step - 1].to
            made = [
                one
                for recipient in people
                if recipient.role is to
                for one in escalation(alerts, step, recipient, context)
            ]
            # The messages first: a mark without its message would be silence.
            self.state.deliveries.add(made)
            for alert in alerts:
                self.state.deeds.escalate(alert.id, step, to.value, now)

    def _spans(
        self, batch: Any, alerts: Sequence[Alert], now: datetime
    ) -> dict[int, Sequence[Span]]:
        """Return when somebody could have answered, by alert; one question for all."""
        of_store = [
            alert for alert in alerts if alert.instance.key.scope.level is Level.STORE
        ]
        opened: dict[str, list[Span]] = {}
        if of_store:
            ids = {alert.instance.key.scope.id for alert in of_store}
            first = min(alert.noted_at for alert in of_store)
            opened = batch.open_spans(ids, first, now)
        found = {a.id: opened.get(a.instance.key.scope.id, ()) for a in of_store}
        for alert in alerts:
            if alert.id not in found:
                found[alert.id] = office_spans(
                    alert.noted_at, now, batch.timezone, self.config.office
                )
        return found

    def _digests(
        self, batch: Any, people: Sequence[Recipient], context: Context
    ) -> None:
        local = context.now.astimezone(ZoneInfo(batch.timezone))
        for recipient in people:
            if recipient.digest_at is None:
                continue
            at = datetime.combine(local.date(), recipient.digest_at, local.tzinfo)
            if not at <= local < at + DIGEST_LASTS:
                continue
            self._digest(batch, recipient, local.date(), context)

    def _digest(
        self, batch: Any, recipient: Recipient, day: date, context: Context
    ) -> None:
        lately = self.state.deliveries.since(context.now - timedelta(days=1))
        mine = [one for one in lately if one.recipient == recipient.name]
        if any(one.key.startswith(f"digest:{day}:") for one in mine):
            return
        kept = [one for one in mine if one.status is Sending.SUPPRESSED]
        made = digest(
            day,
            recipient,
            _tiles(batch, recipient),
            self.state.alerts.active(context.now),
            kept,
            context,
        )
        self.state.deliveries.add(made)

    def _measure(self, batch: Any, now: datetime) -> None:
        for action in self.state.deeds.unmeasured(now):
            alert = self.state.alerts.get(action.alert_id, now)
            if alert is None or not alert.metric:
                continue
            after = effect(batch, alert, action)
            if after is not None:
                self.state.deeds.measure(action, after, now)


class _Lookup(Mapping[int, Alert]):
    """The alerts that messages are about, looked up when they are needed."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state = state
        self._now = now
        self._known: dict[int, Alert | None] = {}

    def __getitem__(self, alert_id: int) -> Alert:
        if alert_id not in self._known:
            self._known[alert_id] = self._state.alerts.get(alert_id, self._now)
        found = self._known[alert_id]
        if found is None:
            raise KeyError(alert_id)
        return found

    def __iter__(self) -> Any:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _explained(
    batch: Any, alert: Alert, rights: Rights, names: Any, language: Language
) -> str:
    scope = alert.instance.key.scope
    if not alert.metric or not sees(rights, scope, regions_of(batch.stores(rights))):
        return ""
    try:
        days = days_of(batch, alert)
        found = why(batch, alert.metric, scope, rights, days=days)
    except AftersightError:
        logger.exception("what drives alert %s cannot be found", alert.id)
        return ""
    return "" if found is None else because(found, names, language)


def _tiles(batch: Any, recipient: Recipient) -> list[Reading]:
    wanted = TILES.get(recipient.role, TILES[Role.EXECUTIVE])
    found = []
    for metric_id in wanted:
        of_stores = "store_id" in CATALOG[metric_id].dimensions
        if not of_stores and recipient.rights.store_ids is not None:
            continue
        found += batch.read(metric_id, Question(), recipient.rights)[:1]
    return found
