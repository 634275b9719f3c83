"""What a source table promises. The tables themselves are declared beside this."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from hashlib import sha256

from warehouse.errors import DefinitionError, UnknownNameError
from warehouse.text import Text


class Kind(StrEnum):
    """What a column holds; the value is the DuckDB type it is kept in."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    NUMBER = "DOUBLE"
    MONEY = "DECIMAL(18,2)"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    TIME = "TIME"


class Severity(StrEnum):
    """What happens when a check finds something wrong."""

    REJECT = "reject"
    """The row is set aside."""
    BLANK = "blank"
    """The row is loaded, the field is emptied."""
    WARN = "warn"
    """The row is loaded as it is; the finding is counted."""


class Privacy(IntEnum):
    """Who may see a column (kpis.md §18): everyone, core partners, nobody outside."""

    PUBLIC = 1
    DESENSITIZED = 2
    SENSITIVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A named test of one field or of a row.

    *rule* names a condition that `warehouse/store/checks.py` spells in SQL and that
    holds when the value is wrong; *right* says what a right value looks like.
    """

    rule: str
    severity: Severity
    right: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A promised column."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    checks: tuple[Check, ...] = ()
    references: str | None = None
    privacy: Privacy = Privacy.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The promise a source makes about one standard table (interfaces.md §3).

    *event* is the time column that tells how far the data reach (the watermark);
    *zone_by* tells where the time zone of an offset-less time comes from: the row's
    own store, the store of its work order, or the product's setting.
    """

    table: str
    name: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event: str | None = None
    zone_by: str = "setting"
    row_checks: tuple[Check, ...] = ()
    fresh_within: timedelta | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise DefinitionError(f"{self.table}: a column is declared twice")
        for name in (*self.key, *([self.event] if self.event else [])):
            if name not in names:
                raise DefinitionError(f"{self.table}: {name!r} is no declared column")

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns in declared order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a row is worth nothing."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def timestamps(self) -> tuple[str, ...]:
        """The time columns, in declared order (their bit in the offset mask)."""
        return tuple(c.name for c in self.columns if c.kind is Kind.TIMESTAMP)

    @property
    def fingerprint(self) -> str:
        """A short hash that changes when any rule of this contract changes."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    def column(self, name: str) -> Column:
        """Return the column called *name*."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError(f"column of {self.table}", name, self.column_names)
