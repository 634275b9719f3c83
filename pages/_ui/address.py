"""What the address of a page says, read from the query and written back into links.

The address is the only memory of a view: the same link shows the same thing to the
next reader. It comes from the client, so each value is checked before it is used.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Self
from urllib.parse import parse_qsl, quote, urlencode

from pages._ui import periods
from warehouse.records import Store

PERIODS = periods.STANDARD

TREND_GRAINS = ("day", "week", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of the business on screen; an empty value means everything."""

    region: str = ""
    city_class: str = ""
    store: str = ""
    period: str = "default"
    metric: str = ""
    grain: str = ""

    @classmethod
    def read(
        cls, search: str | None, stores: Iterable[Store], metrics: Collection[str]
    ) -> tuple[Self, tuple[tuple[str, str], ...]]:
        """Return the view that *search* names, and the (name, value)s ignored."""
        stores = list(stores)
        legal = {
            "region": {s.region for s in stores if s.region},
            "city_class": {s.city_class for s in stores if s.city_class},
            "store": {s.store_id for s in stores},
            "metric": set(metrics),
            "grain": set(TREND_GRAINS),
        }
        known, ignored = {}, []
        for name, text in _pairs(search):
            if (name not in legal and name != "period") or not text:
                continue
            if periods.is_legal(text) if name == "period" else text in legal[name]:
                known[name] = text
            else:
                ignored.append((name, text[:60]))
        return cls(**known), tuple(ignored)

    def query(self, **changes: str) -> str:
        """Return this view, changed, as a query; defaults are left out."""
        changed = asdict(replace(self, **changes))
        standard = {field.name: field.default for field in fields(self)}
        given = {k: v for k, v in changed.items() if v != standard[k]}
        return f"?{urlencode(given)}" if given else "?"

    @property
    def scope(self) -> Self:
        """The same stores and period, whatever the trend shows."""
        return replace(self, metric="", grain="")

    @property
    def is_network(self) -> bool:
        """Whether every store is looked at."""
        return not (self.region or self.city_class or self.store)

    def holds(self, store: Store) -> bool:
        """Tell whether *store* is in the scope."""
        wanted = (
            (self.region, store.region),
            (self.city_class, store.city_class),
            (self.store, store.store_id),
        )
        return all(not asked or asked == has for asked, has in wanted)

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The scope, as a question to the warehouse takes it."""
        named = (
            ("region", self.region),
            ("city_class", self.city_class),
            ("store_id", self.store),
        )
        return tuple((name, (value,)) for name, value in named if value)


def store_href(store_id: str, view: View, **changes: str) -> str:
    """Return the address of a store's page that keeps the period of *view*."""
    alone = View(period=view.period)
    query = alone.query(**changes)
    return f"/stores/{quote(store_id, safe='')}{query if query != '?' else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectFilter:
    """Which rejected rows are on screen."""

    source: str = ""
    table: str = ""
    rule: str = ""
    page: int = 1

    @classmethod
    def read(cls, search: str | None) -> Self:
        """Return the filter that *search* names; the store decides what exists."""
        given = dict(_pairs(search))
        number = given.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() else 1
        names = ("source", "table", "rule")
        return cls(
            **{name: given.get(name, "")[:200] for name in names},
            page=min(max(page, 1), 100_000),
        )

    @property
    def is_set(self) -> bool:
        """Whether rows rather than groups are asked for."""
        return bool(self.source or self.table or self.rule)

    def query(self, **changes: str | int) -> str:
        """Return this filter, changed, as a query."""
        changed = asdict(replace(self, **changes))
        return "?" + urlencode({k: v for k, v in changed.items() if v not in {"", 1}})


def _pairs(search: str | None) -> list[tuple[str, str]]:
    return parse_qsl((search or "").removeprefix("?"), keep_blank_values=False)
