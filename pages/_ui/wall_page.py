"""The HTML of a wall display: light, without Dash, with everything it needs to start.

It names no store and no number: the browser fetches those, so the same page serves
every screen and can be kept by the service worker.
"""

import html
import json
from collections.abc import Mapping

from pages._ui.locale import TAGS
from pages._ui.wording import WORDS, say
from warehouse.text import Language

SHEETS = ("10-tokens.css", "wall/wall.css")

SCRIPTS = (
    "10-live.js",
    "wall/sight.js",
    "wall/rotation.js",
    "wall/board.js",
    "wall/words.js",
    "wall/wall.js",
)
"""In the order in which they need each other."""

ICON = "icon.svg"

PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="dark" class="wall" data-reach="starting">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
{sheets}
</head>
<body>
<div class="wall__frame" data-page="wall" data-batch="" data-as-of=""
 data-build="{build}" data-refresh="{refresh}" data-language="{language}">
<div class="wall__banner" role="alert"></div>
<header class="wall__head">
<span class="wall__store"></span><span class="wall__title"></span>{demo}
<time class="wall__clock"></time>
</header>
<main class="wall__stage"><p class="wall__message">{loading}</p></main>
<footer class="wall__foot">
<span class="wall__as-of"></span><span class="wall__count"></span>
</footer>
<div class="wall__mark" data-watermark="" aria-hidden="true"></div>
</div>
<noscript>{noscript}</noscript>
<script type="application/json" id="wall-words">{words}</script>
{scripts}
</body>
</html>
"""


def asset(name: str, build: str) -> str:
    """Return the address of a file of assets/ as of this build: it may be kept."""
    return f"/assets/{name}?m={build}"


def files(build: str) -> list[str]:
    """Return the addresses of all that the page loads."""
    return [asset(name, build) for name in (*SHEETS, *SCRIPTS, ICON)]


def words(language: Language) -> Mapping[str, str]:
    """Return the sentences that the browser fills in by itself."""
    own = {
        key.removeprefix("wall."): text[language]
        for key, text in WORDS.items()
        if key.startswith("wall.")
    }
    return {**own, "stale": say("state.stale", language)}


def page(build: str, refresh_seconds: float, language: Language, *, demo: bool) -> str:
    """Return the page; *refresh_seconds* is how often it will ask for news."""
    told = json.dumps(words(language), ensure_ascii=False).replace("<", "\\u003c")
    mark = f'<span class="wall__demo">{html.escape(say("demo", language))}</span>'
    return PAGE.format(
        lang=TAGS[language],
        title=html.escape(say("title.wall", language)),
        icon=asset(ICON, build),
        sheets="\n".join(
            f'<link rel="stylesheet" href="{asset(name, build)}">' for name in SHEETS
        ),
        build=html.escape(build),
        refresh=refresh_seconds,
        language=language,
        demo=mark if demo else "",
        loading=html.escape(say("wall.loading", language)),
        noscript=html.escape(say("noscript", language)),
        words=told,
        scripts="\n".join(
            f'<script defer src="{asset(name, build)}"></script>' for name in SCRIPTS
        ),
    )
