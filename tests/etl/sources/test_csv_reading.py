"""CSV: which line a row stands in, and which lines are no rows."""

import gzip

import pytest

from etl.sources.csv_fast import LONGEST_FIELD
from etl.sources.csv_reader import read_csv
from etl.sources.dialect import STANDARD, Dialect
from warehouse.errors import SourceError

GOOD = "id,name\n1,Ann\n2,Bo\n"


def test_a_row_is_called_by_its_line_in_the_file(write, good) -> None:
    """Line 1 is the header; a quoted line end and an empty line are counted too."""
    path = write("a.csv", 'id,name\n1,"Ann\nLee"\n\n2,Bo\n')
    assert good(read_csv(path, STANDARD)) == [
        {"_line": 2, "id": "1", "name": "Ann\nLee"},
        {"_line": 5, "id": "2", "name": "Bo"},
    ]


def test_text_stays_as_it_is_but_for_blanks_around_it(write, good) -> None:
    """Leading zeros stay, blanks around go, nothing is null."""
    path = write("a.csv", "id,name\n 007 ,\n08,\u3000李 雷\u00a0\n")
    assert good(read_csv(path, STANDARD)) == [
        {"_line": 2, "id": "007", "name": None},
        {"_line": 3, "id": "08", "name": "李 雷"},
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2,Bo,x", "expected 2 fields, found 3"),
        ("2", "expected 2 fields, found 1"),
        ('2,"Bo"x', "text behind a closing quote"),
        ("2,B\0o", "a NUL byte"),
        ('2,"Bo', "a quote that is never closed"),
        (f"2,{'x' * (LONGEST_FIELD + 1)}", f"a field of more than {LONGEST_FIELD} "),
    ],
)
def test_a_line_that_is_no_row_costs_only_itself(
    write, everything, line: str, fault: str
) -> None:
    """It is handed on with its number, the reason and its text; its neighbours live."""
    path = write("a.csv", f"id,name\n1,Ann\n{line}\n3,Cy\n")
    first, wrong, last = everything(read_csv(path, STANDARD))
    assert (first["id"], wrong["_line"], last["_line"]) == ("1", 3, 4)
    assert wrong["_fault"].startswith(fault)
    assert wrong["_raw"].startswith(line.replace("\0", "\\0")[:100])
    assert (wrong["id"], last["name"]) == (None, "Cy")


def test_a_quote_that_swallows_everything_costs_one_line(write, everything) -> None:
    """Three megabytes behind a stray quote are rows, not one field."""
    rows = "".join(f"{n},{'x' * 300}\n" for n in range(10_000))
    path = write("a.csv", f'id,name\n0,"Ann\n{rows}')
    found = everything(read_csv(path, STANDARD))
    assert [row["_line"] for row in found if row["_fault"]] == [2]
    assert len(found) == 10_001


@pytest.mark.parametrize(
    "content", ["", "\n", "\ufeff", "id,name\n", "id,name", "\n\n"]
)
def test_a_file_without_rows_has_no_rows(write, everything, content: str) -> None:
    """Empty, a mark only, or a header only: nothing, and no error."""
    assert everything(read_csv(write("a.csv", content), STANDARD)) == []


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gb18030-marked", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("latin-1", "latin-1"),
    ],
)
def test_any_codec_may_be_declared(write, good, encoding: str, declared: str) -> None:
    """The mark at the start of a file is no part of its first column."""
    name = "José" if encoding == "latin-1" else "李雷"
    mark = "\ufeff" if encoding.endswith("-marked") else ""
    text = f'{mark}"id",name\r\n1,{name}\r\n'
    path = write("a.csv", text.encode(encoding.removesuffix("-marked")))
    found = good(read_csv(path, Dialect(encodings=(declared,))))
    assert found == [{"_line": 2, "id": "1", "name": name}]


