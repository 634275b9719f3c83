"""Sign-in: a form, the organisation's own sign-in, and who may look around a demo."""

from collections.abc import Sequence
from html import escape

from pages._ui import plain_page
from pages._ui.wording import say
from warehouse.text import Language


def layout(
    language: Language,
    *,
    wanted: str = "",
    problem: str = "",
    name: str = "",
    has_provider: bool = False,
    demo: Sequence[tuple[str, str]] = (),
    password: str = "",
) -> str:
    """Return the page as HTML; *demo* are name and role of the accounts to try."""
    parts = [f"<h1>{escape(say('login.heading', language))}</h1>"]
    if problem:
        parts.append(f'<p class="plain__problem" role="alert">{escape(problem)}</p>')
    if has_provider:
        parts.append(_provider(wanted, language))
    parts.append(_form(wanted, name, language))
    if demo:
        parts.append(_demo(demo, password, wanted, language))
    foot = plain_page.switch(language, {"next": wanted})
    return plain_page.page("login", "\n".join(parts), language, foot=foot)


def _form(wanted: str, name: str, language: Language) -> str:
    user, secret = say("login.name", language), say("login.password", language)
    return (
        '<form method="post" action="/login" class="plain__form">'
        + plain_page.hidden([("next", wanted)])
        + plain_page.field("name", user, complete="username", value=name)
        + plain_page.field(
            "password", secret, kind="password", complete="current-password"
        )
        + f'<button type="submit">{escape(say("login.submit", language))}</button>'
        + "</form>"
    )


def _provider(wanted: str, language: Language) -> str:
    return (
        '<form method="post" action="/login/start" class="plain__form">'
        + plain_page.hidden([("next", wanted)])
        + '<button type="submit" class="plain__first">'
        + f"{escape(say('login.provider', language))}</button></form>"
        + f'<p class="plain__or">{escape(say("login.or", language))}</p>'
    )


def _demo(
    people: Sequence[tuple[str, str]], password: str, wanted: str, language: Language
) -> str:
    rows = "".join(
        '<li><form method="post" action="/login">'
        + plain_page.hidden([("next", wanted), ("name", name), ("password", password)])
        + f'<button type="submit"><b>{escape(name)}</b> {escape(role)}</button>'
        + "</form></li>"
        for name, role in people
    )
    told = say("login.demo", language, password=password)
    heading = escape(say("login.demo.heading", language))
    return (
        f'<section class="plain__demo"><h2>{heading}</h2>'
        f"<p>{escape(told)}</p><ul>{rows}</ul></section>"
    )
