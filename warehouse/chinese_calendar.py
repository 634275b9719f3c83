"""Chinese holidays and make-up workdays, and the same period of the year before.

Days off and make-up workdays are those that the State Council announced for 2018 to
2026 (国务院办公厅关于部分节假日安排的通知, collected by NateScarlet/holiday-cn, MIT).
For other years only what the law fixes by date is known, and the days around Spring
Festival; `is_announced` tells them apart.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from warehouse.text import Text


class DayKind(StrEnum):
    """What a calendar day is to those who work."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    """A weekend day that is worked for a holiday."""


_NAMES = {
    "newyear": Text("元旦", "New Year"),
    "spring": Text("春节", "Spring Festival"),
    "qingming": Text("清明节", "Qingming"),
    "labour": Text("劳动节", "Labour Day"),
    "dragon": Text("端午节", "Dragon Boat Festival"),
    "autumn": Text("中秋节", "Mid-Autumn Festival"),
    "national": Text("国庆节", "National Day"),
}

_OFF = {
    "newyear": "20180101+1 20181230+3 20200101+1 20210101+3 20220101+3 20221231+3 "
    "20240101+1 20250101+1 20260101+3",
    "spring": "20180215+7 20190204+7 20200124+10 20210211+7 20220131+7 20230121+7 "
    "20240210+8 20250128+8 20260215+9",
    "qingming": "20180405+3 20190405+1 20200404+3 20210403+3 20220403+3 20230405+1 "
    "20240404+3 20250404+3 20260404+3",
    "labour": "20180429+3 20190501+4 20200501+5 20210501+5 20220430+5 20230429+5 "
    "20240501+5 20250501+5 20260501+5",
    "dragon": "20180618+1 20190607+1 20200625+3 20210612+3 20220603+3 20230622+3 "
    "20240610+1 20250531+3 20260619+3",
    "autumn": "20180924+1 20190913+1 20210919+3 20220910+3 20240915+3 20260925+3",
    "national": "20181001+7 20191001+7 20201001+8 20211001+7 20221001+7 20230929+8 "
    "20241001+7 20251001+8 20261001+7",
}
"""First day and number of days off of each holiday, year by year."""

_MAKEUP = (
    "20180211 20180224 20180408 20180428 20180929 20180930 20181229 20190202 20190203 "
    "20190428 20190505 20190929 20191012 20200119 20200203 20200426 20200509 20200628 "
    "20200927 20201010 20210207 20210220 20210425 20210508 20210918 20210926 20211009 "
    "20220129 20220130 20220402 20220424 20220507 20221008 20221009 20230128 20230129 "
    "20230423 20230506 20230625 20231007 20231008 20240204 20240218 20240407 20240428 "
    "20240511 20240914 20240929 20241012 20250126 20250208 20250427 20250928 20251011 "
    "20260104 20260214 20260228 20260509 20260920 20261010"
)

_FIRST_YEAR, _LAST_YEAR = 2018, 2026

_NEW_YEARS = (
    "20160208 20170128 20180216 20190205 20200125 20210212 20220201 20230122 20240210 "
    "20250129 20260217 20270206 20280126 20290213 20300203 20310123 20320211 20330131 "
    "20340219 20350208"
)
"""First days of the lunar year, 2016 to 2035."""

_FIXED = {(1, 1): "newyear", (5, 1): "labour", (5, 2): "labour"} | {
    (10, n): "national" for n in (1, 2, 3)
}

ZONE = timedelta(days=14)
"""So far before and after Spring Festival its rush and its dip reach."""


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


_FESTIVALS = {_day(text).year: _day(text) for text in _NEW_YEARS.split()}

_MADE_UP = frozenset(map(_day, _MAKEUP.split()))


def _announced() -> dict[date, str]:
    found = {}
    for name, runs in _OFF.items():
        for run in runs.split():
            first, _, length = run.partition("+")
            for number in range(int(length)):
                found[_day(first) + timedelta(days=number)] = name
    return found


_HOLIDAYS = _announced()


def is_announced(year: int) -> bool:
    """Tell whether the days off of *year* are those that were announced."""
    return _FIRST_YEAR <= year <= _LAST_YEAR


def spring_festival(year: int) -> date | None:
    """Return the first day of the lunar year that begins in *year*, 2016 to 2035."""
    return _FESTIVALS.get(year)


def holiday(day: date) -> Text | None:
    """Return the name of the holiday that *day* is off for."""
    name = _HOLIDAYS.get(day)
    if name is None and not is_announced(day.year):
        festival = spring_festival(day.year)
        is_spring = festival is not None and -1 <= (day - festival).days <= 2
        name = "spring" if is_spring else _FIXED.get((day.month, day.day))
    return _NAMES[name] if name else None


def kind(day: date) -> DayKind:
    """Return what *day* is to those who work."""
    if holiday(day) is not None:
        return DayKind.HOLIDAY
    if day in _MADE_UP:
        return DayKind.MAKEUP
    return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY


def is_working_day(day: date) -> bool:
    """Tell whether offices work on *day*."""
    return kind(day) in {DayKind.WORKDAY, DayKind.MAKEUP}


def working_days(start: date, end: date) -> int:
    """Return the working days of the half-open `[start, end)`."""
    return sum(map(is_working_day, _days(start, end)))


@dataclass(frozen=True, slots=True)
class Aligned:
    """The period of the year before that a period is compared with.

    *is_festival* tells that it was moved with Spring Festival, not with the calendar.
    """

    start: date
    end: date
    is_festival: bool = False


@cache
def a_year_before(start: date, end: date) -> Aligned:
    """Return the days of the year before that are like `[start, end)`.

    Whole months are compared with the same months, other periods with the same
    weekdays 52 weeks before. Where that would set days of a holiday, or of the weeks
    around Spring Festival, against ordinary ones, the period moves to the same dates
    or with the festival, whichever is nearest in such days.
    """
    choices = _choices(start, end)
    return min(choices, key=lambda one: _mismatch((start, end), one))


def _choices(start: date, end: date) -> list[Aligned]:
    weeks = timedelta(days=364)
    same_dates = Aligned(_same_date(start), _same_date(end))
    if same_dates.end - same_dates.start != end - start:
        same_dates = Aligned(same_dates.start, same_dates.start + (end - start))
    choices = [Aligned(start - weeks, end - weeks), same_dates]
    if start.day == end.day == 1:
        choices.insert(0, Aligned(_same_date(start), _same_date(end)))
    for year in (start.year, end.year):
        here, there = spring_festival(year), spring_festival(year - 1)
        if here and there:
            shift = here - there
            choices.append(Aligned(start - shift, end - shift, is_festival=True))
    return choices


def _same_date(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def _mismatch(now: tuple[date, date], then: Aligned) -> tuple[int, int]:
    """Return how many days near the festival, and days off, have no counterpart."""
    near, off = _special(*now)
    near_then, off_then = _special(then.start, then.end)
    return abs(near - near_then), abs(off - off_then)


@cache
def _special(start: date, end: date) -> tuple[int, int]:
    """Return the days around Spring Festival, and the other days off, of a period."""
    near = sum(map(_is_near_festival, _days(start, end)))
    off = sum(
        kind(day) is DayKind.HOLIDAY and not _is_near_festival(day)
        for day in _days(start, end)
    )
    return near, off


def _is_near_festival(day: date) -> bool:
    festival = spring_festival(day.year)
    return festival is not None and abs(day - festival) <= ZONE


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days)]


__all__ = [
    "Aligned",
    "DayKind",
    "a_year_before",
    "holiday",
    "is_announced",
    "is_working_day",
    "kind",
    "spring_festival",
    "working_days",
]
