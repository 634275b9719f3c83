"""What administrators and managers do: each a form that was sent, each audited."""

import csv
import io
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from dash import Dash
from flask import Response, redirect, request

from callbacks import audit
from callbacks.admin import own_stores
from callbacks.services import Services
from callbacks.session import access, known_stores, rights
from callbacks.streams import while_signed_in
from pages._ui import audit_log, locale, plain_page
from pages._ui.fleet import OWN
from pages._ui.wording import WORDS, say
from warehouse.access import passwords
from warehouse.access.devices import Device, Sight
from warehouse.access.events import Did, Event
from warehouse.access.people import Origin, Person
from warehouse.access.principal import Scope, scope_from
from warehouse.access.roles import Role, ScopeKind
from warehouse.errors import AccessError, ForbiddenError

MOST_WRONG_CODES = 5
IN_TIME = timedelta(minutes=15)

CSV_PAGE = 1000

OF_OTHERS = ("assign", "lock")
"""Nobody takes away his own rights by a slip of the hand."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def register(app: Dash, services: Services) -> None:
    """Open the routes below `/admin/`; `callbacks/policies.py` says for whom."""
    _people(app, services)
    _devices(app, services)
    _others(app, services)


def _people(app: Dash, services: Services) -> None:
    state = services.state

    @app.server.post("/admin/people")
    def create_person() -> Response:
        given = request.form
        role, scope = _role(given.get("role", "")), _scope(services)
        origin = _origin(given.get("origin", "local"))
        password = secrets.token_urlsafe(12) if origin is Origin.LOCAL else None
        person = state.people.create(
            given.get("name", ""),
            role,
            scope,
            now=access().now,
            origin=origin,
            display_name=given.get("display_name", ""),
            password=passwords.hashed(password) if password else None,
        )
        _note(Did.CREATE, person, role=role, scope=scope, origin=origin.value)
        return _handed_over("people.made", person, password) if password else _back()

    @app.server.post("/admin/people/<int:person_id>")
    def change_person(person_id: int) -> Response:
        person, do = state.people.get(person_id), request.form.get("do", "")
        if person.principal().id == access().principal.actor.id and do in OF_OTHERS:
            words = WORDS["people.own"]
            raise AccessError(words.en, words.zh)
        if do == "assign":
            role, scope = _role(request.form.get("role", "")), _scope(services)
            state.people.assign(person.id, role, scope)
            _note(Did.CHANGE, person, role=role, scope=scope, was=str(person.scope))
        elif do in ("lock", "unlock"):
            state.people.set_active(person.id, do == "unlock")
            _note(Did.CHANGE, person, active=do == "unlock")
        elif do == "end":
            ended = state.sessions.end_all(person.id) + state.tokens.end_all(person.id)
            _note(Did.REVOKE, person, sessions=ended)
        elif do == "password" and person.origin is Origin.LOCAL:
            password = secrets.token_urlsafe(12)
            state.people.set_password(person.id, passwords.hashed(password))
            state.sessions.end_all(person.id)
            _note(Did.CHANGE, person, password="new")  # noqa: S106
            return _handed_over("people.given", person, password)
        else:
            raise _unknown()
        return _back()


def _devices(app: Dash, services: Services) -> None:
    state = services.state

    @app.server.post("/admin/devices")
    def approve_device() -> Response:
        now, who = access().now, access().principal.actor
        store, name = request.form.get("store", ""), request.form.get("name", "")
        if store not in {s.store_id for s in own_stores(services)}:
            raise ForbiddenError("this store is not yours", "这家门店不归您管")
        sight, tried = _sight(), f"code {who.id}"
        if state.attempts.count(tried, since=now - IN_TIME) >= MOST_WRONG_CODES:
            raise AccessError(
                "too many wrong codes; try again in 15 minutes",
                "配对码错得太多，请 15 分钟后再试",
            )
        try:
            code = "".join(request.form.get("code", "").split())
            state.pairings.approve(
                code, store, name or store, who.name, now=now, sight=sight
            )
        except AccessError:
            state.attempts.note(tried, now=now)
            raise
        audit.note(Did.PAIR, f"store:{store}", name=name)
        return _back()

    @app.server.post("/admin/devices/<device_id>")
    def change_device(device_id: str) -> Response:
        device, do, now = (
            state.devices.get(device_id),
            request.form.get("do"),
            access().now,
        )
        allowed = rights().store_ids
        if allowed is not None and device.store_id not in allowed:
            raise ForbiddenError("this screen is not yours", "这块屏不归您管")
        _manage(services, device, do, now)
        what = Did.REVOKE if do == "revoke" else Did.CHANGE
        audit.note(what, f"device:{device.id}", do=do, store=device.store_id)
        return _back()


def _manage(services: Services, device: Device, do: str | None, now: datetime) -> None:
    devices = services.state.devices
    if do == "rename":
        devices.rename(device.id, request.form.get("name", ""))
    elif do == "resize":
        devices.resize(device.id, _sight())
    elif do == "reload":
        devices.reload(device.id, now=now)
    elif do == "revoke":
        devices.revoke(device.id, access().principal.actor.name, now=now)
    else:
        raise _unknown()


def _others(app: Dash, services: Services) -> None:
    state = services.state

    @app.server.post("/admin/see-as")
    def see_as() -> Response:
        session, wanted = access().session, request.form.get("person", "")
        if session is None:
            raise ForbiddenError("only a signed-in person can", "只有登录的人可以")
        if not wanted:
            audit.note(Did.SEE_AS, "end")
            state.sessions.see_as(session.id, None)
            return redirect("/admin", 303)
        person = state.people.get(int(wanted) if wanted.isdecimal() else -1)
        if person.role is Role.ADMIN or access().principal.real is not None:
            raise ForbiddenError("not as an administrator", "不能用管理员的视角")
        audit.note(Did.SEE_AS, person.name, role=person.role.value)
        state.sessions.see_as(session.id, person.id)
        return redirect("/", 303)

    @app.server.get("/admin/audit.csv")
    def export_audit() -> Response:
        chosen = audit_log.LogFilter.read(
            request.query_string.decode("utf-8", "replace")
        )
        search = chosen.search(services.settings.timezone)
        audit.note(Did.EXPORT, "audit", query=chosen.query())
        lines = while_signed_in(_csv(services, search), access(), services)
        response = Response(lines, mimetype="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = "attachment; filename=audit.csv"
        return response


def _csv(services: Services, search: Any) -> Iterator[str]:
    yield "\ufeff" + _line(
        ("at", "who", "kind", "role", "sees_as", "action", "object", "outcome",
         "address", "detail")
    )  # fmt: skip
    # What is written meanwhile would move the pages: a line would come twice.
    now = datetime.now(UTC)
    search, offset = replace(search, end=min(search.end or now, now)), 0
    while True:
        found = services.state.audit.find(search, limit=CSV_PAGE, offset=offset)
        yield from (_line(_cells(event)) for event in found)
        if len(found) < CSV_PAGE:
            return
        offset += CSV_PAGE


def _cells(event: Event) -> tuple[str, ...]:
    detail = "; ".join(f"{name}={value}" for name, value in event.detail)
    return (
        event.at.isoformat(),
        event.who,
        event.kind,
        event.role,
        event.sees_as,
        event.action.value,
        event.object,
        event.outcome.value,
        event.address,
        detail,
    )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    # A spreadsheet would compute what begins like a formula.
    csv.writer(text).writerow(
        f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells
    )
    return text.getvalue()


def _sight() -> Sight:
    """Return what the form says of a screen's size; empty: its address says it."""
    told = {}
    for name in ("inches", "metres"):
        text = request.form.get(name, "").strip()
        try:
            told[name] = None if text in ("", OWN) else float(text)
        except ValueError:
            raise AccessError(f"{text!r} is no number", f"“{text}”不是数字") from None
    return Sight(**told)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise AccessError(f"there is no role {name!r}", f"没有角色“{name}”") from None


