"""A release that derives something differently makes everything anew by itself."""

import ast
from datetime import timezone

import pytest

from etl.refresh import Order, refresh
from tests import kit
from tests.test_restatement import STORES, at, order, read
from warehouse.store import deriving
from warehouse.store import refresh as steps
from warehouse.store.derivation import _bare, _reached, derivation
from warehouse.store.warehouse import Warehouse
from warehouse.store.work import Work


@pytest.fixture
def site(tmp_path):
    """Return an installation with ten orders, eight of them in time."""
    rows = [order(n, 10, kept=n > 2) for n in range(1, 11)]
    tables = {"stores": STORES, "work_orders": rows}
    folder = kit.write_delivery(tmp_path / "source" / "2026-03-15", tables)
    _, batch = kit.run(tmp_path, [folder.parent], at(15))
    assert read(batch)[0].value == 8 / 10
    return tmp_path


def derived_otherwise(site) -> None:
    """Leave the facts and marts as another release might have derived them."""
    with Work(kit.settings_in(site).warehouse) as work:
        work.con.execute("update fct_orders set first_promised_at = ready_notified_at")
        marts = work.con.execute(
            "select table_name from duckdb_tables() where table_name like 'mart_%'"
        ).fetchall()
        for (name,) in marts:
            work.con.execute(f"delete from {name}")


def intraday(site):
    """Run one round of the loop; return what it said, and what is on screen then."""
    said: list[str] = []
    settings = kit.settings_in(site)
    sources = [kit.standard_folder(site / "source")]
    refresh(
        settings, sources, Order(now=at(16), as_of=at(16), repeats=False), said.append
    )
    return said, Warehouse.open(settings).batch()


def test_another_release_makes_everything_anew(site, monkeypatch):
    """No option is needed, and a round of the loop does it too, once."""
    derived_otherwise(site)
    monkeypatch.setattr(steps, "derivation", lambda: "the next release")

    said, batch = intraday(site)

    assert any("everything is made anew" in line for line in said)
    assert read(batch)[0].value == 8 / 10
    assert not any("anew" in line for line in intraday(site)[0])


def test_what_another_formula_changes_is_said(tmp_path, monkeypatch):
    """Told days that read otherwise now are marked: was, is, when."""
    with monkeypatch.context() as older:
        promised = deriving._AS_DELIVERED.replace(
            "o.first_promised_at", "o.checkin_at as first_promised_at"
        )
        older.setattr(deriving, "_AS_DELIVERED", promised)
        older.setattr(steps, "derivation", lambda: "the release before")
        rows = [order(n, 10, kept=n > 2) for n in range(1, 11)]
        tables = {"stores": STORES, "work_orders": rows}
        folder = kit.write_delivery(tmp_path / "source" / "2026-03-15", tables)
        _, batch = kit.run(tmp_path, [folder.parent], at(15))
        assert read(batch)[0].value == 0

    now, restated = read(intraday(tmp_path)[1])

    assert now.value == 8 / 10
    assert (restated.was, restated.was_n) == (0, 10)
    assert restated.at == at(16).astimezone(timezone.utc)


def test_the_same_release_makes_nothing_anew(site):
    """What it has derived stays: a round costs what has come."""
    derived_otherwise(site)

    said, _ = intraday(site)

    assert not any("anew" in line for line in said)
    with Work(kit.settings_in(site).warehouse) as work:
        assert work.scalar("select count(*) from mart_promises") == 0


def test_a_file_from_before_it_was_noted_is_made_anew(site):
    """An installation that is upgraded from such a release."""
    with Work(kit.settings_in(site).warehouse) as work:
        work.con.execute("alter table batches drop column made_by")

    assert any("anew" in line for line in intraday(site)[0])


def test_another_zone_makes_everything_anew(site):
    """Days begin elsewhere: no day may stand on two calendars."""
    said: list[str] = []
    kit.run(site, [site / "source"], at(16), say=said.append, timezone="Asia/Urumqi")

    assert any("anew" in line for line in said)


def test_the_code_of_a_refresh_is_looked_at_and_words_are_not():
    """Formulas, contracts and checks count; comments, docstrings and pages do not."""
    modules = _reached("warehouse.store.refresh")

    def bare(text: str) -> str:
        return ast.dump(_bare(ast.parse(text)))

    needed = {
        "deriving",
        "comebacks",
        "facts.times",
        "facts.labour",
        "checks",
        "persons",
    }
    assert {f"warehouse.store.{name}" for name in needed} <= set(modules)
    assert "warehouse.contracts.workshop" in modules
    assert not any(name.startswith(("pages", "callbacks")) for name in modules)
    assert derivation() == derivation()
    assert bare('"""One."""\nx = 1  # one') == bare('"""Two."""\nx = 1')
    assert bare('def f():\n "a"\n return 1') != bare('def f():\n "a"\n return 2')
