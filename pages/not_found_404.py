"""What an address that does not exist shows."""

from functools import partial

import dash
from dash import dcc, html

from pages._ui import locale
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Section:
    """Return the page in the language of the request."""
    language = locale.current()
    return html.Section(
        [
            html.H1(say("missing.title", language)),
            html.P(say("missing.text", language)),
            dcc.Link(say("missing.back", language), href="/"),
        ],
        className="empty",
        **{"data-state": "missing"},
    )


dash.register_page(__name__, name="missing", title=partial(page_title, "missing"))
