"""Signing in and out: local accounts, and the organisation's identity provider."""

import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from dash import Dash
from flask import Response, g, redirect, request
from flask import session as travelling
from joserfc.errors import JoseError
from requests import RequestException

from callbacks import audit
from callbacks.identity import is_local, is_secure, lifetimes, may_enter
from callbacks.services import Services
from pages._ui import locale
from pages._ui import login_page as page
from pages._ui.wording import say
from warehouse.access import demo, passwords
from warehouse.access.events import Did, Ending
from warehouse.access.people import Origin, Person
from warehouse.access.roles import ROLES
from warehouse.errors import AccessError
from warehouse.settings import Settings

logger = logging.getLogger(__name__)

SLOW = timedelta(minutes=15)
"""Failed attempts are counted over this time."""

MOST = (("pair", 5), ("name", 20), ("from", 40))
"""Failures of a name from one address, of a name, and from one address.

A name alone holds out longer, so that a stranger cannot lock somebody out quickly.
"""

SECONDS_OF_PROVIDER = 10


def register(app: Dash, services: Services) -> None:
    """Open `/login`, `/login/start`, `/login/callback` and `/logout`."""
    server, settings = app.server, services.settings
    server.secret_key = settings.secret or secrets.token_urlsafe(32)
    server.config.update(
        SESSION_COOKIE_NAME="aftersight_signin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_PATH="/login",
    )
    _local(server, services)
    _elsewhere(server, services, _provider(server, settings))

    @server.post("/logout")
    def sign_out() -> Response:
        if g.access.session is not None:
            audit.note(Did.SIGN_OUT, g.access.session.person.name)
            services.state.sessions.end(g.access.session.id)
        g.access, g.token, g.is_signed_out = None, "", True
        return redirect("/login", 303)


def _local(server: Any, services: Services) -> None:
    settings = services.settings

    @server.get("/login")
    def show_login() -> Any:
        wanted = safe(request.args.get("next", ""))
        if g.access is not None and g.access.session is not None:
            return redirect(wanted or "/")
        return _page(settings, wanted)

    @server.post("/login")
    def sign_in() -> Any:
        given = request.form.get("name", "")[:200]
        # What no account is called is neither looked for nor written down as it is.
        name = "".join(filter(str.isprintable, given)).strip().lower()[:64]
        wanted = safe(request.form.get("next", ""))
        now = datetime.now(UTC)
        if is_slowed(services, name, now):
            minutes = int(SLOW.total_seconds() // 60)
            words = say("login.slow", locale.current(), n=minutes)
            return _page(settings, wanted, words, 429, name)
        person = checked(services, name, request.form.get("password", ""))
        if person is None:
            count_failure(services, name, now)
            words = say("login.wrong", locale.current())
            return _page(settings, wanted, words, 401, name)
        services.state.attempts.forget(f"pair {name} {g.address}")
        return enter(services, person, now, wanted)


def _elsewhere(server: Any, services: Services, provider: Any) -> None:
    settings = services.settings

    @server.post("/login/start")
    def go_to_provider() -> Any:
        if provider is None:
            return redirect("/login")
        travelling["next"] = safe(request.form.get("next", ""))
        scheme = "https" if is_secure(settings) else "http"
        back = f"{scheme}://{request.host}/login/callback"
        try:
            return provider.authorize_redirect(back)
        except (AuthlibBaseError, RequestException):
            return _failed(settings)

    @server.get("/login/callback")
    def come_from_provider() -> Any:
        if provider is None:
            return redirect("/login")
        wanted = safe(travelling.get("next", ""))
        try:
            claims = provider.authorize_access_token()["userinfo"]
            person = known_there(services, claims)
        except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError):
            return _failed(settings)
        finally:
            travelling.clear()
        now = datetime.now(UTC)
        if person is None or not may_enter(person, settings):
            name = str(claims.get(settings.oidc_name_claim, ""))[:64]
            audit.event(now, name, Did.SIGN_IN, "oidc", Ending.REFUSED)
            words = say("login.unknown", locale.current(), name=name)
            return _page(settings, wanted, words, 403)
        return enter(services, person, now, wanted)


