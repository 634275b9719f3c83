"""What scripts rely on: commands, exit codes and output of interfaces.md §1."""

import csv
import hashlib
import io
import json
import os
from datetime import datetime

import pytest

from etl.__main__ import main as etl
from tests.stress.site import AS_OF, Site, order, vin
from warehouse.__main__ import main as warehouse

pytestmark = pytest.mark.xdist_group("commands")

RUN_FIELDS = {
    "batch_id",
    "started_at",
    "finished_at",
    "as_of",
    "published",
    "tables",
    "gate",
}
COUNT_FIELDS = {"read", "loaded", "duplicate", "rejected", "inferred"}
READING_FIELDS = {
    "metric",
    "version",
    "dimensions",
    "period_start",
    "period_end",
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "ci_low",
    "ci_high",
    "maturity",
    "status",
    "as_of",
    "batch_id",
    "lines",
}
LINES = {"line_green", "line_red", "line_basis"}
REJECT_COLUMNS = [
    "source",
    "file",
    "line",
    "table",
    "column",
    "rule",
    "value",
    "batch_id",
]
MARCH = ["--from", "2025-03-01", "--to", "2025-04-01"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return an installation with two stores, an order each, and a row set aside."""
    site = Site(tmp_path_factory.mktemp("commands"))
    site.take(
        "2025-03-19",
        {
            "stores": [
                {"store_id": "S1", "name": "静安", "region": "华东"},
                {"store_id": "S2", "name": "海淀", "region": "华北"},
            ],
            "work_orders": [
                order(1, "2025-03-18T09:00:00"),
                order(2, "2025-03-19T09:00:00", store_id="S2"),
                order(3, "2025-03-19T10:00:00", vin=vin(1)),
                order(4, "2025-03-19T10:00:00", vin="=HYPERLINK(1)", status="lost"),
            ],
        },
    )
    return site


@pytest.fixture
def shell(monkeypatch, capsys):
    """Return what runs a command in this process: exit code, stdout, stderr."""

    def run(command, site, *arguments):
        for name in [n for n in os.environ if n.startswith("AFTERSIGHT_")]:
            monkeypatch.delenv(name)
        for name, value in site.environment().items():
            if name.startswith("AFTERSIGHT_"):
                monkeypatch.setenv(name, value)
        try:
            code = command([str(a) for a in arguments])
        except SystemExit as stop:  # argparse's own
            code = stop.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_a_run_prints_one_json_object_last(tmp_path):
    """Progress goes to stderr; exit 3 says published, with rows set aside."""
    site = Site(tmp_path)
    site.deliver(
        "2025-03-19",
        {
            "work_orders": [
                order(1, "2025-03-18T09:00:00"),
                order(2, "2025-03-18T09:00:00", status="x"),
            ]
        },
    )

    done = site.refresh_in_shell()

    assert done.returncode == 3
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) >= RUN_FIELDS
    assert told["published"] is True
    assert told["as_of"] == AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")
    counts = told["tables"]["work_orders"]
    assert set(counts) >= COUNT_FIELDS
    assert (counts["read"], counts["loaded"], counts["rejected"]) == (2, 1, 1)
    for one in told["tables"].values():
        assert one["read"] == one["loaded"] + one["duplicate"] + one["rejected"]
    assert all({"check", "table", "passed"} <= set(g) for g in told["gate"])
    assert "publishing" in done.stderr
    assert datetime.fromisoformat(told["started_at"]) <= datetime.fromisoformat(
        told["finished_at"]
    )


def test_a_clean_run_says_0_and_a_refused_one_4(tmp_path, shell):
    """Four means: yesterday's data stay."""
    site = Site(tmp_path)
    site.deliver("2025-03-19", {"work_orders": [order(1, "2025-03-18T09:00:00")]})
    assert shell(etl, site, *site.run_command()[2:])[0] == 0

    site.deliver(
        "2025-03-20",
        {
            "work_orders": [
                order(n, "2025-03-18T09:00:00", status="x") for n in range(50, 150)
            ]
        },
    )
    code, out, _ = shell(etl, site, *site.run_command()[2:])

    told = json.loads(out.splitlines()[-1])
    assert code == 4
    assert told["published"] is False
    assert any(not g["passed"] for g in told["gate"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "AFTERSIGHT_SOURCES"),
        (["run", "--source", "nowhere"], "nowhere"),
        (["run", "--source", ".", "--as-of", "tomorrow"], "tomorrow"),
        (["run", "--sauce", "."], "--sauce"),
        (["rnu"], "rnu"),
        ([], "COMMAND"),
        (["watch", "--source", ".", "--every", "0"], "--every"),
        (["demo", "--stores", "0", "--out", "x"], "--stores"),
    ],
)
def test_a_wrong_command_says_2_and_what_is_wrong(site, shell, arguments, words):
    """Usage and configuration are told apart from crashes."""
    code, _, err = shell(etl, site, *arguments)

    assert code == 2, err
    assert words in err
    assert "Traceback" not in err


