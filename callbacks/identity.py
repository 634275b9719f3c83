"""Who sent a request: by a key, a session, a proxy's word, or as a paired screen."""

from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

from flask import g, request

from callbacks.services import Services
from callbacks.session import Access, known_stores
from warehouse.access.people import Lifetimes, Origin, Person
from warehouse.errors import AccessError
from warehouse.settings import Settings

DEVICE_COOKIE = "aftersight_device"

FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def session_cookie(settings: Settings) -> str:
    """Return the name of the cookie; behind TLS browsers guard its prefix."""
    return "__Host-aftersight" if settings.tls else "aftersight_session"


def lifetimes(settings: Settings) -> Lifetimes:
    """Return how long a sign-in holds here."""
    return Lifetimes(
        session=timedelta(hours=settings.session_hours),
        idle=timedelta(minutes=settings.idle_minutes),
    )


def is_peer(address: str, settings: Settings) -> bool:
    """Tell whether an address is that of a proxy we trust."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(net) for net in settings.proxy_peers or ())


def client_address(settings: Settings) -> str:
    """Return where the request comes from, past the proxies we trust."""
    address = request.remote_addr or ""
    named = request.headers.get("X-Forwarded-For", "").split(",")
    while named and is_peer(address, settings):
        last = named.pop().strip()
        if not last:
            break
        address = last
    return address[:64]


def is_local() -> bool:
    """Tell whether this machine itself asks, and no proxy on it for somebody else."""
    try:
        is_loopback = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_loopback and not any(name in request.headers for name in FORWARDING)


def is_secure(settings: Settings) -> bool:
    """Tell whether the reader came over TLS."""
    if request.is_secure or settings.tls:
        return True
    is_told = is_peer(request.remote_addr or "", settings)
    return is_told and request.headers.get("X-Forwarded-Proto") == "https"


def may_enter(person: Person, settings: Settings) -> bool:
    """Tell whether an account holds here: demo accounts only at a demo's machine."""
    if not person.is_active:
        return False
    return not person.is_demo or (settings.demo and settings.is_local and is_local())


def identify(services: Services, now: datetime) -> Access | None:
    """Return who sent this request; None when nobody known did.

    Raises:
        AccessError: a key or a proxy names somebody who may not enter; nothing else
            of the request is looked at then.

    """
    make = partial(Access, stores=partial(known_stores, services), now=now)
    key = request.headers.get("Authorization", "")
    if key:
        return _program(services, key, now, make)
    is_screen = request.path.startswith(("/wall/", "/api/v1/walls/", "/api/v1/devices"))
    order = (_screen, _person) if is_screen else (_person, _screen)
    for look in order:
        found = look(services, now, make)
        if found is not None:
            return found
    return None


def _program(services: Services, key: str, now: datetime, make: Any) -> Access:
    kind, _, value = key.partition(" ")
    person = None
    if kind.lower() == "bearer":
        person = services.state.tokens.find(value.strip(), now=now)
    if person is None or not may_enter(person, services.settings):
        raise AccessError("this key does not hold", "这个密钥无效")
    return make(person.principal())


def _person(services: Services, now: datetime, make: Any) -> Access | None:
    settings, sessions = services.settings, services.state.sessions
    holds = lifetimes(settings)
    token = request.cookies.get(session_cookie(settings), "")
    session = sessions.find(token, holds, now=now) if token else None
    if session is not None and not may_enter(session.person, settings):
        sessions.end(session.id)
        session = None
    session = _by_proxy(services, session, now)
    if session is None:
        return None
    is_due = now - session.rotated_at >= holds.rotation
    if is_due and request.method == "GET" and not g.get("token"):
        g.token = sessions.rotate(session, holds, now=now)
    return make(session.principal(), session=session)


def _by_proxy(services: Services, session: Any, now: datetime) -> Any:
    """Hold a session against what a trusted proxy says of who has signed in there."""
    settings = services.settings
    is_told = settings.proxy_header and is_peer(request.remote_addr or "", settings)
    name = request.headers.get(settings.proxy_header, "") if is_told else ""
    if not name:
        if session is not None and session.person.origin is Origin.PROXY:
            services.state.sessions.end(session.id)
            return None
        return session
    person = services.state.people.named(name)
    if person.origin is not Origin.PROXY or not may_enter(person, settings):
        raise AccessError(
            "this account does not sign in through the proxy", "这个账号不经代理登录"
        )
    if session is not None and session.person.id == person.id:
        return session
    g.token, session = services.state.sessions.open(
        person,
        lifetimes(settings),
        now=now,
        address=g.get("address", ""),
        agent=request.user_agent.string,
    )
    return session


def _screen(services: Services, now: datetime, make: Any) -> Access | None:
    credential = request.cookies.get(DEVICE_COOKIE, "")
    found = services.state.devices.find(credential, now=now) if credential else None
    if found is None:
        return None
    device, g.is_device_due = found
    if device.revoked_at is not None:
        g.is_revoked = True
        return None
    return make(device.principal(), device=device)
