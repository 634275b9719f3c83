"""Silences: who asked for quiet, why, and until when."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from warehouse.alerts.alert import Level, Scope
from warehouse.alerts.records import LONGEST_SILENCE, Silence
from warehouse.errors import QuestionError
from warehouse.store.state.alerts_tables import SILENCES
from warehouse.store.state.tables import Room

_REMEMBERED = timedelta(days=1)
"""A silence that has ended is looked at once more: what it swallowed is said."""


class Silences(Room):
    """Silences, kept after they end."""

    def add(
        self,
        *,
        rule: str,
        scope: Scope,
        reason: str,
        who: str,
        now: datetime,
        ends_at: datetime,
    ) -> Silence:
        """Keep a silence.

        Raises:
            QuestionError: without a reason, or for too long.

        """
        if len(reason.strip()) < 4:
            raise QuestionError("a silence needs a reason")
        if not now < ends_at <= now + LONGEST_SILENCE:
            raise QuestionError("a silence lasts seven days at most, and ends later")
        values = {
            "rule": rule,
            "level": scope.level.value,
            "scope_id": scope.id,
            "reason": reason.strip(),
            "who": who[:120],
            "begins_at": now,
            "ends_at": ends_at,
        }
        with self.writing() as connection:
            done = connection.execute(SILENCES.insert().values(values))
        return _silence({**values, "id": done.inserted_primary_key[0]})

    def end(self, silence_id: int, now: datetime) -> None:
        """Let a silence end now."""
        with self.writing() as connection:
            connection.execute(
                SILENCES.update()
                .where(SILENCES.c.id == silence_id, SILENCES.c.ends_at > now)
                .values(ends_at=now)
            )

    def current(self, now: datetime) -> list[Silence]:
        """Return the silences that hold, the next to end first."""
        with self.reading() as connection:
            return [s for s in holding(connection, now) if s.ends_at > now]


def holding(connection: sa.Connection, now: datetime) -> list[Silence]:
    """Return silences that hold, and those that ended not long ago."""
    select = (
        sa.select(SILENCES)
        .where(SILENCES.c.ends_at > now - _REMEMBERED)
        .order_by(SILENCES.c.ends_at.desc(), SILENCES.c.id)
    )
    return [_silence(row) for row in connection.execute(select).mappings()]


def _silence(row: object) -> Silence:
    told = dict(row)  # type: ignore[call-overload]
    return Silence(**{**told, "level": Level(told["level"])})
