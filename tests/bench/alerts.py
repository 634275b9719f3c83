"""What the alerts of 300 stores cost the publish that evaluates them."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.bench import data
from tests.bench.measure import Ended, refresh, table
from warehouse.alerts.alert import Basis, Key, Level, Observation, Scope, Seen
from warehouse.alerts.burn import SLAS
from warehouse.alerts.engine import Tick
from warehouse.alerts.hearing import hear
from warehouse.alerts.records import Found
from warehouse.alerts.rounds import Outcome, Round, evaluate
from warehouse.alerts.rules import rules
from warehouse.metrics import CATALOG
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Batch, Warehouse

RULES = 20
BREACHING = 10
"""Of so many stores one is in breach, another one each time."""


def alerts(folder: Path, millions: int = 1) -> None:
    """Print what judging costs beside a day's refresh of the same warehouse."""
    source = folder / "source"
    data.write_history(source, millions)
    refresh(folder, source, f"{data.LAST_DAY}T15:00:00Z")
    settings = Settings(
        warehouse=folder / "warehouse", state=f"sqlite:///{folder / 'state.db'}"
    )
    runs: list[tuple[Ended, float]] = []
    for number in (1, 2, 3):
        day = data.write_day(source, millions, number)
        run = refresh(folder, source, f"{day}T15:00:00Z")
        runs.append((run, _judged(settings)))
    run, whole = sorted(runs, key=lambda pair: pair[0].seconds)[1]
    publish = run.seconds - whole
    warehouse = Warehouse.open(settings)
    batch = warehouse.batch()
    live = _timed(lambda: hear(batch, rules(CATALOG), is_full=False))
    burning, readings = _burning(batch)
    state = State(f"sqlite:///{folder / 'engine.db'}")
    engine = min(_engine(state, number) for number in range(5))
    state.close()
    warehouse.close()
    table(
        f"Alerts of {data.STORES} stores, {millions} M orders, beside a day's refresh "
        f"of {data.DAY_ORDERS:,} orders ({publish:.2f} s without them)",
        ("what", "seconds", "share of the publish"),
        [
            [name, f"{seconds:.2f}", f"{seconds / publish:.1%}"]
            for name, seconds in (
                (f"{RULES} rules a store: judged and kept", engine),
                ("rules of the day: heard", live),
                (f"burn rates of {len(SLAS)} promises, {readings} readings", burning),
                ("all rules, network, regions and stores: heard, judged, kept", whole),
            )
        ],
    )


def _burning(batch: Batch) -> tuple[float, int]:
    """Return the seconds that hearing the burn rates takes, and how much is read."""
    only = {key: r for key, r in rules(CATALOG).items() if r.basis is Basis.BURN}
    levels = {level for rule in only.values() for level in rule.levels}
    seconds = min(
        _timed(lambda: hear(batch, only, is_full=True))
        - _timed(lambda: hear(batch, {}, is_full=True))
        for _ in range(3)
    )
    return max(seconds, 0.0), 2 * len(levels) * len(SLAS)


def _judged(settings: Settings) -> float:
    state = State(settings.state)
    last = state.alerts.last()
    state.close()
    if last is None or not last.seconds:
        raise SystemExit("the refresh has not evaluated its alerts")
    return last.seconds


def _engine(state: State, number: int) -> float:
    """Return the seconds of one evaluation of every store, writing included."""
    declared = dict(list(rules(CATALOG).items())[:RULES])
    moment = _moment(number)
    found = Found(batch=f"B{number}", as_of=moment, noted_at=moment)
    heard = Round(
        observations={
            Key(rule, Scope(Level.STORE, f"S{store:04d}")): Observation(
                seen=Seen.BREACH if (store + number) % BREACHING == 0 else Seen.CLEAR,
                value=0.8,
                n=40,
                line=0.85,
                target=0.9,
            )
            for rule in declared
            for store in range(data.STORES)
        },
        judged=frozenset(declared),
    )
    tick = Tick(found.batch, moment)

    def judge(known: dict) -> Outcome:
        return evaluate(known, declared, heard, tick)

    return _timed(lambda: state.alerts.evaluate(found, declared, judge))


def _moment(number: int) -> datetime:
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    return start + timedelta(minutes=15 * number)


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
