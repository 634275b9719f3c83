"""The screens: what hangs where, whether it lives, and what it shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from dash import html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.long_list import Chosen, pager, search_form
from pages._ui.plain_table import badge, code, table
from pages._ui.section import section
from pages._ui.states import nothing
from pages._ui.wall_pages import PAGES
from pages._ui.wording import say
from warehouse.access.devices import Device, DeviceState, Pairing, Sight
from warehouse.records import Store
from warehouse.text import Language

LOOKS: dict[DeviceState, tuple[str, str]] = {
    DeviceState.DARK: ("red", "■"),
    DeviceState.STALE: ("stale", "▲"),
    DeviceState.NEVER: ("grey", "○"),
    DeviceState.OK: ("green", "●"),
    DeviceState.REVOKED: ("grey", "✕"),
}
"""In the order of the list: what needs somebody comes first."""

HEADS = (
    "fleet.name",
    "fleet.store",
    "fleet.state",
    "fleet.seen",
    "fleet.shows",
    "fleet.approved",
    "people.do",
)

TITLES = {page.name: page.title for page in PAGES} | {"quiet": "wall.page.quiet"}

INCHES = (32, 43, 50, 55, 65, 75, 86, 98)
METRES = (1, 2, 3, 4, 5, 6, 8, 10)
USUAL = (55, 4)

OWN = "own"
"""In a form: the screen's own address says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is known of the screens of a reader's stores.

    *waiting* are approved and have not come for their credential; *newest* is the
    newest batch's id.
    """

    devices: Sequence[Device]
    waiting: Sequence[Pairing]
    stores: Sequence[Store]
    newest: str
    now: datetime
    zone: str

    @property
    def sorted(self) -> list[Device]:
        """The screens, those that need somebody first."""
        order = list(LOOKS)
        return sorted(self.devices, key=lambda one: order.index(self.state(one)))

    def state(self, device: Device) -> DeviceState:
        """Return how a screen is now."""
        return device.state(self.now, self.newest)


def fleet(known: Fleet, chosen: Chosen, language: Language) -> html.Section:
    """Return the screens of the reader's stores, and the form that pairs another."""
    label, count = say("fleet.heading", language), len(known.devices)
    name_of = _names(known.stores, language)
    found, has_more = chosen.part(
        known.sorted, lambda one: f"{one.name} {name_of(one.store_id)}"
    )
    waiting = known.waiting if chosen == Chosen(name=chosen.name) else ()
    rows = [_waiting_row(one, known.zone, name_of, language) for one in waiting]
    rows += [_row(known, one, name_of, language) for one in found]
    empty = "fleet.fits" if count else "fleet.none"
    return section(
        "fleet.heading",
        language,
        _tally(known, language),
        search_form(chosen, "/admin", count, "fleet.search", language),
        table(HEADS, rows, language, label=label)
        if rows
        else nothing(say(empty, language)),
        pager(chosen, "/admin", label, language, has_more=has_more),
        _pair(known.stores, name_of, language),
        name="fleet",
        note="fleet.note",
    )


def _names(stores: Sequence[Store], language: Language) -> Callable[[str], str]:
    named = {store.store_id: store for store in stores}

    def name_of(store_id: str) -> str:
        store = named.get(store_id)
        if store is None:
            return store_id
        name = store.name_en if language == "en" and store.name_en else store.name
        return f"{name} ({store_id})"

    return name_of


def _tally(known: Fleet, language: Language) -> html.P | None:
    """Return how many screens there are in each state."""
    states = [known.state(device) for device in known.devices]
    told = [
        f"{LOOKS[state][1]} {say(f'device.{state}', language)} {states.count(state)}"
        for state in LOOKS
        if state in states
    ]
    return html.P(" · ".join(told), className="note") if told else None


