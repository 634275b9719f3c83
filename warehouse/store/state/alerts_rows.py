"""Rows of alerts: how an instance is kept, read, and written into the history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse.alerts.alert import Basis, Event, Instance, Key, Rule, Severity, State
from warehouse.alerts.records import Alert, Entry, Found, Silence
from warehouse.store.state.alerts_tables import ALERTS, BATCHES, HISTORY

KEPT_BATCHES, KEPT_FULL = 5000, timedelta(days=60)

_ENGINE = (
    "is_resting",
    "inhibited_by",
    "since",
    "breaches",
    "fired_at",
    "breached_at",
    "clear_since",
    "alarmed_at",
    "episode",
    "value",
    "n",
    "line",
    "target",
    "lines_from",
    "peak",
    "note",
    "batch",
)
"""Columns that are fields of an instance as they are."""

NOBODY = {
    "acknowledged_by": "",
    "acknowledged_at": None,
    "owner": "",
    "due_on": None,
    "cause": "",
    "escalated": 0,
}
"""What people made of it, at the beginning of an episode."""


def alert(row: Mapping[str, Any], held: Sequence[Silence], now: datetime) -> Alert:
    """Return a row as the rest of the product sees it."""
    one = instance(row)
    silence = next((s for s in held if s.covers(one, now)), None)
    if silence is not None:
        one = replace(one, silenced_until=silence.ends_at)
    names = ("id", "metric", "noted_at", *NOBODY)
    return Alert(
        instance=one,
        severity=Severity(row["severity"]),
        basis=Basis(row["basis"]),
        silence=silence,
        **{name: row[name] for name in names},
    )


def entry(row: Mapping[str, Any]) -> Entry:
    """Return a line of the history."""
    told = without(row, "was", "became")
    return Entry(**told, before=row["was"], after=row["became"])


def tell(
    connection: sa.Connection,
    row: Mapping[str, Any],
    kind: str,
    *,
    who: str,
    at: datetime,
    note: str = "",
) -> None:
    """Write what somebody did to an alert into its history."""
    state = row["cover"] or row["base"]
    connection.execute(
        HISTORY.insert().values(
            alert_id=row["id"],
            episode=row["episode"],
            at=at,
            noted_at=at,
            batch=row["batch"],
            kind=kind,
            was=state,
            became=state,
            value=row["value"],
            n=row["n"],
            line=row["line"],
            lines_from=row["lines_from"],
            who=who[:120],
            note=note,
        )
    )


def is_known(connection: sa.Connection, batch: str) -> bool:
    """Whether a batch was judged."""
    select = sa.select(BATCHES.c.id).where(BATCHES.c.batch == batch)
    return connection.execute(select).first() is not None


def load(
    connection: sa.Connection, held: Sequence[Silence]
) -> tuple[dict[Key, int], dict[Key, Instance]]:
    """Return the ids and the instances, those silenced marked so."""
    ids, instances = {}, {}
    rows = connection.execute(sa.select(ALERTS).where(ALERTS.c.base != State.OK))
    for row in rows.mappings():
        one = instance(row)
        # One that has just ended counts too: what it swallowed is said.
        silence = next((s for s in held if s.concerns(one)), None)
        if silence is not None:
            one = replace(one, silenced_until=silence.ends_at)
        ids[one.key], instances[one.key] = row["id"], one
    # The healthy many: only what the engine needs to know of them.
    names = ("id", "key", "cover", "is_resting", "inhibited_by", "episode", "batch")
    select = sa.select(*[ALERTS.c[name] for name in names])
    for row in connection.execute(select.where(ALERTS.c.base == State.OK)):
        key = Key.read(row.key)
        ids[key] = row.id
        instances[key] = Instance(
            key=key,
            cover=State(row.cover) if row.cover else None,
            is_resting=row.is_resting,
            inhibited_by=row.inhibited_by,
            episode=row.episode,
            batch=row.batch,
        )
    return ids, instances


def instance(row: Mapping[str, Any]) -> Instance:
    """Return a row as the engine sees it."""
    return Instance(
        key=Key.read(row["key"]),
        base=State(row["base"]),
        cover=State(row["cover"]) if row["cover"] else None,
        is_acknowledged=bool(row["acknowledged_by"]),
        **{name: row[name] for name in _ENGINE},
    )


def columns(one: Instance) -> dict[str, Any]:
    """Return an instance as columns."""
    return {
        "base": one.base.value,
        "cover": one.cover.value if one.cover else None,
        **{name: getattr(one, name) for name in _ENGINE},
        "note": one.note[:500],
    }


def insert(
    connection: sa.Connection, rules: Mapping[str, Rule], fresh: Sequence[Instance]
) -> dict[Key, int]:
    """Add instances that were never seen before; return their ids."""
    if not fresh:
        return {}
    rows = [
        {
            "key": str(one.key),
            "metric": rules[one.key.rule].metric,
            "severity": rules[one.key.rule].severity.value,
            "basis": rules[one.key.rule].basis.value,
            "noted_at": None,
            **NOBODY,
            **columns(one),
        }
        for one in fresh
    ]
    connection.execute(ALERTS.insert(), rows)
    keys = {str(one.key): one.key for one in fresh}
    found: dict[Key, int] = {}
    names = list(keys)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        select = sa.select(ALERTS.c.id, ALERTS.c.key).where(ALERTS.c.key.in_(some))
        found |= {keys[row.key]: row.id for row in connection.execute(select)}
    return found


def update(
    connection: sa.Connection,
    ids: Mapping[Key, int],
    changed: Iterable[Instance],
    fired: set[Key],
    noted_at: datetime,
) -> None:
    """Write what changed; a new episode belongs to nobody yet."""
    old = [one for one in changed if one.key not in fired]
    new = [one for one in changed if one.key in fired]
    begun = {**NOBODY, "noted_at": noted_at}
    for ones, more in ((old, {}), (new, begun)):
        rows = [{"b_id": ids[one.key], **columns(one), **more} for one in ones]
        if rows:
            names = [name for name in rows[0] if name != "b_id"]
            statement = (
                ALERTS.update()
                .where(ALERTS.c.id == sa.bindparam("b_id"))
                .values({name: sa.bindparam(name) for name in names})
            )
            connection.execute(statement, rows)


def tell_all(
    connection: sa.Connection,
    ids: Mapping[Key, int],
    events: Iterable[Event],
    noted_at: datetime,
) -> None:
    """Write what the engine told into the history."""
    rows = [
        {
            "alert_id": ids[event.key],
            "episode": event.episode,
            "at": event.at,
            "noted_at": noted_at,
            "batch": event.batch,
            "kind": event.kind.value,
            "was": event.before.value,
            "became": event.after.value,
            "value": event.value,
            "n": event.n,
            "line": event.line,
            "lines_from": event.lines_from,
            "who": "",
            "note": event.note,
        }
        for event in events
    ]
    if rows:
        connection.execute(HISTORY.insert(), rows)


def note_batch(
    connection: sa.Connection, found: Found, alerts: int, active: int
) -> None:
    """Note that a batch was judged; old notes go."""
    done = connection.execute(
        BATCHES.insert().values(
            batch=found.batch,
            as_of=found.as_of,
            evaluated_at=found.noted_at,
            seconds=0.0,
            alerts=alerts,
            active=active,
            is_full=found.is_full,
        )
    )
    newest = done.inserted_primary_key[0]
    # How rules of the night behave is told over weeks: their rounds are kept longer.
    is_old = sa.or_(
        sa.not_(BATCHES.c.is_full), BATCHES.c.evaluated_at < found.noted_at - KEPT_FULL
    )
    connection.execute(
        BATCHES.delete().where(BATCHES.c.id <= newest - KEPT_BATCHES, is_old)
    )


def without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a row without some of its columns."""
    return {name: value for name, value in row.items() if name not in names}
