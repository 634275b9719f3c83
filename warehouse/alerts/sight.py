"""Who may see which alert: the scope of the alert within the rights of the reader."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from warehouse.alerts.alert import Instance, Key, Level, Scope
from warehouse.scope import Rights


class HasRegion(Protocol):
    """A store, as far as its region is concerned."""

    store_id: str
    region: str | None


Regions = Mapping[str, frozenset[str]]


def regions_of(stores: Iterable[HasRegion]) -> dict[str, frozenset[str]]:
    """Return the stores of each region."""
    found: dict[str, set[str]] = {}
    for store in stores:
        if store.region:
            found.setdefault(store.region, set()).add(store.store_id)
    return {region: frozenset(ids) for region, ids in found.items()}


def sees(rights: Rights, scope: Scope, regions: Regions) -> bool:
    """Whether a reader may know of an alert: its numbers are of rows he may see."""
    mine = rights.store_ids
    if mine is None:
        return True
    if scope.level is Level.STORE:
        return scope.id in mine
    if scope.level is Level.REGION:
        inside = regions.get(scope.id, frozenset())
        return bool(inside) and inside <= mine
    return False


def is_spoken_for(rights: Rights, one: Instance, regions: Regions) -> bool:
    """Whether another alert that the reader sees says this one already."""
    by = one.inhibited_by
    if not by:
        return False
    return ":" not in by or sees(rights, Key.read(by).scope, regions)
