"""A person gives himself another password: plain HTML and one form."""

from datetime import datetime

from dash import Dash
from flask import Response, g, request

from callbacks import audit
from callbacks.identity import lifetimes
from callbacks.services import Services
from callbacks.session import access
from callbacks.signin import SLOW, is_slowed, slow_down
from pages._ui import locale
from pages._ui import password_page as page
from pages._ui.wording import say
from warehouse.access import passwords
from warehouse.access.events import Did, Ending
from warehouse.access.people import Person, check_password
from warehouse.errors import AccessError, ForbiddenError


def register(app: Dash, services: Services) -> None:
    """Open `/password`."""

    @app.server.get("/password")
    def show_password_form() -> Response:
        return _page(_asker())

    @app.server.post("/password")
    def change_own_password() -> Response:
        person, now, language = _asker(), access().now, locale.current()
        if is_slowed(services, person.name, now):
            minutes = int(SLOW.total_seconds() // 60)
            response = _page(person, say("login.slow", language, n=minutes), 429)
            response.headers["Retry-After"] = str(int(SLOW.total_seconds()))
            return response
        if not passwords.matches(person.password, request.form.get("now", "")[:200]):
            slow_down(services, person.name, now)
            what = f"person:{person.name}"
            told = {"password": "own"}
            audit.add(access(), Did.CHANGE, what, Ending.REFUSED, told)
            return _page(person, say("password.wrong", language), 401)
        problem = _problem(person)
        if problem:
            return _page(person, problem, 400)
        ended = _change(services, person, now)
        return _html(page.changed(language, ended))


def _asker() -> Person:
    """Return whose password it is.

    Raises:
        ForbiddenError: a program, a screen, somebody who signs in elsewhere, or who
            looks through another one's eyes.

    """
    session = access().session
    is_himself = session is not None and session.sees_as is None
    if not is_himself or not session.person.has_own_password:
        raise ForbiddenError("you have no password here", "您在这里没有密码")
    return session.person


def _problem(person: Person) -> str:
    """Return what is wrong with the new password; nothing when it will do."""
    language, new = locale.current(), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return say("password.unequal", language)
    if passwords.matches(person.password, new[:200]):
        return say("password.same", language)
    try:
        check_password(new, person.name)
    except AccessError as error:
        return error.told[language]
    return ""


def _change(services: Services, person: Person, now: datetime) -> int:
    """Keep the new password; return how many other sessions it has ended."""
    state = services.state
    state.people.set_password(person.id, passwords.hashed(request.form["new"]))
    others = state.sessions.end_all(person.id) - 1
    # This browser goes on, with a token that nobody can have copied before.
    g.token, g.access.session = state.sessions.open(
        person,
        lifetimes(services.settings),
        now=now,
        address=g.address,
        agent=request.user_agent.string,
    )
    state.attempts.forget(f"pair {person.name} {g.address}")
    audit.note(Did.CHANGE, f"person:{person.name}", password="own", sessions=others)  # noqa: S106
    return max(0, others)


def _page(person: Person, problem: str = "", status: int = 200) -> Response:
    csrf = access().session.csrf
    return _html(page.layout(locale.current(), person.name, csrf, problem), status)


def _html(text: str, status: int = 200) -> Response:
    return Response(text, status=status, mimetype="text/html")
