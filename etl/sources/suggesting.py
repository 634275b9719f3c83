"""A configuration to begin with, from what a file looks like."""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from etl.sources.dialect import folded
from etl.sources.kinds import FileKind
from etl.sources.profile import ColumnProfile, FileProfile
from warehouse.contracts import CONTRACTS, Contract, Kind

_TIMES = (Kind.TIMESTAMP, Kind.DATE)
_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.MONEY)


@cache
def _synonyms() -> dict[str, Any]:
    """Return the words of columns by table, and the meanings of codes."""
    path = Path(__file__).with_name("synonyms.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def described(profile: FileProfile) -> Iterator[str]:
    """Yield the lines that say what was seen of a file."""
    name = profile.member or profile.path.name
    yield f"{name}: {profile.kind.value}, {_reading(profile)}"
    if profile.sheets:
        yield f"sheets: {', '.join(profile.sheets)}"
    beginning = ", only its beginning" if profile.is_cut else ""
    yield f"{profile.rows} rows{beginning}, {len(profile.columns)} columns"
    for line, fault in profile.faults:
        yield f"line {line} is no row: {fault}"
    yield ""
    for column in profile.columns:
        yield _told(column, profile.rows)
    yield ""


def suggested(profile: FileProfile) -> str:
    """Return a configuration in TOML that maps what is recognised by its name."""
    contract, mapped = _table(profile)
    lines = [f"name = {_quoted(profile.path.stem)}"]
    lines += _keys(profile)
    nulls = sorted({null for column in profile.columns for null in column.nulls})
    if nulls:
        lines.append(f"null_values = {json.dumps(nulls, ensure_ascii=False)}")
    lines.append("")
    if not all(key in mapped for key in contract.key if key in contract.required):
        names = ", ".join(CONTRACTS)
        lines.append(f"# No table is recognised for sure; there are: {names}")
    lines += ["[[table]]", f"table = {_quoted(contract.table)}"]
    lines.append(f"files = {_quoted(profile.path.name)}")
    if profile.member:
        lines.append(f"members = {_quoted(profile.member)}")
    unused = [c.name for c in profile.columns if c.name not in mapped.values()]
    if unused:
        lines.append("# Nothing is known of these; map them, or leave them here.")
        lines.append(f"ignore = {json.dumps(unused, ensure_ascii=False)}")
    lines.append("[table.columns]")
    by_name = {column.name: column for column in profile.columns}
    for column in contract.columns:
        if column.name in mapped:
            found = by_name[mapped[column.name]]
            lines.append(f"{column.name} = {_rule(found, column.kind, column.allowed)}")
        elif column.required and column.name != "source_system":
            lines.append(f'# required: {column.name} = "…" or {{ constant = "…" }}')
    return "\n".join(lines) + "\n"


def _table(profile: FileProfile) -> tuple[Contract, dict[str, str]]:
    """Return the table whose columns are recognised best, and which are found where."""
    best: tuple[float, Contract, dict[str, str]] | None = None
    for table, contract in CONTRACTS.items():
        mapped = _matches(contract, profile)
        required = [name for name in contract.required if name != "source_system"]
        # Its key tells a table from others that have the same columns, too.
        score = sum(2.0 if name in required else 1.0 for name in mapped)
        score += 3.0 * all(key in mapped for key in contract.key if key in required)
        score += 2.0 * (folded(table) in folded(profile.path.stem))
        if best is None or score > best[0]:
            best = (score, contract, mapped)
    if best is None:
        raise AssertionError("there is no contract")
    return best[1], best[2]


def _matches(contract: Contract, profile: FileProfile) -> dict[str, str]:
    """Return the columns of a contract that a file has, by the names of theirs."""
    known = _synonyms()["words"].get(contract.table, {})
    free = {folded(column.name): column.name for column in profile.columns}
    found: dict[str, str] = {}
    for is_exact in (True, False):
        for column in contract.columns:
            words = [column.name, *known.get(column.name, "").split()]
            for word in map(_bare, words):
                hit = next(
                    (key for key in free if _is_like(_bare(key), word, is_exact)), None
                )
                if hit is not None and column.name not in found:
                    found[column.name] = free.pop(hit)
    return found


def _bare(name: str) -> str:
    """Return a name without the signs that systems put into it: RO_NO is rono."""
    return "".join(letter for letter in folded(name) if letter.isalnum())


def _is_like(name: str, word: str, is_exact: bool) -> bool:
    if is_exact:
        return name == word
    # A short word stands in too many names.
    return len(word) > (2 if not word.isascii() else 4) and word in name


def _rule(column: ColumnProfile, kind: Kind, allowed: tuple[str, ...]) -> str:
    told: dict[str, object] = {}
    if kind in _TIMES and column.formats:
        told["format"] = column.formats[0]
    elif kind in _NUMBERS and column.style:
        told["number"] = column.style
    written = [f"{key} = {_quoted(str(value))}" for key, value in told.items()]
    if (allowed or kind is Kind.BOOLEAN) and not set(column.codes) <= set(allowed):
        right = allowed or ("true", "false")
        pairs = (f"{_quoted(v)} = {_quoted(_meaning(v, right))}" for v in column.codes)
        written.append(f"codes = {{ {', '.join(pairs)} }}")
    if not written:
        return _quoted(column.name)
    return f"{{ column = {_quoted(column.name)}, {', '.join(written)} }}"


def _meaning(code: str, allowed: tuple[str, ...]) -> str:
    """Return what a code most likely means, else all that it may mean."""
    for meaning, words in _synonyms()["meanings"].items():
        if meaning in allowed and any(word in code.lower() for word in words.split()):
            return meaning
    return "|".join(allowed)


def _keys(profile: FileProfile) -> Iterator[str]:
    dialect = profile.dialect
    if profile.kind == FileKind.TEXT and dialect.encodings != ("utf-8",):
        yield f"encoding = {_quoted(dialect.encodings[0])}"
    elif profile.kind in (FileKind.HTML, FileKind.XML, FileKind.JSON):
        yield 'encoding = ["utf-8", "gb18030"]'
    if dialect.header_rows != (1,):
        yield f"header_row = {dialect.header_rows[0]}"
    if len(profile.sheets) > 1:
        yield f'sheet = {_quoted(profile.sheets[0])}  # or a pattern: "*"'


def _reading(profile: FileProfile) -> str:
    dialect = profile.dialect
    encoding = f"{dialect.encodings[0]}, " if profile.kind == FileKind.TEXT else ""
    return f"{encoding}header in line {dialect.header_rows[0]}"


def _told(column: ColumnProfile, rows: int) -> str:
    share = column.filled / rows if rows else 0
    how = ", ".join([*column.formats[:3], *([column.style] if column.style else [])])
    examples = " | ".join(value[:40] for value in column.examples)
    nulls = f"  null: {' '.join(column.nulls)}" if column.nulls else ""
    broken = "  BROKEN by a spreadsheet: export it as text" if column.is_broken else ""
    return (
        f"{column.name:24} {column.kind:7} {share:6.1%} filled, {column.distinct} "
        f"different  {how + '  ' if how else ''}{examples}{nulls}{broken}"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
