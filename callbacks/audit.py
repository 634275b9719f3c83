"""What goes into the audit log, and for how long it stays there."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from dash import Dash
from flask import g

from callbacks.services import Services
from callbacks.session import Access
from warehouse.access.events import Did, Ending, Event
from warehouse.errors import StateError

logger = logging.getLogger(__name__)


def register(app: Dash, services: Services) -> None:
    """Forget at the start what is older than the setting says."""
    limit = datetime.now(UTC) - timedelta(days=services.settings.audit_days)
    services.state.audit.forget_before(limit)

    @app.server.before_request
    def remember_where() -> None:
        g.audit = services.state.audit


def note(action: Did, what: str, /, **detail: object) -> None:
    """Write down that the asker did something.

    *what* names the object; *detail* may hold no personal data of customers.

    Raises:
        StateError: it could not be written; what is not logged must not happen.

    """
    add(g.access, action, what, Ending.DONE, detail)


def refused(access: Access | None, what: str, /, **detail: object) -> None:
    """Write down that somebody asked for what he may not have; never fails."""
    if access is None:
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
