"""The screens: what hangs where, whether it lives, and what it shows."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.plain_table import badge, code, table
from pages._ui.section import section
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.access.devices import Device, DeviceState
from warehouse.records import Store
from warehouse.text import Language

LOOKS: dict[DeviceState, tuple[str, str]] = {
    DeviceState.OK: ("green", "●"),
    DeviceState.STALE: ("stale", "▲"),
    DeviceState.DARK: ("red", "■"),
    DeviceState.NEVER: ("grey", "○"),
    DeviceState.REVOKED: ("grey", "✕"),
}

HEADS = (
    "fleet.name",
    "fleet.store",
    "fleet.state",
    "fleet.seen",
    "fleet.shows",
    "fleet.approved",
    "people.do",
)


def fleet(
    devices: Sequence[Device],
    stores: Sequence[Store],
    newest: str,
    now: datetime,
    zone: str,
    language: Language,
) -> html.Section:
    """Return the screens of the reader's stores; *newest* is the newest batch's id."""
    named = {store.store_id: store for store in stores}
    rows = [
        (
            html.B(device.name),
            _store(named.get(device.store_id), device.store_id, language),
            _state(device, newest, now, language),
            fmt.moment(device.seen_at, zone, language),
            _shows(device, language),
            f"{device.approved_by} · {fmt.moment(device.created_at, zone, language)}",
            _actions(device, language),
        )
        for device in devices
    ]
    label = say("fleet.heading", language)
    listed = (
        table(HEADS, rows, language, label=label)
        if rows
        else nothing(say("fleet.none", language))
    )
    return section(
        "fleet.heading",
        language,
        listed,
        _pair(stores, language),
        name="fleet",
        note="fleet.note",
    )


def _store(store: Store | None, store_id: str, language: Language) -> str:
    if store is None:
        return store_id
    name = store.name_en if language == "en" and store.name_en else store.name
    return f"{name} ({store_id})"


def _state(device: Device, newest: str, now: datetime, language: Language) -> html.Span:
    state = device.state(now, newest)
    return badge(say(f"device.{state}", language), *LOOKS[state])


def _shows(device: Device, language: Language) -> list[html.Code | str | html.Br]:
    if not device.shown.batch:
        return [say("fleet.nothing", language)]
    return [device.shown.page, html.Br(), code(device.shown.batch)]


def _actions(device: Device, language: Language) -> html.Details | str:
    if device.revoked_at is not None:
        return device.revoked_by or fmt.MISSING
    place = f"/admin/devices/{device.id}"
    return html.Details(
        [
            html.Summary(say("people.do", language)),
            forms.form(
                place,
                forms.text("name", "fleet.name", language, value=device.name),
                forms.button("fleet.rename", language, name="do", value="rename"),
            ),
            forms.form(
                place,
                forms.button("fleet.reload", language, name="do", value="reload"),
                forms.button(
                    "fleet.revoke", language, name="do", value="revoke", kind="danger"
                ),
                className="form form--row",
            ),
        ],
        className="actions",
    )


def _pair(stores: Sequence[Store], language: Language) -> html.Details | html.P:
    if not stores:
        return nothing(say("fleet.no_store", language))
    options = [(s.store_id, _store(s, s.store_id, language)) for s in stores]
    return html.Details(
        [
            html.Summary(say("fleet.pair", language)),
            html.P(say("fleet.pair.note", language), className="note"),
            forms.form(
                "/admin/devices",
                forms.text("code", "fleet.code", language, required=True),
                forms.choice("store", "fleet.store", options, language),
                forms.text("name", "fleet.name", language, required=True),
                forms.button("fleet.approve", language),
            ),
        ],
        className="actions",
    )
