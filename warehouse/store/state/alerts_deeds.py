"""What people do about alerts: acknowledge, take over, promise, measure, judge.

Every deed is one transaction: the mark beside the state, and a line of the history.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse.alerts.records import (
    CAUSES,
    Action,
    Deed,
    Judgement,
    Measured,
    Plan,
)
from warehouse.errors import QuestionError
from warehouse.store.state.alerts_rows import tell
from warehouse.store.state.alerts_tables import ACTIONS, ALERTS, JUDGEMENTS
from warehouse.store.state.tables import Room

_PARTS = ("value", "low", "high", "n")


class Deeds(Room):
    """What people do about alerts; rights are checked by who calls."""

    def acknowledge(self, alert_id: int, who: str, now: datetime) -> None:
        """Note that somebody knows of it; the first stays.

        Raises:
            QuestionError: there is no such alert.

        """
        with self.writing() as connection:
            row = _row(connection, alert_id)
            if row["acknowledged_by"]:
                return
            _mark(connection, row, acknowledged_by=who[:120], acknowledged_at=now)
            tell(connection, row, Deed.ACKNOWLEDGED, who=who, at=now)

    def take(self, alert_id: int, owner: str, who: str, now: datetime) -> None:
        """Make somebody the owner: he has it, and everybody can see who."""
        with self.writing() as connection:
            row = _row(connection, alert_id)
            if row["owner"] == owner:
                return
            known = _known(row, who, now)
            _mark(connection, row, owner=owner[:120], **known)
            tell(connection, row, Deed.TAKEN, who=who, at=now, note=owner)

    def act(
        self,
        alert_id: int,
        plan: Plan,
        who: str,
        now: datetime,
        before: Measured | None = None,
    ) -> int:
        """Keep what somebody will do, and the value before it; returns its id.

        Raises:
            QuestionError: the cause is unknown, or nothing is said.

        """
        _check(plan)
        with self.writing() as connection:
            row = _row(connection, alert_id)
            owner = (plan.owner or row["owner"] or who)[:120]
            said = {
                "owner": owner,
                "action": plan.action.strip(),
                "cause": plan.cause,
                "due_on": plan.due_on,
                "effect_days": plan.effect_days,
            }
            done = connection.execute(
                ACTIONS.insert().values(
                    alert_id=alert_id,
                    episode=row["episode"],
                    at=now,
                    who=who[:120],
                    **said,
                    **_measured("before", before),
                )
            )
            marks = {name: said[name] for name in ("owner", "due_on", "cause")}
            _mark(connection, row, **marks, **_known(row, who, now))
            note = f"{plan.cause}: {said['action']}"
            tell(connection, row, Deed.ACTION, who=who, at=now, note=note)
            return int(done.inserted_primary_key[0])

    def actions(self, alert_id: int) -> list[Action]:
        """Return what was done about an alert, newest first."""
        return self._actions(ACTIONS.c.alert_id == alert_id)

    def actions_since(self, moment: datetime) -> list[Action]:
        """Return what was done since a moment."""
        return self._actions(ACTIONS.c.at >= moment)

    def unmeasured(self, now: datetime) -> list[Action]:
        """Return the actions whose effect can be measured now."""
        waiting = self._actions(
            sa.and_(ACTIONS.c.effect_days > 0, ACTIONS.c.measured_at.is_(None))
        )
        return [a for a in waiting if now >= a.at + timedelta(days=a.plan.effect_days)]

    def measure(self, action: Action, after: Measured, now: datetime) -> None:
        """Keep the value after an action; once."""
        with self.writing() as connection:
            done = connection.execute(
                ACTIONS.update()
                .where(ACTIONS.c.id == action.id, ACTIONS.c.measured_at.is_(None))
                .values(measured_at=now, **_measured("after", after))
            )
            if done.rowcount:
                row = _row(connection, action.alert_id)
                note = json.dumps({"action": action.id, "value": after.value})
                tell(connection, row, Deed.EFFECT, who="", at=now, note=note)

    def judge(
        self, alert_id: int, *, is_right: bool, who: str, now: datetime, note: str = ""
    ) -> None:
        """Keep whether the last firing was right; of one person the last word holds.

        Raises:
            QuestionError: it never fired.

        """
        with self.writing() as connection:
            row = _row(connection, alert_id)
            if not row["episode"]:
                raise QuestionError("this alert has not fired yet")
            mine = sa.and_(
                JUDGEMENTS.c.alert_id == alert_id,
                JUDGEMENTS.c.episode == row["episode"],
                JUDGEMENTS.c.who == who[:120],
            )
            connection.execute(JUDGEMENTS.delete().where(mine))
            connection.execute(
                JUDGEMENTS.insert().values(
                    alert_id=alert_id,
                    rule=row["key"].partition(":")[0],
                    episode=row["episode"],
                    who=who[:120],
                    at=now,
                    is_right=is_right,
                    note=note,
                )
            )
            said = "right" if is_right else "wrong"
            tell(connection, row, Deed.JUDGED, who=who, at=now, note=said)

    def judgements(self) -> list[Judgement]:
        """Return what was said of firings, oldest first."""
        names = ("rule", "alert_id", "episode", "who", "at", "is_right", "note")
        select = sa.select(*[JUDGEMENTS.c[n] for n in names]).order_by(JUDGEMENTS.c.id)
        with self.reading() as connection:
            return [Judgement(**row) for row in connection.execute(select).mappings()]

    def escalate(self, alert_id: int, step: int, to: str, now: datetime) -> bool:
        """Note that it went up to *step*; False if it had been there."""
        with self.writing() as connection:
            row = _row(connection, alert_id)
            if row["escalated"] >= step or row["acknowledged_by"]:
                return False
            _mark(connection, row, escalated=step)
            tell(connection, row, Deed.ESCALATED, who="", at=now, note=to)
            return True

    def tell(
        self, alert_id: int, deed: Deed, who: str, now: datetime, note: str
    ) -> None:
        """Write a line into an alert's history."""
        with self.writing() as connection:
            tell(
                connection, _row(connection, alert_id), deed, who=who, at=now, note=note
            )

    def _actions(self, condition: sa.ColumnElement[bool]) -> list[Action]:
        select = sa.select(ACTIONS).where(condition).order_by(ACTIONS.c.id.desc())
        with self.reading() as connection:
            return [_action(row) for row in connection.execute(select).mappings()]