def test_the_first_encoding_that_fits_the_whole_file_is_taken(write, good) -> None:
    """One configuration reads deliveries in two encodings."""
    dialect = Dialect(encodings=("utf-8", "gb18030"))
    for encoding in dialect.encodings:
        path = write(f"{encoding}.csv", "id,name\n1,李雷\n".encode(encoding))
        assert good(read_csv(path, dialect))[0]["name"] == "李雷"


def test_wrong_bytes_name_their_line_and_what_would_fit(write) -> None:
    """The remedy is found by trying, not by guessing."""
    path = write("a.csv", "id,name\n1,Ann\n2,李雷\n".encode("gb18030"))
    with pytest.raises(SourceError, match=r"line 3: .*byte 0xc0.*gb18030, latin-1"):
        list(read_csv(path, STANDARD).batches)


def test_wrong_bytes_of_another_codec_name_their_line(write) -> None:
    """A codec that needs decoding first says where it stopped."""
    path = write("a.csv", b"id,name\n1,Ann\n2,\xff\xff\n")
    with pytest.raises(SourceError, match=r"line 3: encoding gb18030: byte 0xff"):
        list(read_csv(path, Dialect(encodings=("gb18030",))).batches)


def test_no_fitting_encoding_is_an_error(write) -> None:
    """Both were tried; what fits is offered."""
    path = write("a.csv", b"id,name\n1,\xff\xff\n")
    with pytest.raises(SourceError, match=r"none of utf-8, gb18030 fits.*latin-1"):
        read_csv(path, Dialect(encodings=("utf-8", "gb18030")))


def test_a_compressed_file_is_read(write, good) -> None:
    """By its first bytes, whatever it is called."""
    path = write("a.csv", gzip.compress(GOOD.encode()))
    assert [row["id"] for row in good(read_csv(path, STANDARD))] == ["1", "2"]


def test_a_cut_off_file_names_the_line_it_reaches(write) -> None:
    """Half a download is refused, with how far it went."""
    rows = "".join(f"{n},{n * 7919 % 1000}\n" for n in range(20_000))
    whole = gzip.compress(f"id,name\n{rows}".encode())
    path = write("a.csv.gz", whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="cut off") as caught:
        list(read_csv(path, STANDARD).batches)
    assert 5_000 < caught.value.line < 15_000


def test_a_damaged_compressed_file_is_refused(write) -> None:
    """The start of gzip, then garbage."""
    path = write("a.csv.gz", b"\x1f\x8b\x08\x00" + b"garbage" * 50)
    with pytest.raises(SourceError, match="compressed file"):
        list(read_csv(path, STANDARD).batches)


def test_a_line_without_end_is_no_text_file(write) -> None:
    """Nine megabytes without a line end are refused, not gathered."""
    path = write("a.csv", b"id,name\n" + b"x" * (9 << 20))
    with pytest.raises(SourceError, match="line 2: line length"):
        list(read_csv(path, STANDARD).batches)


def test_a_text_in_two_bytes_a_letter_is_told_so(write, good) -> None:
    """UTF-16 says so by its mark; without one it is no table of one strange column."""
    path = write("a.csv", "id,name\n1,Ann\n".encode("utf-16"))
    assert [row["name"] for row in good(read_csv(path, STANDARD))] == ["Ann"]
    bare = write("b.csv", "id,name\n1,Ann\n".encode("utf-16-le"))
    with pytest.raises(SourceError, match="header: a NUL byte"):
        read_csv(bare, STANDARD)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_shows_its_delimiter(write, good, delimiter: str) -> None:
    """Nobody has to declare it; what stands in quotes does not count."""
    header = delimiter.join(["id", '"a,,;;||,,b"', "c"])
    path = write("a.csv", f"{header}\n{delimiter.join(['1', '2', '3'])}\n")
    assert list(good(read_csv(path, STANDARD))[0].values()) == [2, "1", "2", "3"]


