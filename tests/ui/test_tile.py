"""The KPI tile: its marks, its words, its honesty."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from pages._ui.kpi_tile import kpi_tile
from pages._ui.sparkline import svg
from tests.ui.readings import ARRIVED, AS_OF, FTFR, WAIT, reading, tile
from warehouse.chinese_calendar import Aligned, working_days
from warehouse.metrics.metric import Status
from warehouse.metrics.standing import Gap, Standing
from warehouse.records import Freshness
from warehouse.restatement import Restated


def words(component: Any) -> Iterator[str]:
    """Yield every text of a component tree, in reading order."""
    if isinstance(component, str):
        yield component
    elif isinstance(component, list | tuple):
        for one in component:
            yield from words(one)
    elif component is not None and not isinstance(component, int | float):
        yield from words(getattr(component, "children", None))


def text(component: Any) -> str:
    """Return all texts in one line."""
    return " ".join(words(component))


def marks(component: Any) -> dict[str, str]:
    """Return the data attributes."""
    given = component.to_plotly_json()["props"]
    return {k: v for k, v in given.items() if k.startswith("data-")}


def test_a_tile_carries_its_marks():
    """Metric, state, unrounded value, watermark and batch, for people's scripts."""
    shown = kpi_tile(tile(reading(value=0.84321)), "zh")

    assert marks(shown) == {
        "data-metric": "ftfr_30d",
        "data-status": "red",
        "data-value": "0.84321",
        "data-as-of": "2026-11-21T02:15:00Z",
        "data-batch": "b1",
    }


@pytest.mark.parametrize(
    ("given", "state", "word"),
    [
        (tile(reading(status=Status.GREEN)), "green", "正常"),
        (tile(reading(status=Status.AMBER)), "amber", "关注"),
        (tile(reading(status=Status.RED)), "red", "超标"),
        (tile(reading(status=Status.GREY)), "grey", "样本不足"),
        (tile(reading(), freshness=Freshness.STALE), "stale", "过期"),
        (tile(reading(value=None)), "nodata", "无数据"),
        (tile(None), "nodata", "无数据"),
        (tile(None, error="no such mart"), "error", "错误"),
        (tile(reading(status=Status.NONE)), "grey", "无红线"),
    ],
)
def test_a_state_is_an_attribute_and_a_word(given, state, word):
    """Seven states; a value without lines is grey and says that it has none."""
    shown = kpi_tile(given, "zh")

    assert marks(shown)["data-status"] == state
    assert word in text(shown)


def test_stale_data_are_neither_red_nor_green():
    """Past the limit of its source, a tile says so instead of judging."""
    for status in (Status.RED, Status.GREEN):
        shown = kpi_tile(tile(reading(status=status), freshness=Freshness.STALE), "en")
        assert marks(shown)["data-status"] == "stale"


def test_no_denominator_is_no_zero():
    """A dash to the reader, an empty mark to the script."""
    shown = kpi_tile(tile(reading(value=None, n=0)), "en")

    assert marks(shown)["data-value"] == ""
    assert "—" in text(shown)
    assert "nan" not in text(shown)


def test_the_distance_is_in_points_and_the_change_too():
    """80 % against a target of 90 % and 82 % before."""
    now, before = reading(value=0.8), reading(value=0.82)
    shown = text(kpi_tile(tile(now, previous=before), "zh"))

    assert "目标 ≥ 90.0%" in shown
    assert "−10.0 百分点" in shown
    assert "−2.0 百分点" in shown


def test_this_morning_is_compared_with_yesterday_morning():
    """An earlier as-of over one day is called what it is."""
    day = {"period_start": AS_OF.date(), "period_end": AS_OF.date() + timedelta(1)}
    before = reading(value=0.82, as_of=AS_OF - timedelta(days=1), **day)
    shown = text(kpi_tile(tile(reading(value=0.8, **day), previous=before), "zh"))

    assert "较昨日同时" in shown


def test_the_division_is_on_demand():
    """Numerator, denominator, interval, period and version are in the fold-out."""
    shown = text(kpi_tile(tile(reading(value=0.8, ci_low=0.67, ci_high=0.89)), "en"))

    for part in ("Numerator 40", "Denominator 50", "67.0% – 89.0%", "24 Jul – 21 Oct"):
        assert part in shown
    assert "v1, from" in shown


def test_amber_beyond_the_red_line_says_why():
    """Off target, but too few to confirm."""
    shown = kpi_tile(tile(reading(value=0.8, n=10, status=Status.AMBER)), "zh")

    assert "样本不足以确认" in text(shown)


def test_provisional_values_are_marked():
    """Hollow by the attribute, and in words."""
    shown = kpi_tile(tile(reading(is_provisional=True, maturity=0.4)), "zh")

    assert marks(shown)["data-provisional"] == "yes"
    assert "暂估" in text(shown)


def test_last_year_is_beside_the_previous_period():
    """82 % then, 80 % now: two points down; moved with the festival it says so."""
    then = reading(value=0.82, n=40)
    for is_festival, label in ((False, "较去年"), (True, "春节对齐")):
        aligned = Aligned(then.period_start, then.period_end, is_festival)
        given = tile(reading(value=0.8), year_before=then, aligned=aligned)
        shown = text(kpi_tile(given, "zh"))

        assert label in shown
        assert "−2.0 百分点" in shown


