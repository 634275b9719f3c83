"""What a source configuration may say, and its reading (docs/sources.md)."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etl.sources.dialect import WHITESPACE, Dialect
from etl.sources.section import Section
from warehouse.contracts import CONTRACTS, Contract, Severity
from warehouse.errors import did_you_mean

MAPPING = "mapping-2"
"""Changes when the same configuration reads the same bytes differently."""

_GENERAL_RULES = ("type", "allowed", "range")
_LIMIT = re.compile(r"(\d+)\s*(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnConfig:
    """One entry of `columns`: the first of *names* that the file has, or a formula."""

    names: tuple[str, ...] = ()
    constant: str | None = None
    expression: str | None = None
    formats: tuple[str, ...] = ()
    number: str | None = None
    scale: Fraction | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    null_values: tuple[str, ...] = ()
    empty: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinConfig:
    """A master file whose columns are reached as `alias.column`."""

    alias: str
    file: str
    on: tuple[tuple[str, str], ...]
    keep: str
    dialect: Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpivotConfig:
    """Patterns of the columns that become rows, and what the rows call them."""

    columns: tuple[str, ...]
    name: str
    value: str
    keep_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryConfig:
    """What is asked of a database."""

    text: str
    watermark: str | None = None
    kind: str = "timestamp"
    lookback: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableConfig:
    """One [[table]]: where its rows are found and how they become standard rows."""

    table: str
    files: tuple[str, ...] = ()
    query: QueryConfig | None = None
    dialect: Dialect = field(default_factory=Dialect)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, ColumnConfig] = field(default_factory=dict)
    compute: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    unpivot: UnpivotConfig | None = None
    fill_down: tuple[str, ...] = ()
    members: tuple[str, ...] = ("*",)
    joins: tuple[JoinConfig, ...] = ()
    null_values: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    zone: str | None = None
    system: str | None = None
    fresh_within: timedelta | None = None
    optional: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @property
    def recipe(self) -> str:
        """What identifies everything that decides how a row comes out."""
        deciding = replace(self, files=(), fresh_within=None, ignore=())
        return sha256(f"{MAPPING}:{deciding!r}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """One TOML file."""

    name: str
    file: Path
    folder: Path
    url: str | None
    password_env: str | None
    tables: tuple[TableConfig, ...]


def limit(section: Section, key: str) -> timedelta | None:
    """Return a time span like `26h`, `3d` or `90m`."""
    text = section.text(key)
    if text is None:
        return None
    match = _LIMIT.fullmatch(text.strip())
    if not match:
        raise section.error(key, text, "write a time span like 90m, 26h or 3d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def zone(section: Section, default: str | None) -> str | None:
    """Return the name of a time zone."""
    name = section.text("zone", default)
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        right = "write an IANA name such as Asia/Shanghai"
        raise section.error("zone", name, right) from None


def severities(section: Section, tables: list[Contract]) -> dict[str, Severity]:
    """Return what the configuration makes of checks that *tables* promise."""
    known = {*_GENERAL_RULES}
    for declared in tables:
        known |= {check.rule for check in declared.row_checks}
        known |= {c.rule for column in declared.columns for c in column.checks}
    found: dict[str, Severity] = {}
    for rule, value in section.mapping("severity").items():
        key = f"severity.{rule}"
        if rule not in known:
            raise section.error(key, value, did_you_mean(rule, known))
        if value not in set(Severity):
            raise section.error(key, value, did_you_mean(value, set(Severity)))
        found[rule] = Severity(value)
    return found


def dialect(section: Section, default: Dialect) -> Dialect:
    """Return how the files are written down; *default* for what is not said."""
    encodings = section.texts("encoding") or default.encodings
    for encoding in encodings:
        _refuse_encoding(section, encoding)
    rows = section.numbers("header_row")
    header_rows = default.header_rows if rows is None else _without_zero(rows)
    names = section.texts("names") or default.names
    header_has = _texts(section, "header_has", default.header_has)
    if not header_rows and not names and not header_has:
        right = "a file without a header needs the names of its columns"
        raise section.error("names", None, right)
    widths = section.numbers("widths")
    return Dialect(
        encodings=encodings,
        delimiter=_delimiter(section, default.delimiter),
        quote=section.character("quote", default.quote) or "",
        escape=section.character("escape", default.escape) or None,
        comments=_texts(section, "comment", default.comments),
        widths=default.widths if widths is None else widths,
        is_wide_two=section.switch("wide_two", default=default.is_wide_two),
        ragged=section.switch("ragged", default=default.ragged),
        header_rows=header_rows,
        header_has=header_has,
        names=names,
        skip_after=section.number("skip_after_header", default.skip_after),
        sheets=_texts(section, "sheet", default.sheets),
        records=section.text("records", default.records) or None,
    )


def expanded(section: Section, key: str, environment: Mapping[str, str]) -> str | None:
    """Return a text with `${NAME}` and `${NAME:-default}` filled in."""
    text = section.text(key)
    if text is None:
        return None

    def fill(match: re.Match[str]) -> str:
        value = environment.get(match[1], match[2])
        if value is None:
            right = f"set the environment variable {match[1]}"
            raise section.error(key, text, right)
        return value

    return _VARIABLE.sub(fill, text)


def named_table(section: Section) -> Contract:
    """Return the contract of the table that a [[table]] feeds."""
    name = section.required("table")
    if name not in CONTRACTS:
        raise section.error("table", name, did_you_mean(name, CONTRACTS))
    return CONTRACTS[name]


def _texts(section: Section, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of texts; an empty one takes back what the source says."""
    found = section.texts(key)
    return found if key in section else default


def _without_zero(rows: tuple[int, ...]) -> tuple[int, ...]:
    return () if rows == (0,) else tuple(sorted(rows))


def _delimiter(section: Section, default: str | None) -> str | None:
    found = section.text("delimiter", default)
    if found == "tab":
        return "\t"
    if found in (None, WHITESPACE):
        return found
    # A word is a mistake; `||` and `@|@` are not.
    if not found.strip("\r\n") or (len(found) > 1 and any(map(str.isalnum, found))):
        right = "write one character, several signs, 'tab' or 'whitespace'"
        raise section.error("delimiter", found, right)
    return found


def _refuse_encoding(section: Section, name: str) -> None:
    try:
        b"".decode(name)
        codecs.getincrementaldecoder(name)
    except LookupError:
        right = "write a codec such as utf-8, gb18030, utf-16 or latin-1"
        raise section.error("encoding", name, right) from None
