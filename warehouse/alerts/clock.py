"""What the clock says while no batch comes: sources grow old, screens go dark. Pure.

Everything else is about numbers, and numbers do not change without a batch. These two
would be silent exactly when the refresh is: the one who ought to tell has stopped.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from warehouse.access.devices import Device
from warehouse.alerts.fleet import is_of_the_moment, with_screens
from warehouse.alerts.hearing import is_open, old_sources
from warehouse.alerts.rounds import Round
from warehouse.alerts.rules import FRESHNESS
from warehouse.records import Freshness, OpeningHours, SourceState

SILENT_AFTER = timedelta(minutes=2)
"""So long after a batch the clock begins to judge: every screen has painted it then."""

EVERY = timedelta(minutes=1)


def is_silent(as_of: datetime, published_at: datetime, now: datetime) -> bool:
    """Whether a batch that was about its own moment is the last since a while.

    A batch of last week that is loaded again says nothing of the clock's time.
    """
    return is_of_the_moment(as_of, published_at) and now - published_at >= SILENT_AFTER


def hear_clock(
    *,
    batch: str,
    as_of: datetime,
    sources: Iterable[SourceState],
    devices: Iterable[Device],
    hours: Iterable[OpeningHours],
    gone: frozenset[str],
    now: datetime,
) -> Round:
    """Return what the clock says to the rules that live by it.

    *batch* is the newest, which every screen ought to show by now; *hours* are those of
    its day: on another day nobody knows them, and nothing is asked of a store.
    """
    later = now - as_of
    heard = Round(
        observations=old_sources(_older(state, later) for state in sources),
        judged=frozenset({FRESHNESS.id}),
        gone=gone,
        resting=frozenset(one.store_id for one in hours if not _is_open(one, now)),
    )
    return with_screens(heard, devices, {batch}, now, newest=batch)


def _older(state: SourceState, later: timedelta) -> SourceState:
    """Return a source as it stands so much later, without new data."""
    if state.age is None or state.limit is None:
        return state
    age = state.age + later
    is_old = age > state.limit
    return replace(
        state, age=age, freshness=Freshness.STALE if is_old else state.freshness
    )


def _is_open(hours: OpeningHours, now: datetime) -> bool:
    is_that_day = now.astimezone(ZoneInfo(hours.zone)).date() == hours.day
    return is_that_day and is_open(hours, now)
