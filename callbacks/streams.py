"""What is sent for a while: it ends with the session of who asked for it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from callbacks.services import Services
from callbacks.session import Access
from warehouse.errors import ForbiddenError

EVERY_SECONDS = 5.0
"""How long a stream may go on after its session: each look is a read of the state."""


class SessionOverError(Exception):
    """The reader is signed out: the rest of what he is being sent is withheld."""


def while_signed_in(
    pieces: Iterator[Any], access: Access, services: Services
) -> Iterator[Any]:
    """Yield *pieces* (texts or bytes) while their reader is signed in as who he was.

    A session that was ended or has expired, a lock, and another role or scope break
    the stream off. It is not ended politely: a file that lacks rows must not look
    whole. Being idle does not count, somebody is still receiving.

    Raises:
        ForbiddenError: there is no session that could end.
        SessionOverError: while iterating; the server closes the connection.

    """
    if access.session is None:
        raise ForbiddenError("files are for people", "文件只给登录的人")
    return _watched(pieces, access, services)


def _watched(
    pieces: Iterator[Any], access: Access, services: Services
) -> Iterator[Any]:
    looked_at = time.monotonic()
    for piece in pieces:
        if time.monotonic() - looked_at >= EVERY_SECONDS:
            _demand_session(access, services)
            looked_at = time.monotonic()
        yield piece


def _demand_session(access: Access, services: Services) -> None:
    now = datetime.now(UTC)
    session = services.state.sessions.standing(access.session.id, now=now)
    if session is None or session.principal() != access.principal:
        raise SessionOverError(f"session {access.session.id} is over")
