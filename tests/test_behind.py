"""Rows behind a number: for every metric of the catalogue they add up to it."""

from dataclasses import replace
from datetime import date, datetime, timezone

import numpy as np
import pytest

from tests import network
from warehouse.behind import Behind
from warehouse.contracts.contract import Privacy
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Interval, Kind, Metric
from warehouse.metrics.statistics import percentile, restricted_mean, survival_at
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.behind_columns import COLLAPSED, DETAILS
from warehouse.store.spread import BINS, bar_width

pytestmark = pytest.mark.xdist_group("network")

METRICS = list(CATALOG.values())

OCTOBER = Question(start=date(2026, 10, 1), end=date(2026, 11, 1))

EARLIER = Question(as_of=datetime(2026, 11, 5, 4, 0, tzinfo=timezone.utc))


@pytest.fixture(scope="module")
def batch():
    """Return the batch of the small network."""
    return network.warehouse().batch()


def every(batch, metric_id, question, rights=EVERYTHING) -> list[dict]:
    """Return every row behind a reading, as a download would."""
    columns, rows = batch.stream_behind(metric_id, question, rights)
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def recomputed(one: Metric, rows: list[dict]):
    """Return the value of a metric from its rows alone."""
    if one.kind in (Kind.TIME, Kind.SURVIVAL):
        lengths = np.array([row["top"] for row in rows], dtype=float)
        closed = np.array([row["is_closed"] for row in rows], dtype=bool)
        if one.kind is Kind.SURVIVAL:
            return survival_at(lengths, closed, 30.0)
        if one.quantile is None:
            return restricted_mean(lengths, closed)
        return percentile(lengths, closed, one.quantile).value
    tops = [row["top"] for row in rows]
    if one.id == "longest_wait_now":
        return max(tops, default=None)
    if one.denominator is None:
        return sum(tops)
    bottom = sum(row["bottom"] or 0 for row in rows)
    scale = 100 if one.interval is Interval.NPS else 1
    return scale * sum(tops) / bottom if bottom else None


def same(one: float | None, other: float | None) -> bool:
    """Tell whether two sums are one but for the order of their terms."""
    if one is None or other is None:
        return not one and not other
    return one == pytest.approx(other, rel=1e-9, abs=1e-9)


def in_full(value: object) -> object:
    """Leave a case to `make stress`: the same rule, on more of the catalogue."""
    return pytest.param(value, marks=pytest.mark.stress)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.id)
@pytest.mark.parametrize(
    "scope", ["network", in_full("store"), in_full("october"), "as of"]
)
def test_rows_add_up_to_the_reading(batch, metric, scope):
    """Numerator, denominator, n and value, for the network, a store, other times.

    There is no metric without rows: those that nothing feeds say so.
    """
    question = {"october": OCTOBER, "as of": EARLIER}.get(scope, Question())
    if scope == "store":
        if "store_id" not in metric.dimensions:
            pytest.skip("belongs to no store")
        question = Question(where=(("store_id", ("S002",)),))
    found = batch.read(metric.id, question, EVERYTHING)
    page = batch.behind(metric.id, question, EVERYTHING, limit=3)

    assert page.fed is not bool(batch.lacks(metric))
    rows = every(batch, metric.id, question)
    assert len(rows) == page.total == page.listed
    if not found:
        assert rows == []
        return
    (reading,) = found
    assert same(recomputed(metric, rows), reading.value)
    if page.adds == "sum":
        assert same(page.numerator, reading.numerator)
        assert same(page.denominator, reading.denominator)
        assert same(sum(row["top"] for row in rows), reading.numerator)
    elif page.adds == "duration":
        assert page.total == reading.n


@pytest.mark.parametrize(
    "metric", [m if m.headline else in_full(m) for m in METRICS], ids=lambda m: m.id
)
def test_rows_of_a_member_add_up_to_the_member(batch, metric):
    """Each dimension of each metric: the rows of its largest member."""
    for by in metric.dimensions:
        readings = batch.read(metric.id, Question(by=(by,)), EVERYTHING)
        named = [r for r in readings if r.dimensions[by] is not None]
        if not named:
            continue
        one = max(named, key=lambda r: (r.n, str(r.dimensions)))
        where = ((by, (one.dimensions[by],)),)
        page = batch.behind(metric.id, Question(where=where), EVERYTHING, limit=1)

        if page.adds == "duration":
            assert page.total == one.n, by
        elif page.adds == "sum":
            assert same(page.numerator, one.numerator), by
            assert same(page.denominator, one.denominator), by


def test_every_fact_names_its_rows():
    """A metric of a new fact fails here until somebody says what names its rows."""
    named = {*DETAILS, *COLLAPSED}
    facts = {m.fact for m in METRICS if m.kind not in (Kind.TIER,)}

    assert facts <= named


def page_of(batch, number: int, part: str = "all") -> Behind:
    """Return a page of ten rows behind FTFR."""
    return batch.behind(
        "ftfr_30d",
        Question(),
        EVERYTHING,
        part=part,
        limit=10,
        offset=10 * (number - 1),
    )


