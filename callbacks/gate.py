"""The one gate: every request passes it, and nothing leaves without."""

import logging
import secrets
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from flask import Response, g, request

from callbacks import audit, refusals
from callbacks.forged import addresses_in, first_id, problem_of
from callbacks.identity import (
    DEVICE_COOKIE,
    client_address,
    identify,
    is_local,
    is_secure,
    session_cookie,
)
from callbacks.limits import Limits
from callbacks.policies import (
    BY_CALLBACK,
    BY_PAGE,
    CALLBACKS,
    OPERATION,
    ROUTES,
    word_of,
)
from callbacks.refusals import TOLD, answer, forbidden, is_machine, stranger
from callbacks.services import Services
from pages._ui import locale, viewer
from pages._ui.wording import say
from warehouse.access.events import Did
from warehouse.access.roles import Role, page_at, store_at
from warehouse.errors import AccessError

logger = logging.getLogger(__name__)

CSRF_COOKIE = "_csrf_token"
"""Dash sends it back in a header; scripts of other sites cannot read it."""

SAFE = ("GET", "HEAD", "OPTIONS")


def register(app: Dash, services: Services) -> None:
    """Stand in front of everything."""
    server, settings = app.server, services.settings
    server.config["MAX_CONTENT_LENGTH"] = settings.body_kilobytes * 1024
    limits = Limits(settings.requests_per_minute)

    @server.before_request
    def gate() -> Any:
        viewer.activate(None)
        g.access, g.is_gated = None, True
        rule = request.url_rule.rule if request.url_rule else None
        policy = ROUTES.get(rule or "")
        g.is_public = policy is not None and policy.is_file
        if g.is_public:
            return None
        g.address = client_address(settings)
        try:
            g.access = identify(services, datetime.now(UTC))
        except AccessError as error:
            return answer(401, error.told[locale.current()])
        who = g.access.principal.actor.id if g.access else f"address:{g.address}"
        if not limits.admit(who, time.monotonic()):
            return answer(429, say("refused.often", locale.current()))
        _show_viewer()
        if rule is None:
            return None  # There is nothing here; the router says so.
        return _pass(app, rule, policy)

    @server.after_request
    def keep(response: Response) -> Response:
        return _with_cookies(response, services)

    refusals.catch(server)


def _pass(app: Dash, rule: str, policy: Any) -> Any:
    """Return None to let the request through, or the answer that refuses it."""
    if policy is None:
        logger.error("the route %s has no policy", rule)
        return forbidden()
    if request.method not in SAFE and not _is_ours():
        return answer(403, say("refused.cross_site", locale.current()))
    is_wall = rule == "/wall/<store_id>"
    if is_wall and g.access is not None and not _may_see(request.path):
        return forbidden()
    if policy.is_open or (policy is OPERATION and is_local()):
        return None
    if g.access is None:
        return stranger()
    if not policy.allows(g.access.principal) or not _is_in_scope():
        return forbidden()
    if policy is BY_PAGE:
        return _pass_page()
    if policy is BY_CALLBACK:
        return _pass_callback(app)
    if policy.is_noted:
        audit.seen(request.full_path.rstrip("?"))
    return None


def _pass_page() -> Any:
    """Let a page's address through; 403 comes with a page that says so."""
    if is_machine():  # Nobody else answers it, and who asks is no browser.
        return answer(404, say(TOLD[404], locale.current()))
    if _may_see(request.path):
        return None
    if g.access.principal.role in (Role.DEVICE, Role.API_CLIENT):
        return forbidden()
    audit.refused(g.access, request.path)
    g.status = 403
    return None


def _pass_callback(app: Dash) -> Any:
    """Look at a callback's request before Dash does."""
    if not request.is_json:
        return answer(400, "the body is no JSON")
    body = _json()
    problem = problem_of(body, app.callback_map)
    if problem:
        return answer(400, problem)
    word = word_of(first_id(body["output"]))
    policy = CALLBACKS.get(word)
    if policy is None or not policy.allows(g.access.principal):
        return forbidden()
    named = addresses_in(body)
    if word == "_pages":
        # The layout itself says that it is not for this reader.
        for address in filter(_may_see, named):
            audit.note(Did.SEE, address + _search_in(body))
        return None
    # The frame stands around every page, around the words of a refusal too.
    if word == "shell" or all(map(_may_see, named)):
        return None
    return forbidden(" ".join(named))


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # Nested a thousand deep.
        return None


def _search_in(body: dict[str, Any]) -> str:
    found = (i["value"] for i in body["inputs"] if i.get("property") == "search")
    return next(found, "") or ""


def _may_see(address: str) -> bool:
    """Whether the asker may open an address, and see the store it is about."""
    access, page, store = g.access, page_at(address), store_at(address)
    if page is not None and not access.principal.may_open(page):
        return False
    if store is None:
        return True
    allowed = access.rights.store_ids
    return allowed is None or store in allowed


def _is_in_scope() -> bool:
    """Whether the store that an address names, if it does, is the asker's."""
    store = (request.view_args or {}).get("store_id")
    if store is None:
        return True
    allowed = g.access.rights.store_ids
    return allowed is None or store in allowed


def _is_ours() -> bool:
    """Whether a change was sent by one of our own pages, or by a program."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        return False
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return False
    session = g.access.session if g.access else None
    if session is None or request.path.startswith("/login"):
        return True  # Nothing is done in a reader's name.
    given = request.headers.get("X-CSRFToken") or request.form.get("csrf", "")
    return secrets.compare_digest(given.encode(), session.csrf.encode())


def _show_viewer() -> None:
    if g.access is None:
        return
    session, own = g.access.session, {}
    if session is not None:
        own = {
            "display_name": session.person.display_name,
            "csrf": session.csrf,
            "has_password": session.person.has_own_password,
        }
    viewer.activate(viewer.Viewer(principal=g.access.principal, **own))


def _with_cookies(response: Response, services: Services) -> Response:
    settings = services.settings
    if g.get("status") and response.status_code == 200:
        response.status_code = g.status
    access = g.get("access")
    flags = {"samesite": "Lax", "secure": is_secure(settings), "path": "/"}
    if g.get("token"):
        longest = int(settings.session_hours * 3600)
        name = session_cookie(settings)
        response.set_cookie(name, g.token, max_age=longest, httponly=True, **flags)
    if g.get("is_signed_out"):
        response.delete_cookie(session_cookie(settings), httponly=True, **flags)
        response.delete_cookie(CSRF_COOKIE, **flags)
    csrf = access.session.csrf if access is not None and access.session else ""
    if csrf and request.cookies.get(CSRF_COOKIE) != csrf:
        response.set_cookie(CSRF_COOKIE, csrf, **flags)
    if g.get("is_revoked"):
        response.delete_cookie(DEVICE_COOKIE)
    if g.get("is_gated") and not g.get("is_public"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
