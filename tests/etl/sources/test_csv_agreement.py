"""CSV in general: the fast way and the careful way read the same, and neither fails."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.sources import csv_fast, text_blocks
from etl.sources.csv_reader import read_csv
from etl.sources.dialect import STANDARD
from etl.sources.values import BLANKS
from warehouse.errors import SourceError

ALPHABET = ["a", "1", ",", ",", "\n", "\n", '"', '""', "\r\n", "\r", " ", "中", "\0"]
ALPHABET += ['"a""b",1\n', '"""x""",""\n', '"""', "\xa0", "3,4\n"]
ALPHABET += ["\u2028", "\x85", ";", "x,y\n", '"q",r\n', '5,"6"\r\n', '"a\nb",c\n']
BODIES = st.lists(st.sampled_from(ALPHABET), max_size=30).map("".join)
BLOCKS = st.sampled_from([3, 7, 20, 1 << 22])
QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def outcome(path: Path, *, careful: bool) -> object:
    """Return all rows and faults, or the error."""
    try:
        raw = read_csv(path, STANDARD, careful=careful)
        rows = [row for batch in raw.batches for row in batch.to_pylist()]
        return raw.columns, sorted(rows, key=lambda row: row["_line"])
    except SourceError as error:
        return str(error)


@QUICK
@given(body=BODIES, block=BLOCKS)
def test_both_ways_read_the_same(tmp_path, monkeypatch, body: str, block: int) -> None:
    """Whatever stands in the file, and wherever a block of it ends."""
    monkeypatch.setattr(text_blocks, "BLOCK", block)
    path = tmp_path / "a.csv"
    path.write_bytes(f"a,b\n{body}".encode())
    assert outcome(path, careful=False) == outcome(path, careful=True)


@QUICK
@given(garbage=st.binary(max_size=200))
def test_garbage_is_an_error_or_faults_but_never_a_crash(tmp_path, garbage) -> None:
    """Any bytes at all, with a header or as the header."""
    path = tmp_path / "a.csv"
    for start in (b"", b"a,b\n", b"\x1f\x8b"):
        path.write_bytes(start + garbage)
        outcome(path, careful=False)


CELL = st.text(
    st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8
)


@QUICK
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=12))
def test_what_was_written_is_read_back(tmp_path, rows: list[tuple[str, ...]]) -> None:
    """Python's own writer and this reader agree on values and lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    expected = []
    for row in rows:
        line = text.getvalue().count("\n") + 1
        writer.writerow(row)
        expected.append((line, *[cell.strip(BLANKS) or None for cell in row]))
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode())
    found = outcome(path, careful=False)[1]
    read = [(row["_line"], row["a"], row["b"], row["c"]) for row in found]
    assert read == expected


@pytest.mark.parametrize(
    "row", ["1,x\n", '"1","x,"\n', '1,"say ""x"""\n', '1,"two\nlines"\n', '"",""\r\n']
)
def test_well_formed_rows_take_the_fast_way(write, monkeypatch, row: str) -> None:
    """The agreement above would prove nothing if the fast way were never taken."""
    taken = []
    parse = csv_fast.parse

    def spy(*args):
        found = parse(*args)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(csv_fast, "parse", spy)
    raw = read_csv(write("a.csv", "a,b\n" + row * 5), STANDARD)
    lines = [line for batch in raw.batches for line in batch["_line"].to_pylist()]
    assert taken == [True]
    step = row.count("\n")
    assert lines == [2 + step * n for n in range(5)]
