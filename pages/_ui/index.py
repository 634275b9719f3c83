"""The HTML that a browser gets first, before any script has run."""

import re
from collections.abc import Callable, Mapping

from pages._ui.locale import TAGS
from pages._ui.tokens import TOKENS
from pages._ui.wording import say
from warehouse.text import Language

LOADED_FIRST = r"^00-theme\.js$"
"""Dash puts scripts at the end of the page; the theme is set before the first paint."""

GRID = re.compile(
    r'<script src="([^"]*/dash_ag_grid/dash_ag_grid\.[^"]*)"></script>\s*'
)
"""The grid's bundle, half of all script; `assets/05-lazy.js` loads it where it is."""

UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\s*')
"""Dash brings its own table along, which no page of ours has."""

PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="light" data-grid-bundle="{grid}">
<head>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{metas}
<title>{title}</title>
<meta name="theme-color" content="{colour}">
<link rel="icon" type="image/svg+xml" href="{icon}">
<link rel="apple-touch-icon" href="{touch}">
<link rel="manifest" href="{manifest}">
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
    scripts = UNUSED.sub("", parts["scripts"])
    grid = GRID.search(scripts)
    parts = {**parts, "scripts": GRID.sub("", scripts)}
    return PAGE.format(
        grid=grid[1] if grid else "",
        colour=TOKENS["accent"],
        touch=asset("icons/icon-192.png"),
        manifest=asset("manifest.webmanifest"),
        lang=TAGS[language],
        noscript=say("noscript", language),
        icon=asset("icon.svg"),
        theme=asset("00-theme.js"),
        bootstrap=asset("vendor/bootstrap.min.css"),
        **{k: v for k, v in parts.items() if k != "favicon"},
    )
