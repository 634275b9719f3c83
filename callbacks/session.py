"""Who asks, and in which language. The only place that reads cookies."""

from dash import Dash
from flask import Response, request

from callbacks.services import Services
from pages._ui import locale
from warehouse.scope import EVERYTHING, Rights
from warehouse.text import Language

COOKIE = "aftersight_lang"

YEAR = 365 * 24 * 3600


def rights() -> Rights:
    """Return what the asker may see. Access control is added here and nowhere else."""
    return EVERYTHING


def register(app: Dash, _services: Services) -> None:
    """Answer each request in its reader's language, and remember a choice."""

    @app.server.before_request
    def choose_language() -> None:
        locale.activate(_asked() or _remembered() or locale.DEFAULT)

    @app.server.after_request
    def remember_language(response: Response) -> Response:
        asked = _asked()
        if asked and asked != _remembered() and response.mimetype == "text/html":
            response.set_cookie(
                COOKIE,
                asked,
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure,
            )
        return response


def spoken(chosen: object) -> Language:
    """Return the language that a page says it is in, as far as it can be believed."""
    known = locale.language_of(chosen) if isinstance(chosen, str) else None
    return known or locale.current()


def _asked() -> Language | None:
    return locale.language_of(request.args.get("lang"))


def _remembered() -> Language | None:
    return locale.language_of(request.cookies.get(COOKIE))
