"""The HTML that a browser gets first, before any script has run."""

from collections.abc import Callable, Mapping

from pages._ui.locale import TAGS
from pages._ui.wording import say
from warehouse.text import Language

LOADED_FIRST = r"^00-theme\.js$"
"""Dash puts scripts at the end of the page; the theme is set before the first paint."""

PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="light">
<head>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{metas}
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
<link rel="preload" as="style" href="{bootstrap}">
<script src="{theme}"></script>
{css}
</head>
<body>
<noscript>{noscript}</noscript>
{app_entry}
<footer>
{config}
{scripts}
{renderer}
</footer>
</body>
</html>"""


def page(
    parts: Mapping[str, str], language: Language, asset: Callable[[str], str]
) -> str:
    """Return the page with Dash's *parts* in it."""
    return PAGE.format(
        lang=TAGS[language],
        noscript=say("noscript", language),
        icon=asset("icon.svg"),
        theme=asset("00-theme.js"),
        bootstrap=asset("vendor/bootstrap.min.css"),
        **{k: v for k, v in parts.items() if k != "favicon"},
    )
