"""What is drawn beside the numbers: axes, lines with names, lanes, cards, codes."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from callbacks import questions
from callbacks.tile_reading import read_tile, silent_stores
from pages._ui import figures, judging
from pages._ui.address import View
from pages._ui.alert_list import Setting, place_name
from pages._ui.alert_why import spoken
from pages._ui.attention import Finding, RedStore, attention, tally
from pages._ui.codes import called
from pages._ui.comparison import Past, changes
from pages._ui.figures.lines import MARGIN, labels
from pages._ui.figures.scale import ceiling, reach
from pages._ui.lane import Scale, svg
from pages._ui.metric_address import Lens
from pages._ui.metric_breakdown import ranking as breakdown
from pages._ui.metric_catalog import listing
from pages._ui.metric_spread import bars
from pages._ui.ranking import ranking
from pages._ui.runs import runs
from pages._ui.status import State
from pages._ui.store_cards import SHOWN, store_cards
from pages._ui.table import store_rows
from tests.ui.readings import ARRIVED, AS_OF, FTFR, WAIT, reading
from tests.ui.records import make_stores
from tests.ui.standin import StandInBatch
from tests.ui.test_tile import marks, text
from warehouse.alerts.alert import Level, Scope
from warehouse.alerts.drivers import Driver, Split
from warehouse.alerts.why import Why
from warehouse.behind import Bin
from warehouse.metrics import CATALOG
from warehouse.metrics.comparing import Ranked
from warehouse.metrics.metric import Status
from warehouse.records import Counts, Outcome, Run
from warehouse.scope import Rights

DAY = timedelta(days=1)


def course(metric, values):
    """Return a daily course of *values*."""
    start = date(2026, 11, 1)
    return [
        replace(
            reading(metric, value),
            period_start=start + i * DAY,
            period_end=start + (i + 1) * DAY,
        )
        for i, value in enumerate(values)
    ]


# ---------- values on their own side of a line


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        (FTFR, 0.9, "90.0%"),
        (FTFR, 0.8996, "89.96%"),
        (FTFR, 0.89996, "89.996%"),
        (FTFR, 0.9004, "90.0%"),
        (FTFR, 0.8496, "84.96%"),
        (WAIT, 90.0, "90 分钟"),
        (WAIT, 90.3, "90.3 分钟"),
        (WAIT, 89.7, "90 分钟"),
    ],
)
def test_a_value_is_not_rounded_over_its_line(metric, value, shown):
    """89.96 % is amber under 90 % and must not read 90.0 %."""
    assert str(judging.shown(reading(metric, value), "zh")) == shown


def test_the_gap_is_as_fine_as_the_value():
    """No distance of 0.0 beside a colour that says there is one."""
    assert judging.gap_text(reading(FTFR, 0.8996), "en") == "−0.04 pp"
    assert judging.gap_text(reading(FTFR, 0.9), "en") == ""


# ---------- axes


def test_one_odd_value_does_not_set_the_scale():
    """A wait of twelve hours among half hours is out of the picture, and written."""
    values = [20, 25, 30, 22, 28, 35, 31, 27, 751, 26]
    series = course(WAIT, values)
    low, high = reach(series, series[0].thresholds, WAIT)
    drawn = figures.trend(series, WAIT, "day", "zh")
    notes = [one["text"] for one in drawn["layout"]["annotations"]]

    assert (low, high < 300) == (0.0, True)
    assert [note for note in notes if note.startswith("↑")] == ["↑ 751 分钟"]


def test_plain_values_are_all_in_the_picture():
    """Nothing is cut where nothing is odd, or where there are too few to tell."""
    assert ceiling([10, 12, 14, 13, 11, 15, 12, 14, 13]) is None
    assert ceiling([1, 100]) is None
    assert ceiling([0] * 20 + [8]) is None


def test_notes_of_odd_values_do_not_cover_each_other():
    """Of neighbours the highest is written; those far apart are, in two rows."""
    calm = [20, 25, 22, 28, 35, 31, 27, 26, 24, 23]
    values = [*calm, 700, 800, *calm, *calm, 751, *calm]
    drawn = figures.trend(course(WAIT, values), WAIT, "day", "zh")
    notes = [n for n in drawn["layout"]["annotations"] if n["text"].startswith("↑")]

    assert [note["text"] for note in notes] == ["↑ 800 分钟", "↑ 751 分钟"]
    assert notes[0]["yshift"] != notes[1]["yshift"]


def test_intervals_are_in_the_picture_as_far_as_they_are_near():
    """A band that is cut off looks as if it ended there."""
    near = [replace(r, ci_low=0.86, ci_high=0.93) for r in course(FTFR, [0.9] * 9)]
    far = [replace(r, ci_low=0.0, ci_high=1.0) for r in course(FTFR, [0.9] * 9)]

    low, high = reach(near, near[0].thresholds, FTFR)
    assert low <= 0.86
    assert high >= 0.93
    assert reach(far, far[0].thresholds, FTFR)[0] > 0.7


def test_lines_have_their_names_beside_the_plot():
    """Target and red line, each at its height, where no course runs through them."""
    lines = FTFR.lines({}, AS_OF.date())
    target, red = labels(lines, FTFR, 0.8, 1.0, "zh")

    assert (target["y"], target["text"]) == (lines.green, "目标<br>≥ 90.0%")
    assert (red["y"], red["text"]) == (lines.red, "红线<br>< 85.0%")
    assert (target["x"], target["xanchor"]) == (1, "left")
    assert len(labels(lines, FTFR, 0.0, 1.0, "zh")) == 1  # They would touch.
    drawn = figures.trend(course(FTFR, [0.9, 0.88]), FTFR, "day", "en")
    assert drawn["layout"]["margin"]["r"] == MARGIN


def test_the_axis_names_its_unit_once():
    """Minutes, at the topmost tick; whole numbers for a count that hardly moves."""
    waits = figures.trend(course(WAIT, [50, 60]), WAIT, "day", "zh")["layout"]["yaxis"]
    few = figures.trend(course(ARRIVED, [22, 24]), ARRIVED, "day", "zh")

    assert (waits["ticksuffix"], waits["showticksuffix"]) == (" 分钟", "last")
    assert few["layout"]["yaxis"]["dtick"] == 1


def test_the_last_bar_is_always_named():
    """It holds all that is longer; the others are named as far as there is room."""
    bins = [Bin(low=i, high=i + 5, closed=1, running=0) for i in range(0, 115, 5)]
    bins.append(Bin(low=115, high=None, closed=3, running=0))
    axis = bars(bins, WAIT, "zh")["layout"]["xaxis"]

    assert axis["ticktext"][-1] == "≥ 115"
    assert len(axis["ticktext"]) <= 7
    assert len(axis["ticktext"]) == len(set(axis["tickvals"]))


# ---------- lanes and ranking


def test_shares_are_dots_and_times_are_bars():
    """A scale that does not begin at zero is not filled."""
    shares = [reading(FTFR, 0.8), reading(FTFR, 0.95)]
    waits = [reading(WAIT, 30), reading(WAIT, 60)]
    share, wait = Scale.of(FTFR, shares), Scale.of(WAIT, waits)

    assert share.is_dotted
    assert (wait.is_dotted, wait.low) == (False, 0.0)
    assert "stroke-linecap" in svg(shares[0], share, "red")
    assert "stroke-linecap" not in svg(waits[0], wait, "red")
    assert share.x(0.8) < share.x(0.9) < share.x(0.95)


def test_a_place_means_the_same_on_every_page():
    """Worst first, and still the best is number 1; ties share a place."""
    stores = make_stores(4)
    values = (0.9, 0.8, 0.9, 0.7)
    readings = {
        s.store_id: reading(FTFR, v, n=100) for s, v in zip(stores, values, strict=True)
    }
    (listed,) = ranking(stores, readings, FTFR, View(), "zh")
    told = [text(row).split()[0] for row in listed.children]

    assert told == ["4", "3", "1", "1"]


def test_one_store_alone_is_not_ranked():
    """First of one is no place."""
    (store,) = make_stores(1)
    told = ranking([store], {store.store_id: reading(n=100)}, FTFR, View(), "zh")

    assert "不排名" in text(told)
    assert "第" not in text(told)


def test_partners_are_listed_by_tier_not_by_a_value_of_one():
    """Gold first; no bar, no rank: every partner counts one."""
    metric = CATALOG["partner_tier"]
    members = [
        Ranked(
            reading=replace(
                reading(metric, 1.0, n=9),
                dimensions={"partner_id": f"P{i}", "tier": tier},
            ),
            adjusted=None,
            place=None,
        )
        for i, tier in enumerate(("yellow", "gold", "silver"))
    ]
    told = text(breakdown(metric, "partner_id", members, {}, View(), Lens(), "zh"))

    assert told.index("金牌") < told.index("银牌") < told.index("黄牌")
    assert "名次" not in told


# ---------- at a glance


def red(store: str) -> RedStore:
    """Return a red store."""
    return RedStore(store_id=store, name=store, reading=reading(n=100))


def test_red_stores_are_counted_where_the_whole_is_green():
    """Four tiles on target and two red stores: the first chip is red."""
    findings = [
        Finding(
            metric=FTFR, state=State.RED, reading=None, impact=1, stores=(red("A"),)
        ),
        Finding(
            metric=WAIT,
            state=State.RED,
            reading=None,
            impact=1,
            stores=(red("A"), red("B")),
        ),
    ]
    chips = tally([State.GREEN] * 4 + [State.STALE], findings, "zh")

    assert [marks(chip)["data-tally"] for chip in chips] == [
        "stores",
        "stale",
        "green",
    ]
    assert "2 家门店超标" in text(chips)


def test_nothing_to_see_is_not_all_right():
    """Data that are out of date are neither good nor bad."""
    assert "过期" in text(attention([], "zh", stale=3))
    assert "过期" not in text(attention([], "zh"))


def test_a_change_that_reads_as_nothing_has_no_direction():
    """+0.02 points are shown as 0.0: no arrow, no colour."""
    now, then = reading(FTFR, 0.9002), reading(FTFR, 0.9)
    (shown,) = changes(FTFR, now, Past(previous=then), "zh")

    assert "→" in text(shown)
    assert marks(shown)["data-better"] == "same"


# ---------- a phone


def test_stores_are_cards_with_what_is_off_on_top():
    """The worst store first, red before amber, the rest counted."""
    stores = make_stores(30)
    cells = {
        "ftfr_30d": {
            s.store_id: reading(FTFR, 0.8, n=100, status=Status.RED)
            if i == 7
            else reading(FTFR, 0.95, n=100, status=Status.GREEN)
            for i, s in enumerate(stores)
        }
    }
    rows = store_rows(stores, cells, {}, View(), [FTFR], "zh")
    cards, more = store_cards(rows, [FTFR], "zh")
    first = cards.children[0]

    assert marks(first)["data-store"] == stores[7].store_id
    assert "80.0%" in text(first)
    assert len(cards.children) == SHOWN
    assert "另有 10 家" in text(more)
    assert store_cards([], [FTFR], "zh") == []


# ---------- words


@pytest.mark.parametrize(
    ("dimension", "value", "zh", "en"),
    [
        ("store_class", "flagship", "旗舰店", "Flagship"),
        ("city_class", "一线", "一线", "Tier 1"),
        ("complaint_group", "infotainment", "车机", "Infotainment"),
        ("order_type", "repair", "维修", "Repair"),
        ("tier", "gold", "金牌", "Gold"),
        (
            "complaint_group",
            "windscreen wipers",
            "windscreen wipers",
            "windscreen wipers",
        ),
    ],
)
def test_codes_have_names_and_unknown_ones_stay(dimension, value, zh, en):
    """What a source sends is called by its name as far as it has one."""
    assert called(dimension, value, "zh") == zh
    assert called(dimension, value, "en") == en


def test_every_owner_of_the_catalogue_has_a_name():
    """No page shows an owner's id."""
    for metric in CATALOG.values():
        assert called("owner", metric.owner, "zh") != metric.owner


