"""How contracts are spelled in SQL: reading a text as a type, and finding faults.

Every function takes the name of a text column (or its alias) and returns a SQL
expression. Nothing but declared names is written into SQL.
"""

from warehouse.contracts import CONTRACTS, Column, Contract, Kind, Severity
from warehouse.contracts.checks import SCORE_SCALE
from warehouse.contracts.instruments import RECOMMENDATION, SCALES
from warehouse.errors import DefinitionError
from warehouse.store.names import literal, quoted
from warehouse.store.zones import to_utc

_OFFSET = r"'\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([Zz]|[+-]\d{2}(:?\d{2})?)$'"
_BASIC = "['%Y%m%dT%H%M%S', '%Y%m%dT%H%M', '%Y%m%d']"
_TRUE = "('true', '1', '是')"
_FALSE = "('false', '0', '否')"
# A character's value is its place in this row, modulo ten (ISO 3779).
_VIN_ROW = "'0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ'"
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
PLACEHOLDER_PHONES = ("13800000000", "13800138000", "12345678901", "13812345678")


def has_offset(text: str) -> str:
    """Tell whether a time carries its own offset from UTC.

    `YYYY-MM-DDTHH:MM:SS` is by far the commonest: no regular expression is run on it.
    """
    return f"(not {_is_plain(text)} and regexp_matches({text}, {_OFFSET}))"


def _is_plain(text: str) -> str:
    # 2026-01-31T08:30+08 has nineteen characters, too.
    return f"(length({text}) = 19 and substr({text}, 17, 1) = ':')"


def _timestamp(text: str) -> str:
    """UTC where the time has an offset, else the local time as written."""
    seconds = rf"regexp_replace({text}, '([T ]\d{{1,2}}:\d{{2}})([Zz+-])', '\1:00\2')"
    aware = f"timezone('UTC', try_cast({seconds} as timestamptz))"
    naive = f"coalesce(try_cast({text} as timestamp), try_strptime({text}, {_BASIC}))"
    return (
        f"(case when {_is_plain(text)} and {_digits(text)} "
        f"then try_cast({text} as timestamp) "
        f"when not {_digits(text)} then null "
        f"when {has_offset(text)} then {aware} else {naive} end)"
    )


def plausible(column: Column) -> str:
    """Return the SQL that empties a read time or date outside 1900 to 2200."""
    name = quoted(column.name)
    if column.kind is Kind.TIMESTAMP:
        low, high = "timestamp '1900-01-01'", "timestamp '2200-01-01'"
    elif column.kind is Kind.DATE:
        low, high = "date '1900-01-01'", "date '2200-01-01'"
    else:
        return name
    return f"(case when {name} between {low} and {high} then {name} end)"


def _digits(text: str) -> str:
    # 'infinity' and 'epoch' are times to DuckDB, and none to us.
    return f"left({text}, 4) between '0000' and '9999'"


def _date(text: str) -> str:
    read = f"coalesce(try_cast({text} as date), try_strptime({text}, '%Y%m%d')::date)"
    return f"(case when {_digits(text)} then {read} end)"


def _number(text: str) -> str:
    number = f"try_cast({text} as double)"
    return f"(case when isfinite({number}) then {number} end)"


def read_as(column: Column, text: str) -> str:
    """Return the SQL that reads *text* as the column's type; null if it cannot."""
    match column.kind:
        case Kind.TIMESTAMP:
            return _timestamp(text)
        case Kind.DATE:
            return _date(text)
        case Kind.TIME:
            return f"try_cast({text} as time)"
        case Kind.NUMBER:
            return _number(text)
        case Kind.INTEGER:
            number = _number(text)
            return f"(case when {number} = floor({number}) then {number}::bigint end)"
        case Kind.MONEY:
            return f"try_cast({text} as decimal(18,2))"
        case Kind.BOOLEAN:
            low = f"lower({text})"
            return (
                f"(case when {low} in {_TRUE} then true "
                f"when {low} in {_FALSE} then false end)"
            )
        case _:
            if "vin_shape" in {check.rule for check in column.checks}:
                return f"upper({text})"
            return text


