"""What goes into the audit log, and for how long it stays there."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from dash import Dash
from flask import g

from callbacks.services import Services
from callbacks.session import Access
from warehouse.access.events import Did, Ending, Event
from warehouse.errors import StateError

logger = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""A program that asks the same thing every few seconds is one line in this time."""

MOST_REMEMBERED = 10_000


def register(app: Dash, services: Services) -> None:
    """Forget at the start what is older than the setting says."""
    limit = datetime.now(UTC) - timedelta(days=services.settings.audit_days)
    services.state.audit.forget_before(limit)
    readings = Readings()

    @app.server.before_request
    def remember_where() -> None:
        g.audit, g.readings = services.state.audit, readings


class Readings:
    """What has been written down of repeated readings; of this process only."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_news(self, who: str, what: str, now: datetime) -> bool:
        """Tell whether *who* has not read *what* for a while, and remember it."""
        with self._lock:
            last = self._last.get((who, what))
            if last is not None and now - last < AGAIN:
                return False
            self._last[who, what] = now
            self._last.move_to_end((who, what))
            while len(self._last) > MOST_REMEMBERED:
                self._last.popitem(last=False)
        return True


def seen(what: str) -> None:
    """Write down that the asker reads something which is asked again and again.

    Raises:
        StateError: it could not be written; what is not logged must not happen.

    """
    if g.readings.is_news(g.access.principal.actor.id, what, g.access.now):
        note(Did.SEE, what)


def note(action: Did, what: str, /, **detail: object) -> None:
    """Write down that the asker did something.

    *what* names the object; *detail* may hold no personal data of customers.

    Raises:
        StateError: it could not be written; what is not logged must not happen.

    """
    add(g.access, action, what, Ending.DONE, detail)


def refused(access: Access | None, what: str, /, **detail: object) -> None:
    """Write down that somebody asked for what he may not have; never fails.

    A screen that hangs at another store's address asks every ten seconds, for months:
    it is a line an hour.
    """
    if access is None:
        return
    is_screen = access.device is not None
    if is_screen and not g.readings.is_news(access.principal.id, what, access.now):
        return
    try:
        add(access, Did.FORBIDDEN, what, Ending.REFUSED, detail)
    except StateError:
        logger.exception("a refusal could not be logged")


def add(
    access: Access,
    action: Did,
    what: str,
    outcome: Ending,
    detail: Mapping[str, object],
) -> None:
    """Write a line of the log for somebody known."""
    actor, shown = access.principal.actor, access.principal
    event(
        access.now,
        actor.name,
        action,
        what,
        outcome,
        kind=actor.id.partition(":")[0],
        role=actor.role.value,
        sees_as=shown.name if shown.real else "",
        detail=detail,
    )


def event(
    now: datetime,
    who: str,
    action: Did,
    what: str,
    outcome: Ending = Ending.DONE,
    *,
    kind: str = "stranger",
    role: str = "",
    sees_as: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write a line of the log for anybody."""
    told = {name: str(value)[:500] for name, value in (detail or {}).items()}
    g.audit.add(
        Event(
            at=now,
            who=who,
            kind=kind,
            role=role,
            sees_as=sees_as,
            action=action,
            object=what,
            outcome=outcome,
            address=g.get("address", ""),
            detail=tuple(told.items()),
        )
    )