def test_variants_stand_in_the_row_of_their_time():
    """One row for a wait, with links to P50, P90 and mean; or a row of its own."""
    ids = ("wait_bay", "wait_bay_p50", "wait_bay_p90", "wait_bay_mean")
    every = [CATALOG[name] for name in ids]
    feeds = dict.fromkeys(CATALOG, "fresh")
    table = json.dumps(listing(every, feeds, "zh").to_plotly_json(), default=_plain)
    alone = json.dumps(
        listing(every[1:2], feeds, "zh").to_plotly_json(), default=_plain
    )

    assert table.count('"type": "Tr"') == 2  # The heads, and one metric.
    assert all(f'"data-catalog": "{name}"' in table for name in ids)
    assert alone.count('"type": "Tr"') == 2


def test_refreshes_without_news_are_one_line():
    """Five rounds that read nothing hide nothing that read something."""
    busy = Counts(read=3, loaded=3)

    def run(minute: int, counts: Counts) -> Run:
        return Run(
            batch_id=f"B{minute}",
            started_at=AS_OF + minute * timedelta(minutes=1),
            finished_at=AS_OF + minute * timedelta(minutes=1),
            as_of=AS_OF,
            outcome=Outcome.PUBLISHED,
            tables={"work_orders": counts},
        )

    history = [run(9, busy), *(run(i, Counts()) for i in range(8, 3, -1)), run(3, busy)]
    told = runs(history, "Asia/Shanghai", "zh")

    assert len(told.children) == 3
    assert "5 次刷新没有新数据" in text(told)


