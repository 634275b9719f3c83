"""Messages: planned once, tried until they arrive, and kept with their outcome.

The history is read like a queue: what follows the cursor is new to the notifier. The
messages of some lines and the cursor behind them are one transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.alerts.records import Delivery, Entry, Sending
from warehouse.store.state.alerts_rows import entry
from warehouse.store.state.alerts_tables import (
    CURSORS,
    DELIVERED,
    DELIVERIES,
    HISTORY,
)
from warehouse.store.state.tables import Room

_NOTIFIER = "notifier"
_AT_ONCE = 5000


class Deliveries(Room):
    """The outbox, which is the delivery log too."""

    def plan(self, compose: Callable[[Sequence[Entry]], Iterable[Delivery]]) -> int:
        """Plan the messages of what is new in the history; return how many.

        A notifier that begins to work says nothing of what happened before.
        """
        with self.writing() as connection:
            at = connection.scalar(
                sa.select(CURSORS.c.history_id).where(CURSORS.c.name == _NOTIFIER)
            )
            if at is None:
                newest = connection.scalar(sa.select(sa.func.max(HISTORY.c.id))) or 0
                connection.execute(
                    CURSORS.insert().values(name=_NOTIFIER, history_id=newest)
                )
                return 0
            rows = connection.execute(
                sa.select(HISTORY)
                .where(HISTORY.c.id > at)
                .order_by(HISTORY.c.id)
                .limit(_AT_ONCE)
            ).mappings()
            news = [entry(row) for row in rows]
            if not news:
                return 0
            added = sum(_add(connection, one) for one in compose(news))
            connection.execute(
                CURSORS.update()
                .where(CURSORS.c.name == _NOTIFIER)
                .values(history_id=news[-1].id)
            )
            return added

    def add(self, deliveries: Iterable[Delivery]) -> int:
        """Plan messages; one whose key is known already is passed over."""
        with self.writing() as connection:
            return sum(_add(connection, one) for one in deliveries)

    def due(self, now: datetime, limit: int = 200) -> list[Delivery]:
        """Return what is to be sent now, oldest first."""
        return self._find(
            sa.and_(DELIVERIES.c.status == Sending.WAITING, DELIVERIES.c.due_at <= now),
            limit,
        )

    def since(
        self, moment: datetime, limit: int = 2000, *, recipient: str = ""
    ) -> list[Delivery]:
        """Return the messages planned since a moment, newest first; to one, or all."""
        condition = DELIVERIES.c.created_at >= moment
        if recipient:
            condition = sa.and_(condition, DELIVERIES.c.recipient == recipient)
        return self._find(condition, limit, newest=True)

    def of_alert(self, alert_id: int) -> list[Delivery]:
        """Return the messages about an alert, newest first."""
        inside = sa.select(DELIVERED.c.delivery_id).where(
            DELIVERED.c.alert_id == alert_id
        )
        return self._find(DELIVERIES.c.id.in_(inside), 200, newest=True)

    def told(self, recipient: str, alert_id: int, episode: int) -> bool:
        """Whether a recipient was told of a firing."""
        select = (
            sa.select(DELIVERIES.c.id)
            .join(DELIVERED, DELIVERED.c.delivery_id == DELIVERIES.c.id)
            .where(
                DELIVERED.c.alert_id == alert_id,
                DELIVERED.c.episode == episode,
                DELIVERIES.c.recipient == recipient,
                DELIVERIES.c.status == Sending.SENT,
            )
        )
        with self.reading() as connection:
            return connection.execute(select.limit(1)).first() is not None

    def settle(
        self,
        delivery: Delivery,
        status: Sending,
        *,
        now: datetime,
        due_at: datetime | None = None,
        error: str = "",
        is_attempt: bool = True,
    ) -> None:
        """Note how a try ended: sent, to be tried again at *due_at*, or given up."""
        values: dict[str, Any] = {"status": status.value, "error": error[:2000]}
        if is_attempt:
            values["attempts"] = DELIVERIES.c.attempts + 1
        if status is Sending.SENT:
            values["sent_at"] = now
        if due_at is not None:
            values["due_at"] = due_at
        with self.writing() as connection:
            connection.execute(
                DELIVERIES.update().where(DELIVERIES.c.id == delivery.id).values(values)
            )

    def _find(
        self, condition: sa.ColumnElement[bool], limit: int, *, newest: bool = False
    ) -> list[Delivery]:
        order = DELIVERIES.c.id.desc() if newest else DELIVERIES.c.id
        select = sa.select(DELIVERIES).where(condition).order_by(order).limit(limit)
        with self.reading() as connection:
            rows = list(connection.execute(select).mappings())
            ids = [row["id"] for row in rows]
            about: dict[int, list[tuple[int, int]]] = {}
            for start in range(0, len(ids), 500):
                some = DELIVERED.c.delivery_id.in_(ids[start : start + 500])
                listed = sa.select(DELIVERED).where(some).order_by(DELIVERED.c.id)
                for one in connection.execute(listed):
                    pairs = about.setdefault(one.delivery_id, [])
                    pairs.append((one.alert_id, one.episode))
        return [_delivery(row, about.get(row["id"], ())) for row in rows]


def _add(connection: sa.Connection, one: Delivery) -> int:
    """Keep a message, or put it in the place of one that was not tried yet."""
    if one.joins and _replaced(connection, one):
        return 0
    known = sa.select(DELIVERIES.c.id).where(DELIVERIES.c.key == one.key)
    if connection.execute(known).first() is not None:
        return 0
    values = asdict(one) | {"status": one.status.value, "title": one.title[:300]}
    for name in ("id", "alerts", "joins"):
        del values[name]
    done = connection.execute(DELIVERIES.insert().values(values))
    _about(connection, done.inserted_primary_key[0], one)
    return 1


def _replaced(connection: sa.Connection, one: Delivery) -> bool:
    """Whether the message that *one* joins was still there to be replaced."""
    is_there = sa.and_(
        DELIVERIES.c.key == one.joins,
        DELIVERIES.c.status == Sending.WAITING,
        DELIVERIES.c.attempts == 0,
    )
    row = connection.execute(sa.select(DELIVERIES.c.id).where(is_there)).first()
    if row is None:
        return False
    names = ("text", "link", "due_at")
    values = {name: getattr(one, name) for name in names} | {"title": one.title[:300]}
    connection.execute(DELIVERIES.update().where(is_there).values(values))
    connection.execute(DELIVERED.delete().where(DELIVERED.c.delivery_id == row.id))
    _about(connection, row.id, one)
    return True


def _about(connection: sa.Connection, delivery_id: int, one: Delivery) -> None:
    if one.alerts:
        connection.execute(
            DELIVERED.insert(),
            [
                {"delivery_id": delivery_id, "alert_id": a, "episode": e}
                for a, e in one.alerts
            ],
        )


def _delivery(row: Mapping[str, Any], about: Iterable[tuple[int, int]]) -> Delivery:
    told = dict(row) | {"status": Sending(row["status"]), "alerts": tuple(about)}
    return Delivery(**told)
