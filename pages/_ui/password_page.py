"""A person's own password: a form, and what is said when it has been changed."""

from html import escape

from pages._ui import plain_page
from pages._ui.wording import say
from warehouse.access.people import SHORTEST_PASSWORD
from warehouse.text import Language


def layout(language: Language, name: str, csrf: str, problem: str = "") -> str:
    """Return the form for the account *name* as HTML; *problem* is what went wrong."""
    told = (
        f'<p class="plain__problem" role="alert">{escape(problem)}</p>'
        if problem
        else ""
    )
    fields = (
        ("now", say("password.now", language), "current-password"),
        ("new", say("password.new", language, n=SHORTEST_PASSWORD), "new-password"),
        ("again", say("password.again", language), "new-password"),
    )
    body = (
        f"<h1>{escape(say('password.heading', language))}</h1>"
        f'<p class="plain__note">{escape(name)}</p>{told}'
        '<form method="post" action="/password" class="plain__form">'
        + plain_page.hidden([("csrf", csrf)])
        # Password managers want to know whose it is.
        + '<input name="username" autocomplete="username" hidden '
        + f'value="{escape(name)}">'
        + "".join(
            plain_page.field(key, label, kind="password", complete=complete)
            for key, label, complete in fields
        )
        + f'<button type="submit">{escape(say("password.submit", language))}</button>'
        + f"</form>{_back(language)}"
    )
    return plain_page.page("password", body, language, foot=plain_page.switch(language))


def changed(language: Language, ended: int) -> str:
    """Return what is said afterwards; *ended* is the number of other sessions."""
    words = say("password.changed", language, n=ended)
    body = (
        f"<h1>{escape(say('password.heading', language))}</h1>"
        f'<p role="status">{escape(words)}</p>{_back(language)}'
    )
    return plain_page.page("password", body, language)


def _back(language: Language) -> str:
    return f'<p><a href="/">{escape(say("missing.back", language))}</a></p>'
