"""What the page of a store lists, masked by rights, and what tiles ask beside readings.

`Boards` is the part of a batch that pages use; the selects stand in `board_rows.py`.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from warehouse.board import Board, Comeback, Hand, MissingPart, OpenOrder, Stage, Voice
from warehouse.errors import NoBatchError
from warehouse.metrics import metric
from warehouse.restatement import Change
from warehouse.scope import Question, Rights
from warehouse.store import board_rows, restating
from warehouse.store.asking import Asker
from warehouse.store.schema import CONFORMED

Row = dict[str, Any]


class Boards:
    """Readings of a batch that are lists, not numbers."""

    _asker: Asker
    _fetch: Callable[[sa.Select], pd.DataFrame]

    def changes(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[Change]:
        """Return what late rows lately changed in the sums behind *question*."""
        try:
            return restating.changes(self._asker, metric(metric_id), question, rights)
        except NoBatchError:
            return []  # Published by a version that did not note them.

    def first_day(self) -> date | None:
        """Return the first day of which orders are known: earlier is not zero."""
        return self._asker.once.get(("first day",), self._first_day)

    def _first_day(self) -> date | None:
        orders = CONFORMED["work_orders"]
        select = sa.select(sa.func.min(orders.c._day).label("day"))
        found = self._fetch(select)["day"][0]
        return None if pd.isna(found) else pd.Timestamp(found).date()

    def board(self, store_id: str, rights: Rights) -> Board | None:
        """Return what happens in a store; None where *rights* do not reach it."""
        if rights.store_ids is not None and store_id not in rights.store_ids:
            return None
        stores = CONFORMED["stores"]
        found = self._rows(
            sa.select(stores.c.bays, stores.c.timezone).where(
                stores.c.store_id == store_id
            )
        )
        if not found:
            return None
        zone = found[0]["timezone"] or self._asker.zone.key
        now = self._asker.as_of
        today = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()
        ask = (store_id, now, rights)
        return Board(
            store_id=store_id,
            today=today,
            timezone=zone,
            bays=None if found[0]["bays"] is None else int(found[0]["bays"]),
            orders=tuple(_order(r, now) for r in self._rows(board_rows.orders(*ask))),
            hands=tuple(map(_hand, self._rows(board_rows.hands(*ask, today)))),
            parts=tuple(map(_part, self._rows(board_rows.parts(*ask)))),
            comebacks=tuple(map(_comeback, self._rows(board_rows.comebacks(*ask)))),
            voices=tuple(map(_voice, self._rows(board_rows.voices(*ask)))),
        )

    def _rows(self, select: sa.Select) -> list[Row]:
        frame = self._fetch(select)
        plain = frame.astype(object).where(frame.notna(), None)
        return plain.to_dict("records")


def _order(row: Row, now: datetime) -> OpenOrder:
    stages = (
        ("ready_at", Stage.READY),
        ("done_at", Stage.DONE),
        ("bay_at", Stage.IN_BAY),
        ("written_at", Stage.WRITTEN),
    )
    stage = next((s for name, s in stages if row[name] is not None), Stage.ARRIVED)
    promised = row["promised_at"]
    is_passed = promised is not None and pd.Timestamp(promised).to_pydatetime() <= now
    return OpenOrder(
        work_order_id=row["work_order_id"],
        plate=row["plate"],
        model=row["model"],
        order_type=row["order_type"],
        stage=stage,
        arrived_at=_utc(row["arrived_at"]),
        promised_at=_utc(promised),
        technician=row["technician"],
        waits_on_site=bool(row["waits_on_site"]),
        parts_pending=bool(row["parts_pending"]),
        is_overdue=is_passed and stage is not Stage.READY,
    )


def _hand(row: Row) -> Hand:
    level = row["skill_level"]
    return Hand(
        technician_id=row["technician_id"],
        name=row["name"],
        skill_level=None if level is None else int(level),
        works_on=row["work_order_id"],
        since=_utc(row["since"]),
        orders=int(row["orders"] or 0),
    )


def _part(row: Row) -> MissingPart:
    return MissingPart(
        part_number=row["part_number"],
        name=row["name"],
        requests=int(row["requests"]),
        pieces=float(row["pieces"]),
        last_at=_utc(row["last_at"]),
        on_hand=None if row["on_hand"] is None else float(row["on_hand"]),
    )


def _comeback(row: Row) -> Comeback:
    arrived, delivered = _utc(row["arrived_at"]), _utc(row["first_delivered_at"])
    days = None if delivered is None else (arrived - delivered) // timedelta(days=1)
    return Comeback(
        work_order_id=row["work_order_id"],
        arrived_at=arrived,
        complaint_group=row["complaint_group"],
        rule=row["rule"],
        first_id=row["first_id"],
        first_delivered_at=delivered,
        first_technician=row["first_technician"],
        days=days,
    )


def _voice(row: Row) -> Voice:
    return Voice(
        said_at=_utc(row["said_at"]),
        kind=row["kind"],
        score=None if row["score"] is None else float(row["score"]),
        text=row["said"],
        topic=row["topic"],
        work_order_id=row["work_order_id"],
        is_open=bool(row["is_open"]),
    )


def _utc(moment: Any) -> datetime | None:
    if moment is None:
        return None
    return pd.Timestamp(moment).to_pydatetime().replace(tzinfo=ZoneInfo("UTC"))
