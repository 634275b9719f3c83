"""Alerts: their state between batches, and the history that is only ever added to.

One transaction a batch: a process that is killed leaves the state of the last batch
whole, and the batch is evaluated again. A batch that was evaluated is passed over.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from warehouse.alerts.alert import (
    Happening,
    Instance,
    Key,
    Rule,
    State,
)
from warehouse.alerts.records import Alert, Entry, Evaluated, Found
from warehouse.alerts.rounds import Outcome
from warehouse.store.state.alerts_rows import (
    alert,
    entry,
    insert,
    is_known,
    load,
    note_batch,
    tell_all,
    update,
    without,
)
from warehouse.store.state.alerts_silences import holding
from warehouse.store.state.alerts_tables import ALERTS, BATCHES, HISTORY
from warehouse.store.state.tables import Room

Judge = Callable[[Mapping[Key, Instance]], Outcome]


class Alerts(Room):
    """The instances and their history."""

    def evaluate(
        self, found: Found, rules: Mapping[str, Rule], judge: Judge
    ) -> Outcome | None:
        """Judge a batch and keep what comes of it; None if it was judged before."""
        with self.writing() as connection:
            return self.evaluate_within(connection, found, rules, judge)

    def evaluate_within(
        self,
        connection: sa.Connection,
        found: Found,
        rules: Mapping[str, Rule],
        judge: Judge,
    ) -> Outcome | None:
        """Do the same inside a transaction of the caller."""
        if is_known(connection, found.batch):
            return None
        outcome = self._judge(connection, found, rules, judge)
        active = sum(one.is_active for one in outcome.instances.values())
        note_batch(connection, found, len(outcome.instances), active)
        return outcome

    def evaluate_apart(
        self, found: Found, rules: Mapping[str, Rule], judge: Judge
    ) -> Outcome:
        """Judge what no batch says, such as a channel."""
        with self.writing() as connection:
            return self._judge(connection, found, rules, judge)

    def _judge(
        self,
        connection: sa.Connection,
        found: Found,
        rules: Mapping[str, Rule],
        judge: Judge,
    ) -> Outcome:
        held = holding(connection, found.noted_at)
        ids, instances = load(connection, held)
        outcome = judge(instances)
        ids |= insert(
            connection, rules, [one for one in outcome.changed if one.key not in ids]
        )
        fired = {e.key for e in outcome.events if e.kind is Happening.FIRED}
        update(connection, ids, outcome.changed, fired, found.noted_at)
        tell_all(connection, ids, outcome.events, found.noted_at)
        return outcome

    def note_seconds(self, batch: str, seconds: float) -> None:
        """Keep how long an evaluation took."""
        with self.writing() as connection:
            connection.execute(
                BATCHES.update().where(BATCHES.c.batch == batch).values(seconds=seconds)
            )

    def last(self, *, is_full: bool = False) -> Evaluated | None:
        """Return the newest evaluation; with *is_full* the newest of all rules."""
        select = sa.select(BATCHES).order_by(BATCHES.c.id.desc()).limit(1)
        if is_full:
            select = select.where(BATCHES.c.is_full)
        with self.reading() as connection:
            row = connection.execute(select).mappings().first()
        return None if row is None else Evaluated(**without(row, "id"))

    def full_rounds(self, moment: datetime) -> list[str]:
        """Return the batches since a moment in which all rules were heard, in order."""
        select = (
            sa.select(BATCHES.c.batch)
            .where(BATCHES.c.is_full, BATCHES.c.evaluated_at >= moment)
            .order_by(BATCHES.c.id)
        )
        with self.reading() as connection:
            return list(connection.scalars(select))

    def active(self, now: datetime) -> list[Alert]:
        """Return what has fired and not recovered, and what is about to fire."""
        return self._find(ALERTS.c.base != State.OK, now)

    def unknown(self, now: datetime) -> list[Alert]:
        """Return what was healthy when its data stopped."""
        return self._find(
            sa.and_(ALERTS.c.base == State.OK, ALERTS.c.cover.is_not(None)), now
        )

    def since(self, moment: datetime, now: datetime) -> list[Alert]:
        """Return what is healthy now and fired, by the clock, after *moment*."""
        return self._find(
            sa.and_(ALERTS.c.base == State.OK, ALERTS.c.noted_at >= moment), now
        )

    def get(self, alert_id: int, now: datetime) -> Alert | None:
        """Return one alert; None if there is none."""
        found = self._find(ALERTS.c.id == alert_id, now)
        return found[0] if found else None

    def some(self, ids: Sequence[int], now: datetime) -> list[Alert]:
        """Return the alerts of some ids."""
        return self._find(ALERTS.c.id.in_(ids), now) if ids else []

    def history(self, alert_id: int, limit: int = 500) -> list[Entry]:
        """Return the newest lines of one alert's history first."""
        return self.entries(HISTORY.c.alert_id == alert_id, limit, newest=True)

    def entries_since(self, moment: datetime) -> list[Entry]:
        """Return every line noted since *moment*, oldest first."""
        return self.entries(HISTORY.c.noted_at >= moment, None)

    def entries(
        self,
        condition: sa.ColumnElement[bool],
        limit: int | None,
        *,
        newest: bool = False,
    ) -> list[Entry]:
        """Return lines of the history."""
        order = HISTORY.c.id.desc() if newest else HISTORY.c.id
        select = sa.select(HISTORY).where(condition).order_by(order).limit(limit)
        with self.reading() as connection:
            return [entry(row) for row in connection.execute(select).mappings()]

    def _find(self, condition: sa.ColumnElement[bool], now: datetime) -> list[Alert]:
        with self.reading() as connection:
            held = holding(connection, now)
            rows = connection.execute(
                sa.select(ALERTS).where(condition).order_by(ALERTS.c.id)
            ).mappings()
            return [alert(row, held, now) for row in rows]
