"""What the address of a metric's page says beyond scope and period.

Like the scope it is written by the client: names are checked against the metric's
dimensions, values are bound by the store, and what cannot be read is told and ignored.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import parse_qsl, quote, urlencode

from pages._ui.address import View
from warehouse.behind import PARTS, Part
from warehouse.metrics.metric import Metric

PATH = "/metrics-catalog"

NETWORK = "network"
"""The other side of a comparison that is every store."""

IN_VIEW = {"region": "region", "city_class": "city_class", "store_id": "store"}
"""Dimensions that the view holds, and what the address calls them."""

LONGEST = 200

LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How a reader looks at one metric.

    *by* is the dimension of the breakdown, *vs* the other scope of the comparison
    (`region=华东`, `network`), *where* further filters; *page* 0 leaves the rows shut.
    """

    by: str = ""
    vs: str = ""
    where: tuple[tuple[str, str], ...] = ()
    part: Part = "all"
    page: int = 0

    @classmethod
    def read(
        cls, search: str | None, metric: Metric
    ) -> tuple[Self, tuple[tuple[str, str], ...]]:
        """Return the lens that *search* names, and the (name, value)s ignored."""
        found, ignored = cls(), []
        for name, text in parse_qsl((search or "").removeprefix("?")):
            if name not in {"by", "vs", "where", "part", "page"}:
                continue
            changed = _change(found, name, text[:LONGEST], metric.dimensions)
            if changed is None:
                ignored.append((name, text[:60]))
            else:
                found = changed
        return found, tuple(ignored)

    def query(self, view: View, **changes: object) -> str:
        """Return the query of *view* through this lens, changed; defaults left out."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        pairs = [
            ("by", changed.by),
            ("vs", changed.vs),
            *(("where", f"{name}={value}") for name, value in changed.where),
            ("part", "" if changed.part == "all" else changed.part),
            ("page", str(changed.page) if changed.page else ""),
        ]
        own = urlencode([(name, text) for name, text in pairs if text])
        # The path names the metric; a second name in the query could only contradict.
        scope = view.query(metric="").removeprefix("?")
        return "?" + "&".join(part for part in (scope, own) if part)

    @property
    def filters(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The further filters, as a question to the warehouse takes them."""
        return tuple((name, (value,)) for name, value in self.where)

    @property
    def other(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The scope that is compared with."""
        name, equals, value = self.vs.partition("=")
        return ((name, (value,)),) if equals else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(View):
    """A view through a lens: its scope holds the further filters too."""

    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, metric: Metric, view: View, lens: Lens) -> Self:
        """Return what is asked of *metric*: some belong to no store."""
        if "store_id" not in metric.dimensions:
            view = View(period=view.period, grain=view.grain)
        given = {field.name: getattr(view, field.name) for field in fields(View)}
        return cls(**given, filters=lens.filters)

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The scope and the filters, as a question to the warehouse takes them."""
        inside = View(region=self.region, city_class=self.city_class, store=self.store)
        return (*inside.where, *self.filters)

    @property
    def is_network(self) -> bool:
        """Whether nothing is left out."""
        return not self.where


def _change(
    lens: Lens, name: str, text: str, dimensions: Collection[str]
) -> Lens | None:
    """Return *lens* with one parameter read; None where it cannot be."""
    if name == "by":
        return replace(lens, by=text) if text in dimensions else None
    if name == "part":
        known = next((part for part in PARTS if part == text), None)
        return None if known is None else replace(lens, part=known)
    if name == "page":
        number = int(text) if text.isascii() and text.isdigit() else -1
        return replace(lens, page=number) if 0 <= number <= LAST_PAGE else None
    dimension, equals, value = text.partition("=")
    legal = bool(equals and value) and dimension in dimensions
    if name == "vs":
        return replace(lens, vs=text) if legal or text == NETWORK else None
    taken = {n for n, _ in lens.where}
    if not legal or dimension in taken:
        return None
    return replace(lens, where=(*lens.where, (dimension, value)))


def href(
    metric: Metric, view: View, lens: Lens | None = None, **changes: object
) -> str:
    """Return the address of a metric's page."""
    return PATH + f"/{metric.id}" + (lens or Lens()).query(view, **changes)


def narrowed(
    metric: Metric, view: View, lens: Lens, dimension: str, value: str | None
) -> str:
    """Return the page narrowed to one member; empty where a value cannot be named."""
    if not value:
        return ""
    shut = {"page": 0, "part": "all"}
    if dimension in IN_VIEW:
        inside = replace(view, **{IN_VIEW[dimension]: value})
        return href(metric, inside, lens, **shut)
    kept = tuple(pair for pair in lens.where if pair[0] != dimension)
    return href(metric, view, lens, where=(*kept, (dimension, value)), **shut)


def rows_of(
    metric: Metric,
    view: View,
    lens: Lens,
    dimension: str = "",
    value: str | None = None,
) -> str:
    """Return the page with the rows open, of one member if it is named."""
    open_rows = {"page": 1, "part": "all"}
    if dimension in IN_VIEW and value:
        inside = replace(view, **{IN_VIEW[dimension]: value})
        return href(metric, inside, lens, **open_rows) + "#rows"
    where = lens.where
    if dimension and value:
        where = (*(p for p in where if p[0] != dimension), (dimension, value))
    return href(metric, view, lens, where=where, **open_rows) + "#rows"


def metric_of(path: str | None) -> str:
    """Return the metric that *path* names; empty for another page."""
    prefix = f"{PATH}/"
    return path.removeprefix(prefix) if path and path.startswith(prefix) else ""


def export(metric: Metric, view: View, lens: Lens, what: str, form: str) -> str:
    """Return the address of a file of what the page shows."""
    place = f"/export/metrics/{quote(metric.id)}"
    name = f"{place}/{what}.{form}" if what else f"{place}.{form}"
    return name + lens.query(view, page=0)


__all__ = [
    "IN_VIEW",
    "NETWORK",
    "PATH",
    "Lens",
    "Seen",
    "export",
    "href",
    "metric_of",
    "narrowed",
    "rows_of",
]
