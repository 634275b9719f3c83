"""What machines ask: health, monitoring, readings, files, headers."""

import gzip
import json

import pytest

from callbacks.security import hashes
from tests.ui.standin import StandIn

PAGES = ["/", "/data", "/?region=x&store=y&metric=z", "/data?page=-1"]


def test_the_process_is_alive_without_data(client, standin: StandIn):
    """An orchestrator does not restart a process because the ETL has not run."""
    standin.current = None

    assert client.get("/livez").status_code == 200


def test_ready_names_batch_and_age_by_source(client):
    """The oldest limited table of a source is its age."""
    told = client.get("/readyz").json

    assert told["batch"] == "20261121T021500Z-000017"
    assert told["as_of"] == "2026-11-21T02:15:00Z"
    assert told["data_age"]["dms"] == {"seconds": 5400.0, "state": "stale"}
    assert told["data_age"]["crm"]["state"] == "fresh"


def test_not_ready_says_why(client, standin: StandIn):
    """503 with what to do."""
    standin.current = None
    response = client.get("/readyz")

    assert response.status_code == 503
    assert "etl run" in response.json["reason"]


def test_monitoring_gets_every_family_with_its_meaning(client):
    """Batch, ages, rejected rows and what was served, in Prometheus' format."""
    client.get("/api/v1/metrics/ftfr_30d?by=store_id")
    text = client.get("/metrics").get_data(as_text=True)

    assert 'aftersight_served_total{what="readings"} 24\n' in text
    assert "aftersight_batch_sequence 17\n" in text
    assert (
        'aftersight_rejected_rows{source="crm",table="surveys",rule="range",'
        'column="score",severity="reject"} 3\n'
    ) in text
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2
    assert text.count("# TYPE") == text.count("# HELP")


def test_monitoring_works_without_data(client, standin: StandIn):
    """The alarm that there is nothing needs a scrape that answers."""
    standin.current = None

    assert "aftersight_ready 0\n" in client.get("/metrics").get_data(as_text=True)


def test_the_api_gives_readings(client):
    """The same fields as the command line."""
    (reading,) = client.get("/api/v1/metrics/ftfr_30d").json

    assert reading["metric"] == "ftfr_30d"
    assert reading["unit"] == "share"
    assert reading["batch_id"] == "20261121T021500Z-000017"
    assert reading["period_end"] == "2026-10-23"


