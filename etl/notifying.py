"""The notifier beside the refresh: a thread of the loop, or once after a run.

It has connections of its own and never holds up a publish: a channel that hangs costs
messages, not numbers. It goes on while rounds fail or hang, and judges then by the
clock what no batch says.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from etl.alerting import judge_by_clock
from etl.messages.config import Notifying, read
from etl.messages.notifier import Notifier
from etl.messages.sender import Sender
from warehouse.alerts.clock import EVERY as CLOCK_EVERY
from warehouse.alerts.patience import GROUP_WAIT
from warehouse.errors import NoBatchError
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Say = Callable[[str], None]

EVERY = 5.0
"""Seconds between two looks at the history."""


class Desk:
    """A notifier with its own state and warehouse."""

    def __init__(self, settings: Settings, config: Notifying) -> None:
        self._warehouse = Warehouse.open(settings)
        self._state = State(settings.state)
        emails = {told.name: told.email for told in config.recipients}
        sender = Sender(self._state, config.channels, lambda name: emails.get(name, ""))
        self._notifier = Notifier(self._state, config, sender)
        self._looked_at: datetime | None = None

    def work(self, now: datetime, ahead: timedelta = timedelta(0)) -> int:
        """Do one round; nothing is said before something was published."""
        try:
            batch = self._warehouse.batch()
        except NoBatchError:
            return 0
        if self._looked_at is None or now - self._looked_at >= CLOCK_EVERY:
            self._looked_at = now
            judge_by_clock(batch, self._state, now)
        return self._notifier.tick(batch, now, ahead)

    def close(self) -> None:
        """Give the connections back."""
        self._warehouse.close()
        self._state.close()


def configured(settings: Settings, environment: Mapping[str, str]) -> Notifying:
    """Return the configuration of messages.

    Raises:
        ConfigurationError: the file says something impossible.

    """
    return read(settings.alerts, environment)


def notify_once(settings: Settings, config: Notifying, now: datetime, say: Say) -> None:
    """Do one round after a run; a failure is told and harms nothing.

    Nothing can recover before this process ends, and nobody comes back in half a
    minute: what it found is sent at once.
    """
    try:
        desk = Desk(settings, config)
        try:
            arrived = desk.work(now, GROUP_WAIT)
        finally:
            desk.close()
    except Exception as error:
        logger.exception("messages could not be sent")
        say(f"messages could not be sent: {type(error).__name__}: {error}")
        return
    if arrived:
        say(f"messages: {arrived} sent")


def notify_always(
    settings: Settings, config: Notifying, clock: Clock, say: Say, stop: threading.Event
) -> threading.Thread:
    """Start a thread that does a round every few seconds until *stop*."""

    def work() -> None:
        desk: Desk | None = None
        while not stop.is_set():
            try:
                desk = desk or Desk(settings, config)
                desk.work(clock())
            except Exception as error:
                logger.exception("a round of messages failed")
                say(f"messages: {type(error).__name__}: {error}")
            stop.wait(EVERY)
        if desk is not None:
            desk.close()

    thread = threading.Thread(target=work, name="notifier", daemon=True)
    thread.start()
    return thread
