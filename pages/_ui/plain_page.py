"""Pages that work without scripts and before anybody is known: sign-in, pairing, 403.

They are HTML texts: what Dash would need to draw them is not given to strangers.
"""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from pages._ui.locale import TAGS
from pages._ui.wording import say
from warehouse.text import Language

SHEETS = ("00-layers.css", "10-tokens.css", "20-base.css", "42-access.css")

PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
{head}<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
{sheets}
<script src="/assets/00-theme.js"></script>
</head>
<body class="plain" data-page="{name}">
<main class="plain__card">
<p class="plain__brand"><span class="plain__sign"></span>{product}</p>
{body}
{foot}
</main>
</body>
</html>"""


def page(
    name: str, body: str, language: Language, *, head: str = "", foot: str = ""
) -> str:
    """Return a whole page around *body*; it, *head* and *foot* are HTML already."""
    return PAGE.format(
        lang=TAGS[language],
        head=head,
        name=name,
        title=escape(say(f"title.{name}", language)),
        product=escape(say("product", language)),
        sheets="\n".join(
            f'<link rel="stylesheet" href="/assets/{sheet}">' for sheet in SHEETS
        ),
        body=body,
        foot=foot,
    )


def switch(language: Language, query: Mapping[str, str] | None = None) -> str:
    """Return the link to the same address in the other language."""
    other: Language = "en" if language == "zh" else "zh"
    given = {k: v for k, v in (query or {}).items() if v} | {"lang": other}
    return (
        f'<p class="plain__foot"><a href="?{escape(urlencode(given))}"'
        f' hreflang="{other}">{escape(say("language.switch", language))}</a></p>'
    )


def refusal(status: int, words: str, language: Language, *, path: str = "") -> str:
    """Return the page that says why something is not shown, and where to go.

    *path* is what was asked for: from a form of the administration back to it.
    """
    is_form = path.startswith("/admin/") and status == 400
    place, back = ("/admin", "admin.back") if is_form else ("/", "missing.back")
    parts = [
        f"<h1>{escape(say(_heading(status), language))}</h1>",
        f'<p role="alert">{escape(words)}</p>',
        f'<p><a href="{place}">{escape(say(back, language))}</a></p>',
    ]
    if status == 401:
        parts.append(f'<p><a href="/login">{escape(say("login.go", language))}</a></p>')
    return page("refused", "\n".join(parts), language)


def _heading(status: int) -> str:
    known = {401: "refused.401", 403: "refused.403", 404: "missing.title",
             429: "refused.429", 503: "refused.503"}  # fmt: skip
    return known.get(status, "refused.500" if status >= 500 else "refused.400")


def field(
    name: str, label: str, *, kind: str = "text", complete: str = "off", value: str = ""
) -> str:
    """Return an input with its label."""
    return (
        f'<label class="plain__field"><span>{escape(label)}</span>'
        f'<input name="{name}" type="{kind}" autocomplete="{complete}"'
        f' value="{escape(value)}" required></label>'
    )


def hidden(pairs: Iterable[tuple[str, str]]) -> str:
    """Return what a form sends along."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in pairs
    )