def test_the_api_passes_the_whole_question(client, standin: StandIn):
    """by, grain, from, to, where and as_of reach the warehouse as asked."""
    address = (
        "/api/v1/metrics/ftfr_30d?by=region,city&grain=week&from=2026-08-01"
        "&to=2026-09-01&where=region=华东&where=region=华南&where=city_class=一线"
        "&as_of=2026-11-20T10:15:00%2B08:00"
    )
    assert client.get(address).status_code == 200
    ((_, question),) = standin.current.asked

    assert question.by == ("region", "city")
    assert question.grain == "week"
    assert str(question.start) == "2026-08-01"
    assert question.where == (("region", ("华东", "华南")), ("city_class", ("一线",)))
    assert question.as_of.isoformat() == "2026-11-20T02:15:00+00:00"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ftrf_30d", "did you mean ftfr_30d"),
        ("ftfr_30d?grain=hour", "use one of day, week, month, total"),
        ("ftfr_30d?from=yesterday", "use a day such as"),
        ("ftfr_30d?as_of=soon", "use a time such as"),
        ("ftfr_30d?where=region", "where=DIMENSION=VALUE"),
        ("ftfr_30d?gran=day", "did you mean grain"),
        ("ftfr_30d?by=colour", "no dimension 'colour'"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(client, address, told):
    """400 (404 for a metric) and one sentence."""
    response = client.get(f"/api/v1/metrics/{address}")

    assert response.status_code == (404 if address == "ftrf_30d" else 400)
    assert told in response.json["error"]


def test_the_api_without_data_is_unavailable(client, standin: StandIn):
    """503, not an empty list that looks like no orders."""
    standin.current = None

    assert client.get("/api/v1/metrics/ftfr_30d").status_code == 503


def test_the_catalogue_is_listed_with_its_definitions(client):
    """Names in both languages, lines, version, dimensions."""
    listed = {one["id"]: one for one in client.get("/api/v1/metrics").json}

    assert listed["ftfr_30d"]["name"]["zh"].startswith("首次修复率")
    assert listed["ftfr_30d"]["thresholds"][0]["green"] == 0.9


def test_a_poll_without_news_costs_nothing(client, standin: StandIn):
    """304 until a batch is published, then its number."""
    first = client.get("/api/v1/batch")
    tag = {"If-None-Match": first.headers["ETag"]}

    assert client.get("/api/v1/batch", headers=tag).status_code == 304
    standin.publish(18)
    second = client.get("/api/v1/batch", headers=tag)
    assert second.json["batch"].endswith("000018")


def test_a_broken_warehouse_keeps_the_last_good_batch(client, standin: StandIn):
    """The page goes on with what it has and says why; only readiness is lost."""
    client.get("/api/v1/batch")
    standin.current = None

    assert client.get("/api/v1/batch").json["problem"]
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("page", PAGES)
def test_pages_answer(client, page):
    """Whatever the query says, a page comes."""
    response = client.get(page)

    assert response.status_code == 200
    assert 'lang="zh-CN"' in response.get_data(as_text=True)


@pytest.mark.parametrize("page", ["/nope", "/stores", "/data/x", "/assets/none.css"])
def test_an_unknown_address_is_not_found(client, page):
    """404 to machines, a page with a way back to people."""
    assert client.get(page).status_code == 404


def test_the_language_is_chosen_by_the_address_and_remembered(client):
    """?lang=en speaks English now and later."""
    assert 'lang="en"' in client.get("/?lang=en").get_data(as_text=True)
    assert 'lang="en"' in client.get("/").get_data(as_text=True)
    assert 'lang="zh-CN"' in client.get("/?lang=zh-CN").get_data(as_text=True)
    assert "总览" in json.dumps(client.get("/_dash-layout").json, ensure_ascii=False)


def test_only_our_own_scripts_may_run(client):
    """Every inline script of this very answer is allowed by its hash; no other is."""
    for _ in range(2):  # Dash adds an inline script after the first answer.
        response = client.get("/")
        policy = response.headers["Content-Security-Policy"]
        found = hashes(response.get_data())

        assert found
        assert all(one in policy for one in found)
        (scripts,) = (p for p in policy.split("; ") if p.startswith("script-src"))
        assert "unsafe" not in scripts


def test_nothing_is_loaded_from_elsewhere(client):
    """No address of another host in the first page."""
    page = client.get("/").get_data(as_text=True)

    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    "address", ["/", "/livez", "/api/v1/batch", "/assets/icon.svg"]
)
def test_every_answer_is_protected(client, address):
    """Not sniffed, not framed."""
    with client.get(address) as response:
        headers = response.headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"


@pytest.mark.parametrize(
    ("accepted", "encoding", "largest"),
    [("br, gzip", "br", 340_000), ("gzip", "gzip", 410_000), ("", None, 1_300_000)],
)
def test_plotly_travels_compressed_once_and_is_kept(
    client, accepted, encoding, largest
):
    """The browser may keep it; when it asks again it gets 304 and no bytes."""
    headers = {"Accept-Encoding": accepted}
    response = client.get(PLOTLY, headers=headers)

    assert response.headers.get("Content-Encoding") == encoding
    assert len(response.data) < largest
    assert "max-age=86400" in response.headers["Cache-Control"]
    headers["If-None-Match"] = response.headers["ETag"]
    again = client.get(PLOTLY, headers=headers)
    assert (again.status_code, again.data) == (304, b"")


def test_plotly_is_the_version_that_python_draws_for(client):
    """Figures of plotly 7.1 need plotly.js 4.1."""
    from plotly.offline import get_plotlyjs_version

    assert f"v{get_plotlyjs_version()}" in client.get(PLOTLY).data[:200].decode()


def test_answers_are_compressed_for_those_who_can(client):
    """JSON, HTML and scripts; small answers are left alone."""
    headers = {"Accept-Encoding": "gzip"}
    packed = client.get("/api/v1/metrics", headers=headers)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data))
    assert "Content-Encoding" not in client.get("/livez", headers=headers).headers
    assert "Content-Encoding" not in client.get("/api/v1/metrics").headers


def test_fingerprinted_files_may_be_kept(client):
    """Dash writes ?m= into the address of a file of assets/; others are asked again."""
    with client.get("/assets/10-tokens.css?m=1") as kept:
        assert "immutable" in kept.headers["Cache-Control"]
    with client.get("/assets/10-tokens.css") as asked:
        assert "immutable" not in asked.headers.get("Cache-Control", "")


def test_nobody_can_call_callbacks_as_tools(client):
    """The MCP server of Dash stays off whatever the environment says."""
    assert client.post("/_mcp", json={}).status_code in {404, 405}
