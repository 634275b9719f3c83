"""Texts become types: read, checked, and noted with every fault found."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.contracts import Contract, Kind, Severity
from warehouse.store import checks
from warehouse.store.names import literal, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceNote:
    """What the loader must know of a piece while its rows are in hand."""

    piece: int
    source: str
    place: str
    system: str | None
    zone: str | None
    delivered_at: datetime
    relaxed: dict[str, Severity]


class Typing:
    """Reads the texts of a table's pieces as the types of its contract.

    *single* is the one zone that all rows stand in, None where there are several.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        notes: list[PieceNote],
        zone: str,
    ) -> None:
        self.con = con
        self.contract = contract
        self.notes = notes
        self.zone = zone
        self.single = zone if self._one_zone() else None

    def run(self) -> str | None:
        """Make temp table `typed` of `incoming`; return the one zone, if it is one."""
        self.con.execute(f"create or replace temp table typed as {self._empty()}")
        by_source: dict[tuple, list[PieceNote]] = {}
        for note in self.notes:
            key = (note.source, tuple(sorted(note.relaxed.items())), note.system)
            by_source.setdefault(key, []).append(note)
        for notes in by_source.values():
            self.con.execute(f"insert into typed by name {self._typing(notes)}")
        return self.single

    def _empty(self) -> str:
        columns = [
            f"null::{c.kind.value} as {quoted(c.name)}, "
            f"null::varchar as {quoted('text_' + c.name)}"
            for c in self.contract.columns
        ]
        return (
            f"select {', '.join(columns)}, null::integer as _piece, "
            "null::bigint as _line, null::varchar as _fault, null::varchar as _raw, "
            "null::timestamp as _at, "
            "null::timestamp as _delivered_at, null::varchar as _zone, "
            "null::bigint as _offsets, null::varchar as _source, "
            "[{'column': null::varchar, 'rule': null::varchar, 'severity': "
            "null::varchar, 'value': null::varchar}] as _findings, "
            "false as _rejected limit 0"
        )

    def _typing(self, notes: list[PieceNote]) -> str:
        """Return the select that reads the pieces of one source, step by step."""
        relaxed, system = notes[0].relaxed, notes[0].system
        pieces = ", ".join(map(_place_and_time, notes))
        found = checks.findings(self.contract, relaxed, self.single)
        return f"""
            with piece(_piece, _delivered_at, piece_zone) as (values {pieces}),
            texts as (
                select {self._texts(system)}, _piece, _line, _fault, _raw, _at,
                    coalesce(_at, _delivered_at) as _delivered_at, piece_zone
                from incoming inner join piece using (_piece)
            ),
            as_read as (
                select *, {self._values()}, {self._offsets()} as _offsets from texts
            ),
            as_types as (
                select *{self._sane()} from as_read
            ),
            zoned as (
                select typed.*, {self._zone()} as _zone
                from as_types as typed {self._zone_join()}
            ),
            judged as (
                select * exclude (piece_zone), {literal(notes[0].source)} as _source,
                    {found} as _findings
                from zoned
            )
            select *{self._blanked(relaxed)}, _fault is not null
                or (_findings is not null and len(list_filter(_findings,
                    lambda x: x.severity = 'reject')) > 0) as _rejected
            from judged"""

    def _texts(self, system: str | None) -> str:
        """Return the columns as sent, trimmed; empty is null."""
        return ", ".join(
            f"{self._text(name, system)} as {quoted('text_' + name)}"
            for name in self.contract.column_names
        )

    def _values(self) -> str:
        """Return the columns read as the types of the contract."""
        return ", ".join(
            f"{checks.read_as(c, quoted('text_' + c.name))} as {quoted(c.name)}"
            for c in self.contract.columns
        )

    def _offsets(self) -> str:
        """Return a bit for each time that was sent with an offset."""
        bits = [
            f"(case when {checks.has_offset(quoted('text_' + name))} "
            f"then {checks.bit(self.contract, name)} else 0 end)"
            for name in self.contract.timestamps
        ]
        return " + ".join(bits) or "0"

    def _sane(self) -> str:
        """Return the times and days again, without what no calendar reaches."""
        fields = ", ".join(
            f"{checks.plausible(c)} as {quoted(c.name)}"
            for c in self.contract.columns
            if c.kind in (Kind.TIMESTAMP, Kind.DATE)
        )
        return f" replace ({fields})" if fields else ""

    def _blanked(self, relaxed: dict[str, Severity]) -> str:
        """Empty the fields whose finding says so."""
        names = checks.blankable(self.contract, relaxed)
        fields = ", ".join(
            f"(case when _findings is null or len(list_filter(_findings, lambda x: "
            f"x.severity = 'blank' and x.column = {literal(name)})) = 0 "
            f"then {quoted(name)} end) "
            f"as {quoted(name)}"
            for name in names
        )
        return f" replace ({fields})" if fields else ""

    def _text(self, name: str, system: str | None) -> str:
        text = f"nullif(trim({quoted(name)}), '')"
        if name == "source_system" and system:
            return f"coalesce({text}, {literal(system)})"
        return text

    def _one_zone(self) -> bool:
        """Whether every time of this run is read in the product's own zone."""
        zones = self.con.execute(
            "select distinct timezone from stores where timezone is not null"
        ).fetchall()
        told = {zone for (zone,) in zones} | {n.zone for n in self.notes}
        return told <= {self.zone, None}

    def _zone(self) -> str:
        default = f"coalesce(piece_zone, {literal(self.zone)})"
        if self.single or self.contract.zone_by == "setting":
            return default
        by = {
            "store": "s.timezone",
            "work_order": "o._zone",
            "store_or_work_order": "s.timezone, o._zone",
        }[self.contract.zone_by]
        return f"coalesce({by}, {default})"

    def _zone_join(self) -> str:
        if self.single or self.contract.zone_by == "setting":
            return ""
        store = "left join stores as s on s.store_id = typed.store_id"
        order = "left join work_orders as o on o.work_order_id = typed.work_order_id "
        return {
            "store": store,
            "work_order": order,
            "store_or_work_order": f"{store} {order}",
        }[self.contract.zone_by]


def _place_and_time(note: PieceNote) -> str:
    zone = literal(note.zone) if note.zone else "null"
    moment = f"{note.delivered_at:%Y-%m-%d %H:%M:%S.%f}"
    return f"({note.piece}, timestamp '{moment}', {zone}::varchar)"
