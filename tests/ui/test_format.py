"""Numbers, dates and ages as readers see them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pages._ui import format as fmt
from tests.ui.readings import ARRIVED, FTFR, NPS, WAIT
from warehouse.metrics.metric import Unit


@pytest.mark.parametrize(
    ("metric", "number", "zh", "en"),
    [
        (FTFR, 0.8434, "84.3%", "84.3%"),
        (FTFR, 1.0, "100.0%", "100.0%"),
        (WAIT, 42.4, "42 分钟", "42 min"),
        (NPS, 52.0, "+52.0", "+52.0"),
        (NPS, -3.25, "−3.2", "−3.2"),
        (NPS, 0.0, "0.0", "0.0"),
        (ARRIVED, 9_999, "9,999", "9,999"),
        (ARRIVED, 12_345, "1.2万", "12.3K"),
        (ARRIVED, 320_000_000, "3.2亿", "320.0M"),
        (ARRIVED, 0, "0", "0"),
    ],
)
def test_a_value_is_written_in_its_unit(metric, number, zh, en):
    """Shares in percent with one decimal, promoter scores signed, 万/亿 and K/M."""
    assert str(fmt.of(metric, number, "zh")) == zh
    assert str(fmt.of(metric, number, "en")) == en


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf")])
def test_what_is_missing_is_a_dash(nothing):
    """Neither nan nor inf nor 0 reaches a reader, and the mark is empty."""
    assert str(fmt.of(FTFR, nothing, "zh")) == fmt.MISSING
    assert str(fmt.difference(nothing, Unit.SHARE, "zh")) == fmt.MISSING
    assert fmt.raw(nothing) == ""


def test_the_mark_is_not_rounded():
    """data-value carries all digits."""
    assert fmt.raw(1 / 3) == "0.3333333333333333"


def test_the_difference_of_shares_is_in_points():
    """80 % against 90 % is ten points less, not eleven percent less."""
    assert str(fmt.difference(-0.1, Unit.SHARE, "zh")) == "−10.0 百分点"
    assert str(fmt.difference(-0.1, Unit.SHARE, "en")) == "−10.0 pp"
    assert str(fmt.difference(+3, Unit.MINUTES, "en")) == "+3 min"


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    """Neither "+0.0" nor "−0.0"."""
    assert str(fmt.difference(0.0001, Unit.SHARE, "en")) == "0.0 pp"
    assert str(fmt.difference(-0.0001, Unit.SHARE, "en")) == "0.0 pp"


def test_a_period_shows_its_first_and_last_day():
    """The end is not part of a half-open period."""
    start, end = date(2026, 11, 14), date(2026, 11, 21)

    assert fmt.period(start, end, "zh") == "11月14日–11月20日"
    assert fmt.period(start, end, "en") == "14 Nov – 20 Nov"
    assert fmt.period(start, start + timedelta(days=1), "en") == "14 Nov"
    assert fmt.period(date(2025, 12, 1), end, "zh") == "2025年12月1日–2026年11月20日"


def test_moments_are_shown_in_the_zone_of_the_stores():
    """02:15 UTC is 10:15 in Shanghai; another day says which."""
    now = datetime(2026, 11, 21, 2, 15, tzinfo=UTC)
    before = now - timedelta(hours=12)

    assert fmt.clock(now, "Asia/Shanghai", now, "zh") == "10:15"
    assert fmt.clock(before, "Asia/Shanghai", now, "en") == "20 Nov 22:15"
    assert fmt.clock(None, "Asia/Shanghai", now, "en") == fmt.MISSING
    assert fmt.stamp(now) == "2026-11-21T02:15:00Z"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(seconds=-5), "0 min"),
        (None, "—"),
    ],
)
def test_an_age_has_one_unit(span, shown):
    """The largest that is still exact enough to act on."""
    assert fmt.age(span, "en") == shown


def test_every_unit_of_the_catalogue_can_be_written():
    """A new unit without wording would break a tile."""
    for unit in Unit:
        assert str(fmt.value(1.5, unit, "zh"))
        assert str(fmt.difference(-1.5, unit, "en"))