def _known(
    row: Mapping[str, Any], who: str, now: datetime
) -> dict[str, str | datetime]:
    """Return the marks of who acknowledges by what he does; the first stays."""
    if row["acknowledged_by"]:
        return {}
    return {"acknowledged_by": who[:120], "acknowledged_at": now}


def _check(plan: Plan) -> None:
    if plan.cause not in CAUSES:
        raise QuestionError(f"cause {plan.cause!r}; use one of {list(CAUSES)}")
    if len(plan.action.strip()) < 2:
        raise QuestionError("say what is done")
    if not 0 <= plan.effect_days <= 365:
        raise QuestionError("an effect is measured within a year")


def _row(connection: sa.Connection, alert_id: int) -> Mapping[str, Any]:
    select = sa.select(ALERTS).where(ALERTS.c.id == alert_id)
    row = connection.execute(select).mappings().first()
    if row is None:
        raise QuestionError(f"there is no alert {alert_id}")
    return row


def _mark(
    connection: sa.Connection,
    row: Mapping[str, Any],
    **values: str | date | datetime | None,
) -> None:
    connection.execute(ALERTS.update().where(ALERTS.c.id == row["id"]).values(values))


def _measured(side: str, one: Measured | None) -> dict[str, float | None]:
    return {f"{side}_{part}": getattr(one, part, None) for part in _PARTS}


def _action(row: Mapping[str, Any]) -> Action:
    def measured(side: str) -> Measured | None:
        if row[f"{side}_n"] is None:
            return None
        return Measured(**{part: row[f"{side}_{part}"] for part in _PARTS})

    names = ("owner", "action", "cause", "due_on", "effect_days")
    return Action(
        id=row["id"],
        alert_id=row["alert_id"],
        episode=row["episode"],
        at=row["at"],
        who=row["who"],
        plan=Plan(**{name: row[name] for name in names}),
        before=measured("before"),
        after=measured("after"),
        measured_at=row["measured_at"],
    )