@pytest.mark.parametrize(
    ("mine", "is_silent"), [(("S003",), True), (("S003", "S004"), False)]
)
def test_a_manager_of_a_silent_store_sees_nothing_green(mine, is_silent):
    """His one store is his whole scope: it has no say on the overview either."""
    batch = StandInBatch()
    rights = Rights(store_ids=frozenset(mine))
    today = questions.local_day(batch.as_of, batch.timezone)
    silent = silent_stores(batch, View(), rights)
    metric = CATALOG["promise_kept"]
    shown = read_tile(batch, metric, View(), rights, today, silent)

    assert (shown.state is State.STALE) == is_silent
    assert bool(shown.silent) != is_silent


def _plain(component):
    return component.to_plotly_json()


def test_what_drives_an_alert_is_called_as_readers_call_it():
    """Regions and groups of complaints are the sources' codes; readers get words."""
    scope = Scope(Level.REGION, "华南")
    setting = Setting(names={}, zone="UTC", now=AS_OF, language="en", may_act=False)
    driver = Driver(
        member="infotainment", rate=0.0, mix=0.0, value=0.5, n=3, weight=1.0, excess=0.0
    )
    split = Split(
        dimension="complaint_group", gap=-0.1, drivers=(driver,), against="target"
    )
    found = Why(
        metric=FTFR,
        scope=scope,
        reading=reading(FTFR, 0.8),
        target=0.9,
        splits=(split,),
        main=(split, driver),
    )

    assert place_name(scope, setting) == "South China"
    told = spoken(found, "zh")
    assert told.main is not None
    assert told.main[0] is told.splits[0]
    assert told.main[1].member == told.splits[0].drivers[0].member == "车机"