def test_a_spreadsheet_may_name_the_delimiter(write, good) -> None:
    """A first line `sep=;` is obeyed, and is a line."""
    path = write("a.csv", "sep=;\nid;a,b\n1;2\n")
    assert good(read_csv(path, STANDARD)) == [{"_line": 3, "id": "1", "a,b": "2"}]


def test_a_header_of_two_rows_is_joined(write, good) -> None:
    """The upper name reaches to the right, as merged cells do."""
    path = write("a.csv", "report of May\nid,times,\n,in,out\n[-],[h],[h]\n1,8,9\n")
    dialect = Dialect(header_rows=(2, 3), skip_after=1)
    assert good(read_csv(path, dialect)) == [
        {"_line": 5, "id": "1", "times in": "8", "times out": "9"}
    ]


def test_rows_of_a_header_may_lie_apart(write, good) -> None:
    """What stands between them is no part of it."""
    path = write("a.csv", "id,in\n---\n,[h]\n1,8\n")
    assert good(read_csv(path, Dialect(header_rows=(1, 3)))) == [
        {"_line": 4, "id": "1", "in [h]": "8"}
    ]


def test_a_file_without_a_header_is_given_names(write, good) -> None:
    """Its first line is its first row."""
    dialect = Dialect(header_rows=(), names=("id", "name"))
    found = good(read_csv(write("a.csv", "1,Ann\n2,Bo\n"), dialect))
    assert found[0] == {"_line": 1, "id": "1", "name": "Ann"}


def test_every_column_has_a_name_of_its_own(write) -> None:
    """A second `x` is `x.1`, a nameless column is called by its position."""
    path = write("a.csv", "x,X,,x,_line\n")
    names = read_csv(path, STANDARD).columns
    assert names == ("x", "X.1", "column_3", "x.2", "_line.1")


def test_columns_between_blanks(write, everything) -> None:
    """Runs of blanks separate; a line with one more field is a fault."""
    path = write("a.txt", "id  name\n 1   Ann\n2 Bo x\n")
    first, wrong = everything(read_csv(path, Dialect(delimiter="whitespace")))
    assert (first["name"], wrong["_line"]) == ("Ann", 3)


def test_columns_of_fixed_width(write, good) -> None:
    """The last column takes the rest of the line."""
    path = write("a.txt", "id name\n 1 Ann Lee\n\n12 Bo\n")
    found = good(read_csv(path, Dialect(widths=(3, 4))))
    assert [(row["_line"], row["id"], row["name"]) for row in found] == [
        (2, "1", "Ann Lee"),
        (4, "12", "Bo"),
    ]


def test_comments_and_escapes(write, good) -> None:
    """Neither is usual, both can be declared."""
    path = write("a.csv", 'id,name\n# no row, "\n1,"An\\"n"\n')
    dialect = Dialect(comments=("#",), escape="\\")
    assert good(read_csv(path, dialect)) == [{"_line": 3, "id": "1", "name": 'An"n'}]


def test_without_a_quote_character_quotes_are_text(write, good) -> None:
    """An export that never quotes may have quotes in its texts."""
    path = write("a.csv", 'id,name\n1,"SOOT" LIGHT\n')
    assert good(read_csv(path, Dialect(quote="")))[0]["name"] == '"SOOT" LIGHT'


def test_a_header_that_cannot_be_read_is_an_error(write) -> None:
    """Without a header there are no rows to fault."""
    with pytest.raises(SourceError, match="header: a quote that is never closed"):
        read_csv(write("a.csv", 'id,"name\n1,Ann\n'), STANDARD)


def test_old_line_ends_are_line_ends(write, good) -> None:
    """A file of carriage returns only has as many rows as it shows."""
    found = good(read_csv(write("a.csv", "id,name\r1,Ann\r2,Bo\r"), STANDARD))
    assert [(row["_line"], row["id"]) for row in found] == [(2, "1"), (3, "2")]
