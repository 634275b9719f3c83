"""What a configuration says about how rows become rows of a standard table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one standard column comes about.

    Its text is that of a source *column*, a *constant*, or an *expression*; what is
    one of *null_values* becomes null, a time in one of *formats* becomes ISO text, a
    *number* written as the example shows becomes a plain one, times *scale*,
    *codes* are translated (*otherwise* stands for all others), *empty* stands for
    null. A time in none of the formats, what is no number, and a code without
    translation stay as found.
    """

    column: str | None = None
    constant: str | None = None
    expression: str | None = None
    formats: tuple[str, ...] = ()
    number: str | None = None
    scale: Fraction | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    null_values: tuple[str, ...] = ()
    empty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A master whose columns are reached as `alias.column`.

    *on* pairs a column of the row with one of the master; of several master rows
    with the same key the *keep* one counts, so that rows never multiply.
    """

    alias: str
    on: tuple[tuple[str, str], ...]
    keep: Literal["first", "last"] = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpivot:
    """Columns that become rows: their names in *name*, their values in *value*."""

    columns: tuple[str, ...]
    name: str
    value: str
    keep_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The steps from a source row to a standard row, in this order.

    Table-wide *null_values*, *fill_down* (columns whose empty cells have the value
    above them), *unpivot*, *lookups*, the helper columns of *compute*
    (each may use those before it), then *rules*. Rows that are not *where* are left
    out last, so that windows see them.
    """

    rules: Mapping[str, Rule]
    compute: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    lookups: tuple[Lookup, ...] = ()
    unpivot: Unpivot | None = None
    null_values: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()

    @property
    def expressions(self) -> dict[str, str]:
        """Every expression under the name that errors call it by."""
        named = {f"compute.{name}": text for name, text in self.compute.items()}
        if self.where is not None:
            named["where"] = self.where
        for name, rule in self.rules.items():
            if rule.expression is not None:
                named[f"columns.{name}"] = rule.expression
        return named
