"""Pairing: the code that a screen shows until somebody lets it in."""

from html import escape

from pages._ui import plain_page
from pages._ui.wording import say
from warehouse.text import Language

EVERY = 3
"""Seconds after which the screen looks again; needs no script, works on any set."""


def layout(language: Language, *, code: str, minutes: int) -> str:
    """Return the page of a screen that waits."""
    body = (
        f"<h1>{escape(say('pair.heading', language))}</h1>"
        f'<p class="plain__code" data-code="{code}">{code[:3]} {code[3:]}</p>'
        f"<p>{escape(say('pair.how', language))}</p>"
        f'<p class="plain__note">{escape(say("pair.holds", language, n=minutes))}</p>'
    )
    again = f'<meta http-equiv="refresh" content="{EVERY}">\n'
    return plain_page.page("pair", body, language, head=again)
