"""Pairing: the code that a screen shows until somebody lets it in."""

from html import escape

from pages._ui import plain_page
from pages._ui.wording import say
from warehouse.text import Language

EVERY = 3
"""Seconds after which the screen looks again; a set without scripts does so too."""


def layout(
    language: Language, *, code: str, minutes: int, place: str, build: str
) -> str:
    """Return the page of a screen that waits; *place* is where it is let in.

    It is read from as far as a wall, and has to outlive a server that is away: the
    script asks without leaving the page.
    """
    away = escape(say("pair.away", language))
    body = (
        f"<h1>{escape(say('pair.heading', language))}</h1>"
        f'<p class="plain__code" data-code="{code}">{code[:3]} {code[3:]}</p>'
        f"<p>{escape(say('pair.how', language, place=place))}</p>"
        f'<p class="plain__note">{escape(say("pair.holds", language, n=minutes))}</p>'
        f'<p class="plain__problem" role="alert" hidden>{away}</p>'
    )
    head = (
        f'<noscript><meta http-equiv="refresh" content="{EVERY}"></noscript>\n'
        f'<script defer src="/assets/wall/pair.js?m={escape(build)}"'
        f' data-every="{EVERY}"></script>\n'
    )
    return plain_page.page("pair", body, language, head=head)
