"""What the screens of the stores say to the rule about them: how many are not right.

No name, no address of a screen: those are on `/admin`, for who may manage it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from warehouse.access.devices import DARK_AFTER, Device, DeviceState
from warehouse.alerts.alert import Key, Level, Observation, Scope, Seen
from warehouse.alerts.rounds import Round
from warehouse.alerts.rules import SCREENS

OF_THE_MOMENT = timedelta(minutes=30)


def is_of_the_moment(as_of: datetime, now: datetime) -> bool:
    """Whether a batch is about now: an older one knows no opening hours of now.

    Screens live by the clock, also while a batch of last week is loaded again.
    """
    return abs(now - as_of) <= OF_THE_MOMENT


def with_screens(
    heard: Round,
    devices: Iterable[Device],
    current: Collection[str],
    now: datetime,
    *,
    newest: str | None,
) -> Round:
    """Return *heard* with the screens of each store.

    Who shows one of *current* is not behind: the batch that is being judged, which no
    screen can have painted yet, and the one before it. *newest* None tells that nothing
    was published before: then there is nothing to be behind of.
    """
    screens: dict[str, list[bool]] = {}
    for device in devices:
        if device.revoked_at is None:
            is_right = _is_right(device, current, newest, now)
            screens.setdefault(device.store_id, []).append(is_right)
    found = {
        Key(SCREENS.id, Scope(Level.STORE, store_id)): Observation(
            seen=Seen.CLEAR if all(right) else Seen.BREACH,
            value=float(right.count(False)),
            n=len(right),
        )
        for store_id, right in screens.items()
    }
    return replace(
        heard,
        observations={**heard.observations, **found},
        judged=heard.judged | {SCREENS.id},
    )


def _is_right(
    device: Device, current: Collection[str], newest: str | None, now: datetime
) -> bool:
    shown = device.shown.batch
    is_current = newest is None or shown in current
    state = device.state(now, shown if is_current else newest)
    if state is DeviceState.NEVER:
        return now - device.created_at <= DARK_AFTER
    return state is DeviceState.OK
