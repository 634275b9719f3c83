"""Files of what is on screen, by plain addresses: CSV, Excel, PDF.

Each is written down before it leaves. Large ones are read as they are sent.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import quote, urlencode

from dash import Dash
from flask import Response, request

from callbacks import audit
from callbacks import exports_documents as documents
from callbacks.exports_files import FORMS, Document, csv_lines, workbook
from callbacks.exports_pdf import (
    BusyPrinterError,
    NoBrowserError,
    Printer,
    SlowPrinterError,
)
from callbacks.refusals import answer
from callbacks.services import Services
from callbacks.session import access, demand, rights
from callbacks.streams import while_signed_in
from pages._ui import chosen, locale, viewer
from pages._ui.address import View
from pages._ui.metric_address import Lens
from pages._ui.wording import say
from warehouse.access.events import Did
from warehouse.access.roles import Action
from warehouse.errors import UnknownNameError
from warehouse.metrics import CATALOG

OWN = {"lang"}
"""Parameters that say nothing of what is shown."""


def register(app: Dash, services: Services) -> None:
    """Open the addresses below `/export`."""
    server = app.server
    printer = Printer(services.settings.browser)

    @server.get("/export/overview.<form>")
    def overview(form: str) -> Any:
        if form == "pdf":
            return _pdf(services, printer, "/", "overview")
        return _file(
            services, form, "overview", lambda: documents.overview(_asked(services))
        )

    @server.get("/export/stores/<store_id>.<form>")
    def store(store_id: str, form: str) -> Any:
        asked = _asked(services, store=store_id)
        known = (s for s in asked.stores if s.store_id == store_id)
        one = next(known, None)
        if one is None:
            return answer(404, say("export.store", asked.language))
        if form == "pdf":
            place = f"/stores/{quote(store_id, safe='')}"
            return _pdf(services, printer, place, f"store-{store_id}", store_id)
        return _file(
            services, form, f"stores/{store_id}", lambda: documents.store(asked, one)
        )

    @server.get("/export/metrics/<metric_id>.<form>")
    def metric(metric_id: str, form: str) -> Any:
        one, lens = _metric(metric_id)
        return _file(
            services,
            form,
            f"metrics/{metric_id}",
            lambda: documents.metric(_asked(services), one, lens),
        )

    @server.get("/export/metrics/<metric_id>/rows.<form>")
    def rows(metric_id: str, form: str) -> Any:
        demand(Action.SEE_ROWS)
        one, lens = _metric(metric_id)
        return _file(
            services,
            form,
            f"metrics/{metric_id}/rows",
            lambda: documents.rows(_asked(services), one, lens, lens.part),
        )


def _metric(metric_id: str) -> tuple[Any, Lens]:
    if metric_id not in CATALOG:
        raise UnknownNameError("metric", metric_id, CATALOG)
    one = CATALOG[metric_id]
    lens, _ = Lens.read(_search(), one)
    return one, lens


def _search() -> str:
    return request.query_string.decode("utf-8", "replace")


def _asked(services: Services, *, store: str = "") -> documents.Asked:
    """Return who wants a file of what."""
    batch, _ = services.batches.newest()
    allowed = rights()
    stores = tuple(batch.stores(allowed))
    view, _ = View.read(_search(), stores, chosen.charted_ids())
    if store:
        view = View(store=store, period=view.period)
    return documents.Asked(
        batch=batch,
        view=view,
        stores=stores,
        rights=allowed,
        language=locale.current(),
        who=_who(),
        at=datetime.now(UTC),
    )


def _who() -> str:
    shown = viewer.current()
    return shown.who if shown else access().principal.actor.name


def _file(
    services: Services, form: str, what: str, make: Callable[[], Document]
) -> Response:
    """Return a file as a download; it is in the log before its first byte leaves."""
    if form not in {"csv", "xlsx"}:
        words = say(
            "export.form", locale.current(), form=form[:20], known=", ".join(FORMS)
        )
        return answer(404, words)
    document = make()
    audit.note(Did.EXPORT, f"{what}.{form}", query=_search()[:400])
    pieces = csv_lines(document) if form == "csv" else _pieces(workbook(document))
    response = Response(while_signed_in(pieces, access(), services))
    response.headers["Content-Type"] = FORMS[form]
    return _named(response, f"{document.stem}.{form}")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(1 << 16), b"")


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(name)}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _pdf(
    services: Services, printer: Printer, place: str, what: str, store: str = ""
) -> Any:
    """Return a page as PDF, printed with the asker's own cookies."""
    language = locale.current()
    if access().session is None:
        return answer(403, say("export.session", language))
    asked = _asked(services, store=store)
    audit.note(Did.EXPORT, f"{what}.pdf", query=_search()[:400])
    query = [(n, v) for n, v in request.args.items(multi=True) if n not in OWN]
    url = f"{_loopback(services)}{place}?{urlencode([*query, ('lang', language)])}"
    try:
        printed = printer.pdf(url, dict(request.cookies), asked.stamp)
    except NoBrowserError:
        path = services.settings.browser
        return answer(501, say("export.no_browser", language, path=path))
    except BusyPrinterError:
        return _later(say("export.busy", language))
    except SlowPrinterError:
        seconds = f"{printer.seconds:.0f}"
        return _later(say("export.slow", language, seconds=seconds))
    response = Response(printed, mimetype=FORMS["pdf"])
    return _named(response, f"aftersight-{what}-{asked.batch.id}.pdf")


def _later(words: str) -> Response:
    response = answer(503, words)
    response.headers["Retry-After"] = "60"
    return response


def _loopback(services: Services) -> str:
    """Return this server's own address on this machine."""
    host = str(request.environ.get("SERVER_NAME") or "")
    port = str(request.environ.get("SERVER_PORT") or services.settings.port)
    if host in {"", "0.0.0.0", "::", "localhost"} or not host[0].isdigit():  # noqa: S104
        host = "127.0.0.1"
    return f"http://{host}:{port}"