def bare_phone(text: str) -> str:
    """Return a phone number without country code, spaces and hyphens."""
    stripped = rf"regexp_replace({text}, '[\s\-()]', '', 'g')"
    # A bare 86 is a country code only in front of a whole mobile number.
    return rf"regexp_replace({stripped}, '^(\+86|0086|86(1\d{{10}})$)', '\2')"


def vin_check_digit_wrong(vin: str) -> str:
    """Return the test that position 9 is not the check sum (kpis.md §18)."""
    terms = [
        f"((instr({_VIN_ROW}, substr({vin}, {place}, 1)) - 1) % 10) * {weight}"
        for place, weight in enumerate(_VIN_WEIGHTS, start=1)
        if weight
    ]
    rest = f"(({' + '.join(terms)}) % 11)"
    digit = f"substr('0123456789X', {rest}::int + 1, 1)"
    return f"({vin_shape_right(vin)} and substr({vin}, 9, 1) <> {digit})"


def vin_shape_right(vin: str) -> str:
    """Return the test that *vin* has the form of a VIN."""
    return f"regexp_full_match({vin}, '[0-9A-HJ-NPR-Z]{{17}}')"


def phone_wrong(text: str) -> str:
    """Return the test that *text* is no mobile number anybody could answer."""
    bare = bare_phone(text)
    places = ", ".join(literal(number) for number in PLACEHOLDER_PHONES)
    same = f"length(replace(substr({bare}, 4), substr({bare}, 4, 1), '')) = 0"
    # The last eight digits are the same, or climb or fall by one.
    ladder = (
        f"(contains('01234567890123456789', substr({bare}, 4)) "
        f"or contains('98765432109876543210', substr({bare}, 4)))"
    )
    mobile = rf"regexp_full_match({bare}, '1[3-9]\d{{9}}')"
    # A landline takes no message, but a call: it is a contact, not an error.
    landline = rf"regexp_full_match({bare}, '0\d{{9,11}}')"
    return (
        f"(not {landline} and (not {mobile} or {bare} in ({places}) "
        f"or {same} or {ladder}))"
    )


_FIELD_TESTS = {
    "vin_shape": lambda value, _: f"not {vin_shape_right(value)}",
    "vin_check_digit": lambda value, _: vin_check_digit_wrong(value),
    "phone": lambda value, _: phone_wrong(value),
    "dtc": lambda value, _: (
        f"not regexp_full_match(upper({value}), "
        "'[PCBU][0-3][0-9A-F]{3}(-?[0-9A-F]{2})?')"
    ),
    "time_zone": lambda value, _: (
        f"{value} not in (select name from pg_timezone_names())"
    ),
}


def _outside_scale() -> str:
    """Return the test that a score is none that its instrument can give.

    What no instrument can give breaks the column's own range: it has one reason.
    """
    tests = []
    for scale in SCALES[:-1]:
        words = (literal(f"%{word}%") for word in scale.words)
        told = " or ".join(f"lower(instrument_id) like {word}" for word in words)
        tests.append(f"when {told} then score not between {scale.low} and {scale.high}")
    low, high = RECOMMENDATION.low, RECOMMENDATION.high
    return f"(score between {low} and {high} and case {' '.join(tests)} end)"


def _row_test(rule: str, contract: Contract, zone: str | None) -> tuple[str, str]:
    """Return the column a row check names, and its SQL: *later* before *earlier*."""
    if rule == SCORE_SCALE.rule:
        return "score", _outside_scale()
    later, separator, earlier = rule.partition("_before_")
    if not separator or not {later, earlier} <= set(contract.column_names):
        raise DefinitionError(f"{contract.table}: no SQL for the row check {rule!r}")
    # A time with an offset and one without cannot be compared before the zone is
    # known; both are moved to UTC first.
    return later, f"{utc(contract, later, zone)} < {utc(contract, earlier, zone)}"


def bit(contract: Contract, column: str) -> int:
    """Return the offset-mask bit of a time column."""
    return 1 << contract.timestamps.index(column)


def utc(contract: Contract, column: str, zone: str | None) -> str:
    """Return the SQL of a typed time column in UTC; needs _offsets (and _zone).

    *zone* is the one zone all rows stand in, or None.
    """
    return (
        f"(case when _offsets & {bit(contract, column)} <> 0 then {quoted(column)} "
        f"else {to_utc(quoted(column), zone)} end)"
    )


