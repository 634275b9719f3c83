"""A large delivery is settled part by part, and an increment like the whole."""

import duckdb
import pytest

from tests.content import content_hash
from tests.stress.site import Site, order, vin
from warehouse.store import loading
from warehouse.store.work import WORK_FILE

pytestmark = pytest.mark.xdist_group("load_parts")


def versions_of_nine():
    """Return nine orders, each twice: the second time later and closed."""
    rows = [
        order(
            n,
            f"2025-03-0{n}T09:00:00",
            vin=vin(n % 3),
            updated_at=f"2025-03-0{n}T10:00:00",
        )
        for n in range(1, 10)
    ]
    again = [
        {
            **row,
            "status": "closed",
            "delivered_at": "2025-03-20T10:00:00",
            "updated_at": "2025-03-20T11:00:00",
        }
        for row in rows
    ]
    return [*rows, *reversed(again)]


def opened(site):
    """Return a reading connection to the working file."""
    return duckdb.connect(str(site.settings.warehouse / WORK_FILE), read_only=True)


def test_parts_change_nothing(tmp_path, monkeypatch):
    """In parts of four rows the counts and the tables are those of one part."""
    found = []
    for name, rows in (("whole", 1_000), ("parts", 4)):
        monkeypatch.setattr(loading, "PART_ROWS", rows)
        site = Site(tmp_path / name)
        run = site.take("2025-03-21", {"work_orders": versions_of_nine()})
        with opened(site) as con:
            told = con.execute(
                "select work_order_id, status, delivered_at from fct_orders order by 1"
            ).fetchall()
            days = con.execute(
                "select * exclude (_seq) from mart_deliveries order by all"
            ).fetchall()
            found.append((run.tables["work_orders"], content_hash(con), told, days))
    assert found[0] == found[1]
    assert found[0][0].read == 18
    assert found[0][0].loaded == 18
    assert len(found[0][2]) == 9


def test_a_rebuild_in_parts_is_the_same(tmp_path, monkeypatch):
    """What staging holds is settled again in parts, also of one piece."""
    site = Site(tmp_path)
    site.take("2025-03-21", {"work_orders": versions_of_nine()})
    with opened(site) as con:
        before = content_hash(con)
    monkeypatch.setattr(loading, "PART_ROWS", 4)
    site.run(full=True)
    with opened(site) as con:
        assert content_hash(con) == before
        assert con.execute("select count(*) from fct_orders").fetchone() == (9,)


def test_an_answer_stays_replaced_when_its_order_changes(tmp_path):
    """The later answer of the same customer still counts, and the first does not."""
    site = Site(tmp_path)

    def answer(number, day):
        return {
            "survey_id": f"Q{number}",
            "instrument_id": "N",
            "work_order_id": f"W{number}",
            "source_customer_id": "C1",
            "store_id": "S1",
            "score": 9,
            "sent_at": f"2025-03-{day}T18:00:00",
            "answered_at": f"2025-03-{day}T19:00:00",
        }

    orders = [order(1, "2025-03-01T09:00:00"), order(2, "2025-03-10T09:00:00")]
    site.take(
        "2025-03-11",
        {
            "work_orders": orders,
            "surveys": [answer(1, "02"), answer(2, "11")],
        },
    )
    changed = {**orders[0], "mileage_km": 5, "updated_at": "2025-03-12T09:00:00"}
    site.take("2025-03-12", {"work_orders": [changed]})
    with opened(site) as con:
        replaced = con.execute(
            "select survey_id from fct_surveys where superseded_at is not null"
        ).fetchall()
    assert replaced == [("Q1",)]
