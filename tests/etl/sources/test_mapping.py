"""Expressions and rules: what they may say, and what they make of a row."""

import pyarrow as pa
import pytest

from warehouse.store.mapping import (
    Lookup,
    Mapper,
    MappingError,
    Recipe,
    Rule,
    Unpivot,
    check,
    parse,
)


def rows(**columns: list[str | None]) -> pa.Table:
    """Return source rows from line 2 on."""
    count = len(next(iter(columns.values())))
    lines = pa.array(range(2, 2 + count), pa.int64())
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({"_line": lines, **texts})


def mapped(recipe: Recipe, found: pa.Table, **masters: pa.Table) -> list[dict]:
    """Return *found* as the recipe says, in the order of lines."""
    mapper = Mapper(recipe, found.column_names[1:], masters)
    result = mapper.apply(found.select(["_line", *mapper.used]))
    mapper.close()
    return result.rows.to_pylist()


def one(rule: Rule, value: str | None, **more: str) -> str | None:
    """Return what *rule* makes of a single value in column x."""
    found = rows(x=[value], **{name: [text] for name, text in more.items()})
    return mapped(Recipe(rules={"y": rule}), found)[0]["y"]


@pytest.mark.parametrize(
    ("formats", "value", "text"),
    [
        (("%d/%m/%Y %H:%M",), "1/3/2016 9:05", "2016-03-01T09:05:00"),
        (("%m/%d/%Y %I:%M:%S %p",), "12/31/2017 3:08:00 PM", "2017-12-31T15:08:00"),
        (("%d-%b-%y",), "02-Jun-06", "2006-06-02"),
        (("%Y-%m-%d", "%Y/%m/%d"), "2020/6/8", "2020-06-08"),
        (("%H:%M",), "9:05", "09:05:00"),
        (
            ("%Y-%m-%d %H:%M:%S%z",),
            "2020-06-08 10:00:00+0800",
            "2020-06-08T02:00:00+00:00",
        ),
        (
            ("%Y-%m-%d %H:%M:%S.%f",),
            "2020-06-08 10:00:00.5",
            "2020-06-08T10:00:00.500000",
        ),
        (("epoch_s",), "1700000000", "2023-11-14T22:13:20+00:00"),
        (("epoch_ms",), "1700000000500", "2023-11-14T22:13:20+00:00"),
        (("epoch_s",), "0", "0"),
        (("excel",), "46346.25", "2026-11-20T06:00:00"),
        (("%d/%m/%Y",), "31/02/2016", "31/02/2016"),
        (("%d/%m/%Y",), "soon", "soon"),
        (("%d/%m/%Y",), None, None),
    ],
)
def test_a_time_becomes_iso_or_stays_as_found(formats, value, text) -> None:
    """What fits no format is left for the loader to reject by its own value."""
    assert one(Rule(column="x", formats=formats), value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("N", "new"), ("?", None), (None, "none"), ("Z", "other")],
)
def test_codes_are_translated(value, text) -> None:
    """Null values first, then codes, then what stands for all others and for null."""
    rule = Rule(column="x", codes={"N": "new"}, otherwise="other", null_values=("?",))
    assert one(rule, value) == (None if text == "none" else text)
    filled = Rule(column="x", codes={"N": "new"}, otherwise="other", empty="none")
    assert one(filled, None) == "none"


def test_a_code_without_translation_stays_as_found() -> None:
    """The loader rejects it, with the code in the report."""
    assert one(Rule(column="x", codes={"N": "new"}), "Z") == "Z"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("x || '!'", "7!"),
        ("cast(x as double) / 2", "3.5"),
        ("cast(x as double) * 2", "14"),
        ("cast(x as double) / 0", None),
        ("cast(x as int) > 3", "true"),
        ("timestamp '2026-01-01' + to_hours(cast(x as int))", "2026-01-01T07:00:00"),
        ("date '2026-01-01'", "2026-01-01"),
        ("timestamptz '2026-01-01 08:00:00+08'", "2026-01-01T00:00:00+00:00"),
        ("['a', 'b']", "a;b"),
        ("list_transform([x], n -> n || n)[1]", "77"),
        ("''", None),
        ("x -- a remark", "7"),
        ('"a ""b"""', "z"),
    ],
)
def test_an_expression_of_any_type_becomes_text(expression: str, text) -> None:
    """As a CSV would hold it."""
    assert one(Rule(expression=expression), "7", **{'a "b"': "z"}) == text


