"""At the door a row is judged as the loader will judge it."""

from pathlib import Path

import pytest

from tests.intake.test_spool import AT, order, take_in
from warehouse.contracts import Severity
from warehouse.scope import EVERYTHING
from warehouse.store.intake import Judge, Spool


@pytest.fixture(scope="module")
def judge() -> Judge:
    """Return a judge in the product's zone."""
    return Judge("Asia/Shanghai")


def test_a_good_row_has_no_finding(judge: Judge) -> None:
    """What the contract promises passes in silence."""
    assert judge.findings("work_orders", [order(1)]) == [[]]


def test_a_finding_says_what_would_be_right(judge: Judge) -> None:
    """Column, rule, value and the right form come back for the row that has it."""
    good, bad = judge.findings("work_orders", [order(1), order(2, status="eaten")])
    assert good == []
    (finding,) = bad
    assert (finding.column, finding.rule) == ("status", "allowed")
    assert finding.value == "eaten"
    assert finding.severity is Severity.REJECT
    assert finding.right == "open | closed | cancelled"


def test_all_faults_of_a_row_are_told_at_once(judge: Judge) -> None:
    """A sender mends a row once, not once for each fault."""
    row = order(1, vin=None, checkin_at="yesterday", status="eaten")
    (found,) = judge.findings("work_orders", [row])
    rejected = {f.column for f in found if f.severity is Severity.REJECT}
    assert rejected == {"vin", "checkin_at", "status"}


def test_the_door_and_the_loader_agree(tmp_path: Path, judge: Judge) -> None:
    """What the door calls rejected is exactly what the loader sets aside."""
    rows = [
        order(1),
        order(2, delivered_at="2026-03-01T08:00:00"),
        order(3, vin="LSVAA4183E200000I"),
        order(4, mileage_km="-5"),
        order(5, waiting_on_site="maybe"),
        order(6, vin="lsvaa4183e2000001"),
        order(7, checkin_at="2026-03-02T08:00:00+08:00"),
        order(8, checkin_at="infinity"),
        order(9, amount="12.345"),
    ]
    findings = judge.findings("work_orders", rows)
    refused = {
        number
        for number, found in enumerate(findings)
        if any(f.severity is Severity.REJECT for f in found)
    }
    spool = Spool(tmp_path / "intake")
    spool.keep("dms", "work_orders", rows, AT)
    spool.close()
    aside = {reject.line - 2 for reject in take_in(tmp_path).rejects(EVERYTHING)}
    assert refused == aside
    assert 0 not in refused
    assert refused
