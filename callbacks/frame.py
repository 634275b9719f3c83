"""The frame: which page is open, which batch it shows, what the reader should know."""

import re
from collections.abc import Sequence
from typing import Any

import dash
from dash import Dash, Input, Output, set_props
from flask import Response, request

from callbacks.services import Services
from pages._ui import format as fmt
from pages._ui.ids import Shell
from pages._ui.shell import batch_line, watermark
from pages._ui.states import notice
from pages._ui.wording import say
from warehouse.errors import StateError
from warehouse.records import Outcome
from warehouse.text import Language

MISSING = "missing"


def register(app: Dash, _services: Services) -> None:
    """Name the open page, and answer unknown addresses with 404."""

    @app.callback(Output(Shell.FRAME, "data-page"), Input(Shell.URL, "pathname"))
    def name_page(path: str | None) -> str:
        return page_of(path)

    @app.server.after_request
    def tell_missing(response: Response) -> Response:
        # Dash answers every address that nobody else does; its rule has a "path".
        is_page = "path" in (request.view_args or {}) and request.method == "GET"
        if is_page and response.status_code == 200 and page_of(request.path) == MISSING:
            response.status_code = 404
        return response


def page_of(path: str | None) -> str:
    """Return the name of the page at *path*."""
    for page in dash.page_registry.values():
        template = page.get("path_template") or page["path"]
        pattern = "[^/]+".join(map(re.escape, re.split(r"<[^>]+>", template)))
        if page["name"] != MISSING and re.fullmatch(pattern, path or "/"):
            return page["name"]
    return MISSING


def announce(batch: Any, notices: Sequence[str], language: Language) -> None:
    """Say in the frame which batch the page shows; None means there is none yet.

    It travels with the page's own numbers in one response, so that the frame never
    names another batch than the tiles.
    """
    told = [notice(text) for text in notices if text]
    set_props(Shell.NOTICE, {"children": told})
    if batch is None:
        set_props(Shell.FRAME, {"data-batch": "", "data-empty": "yes"})
        set_props(Shell.BATCH, {"children": say("batch.none", language)})
        set_props(Shell.MARK, {"data-watermark": watermark()})
        return
    set_props(
        Shell.FRAME,
        {
            "data-batch": batch.id,
            "data-as-of": fmt.stamp(batch.as_of),
            "data-empty": "no",
        },
    )
    as_of = fmt.clock(batch.as_of, batch.timezone, batch.published_at, language)
    published = fmt.moment(batch.published_at, batch.timezone, language)
    dated = fmt.moment(batch.as_of, batch.timezone, language)
    set_props(Shell.MARK, {"data-watermark": watermark(dated)})
    set_props(
        Shell.BATCH, {"children": batch_line(batch.id, as_of, published, language)}
    )


def ignored_notices(
    ignored: tuple[tuple[str, str], ...], language: Language
) -> list[str]:
    """Return a line for each value of an address that does not exist."""
    return [
        say("filter.unknown", language, name=name, value=value)
        for name, value in ignored
    ]


def held(services: Services, batch: Any, language: Language) -> str:
    """Return the notice that a newer refresh did not publish, if that is so."""
    try:
        newest = next(iter(services.warehouse.runs(1)), None)
    except StateError:
        return ""  # The numbers do not need the records of the runs.
    if newest is None or newest.outcome is Outcome.PUBLISHED:
        return ""
    if newest.started_at <= batch.published_at:
        return ""
    is_refused = newest.outcome is Outcome.REFUSED
    return say(
        "notice.refused" if is_refused else "notice.crashed",
        language,
        moment=fmt.moment(newest.started_at, batch.timezone, language),
        as_of=fmt.moment(batch.as_of, batch.timezone, language),
    )


def kept(problem: str, language: Language) -> str:
    """Return the notice that an older batch is shown, if one is."""
    return say("notice.kept", language, reason=problem) if problem else ""
