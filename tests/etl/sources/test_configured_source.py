"""Other people's files, mapped by configuration."""

import pytest

from etl.sources import open_source
from warehouse.errors import SourceError


@pytest.fixture
def source(write):
    """Return the source that a text of TOML configures, beside its data."""
    return lambda text: open_source(str(write("dms.toml", text)), {})


@pytest.fixture
def read(now, good):
    """Return the rows of every piece of a source, by table and place."""

    def read(source) -> dict:
        return {
            (piece.table, piece.place): good(source.read(piece))
            for piece in source.pieces({}, now)
        }

    return read


STORES = """
[[table]]
table = "stores"
files = "*.csv"
ignore = ["note"]
columns = { store_id = ["no", "Nr"], name = { column = "title", optional = true } }
"""


def test_a_column_may_be_called_otherwise_in_each_file(write, source, read) -> None:
    """The first name that the file has; what is optional may be missing."""
    write("a.csv", "no,title\n1,Nord\n")
    write("b.csv", "Nr;note\n2;x\n")
    assert read(source(STORES)) == {
        ("stores", "a.csv"): [{"_line": 2, "store_id": "1", "name": "Nord"}],
        ("stores", "b.csv"): [{"_line": 2, "store_id": "2", "name": None}],
    }


def test_a_missing_column_names_what_is_there(write, source, now) -> None:
    """The file is refused as a whole."""
    write("a.csv", "nr,title\n1,Nord\n")
    found = source(STORES.replace('["no", "Nr"]', '"number"'))
    with pytest.raises(
        SourceError, match=r"store_id: there is no column 'number'"
    ) as e:
        found.read(found.pieces({}, now)[0])
    assert "known: ['nr', 'title']" in str(e.value)


def test_header_variants_have_one_name_in_expressions(write, source, read) -> None:
    """`headers` gives columns a name of ours; `optional` fills what a file lacks."""
    text = """
    [[table]]
    table = "stores"
    files = "*.csv"
    headers = { no = ["编号", "Nr"] }
    optional = ["town"]
    [table.columns]
    store_id = { expression = "'S' || no" }
    name = { expression = "coalesce(town, 'nowhere')" }
    """
    write("a.csv", "编号,town\n1,Kiel\n")
    write("b.csv", "Nr\n2\n")
    found = read(source(text))
    assert [rows[0]["store_id"] for rows in found.values()] == ["S1", "S2"]
    assert [rows[0]["name"] for rows in found.values()] == ["Kiel", "nowhere"]


ORDERS = """
[[table]]
table = "vehicles"
files = "log.csv"
where = "row_number() over (partition by car order by _line) = 1"
columns = { vin = "car", model = "m.KIND" }
[[table.join]]
alias = "m"
file = "cars.csv"
on = { car = "CODE" }
[[table]]
table = "pauses"
files = "log.csv"
where = "kind = 'P'"
ignore = ["who"]
columns = { work_order_id = "id", started_at = "at", reason = { constant = "parts" } }
"""


def test_one_file_feeds_several_tables(write, source, now, good) -> None:
    """What one of them uses is not unknown to the other; what none uses is."""
    write("log.csv", "id,car,kind,at,who,extra\n1,A,P,2026-01-01,x,\n2,A,Q,,x,\n")
    write("cars.csv", "CODE,KIND\nA,bus\n")
    found = source(ORDERS)
    vehicles, pauses = found.pieces({}, now)
    first, second = found.read(vehicles), found.read(pauses)
    assert good(first) == [{"_line": 2, "vin": "A", "model": "bus"}]
    assert first.unknown == second.unknown == ("extra",)
    assert (first.ignored, good(second)[0]["work_order_id"]) == (1, "1")
    assert second.ignored == 1


