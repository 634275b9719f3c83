"""Administration: who may enter, which screens hang where, and who did what."""

from functools import partial

import dash
from dash import dcc, html

from pages._ui import locale
from pages._ui.ids import Admin
from pages._ui.shell import page_title
from pages._ui.wording import say


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/admin.py fills what the reader may manage."""
    return html.Div(
        [
            html.H1(
                say("admin.heading", locale.current()), className="visually-hidden"
            ),
            html.Div(id=Admin.PEOPLE),
            html.Div(id=Admin.DEVICES),
            dcc.Store(id=Admin.TICK),
            html.Div(id=Admin.AUDIT),
        ],
        className="admin",
    )


dash.register_page(
    __name__, path="/admin", name="admin", title=partial(page_title, "admin")
)
"""Each form on it is sent to a route of `callbacks/admin_actions.py`."""
