"""How a request is refused: people get a page, programs a status, nobody a trace."""

import logging
from typing import Any
from urllib.parse import quote

from dash.exceptions import DependencyException
from flask import Response, g, jsonify, redirect, request
from werkzeug.exceptions import HTTPException

from callbacks import audit
from pages._ui import locale, plain_page
from pages._ui.wording import say
from warehouse.access.roles import Page, page_at
from warehouse.errors import AccessError, ForbiddenError, StateError

logger = logging.getLogger(__name__)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

MACHINES = ("/api/", "/_dash-", "/_reload-hash")
"""Their callers want a status, not a page."""

TOLD = {404: "refused.missing", 405: "refused.method", 413: "refused.large"}
"""What HTTP's own refusals are in the reader's words."""

FILES = ("/export/", "/admin/audit.csv")
"""A download that fails must not save the sign-in page under the file's name."""


def stranger() -> Any:
    """Return what somebody unknown gets: people a sign-in, programs and files a 401."""
    if g.get("is_revoked"):
        return answer(401, say("device.off", locale.current()), reason="revoked")
    if not _is_page():
        return answer(401, say("refused.unknown", locale.current()), reason="unknown")
    if page_at(request.path) is Page.WALL:
        return redirect("/pair")
    wanted = request.full_path.rstrip("?")
    return redirect("/login" if wanted == "/" else f"/login?next={quote(wanted)}")


def _is_page() -> bool:
    is_file = request.path.startswith(FILES)
    return request.method == "GET" and not is_file and not is_machine()


def is_machine() -> bool:
    """Tell whether a program asks, which wants a status and no page."""
    return request.path.startswith(MACHINES)


def forbidden(wanted: str = "") -> Response:
    """Return 403, and write it down; *wanted* is what the request was really about."""
    told = {"wanted": wanted} if wanted else {}
    audit.refused(g.access, f"{request.method} {request.path}", **told)
    return answer(403, say("refused.forbidden", locale.current()))


def answer(status: int, words: str, *, reason: str = "") -> Response:
    """Return a refusal in the form that the caller understands."""
    is_form = request.mimetype in FORMS
    if not is_machine() and (request.method == "GET" or is_form):
        language = locale.current()
        response = Response(
            plain_page.refusal(status, words, language, path=request.path)
        )
        response.mimetype = "text/html"
    else:
        told = {"error": words, "reason": reason} if reason else {"error": words}
        response = jsonify(told)
    response.status_code = status
    if status == 429:
        response.headers["Retry-After"] = "60"
    if status == 401 and request.headers.get("Authorization"):
        response.headers["WWW-Authenticate"] = 'Bearer realm="aftersight"'
    return response


def catch(server: Any) -> None:
    """Turn what is raised into the answer that its caller understands."""

    @server.errorhandler(ForbiddenError)
    def refuse(_error: ForbiddenError) -> Response:
        return forbidden()

    @server.errorhandler(AccessError)
    def explain(error: AccessError) -> Response:
        return answer(400, error.told[locale.current()])

    @server.errorhandler(StateError)
    def wait(error: StateError) -> Response:
        logger.error("the state does not answer", exc_info=error)
        return answer(503, say("refused.state", locale.current()))

    @server.errorhandler(DependencyException)
    def miss(_error: DependencyException) -> Response:
        # Dash raises for a file that it does not have; strangers may ask for any.
        return answer(404, say(TOLD[404], locale.current()))

    @server.errorhandler(HTTPException)
    def name(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        code = error.code or 500
        key = TOLD.get(code, "refused.failed" if code >= 500 else "refused.wrong")
        return answer(code, say(key, locale.current()))

    @server.errorhandler(Exception)
    def hide(error: Exception) -> Response:
        # Quoted: an address may hold a line end, and forge a line of the log.
        logger.error("request failed: %s %r", request.method, request.path,
                     exc_info=error)  # fmt: skip
        return answer(500, say("refused.failed", locale.current()))
