"""The warehouse from the shell: read metrics, list the catalogue."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from getpass import getpass

from warehouse.errors import AftersightError, BusyError, NoBatchError
from warehouse.metrics import CATALOG, Metric, Reading
from warehouse.moments import parse_day, parse_moment
from warehouse.scope import EVERYTHING, GRAINS, Question
from warehouse.settings import Settings
from warehouse.store.administration import Administration, add_parsers
from warehouse.store.backup import backup, restore
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

FORMATS = ("table", "json", "csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 2 asked wrongly, 1 nothing to read from."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ)
        chosen.command(chosen, settings)
    except (BusyError, NoBatchError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except AftersightError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    query = commands.add_parser("query", help="the reading of a metric")
    query.add_argument("metric", metavar="METRIC")
    query.add_argument("--by", default="", metavar="DIM[,DIM]")
    query.add_argument("--grain", choices=GRAINS, default="total")
    query.add_argument("--from", dest="start", metavar="D")
    query.add_argument("--to", dest="end", metavar="D")
    query.add_argument("--as-of", metavar="TS")
    query.add_argument("--where", action="append", default=[], metavar="DIM=VALUE")
    query.add_argument("--format", choices=FORMATS, default="table")
    query.set_defaults(command=_query)

    metrics = commands.add_parser("metrics", help="the catalogue")
    metrics.add_argument("--format", choices=FORMATS, default="table")
    metrics.set_defaults(command=_metrics)

    save = commands.add_parser("backup", help="save warehouse and state to one file")
    save.add_argument("file", metavar="FILE")
    save.set_defaults(command=lambda c, s: backup(s, c.file))
    load = commands.add_parser("restore", help="bring a backup back")
    load.add_argument("file", metavar="FILE")
    load.set_defaults(command=lambda c, s: restore(s, c.file))
    add_parsers(commands)
    for name in ("users", "devices"):
        commands.choices[name].set_defaults(command=_administer, room=name)
    return parser


def _administer(chosen: argparse.Namespace, settings: Settings) -> None:
    state = State(settings.state)
    try:
        now = datetime.now(timezone.utc)
        administration = Administration(state, now, _password, print)
        getattr(administration, chosen.room)(chosen)
    finally:
        state.close()


def _password() -> str:
    """Return the password that is typed or piped; empty: make one up."""
    if sys.stdin.isatty():
        return getpass("password (empty: make one up): ")
    return sys.stdin.readline().rstrip("\n")


def parse_where(pairs: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return filters; the same dimension named twice lets both values through."""
    from warehouse.errors import QuestionError

    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise QuestionError(f"{pair!r} is no filter; write region=华东")
        found[name.strip()] = (*found.get(name.strip(), ()), value.strip())
    return tuple(found.items())


def _query(chosen: argparse.Namespace, settings: Settings) -> None:
    question = Question(
        by=tuple(name.strip() for name in chosen.by.split(",") if name.strip()),
        grain=chosen.grain,
        start=parse_day(chosen.start) if chosen.start else None,
        end=parse_day(chosen.end) if chosen.end else None,
        as_of=parse_moment(chosen.as_of, settings.timezone) if chosen.as_of else None,
        where=parse_where(chosen.where),
    )
    batch = Warehouse.open(settings).batch()
    readings = batch.read(chosen.metric, question, EVERYTHING)
    rows = [reading.as_json() for reading in readings]
    if chosen.format == "json":
        print(json.dumps(rows, ensure_ascii=False))
    elif chosen.format == "csv":
        _csv([_flat(row, question.by) for row in rows])
    else:
        _table(CATALOG[chosen.metric], readings)


def _flat(row: dict, by: Sequence[str]) -> dict:
    dimensions, lines = row.pop("dimensions"), row.pop("lines") or {}
    told = {f"line_{name}": lines.get(name) for name in ("green", "red", "basis")}
    return {
        "metric": row.pop("metric"),
        **{name: dimensions.get(name) for name in (*by, *dimensions)},
        **row,
        **told,
    }


def _csv(rows: list[dict]) -> None:
    if rows:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _table(one: Metric, readings: list[Reading]) -> None:
    print(f"{one.name.zh} / {one.name.en} ({one.unit.value})")
    if not readings:
        print("no rows in this scope")
    for reading in readings:
        where = ", ".join(f"{k}={v}" for k, v in reading.dimensions.items())
        value = "—" if reading.value is None else f"{reading.value:.6g}"
        span = f"{reading.period_start}..{reading.period_end}"
        low, high = reading.ci_low, reading.ci_high
        bounds = (
            "" if low is None and high is None else f"  [{_cut(low)}, {_cut(high)}]"
        )
        print(
            f"{span}  {where:30} {value:>10}  n={reading.n}{bounds}  "
            f"{reading.status.value}"
        )


def _cut(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _metrics(chosen: argparse.Namespace, _settings: Settings) -> None:
    rows = [
        {
            "id": one.id,
            "name_zh": one.name.zh,
            "name_en": one.name.en,
            "unit": one.unit.value,
            "kind": one.kind.value,
            "direction": one.direction.value,
            "formula_zh": one.formula.zh,
            "formula_en": one.formula.en,
            "cohort": one.cohort.en,
            "minimum_n": one.minimum_n,
            "interval": one.interval.value,
            "owner": one.owner,
            "sources": ";".join(one.sources),
            "dimensions": ";".join(one.dimensions),
            "version": one.version,
            "valid_from": one.valid_from.isoformat(),
            "thresholds": "; ".join(
                f"green {t.green:g} red {t.red:g}" for t in one.thresholds
            ),
        }
        for one in CATALOG.values()
    ]
    if chosen.format == "json":
        print(json.dumps(rows, ensure_ascii=False))
    elif chosen.format == "csv":
        _csv(rows)
    else:
        for row in rows:
            print(f"{row['id']:26} {row['name_zh']}  {row['name_en']}")


if __name__ == "__main__":
    sys.exit(main())
