"""The quality gate: each check passes at its limit and refuses beyond it."""

import re
from dataclasses import fields
from datetime import datetime, timedelta, timezone

import pytest

from tests.stress.site import AS_OF, Site, order, vin
from warehouse.errors import ConfigurationError
from warehouse.records import Outcome
from warehouse.scope import EVERYTHING, Question
from warehouse.store import gate as gates
from warehouse.store.gate import Gate
from warehouse.store.state import State

MORNING = "2025-03-20T09:00:00"


def survey(number, **more):
    """Return an answer without fault."""
    return {
        "survey_id": f"Q{number}",
        "instrument_id": "N",
        "sent_at": MORNING,
        "score": 9,
        "comment": "好",
        **more,
    }


def surveys(good, bad, start=0, **fault):
    """Return *good* rows and *bad* ones with a fault."""
    return {
        "surveys": [
            survey(start + n, **(fault if n >= good else {})) for n in range(good + bad)
        ]
    }


def vehicles(count, start=0, **more):
    """Return vehicles."""
    return {"vehicles": [{"vin": vin(start + n), **more} for n in range(count)]}


# check: limits, what is there before, at the limit, beyond it, found beyond it
CHECKS = {
    "rejected_share": (
        "limit = 0.25\nminimum_rows = 4",
        None,
        surveys(3, 1, score=11),
        surveys(5, 3, score=11),
        0.375,
    ),
    "row_jump": (
        "limit = 1.0\nminimum_rows = 3",
        vehicles(3),
        vehicles(3, 10),
        vehicles(4, 10),
        1.333333,
    ),
    "key_loss": (
        "limit = 0.25\nminimum_rows = 4",
        None,
        surveys(3, 1, survey_id=None),
        surveys(2, 2, survey_id=None),
        0.5,
    ),
    "null_jump": (
        "limit = 0.5\nminimum_rows = 2",
        vehicles(2, model="ET5"),
        {
            "vehicles": [
                {"vin": vin(0), "model": None, "model_year": 2024},
                {"vin": vin(1), "model": "ES8", "model_year": 2024},
            ]
        },
        {
            "vehicles": [
                {"vin": vin(n), "model": None, "model_year": 2024} for n in (0, 1)
            ]
        },
        1.0,
    ),
    "reference_loss": (
        "limit = 0.5\nminimum_rows = 2",
        vehicles(2),
        {"work_orders": [order(n, MORNING) for n in (10, 11)]},
        {"work_orders": [order(n, MORNING) for n in (10, 11, 12)]},
        0.6,
    ),
}


