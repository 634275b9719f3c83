"""Days, seconds and holidays of the demo network.

A day is a number (days since 1970-01-01), a moment is a number of seconds of local
time since then: Asia/Shanghai has had one offset for decades, so no zone is needed.
"""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

EPOCH = date(1970, 1, 1)
SHANGHAI = timezone(timedelta(hours=8))
DAY = 86_400
HOUR = 3_600
MINUTE = 60
NEVER = 2**62  # a moment that no clock reaches; written as an empty field

SPRING_FESTIVAL = (
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
)


def day_number(day: date) -> int:
    """Days between 1970-01-01 and *day*."""
    return (day - EPOCH).days


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=int(day))


def local_seconds(moment: datetime) -> int:
    """Seconds of Shanghai local time; a moment without an offset is local already."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(SHANGHAI).replace(tzinfo=None)
    return int((moment - datetime(1970, 1, 1)) // timedelta(seconds=1))  # noqa: DTZ001


def utc_stamp(second: int) -> str:
    """Compact UTC time of a local second, fit for a folder name."""
    moment = datetime.fromtimestamp(second, UTC) - timedelta(hours=8)
    return moment.strftime("%Y%m%dT%H%M%SZ")


def local_iso(second: int) -> str:
    """ISO time with the offset of Shanghai."""
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=SHANGHAI).isoformat()


def months_before(day: date, months: int) -> date:
    """Go back *months* months, to the same day of the month or its last day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def month_starts(first: int, last: int) -> list[int]:
    """Day numbers of the firsts of months in ``(first, last)``."""
    days = np.arange(first + 1, last)
    months = (
        days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    )
    return [int(d) for d in days[months.astype(np.int64) == days]]


def festival_distance(days: np.ndarray) -> np.ndarray:
    """Days since the nearest Spring Festival (negative before it)."""
    starts = np.array([day_number(d) for d in SPRING_FESTIVAL])
    gaps = days[:, None] - starts[None, :]
    return gaps[np.arange(len(days)), np.abs(gaps).argmin(axis=1)]


def holiday_note(days: np.ndarray) -> np.ndarray:
    """Index into HOLIDAYS for each day, 0 for an ordinary one."""
    gap = festival_distance(days)
    month, dom = month_and_day(days)
    note = np.where((gap >= -1) & (gap <= 6), 1, 0)
    note = np.where((month == 10) & (dom <= 7), 2, note)
    return np.where((month == 5) & (dom <= 5), 3, note)


HOLIDAYS = ("", "春节", "国庆节", "劳动节")


def month_and_day(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Month (1-12) and day of the month."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return (
        months.astype(np.int64) % 12 + 1,
        (dates - months.astype("datetime64[D]")).astype(np.int64) + 1,
    )


def season(days: np.ndarray) -> np.ndarray:
    """Demand of a day against a plain one: season, holidays, weekday and growth."""
    month, _ = month_and_day(days)
    factor = np.array(
        [1.02, 0.94, 0.97, 0.97, 1.0, 1.05, 1.11, 1.12, 1.02, 0.98, 1.0, 1.04]
    )[month - 1]
    gap = festival_distance(days)
    factor = np.where((gap >= -15) & (gap <= -4), factor * 1.22, factor)
    factor = np.where((gap >= -3) & (gap <= 3), factor * 0.35, factor)
    factor = np.where((gap >= 4) & (gap <= 8), factor * 0.65, factor)
    note = holiday_note(days)
    factor = np.where(note >= 2, factor * 0.85, factor)
    ahead = holiday_note(days + 4)
    factor = np.where((ahead >= 2) & (note == 0), factor * 1.12, factor)
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    factor = factor * np.array([0.98, 0.92, 0.93, 0.95, 1.03, 1.15, 1.04])[weekday]
    years = (days - day_number(date(2026, 1, 1))) / 365.25
    return factor * np.clip(1 + 0.11 * years, 0.6, 1.3)
