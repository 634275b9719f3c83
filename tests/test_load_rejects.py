"""Rows that break a promise are set aside with their place and reason, and retried."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from etl.sources import open_source
from tests.stress.site import Site, order, vin
from tests.test_load import counts
from warehouse.contracts import CONTRACTS
from warehouse.scope import EVERYTHING

SURVEYS = """survey_id,instrument_id,sent_at,answered_at,score,comment
Q1,N,2025-03-01T09:00:00,2025-03-01T10:00:00,9,"说了
两行"
Q2,N,2025-03-01T09:00:00,2025-03-01T10:00:00,11,too much
Q3,,yesterday,2025-03-01T10:00:00,-1,three reasons
Q4,N,2025-03-01T09:00:00,2025-03-01T10:00:00,8,one,two many
Q5,N,2025-03-01T09:00:00,2025-03-01T10:00:00,7,good
"""
MENDED = (
    SURVEYS.replace(",11,", ",10,")
    .replace(
        "Q3,,yesterday,2025-03-01T10:00:00,-1", "Q3,N,2025-03-01,2025-03-01T10:00:00,1"
    )
    .replace("one,two many", "one two many")
)


@pytest.fixture
def site(tmp_path):
    """Return an empty installation."""
    return Site(tmp_path / "site")


def put(site, text, name="surveys.csv", day="2025-03-02"):
    """Write a file of a delivery."""
    path = site.source / day / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def reasons(site):
    """Return the reasons that pages and the shell show, in order of place."""
    found = [
        (r.file, r.line, r.table, r.column, r.rule, r.value)
        for r in site.batch().rejects(EVERYTHING)
    ]
    return sorted(found, key=lambda r: (r[0], r[1], r[3] or ""))


def test_a_score_its_instrument_cannot_give_is_set_aside(site):
    """Satisfaction counts 1-5: a 9 is no score of it, and one of a recommendation.

    What no instrument gives has one reason, not two.
    """
    rows = [
        ("csat_delivery", 1),
        ("CSAT-app", 5),
        ("csat_delivery", 9),
        ("满意度", 0),
        ("csat_delivery", 11),
        ("nps_delivery", 9),
        ("nps_delivery", 0),
    ]
    text = "".join(f"Q{n},{name},{s}\n" for n, (name, s) in enumerate(rows))
    put(site, "survey_id,instrument_id,score\n" + text)

    site.run()

    file = "2025-03-02/surveys.csv"
    assert reasons(site) == [
        (file, 4, "surveys", "score", "score_scale", "9"),
        (file, 5, "surveys", "score", "score_scale", "0"),
        (file, 6, "surveys", "score", "range", "11"),
    ]
    groups = {g.rule: g for g in site.batch().reject_groups(EVERYTHING)}
    group = groups["score_scale"]
    assert (group.rows, "1-5 of a satisfaction survey" in group.right) == (2, True)


def test_each_reason_names_its_place_and_value(site):
    """Lines are physical ones: the header is line 1, a quoted line end counts."""
    put(site, SURVEYS)

    run = site.run()

    file = "2025-03-02/surveys.csv"
    assert counts(run, "surveys") == (5, 2, 0, 3)
    assert reasons(site) == [
        (file, 4, "surveys", "score", "range", "11"),
        (file, 5, "surveys", "instrument_id", "required", None),
        (file, 5, "surveys", "score", "range", "-1"),
        (file, 5, "surveys", "sent_at", "type", "yesterday"),
        (
            file,
            6,
            "surveys",
            None,
            "fields",
            "expected 6 fields, found 7: Q4,N,2025-03-01T09:00:00,"
            "2025-03-01T10:00:00,8,one,two many",
        ),
    ]
    (source,) = {r.source for r in site.batch().rejects(EVERYTHING)}
    assert source == "source"
    assert {r.batch_id for r in site.batch().rejects(EVERYTHING)} == {run.batch_id}


def test_the_groups_say_how_many_and_what_would_be_right(site):
    """A group counts the rows set aside for one reason."""
    put(site, SURVEYS)
    site.run()

    groups = {(g.column, g.rule): g for g in site.batch().reject_groups(EVERYTHING)}

    assert groups["score", "range"].rows == 2
    assert groups["score", "range"].right == "0 … 10"
    assert groups["", "fields"].severity == "reject"


def test_what_is_rejected_stays_so_until_something_is_mended(site):
    """Reading the file again counts its good rows as duplicates, the bad as bad."""
    put(site, SURVEYS)
    site.run()
    before = reasons(site)

    again = site.run()

    assert counts(again, "surveys") == (5, 0, 2, 3)
    assert reasons(site) == before


def test_a_mended_file_loads_its_rows_and_forgets_its_rejects(tmp_path):
    """The file under the same name takes the place of what it said before."""
    site, clean = Site(tmp_path / "site"), Site(tmp_path / "clean")
    put(site, SURVEYS)
    put(clean, MENDED)
    site.run()
    clean.run()

    put(site, MENDED)
    run = site.run()

    assert counts(run, "surveys") == (5, 3, 2, 0)
    assert reasons(site) == []
    assert site.everything() == clean.everything()
    site.run(full=True)
    assert site.everything() == clean.everything()


def test_full_judges_what_was_set_aside_again(site):
    """A rebuilding keeps the reasons, once each, and the counts."""
    put(site, SURVEYS)
    site.run()
    before = reasons(site)

    run = site.run(full=True)

    assert reasons(site) == before
    assert counts(run, "surveys")[3] == 3


def test_a_mended_contract_takes_the_rows_it_refused(site, monkeypatch):
    """A scale that goes to 11 lets the 11 in, though the file is the same."""
    put(site, SURVEYS)
    site.run()
    declared = CONTRACTS["surveys"]
    columns = tuple(
        replace(c, high=11) if c.name == "score" else c for c in declared.columns
    )
    monkeypatch.setitem(CONTRACTS, "surveys", replace(declared, columns=columns))

    run = site.run()

    assert counts(run, "surveys") == (5, 1, 2, 2)
    assert [r[1] for r in reasons(site)] == [5, 5, 5, 6]
    assert site.sql("select max(score) from surveys") == [(11,)]


def test_a_mended_configuration_takes_the_rows_it_refused(site, tmp_path):
    """A code that the configuration learns is no fault any more."""
    export = tmp_path / "export"
    export.mkdir()
    (export / "orders.csv").write_text(
        "id,vin,kind,at\n"
        f"W1,{vin(1)},维修,2025-03-01 09:00\nW2,{vin(2)},索赔,2025-03-01 10:00\n",
        encoding="utf-8",
    )
    toml = tmp_path / "dms.toml"

    def configured(codes):
        toml.write_text(
            f'name = "dms"\nfolder = "{export}"\n[[table]]\ntable = "work_orders"\n'
            'files = "orders.csv"\n[table.columns]\nwork_order_id = "id"\nvin = "vin"\n'
            f'order_type = {{ column = "kind", codes = {{ {codes} }} }}\n'
            'checkin_at = "at"\nstore_id = { constant = "S1" }\n'
            'status = { constant = "open" }\n',
            encoding="utf-8",
        )
        return open_source(str(toml), {})

    first = site.run(configured('"维修" = "repair"'))
    assert counts(first) == (2, 1, 0, 1)
    ((_, line, _, column, rule, value),) = reasons(site)
    assert (line, column, rule, value) == (3, "order_type", "allowed", "索赔")

    second = site.run(configured('"维修" = "repair", "索赔" = "repair"'))

    assert counts(second) == (2, 1, 1, 0)
    assert reasons(site) == []


def test_a_key_that_is_missing_is_no_row(site):
    """A row without its key is set aside, whatever else it says."""
    rows = [
        order(1, "2025-03-01T09:00:00"),
        {**order(2, "2025-03-01T09:00:00"), "work_order_id": "  "},
    ]

    run = site.take("2025-03-02", {"work_orders": rows})

    assert counts(run) == (2, 1, 0, 1)
    assert [(r[3], r[4]) for r in reasons(site)] == [("work_order_id", "required")]


def test_rows_of_one_file_that_say_the_same_key_are_told_apart(site):
    """The same row twice is a duplicate; another content of equal version too."""
    rows = [
        order(1, "2025-03-01T09:00:00", mileage_km=1, updated_at="2025-03-01T10:00"),
        order(1, "2025-03-01T09:00:00", mileage_km=1, updated_at="2025-03-01T10:00"),
        order(1, "2025-03-01T09:00:00", mileage_km=2, updated_at="2025-03-01T11:00"),
    ]

    run = site.take("2025-03-02", {"work_orders": rows})

    assert counts(run) == (3, 2, 1, 0)
    assert site.sql("select mileage_km from work_orders") == [(2,)]


def test_unknown_columns_are_reported_and_do_no_harm(site):
    """A column nobody promised is kept out and named on the data page."""
    row = {**order(1, "2025-03-01T09:00:00"), "colour": "blue", "扩展": "x"}

    run = site.take("2025-03-02", {"work_orders": [row]})

    assert counts(run) == (1, 1, 0, 0)
    (state,) = site.batch().sources()
    assert state.unknown_columns == ("colour", "扩展")


DMS = """
name = "dms"
url = "sqlite:///FOLDER/dms.db"
[[table]]
table = "surveys"
query = "select * from answers"
watermark = "changed"
watermark_type = "text"
columns = { survey_id = "id", instrument_id = "asked", score = "score" }
"""


@pytest.fixture
def answers(site, tmp_path):
    """Return what runs after some statements on a database that is asked by mark."""
    file = tmp_path / "dms.toml"
    file.write_text(DMS.replace("FOLDER", str(tmp_path)), encoding="utf-8")
    path = tmp_path / "dms.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table answers (id text, asked text, score, changed text)")

    def run(*statements: str, full: bool = False):
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return site.run(open_source(str(file), {}), full=full)

    return run


def test_a_row_that_a_query_brings_again_is_set_aside_once(site, answers):
    """Those at the mark and those without one come each time; they are no more rows.

    Not even where the key itself is missing, and not when all is made anew.
    """
    expected = [
        (2, "surveys", "score", "range", "12"),
        (3, "surveys", "survey_id", "required", None),
        (4, "surveys", "score", "range", "11"),
    ]
    answers(
        "insert into answers values ('Q1', 'N', 12, null)",
        "insert into answers values (null, 'N', 9, null)",
        "insert into answers values ('Q2', 'N', 11, '2025-03-01')",
    )
    assert [r[1:] for r in reasons(site)] == expected

    for full in (False, True, False):
        run = answers(full=full)
        assert counts(run, "surveys") == (3, 0, 0, 3)
        assert [r[1:] for r in reasons(site)] == expected


def test_a_row_mended_in_its_database_is_no_longer_set_aside(site, answers):
    """What is still wrong stays, though the query does not bring it again."""
    answers(
        "insert into answers values ('Q1', 'N', 12, '2025-03-01')",
        "insert into answers values ('Q2', 'N', 11, '2025-03-02')",
        "insert into answers values ('Q3', 'N', 10, '2025-03-03')",
    )

    run = answers(
        "update answers set score = 7, changed = '2025-03-04' where id = 'Q2'"
    )

    assert counts(run, "surveys") == (2, 1, 1, 0)
    assert [r[5] for r in reasons(site)] == ["12"]
    answers(full=True)
    assert [r[5] for r in reasons(site)] == ["12"]
