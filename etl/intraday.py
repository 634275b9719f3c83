"""The intraday loop: the same increments, again and again, until told to stop."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from etl.refresh import Order, Say, refresh
from etl.sources import Source
from warehouse.errors import BusyError
from warehouse.settings import Settings

logger = logging.getLogger(__name__)


def watch(
    settings: Settings,
    sources: list[Source],
    every: timedelta,
    say: Say,
    *,
    before_each: Callable[[datetime], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Refresh every *every*; a failed round is told and the next one tried.

    *before_each* is called with the moment of each round. Ends when *stop* is set, or
    on SIGTERM, after the round that is under way.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.is_set():
        now = datetime.now(timezone.utc)
        try:
            if before_each is not None:
                before_each(now)
            refresh(settings, sources, Order(now=now, as_of=now, repeats=False), say)
        except BusyError as error:
            say(str(error))
        except Exception as error:
            logger.exception("a round failed")
            say(f"round failed: {type(error).__name__}: {error}")
        took = datetime.now(timezone.utc) - now
        stop.wait(max(0.0, (every - took).total_seconds()))