def findings(contract: Contract, relaxed: dict[str, Severity], zone: str | None) -> str:
    """Return the SQL of a row's list of findings; null for the many without one.

    A finding is a struct of column, rule, severity and value. The expression refers
    to typed columns by name and to the texts as `text_<name>`. The list is built only
    for rows in which some test holds.
    """
    tests: list[str] = []
    found: list[str] = []

    def add(column: str, rule: str, severity: Severity, wrong: str) -> None:
        severity = relaxed.get(rule, severity)
        tests.append(f"coalesce({wrong}, false)")
        found.append(
            f"case when {wrong} then {{'column': {literal(column)}, "
            f"'rule': {literal(rule)}, 'severity': {literal(severity.value)}, "
            f"'value': {quoted('text_' + column)}}} end"
        )

    for column in contract.columns:
        for rule, severity, wrong in _column_tests(column):
            add(column.name, rule, severity, wrong)
    for check in contract.row_checks:
        column, wrong = _row_test(check.rule, contract, zone)
        add(column, check.rule, check.severity, wrong)
    if not tests:
        return "null"
    return (
        f"case when {' or '.join(tests)} then "
        f"list_filter([{', '.join(found)}], lambda x: x is not null) end"
    )


def blankable(contract: Contract, relaxed: dict[str, Severity]) -> list[str]:
    """Return the columns that some finding may empty; a key never is."""
    return [
        column.name
        for column in contract.columns
        if column.name not in contract.key
        and any(
            relaxed.get(rule, severity) is Severity.BLANK
            for rule, severity, _ in _column_tests(column)
        )
    ]


def _column_tests(column: Column) -> list[tuple[str, Severity, str]]:
    text, value = quoted("text_" + column.name), quoted(column.name)
    tests = []
    if column.required:
        tests.append(("required", Severity.REJECT, f"{text} is null"))
    if column.kind is not Kind.TEXT:
        wrong = f"{text} is not null and {value} is null"
        tests.append(("type", Severity.REJECT, wrong))
    if column.allowed:
        codes = ", ".join(literal(code) for code in column.allowed)
        tests.append(("allowed", Severity.REJECT, f"{text} not in ({codes})"))
    bounds = [(column.low, "<"), (column.high, ">")]
    limits = [f"{value} {sign} {limit}" for limit, sign in bounds if limit is not None]
    if limits:
        tests.append(("range", Severity.REJECT, " or ".join(limits)))
    for check in column.checks:
        wrong = f"{value} is not null and {_FIELD_TESTS[check.rule](value, column)}"
        tests.append((check.rule, check.severity, wrong))
    return tests


def what_is_right(table: str, column: str | None, rule: str) -> str:
    """Return what a right value would look like, in English and Chinese."""
    if rule == "fields":
        return "as many fields as the header / 字段数与表头一致"
    declared = CONTRACTS[table]
    checks = list(declared.row_checks)
    if column in declared.column_names:
        promised = declared.column(column)
        checks += promised.checks
        if rule == "required":
            return "a value / 必填"
        if rule == "type":
            return _TYPE_WORDS[promised.kind]
        if rule == "allowed":
            return " | ".join(promised.allowed)
        if rule == "range":
            low = "-∞" if promised.low is None else f"{promised.low:g}"
            high = "∞" if promised.high is None else f"{promised.high:g}"
            return f"{low} … {high}"
    for check in checks:
        if check.rule == rule:
            return f"{check.right.en} / {check.right.zh}"
    return rule


_TYPE_WORDS = {
    Kind.TEXT: "text / 文本",
    Kind.INTEGER: "a whole number / 整数",
    Kind.NUMBER: "a number / 数字",
    Kind.MONEY: "an amount like 1234.50 / 金额,如 1234.50",
    Kind.BOOLEAN: "true, false, 1, 0, 是, 否",
    Kind.DATE: "a date like 2026-01-31 / 日期,如 2026-01-31",
    Kind.TIMESTAMP: "a time like 2026-01-31T08:30:00 / 时间,如 2026-01-31T08:30:00",
    Kind.TIME: "a time of day like 08:30 / 时刻,如 08:30",
}
