"""The Chinese calendar: days off, make-up workdays, and what a year before means."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse import chinese_calendar as cal
from warehouse.chinese_calendar import DayKind

ANNOUNCED = Path(__file__).parents[2] / "shared" / "data" / "25_china_holidays"

STARTS = st.dates(date(2019, 1, 1), date(2026, 11, 30))

LENGTHS = st.integers(1, 120)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 17), DayKind.HOLIDAY),
        (date(2026, 2, 14), DayKind.MAKEUP),
        (date(2026, 2, 28), DayKind.MAKEUP),
        (date(2026, 3, 1), DayKind.WEEKEND),
        (date(2026, 3, 2), DayKind.WORKDAY),
        (date(2030, 10, 1), DayKind.HOLIDAY),
        (date(2030, 2, 3), DayKind.HOLIDAY),
    ],
)
def test_a_day_has_its_kind(day, kind):
    """Spring Festival of 2026: nine days off, two Saturdays worked for them."""
    assert cal.kind(day) is kind


def test_a_holiday_has_its_name():
    """In both languages."""
    assert cal.holiday(date(2025, 10, 6)).zh == "国庆节"
    assert cal.holiday(date(2025, 10, 9)) is None


@pytest.mark.skipif(not ANNOUNCED.exists(), reason="the announcements are not here")
def test_every_announced_day_is_known():
    """Each year's announcement, day by day."""
    for file in sorted(ANNOUNCED.glob("20*.json")):
        for told in json.loads(file.read_text(encoding="utf-8"))["days"]:
            day = date.fromisoformat(told["date"])
            off = DayKind.HOLIDAY if told["isOffDay"] else DayKind.MAKEUP
            assert cal.kind(day) is off, day


def test_working_days_are_counted_by_hand():
    """February 2026: 20 weekdays, less 6 off (16 to 20 and 23), plus two Saturdays."""
    assert cal.working_days(date(2026, 2, 1), date(2026, 3, 1)) == 20 - 6 + 2
    assert cal.working_days(date(2026, 11, 2), date(2026, 11, 9)) == 5
    assert cal.working_days(date(2026, 11, 2), date(2026, 11, 2)) == 0


@given(STARTS, LENGTHS, st.integers(0, 120))
def test_working_days_add_up(start, length, cut):
    """However a period is cut in two."""
    end = start + timedelta(days=length)
    middle = min(end, start + timedelta(days=cut))
    parts = cal.working_days(start, middle) + cal.working_days(middle, end)

    assert cal.working_days(start, end) == parts


@pytest.mark.parametrize(
    ("start", "end", "then", "is_festival"),
    [
        # Seven days before the festival, 384 days apart in 2025 and 2026.
        (date(2026, 2, 10), date(2026, 2, 17), date(2025, 1, 22), True),
        # February 2026 holds the festival, February 2025 does not.
        (date(2026, 2, 1), date(2026, 3, 1), date(2025, 1, 13), True),
        # The first quarters hold it both.
        (date(2026, 1, 1), date(2026, 4, 1), date(2025, 1, 1), False),
        # An ordinary Friday against a Friday.
        (date(2026, 11, 20), date(2026, 11, 21), date(2025, 11, 21), False),
        # A whole month against the same month.
        (date(2026, 7, 1), date(2026, 8, 1), date(2025, 7, 1), False),
        # 52 weeks before 30 September was National Day.
        (date(2026, 9, 30), date(2026, 10, 1), date(2025, 9, 30), False),
    ],
)
def test_the_year_before_is_found_by_hand(start, end, then, is_festival):
    """Same weekdays, same months, or the same days around the festival."""
    found = cal.a_year_before(start, end)

    assert (found.start, found.is_festival) == (then, is_festival)


def near(start, end):
    """Return the days within two weeks of a Spring Festival."""
    days = (start + timedelta(days=n) for n in range((end - start).days))
    festivals = [cal.spring_festival(year) for year in range(2018, 2029)]
    return sum(any(abs(day - f) <= cal.ZONE for f in festivals) for day in days)


@given(STARTS, LENGTHS)
def test_a_festival_is_compared_with_a_festival(start, length):
    """As many days near it then as now, whichever month it fell into."""
    end = start + timedelta(days=length)
    then = cal.a_year_before(start, end)
    plain = timedelta(days=364)

    assert abs(near(then.start, then.end) - near(start, end)) <= abs(
        near(start - plain, end - plain) - near(start, end)
    )


@given(STARTS, LENGTHS)
def test_the_year_before_is_as_long_and_about_a_year_before(start, length):
    """Whole months keep their calendar length, everything else its own."""
    end = start + timedelta(days=length)
    then = cal.a_year_before(start, end)
    is_months = start.day == end.day == 1

    assert then.end - then.start == end - start or is_months
    assert 350 <= (start - then.start).days <= 390


@given(st.dates(date(2019, 4, 15), date(2026, 9, 1)), st.integers(1, 10))
def test_ordinary_days_meet_the_same_weekdays(start, length):
    """Without a holiday in sight a week is compared with a week."""
    end = start + timedelta(days=length)
    plain = timedelta(days=364)
    dull = all(
        cal.holiday(day) is None and near(day, day + timedelta(days=1)) == 0
        for first in (start, start - plain)
        for day in (first + timedelta(days=n) for n in range(length))
    )
    then = cal.a_year_before(start, end)

    if dull and not start.day == end.day == 1:
        assert then.start.weekday() == start.weekday()
        assert not then.is_festival
