"""The quality gate: a refresh is published only if what came in is plausible.

Each check compares what was found with a limit from the configuration. A refusal
rolls the whole refresh back: the bad delivery is not taken, the old batch stays.
"""

import tomllib
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import duckdb

from warehouse.contracts import CONTRACTS, Privacy
from warehouse.errors import ConfigurationError, did_you_mean
from warehouse.records import Counts, GateResult
from warehouse.store.names import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check's limit; *minimum_rows* below which a share says nothing."""

    limit: float
    minimum_rows: int = 0
    refuses: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The limits in force. The defaults let 5 % rejected rows and small increments by.

    rejected_share: rejected / read rows of a table.
    row_jump: rows new to a table / rows it had.
    key_loss: rows read without their key / rows read.
    null_jump: share of empty fields of a column in what came, minus before.
    reference_loss: share of references to members nobody described, minus before.
    staleness: age of the newest event / the age its contract allows.
    """

    rejected_share: Check = Check(limit=0.20, minimum_rows=50)
    row_jump: Check = Check(limit=20.0, minimum_rows=5000)
    key_loss: Check = Check(limit=0.10, minimum_rows=20)
    null_jump: Check = Check(limit=0.80, minimum_rows=500)
    reference_loss: Check = Check(limit=0.50, minimum_rows=500)
    staleness: Check = Check(limit=1.0, refuses=False)

    @classmethod
    def from_file(cls, path: Path | None) -> Self:
        """Return the limits of a TOML file over the defaults."""
        gate = cls()
        if path is None:
            return gate
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"gate file {path}: {error}") from error
        known = {f.name for f in fields(cls)}
        for name, values in told.items():
            if name not in known:
                raise ConfigurationError(
                    f"gate file {path}: unknown check {name!r}; "
                    f"{did_you_mean(name, known)}"
                )
            gate = replace(
                gate, **{name: _told(path, name, values, getattr(gate, name))}
            )
        return gate


def _told(path: Path, name: str, values: object, default: Check) -> Check:
    """Return a check with the limits a file tells, each of the right type."""
    kinds = {"limit": (int, float), "minimum_rows": (int,), "refuses": (bool,)}
    if not isinstance(values, dict):
        raise ConfigurationError(
            f"gate file {path}: [{name}] takes {list(kinds)}, found {values!r}"
        )
    for key, value in values.items():
        if key not in kinds:
            raise ConfigurationError(
                f"gate file {path}: [{name}] takes {list(kinds)}, found {key!r}; "
                f"{did_you_mean(key, kinds)}"
            )
        is_right = isinstance(value, kinds[key])
        # True is a whole number to Python, and no limit to anybody.
        if not is_right or (isinstance(value, bool) and key != "refuses"):
            right = "true or false" if key == "refuses" else "a number"
            raise ConfigurationError(
                f"gate file {path}: [{name}] {key} = {value!r}; write {right}"
            )
    return replace(default, **values)


def judge_refresh(
    con: duckdb.DuckDBPyConnection,
    gate: Gate,
    counts: dict[str, Counts],
    as_of: datetime,
) -> list[GateResult]:
    """Return the result of every check that had enough rows to say something."""
    results: list[GateResult] = []
    for table, count in counts.items():
        if not count.read:
            continue
        results += _rejected(con, gate, table, count)
        results += _jump(con, gate, table, count)
        results += _keys(con, gate, table, count)
        results += _nulls(con, gate, table)
    results += _references(con, gate, counts)
    results += _stale(con, gate, as_of)
    return results


def _result(
    check: str, gate: Gate, table: str, found: float, message: str
) -> GateResult:
    limits: Check = getattr(gate, check)
    return GateResult(
        check=check,
        table=table,
        passed=found <= limits.limit,
        found=round(found, 6),
        limit=limits.limit,
        message=message,
        refuses=limits.refuses,
    )


def _rejected(
    con: duckdb.DuckDBPyConnection, gate: Gate, table: str, count: Counts
) -> list[GateResult]:
    share = count.rejected / count.read
    nothing_left = count.rejected == count.read >= 10
    if count.read < gate.rejected_share.minimum_rows and not nothing_left:
        return []
    message = f"{count.rejected} of {count.read} rows of {table} were set aside"
    if reasons := _reasons(con, table):
        message = f"{message}: {reasons}"
    return [_result("rejected_share", gate, table, share, message)]


def _reasons(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the commonest reasons with examples: a refusal leaves no rows."""
    rows = con.execute(
        "select column_name, rule, count(*) as n, first(value order by piece, line), "
        "first(file order by piece, line), min_by(line, (piece, line)) "
        "from run_rejects where table_name = ? group by column_name, rule "
        "order by n desc, rule limit 3",
        [table],
    ).fetchall()
    return "; ".join(
        f"{column or 'line'} {rule} {n}× "
        f"(e.g. {_shown(table, column, value)}in {file}, line {line})"
        for column, rule, n, value, file, line in rows
    )


