"""Moments and days as people write them on a command line or in an address."""

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
