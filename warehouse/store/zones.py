"""Local time to UTC and back, in SQL, cheaply where the zone allows it.

Converting through the time zone database costs a calendar look-up for each value.
Most of our rows stand in one zone whose offset has been the same for decades
(Asia/Shanghai since 1991): there, adding hours gives the same result.
"""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from warehouse.store.names import literal

FIXED_SINCE = datetime(1992, 1, 1)  # noqa: DTZ001  (compared with local times)
_FIXED_UNTIL_YEAR = 2200


@cache
def fixed_offset(zone: str) -> timedelta | None:
    """Return a zone's offset if it is the same on every day of our range, else None."""
    info = ZoneInfo(zone)
    moment, offsets = FIXED_SINCE, set()
    # Rules change at most a few times a year; every tenth day finds each of them.
    while moment.year < _FIXED_UNTIL_YEAR:
        offsets.add(moment.replace(tzinfo=info).utcoffset())
        if len(offsets) > 1:
            return None
        moment += timedelta(days=10)
    return offsets.pop()


def to_utc(local: str, zone: str | None, column: str = "_zone") -> str:
    """Return the SQL of a local time in UTC; *zone* None reads *column*."""
    general = f"timezone('UTC', timezone({_name(zone, column)}, {local}))"
    return _shifted(local, general, zone, "-")


def to_local(moment: str, zone: str | None, column: str = "_zone") -> str:
    """Return the SQL of a UTC time in local time."""
    general = f"timezone({_name(zone, column)}, timezone('UTC', {moment}))"
    return _shifted(moment, general, zone, "+")


def _name(zone: str | None, column: str) -> str:
    return column if zone is None else literal(zone)


def _shifted(value: str, general: str, zone: str | None, sign: str) -> str:
    offset = fixed_offset(zone) if zone is not None else None
    if offset is None:
        return general
    shift = f"{value} {sign} interval {int(offset.total_seconds())} second"
    return (
        f"(case when {value} >= timestamp '{FIXED_SINCE:%Y-%m-%d}' + interval 2 day "
        f"then {shift} else {general} end)"
    )
