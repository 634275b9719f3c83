"""From compact numbers to the columns of a standard file."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo import vocabulary as words
from etl.demo.customers import LETTERS, SYSTEMS, names, owners, phones
from etl.demo.days import HOLIDAYS, NEVER, date_of
from etl.demo.network import Network
from etl.demo.orders import Rows
from etl.demo.partners import PARTNERS
from etl.demo.schema import Column, Sheet
from etl.demo.vin import model_year
from etl.demo.visits import ADVISORS, CODES_A_GROUP, DAY_KEY, STORE_KEY

Arrow = pa.Array | pa.ChunkedArray


class Renderer:
    """Turns masked rows into Arrow tables; holds the lists that codes point into."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def table(self, sheet: Sheet, rows: Rows) -> pa.Table:
        """Return the rows as a table with the columns of the standard."""
        columns = [self._column(column, rows) for column in sheet.columns]
        table = pa.table(columns, names=sheet.names)
        for number, name in enumerate(sheet.extra):
            filler = pa.array([f"{name[:2].upper()}{number + 1}"] * table.num_rows)
            table = table.append_column(name, filler)
        return table

    def _column(self, column: Column, rows: Rows) -> Arrow:
        values = rows.get(column.name + "!") if column.shown_from else None
        if values is None:
            values = rows[column.array]
        kind, *rest = column.kind.split(":")
        render = self._kinds[kind]
        return render(values, rows, rest)

    @cached_property
    def _kinds(self) -> dict[str, Callable[..., Arrow]]:
        return {
            "time": lambda v, *_: moments(v),
            "offset_time": lambda v, *_: with_offset(v),
            "date": lambda v, *_: dates(v),
            "year": lambda v, *_: pa.array(model_year(v)),
            "whole": lambda v, *_: pa.array(v, mask=v == -1),
            "quantity": lambda v, *_: pa.array(v),
            "real": lambda v, *_: pa.array(v, mask=np.isnan(v)),
            "flag": lambda v, *_: pa.array(v > 0, mask=v < 0),
            "text": self._text,
            "label": lambda v, _, rest: take(self._labels[rest[0]], v),
            "store": lambda v, *_: take(self._stores, v),
            "part": lambda v, *_: take(self._parts, v),
            "vin": lambda v, *_: take(self._vins, v),
            "plate": lambda v, *_: take(self._plates, v),
            "owner": lambda v, *_: take(self._owners, v),
            "staff": lambda v, *_: take(self._staff, v),
            "advisor": lambda v, *_: take(self._advisors, v),
            "customer": self._customer,
            "order": self._order,
            "partner_order": lambda v, *_: self._key("PO", v, self._partner_names),
            "complaint": self._complaint,
        }

    def _text(self, values: np.ndarray, rows: Rows, rest: list[str]) -> Arrow:
        seed = self.network.seed
        if rest == ["name"]:
            return pa.array(names(seed, rows["person"], rows["title"]))
        if rest == ["phone"]:
            return pa.array(
                phones(seed, rows["person"], rows["fault"], rows["spelling"])
            )
        return pa.array(values.tolist(), pa.string())

    def _customer(self, values: np.ndarray, rows: Rows, _rest: list[str]) -> Arrow:
        letters = take(pa.array(LETTERS), rows["system"])
        digits = pc.utf8_lpad(pa.array(values).cast(pa.string()), 7, "0")
        return pc.binary_join_element_wise(letters, digits, "")

    def _order(self, values: np.ndarray, rows: Rows, rest: list[str]) -> Arrow:
        ids = self._key(rest[0], values, self._stores)
        if len(rest) == 1:
            return ids
        suffix = pa.array(rows[rest[1]]).cast(pa.string())
        return pc.binary_join_element_wise(ids, suffix, "-")

    def _complaint(self, values: np.ndarray, rows: Rows, _rest: list[str]) -> Arrow:
        own = self._key("CP", values, self._stores)
        partner = self._key("CPP", rows["partner_key"], self._partner_names)
        return pc.coalesce(own, partner)

    def _key(self, prefix: str, keys: np.ndarray, owner: pa.Array) -> Arrow:
        """Ids such as WO-S012-260514-0007; null where the key is -1."""
        there = np.maximum(keys, 0)
        mask = keys < 0
        who = owner.take(pa.array(there // STORE_KEY, mask=mask))
        day = there % STORE_KEY // DAY_KEY
        first = int(day[~mask].min()) if (~mask).any() else 0
        last = int(day.max(initial=0))
        calendar = pa.array(
            [date_of(d).strftime("%y%m%d") for d in range(first, last + 1)]
        )
        when = calendar.take(pa.array(np.maximum(day - first, 0), mask=mask))
        slot = self._slots.take(pa.array(there % DAY_KEY, mask=mask))
        return pc.binary_join_element_wise(prefix, who, when, slot, "-")

    @cached_property
    def _slots(self) -> pa.Array:
        return pa.array([f"{n:04d}" for n in range(DAY_KEY)])

    @cached_property
    def _stores(self) -> pa.Array:
        return pa.array(self.network.store_ids)

    @cached_property
    def _partner_names(self) -> pa.Array:
        return pa.array(self.network.partner_ids)

    @cached_property
    def _parts(self) -> pa.Array:
        return pa.array(self.network.parts.numbers)

    @cached_property
    def _vins(self) -> pa.Array:
        return pa.array(np.concatenate([p.vin for p in self.network.parcs]).tolist())

    @cached_property
    def _plates(self) -> pa.Array:
        return pa.array(np.concatenate([p.plate for p in self.network.parcs]).tolist())

    @cached_property
    def _owners(self) -> pa.Array:
        return pa.array([f"D{n:07d}" for n in owners(self.network).tolist()])

    @cached_property
    def _staff(self) -> pa.Array:
        return pa.array(
            [
                self.network.technician_id(store.number, n)
                for store in self.network.stores
                for n in range(store.technicians)
            ]
        )

    @cached_property
    def _advisors(self) -> pa.Array:
        ids = self.network.store_ids
        return pa.array([f"{s}-A{n + 1}" for s in ids for n in range(ADVISORS)])

    @cached_property
    def _labels(self) -> dict[str, pa.Array]:
        lists = {
            "order_types": words.ORDER_TYPES,
            "statuses": words.STATUSES,
            "entry_modes": words.ENTRY_MODES,
            "dispatchers": words.DISPATCHERS,
            "reassign_reasons": words.REASSIGN_REASONS,
            "pause_reasons": words.PAUSE_REASONS,
            "movement_kinds": words.MOVEMENT_KINDS,
            "channels": words.CHANNELS,
            "appointment_statuses": words.APPOINTMENT_STATUSES,
            "instruments": words.INSTRUMENTS,
            "complaint_categories": words.COMPLAINT_CATEGORIES,
            "complaint_texts": words.COMPLAINT_TEXTS,
            "comments": (None, *words.COMMENTS[1:]),
            "causes": words.CAUSES,
            "corrections": words.CORRECTIONS,
            "models": self.network.models,
            "batteries": [m.battery for m in words.MODELS],
            "groups": words.GROUP_CODES,
            "words": [w for g in words.GROUPS for w in g.words],
            "systems": SYSTEMS,
            "holidays": (None, *HOLIDAYS[1:]),
            "partner_ids": self.network.partner_ids,
            "service_types": [p.service for p in PARTNERS],
            "cities": self.network.city_names,
            "store_cities": [s.city.name for s in self.network.stores],
            "partner_statuses": ("requested", "accepted", "delivered", "cancelled"),
        } | _codes()
        return {name: pa.array(values, pa.string()) for name, values in lists.items()}


def _codes() -> dict[str, list[str | None]]:
    """Complaint codes, trouble codes and labour operations of each group."""
    many = range(CODES_A_GROUP)
    return {
        "codes": [f"{g.short}-{n + 1:02d}" for g in words.GROUPS for n in many],
        "dtcs": [
            f"{g.dtc}{0x10 + 0x17 * n:02X}" if g.dtc else None
            for g in words.GROUPS
            for n in many
        ],
        "labour": [f"{g.short}-L{n + 1:02d}" for g in words.GROUPS for n in many],
    }


def take(labels: pa.Array, codes: np.ndarray) -> Arrow:
    """Return the label of each code; -1 is empty."""
    return labels.take(pa.array(codes, mask=codes < 0))


def moments(seconds: np.ndarray) -> Arrow:
    """Local moments without an offset."""
    return pa.array(seconds, mask=seconds >= NEVER).cast(pa.timestamp("s"))


def with_offset(seconds: np.ndarray) -> Arrow:
    """Local moments as text with the offset of Shanghai."""
    return pc.binary_join_element_wise(iso(moments(seconds)), "+08:00", "")


def iso(moments_: Arrow) -> Arrow:
    """ISO text with a T between date and time."""
    return pc.utf8_replace_slice(moments_.cast(pa.string()), 10, 11, "T")


def dates(days: np.ndarray) -> Arrow:
    """Dates from day numbers."""
    mask = days >= NEVER
    plain = np.where(mask, 0, days).astype(np.int32)
    return pa.array(plain, mask=mask).cast(pa.date32())
