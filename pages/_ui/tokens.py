"""Design tokens, read from the stylesheet so that charts and CSS cannot disagree."""

import re
from pathlib import Path
from typing import Any, Literal

Theme = Literal["light", "dark"]

STYLESHEET = Path(__file__).parents[2] / "assets" / "10-tokens.css"

_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


def read_tokens(css: str) -> dict[Theme, dict[str, str]]:
    """Return the tokens of both themes; what has no theme belongs to both."""
    themes: dict[Theme, dict[str, str]] = {"light": {}, "dark": {}}
    for selector, body in _BLOCK.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        named = [theme for theme in themes if f'"{theme}"' in selector]
        for theme in named or themes:
            themes[theme].update(_TOKEN.findall(body))
    return themes


THEMES = read_tokens(STYLESHEET.read_text(encoding="utf-8"))

TOKENS = THEMES["light"]
"""The light theme: what a picture on paper uses."""


def template(theme: Theme = "light") -> dict[str, Any]:
    """Return the layout that all figures share.

    On screen, text and grid take their colours from the stylesheet
    (`assets/35-chart.css`), so a figure follows the theme without being drawn again;
    what is written here counts where no stylesheet is, in an image or a PDF.
    """
    tokens = THEMES[theme]
    axis = {
        "gridcolor": tokens["line"],
        "linecolor": tokens["line-strong"],
        "tickcolor": tokens["line-strong"],
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": tokens["font"], "color": tokens["ink-2"], "size": 12},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "showgrid": False, "ticks": "outside"},
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": tokens["surface"],
                "bordercolor": tokens["line-strong"],
                "font": {"color": tokens["ink"], "family": tokens["font"]},
                "align": "left",
            },
            "showlegend": False,
        }
    }
