"""What no answer to somebody may hold: marks of everything outside his scope."""

import gzip
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tests.access.conftest import OWN, Site
from tests.access.forging import ALLOWED, TRACES, Forged
from warehouse.store.schema import CONFORMED


@dataclass(frozen=True)
class Marks:
    """Words that give away other stores' rows (*foreign*), and anybody's (*personal*).

    *foreign* maps a word to the stores it belongs to.
    """

    foreign: frozenset[str]
    stores: frozenset[str]
    personal: frozenset[str]

    def found(self, text: str, own: str, *, all_stores: bool, personal: bool) -> list:
        """Return the marks in an answer that the asker did not write himself."""
        wanted = set()
        if not all_stores:
            wanted |= self.foreign | self.stores
        if not personal:
            wanted |= self.personal
        return sorted(mark for mark in wanted if mark in text and mark not in own)


def marks_of(site: Site) -> Marks:
    """Return the marks of a network, read from its own tables."""
    fetch = site.warehouse.batch()._fetch
    orders, customers = CONFORMED["work_orders"], CONFORMED["customers"]
    technicians = CONFORMED["technicians"]
    others = [s for s in site.stores if s.store_id != OWN]
    foreign: set[str] = set()
    for column in (orders.c.work_order_id, orders.c.vin):
        mine = sa.select(column).where(orders.c.store_id == OWN)
        select = sa.select(column.label("x")).where(
            orders.c.store_id != OWN, column.not_in(mine)
        )
        foreign |= set(fetch(select.distinct().limit(300))["x"].dropna())
    select = sa.select(technicians.c.technician_id.label("x")).where(
        technicians.c.store_id != OWN
    )
    foreign |= set(fetch(select)["x"])
    personal: set[str] = set()
    for column in (customers.c.phone, customers.c.plate, customers.c.vin):
        found = fetch(sa.select(column.label("x")).distinct().limit(300))["x"]
        personal |= {str(x) for x in found.dropna() if len(str(x)) >= 7}
    names = {s.name for s in others} | {s.name_en or s.name for s in others}
    return Marks(
        foreign=frozenset(foreign),
        stores=frozenset(names | {s.store_id for s in others}),
        personal=frozenset(personal),
    )


def text_of(response: Any) -> str:
    """Return everything that an answer says: its body, unpacked, and its headers."""
    data = response.get_data()
    if response.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"\n".join(book.read(name) for name in book.namelist())
    body = data.decode("utf-8", "replace")
    if response.mimetype.endswith("json") and "\\u" in body:
        body += body.encode().decode("unicode_escape", "replace")
    return f"{body}\n{response.headers}"


def problems(forged: Forged, response: Any, marks: Marks, **sees: bool) -> list[str]:
    """Return what is wrong with an answer to a forged request."""
    text = text_of(response)
    wrong = [f"mark {m!r}" for m in marks.found(text, forged.text, **sees)]
    if response.status_code not in ALLOWED:
        wrong.append(f"status {response.status_code}")
    if response.status_code >= 400:
        wrong += [trace for trace in TRACES if trace in text]
    return wrong
