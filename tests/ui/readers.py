"""Readers for tests of the screens: real accounts, signed in through real sessions."""

from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient

from callbacks.gate import CSRF_COOKIE
from callbacks.identity import lifetimes, session_cookie
from warehouse.access.people import Person
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.errors import AccessError
from warehouse.settings import Settings


def account(state: Any, role: Role = Role.DATA_ADMIN, scope: str = "all") -> Person:
    """Return the account of a role and scope; it is made when first asked for."""
    wanted = scope_from(scope)
    names = "-".join(f"{ord(c):x}" for c in scope) if scope != "all" else "all"
    name = f"{role.value}.{names}"[:64]
    try:
        return state.people.named(name)
    except AccessError:
        return state.people.create(name, role, wanted, now=datetime.now(UTC))


def cookies(
    state: Any,
    settings: Settings,
    role: Role = Role.DATA_ADMIN,
    scope: str = "all",
) -> dict[str, str]:
    """Sign somebody in; return the cookies that his browser then has."""
    now = datetime.now(UTC)
    person = account(state, role, scope)
    token, session = state.sessions.open(person, lifetimes(settings), now=now)
    return {session_cookie(settings): token, CSRF_COOKIE: session.csrf}


def sign_in(
    client: FlaskClient,
    state: Any,
    settings: Settings,
    role: Role = Role.DATA_ADMIN,
    scope: str = "all",
) -> FlaskClient:
    """Sign somebody in; the client's requests carry what Dash's would."""
    for name, value in cookies(state, settings, role, scope).items():
        client.set_cookie(name, value)
        if name == CSRF_COOKIE:
            client.environ_base["HTTP_X_CSRFTOKEN"] = value
    return client
