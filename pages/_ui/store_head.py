"""What stands above the page of a store: its name and place, or that there is none."""

from datetime import datetime
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.codes import called
from pages._ui.plain_table import badge
from pages._ui.states import notice
from pages._ui.wording import say
from warehouse.records import Store
from warehouse.text import Language


def store_head(store: Store, name: str, language: Language) -> list[Any]:
    """Return the store's name, where it is, and whether it still is."""
    place = " · ".join(
        filter(
            None,
            (
                called("region", store.region or "", language),
                store.city,
                called("city_class", store.city_class or "", language),
                called("store_class", store.store_class or "", language),
            ),
        )
    )
    closed = badge(say("store.closed", language), "grey", "○")
    return [
        html.H1(
            [name, " ", closed if store.is_closed else None],
            className="store-head__name",
        ),
        html.P([html.Code(store.store_id), f" {place}"], className="store-head__place"),
        html.P(say("table.inferred", language), className="note")
        if store.is_inferred
        else None,
        notice(say("store.closed.note", language)) if store.is_closed else None,
    ]


def silence(since: datetime | None, zone: str, language: Language) -> html.P | None:
    """Return the line that the store's data stopped; None while they come."""
    if since is None:
        return None
    return notice(
        say("store.silent", language, moment=fmt.moment(since, zone, language))
    )


def unknown_store(store_id: str, language: Language) -> html.Section:
    """Return what to read where no store can be shown; it does not tell why."""
    return html.Section(
        [
            html.H1(say("store.unknown.title", language)),
            html.P(say("store.unknown.text", language, store=store_id)),
            html.P(html.A(say("store.back", language), href="/")),
        ],
        className="empty",
        **{"data-state": "unknown"},
    )
