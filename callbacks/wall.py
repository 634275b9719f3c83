"""Walls over HTTP: the page, its service worker, and the snapshot that it polls."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from dash import Dash
from flask import Response, g, jsonify, request

from callbacks import audit, wall_marks
from callbacks import wall_screen as screens
from callbacks.services import Services
from callbacks.session import access, rights
from callbacks.snapshots import Packed
from pages._ui import locale, viewer, wall_page
from warehouse.errors import NoBatchError
from warehouse.scope import Rights
from warehouse.text import Language

WORKER = Path(__file__).parents[1] / "assets" / "wall" / "worker.js"

REFUSALS = {403: "another store", 404: "no such store"}


def register(app: Dash, services: Services) -> None:
    """Open `/wall/<store_id>`, its service worker, and `/api/v1/walls/<store_id>`."""
    server = app.server
    worker = service_worker(services.build)

    # The page holds no number and no name: it comes to a screen that has not been
    # paired, or not any more, and says so there. Nobody is sent to a sign-in.
    @server.get("/wall/<store_id>")
    def wall(store_id: str) -> Response:
        settings, reader = services.settings, g.get("access")
        if reader is not None and reader.device is None:
            audit.seen(request.full_path.rstrip("?"))
        text = wall_page.page(
            services.build,
            settings.refresh_seconds,
            locale.current(),
            demo=settings.demo,
        )
        response = Response(text, mimetype="text/html")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @server.get("/wall/worker.js")
    def wall_worker() -> Response:
        response = Response(worker, mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @server.get("/api/v1/walls/<store_id>")
    def wall_snapshot(store_id: str) -> Response:
        allowed = rights().store_ids
        if allowed is not None and store_id not in allowed:
            return refused(403)
        try:
            packed = snapshot(services, store_id, locale.current(), datetime.now(UTC))
        except NoBatchError:
            packed = Packed.of({"build": services.build, **screens.NOTHING})
        services.served["wall_polls"] += 1
        if packed is None:
            return refused(404)
        response = answer(packed)
        # A screen sends heartbeats; a person who looks at a wall does not.
        is_screen = access().device is not None
        response.headers["X-Aftersight-Screen"] = "yes" if is_screen else "no"
        response.headers["X-Aftersight-Sight"] = _sight()
        # Not in the body, which is the same for all viewers: the page's watermark.
        response.headers["X-Aftersight-Viewer"] = quote(viewer.current().who, safe="")
        return response


def _sight() -> str:
    """Return what its store says of a screen: "inches metres"; 0 leaves it to it."""
    device = access().device
    if device is None:
        return ""
    return f"{device.sight.inches or 0:g} {device.sight.metres or 0:g}"


def service_worker(build: str) -> str:
    """Return the script that keeps the page for a start without the server."""
    told = {"BUILD": build, "FILES": wall_page.files(build)}
    head = "".join(f"const {name} = {json.dumps(v)};\n" for name, v in told.items())
    return head + WORKER.read_text(encoding="utf-8")


def snapshot(
    services: Services, store_id: str, language: Language, now: datetime
) -> Packed | None:
    """Return what a wall shows, packed once for all its viewers; None: no such store.

    Raises:
        NoBatchError: nothing has ever been published.

    """
    batch, problem = services.batches.newest()
    read = partial(_count, services)
    network = services.latest.get(
        batch.id,
        ("walls", screens.EVERY_WALL),
        lambda: screens.read_network(batch, services.warehouse.runs(12), read),
    )
    if store_id not in network.stores:
        return None
    taken = wall_marks.taken(services, store_id, now)
    scope = Rights(store_ids=frozenset({store_id}), is_wall=True)
    return services.latest.get(
        network.batch_id,
        ("wall", scope, language, tuple(sorted(taken.items())), bool(problem)),
        lambda: Packed.of(
            {
                "build": services.build,
                "problem": bool(problem),
                **screens.screen(network, store_id, taken, language),
            }
        ),
    )


def answer(packed: Packed) -> Response:
    """Return the snapshot as the client can take it; 304 without news."""
    accepts = request.accept_encodings["gzip"] > 0
    response = Response(
        packed.gzip if accepts else packed.body, mimetype="application/json"
    )
    if accepts:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "no-cache, private"
    # Weak: the packed and the plain form are the same snapshot.
    response.set_etag(packed.tag, weak=True)
    response.make_conditional(request)
    # The server writes the time of the answer; a second one cannot be read.
    response.headers.pop("Date", None)
    return response


def refused(status: int) -> Response:
    """Return why there is no snapshot; a wall knows what to make of it."""
    response = jsonify({"error": REFUSALS[status]})
    response.status_code = status
    return response


def _count(services: Services, metric_id: str) -> None:
    services.served["wall_questions"] += 1