def _origin(name: str) -> Origin:
    try:
        return Origin(name)
    except ValueError:
        raise AccessError(
            f"{name!r} is no way in", f"没有“{name}”这种登录方式"
        ) from None


def _scope(services: Services) -> Scope:
    """Return the scope in the form; its stores and regions must be in the network."""
    scope = scope_from(request.form.get("scope", ""))
    stores = known_stores(services)
    known = {
        ScopeKind.STORE: {store.store_id for store in stores},
        ScopeKind.REGION: {store.region for store in stores},
    }.get(scope.kind)
    missing = scope.names - known if known else set()
    if missing:
        words = WORDS["people.unknown_stores"]
        names = ", ".join(sorted(missing))
        raise AccessError(words.en.format(names=names), words.zh.format(names=names))
    return scope


def _note(action: Did, person: Person, /, **detail: object) -> None:
    audit.note(action, f"person:{person.name}", **detail)


def _unknown() -> AccessError:
    words = WORDS["admin.unknown_action"]
    return AccessError(words.en, words.zh)


def _back() -> Response:
    return redirect("/admin", 303)


def _handed_over(heading: str, person: Person, password: str) -> Response:
    """Return the page that shows a new password, the only time it is shown."""
    language = locale.current()
    body = (
        f"<h1>{escape(say(heading, language))}</h1>"
        f"<p>{escape(say('people.once', language, name=person.name))}</p>"
        f'<p class="plain__code plain__code--long">{escape(password)}</p>'
        f'<p><a href="/admin">{escape(say("admin.back", language))}</a></p>'
    )
    return Response(plain_page.page("refused", body, language), mimetype="text/html")
