"""The hand-computed cases agree with the independent computation."""

from datetime import date

import pandas as pd
import pytest

from . import METRICS, read
from .hand_cases import HAND_CASES
from .source import load


def _day(text: str | None) -> date | None:
    """An ISO date, or none."""
    return None if text is None else date.fromisoformat(text)


def _same(got: object, wanted: object) -> bool:
    """Equal cells: null with null, numbers to nine digits, months by their first day."""
    if wanted is None:
        return pd.isna(got)
    if isinstance(wanted, (int, float)):
        return got == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    if isinstance(got, pd.Timestamp):
        return got.date().isoformat().startswith(wanted)
    return got == wanted


@pytest.mark.parametrize("case", HAND_CASES, ids=lambda c: f"{c.metric}-{c.why[:40]}")
def test_reference_agrees_with_the_hand_computation(case):
    """The reference's reading of the typed-in rows is what was worked out by hand."""
    got = read(
        case.metric,
        load(case.tables),
        as_of=pd.Timestamp(case.as_of).tz_convert("UTC"),
        start=_day(case.start),
        end=_day(case.end),
        by=case.by,
        where=case.where,
    )
    assert len(got) == len(case.expected), got.to_string()
    for wanted in case.expected:
        scope = got
        for dim in case.by:
            scope = scope[[_same(cell, wanted[dim]) for cell in scope[dim]]]
        assert len(scope) == 1, f"{case.why}\n{got.to_string()}"
        row = scope.iloc[0]
        wrong = {k: (row[k], v) for k, v in wanted.items() if not _same(row[k], v)}
        assert not wrong, f"{case.why}\n{wrong}\n{got.to_string()}"


def test_every_metric_has_a_hand_case():
    """No metric is without a case computed by hand."""
    assert set(METRICS) == {case.metric for case in HAND_CASES}


def test_every_case_explains_its_arithmetic():
    """Each case says in a sentence how its expectation came about."""
    assert all(len(case.why) > 25 for case in HAND_CASES)
