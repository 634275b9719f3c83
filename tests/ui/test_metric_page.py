"""The catalogue and a metric's page over the stand-in: every state, every choice."""

import json
from typing import Any

import pytest

from pages._ui.address import View
from pages._ui.metric_address import Lens, Seen, metric_of, narrowed, rows_of
from pages._ui.metric_catalog import Wanted, found
from tests.ui.standin import StandIn
from warehouse.access.events import Did, Search
from warehouse.metrics import CATALOG, DOMAINS

FTFR = CATALOG["ftfr_30d"]

PLACES = ("tile", "definition", "trend-note", "breakdown", "rows", "sources")


def opened(fire, path: str = "/metrics-catalog/ftfr_30d", **given: Any):
    """Return what a metric's page shows."""
    return fire(
        "metric-tile",
        "children",
        **{
            "shell-url.pathname": path,
            "shell-url.search": given.get("search", ""),
            "shell-language.data": given.get("language", "en"),
        },
    )


def words(told: Any) -> str:
    """Return a part of a page as text to look into."""
    return json.dumps(told, ensure_ascii=False)


def test_a_metrics_page_shows_every_part(fire):
    """Number, definition, trend with limits, parts, lines, sources; rows on demand."""
    told = opened(fire)

    assert '"data-metric": "ftfr_30d"' in words(told["metric-tile"])
    for term in ("Index visits without", "Wilson", "Service quality", "v1, from"):
        assert term in words(told["metric-definition"])
    assert "Laney multiplier" in words(told["metric-trend-note"])
    assert len(told["metric-trend"]["figure"]["data"]) >= 4
    assert "kpis.md §2, R869" in words(told["metric-lines"])
    assert "work_orders" in words(told["metric-sources"])
    assert "See every row" in words(told["metric-rows"])
    assert "Shrunken" in words(told["metric-breakdown"])


@pytest.mark.parametrize("metric_id", list(CATALOG))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_has_a_page_in_both_languages(fire, metric_id, language):
    """Whatever kind it is; no part says that it failed."""
    told = opened(fire, f"/metrics-catalog/{metric_id}", language=language)

    assert CATALOG[metric_id].name[language] in words(told["metric-head"])
    assert '"data-state": "error"' not in words(told)


def test_rows_open_page_by_page(fire):
    """Fifty at a time, with the sums over all of them."""
    told = words(opened(fire, search="?page=2")["metric-rows"])

    assert "WO-0050" in told
    assert "WO-0049" not in told
    assert "Rows 51–100 of 120" in told
    assert '"data-numerator": "100.0"' in told
    assert '"data-denominator": "120.0"' in told


def test_a_part_of_the_rows_keeps_the_sums(fire):
    """Only in the denominator: twenty rows, the same totals."""
    told = words(opened(fire, search="?page=1&part=rest")["metric-rows"])

    assert "Rows 1–20 of 20" in told
    assert '"data-numerator": "100.0"' in told


def test_a_page_behind_the_last_is_the_first(fire):
    """A narrower scope has fewer rows; nobody gets stuck behind them."""
    assert "Rows 1–50 of 120" in words(opened(fire, search="?page=99")["metric-rows"])


def test_a_look_at_rows_is_written_down(fire, state):
    """Who, which metric, which view."""
    opened(fire, search="?page=1&region=华东")
    (event,) = state.audit.find(Search(action=Did.SEE_ROWS), limit=1)

    assert event.object == "ftfr_30d"


def test_a_broken_metric_says_so_and_its_definition_stays(fire, standin: StandIn):
    """Each part that needs the number tells why there is none."""
    standin.current.broken = frozenset({"ftfr_30d"})
    told = opened(fire)

    assert '"data-status": "error"' in words(told["metric-tile"])
    assert "mart_nowhere" in words(told["metric-trend-note"])
    assert "mart_nowhere" in words(told["metric-breakdown"])
    assert "Wilson" in words(told["metric-definition"])


def test_a_stale_metric_is_neither_red_nor_green(fire, standin: StandIn):
    """The tile says stale, as on the overview."""
    standin.current.stale = frozenset({"ftfr_30d"})

    assert '"data-status": "stale"' in words(opened(fire)["metric-tile"])


def test_what_nobody_sends_has_no_number_and_no_rows(fire, standin: StandIn):
    """The page says which table is missing; it is not 0."""
    standin.current.without_rows = frozenset({"ftfr_30d"})
    told = opened(fire, search="?page=1")

    assert '"data-status": "nodata"' in words(told["metric-tile"])
    assert "No source delivers work_orders" in words(told["metric-sources"])
    assert "No source delivers" in words(told["metric-rows"])


def test_without_a_batch_the_definition_is_there(fire, standin: StandIn):
    """What a metric means does not depend on data."""
    standin.current = None
    told = opened(fire)

    assert "etl run" in words(told["metric-head"])
    assert "Wilson" in words(told["metric-definition"])


