"""Screens: the code that they show, the credential they get, and their heartbeat."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from dash import Dash
from flask import Response, g, jsonify, redirect, request

from callbacks import audit
from callbacks.identity import DEVICE_COOKIE, is_secure
from callbacks.services import Services
from pages._ui import locale
from pages._ui import pair_page as page
from warehouse.access.devices import Device, Shown
from warehouse.access.events import Did
from warehouse.errors import AccessError

CLAIM_COOKIE = "aftersight_pairing"

KEPT = 400 * 24 * 3600
"""Seconds a browser keeps a credential; browsers allow no more."""

SHOWN = ("page", "batch", "build")

DECLARED = ("inch", "distance", "dwell", "lang")
"""What a wall's address may say of its screen; `/pair` takes the same."""


def register(app: Dash, services: Services) -> None:
    """Open `/pair` and `/api/v1/devices/heartbeat`."""
    server = app.server

    @server.get("/pair")
    def pair() -> Any:
        now = datetime.now(UTC)
        claim = request.cookies.get(CLAIM_COOKIE, "")
        pairings = services.state.pairings
        waiting = pairings.claimed(claim, now=now) if claim else None
        if waiting is None:
            if g.access is not None and g.access.device is not None:
                return redirect(_wall(g.access.device.store_id))
            claim, waiting = pairings.begin(now=now, address=g.address)
        elif waiting.store_id is not None:
            return _paired(services, waiting, now)
        left = max(1, round((waiting.expires_at - now).total_seconds() / 60))
        text = page.layout(
            locale.current(),
            code=waiting.code,
            minutes=left,
            place=f"{request.host}/admin",
            build=services.build,
        )
        response = Response(text, mimetype="text/html")
        _give(response, services, CLAIM_COOKIE, claim, 3600)
        return response

    @server.post("/api/v1/devices/heartbeat")
    def beat() -> Any:
        device, now = g.access.device, datetime.now(UTC)
        shown = told_by(_json())
        services.state.devices.beat(device.id, shown, now=now, address=g.address)
        response = jsonify(answer_to(services, device))
        if g.get("is_device_due"):
            credential = services.state.devices.rotate(device, now=now)
            _give(response, services, DEVICE_COOKIE, credential, KEPT)
        return response


def _json() -> Any:
    if not request.get_data():
        return {}
    try:
        return request.get_json(force=True)
    except RecursionError:
        return []


def told_by(body: Any) -> Shown:
    """Return what a screen says it shows.

    Raises:
        AccessError: it says something else.

    """
    is_right = isinstance(body, dict) and all(
        name in SHOWN and isinstance(value, str) and len(value) <= 120
        for name, value in body.items()
    )
    if not is_right:
        raise AccessError(
            "a heartbeat tells page, batch and build, as short texts",
            "心跳只含 page、batch、build 三个短文本",
        )
    return Shown(**body)


def answer_to(services: Services, device: Device) -> dict[str, Any]:
    """Return what a screen is told: its store, and whether to load itself anew."""
    has_to_reload = device.reload_at is not None
    if has_to_reload:
        services.state.devices.reloaded(device.id)
    return {
        "state": "ok",
        "store": device.store_id,
        "name": device.name,
        "reload": has_to_reload,
        "build": services.build,
    }


def _paired(services: Services, waiting: Any, now: datetime) -> Response:
    credential = services.state.pairings.finish(waiting, now=now)
    device_id = credential.partition(".")[0]
    audit.event(
        now,
        waiting.name or waiting.store_id,
        Did.PAIR,
        f"store:{waiting.store_id}",
        kind="device",
        role="device",
        detail={"device": device_id, "approved_by": waiting.approved_by},
    )
    response = redirect(_wall(waiting.store_id), 303)
    _give(response, services, DEVICE_COOKIE, credential, KEPT)
    response.delete_cookie(CLAIM_COOKIE)
    return response


def _wall(store_id: str) -> str:
    """Return the address of a store's wall; what this one says of the screen stays."""
    said = {name: request.args[name][:9] for name in DECLARED if name in request.args}
    query = f"?{urlencode(said)}" if said else ""
    return f"/wall/{quote(store_id, safe='')}{query}"


def _give(
    response: Any, services: Services, name: str, value: str, seconds: int
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Strict",
        secure=is_secure(services.settings),
    )
