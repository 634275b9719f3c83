"""Alerts inside a publish: the batch that is out is judged before the run ends.

Between publishes the clock is judged: that the refresh has stopped nobody else tells. A
run whose evaluation failed has still published: the numbers are out, the failure is
said, and `/readyz` tells that the evaluator lags. The next run catches up first.
"""

import time
from collections.abc import Callable
from datetime import datetime

from warehouse.alerts.alert import Instance, Key
from warehouse.alerts.clock import hear_clock, is_silent
from warehouse.alerts.engine import Tick
from warehouse.alerts.fleet import is_of_the_moment, with_screens
from warehouse.alerts.hearing import hear, is_full_round
from warehouse.alerts.records import Found
from warehouse.alerts.rounds import Outcome, evaluate
from warehouse.alerts.rules import rules
from warehouse.errors import NoBatchError
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Batch, Warehouse

Say = Callable[[str], None]


def judge_newest(
    settings: Settings, state: State, now: datetime, say: Say, *, is_intraday: bool
) -> Outcome | None:
    """Evaluate the newest published batch; None if it was evaluated before.

    *now* is the clock's time; the batch's own as-of is what the rules count with.
    """
    warehouse = Warehouse.open(settings)
    try:
        batch = warehouse.batch()
        return judge_batch(batch, state, now, say, is_intraday=is_intraday)
    except NoBatchError:
        return None
    finally:
        warehouse.close()


def judge_batch(
    batch: Batch, state: State, now: datetime, say: Say, *, is_intraday: bool
) -> Outcome | None:
    """Evaluate one batch."""
    last = state.alerts.last()
    if last is not None and last.batch == batch.id:
        return None
    began = time.monotonic()
    full = state.alerts.last(is_full=True)
    is_full = is_full_round(
        batch.as_of, full.as_of if full else None, is_intraday=is_intraday
    )
    declared = rules(CATALOG)
    # The reading is done before the state is locked: others wait for the writing only.
    heard = hear(batch, declared, is_full=is_full)
    if is_of_the_moment(batch.as_of, now):
        shown = {batch.id, last.batch} if last else {batch.id}
        newest = batch.id if last else None
        devices = state.devices.every(None)
        heard = with_screens(heard, devices, shown, now, newest=newest)
    tick = Tick(batch.id, batch.as_of, batch.timezone)

    def judge(instances: dict[Key, Instance]) -> Outcome:
        return evaluate(instances, declared, heard, tick)

    found = Found(batch=batch.id, as_of=batch.as_of, noted_at=now, is_full=is_full)
    outcome = state.alerts.evaluate(found, declared, judge)
    if outcome is not None:
        state.alerts.note_seconds(batch.id, time.monotonic() - began)
        fired = sum(event.kind == "fired" for event in outcome.events)
        active = sum(one.is_active for one in outcome.instances.values())
        say(f"alerts: {active} active, {fired} new")
    return outcome


def judge_by_clock(batch: Batch, state: State, now: datetime) -> Outcome | None:
    """Evaluate what lives by the clock, while no batch comes; None where one has.

    *batch* is the newest. Whoever calls does so every `warehouse.alerts.clock.EVERY`.
    """
    last = state.alerts.last()
    was_judged = last is not None and last.batch == batch.id
    if not was_judged or not is_silent(batch.as_of, batch.published_at, now):
        return None
    declared = rules(CATALOG)
    stores = batch.stores(EVERYTHING)
    heard = hear_clock(
        batch=batch.id,
        as_of=batch.as_of,
        sources=batch.sources(),
        devices=state.devices.every(None),
        hours=batch.opening_hours(EVERYTHING),
        gone=frozenset(store.store_id for store in stores if store.is_closed),
        now=now,
    )
    found = Found(batch=f"clock {now:%Y%m%dT%H%M%S}", as_of=now, noted_at=now)
    tick = Tick(found.batch, now, batch.timezone)
    return state.alerts.evaluate_apart(
        found, declared, lambda known: evaluate(known, declared, heard, tick)
    )
