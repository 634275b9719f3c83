"""Reading a source's TOML: its tables, their columns, joins and queries."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from etl.sources.config import (
    ColumnConfig,
    JoinConfig,
    QueryConfig,
    SourceConfig,
    TableConfig,
    UnpivotConfig,
    dialect,
    expanded,
    limit,
    named_table,
    severities,
    zone,
)
from etl.sources.dialect import STANDARD, Dialect
from etl.sources.recipes import draft
from etl.sources.section import Section
from warehouse.contracts import CONTRACTS, Contract
from warehouse.errors import did_you_mean
from warehouse.store.mapping import (
    NUMBER_STYLES,
    MappingError,
    check,
    check_format,
)

_WATERMARKS = ("timestamp", "integer", "text")


def read_config(file: Path, environment: Mapping[str, str]) -> SourceConfig:
    """Return the source that a TOML file configures.

    Raises:
        ConfigurationError: it says something impossible.

    """
    top = Section.of(file)
    top.text("description")
    name = top.text("name") or file.stem
    folder = file.parent / (expanded(top, "folder", environment) or ".")
    url = expanded(top, "url", environment)
    password_env = top.text("password_env")
    reading = dialect(top, STANDARD)
    common = {
        "zone": zone(top, None),
        "system": top.text("system", name),
        "null_values": top.texts("null_values"),
        "severity": severities(top, list(CONTRACTS.values())),
    }
    sections = top.sections("table")
    if not sections:
        raise top.error("table", None, "describe at least one [[table]]")
    tables = tuple(_table(section, reading, common, url) for section in sections)
    top.finish()
    return SourceConfig(
        name=name,
        file=file,
        folder=folder,
        url=url,
        password_env=password_env,
        tables=tables,
    )


def _table(
    section: Section, reading: Dialect, common: Mapping[str, Any], url: str | None
) -> TableConfig:
    contract = named_table(section)
    config = TableConfig(
        table=contract.table,
        files=section.texts("files"),
        query=_query(section),
        dialect=dialect(section, reading),
        headers=_headers(section),
        columns=_columns(section, contract),
        compute=section.mapping("compute"),
        where=section.text("where"),
        unpivot=_unpivot(section),
        fill_down=section.texts("fill_down"),
        members=section.texts("members") or ("*",),
        joins=tuple(_join(join, reading) for join in section.sections("join")),
        null_values=section.texts("null_values") or common["null_values"],
        severity={**common["severity"], **severities(section, [contract])},
        zone=zone(section, common["zone"]),
        system=section.text("system", common["system"]),
        fresh_within=limit(section, "fresh_within"),
        optional=section.texts("optional"),
        ignore=section.texts("ignore"),
    )
    section.finish()
    _refuse_homeless(section, config, url)
    _refuse_incomplete(section, contract, config)
    try:
        check(draft(config))
    except MappingError as error:
        key = str(error).partition(":")[0]
        found = str(error).partition(": ")[2]
        raise section.error(key, found, "see docs/sources.md, Expressions") from None
    return config


def _refuse_homeless(section: Section, config: TableConfig, url: str | None) -> None:
    if bool(config.files) == bool(config.query):
        right = "name either the files or, with a url above, a query"
        raise section.error("files", list(config.files) or None, right)
    if config.query and not url:
        raise section.error("query", config.query.text, "the source has no url")


def _refuse_incomplete(
    section: Section, contract: Contract, config: TableConfig
) -> None:
    for name in contract.required:
        is_default = name == "source_system" and config.system
        if name not in config.columns and not is_default:
            right = f"{contract.table} requires it; map a column or a constant to it"
            raise section.error(f"columns.{name}", None, right)


def _headers(section: Section) -> dict[str, tuple[str, ...]]:
    inner = section.section("headers")
    return {} if inner is None else {key: inner.texts(key) for key in inner.keys}


def _columns(section: Section, contract: Contract) -> dict[str, ColumnConfig]:
    inner = section.section("columns")
    if inner is None:
        raise section.error("columns", None, "map the standard columns to those found")
    found: dict[str, ColumnConfig] = {}
    for name in inner.keys:
        if name not in contract.column_names:
            right = did_you_mean(name, contract.column_names)
            raise inner.error(name, inner.value(name), right)
        if isinstance(inner.value(name), dict):
            found[name] = _column(inner.section(name))
        else:
            found[name] = ColumnConfig(names=inner.texts(name))
    return found


def _column(section: Section) -> ColumnConfig:
    config = ColumnConfig(
        names=section.texts("column"),
        constant=_constant(section),
        expression=section.text("expression"),
        formats=section.texts("format"),
        number=_number_style(section),
        scale=section.fraction("scale"),
        codes=section.mapping("codes"),
        otherwise=section.text("otherwise"),
        null_values=section.texts("null_values"),
        empty=section.text("empty"),
        optional=section.switch("optional"),
    )
    section.finish()
    given = [key for key in ("column", "constant", "expression") if key in section]
    if len(given) != 1:
        right = "give exactly one of column, constant and expression"
        raise section.error("column", given or None, right)
    if config.formats and (config.number or config.scale):
        right = "a value is either a time (format) or a number (number, scale)"
        raise section.error("format", list(config.formats), right)
    for pattern in config.formats:
        try:
            check_format(pattern)
        except MappingError as error:
            raise section.error("format", pattern, str(error)) from None
    return config


def _number_style(section: Section) -> str | None:
    """Return how numbers are written: by an example of one."""
    found = section.text("number")
    if found is not None and found not in NUMBER_STYLES:
        right = f"write one of {', '.join(NUMBER_STYLES)}"
        raise section.error("number", found, right)
    return found


def _constant(section: Section) -> str | None:
    found = section.value("constant")
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list | dict):
        raise section.error("constant", found, "write a text, number, date or switch")
    return str(found)


def _unpivot(section: Section) -> UnpivotConfig | None:
    inner = section.section("unpivot")
    if inner is None:
        return None
    config = UnpivotConfig(
        columns=inner.texts("columns"),
        name=inner.required("name"),
        value=inner.required("value"),
        keep_empty=inner.switch("keep_empty"),
    )
    inner.finish()
    if not config.columns:
        raise inner.error("columns", None, "name the columns that become rows")
    return config


def _join(section: Section, reading: Dialect) -> JoinConfig:
    config = JoinConfig(
        alias=section.required("alias"),
        file=section.required("file"),
        on=tuple(section.mapping("on").items()),
        keep=section.one_of("keep", ("first", "last")),
        dialect=dialect(section, reading),
    )
    section.finish()
    if not config.on:
        right = "pair columns of the row and of the master: on = {theirs = 'KEY'}"
        raise section.error("on", None, right)
    return config


def _query(section: Section) -> QueryConfig | None:
    text = section.text("query")
    config = QueryConfig(
        text=text or "",
        watermark=section.text("watermark"),
        kind=section.one_of("watermark_type", _WATERMARKS),
        lookback=limit(section, "lookback") or timedelta(0),
    )
    return config if text else None