def _shown(table: str, column: str | None, value: str | None) -> str:
    """Return a value that everybody may see; the record of a run has many readers."""
    contract = CONTRACTS[table]
    if column not in contract.column_names:
        return ""  # A whole line may hold anything.
    is_public = contract.column(column).privacy is Privacy.PUBLIC
    return f"{value!r} " if is_public else ""


def _jump(
    con: duckdb.DuckDBPyConnection, gate: Gate, table: str, count: Counts
) -> list[GateResult]:
    new = con.execute(f"select count(*) from changed_{table} where is_new").fetchone()[
        0
    ]
    had = _described(con, table) - new
    if had < gate.row_jump.minimum_rows:
        return []
    message = f"{new} new rows of {table} came to {had} known ones"
    return [_result("row_jump", gate, table, new / had, message)]


def _keys(
    con: duckdb.DuckDBPyConnection, gate: Gate, table: str, count: Counts
) -> list[GateResult]:
    if count.read < gate.key_loss.minimum_rows:
        return []
    keys = ", ".join(f"'{name}'" for name in CONTRACTS[table].key)
    lost = con.execute(
        f"select count(distinct (piece, line)) from run_rejects "
        f"where table_name = ? and rule = 'required' and column_name in ({keys})",
        [table],
    ).fetchone()[0]
    message = f"{lost} of {count.read} rows of {table} came without their key"
    return [_result("key_loss", gate, table, lost / count.read, message)]


def _nulls(con: duckdb.DuckDBPyConnection, gate: Gate, table: str) -> list[GateResult]:
    """Compare how empty each column is in changed rows and in what they replace."""
    limits = gate.null_jump
    contract = CONTRACTS[table]
    names = [n for n in contract.column_names if n not in contract.key]
    empty = ", ".join(f"avg(({quoted(n)} is null)::int)" for n in names)
    keys = ", ".join(map(quoted, contract.key))
    old = con.execute(f"select count(*), {empty} from replaced_{table}").fetchone()
    if old[0] < limits.minimum_rows:
        return []
    new = con.execute(
        f"select count(*), {empty} from {table} "
        f"semi join replaced_{table} using ({keys})"
    ).fetchone()
    results = []
    for name, before, after in zip(names, old[1:], new[1:], strict=True):
        if after - before > limits.limit:
            message = (
                f"{table}.{name} was {before:.0%} empty and came {after:.0%} empty"
            )
            results.append(_result("null_jump", gate, table, after - before, message))
    return results


def _references(
    con: duckdb.DuckDBPyConnection, gate: Gate, counts: dict[str, Counts]
) -> list[GateResult]:
    results = []
    for table, count in counts.items():
        if not count.inferred:
            continue
        described = _described(con, table)
        known = described + count.inferred
        if described < gate.reference_loss.minimum_rows:
            continue
        share = count.inferred / known
        message = f"{count.inferred} members of {table} are referred to, not described"
        results.append(_result("reference_loss", gate, table, share, message))
    return results


def _described(con: duckdb.DuckDBPyConnection, table: str) -> int:
    # The few inferred members are found by their zone maps; nothing is read through.
    return con.execute(
        f"select (select count(*) from {table}) "
        f"- (select count(*) from {table} where is_inferred)"
    ).fetchone()[0]


def _stale(
    con: duckdb.DuckDBPyConnection, gate: Gate, as_of: datetime
) -> list[GateResult]:
    rows = con.execute(
        "select source, table_name, watermark, fresh_seconds from source_marks "
        "where watermark is not null and fresh_seconds is not null"
    ).fetchall()
    results = []
    for source, table, watermark, limit in rows:
        age = (as_of - watermark).total_seconds()
        message = f"{source}: newest event of {table} is {age / 3600:.1f} h old"
        one = _result("staleness", gate, table, max(0.0, age / limit), message)
        if not one.passed:
            results.append(one)
    return results