def test_an_unknown_metric_offers_the_nearest(fire, client):
    """404, and a page that names it."""
    told = opened(fire, "/metrics-catalog/ftrf_30d")

    assert "First-time fix rate" in words(told["metric-head"])
    assert client.get("/metrics-catalog/ftrf_30d").status_code == 404
    assert client.get("/metrics-catalog/ftfr_30d").status_code == 200


def test_two_scopes_are_compared(fire):
    """Both numbers, the difference, its interval."""
    told = words(opened(fire, search="?region=华东&vs=region=华南")["metric-compare"])

    assert "East China" in told
    assert "South China" in told
    assert "95% interval" in told


@pytest.mark.parametrize(
    ("search", "ignored"),
    [
        ("?by=colour", "by=colour"),
        ("?where=colour=red", "where=colour=red"),
        ("?page=-1", "page=-1"),
        ("?part=none", "part=none"),
        ("?vs=nobody", "vs=nobody"),
    ],
)
def test_what_cannot_be_read_is_told(fire, search, ignored):
    """A wrong part of the address is named and ignored."""
    told = opened(fire, search=search)

    assert ignored in words(told["shell-notice"])
    assert '"data-metric": "ftfr_30d"' in words(told["metric-tile"])


def test_the_query_cannot_name_another_metric(fire):
    """The path says which metric it is."""
    told = opened(fire, search="?metric=promise_kept")

    assert '"data-metric": "ftfr_30d"' in words(told["metric-tile"])


def test_the_catalogue_lists_every_metric(fire):
    """With what feeds it, and a link to its page."""
    told = words(
        fire(
            "catalog-table",
            "children",
            **{"shell-url.pathname": "/metrics-catalog", "shell-language.data": "en"},
        )
    )

    for metric_id in CATALOG:
        assert f'"data-catalog": "{metric_id}"' in told
        assert f'"/metrics-catalog/{metric_id}"' in told


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("?q=首次修复率", {"ftfr_30d", "ftfr_prov"}),
        ("?q=KAPLAN", {"ftfr_prov"}),
        ("?q=fix+order", {"ftfr_order"}),
        ("?q=zzz", set()),
        ("?feed=stale", {"ftfr_order"}),
    ],
)
def test_metrics_are_found_by_words_and_by_feed(search, ids):
    """In both languages, whatever the case; all words have to stand in it."""
    feeds = dict.fromkeys(CATALOG, "fresh") | {"ftfr_order": "stale"}
    listed = found(list(CATALOG.values()), feeds, Wanted.read(search))

    assert ids <= {metric.id for metric in listed}
    assert bool(listed) is bool(ids)


@pytest.mark.parametrize("domain", list(DOMAINS))
def test_a_domain_holds_its_metrics(domain):
    """The parts of the business are those of the catalogue."""
    listed = found(list(CATALOG.values()), {}, Wanted.read(f"?domain={domain}"))

    assert tuple(metric.id for metric in listed) == DOMAINS[domain]


def test_an_address_survives_the_way_into_links_and_back():
    """What a link says is what the page reads."""
    lens = Lens(
        by="technician_id",
        vs="region=华东",
        where=(("order_type", "repair"), ("model", "A=B&C")),
        part="rest",
        page=3,
    )
    back, ignored = Lens.read(lens.query(View(store="S001")), FTFR)

    assert (back, ignored) == (lens, ())


def test_a_member_narrows_the_page():
    """Stores and regions through the view, everything else through the lens."""
    view, lens = View(period="30d"), Lens(page=2)

    assert narrowed(FTFR, view, lens, "store_id", "S 1").endswith(
        "/ftfr_30d?store=S+1&period=30d"
    )
    assert "where=model%3DX" in narrowed(FTFR, view, lens, "model", "X")
    assert "page=" not in narrowed(FTFR, view, lens, "model", "X")
    assert rows_of(FTFR, view, lens, "model", "X").endswith("page=1#rows")
    assert narrowed(FTFR, view, lens, "model", None) == ""


def test_what_is_seen_is_asked():
    """Scope and filters together; metrics without stores leave the scope away."""
    lens = Lens(where=(("order_type", "repair"),))
    seen = Seen.of(FTFR, View(region="华东"), lens)
    partners = Seen.of(CATALOG["partner_tier"], View(region="华东"), Lens())

    assert seen.where == (("region", ("华东",)), ("order_type", ("repair",)))
    assert partners.where == ()
    assert not seen.is_network


@pytest.mark.parametrize(
    ("path", "metric_id"),
    [
        ("/metrics-catalog/ftfr_30d", "ftfr_30d"),
        ("/metrics-catalog", ""),
        ("/", ""),
        (None, ""),
    ],
)
def test_the_path_names_the_metric(path, metric_id):
    """And nothing else does."""
    assert metric_of(path) == metric_id
