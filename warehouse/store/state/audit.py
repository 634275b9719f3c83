"""Who saw, exported, changed, acknowledged what, when, from where.

Rows are only ever added; the database itself refuses to change them (migration 0004).
"""

import json
from datetime import datetime

import sqlalchemy as sa

from warehouse.access.events import Did, Ending, Event, Search
from warehouse.store.state.tables import METADATA, Moment, Room

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("who", sa.String(120), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("sees_as", sa.String(120), nullable=False),
    sa.Column("action", sa.String(40), nullable=False, index=True),
    sa.Column("object", sa.String(300), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)


class Audit(Room):
    """The log."""

    def add(self, event: Event) -> None:
        """Keep *event* for good."""
        with self.writing() as connection:
            connection.execute(AUDIT.insert().values(**_row(event)))

    def find(self, search: Search, *, limit: int, offset: int = 0) -> list[Event]:
        """Return what *search* asks for, newest first."""
        select = (
            _searched(sa.select(AUDIT), search)
            .order_by(AUDIT.c.at.desc(), AUDIT.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        with self.reading() as connection:
            return [_event(row) for row in connection.execute(select)]

    def forget_before(self, moment: datetime) -> int:
        """Delete what is older than *moment*; return how many rows went."""
        with self.writing() as connection:
            return connection.execute(
                AUDIT.delete().where(AUDIT.c.at < moment)
            ).rowcount


def _row(event: Event) -> dict[str, object]:
    return {
        "at": event.at,
        "who": event.who[:120],
        "kind": event.kind,
        "role": event.role,
        "sees_as": event.sees_as[:120],
        "action": event.action.value,
        "object": event.object[:300],
        "outcome": event.outcome.value,
        "address": event.address[:64],
        "detail": json.dumps(dict(event.detail), ensure_ascii=False),
    }


def _event(row: sa.Row) -> Event:
    return Event(
        at=row.at,
        who=row.who,
        kind=row.kind,
        role=row.role,
        sees_as=row.sees_as,
        action=Did(row.action),
        object=row.object,
        outcome=Ending(row.outcome),
        address=row.address,
        detail=tuple(json.loads(row.detail).items()),
    )


def _searched(select: sa.Select, search: Search) -> sa.Select:
    if search.who:
        # Screens have names with capitals, and nobody remembers an account exactly.
        who = sa.func.lower(AUDIT.c.who)
        select = select.where(who.contains(search.who.lower(), autoescape=True))
    if search.action is not None:
        select = select.where(AUDIT.c.action == search.action.value)
    if search.text:
        select = select.where(AUDIT.c.object.contains(search.text, autoescape=True))
    if search.start is not None:
        select = select.where(AUDIT.c.at >= search.start)
    if search.end is not None:
        select = select.where(AUDIT.c.at < search.end)
    return select
