"""Headers that keep a page to itself. No script runs that we did not write."""

import base64
import hashlib
import re

from dash import Dash
from flask import Response, request

from callbacks.services import Services

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
)

YEAR = 365 * 24 * 3600

POLICY = (
    "default-src 'self'",
    # Plotly and AG Grid set styles from script; colours cannot run anything.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)

_INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.S
)


def register(app: Dash, services: Services) -> None:
    """Put the headers on every answer."""
    insists = services.settings.tls

    @app.server.after_request
    def protect(response: Response) -> Response:
        for name, text in HEADERS:
            response.headers.setdefault(name, text)
        if request.environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug"):
            # It would tell its own version and Python's; gunicorn tells its name.
            response.headers["Server"] = "aftersight"
        if insists:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        scripts = "'self'"
        if response.mimetype == "text/html" and not response.direct_passthrough:
            # Dash adds an inline script when pages are first met, so what is allowed
            # is found in each answer, not once at the start.
            scripts = " ".join(["'self'", *hashes(response.get_data())])
        policy = "; ".join((*POLICY, f"script-src {scripts}"))
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def hashes(html: bytes) -> list[str]:
    """Return the sources that allow exactly the inline scripts of *html*."""
    found = []
    for script in _INLINE.findall(html):
        digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
        found.append(f"'sha256-{digest}'")
    return found
