"""Sending what is due: tried until it arrives, never faster than a channel allows.

A message is sent at least once. Who can tell repetitions apart is given the means: a
webhook its key, mail its Message-ID. A process that dies between sending and noting so
sends a robot's message again: twice is better than never for a red alert.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from etl.messages.posting import MINUTE, Channel, ChannelError
from warehouse.alerts.recipients import IMMEDIATE
from warehouse.alerts.records import Delivery, Sending
from warehouse.store.state import State

logger = logging.getLogger(__name__)

TRIES = 8
BACK_OFF = timedelta(seconds=15)
LONGEST = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@dataclass
class Sender:
    """Sends what is due, and remembers how often each channel was used."""

    state: State
    channels: Mapping[str, Channel]
    address_of: Callable[[str], str]
    used: dict[str, deque[datetime]] = field(default_factory=dict)
    paused: dict[str, datetime] = field(default_factory=dict)

    def send_due(self, now: datetime, ahead: timedelta = timedelta(0)) -> int:
        """Send what is due within *ahead* and may be sent; return how many arrived."""
        due = self.state.deliveries.due(now + ahead)
        return sum(self._try(one, now) for one in due)

    def _try(self, delivery: Delivery, now: datetime) -> bool:
        channel = self.channels.get(delivery.channel)
        settle = self.state.deliveries.settle
        if channel is None:
            settle(delivery, Sending.FAILED, now=now, error="no such channel")
            return False
        if self._is_over(delivery, now):
            settle(delivery, Sending.WITHDRAWN, now=now, is_attempt=False)
            return False
        if not self._may_use(channel, now):
            return False  # It stays due; the next round finds it.
        self.used.setdefault(channel.name, deque()).append(now)
        try:
            channel.send(delivery, self.address_of(delivery.recipient), now)
        except ChannelError as error:
            self._postpone(delivery, channel, error, now)
            return False
        settle(delivery, Sending.SENT, now=now)
        return True

    def _postpone(
        self, delivery: Delivery, channel: Channel, error: ChannelError, now: datetime
    ) -> None:
        tries = delivery.attempts + 1
        if error.is_busy:
            self.paused[channel.name] = now + channel.pause
        if not error.again or tries >= TRIES:
            logger.error("message %s is given up: %s", delivery.key, error)
            self.state.deliveries.settle(
                delivery, Sending.FAILED, now=now, error=str(error)
            )
            return
        wait = channel.pause if error.is_busy else back_off(tries)
        self.state.deliveries.settle(
            delivery, Sending.WAITING, now=now, due_at=now + wait, error=str(error)
        )

    def _is_over(self, delivery: Delivery, now: datetime) -> bool:
        """Whether all that a message announces has recovered before it was sent."""
        if delivery.kind not in IMMEDIATE or delivery.attempts or not delivery.alerts:
            return False
        alerts = self.state.alerts.some([a for a, _ in delivery.alerts], now)
        episodes = dict(delivery.alerts)
        return all(
            not alert.instance.is_active or alert.instance.episode != episodes[alert.id]
            for alert in alerts
        )

    def _may_use(self, channel: Channel, now: datetime) -> bool:
        if now < self.paused.get(channel.name, now):
            return False
        used = self.used.setdefault(channel.name, deque())
        while used and now - used[0] >= MINUTE:
            used.popleft()
        at_once = sum(now - moment < SECOND for moment in used)
        is_hasty = 0 < channel.per_second <= at_once
        return len(used) < channel.per_minute and not is_hasty


def back_off(tries: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time."""
    return min(LONGEST, BACK_OFF * 2 ** (tries - 1))
