"""Lines that follow what is usual, as readers see them."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import pytest

from pages._ui.figures.lines import vary
from pages._ui.figures.trend import trend
from pages._ui.kpi_tile import Tile, kpi_tile
from pages._ui.norms import norms
from pages._ui.sparkline import sparkline
from tests.metrics.test_baseline import BEFORE, FIXED, HOW, forty, told, waits, workdays
from warehouse.alerts.alert import Seen
from warehouse.alerts.observing import observe_ceiling
from warehouse.alerts.rules import rules
from warehouse.chinese_calendar import DayKind
from warehouse.metrics import CATALOG
from warehouse.metrics.baseline import Norm, lines
from warehouse.metrics.metric import Status
from warehouse.metrics.reading import Promise, Reading

WAIT = CATALOG["cust_wait_total"]
NOON = datetime(2026, 6, 16, 4, tzinfo=timezone.utc)
MIX = {(0, DayKind.WORKDAY, 9): 7}


def reading(number=0, *, known=None, value=35.0, promise=None):
    """Return the reading of a day; without *known* its lines fell back."""
    day = BEFORE + timedelta(days=number)
    return Reading(
        metric=WAIT,
        period_start=day,
        period_end=day + timedelta(days=1),
        value=value,
        numerator=None,
        denominator=None,
        n=40,
        status=Status.GREEN,
        as_of=NOON,
        batch_id="B1",
        thresholds=lines(FIXED, HOW, told(known or {}, MIX)),
        promise=promise,
    )


def course():
    """Return three days: two that follow what is usual, one that fell back."""
    low = {day: waits([20] * 5) for day in workdays(8)}
    return [reading(0, known=forty()), reading(1, known=low), reading(2)]


def test_a_figure_draws_each_points_own_lines():
    """Three days, three lines: a stepped target and a stepped band, no constant."""
    series = course()
    drawn = trend(series, WAIT, "day", "en")
    greens = [r.thresholds.green for r in series]
    reds = [r.thresholds.red for r in series]

    assert vary(series)
    assert len(set(greens)) == 3
    assert greens in [trace.get("y") for trace in drawn["data"]]
    assert reds in [trace.get("y") for trace in drawn["data"]]
    assert drawn["layout"]["shapes"] == []
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low < min(greens) < max(reds) < high
    texts = next(t["text"] for t in drawn["data"] if "text" in t)
    assert "baseline 8 days n=40" in texts[0]
    assert "≤ 40" in texts[0]
    assert "too little to compare" in texts[2]


def test_a_course_with_one_line_keeps_it():
    """Where every point has the same lines they are drawn as one."""
    series = [reading(0), reading(1)]
    drawn = trend(series, WAIT, "day", "zh")

    assert not vary(series)
    assert len(drawn["layout"]["shapes"]) == 2


def test_a_sparkline_steps_with_its_lines():
    """Its dashed target goes up and down where the lines do."""
    picture = unquote(sparkline(course(), course()[-1].thresholds, "green", "x").src)
    (target,) = [p for p in picture.split("<path") if "3 3" in p]

    assert target.count("L") == 5
    assert "H240" not in target


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tile_says_what_its_target_rests_on(language):
    """In a word beside the target, in a sentence as its title and under details."""

    def shown(one):
        tile = Tile(metric=WAIT, batch_id="B1", as_of=NOON, timezone="UTC", reading=one)
        return str(kpi_tile(tile, language).to_plotly_json())

    words = {
        "zh": ("按基线", "按固定线", "超承诺"),
        "en": ("baseline", "fixed", "past"),
    }
    follows, fixed, promise = words[language]
    broken = Promise(given=30, past=4, running=0, allowed=0.1)

    assert follows in shown(reading(known=forty()))
    assert {"zh": "40 例", "en": "40 cases"}[language] in shown(reading(known=forty()))
    assert fixed in shown(reading())
    assert promise in shown(reading(known=forty(), promise=broken))
    assert "4 / 30" in shown(reading(known=forty(), promise=broken))
    plain = replace(reading(), thresholds=FIXED)
    assert "data-basis" not in shown(plain)


def test_a_norm_that_crept_is_marked():
    """What is usual got worse by half in a quarter: the table says so in a word."""
    own = lines(FIXED, HOW, told(forty(), MIX))
    usual = own.basis.usual

    def table(earlier):
        norm = Norm(
            store_class="flagship",
            of_day=DayKind.WORKDAY,
            lines=own,
            earlier=earlier,
        )
        assert norm.drift == (None if not earlier else usual / earlier - 1)
        return str([str(part) for part in norms(WAIT, [norm], "en")])

    assert "usual got worse" in table(usual / 1.5)
    assert "+50%" in table(usual / 1.5)
    assert "usual got worse" not in table(usual / 1.1)
    assert "usual got worse" not in table(None)
    assert norms(CATALOG["ftfr_30d"], [], "en") == []


@pytest.mark.parametrize(
    ("running", "seen"), [(0, Seen.CLEAR), (1, Seen.BREACH)], ids=["in time", "past"]
)
def test_one_customer_past_the_promise_is_red_now(running, seen):
    """However short the wait, and whatever is usual."""
    rule = rules(CATALOG)["longest_wait_now.red"]
    longest = replace(
        reading(value=5.0), metric=CATALOG["longest_wait_now"], thresholds=None, n=1
    )
    promise = Promise(given=30, past=running, running=running, allowed=0.1)
    today = reading(known=forty(), promise=promise)
    found = observe_ceiling(rule, longest, WAIT, None, today)

    assert found.seen is seen
    assert found.line == today.thresholds.red
    assert "usual=36.1" in found.note