@pytest.mark.parametrize(
    "expression",
    [
        "(select 1)",
        "x in (select x from found)",
        "exists (select * from read_csv('/etc/passwd'))",
        "now()",
        "current_date",
        "random()",
        "uuid()",
        "sleep_ms(1000)",
        "unnest([1, 2])",
        "*",
        "$1",
        "x; drop table found",
        "x) from found --",
        "x as y, x",
    ],
)
def test_an_expression_is_one_value_of_its_row(expression: str) -> None:
    """No query, no clock, no chance, no second row, no second statement."""
    with pytest.raises(MappingError):
        parse(expression)


@pytest.mark.parametrize(
    "expression",
    ["getenv('HOME')", "x || content from read_text('/etc/passwd')", "pg_read_file(x)"],
)
def test_nothing_outside_is_reached(expression: str) -> None:
    """What would read a file or a variable does not exist or is not said."""
    with pytest.raises(MappingError):
        check(Recipe(rules={"y": Rule(expression=expression)}))


def test_a_window_sees_the_whole_file_and_where_comes_last() -> None:
    """The last state of each order, with the state before it."""
    recipe = Recipe(
        rules={
            "id": Rule(column="id"),
            "state": Rule(column="state"),
            "before": Rule(expression="lag(state) over (partition by id order by n)"),
        },
        compute={"n": "cast(nr as int)"},
        where="row_number() over (partition by id order by n desc) = 1",
    )
    found = rows(id=["a", "a", "b", "a"], nr=["2", "10", "1", "9"], state=list("xzqy"))
    assert mapped(recipe, found) == [
        {"_line": 3, "id": "a", "state": "z", "before": "y"},
        {"_line": 4, "id": "b", "state": "q", "before": None},
    ]
    mapper = Mapper(recipe, ["id", "nr", "state"], {})
    assert mapper.is_whole
    assert mapper.apply(found).ignored == 2
    mapper.close()


def test_a_join_never_multiplies_rows() -> None:
    """Three masters of the same key: the first counts, or the last."""
    master = rows(CODE=["a", "a", "b", None], CLASS=["bus", "tram", "rail", "x"])
    found = rows(car=["a", "b", "c", None])
    for keep, kinds in (("first", "bus"), ("last", "tram")):
        lookup = Lookup(alias="m", on=(("car", "CODE"),), keep=keep)
        recipe = Recipe(rules={"kind": Rule(column="m.CLASS")}, lookups=(lookup,))
        read = [row["kind"] for row in mapped(recipe, found, m=master)]
        assert read == [kinds, "rail", None, None]


def test_columns_become_rows() -> None:
    """Blank months are no rows; the line stays that of the wide row."""
    recipe = Recipe(
        rules={
            "part": Rule(column="part"),
            "month": Rule(column="m"),
            "qty": Rule(column="q"),
        },
        unpivot=Unpivot(columns=("jan", "feb"), name="m", value="q"),
        null_values=("-",),
    )
    found = rows(part=["p1", "p2"], jan=["1", "-"], feb=[None, "4"])
    assert mapped(recipe, found) == [
        {"_line": 2, "part": "p1", "month": "jan", "qty": "1"},
        {"_line": 3, "part": "p2", "month": "feb", "qty": "4"},
    ]


def test_a_helper_column_may_be_of_any_type() -> None:
    """Named as a column, it becomes text like any expression."""
    recipe = Recipe(
        rules={"day": Rule(column="day"), "blank": Rule(column="blank")},
        compute={"day": "try_strptime(x, '%d.%m.%Y')::date", "blank": "' ' || ''"},
    )
    assert mapped(recipe, rows(x=["5.1.2026"])) == [
        {"_line": 2, "day": "2026-01-05", "blank": None}
    ]


def test_only_the_columns_used_are_needed() -> None:
    """A wide file costs what is read of it."""
    recipe = Recipe(rules={"y": Rule(expression="A || b")}, where="c = '1'")
    mapper = Mapper(recipe, ["a", "B", "c", "d"], {})
    assert mapper.used == ("a", "B", "c")
    mapper.close()


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("code2", "columns.y: there is no column 'code2'; did you mean code1"),
        ("m.CLAS", "columns.y: there is no column 'CLAS'; did you mean CLASS"),
        ("cast(code1 as int)", "columns.y: Could not convert string 'abc'"),
    ],
)
def test_a_failure_names_its_expression(expression: str, message: str) -> None:
    """And the value, or the columns that are there."""
    lookup = Lookup(alias="m", on=(("code1", "CODE"),))
    recipe = Recipe(rules={"y": Rule(expression=expression)}, lookups=(lookup,))
    master = rows(CODE=["a"], CLASS=["bus"])
    with pytest.raises(MappingError, match=message):
        mapped(recipe, rows(code1=["abc"]), m=master)
