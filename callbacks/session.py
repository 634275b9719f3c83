"""Who asks, and in which language. The only place that says what a reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import Dash
from flask import Response, g, request

from callbacks.services import Services
from pages._ui import locale
from warehouse.access.principal import Principal, rights_of
from warehouse.access.roles import Action, ScopeKind
from warehouse.errors import ForbiddenError, NoBatchError
from warehouse.scope import EVERYTHING, Rights
from warehouse.text import Language

COOKIE = "aftersight_lang"

YEAR = 365 * 24 * 3600


@dataclass(slots=True)
class Access:
    """Somebody known in a request, and what he may see of the newest batch.

    *session* is the session of a person, *device* the paired screen, or neither.
    """

    principal: Principal
    stores: Callable[[], Iterable[Any]]
    now: datetime
    session: Any = None
    device: Any = None
    _rights: Rights | None = field(default=None)

    @property
    def rights(self) -> Rights:
        """What he may see; the same for the whole request."""
        if self._rights is None:
            needs_stores = self.principal.scope.kind is ScopeKind.REGION
            stores = self.stores() if needs_stores else ()
            self._rights = rights_of(self.principal, stores)
        return self._rights


def access() -> Access:
    """Return who asks.

    Raises:
        ForbiddenError: nobody known does; the gate has let nobody through.

    """
    found = g.get("access")
    if found is None:
        raise ForbiddenError("nobody is signed in", "没有登录")
    return found


def rights() -> Rights:
    """Return what the asker may see: an argument of every reading."""
    return access().rights


def principal() -> Principal:
    """Return who asks."""
    return access().principal


def may(action: Action) -> bool:
    """Tell whether the asker's role includes *action*."""
    return principal().may(action)


def demand(action: Action) -> None:
    """Refuse who may not do *action*.

    Raises:
        ForbiddenError: the asker's role does not include it.

    """
    if not may(action):
        raise ForbiddenError(
            f"your role does not include {action.value}", f"您的角色不含 {action.value}"
        )


def known_stores(services: Services) -> list[Any]:
    """Return the stores of the newest batch; none where there is no batch."""
    try:
        batch, _ = services.batches.newest()
    except NoBatchError:
        return []
    key = ("stores", EVERYTHING)
    return services.snapshots.get(batch.id, key, lambda: batch.stores(EVERYTHING))


def register(app: Dash, _services: Services) -> None:
    """Answer each request in its reader's language, and remember a choice."""

    @app.server.before_request
    def choose_language() -> None:
        locale.activate(_asked() or _remembered() or locale.DEFAULT)

    @app.server.after_request
    def remember_language(response: Response) -> Response:
        asked = _asked()
        if asked and asked != _remembered() and response.mimetype == "text/html":
            response.set_cookie(
                COOKIE,
                asked,
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure,
            )
        return response


def spoken(chosen: object) -> Language:
    """Return the language that a page says it is in, as far as it can be believed."""
    known = locale.language_of(chosen) if isinstance(chosen, str) else None
    return known or locale.current()


def _asked() -> Language | None:
    return locale.language_of(request.args.get("lang"))


def _remembered() -> Language | None:
    return locale.language_of(request.cookies.get(COOKIE))