def prepare_demo(services: Services, now: datetime) -> None:
    """Make the demo's accounts where they may exist, unless they are there."""
    if not (services.settings.demo and services.settings.is_local):
        return
    there = {person.name for person in services.state.people.every()}
    for name, role, scope in demo.PEOPLE:
        if name not in there:
            kept = passwords.hashed(demo.PASSWORD)
            try:
                services.state.people.create(
                    name, role, scope, now=now, password=kept, is_demo=True
                )
            except AccessError:
                logger.info("another process has made %s", name)


def checked(services: Services, name: str, password: str) -> Person | None:
    """Return the local account that name and password belong to."""
    try:
        person = services.state.people.named(name)
    except AccessError:
        person = None
    is_local_account = person is not None and person.origin is Origin.LOCAL
    is_right = passwords.matches(
        person.password if is_local_account else None, password[:200]
    )
    if not (is_right and person is not None):
        return None
    return person if may_enter(person, services.settings) else None


def is_slowed(services: Services, name: str, now: datetime) -> bool:
    """Tell whether there have been too many failures to try again now."""
    count = services.state.attempts.count
    limits = zip(_tries(name), MOST, strict=True)
    return any(count(what, since=now - SLOW) >= most for what, (_, most) in limits)


def slow_down(services: Services, name: str, now: datetime) -> None:
    """Count a wrong password of *name* from where the request comes from."""
    for what in _tries(name):
        services.state.attempts.note(what, now=now)


def count_failure(services: Services, name: str, now: datetime) -> None:
    """Remember a failure to sign in."""
    slow_down(services, name, now)
    audit.event(now, name, Did.SIGN_IN, "password", Ending.REFUSED)


def _tries(name: str) -> tuple[str, ...]:
    return (f"pair {name} {g.address}", f"name {name}", f"from {g.address}")


def known_there(services: Services, claims: dict[str, Any]) -> Person | None:
    """Return the account of somebody whom the identity provider vouches for.

    The first time it is found by its name; from then on by what the provider calls
    him, so that a name that is given to somebody else opens nothing.
    """
    subject = f"{claims['iss']}|{claims['sub']}"
    people = services.state.people
    person = people.with_subject(subject)
    if person is not None:
        return person
    name = str(claims.get(services.settings.oidc_name_claim, ""))
    try:
        person = people.named(name)
    except AccessError:
        return None
    if person.origin is not Origin.OIDC or person.subject is not None:
        return None
    people.bind(person.id, subject)
    return person


def enter(services: Services, person: Person, now: datetime, wanted: str) -> Response:
    """Begin a new session; one that this browser had before ends."""
    state = services.state
    if g.access is not None and g.access.session is not None:
        state.sessions.end(g.access.session.id)
    g.token, session = state.sessions.open(
        person,
        lifetimes(services.settings),
        now=now,
        address=g.address,
        agent=request.user_agent.string,
    )
    audit.event(
        now,
        person.name,
        Did.SIGN_IN,
        person.origin.value,
        kind="person",
        role=person.role.value,
        detail={"session": session.id},
    )
    return redirect(wanted or "/", 303)


def safe(wanted: object) -> str:
    """Return where somebody wanted to go, if it is a place of ours."""
    text = wanted if isinstance(wanted, str) else ""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\", "/login"))
    is_plain = text.isprintable() and "\\" not in text and len(text) <= 2000
    return text if is_ours and is_plain else ""


def _provider(server: Any, settings: Settings) -> Any:
    if not settings.oidc_issuer:
        return None
    registry = OAuth(server)
    return registry.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": SECONDS_OF_PROVIDER,
            "token_endpoint_auth_method": (
                "client_secret_basic" if settings.oidc_client_secret else "none"
            ),
        },
    )


def _page(
    settings: Settings,
    wanted: str,
    problem: str = "",
    status: int = 200,
    name: str = "",
) -> Response:
    language = locale.current()
    is_demo = settings.demo and settings.is_local and is_local()
    people = [(n, ROLES[role].name[language]) for n, role, _ in demo.PEOPLE]
    text = page.layout(
        language,
        wanted=wanted,
        problem=problem,
        name=name,
        has_provider=bool(settings.oidc_issuer),
        demo=people if is_demo else (),
        password=demo.PASSWORD if is_demo else "",
    )
    response = Response(text, status=status, mimetype="text/html")
    if status == 429:
        response.headers["Retry-After"] = str(int(SLOW.total_seconds()))
    return response


def _failed(settings: Settings) -> Response:
    logger.warning("the identity provider's sign-in failed", exc_info=True)
    return _page(settings, "", say("login.provider.failed", locale.current()), 502)