def test_pages_hold_each_row_once(batch):
    """Whatever the page, its rows follow those of the one before."""
    whole = [row["work_order_id"] for row in every(batch, "ftfr_30d", Question())]
    paged = [row["work_order_id"] for n in (1, 2, 3) for row in page_of(batch, n).rows]

    assert len(set(whole)) == len(whole)
    assert paged == whole[:30]


def test_parts_are_the_whole(batch):
    """Counted in the numerator, or only in the denominator; sums are of all rows."""
    whole, top, rest = (page_of(batch, 1, part) for part in ("all", "top", "rest"))

    assert top.listed + rest.listed == whole.listed == whole.total
    assert top.listed == whole.numerator
    assert all(row["top"] == 1 for row in top.rows)
    assert all(row["top"] == 0 for row in rest.rows)
    assert rest.numerator == whole.numerator


def test_a_row_says_why_it_failed(batch):
    """A visit that was not fixed came back, or left unfixed."""
    for row in page_of(batch, 1, "rest").rows:
        assert row["comeback_by"] or row["parts_pending"] or row["redo_before_leaving"]


def test_what_was_not_known_then_is_not_told(batch):
    """Asked as of an earlier day, later stamps are empty."""
    rows = every(batch, "orders_arrived", replace(EARLIER, start=date(2026, 11, 1)))
    moment = EARLIER.as_of.replace(tzinfo=None)

    assert rows
    assert all(row["checkin_at"] <= moment for row in rows)
    assert all(
        row["ready_notified_at"] is None or row["ready_notified_at"] <= moment
        for row in rows
    )


def test_rights_reach_the_rows(batch):
    """A store manager of one store finds its rows only, and knows the total of them."""
    mine = Rights(store_ids=frozenset({"S001"}))
    rows = every(batch, "promise_kept", Question(), mine)
    (reading,) = batch.read("promise_kept", Question(), mine)

    assert {row["store_id"] for row in rows} == {"S001"}
    assert len(rows) == reading.denominator


def test_rows_of_the_network_are_not_a_stores(batch):
    """Customer records and partners belong to no store: none, and the reason."""
    mine = Rights(store_ids=frozenset({"S001"}))
    for metric_id in ("phone_error_rate", "partner_tier"):
        page = batch.behind(metric_id, Question(), mine)

        assert (page.visible, page.rows, page.total) == (False, (), 0)
        assert every(batch, metric_id, Question(), mine) == []


def test_personal_data_are_masked_by_level(batch):
    """VIN and phone by the reader's level, on the page and in the download."""
    public = Rights(privacy=Privacy.PUBLIC)
    for rows in (
        batch.behind("ftfr_30d", Question(), public, limit=5).rows,
        every(batch, "ftfr_30d", Question(), public)[:5],
    ):
        assert all(row["vin"][8:] == "*" * 9 for row in rows)
    for row in every(batch, "phone_error_rate", Question(), public)[:200]:
        assert row["source_customer_id"] is None
        assert row["phone"] is None or "*" in row["phone"]
        assert row["name"] is None or len(row["name"]) <= 4
    whole = every(batch, "ftfr_30d", Question())
    assert all(len(row["vin"]) == 17 and "*" not in row["vin"] for row in whole[:50])


@pytest.mark.parametrize("metric_id", ["same_day", "stockout_rate", "wait_bay_mean"])
def test_hours_hold_every_row(batch, metric_id):
    """The cells of the week add up to n; weekdays and hours are real ones."""
    cells = batch.hours(metric_id, Question(), EVERYTHING)
    (reading,) = batch.read(metric_id, Question(), EVERYTHING)

    assert sum(cell.n for cell in cells) == reading.n
    assert {cell.weekday for cell in cells} <= set(range(1, 8))
    assert {cell.hour for cell in cells} <= set(range(24))
    if metric_id == "same_day":
        assert max(cell.hour for cell in cells) < 15
        top = sum((cell.value or 0) * cell.n for cell in cells)
        assert top == pytest.approx(reading.numerator)


def test_what_has_no_hour_has_no_week(batch):
    """A delivery's cohort is a day; a state is a moment."""
    for metric_id in ("ftfr_30d", "orders_in_progress", "tech_util"):
        assert batch.hours(metric_id, Question(), EVERYTHING) == []


def test_a_distribution_holds_every_duration(batch):
    """Bars add up to n, in order, the last one open; other kinds have none."""
    bins = batch.durations("wait_bay", Question(), EVERYTHING)
    (reading,) = batch.read("wait_bay", Question(), EVERYTHING)

    assert sum(one.closed + one.running for one in bins) == reading.n
    assert [one.low for one in bins] == sorted(one.low for one in bins)
    assert batch.durations("ftfr_30d", Question(), EVERYTHING) == []


@pytest.mark.parametrize("reach", [0, 0.4, 23, 24, 700, 33_120, 1e6])
def test_bars_reach_far_enough(reach):
    """A width that a reader can add up, and wide enough."""
    assert bar_width(reach) * (BINS - 1) >= reach
