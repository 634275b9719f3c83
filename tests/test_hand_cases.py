"""The engine reads what a person works out by hand from the specification."""

from contextlib import ExitStack
from datetime import date, datetime, timezone

import pytest

from etl.refresh import Order, loaded
from etl.sources import standard_folder
from tests.independent.hand_cases import HAND_CASES
from tests.kit import in_deliveries, settings_in, silent, write_delivery
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question
from warehouse.store.asking import Asker
from warehouse.store.work import Work, render

pytestmark = pytest.mark.xdist_group("hand_cases")


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Return one working file; each case is loaded into it and rolled back."""
    with Work(tmp_path_factory.mktemp("hand"), threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def given(work, tmp_path_factory):
    """Return a function that loads a case, if the case before it had other rows."""
    with ExitStack() as stack:
        last = []

        def given(tables, as_of):
            if last == [tables, as_of]:
                return
            stack.close()
            folder = tmp_path_factory.mktemp("case")
            for number, delivery in enumerate(in_deliveries(tables)):
                write_delivery(folder / f"2024-01-{number + 1:02d}", delivery)
            order = Order(now=as_of, as_of=as_of)
            source = standard_folder(folder)
            stack.enter_context(
                loaded(settings_in(folder), work, [source], order, silent)
            )
            last[:] = [tables, as_of]

        yield given


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _cells(reading) -> dict:
    return {
        **reading.dimensions,
        "month": reading.period_start.isoformat()[:7],
        "value": reading.value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "n": reading.n,
        "ci_low": reading.ci_low,
        "ci_high": reading.ci_high,
        "maturity": reading.maturity,
    }


def _same(got: object, wanted: object) -> bool:
    if wanted is None or got is None:
        return got is wanted
    if isinstance(wanted, int | float):
        return got == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    return got == wanted


@pytest.mark.parametrize(
    "case", HAND_CASES, ids=[f"{c.metric}-{c.why[:40]}" for c in HAND_CASES]
)
def test_the_engine_agrees_with_the_hand_computation(case, work, given):
    """Rows typed as source files give the reading worked out on paper."""
    as_of = datetime.fromisoformat(case.as_of).astimezone(timezone.utc)
    by = tuple(name for name in case.by if name != "month")
    question = Question(
        by=by,
        grain="month" if "month" in case.by else "total",
        start=_day(case.start),
        end=_day(case.end),
        where=tuple((k, (v,)) for k, v in case.where.items()),
    )

    given(case.tables, as_of)
    asker = Asker(
        lambda select: work.con.execute(render(select)).df(),
        batch_id="hand",
        as_of=as_of.replace(tzinfo=None),
        zone="Asia/Shanghai",
    )
    got = [_cells(r) for r in asker.read(case.metric, question, EVERYTHING)]

    for wanted in case.expected:
        found = [
            cells
            for cells in got
            if all(_same(cells.get(dim), wanted[dim]) for dim in case.by)
        ]
        if not found and case.by and wanted.get("value", 0) is None:
            continue  # a scope without rows gives no row
        assert len(found) == 1, f"{case.why}\n{got}"
        wrong = {
            name: (found[0].get(name), value)
            for name, value in wanted.items()
            if not _same(found[0].get(name), value)
        }
        assert not wrong, f"{case.why}\n(got, wanted): {wrong}\n{got}"


def test_every_metric_has_a_hand_case():
    """No metric of the catalogue goes without a case that a person worked out."""
    assert set(CATALOG) == {case.metric for case in HAND_CASES}