def test_a_changed_master_makes_another_content(write, source, now) -> None:
    """The rows come out differently, so they must be read again."""
    write("log.csv", "id,car,kind,at\n1,A,P,2026-01-01\n")
    write("cars.csv", "CODE,KIND\nA,bus\n")
    before = [p.key for p in source(ORDERS).pieces({}, now)]
    write("cars.csv", "CODE,KIND\nA,tram\n")
    after = [p.key for p in source(ORDERS).pieces({}, now)]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_faults_are_handed_on_beside_mapped_rows(
    write, source, now, everything
) -> None:
    """A line that is no row keeps its number and text, whatever is mapped."""
    write("a.csv", "no,title\n1,Nord\n2,West,x\n3,Ost\n")
    found = source(STORES)
    rows = everything(found.read(found.pieces({}, now)[0]))
    assert [row["_line"] for row in rows] == [2, 3, 4]
    assert rows[1]["_raw"] == "2,West,x"
    assert rows[1]["store_id"] is None


def test_sheets_are_pieces_of_their_own(workbook, source, now, good) -> None:
    """Their lines begin anew, so the sheet belongs to the place."""
    sheets = {f"{m} 2019": [["no"], [m]] for m in ("Jan", "Feb")} | {"Notes": [["x"]]}
    workbook("a.xlsx", sheets)
    text = STORES.replace('"*.csv"', '"*.xlsx"\nsheet = "* 2019"')
    found = source(text)
    pieces = found.pieces({}, now)
    assert [p.place for p in pieces] == ["a.xlsx#Feb 2019", "a.xlsx#Jan 2019"]
    assert len({p.key for p in pieces}) == 2
    assert [good(found.read(p))[0]["store_id"] for p in pieces] == ["Feb", "Jan"]
    seen = {p.place: p.seen for p in pieces}
    assert found.pieces({}, now, seen) == pieces


def test_a_pattern_that_finds_nothing_is_told(source, now) -> None:
    """It may be a delivery that is late, or a slip of the pen."""
    found = source(STORES)
    assert found.pieces({}, now) == []
    assert found.notices == ("stores: no file is called *.csv",)


def test_a_missing_folder_is_an_error(source, now) -> None:
    """The message names the configuration to correct."""
    with pytest.raises(SourceError, match=r"no such folder; correct `folder` in .*dms"):
        source("folder = 'gone'\n" + STORES).pieces({}, now)


def test_pieces_carry_what_the_loader_must_know(write, source, now) -> None:
    """System, zone, severities and the limit of age, and the time in the name."""
    write("orders_20261120.csv", "no\n1\n")
    head = "name = 'north'\nzone = 'Europe/Berlin'\nseverity = { type = 'blank' }\n"
    text = head + STORES + "fresh_within = '3d'\n"
    (piece,) = source(text).pieces({}, now)
    assert (piece.source, piece.system, piece.zone) == (
        "north",
        "north",
        "Europe/Berlin",
    )
    assert piece.relaxed == {"type": "blank"}
    assert piece.fresh_within.days == 3
    assert piece.delivered_at.isoformat() == "2026-11-20T00:00:00+00:00"


def test_an_expression_that_fails_on_a_value_refuses_the_file(
    write, source, now
) -> None:
    """Nothing of the file is loaded; the remedy is in the message."""
    write("a.csv", "no,title\n1,Nord\nx,West\n")
    text = STORES.replace(
        '{ column = "title", optional = true }', '{ expression = "cast(no as int)" }'
    )
    found = source(text)
    with pytest.raises(SourceError, match=r"columns.name: .*'x'.*try_cast"):
        list(found.read(found.pieces({}, now)[0]).batches)


def test_big_files_are_mapped_in_parts(write, source, read) -> None:
    """Without a window nothing has to be held; the rows are the same."""
    lines = "".join(f"{n},t{n}\n" for n in range(40_000))
    write("a.csv", '"no",title\n1,"two\nlines"\n' + lines)
    (rows,) = read(source(STORES)).values()
    assert len(rows) == 40_001
    assert rows[-1] == {"_line": 40_003, "store_id": "39999", "name": "t39999"}
