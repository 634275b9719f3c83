"""Moments and days: as people write them, as databases keep them, as stores live them.

Databases keep moments in UTC without saying so (naive); everything else is aware.
"""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from warehouse.errors import QuestionError


def parse_moment(text: str, zone: str) -> datetime:
    """Return a moment in UTC; without an offset it is local time of *zone*.

    A date alone means the end of that day: all of it is known then.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise QuestionError(
            f"{text!r} is no moment; write 2026-01-31T08:30 or 2026-01-31"
        ) from None
    if len(text.strip()) == len("2026-01-31"):
        moment += timedelta(days=1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(timezone.utc)


def parse_day(text: str) -> date:
    """Return a calendar day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise QuestionError(f"{text!r} is no day; write 2026-01-31") from None


def naive(moment: datetime) -> datetime:
    """Return a moment as databases keep it; a naive one is taken to be so already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """Return a moment that a database kept, with its zone."""
    return moment.replace(tzinfo=timezone.utc)


def day_in(zone: ZoneInfo, moment: datetime) -> date:
    """Return the local day of a moment that a database kept."""
    return aware(moment).astimezone(zone).date()


def day_that_ends(zone: ZoneInfo, moment: datetime) -> date:
    """Return the local day that a moment is about; at midnight it is the one before.

    A bare date is the midnight that ends it, and of the next day there is nothing yet.
    """
    return day_in(zone, moment - timedelta(microseconds=1))


def day_began(zone: ZoneInfo, day: date) -> datetime:
    """Return when a local day began, as databases keep it."""
    return naive(datetime(day.year, day.month, day.day, tzinfo=zone))
