"""Increments from a real PostgreSQL, by query and watermark."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from etl.sources import load_sources
from warehouse.errors import SourceError

pytestmark = pytest.mark.postgres

TABLE = """
create table repair (
    ro text primary key, shop text, car text, kind int, begun timestamptz,
    price numeric(10, 2), wait bool, changed timestamp)
"""
ROWS = """
insert into repair values
    ('R1', 'S1', 'LFV1', 1, '2026-01-05 08:00+08', 12.50, true, '2026-01-05 08:00'),
    ('R2', 'S1', 'LFV2', 2, '2026-01-05 09:00+08', null, false, '2026-01-05 09:00')
"""
CONFIG = """
name = "dms"
url = "{url}"
password_env = "DMS_PASSWORD"
zone = "Asia/Shanghai"
[[table]]
table = "work_orders"
query = "select * from repair"
watermark = "changed"
{more}
[table.columns]
work_order_id = "ro"
store_id = "shop"
vin = "car"
order_type = {{ column = "kind", codes = {{ 1 = "repair", 2 = "maintenance" }} }}
status = {{ constant = "open" }}
checkin_at = "begun"
amount = "price"
waiting_on_site = "wait"
updated_at = "changed"
"""


@pytest.fixture
def database(postgres):
    """Return a way to run statements as the foreign system would; begin afresh."""
    url = sa.make_url(postgres.url()).set(password=postgres.password)
    engine = sa.create_engine(url, poolclass=sa.NullPool)

    def run(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    run("drop table if exists repair", TABLE, ROWS)
    return run


@pytest.fixture
def source(write, postgres):
    """Return the configured source; *more* is said of its table."""

    def source(more: str = "", **changed: str):
        text = CONFIG.format(url=changed.get("url", postgres.url()), more=more)
        path = write("dms.toml", text.replace(*changed.get("replace", ("", ""))))
        secret = changed.get("password", postgres.password)
        return load_sources(path, {"DMS_PASSWORD": secret})["dms"]

    return source


@pytest.fixture
def poll(now, good):
    """Return what one poll brings: the rows, and the marks to be committed."""

    def poll(source, marks: dict[str, str] | None = None):
        (piece,) = source.pieces(marks or {}, now)
        rows = source.read(piece)
        found = good(rows)
        return found, {piece.mark: rows.watermark}

    return poll


def ids(rows) -> list[str]:
    """Return the order numbers."""
    return sorted(row["work_order_id"] for row in rows)


def test_the_first_poll_brings_everything_as_text(database, source, poll) -> None:
    """Times with a zone keep it, money keeps its cents, codes are translated."""
    found, marks = poll(source())
    assert found[0] == {
        "_line": 2,
        "work_order_id": "R1",
        "store_id": "S1",
        "vin": "LFV1",
        "order_type": "repair",
        "status": "open",
        "checkin_at": found[0]["checkin_at"],
        "amount": "12.50",
        "waiting_on_site": "true",
        "updated_at": "2026-01-05T08:00:00",
    }
    assert found[0]["checkin_at"] in (
        "2026-01-05T00:00:00+00:00",
        "2026-01-05T08:00:00+08:00",
    )
    assert (found[1]["amount"], ids(found)) == (None, ["R1", "R2"])
    assert set(marks.values()) == {"2026-01-05T09:00:00"}


def test_later_polls_bring_what_is_new_or_changed(database, source, poll) -> None:
    """From the committed mark on, that moment included; the rest stays where it is."""
    _, marks = poll(source())
    database(
        "insert into repair values ('R3', 'S1', 'LFV3', 1, null, 1, true, "
        "'2026-01-06 10:00')",
        "update repair set price = 99, changed = '2026-01-06 11:00' where ro = 'R1'",
    )
    found, later = poll(source(), marks)
    assert ids(found) == ["R1", "R2", "R3"]
    database("insert into repair values ('R4', 'S1', 'C', 1, null, 1, true, null)")
    found, last = poll(source(), later)
    # Without a mark it would be passed over for ever; so it comes each time.
    assert (ids(found), last) == (["R1", "R4"], later)


def test_a_mark_is_not_kept_before_all_rows_have_gone_by(database, source, now) -> None:
    """A poll that breaks off must be repeated."""
    (piece,) = (dms := source()).pieces({}, now)
    rows = dms.read(piece)
    next(rows.batches)
    assert rows.watermark is None
    rows.batches.close()


def test_an_empty_answer_keeps_the_mark(database, source, poll) -> None:
    """Nothing newer: the next poll begins where this one did."""
    database("delete from repair")
    marks = {poll(source())[1].popitem()[0]: "2026-01-05T09:00:00"}
    assert poll(source(), marks) == ([], marks)


def test_two_polls_of_the_same_question_are_two_contents(database, source, now) -> None:
    """Otherwise what came in between would be taken for known."""
    first = source().pieces({}, now)[0]
    second = source().pieces({}, now + timedelta(seconds=5))[0]
    assert first.key != second.key


def test_a_lookback_catches_what_was_committed_late(database, source, poll) -> None:
    """A row may become visible after a newer one; the mark never goes back."""
    _, marks = poll(source("lookback = '2h'"))
    database(
        "insert into repair values ('R0', 'S', 'C', 1, null, 1, true, "
        "'2026-01-05 08:30')"
    )
    found, later = poll(source("lookback = '2h'"), marks)
    assert ids(found) == ["R0", "R1", "R2"]
    assert later == marks


@pytest.mark.parametrize("kind", ["integer", "text"])
def test_a_mark_may_be_a_number_or_a_text(database, source, poll, kind: str) -> None:
    """Whatever the column is compared as."""
    column = "kind" if kind == "integer" else "ro"
    changed = ('watermark = "changed"', f'watermark = "{column}"')
    dms = source(f"watermark_type = '{kind}'", replace=changed)
    _, marks = poll(dms)
    assert set(marks.values()) == {"2" if kind == "integer" else "R2"}
    assert ids(poll(dms, marks)[0]) == ["R2"]


def test_a_query_may_place_the_mark_itself(database, source, poll) -> None:
    """Where it is cheaper inside."""
    asked = (
        "query = \"select * from repair where changed >= :watermark and ro <> 'R1'\""
    )
    dms = source(replace=('query = "select * from repair"', asked))
    assert ids(poll(dms)[0]) == ["R2"]


def test_many_rows_are_fetched_in_parts(database, source, now) -> None:
    """The server keeps the rest."""
    database(
        "insert into repair select 'X' || n, 'S1', 'C', 1, null, 1, true, "
        "timestamp '2026-02-01' from generate_series(1, 12000) as n"
    )
    dms = source()
    sizes = [b.num_rows for b in dms.read(dms.pieces({}, now)[0]).batches]
    assert sizes == [5000, 5000, 2002]


def test_nothing_can_be_written(database, source, now) -> None:
    """The transaction is read-only, whatever the query says."""
    database("drop sequence if exists counter", "create sequence counter")
    asked = "select *, nextval('counter') from repair"
    dms = source(replace=("select * from repair", asked))
    with pytest.raises(SourceError, match="read-only transaction"):
        list(dms.read(dms.pieces({}, now)[0]).batches)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select * from nowhere", 'relation "nowhere" does not exist'),
        ("select ro from repair", "no column 'changed'|column .*changed.* does not"),
        (
            "select 1/0 as changed from repair",
            "division by zero|operator does not exist",
        ),
    ],
)
def test_a_query_that_fails_is_an_error(database, source, now, query, message) -> None:
    """With what the server said."""
    dms = source(replace=("select * from repair", query))
    with pytest.raises(SourceError, match=message):
        list(dms.read(dms.pieces({}, now)[0]).batches)


@pytest.mark.parametrize(
    ("port", "password", "message"),
    [
        (1, "right", r"connection: .*refused"),
        (None, "wr0ng-pass", "authentication failed"),
    ],
)
def test_no_connection_is_an_error_without_the_password(
    postgres, source, now, port, password: str, message: str
) -> None:
    """Where it went and why it failed are told; the secret is not."""
    url = postgres.url().replace(str(postgres.port), str(port or postgres.port))
    dms = source(url=url, password=password)
    with pytest.raises(SourceError, match=message) as caught:
        dms.read(dms.pieces({}, now)[0])
    assert password not in str(caught.value)
    assert f"dms@127.0.0.1:{port or postgres.port}" in str(caught.value)


def test_a_missing_driver_is_told(source, now) -> None:
    """The name of what has to be installed."""
    dms = source(url="mysql+mysqldb://u@h/d")
    with pytest.raises(SourceError, match=r"driver: .*MySQLdb"):
        dms.read(dms.pieces({}, now)[0])


def test_sqlite_is_read_too(write, tmp_path, poll) -> None:
    """Its times are texts, so the mark is one."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/dms.db", poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("create table t (id text, name text, changed text)")
        connection.exec_driver_sql("insert into t values ('S1', 'Nord', '2026-01-05')")
    text = """
    url = "sqlite:///FOLDER/dms.db"
    [[table]]
    table = "stores"
    query = "select * from t"
    watermark = "changed"
    watermark_type = "text"
    columns = { store_id = "id", name = "name" }
    """.replace("FOLDER", str(tmp_path))
    (dms,) = load_sources(write("lite.toml", text), {}).values()
    found, marks = poll(dms)
    assert found == [{"_line": 2, "store_id": "S1", "name": "Nord"}]
    assert set(marks.values()) == {"2026-01-05"}