def test_an_unknown_setting_stops_the_start(site, shell, monkeypatch):
    """A typing mistake in the environment is told what was meant."""
    environment = {**site.environment(), "AFTERSIGHT_WAREHAUS": "x"}
    monkeypatch.setattr(site, "environment", lambda: environment)

    for command, arguments in ((etl, ["status"]), (warehouse, ["metrics"])):
        code, _, err = shell(command, site, *arguments)
        assert code == 2
        assert "did you mean AFTERSIGHT_WAREHOUSE" in err


def test_status_is_told_to_people_and_to_scripts(site, shell):
    """--json is one object with the batch, its age and every source."""
    code, out, _ = shell(etl, site, "status")
    assert code == 0
    assert site.batch().id in out

    code, out, _ = shell(etl, site, "status", "--json")

    told = json.loads(out)
    assert code == 0
    assert told["batch"] == site.batch().id
    assert told["rejected_rows"] >= 1
    assert {s["table"] for s in told["sources"]} == {"stores", "work_orders"}
    assert {"source", "table", "rows", "watermark", "freshness"} <= set(
        told["sources"][0]
    )


def test_before_the_first_batch_the_commands_say_so(tmp_path, shell):
    """Nothing published is 1, with the command that mends it."""
    site = Site(tmp_path)
    for command, arguments in (
        (etl, ["status"]),
        (etl, ["rejects"]),
        (warehouse, ["query", "nps"]),
    ):
        code, out, err = shell(command, site, *arguments)
        assert code == 1
        assert "python -m etl run" in out + err


def test_rejects_are_written_as_csv(site, shell, tmp_path):
    """One row a reason, the columns that interfaces.md names, harmless to open."""
    file = tmp_path / "rejects.csv"

    code, _, _ = shell(etl, site, "rejects", "--csv", file)

    with file.open(encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    assert code == 0
    assert header == REJECT_COLUMNS
    found = {(r[1], r[2], r[3], r[4], r[5], r[6]) for r in rows}
    place = ("2025-03-19/work_orders.csv", "5", "work_orders")
    assert found == {
        (*place, "status", "allowed", "lost"),
        (*place, "vin", "vin_shape", "'=HYPERLINK(1)"),
    }
    assert {r[0] for r in rows} == {"source"}
    assert {r[7] for r in rows} == {site.batch().id}


def test_rejects_are_chosen_by_source_and_table(site, shell):
    """What does not exist has no rows set aside."""
    _, every, _ = shell(etl, site, "rejects")
    _, orders, _ = shell(
        etl, site, "rejects", "--table", "work_orders", "--source", "source"
    )
    _, stores, _ = shell(etl, site, "rejects", "--table", "stores")

    assert every == orders != ""
    assert stores == ""


def test_a_query_as_json_has_the_fields_of_a_reading(site, shell):
    """Each group is one object."""
    code, out, _ = shell(
        warehouse,
        site,
        "query",
        "orders_arrived",
        "--by",
        "store_id",
        *MARCH,
        "--format",
        "json",
    )

    told = json.loads(out)
    assert code == 0
    assert all(set(r) == READING_FIELDS for r in told)
    assert {r["dimensions"]["store_id"]: r["value"] for r in told} == {"S1": 2, "S2": 1}
    assert {r["period_start"] for r in told} == {"2025-03-01"}
    assert {r["period_end"] for r in told} == {"2025-04-01"}
    assert {r["status"] for r in told} <= {"green", "amber", "red", "grey", "none"}
    assert {r["batch_id"] for r in told} == {site.batch().id}


def test_a_query_as_csv_and_table_says_the_same(site, shell):
    """CSV has a column for each dimension and field; the table is for people."""
    question = ["query", "orders_arrived", "--by", "store_id,region", *MARCH]
    _, text, _ = shell(warehouse, site, *question, "--format", "csv")
    _, table, _ = shell(warehouse, site, *question)

    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(r["store_id"], r["region"], float(r["value"])) for r in rows} == {
        ("S1", "华东", 2),
        ("S2", "华北", 1),
    }
    assert set(rows[0]) >= (READING_FIELDS | LINES) - {"dimensions", "lines"}
    assert "store_id=S1" in table
    assert "2025-03-01..2025-04-01" in table


