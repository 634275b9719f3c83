"""No page is laid out for a reader whose role or scope does not include it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import dash
from dash import Dash
from flask import g

from callbacks.services import Services
from pages._ui import locale
from pages._ui.states import forbidden
from warehouse.access.roles import PAGES_OF_ONE_STORE, page_at


def register(_app: Dash, _services: Services) -> None:
    """Put a guard in front of the layout of every page there is."""
    for page in dash.page_registry.values():
        if not hasattr(page["layout"], "guards"):
            page["layout"] = guarded(page)


def guarded(page: dict[str, Any]) -> Callable[..., Any]:
    """Return the layout of a page, or the words that it is not for this reader."""
    layout, path = page["layout"], page.get("path_template") or page["path"]
    place = page_at(path)
    variables = [part[1:-1] for part in path.split("/") if part.startswith("<")]

    @wraps(layout)
    def lay_out(**given: Any) -> Any:
        # Dash lays every page out once, without a reader, to learn the ids in it.
        if g.get("is_gated"):
            store = given.get(variables[0]) if variables else None
            is_of_store = place in PAGES_OF_ONE_STORE and store is not None
            if not _may_open(place) or (is_of_store and not _may_see(store)):
                return forbidden(locale.current())
        return layout(**given)

    lay_out.guards = place  # type: ignore[attr-defined]
    return lay_out


def _may_open(place: Any) -> bool:
    access = g.access
    return access is not None and (place is None or access.principal.may_open(place))


def _may_see(store: str) -> bool:
    allowed = g.access.rights.store_ids
    return allowed is None or store in allowed
