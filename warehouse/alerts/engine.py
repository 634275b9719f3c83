"""The state machine: (instance, what was seen, rule, time) → (instance, events).

Prometheus' semantics, with what it lacks: a dead-band (between the lines nothing
changes), an unknown that holds what was known, stores that rest. There is no clock and
no data in here, and a batch that was seen already changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import (
    Event,
    Happening,
    Instance,
    Observation,
    Rule,
    Seen,
    State,
)

_COVER: dict[Seen, State] = {
    Seen.ABSENT: State.NO_DATA,
    Seen.STALE: State.STALE,
    Seen.ERROR: State.ERROR,
}


@dataclass(frozen=True, slots=True)
class Tick:
    """The batch that is being judged, and the moment that counts as now (UTC)."""

    batch: str
    now: datetime
    zone: str = "Asia/Shanghai"


def advance(
    rule: Rule, before: Instance, seen: Observation, tick: Tick
) -> tuple[Instance, tuple[Event, ...]]:
    """Return the instance after this batch, and what happened to it."""
    if before.batch == tick.batch:
        return before, ()
    step = _Step(rule, before, seen, tick)
    if seen.seen is Seen.GONE:
        step.end()
    elif seen.seen is Seen.CLOSED:
        step.rest()
    elif seen.seen in _COVER:
        step.cover(_COVER[seen.seen])
    else:
        step.uncover()
        step.judge()
    return step.after, tuple(step.events)


class _Step:
    """One instance in one batch, while it is being judged."""

    def __init__(
        self, rule: Rule, before: Instance, seen: Observation, tick: Tick
    ) -> None:
        self.rule = rule
        self.before = before
        self.seen = seen
        self.tick = tick
        self.after = replace(before, batch=tick.batch)
        self.events: list[Event] = []

    # ---------- nothing is known

    def cover(self, state: State) -> None:
        """Hold what was known: a silent store neither fires nor recovers."""
        is_new = self.before.cover is not state
        self._set(cover=state, is_resting=False, note=self.seen.note)
        if is_new and self.before.base is not State.OK:
            self._tell(Happening.COVERED)

    def rest(self) -> None:
        """A closed store is not judged; a breach that has not fired is forgotten."""
        is_new = not self.before.is_resting
        self._set(is_resting=True, cover=None)
        if self.before.base is State.PENDING:
            self._begin(State.OK)
            self._tell(Happening.DROPPED)
        elif is_new and self.before.is_active:
            self._tell(Happening.RESTING)

    def end(self) -> None:
        """The scope is gone: nobody recovered, there is only nothing left to judge."""
        was = self.before.base
        self._set(cover=None, is_resting=False, note=self.seen.note)
        self._begin(State.OK)
        if was is not State.OK:
            self._tell(Happening.ENDED)

    def uncover(self) -> None:
        """Data are there again; what was held goes on."""
        was_covered = self.before.cover is not None
        self._set(cover=None, is_resting=False, note=self.seen.note)
        seen = self.seen
        if seen.seen is not Seen.FEW:
            self._set(line=seen.line, target=seen.target, lines_from=seen.lines_from)
        self._set(value=seen.value, n=seen.n)
        if was_covered and self.before.base is not State.OK:
            self._tell(Happening.RETURNED)

    # ---------- something is known

    def judge(self) -> None:
        """Go on from the base state by what was seen."""
        {
            State.OK: self._from_ok,
            State.PENDING: self._from_pending,
            State.FIRING: self._from_firing,
            State.RECOVERING: self._from_recovering,
        }[self.after.base]()

    def _from_ok(self) -> None:
        if self.seen.seen is not Seen.BREACH:
            return
        self._begin(State.PENDING)
        self._set(breaches=1, breached_at=self.tick.now)
        if self._is_held():
            self._fire()
        else:
            self._tell(Happening.PENDING)

    def _from_pending(self) -> None:
        if self.seen.seen is Seen.CLEAR:
            self._begin(State.OK)
            self._tell(Happening.DROPPED)
        elif self.seen.seen is Seen.BREACH:
            self._set(breaches=self.after.breaches + 1, breached_at=self.tick.now)
            if self._is_held():
                self._fire()

    def _from_firing(self) -> None:
        if self.seen.seen is Seen.CLEAR:
            self._begin(State.RECOVERING)
            self._set(clear_since=self.tick.now)
            if self._is_kept():
                self._recover()
            else:
                self._tell(Happening.RECOVERING)
            return
        if self.seen.seen is Seen.BREACH:
            self._set(breached_at=self.tick.now)
            self._note_peak()
        self._realarm()

    def _from_recovering(self) -> None:
        if self.seen.seen is Seen.BREACH:
            self._begin(State.FIRING)
            self._set(clear_since=None, breached_at=self.tick.now)
            self._note_peak()
            self._tell(Happening.RELAPSED)
        elif self.seen.seen is Seen.CLEAR and self._is_kept():
            self._recover()

    # ---------- transitions

    def _fire(self) -> None:
        self._begin(State.FIRING)
        self._set(
            fired_at=self.tick.now,
            alarmed_at=self.tick.now,
            clear_since=None,
            episode=self.after.episode + 1,
            peak=self.seen.value,
            is_acknowledged=False,
        )
        self._tell(Happening.FIRED)

    def _recover(self) -> None:
        self._begin(State.OK)
        self._set(breaches=0, clear_since=None)
        self._tell(Happening.RECOVERED)

    def _realarm(self) -> None:
        every, said = self.rule.timing.realarm, self.after.alarmed_at
        if every is None or said is None or self.after.is_acknowledged:
            return
        until = self.after.silenced_until
        if until is not None and self.tick.now < until:
            return
        # What a silence has swallowed is said as soon as it ends.
        just_unsilenced = until is not None and said < until
        if just_unsilenced or self.tick.now - said >= every:
            self._set(alarmed_at=self.tick.now)
            self._tell(Happening.REALARMED)

    def _is_held(self) -> bool:
        timing = self.rule.timing
        began = self.after.since or self.tick.now
        return (
            self.tick.now - began >= timing.hold
            and self.after.breaches >= timing.evaluations
        )

    def _is_kept(self) -> bool:
        timing = self.rule.timing
        if timing.until_next_month:
            breached = self.after.breached_at or self.tick.now
            return self._month(self.tick.now) != self._month(breached)
        began = self.after.clear_since or self.tick.now
        return self.tick.now - began >= timing.keep

    def _month(self, moment: datetime) -> tuple[int, int]:
        local = moment.astimezone(ZoneInfo(self.tick.zone))
        return local.year, local.month

    def _note_peak(self) -> None:
        value, peak, target = self.seen.value, self.after.peak, self.seen.target
        if value is None:
            return
        reach = target if target is not None else 0.0
        if peak is None or abs(value - reach) > abs(peak - reach):
            self._set(peak=value)

    def _begin(self, state: State) -> None:
        self._set(base=state, since=self.tick.now)

    def _set(self, **changes: object) -> None:
        self.after = replace(self.after, **changes)

    def _tell(self, kind: Happening) -> None:
        after = self.after
        self.events.append(
            Event(
                key=after.key,
                kind=kind,
                episode=after.episode,
                at=self.tick.now,
                batch=self.tick.batch,
                before=self.before.state,
                after=after.state,
                value=self.seen.value,
                n=self.seen.n,
                line=after.line,
                lines_from=after.lines_from,
                note=self.seen.note,
            )
        )
