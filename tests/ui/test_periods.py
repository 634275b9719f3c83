"""Periods: what an address may name, which days that are, what they are called."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks import questions
from pages._ui import periods
from pages._ui.address import View
from tests.ui.readings import ARRIVED, AS_OF, FTFR, reading
from tests.ui.records import make_stores

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026Q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 16)),
        ("2026-10-05..2026-10-05", date(2026, 10, 5), date(2026, 10, 6)),
    ],
)
def test_a_named_period_is_its_days(text, start, end):
    """Months, quarters, and one's own first and last day."""
    assert periods.named(text) == periods.Named(start, end)
    assert View.read(f"?period={text}", make_stores(1), ())[0].period == text


@pytest.mark.parametrize(
    "text",
    [
        *("2026-13", "2026-1", "1999-10", "2026Q5", "2026-10-01"),
        *("2026-10-15..2026-10-01", "2026-02-30..2026-03-01", "custom", "٢٠٢٦-10"),
        *("2020-01-01..2026-01-01", "2026-10-01..2026-10-15..2026-10-20"),
    ],
)
def test_what_is_no_period_is_ignored_and_named(text):
    """Impossible days, a range the wrong way round, one too long."""
    view, ignored = View.read(f"?period={text}", make_stores(1), ())

    assert view.period == "default"
    assert ignored == (("period", text),)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-10", "2026年10月(已结束)", "Oct 2026 (closed)"),
        ("2026-11", "2026年11月(未结束)", "Nov 2026 (running)"),
        ("2026Q3", "2026年第3季度(已结束)", "Q3 2026 (closed)"),
        ("7d", "近 7 天", "7 days"),
        ("2026-10-01..2026-10-15", "10月1日–10月15日(已结束)", None),
    ],
)
def test_a_period_has_a_name_and_says_whether_it_is_over(text, zh, en):
    """In both languages."""
    assert periods.label(text, TODAY, "zh") == zh
    assert en is None or periods.label(text, TODAY, "en") == en


def test_months_and_quarters_are_offered_newest_first():
    """The one that still runs, and those before it."""
    offered = periods.offered(TODAY)

    assert offered[:5] == list(periods.STANDARD)
    assert offered[5:8] == ["2026-11", "2026-10", "2026-09"]
    assert offered[-5:] == ["2026Q4", "2026Q3", "2026Q2", "2026Q1", "2025Q4"]
    assert all(periods.is_legal(one) for one in offered)


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_whatever_day_it_is_what_is_offered_can_be_read(today):
    """No month 13, and every label in both languages."""
    for one in periods.offered(today):
        assert periods.is_legal(one)
        assert periods.label(one, today, "zh")
        assert periods.label(one, today, "en")


def test_a_month_is_compared_with_the_month_before():
    """October with its 31 days against September with its 30."""
    month = reading(
        FTFR, 0.9, period_start=date(2026, 10, 1), period_end=date(2026, 11, 1)
    )
    asked = questions.before(View(period="2026-10"), month, AS_OF, TODAY)

    assert (asked.start, asked.end) == (date(2026, 9, 1), date(2026, 10, 1))


def test_a_month_that_runs_is_compared_up_to_the_same_day():
    """21 days of November with 21 days of October."""
    month = reading(
        ARRIVED, 900, period_start=date(2026, 11, 1), period_end=date(2026, 12, 1)
    )
    asked = questions.before(View(period="2026-11"), month, AS_OF, TODAY)

    assert asked.as_of == AS_OF - timedelta(days=31)


def test_the_year_before_is_cut_at_the_same_hour():
    """A morning against the morning 52 weeks ago."""
    day = reading(ARRIVED, 9, period_start=TODAY, period_end=TODAY + timedelta(days=1))
    asked, aligned = questions.year_before(View(), day, AS_OF, TODAY)

    assert aligned.start == date(2025, 11, 22)
    assert asked.as_of == AS_OF - timedelta(days=364)


def test_a_chosen_month_is_in_the_picture():
    """The trend ends with the chosen days and shows what led up to them."""
    asked = questions.trend(View(period="2026-03"), FTFR, "week", TODAY)

    assert asked.end == date(2026, 4, 1)
    assert asked.start < date(2026, 3, 1)