def _waiting_row(
    waiting: Pairing, zone: str, name_of: Callable[[str], str], language: Language
) -> tuple:
    return (
        html.B(waiting.name),
        name_of(waiting.store_id or ""),
        badge(say("fleet.waiting", language), "grey", "○"),
        fmt.MISSING,
        fmt.MISSING,
        f"{waiting.approved_by} · {fmt.moment(waiting.created_at, zone, language)}",
        fmt.MISSING,
    )


def _row(
    known: Fleet, device: Device, name_of: Callable[[str], str], language: Language
) -> tuple:
    state = known.state(device)
    paired = fmt.moment(device.created_at, known.zone, language)
    return (
        html.B(device.name),
        name_of(device.store_id),
        badge(say(f"device.{state}", language), *LOOKS[state]),
        fmt.clock(device.seen_at, known.zone, known.now, language),
        _shows(known, device, language),
        f"{device.approved_by} · {paired}",
        _actions(device, language),
    )


def _shows(known: Fleet, device: Device, language: Language) -> html.Div | str:
    shown = device.shown
    if not shown.batch:
        return say("fleet.nothing", language)
    page = say(TITLES[shown.page], language) if shown.page in TITLES else shown.page
    painted = fmt.clock(device.painted_at, known.zone, known.now, language)
    told = say("fleet.painted", language, clock=painted)
    size = _size(device.sight, language)
    first = " · ".join(filter(None, (page, told, size)))
    return html.Div([first, html.Br(), code(shown.batch)])


def _size(sight: Sight, language: Language) -> str:
    """Return what the store has said of a screen's size, if it has."""
    inches = say("fleet.inches", language, n=f"{sight.inches or 0:g}")
    metres = say("fleet.metres", language, n=f"{sight.metres or 0:g}")
    told = (sight.inches and inches, sight.metres and metres)
    return ", ".join(filter(None, told))


def _actions(device: Device, language: Language) -> html.Details | str:
    if device.revoked_at is not None:
        return device.revoked_by or fmt.MISSING
    place, button = f"/admin/devices/{device.id}", partial(forms.button, name="do")
    return html.Details(
        [
            html.Summary(say("people.do", language)),
            forms.form(
                place,
                forms.text("name", "fleet.name", language, value=device.name),
                button("fleet.rename", language, value="rename"),
            ),
            forms.form(
                place,
                *_sight(device.sight, language),
                button("fleet.resize", language, value="resize"),
            ),
            forms.form(
                place,
                button("fleet.reload", language, value="reload"),
                button("fleet.revoke", language, value="revoke", kind="danger"),
                className="form form--row",
            ),
        ],
        className="actions",
    )


def _sight(sight: Sight, language: Language) -> list[html.Label]:
    """Return the choice of a screen's size and of the distance it is read from."""
    parts = (
        ("inches", "fleet.size", "fleet.inches", INCHES, USUAL[0], sight.inches),
        ("metres", "fleet.distance", "fleet.metres", METRES, USUAL[1], sight.metres),
    )
    fields = []
    for name, label, unit, usual, else_, value in parts:
        own = say(unit, language, n=else_)
        values = sorted({*map(float, usual), *([value] if value else [])})
        options = [(OWN, say("fleet.as_address", language, usual=own))]
        options += [(f"{v:g}", say(unit, language, n=f"{v:g}")) for v in values]
        now = f"{value:g}" if value else OWN
        fields.append(forms.choice(name, label, options, language, value=now))
    return fields


def _pair(
    stores: Sequence[Store], name_of: Callable[[str], str], language: Language
) -> html.Details | html.P:
    if not stores:
        return nothing(say("fleet.no_store", language))
    options = [(s.store_id, name_of(s.store_id)) for s in stores]
    return html.Details(
        [
            html.Summary(say("fleet.pair", language)),
            html.P(say("fleet.pair.note", language), className="note"),
            forms.form(
                "/admin/devices",
                forms.text("code", "fleet.code", language, required=True),
                forms.choice("store", "fleet.store", options, language),
                forms.text("name", "fleet.name", language, required=True),
                *_sight(Sight(), language),
                forms.button("fleet.approve", language),
            ),
        ],
        className="actions",
    )