def gated(folder, text):
    """Return an empty installation whose gate says *text*."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return Site(folder, gate=path)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_passes_at_its_limit_and_refuses_beyond(tmp_path, check):
    """Refused means: nothing of the delivery is kept, the batch before still stands."""
    limits, before, at_limit, beyond, found = CHECKS[check]
    others = "[rejected_share]\nlimit = 1.0\n" if check == "key_loss" else ""
    site = gated(tmp_path, f"{others}[{check}]\n{limits}\n")
    site.take("2025-03-18", before or {"stores": [{"store_id": "S1", "name": "静安"}]})
    then = site.everything()

    refused = site.take("2025-03-19", beyond)

    assert refused.outcome is Outcome.REFUSED
    failed = [r for r in refused.gate if not r.passed and r.refuses]
    assert [(r.check, r.found) for r in failed] == [(check, found)]
    assert failed[0].message in refused.message
    assert site.everything() == then
    for file in (site.source / "2025-03-19").iterdir():
        file.unlink()
    assert site.take("2025-03-20", at_limit).outcome is Outcome.PUBLISHED


def test_a_rebuild_is_not_refused_for_what_older_deliveries_lost(tmp_path):
    """Everything is judged anew; only what came now is told of and weighed."""
    site = gated(tmp_path, "[rejected_share]\nlimit = 0.2\nminimum_rows = 4\n")
    site.take("2025-03-18", surveys(9, 1, score=11))
    site.deliver("2025-03-19", surveys(2, 2, start=10, score=11))

    refused = site.run(full=True)

    assert refused.outcome is Outcome.REFUSED
    assert "score" in refused.message
    assert " 2× " in refused.message


@pytest.mark.parametrize(
    ("table", "column", "is_shown"),
    [
        ("work_orders", "status", True),
        ("work_orders", "vin", False),
        ("customers", "phone", False),
        ("customers", None, False),
    ],
)
def test_a_reason_shows_no_value_that_not_everybody_may_see(table, column, is_shown):
    """The record of a run is read by all who see the data page, and in the log."""
    told = gates._shown(table, column, "LAVA5SD0XRA0Q2187")

    assert ("LAVA5SD0XRA0Q2187" in told) is is_shown


def test_a_refused_run_is_told_and_the_next_good_one_publishes(tmp_path):
    """The run record names the check, what was found and the limit."""
    site = gated(tmp_path, "[rejected_share]\nlimit = 0.2\nminimum_rows = 4\n")
    site.take("2025-03-18", {"surveys": [survey(1)]})
    first = site.batch()

    folder = site.deliver("2025-03-19", surveys(2, 2, start=10, score=11))
    done = site.refresh_in_shell()

    assert done.returncode == 4
    assert '"published": false' in done.stdout
    assert site.batch().id == first.id
    state = State(site.settings.state)
    refused, published = state.runs(2)
    state.close()
    assert (refused.outcome, published.outcome) == (
        Outcome.REFUSED,
        Outcome.PUBLISHED,
    )
    assert re.search(r"2 of \d rows of surveys were set aside", refused.message)
    assert refused.tables["surveys"].rejected == 2
    site.deliver(folder.name, surveys(4, 0, start=10))
    run = site.run()
    assert run.outcome is Outcome.PUBLISHED
    assert run.tables["surveys"].loaded == 4
    assert site.batch().id == run.batch_id != first.id
    assert site.batch().rejects(EVERYTHING) == []


def test_the_defaults_let_one_in_twenty_be_rejected(tmp_path):
    """5 % of 200 rows: published, and the shell says 3."""
    site = Site(tmp_path)
    site.deliver("2025-03-19", surveys(190, 10, score=11))

    done = site.refresh_in_shell()

    assert done.returncode == 3, done.stderr
    (reading,) = site.batch().read(
        "nps", Question(start=AS_OF.date(), end=AS_OF.date() + timedelta(1)), EVERYTHING
    ) or (None,)
    assert reading is None or reading.n <= 190


def test_a_delivery_of_nothing_but_faults_is_refused_however_small(tmp_path):
    """Ten rows and none of them good is a broken export."""
    site = Site(tmp_path)
    site.take("2025-03-18", {"surveys": [survey(1)]})

    few = site.take("2025-03-19", surveys(0, 9, start=10, score=11))
    site.deliver("2025-03-20", surveys(0, 10, start=30, score=11))
    many = site.run(repeats=False)

    assert few.outcome is Outcome.PUBLISHED
    assert many.outcome is Outcome.REFUSED


def test_old_files_do_not_hide_a_bad_new_one(tmp_path):
    """The shares are of what came, not of what has been lying in the folder."""
    site = gated(tmp_path, "[rejected_share]\nlimit = 0.2\nminimum_rows = 10\n")
    site.take("2025-03-18", surveys(60, 0))

    run = site.take("2025-03-19", surveys(2, 8, start=100, score=11))

    assert run.outcome is Outcome.REFUSED


@pytest.mark.parametrize(("late", "passes"), [(0, True), (1, False)])
def test_staleness_refuses_only_when_told_to(tmp_path, late, passes):
    """26 hours are what the contract of work orders allows: not a second more."""
    seen = datetime(2025, 3, 19, 2, tzinfo=timezone.utc)
    as_of = seen + timedelta(hours=26, seconds=late)
    rows = {"work_orders": [order(1, seen.isoformat())]}
    strict = gated(tmp_path, "[staleness]\nrefuses = true\n")

    run = strict.take("2025-03-20", rows, as_of=as_of)

    assert (run.outcome is Outcome.PUBLISHED) == passes


def test_stale_data_are_published_and_warned_of_by_default(tmp_path):
    """An old export is better than none; the run says how old it is."""
    run = Site(tmp_path).take(
        "2025-03-19", {"work_orders": [order(1, "2025-03-01T09:00:00")]}
    )

    assert run.outcome is Outcome.PUBLISHED
    (warned,) = [r for r in run.gate if r.check == "staleness"]
    assert not warned.passed
    assert "work_orders" in warned.message
    assert "h old" in warned.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[rejected_shar]\nlimit = 1", "did you mean rejected_share"),
        ("[rejected_share]\nlimits = 1", "takes"),
        ("rejected_share = 0.5", "takes"),
        ("[rejected_share]\nlimit = '20%'", "limit"),
        ("[rejected_share]\nminimum_rows = 'few'", "minimum_rows"),
        ("[rejected_share]\nrefuses = 'no'", "refuses"),
        ("[rejected_share\n", "gate.toml"),
    ],
)
def test_a_wrong_gate_file_stops_the_start(tmp_path, text, words):
    """The message names the file, the key and what would be right."""
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError) as caught:
        Gate.from_file(path)

    assert words in str(caught.value)
    assert "gate.toml" in str(caught.value)


def test_a_gate_file_that_is_not_there_stops_the_start(tmp_path):
    """A wrong path is not taken for the defaults."""
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        Gate.from_file(tmp_path / "nowhere.toml")


def test_a_gate_file_changes_what_it_names_only(tmp_path):
    """The other limits keep their defaults."""
    path = tmp_path / "gate.toml"
    path.write_text("[row_jump]\nlimit = 3.0\n", encoding="utf-8")

    told, usual = Gate.from_file(path), Gate()

    changed = {
        f.name for f in fields(Gate) if getattr(told, f.name) != getattr(usual, f.name)
    }
    assert changed == {"row_jump"}
    assert told.row_jump.limit == 3
    assert told.row_jump.minimum_rows == usual.row_jump.minimum_rows