def test_a_query_filters_and_cuts(site, shell):
    """--where twice on one dimension lets both through; --grain cuts the period."""
    base = ["query", "orders_arrived", *MARCH, "--format", "json"]
    one = json.loads(shell(warehouse, site, *base, "--where", "region=华东")[1])
    two = json.loads(
        shell(
            warehouse, site, *base, "--where", "store_id=S1", "--where", "store_id=S2"
        )[1]
    )
    days = json.loads(shell(warehouse, site, *base, "--grain", "day")[1])
    none = json.loads(
        shell(warehouse, site, *base, "--by", "store_id", "--where", "store_id=S9")[1]
    )
    past = json.loads(
        shell(warehouse, site, *base, "--as-of", "2025-03-18T20:00:00")[1]
    )

    assert [r["value"] for r in one] == [2]
    assert [r["value"] for r in two] == [3]
    assert {r["period_start"]: r["value"] for r in days if r["value"]} == {
        "2025-03-18": 1,
        "2025-03-19": 2,
    }
    assert none == []
    assert [r["value"] for r in past] == [1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "ftrf_30d"], "did you mean ftfr_30d"),
        (["query", "nps", "--by", "store"], "did you mean store_id"),
        (["query", "nps", "--where", "regio=华东"], "did you mean region"),
        (["query", "nps", "--where", "region"], "region=华东"),
        (["query", "nps", "--grain", "hour"], "hour"),
        (["query", "nps", "--from", "2025-04-01", "--to", "2025-03-01"], "half-open"),
        (["query", "nps", "--from", "March"], "March"),
        (["query", "nps", "--as-of", "soon"], "soon"),
        (["query"], "METRIC"),
    ],
)
def test_a_wrong_question_says_2_and_what_was_meant(site, shell, arguments, words):
    """Nobody has to look up the spelling."""
    code, out, err = shell(warehouse, site, *arguments)

    assert code == 2, (out, err)
    assert words in err
    assert "Traceback" not in err


def test_the_catalogue_is_told_in_each_format(site, shell):
    """Every metric once, with its formula and owner."""
    told = json.loads(shell(warehouse, site, "metrics", "--format", "json")[1])
    text = shell(warehouse, site, "metrics", "--format", "csv")[1]
    table = shell(warehouse, site, "metrics")[1]

    ids = [m["id"] for m in told]
    assert len(ids) == len(set(ids)) > 30
    assert [r["id"] for r in csv.DictReader(io.StringIO(text))] == ids
    assert len(table.splitlines()) == len(ids)
    assert all(m["formula_en"] and m["formula_zh"] and m["owner"] for m in told)


def test_the_demo_network_is_the_same_for_the_same_seed(site, shell, tmp_path):
    """Byte for byte; another seed is another network."""

    def written(name, seed):
        out = tmp_path / name
        code, _, err = shell(
            etl,
            site,
            "demo",
            "--stores",
            "2",
            "--months",
            "1",
            "--seed",
            seed,
            "--until",
            "2026-06-11",
            "--out",
            out,
        )
        assert code == 0, err
        return {
            path.relative_to(out).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }

    first = written("a", 7)
    assert first == written("b", 7)
    assert first != written("c", 8)


def test_watch_repeats_until_it_is_told_to_stop(tmp_path):
    """SIGTERM ends it after the round that is under way, as done."""
    site = Site(tmp_path)
    site.deliver("2025-03-19", {"work_orders": [order(1, "2025-03-18T09:00:00")]})
    process = site.start(
        ["-m", "etl", "watch", "--source", str(site.source), "--every", "0.2"]
    )
    rounds = 0
    for line in process.stderr:
        rounds += line.startswith("published")
        if rounds == 2:
            break
    process.terminate()
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert site.batch().seq >= 2
