"""The address as memory: what is read from it, what is ignored, what is written."""

import pytest

from pages._ui.address import RejectFilter, View
from tests.ui.records import make_stores

STORES = make_stores(6)
METRICS = ("ftfr_30d", "nps")


def read(search):
    """Read a view over six stores and two metrics."""
    return View.read(search, STORES, METRICS)


def test_a_link_shows_the_next_reader_the_same():
    """What was written is what is read."""
    view = View(region="华东", store="S001", period="7d", metric="nps", grain="week")

    assert read(view.query()) == (view, ())


def test_defaults_are_left_out():
    """The plain view has a plain address."""
    assert View().query() == "?"
    assert View(period="7d").query(period="default") == "?"


@pytest.mark.parametrize(
    "search",
    [
        "?store=S999",
        "?metric=drop+table",
        "?period=1e9d",
        "?grain=second",
        "?region=%00",
        "?city_class=<script>",
    ],
)
def test_unknown_values_are_ignored_and_named(search):
    """What the client sends is checked against what exists."""
    view, ignored = read(search)

    assert view == View()
    assert len(ignored) == 1


@pytest.mark.parametrize("search", [None, "", "?", "?lang=en", "?utm=x&store="])
def test_other_parameters_are_none_of_our_business(search):
    """Language and strangers' parameters pass without a word."""
    assert read(search) == (View(), ())


def test_the_scope_becomes_a_condition():
    """Only what was chosen narrows the question."""
    view = View(region="华东", store="S001")

    assert view.where == (("region", ("华东",)), ("store_id", ("S001",)))
    assert View().where == ()
    assert View().is_network
    assert not view.is_network


@pytest.mark.parametrize(
    ("page", "read"),
    [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("9" * 30, 100_000)],
)
def test_a_page_number_is_a_sane_number(page, read):
    """Whatever is typed, an offset comes out that a database can take."""
    assert RejectFilter.read(f"?page={page}").page == read


def test_a_reject_filter_survives_the_way_through_a_link():
    """Source, table, rule and page."""
    chosen = RejectFilter(source="dms", table="work_orders", rule="vin", page=2)

    assert RejectFilter.read(chosen.query()) == chosen
    assert chosen.is_set
    assert not RejectFilter.read("?page=2").is_set
