"""The SQL of a recipe: one step over another, each of them readable by itself.

Names are quoted, texts are literals; expressions are written as they are, because the
sandbox has parsed them before and holds nothing that they could reach.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from warehouse.store.mapping.numbers import counted
from warehouse.store.mapping.recipe import Lookup, Recipe, Rule, Unpivot
from warehouse.store.mapping.times import dated
from warehouse.store.names import literal, quoted

LINE = "_line"
KEPT = "_kept"
FOUND = "found"


def rendered(name: str, kind: str) -> str:
    """Return SQL for the text of a value of the DuckDB type *kind*."""
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"case when not isfinite({name}) then null "
            f"when {name} = trunc({name}) and abs({name}) < 9e15 "
            f"then cast(cast({name} as bigint) as varchar) "
            f"else cast({name} as varchar) end"
        )
    if kind.startswith("TIMESTAMP"):
        zone = "+00:00" if "TIME ZONE" in kind else ""
        iso = f"replace(replace(cast({name} as varchar), ' ', 'T'), '+00', '')"
        return f"{iso} || '{zone}'"
    if kind.endswith("[]"):
        return f"nullif(array_to_string({name}, ';'), '')"
    return f"nullif(trim(cast({name} as varchar)), '')"


def source_steps(recipe: Recipe, columns: Sequence[str]) -> list[str]:
    """Return the steps from the rows found to rows with all helper columns."""
    steps = [_cleaned(columns, recipe.null_values)]
    if recipe.fill_down:
        steps.append(_filled_down(recipe.fill_down))
    if recipe.unpivot:
        steps.append(_unpivoted(recipe.unpivot))
    steps += [_looked_up(lookup) for lookup in recipe.lookups]
    steps += [
        f"select *, (\n{text}\n) as {quoted(name)} from {{previous}}"
        for name, text in recipe.compute.items()
    ]
    return steps


def raw_step(recipe: Recipe) -> str:
    """Return the step that evaluates every rule once, whatever its type."""
    kept = "true" if recipe.where is None else f"coalesce((\n{recipe.where}\n), false)"
    aliases = {lookup.alias for lookup in recipe.lookups}
    values = [
        f"{_base(rule, aliases)} as {quoted(name)}"
        for name, rule in recipe.rules.items()
    ]
    chosen = ", ".join([quoted(LINE), f"{kept} as {quoted(KEPT)}", *values])
    return f"select {chosen} from {{previous}}"


def text_steps(recipe: Recipe, kinds: Mapping[str, str]) -> list[str]:
    """Return the steps that turn values of *kinds* into the text that is promised."""
    rules = recipe.rules
    made = {name.lower() for name in recipe.compute}

    def as_text(name: str, rule: Rule) -> str:
        # What comes out of a file is trimmed text already.
        found = rule.expression is None and (rule.column or "").lower() not in made
        is_text = kinds[name] == "VARCHAR" and found
        return quoted(name) if is_text else rendered(quoted(name), kinds[name])

    return [
        _each(rules, as_text),
        _each(rules, _without_nulls),
        _each(rules, _with_dates),
        _each(rules, _with_numbers),
        _each(rules, _with_codes),
    ]


def statement(steps: Sequence[str], *, ordered: bool = False) -> str:
    """Return *steps* as one statement, each reading from the one before."""
    names = [FOUND, *(f"step_{number}" for number in range(len(steps)))]
    parts = [
        f"{name} as ({step.replace('{previous}', before)})"
        for before, name, step in zip(names, names[1:], steps, strict=False)
    ]
    order = f" order by {quoted(LINE)}" if ordered else ""
    return f"with {', '.join(parts)} select * from {names[-1]}{order}"


def master_table(lookup: Lookup, found: str) -> str:
    """Return the statement that keeps one row a key of the master in *found*."""
    keys = [quoted(key) for _, key in lookup.on]
    order = "asc" if lookup.keep == "first" else "desc"
    return (
        f"create table {quoted(lookup.alias)} as select * from {found} "
        f"where {' and '.join(f'{key} is not null' for key in keys)} "
        f"qualify row_number() over (partition by {', '.join(keys)} "
        f"order by {quoted(LINE)} {order}) = 1"
    )


def _cleaned(columns: Sequence[str], nulls: Sequence[str]) -> str:
    if not nulls:
        return "select * from {previous}"
    unwanted = ", ".join(map(literal, nulls))
    cleaned = [
        f"case when {name} in ({unwanted}) then null else {name} end as {name}"
        for name in map(quoted, columns)
    ]
    return f"select {', '.join([quoted(LINE), *cleaned])} from {{previous}}"


def _filled_down(columns: Sequence[str]) -> str:
    above = f"over (order by {quoted(LINE)} rows unbounded preceding)"
    filled = ", ".join(
        f"last_value({quoted(name)} ignore nulls) {above} as {quoted(name)}"
        for name in columns
    )
    return f"select * replace ({filled}) from {{previous}}"


def _unpivoted(unpivot: Unpivot) -> str:
    nulls = "include nulls" if unpivot.keep_empty else ""
    columns = ", ".join(map(quoted, unpivot.columns))
    return (
        f"select * from {{previous}} unpivot {nulls} "
        f"({quoted(unpivot.value)} for {quoted(unpivot.name)} in ({columns}))"
    )


def _looked_up(lookup: Lookup) -> str:
    alias = quoted(lookup.alias)
    pairs = [
        f"origin.{quoted(left)} = {alias}.{quoted(right)}" for left, right in lookup.on
    ]
    return (
        f"select origin.*, {alias} from {{previous}} as origin "
        f"left join {alias} on {' and '.join(pairs)}"
    )


def _base(rule: Rule, aliases: Collection[str]) -> str:
    if rule.expression is not None:
        return f"(\n{rule.expression}\n)"
    if rule.column is not None:
        alias, dot, name = rule.column.partition(".")
        if dot and alias in aliases:
            return f"{quoted(alias)}.{quoted(name)}"
        return quoted(rule.column)
    return literal(rule.constant) if rule.constant else "cast(null as varchar)"


def _each(rules: Mapping[str, Rule], write: Callable[[str, Rule], str]) -> str:
    values = [f"{write(name, rule)} as {quoted(name)}" for name, rule in rules.items()]
    chosen = ", ".join([quoted(LINE), quoted(KEPT), *values])
    return f"select {chosen} from {{previous}}"


def _without_nulls(name: str, rule: Rule) -> str:
    if not rule.null_values:
        return quoted(name)
    unwanted = ", ".join(map(literal, rule.null_values))
    return f"case when {quoted(name)} in ({unwanted}) then null else {quoted(name)} end"


def _with_dates(name: str, rule: Rule) -> str:
    if not rule.formats:
        return quoted(name)
    tried = [dated(quoted(name), pattern) for pattern in rule.formats]
    return f"coalesce({', '.join(tried)}, {quoted(name)})"


def _with_numbers(name: str, rule: Rule) -> str:
    if rule.number is None and rule.scale is None:
        return quoted(name)
    number = rendered(counted(quoted(name), rule.number, rule.scale), "DOUBLE")
    return f"coalesce({number}, {quoted(name)})"


def _with_codes(name: str, rule: Rule) -> str:
    value = quoted(name)
    if rule.codes or rule.otherwise is not None:
        known = " ".join(
            f"when {literal(code)} then {literal(meaning)}"
            for code, meaning in rule.codes.items()
        )
        other = value if rule.otherwise is None else literal(rule.otherwise)
        translated = f"case {value} {known} else {other} end" if known else other
        value = f"case when {value} is null then null else {translated} end"
    return value if rule.empty is None else f"coalesce({value}, {literal(rule.empty)})"