def test_a_year_without_rows_is_no_zero():
    """Nothing to compare with is a dash, not a fall from nothing."""
    empty = reading(ARRIVED, 0, n=0)
    aligned = Aligned(empty.period_start, empty.period_end)
    given = tile(reading(ARRIVED, 80, n=80), year_before=empty, aligned=aligned)

    assert "较去年 —" in text(kpi_tile(given, "zh"))


def test_counts_grow_in_per_cent_and_are_told_per_working_day():
    """900 against 1000 in September: −10 %, and 900 ÷ 22 working days = 40.9."""
    days = {"period_start": date(2026, 9, 1), "period_end": date(2026, 10, 1)}
    now = reading(ARRIVED, 900, n=900, **days)
    shown = kpi_tile(tile(now, previous=reading(ARRIVED, 1000, n=1000)), "en")

    assert "−10.0%" in text(shown)
    assert working_days(*days.values()) == 22
    assert "Per working day 40.9" in text(shown)


def restated(was):
    """Return what a value was until this morning."""
    return Restated(
        was=was,
        was_n=48,
        at=AS_OF - timedelta(hours=3),
        first_day=date(2026, 10, 2),
        last_day=date(2026, 10, 5),
    )


def test_a_restated_value_says_was_is_when_and_why():
    """82 % until the late rows came."""
    shown = kpi_tile(tile(reading(value=0.8), restated=restated(0.82)), "zh")

    assert marks(shown)["data-restated"] == "yes"
    for part in ("82.0% → 80.0%", "11月21日 07:15", "10月2日–10月5日", "迟到的数据"):
        assert part in text(shown)


def test_what_nobody_could_see_is_no_restatement():
    """80.04 % that were 80.01 % read the same."""
    shown = kpi_tile(tile(reading(value=0.8004), restated=restated(0.8001)), "en")

    assert "data-restated" not in marks(shown)


def test_late_and_missing_stores_are_marks_beside_the_state():
    """The colour stays; a sign and a word say how far it can be trusted."""
    given = tile(reading(), freshness=Freshness.LATE, silent=("上海一店", "杭州二店"))
    shown = kpi_tile(given, "zh")

    assert marks(shown)["data-status"] == "red"
    assert marks(shown)["data-late"] == "yes"
    assert marks(shown)["data-silent"] == "2"
    assert "迟到" in text(shown)
    assert "缺 2 家" in text(shown)
    assert "上海一店、杭州二店" in text(shown)


def test_a_rank_says_the_place_and_what_the_others_have():
    """Second of eight in the region; no line where there is no group."""
    rank = Standing(group="region", kind=("华东",), place=2, of=8, others=0.9)
    shown = kpi_tile(tile(reading(), ranks=(rank,)), "zh")

    assert "第 2 / 8" in text(shown)
    assert "其余 90.0%" in text(shown)
    assert "本区" not in text(kpi_tile(tile(reading()), "zh"))


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (Gap.ALONE, "没有可比的门店"),
        (Gap.FEW, "样本不足，不排名"),
        (Gap.WITHHELD, "不足 3 家"),
    ],
)
def test_no_place_says_why(gap, said):
    """Alone, too few cases, too few hidden stores: never "1 of 1" or a dash."""
    rank = Standing(group="peers", kind=("一线", "flagship"), gap=gap)
    shown = kpi_tile(tile(reading(), ranks=(rank,)), "zh")

    assert said in text(shown)
    assert "第 " not in text(shown)
    assert "其余" not in text(shown)


def test_a_hidden_value_of_the_others_is_not_spoken_of():
    """A manager gets his place among stores that he may not see, and nothing else."""
    rank = Standing(group="region", kind=("华东",), place=2, of=8)
    shown = kpi_tile(tile(reading(), ranks=(rank,)), "zh")

    assert "第 2 / 8" in text(shown)
    assert "其余" not in text(shown)


def test_a_failed_metric_tells_its_reason_alone():
    """No number, no judgement, the reason on demand."""
    shown = kpi_tile(tile(None, error="no such mart"), "en")

    assert "no such mart" in text(shown)
    assert marks(shown)["data-value"] == ""


def test_tiers_are_counted():
    """Partners by tier instead of one value."""
    shown = kpi_tile(tile(reading(), tiers=(("gold", 3), ("yellow", 1))), "zh")

    assert marks(shown)["data-value"] == "4.0"
    assert "金牌 3 家" in text(shown)


def test_a_sparkline_has_course_target_and_band():
    """Two points, the dashed target, the red band, and the last point's colour."""
    series = [reading(value=0.9), reading(value=0.8)]
    drawn = svg(series, series[0].thresholds, "red")

    assert drawn.count("<rect") == 1
    assert drawn.count("stroke-dasharray") == 1
    assert drawn.startswith("<svg")
    assert drawn.endswith("</svg>")


def test_a_sparkline_survives_holes_and_sameness():
    """No values, one value, equal values, unknown lines."""
    same = [reading(WAIT, 50), reading(WAIT, None), reading(WAIT, 50)]

    assert "<path" in svg(same, None, "green")
    assert "<path" not in svg([reading(value=None)], FTFR.lines({}, AS_OF.date()), "x")
    assert svg([], None, "").endswith("</svg>")


def test_the_sparkline_is_described():
    """The picture has words for those who do not see it."""
    series = (reading(value=0.9), reading(value=0.8))
    shown = kpi_tile(tile(reading(), series=series), "en")
    (image,) = (
        one for one in shown._traverse() if getattr(one, "className", "") == "spark"
    )

    assert "latest 80.0%" in image.alt
    assert unquote(image.src).startswith("data:image/svg+xml,<svg")
