"""The refresh from the shell: run, check, watch, status, rejects, demo."""

import argparse
import csv
import json
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from etl.intraday import watch
from etl.notifying import configured, notify_always, notify_once
from etl.refresh import Order, refresh
from etl.sources import INTAKE, Intake, Source, load_sources, open_source
from warehouse.errors import (
    AftersightError,
    ConfigurationError,
    NoBatchError,
    QuestionError,
    SettingsError,
    SourceError,
    UnknownNameError,
)
from warehouse.moments import parse_moment
from warehouse.records import Outcome, Run
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse

PUBLISHED, CRASHED, USAGE, WITH_REJECTS, REFUSED = 0, 1, 2, 3, 4
_USAGE_ERRORS = (ConfigurationError, QuestionError, SettingsError, UnknownNameError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code that interfaces.md §1 promises."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ)
        return chosen.command(chosen, settings)
    except _USAGE_ERRORS as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    except AftersightError as error:
        print(f"error: {error}", file=sys.stderr)
        return CRASHED
    except BrokenPipeError:
        # The reader of our output had enough, like `head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PUBLISHED
    except KeyboardInterrupt:
        return CRASHED
    except Exception as error:
        traceback.print_exc()
        reason = (str(error).splitlines() or [""])[0]
        print(f"error: {type(error).__name__}: {reason}", file=sys.stderr)
        return CRASHED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="one refresh")
    run.add_argument("--source", action="append", metavar="NAME_OR_PATH", default=[])
    run.add_argument("--full", action="store_true", help="rebuild everything")
    run.add_argument("--as-of", metavar="TS", help="the moment that counts as now")
    run.set_defaults(command=_run)

    check = commands.add_parser(
        "check", help="what a configuration, or an unknown file, would give"
    )
    check.add_argument("source", metavar="NAME_OR_PATH")
    check.add_argument(
        "--rows", type=int, default=1000, help="of each file (0: all; default 1000)"
    )
    check.set_defaults(command=_check)

    loop = commands.add_parser("watch", help="the same increments, again and again")
    loop.add_argument("--source", action="append", metavar="NAME_OR_PATH", default=[])
    loop.add_argument("--every", type=float, default=10.0, metavar="SECONDS")
    loop.add_argument(
        "--demo",
        type=Path,
        metavar="DIR",
        help="keep a demo network living in DIR, and watch it",
    )
    loop.set_defaults(command=_watch)

    status = commands.add_parser("status", help="sources, last batch, data age")
    status.add_argument("--json", action="store_true")
    status.set_defaults(command=_status)

    rejects = commands.add_parser("rejects", help="rows set aside, with the reason")
    rejects.add_argument("--source")
    rejects.add_argument("--table")
    rejects.add_argument("--csv", type=Path, metavar="FILE")
    rejects.set_defaults(command=_rejects)

    demo = commands.add_parser("demo", help="write the demo network as source files")
    demo.add_argument("--stores", type=int, default=60)
    demo.add_argument("--months", type=int, default=18)
    demo.add_argument("--seed", type=int, default=20260101)
    demo.add_argument("--until", type=date.fromisoformat, metavar="DATE")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")
    demo.set_defaults(command=_demo)
    return parser


def say(line: str) -> None:
    """Show progress; stdout is for results."""
    print(line, file=sys.stderr, flush=True)


def chosen_sources(settings: Settings, names: Sequence[str]) -> list[Source]:
    """Return the sources named, or all that are configured."""
    configured = load_sources(settings.sources) if settings.sources else {}
    if INTAKE in configured:
        raise ConfigurationError(
            f"{settings.sources}: name: {INTAKE!r} is the HTTP intake's; "
            "name the source differently"
        )
    intake = {INTAKE: Intake(settings.intake)}
    if names:
        return [open_source(name, {**configured, **intake}) for name in names]
    if not configured and not settings.intake.is_dir():
        raise ConfigurationError(
            "no source: name one with --source, or set AFTERSIGHT_SOURCES"
        )
    return [*configured.values(), *intake.values()]


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(timezone.utc)
    as_of = parse_moment(chosen.as_of, settings.timezone) if chosen.as_of else now
    sources = chosen_sources(settings, chosen.source)
    order = Order(now=now, as_of=as_of, full=chosen.full)
    messages = configured(settings, os.environ)
    run = refresh(settings, sources, order, say)
    if run.outcome is Outcome.PUBLISHED:
        notify_once(settings, messages, datetime.now(timezone.utc), say)
    print(json.dumps(run.as_json(), ensure_ascii=False))
    return exit_code(run)


def _check(chosen: argparse.Namespace, settings: Settings) -> int:
    from etl.checking import check, first_look, told

    path = Path(chosen.source)
    if path.is_file() and path.suffix.lower() != ".toml":
        try:
            for line in first_look(path):
                print(line)
        except SourceError as error:
            say(f"error: {error}")
            return REFUSED
        return PUBLISHED
    now = datetime.now(timezone.utc)
    sources = chosen_sources(settings, [chosen.source])
    found = check(settings, sources, Order(now=now, as_of=now), max(chosen.rows, 0))
    for line in told(found):
        print(line)
    if found.errors:
        return REFUSED
    rejected = any(count.rejected for count in found.counts.values())
    return WITH_REJECTS if rejected else PUBLISHED


def exit_code(run: Run) -> int:
    """Return what a run says to the shell."""
    if run.outcome is Outcome.REFUSED:
        return REFUSED
    if run.outcome is Outcome.FAILED:
        return CRASHED
    rejected = any(counts.rejected for counts in run.tables.values())
    return WITH_REJECTS if rejected else PUBLISHED


def _watch(chosen: argparse.Namespace, settings: Settings) -> int:
    if chosen.every <= 0:
        raise ConfigurationError("--every takes a number of seconds above 0")
    before_each = None
    if chosen.demo:
        from etl.demo.live import living

        chosen.demo.mkdir(parents=True, exist_ok=True)
        today = datetime.now(ZoneInfo(settings.timezone)).date()
        before_each = living(chosen.demo, until=today, say=say)
        before_each(datetime.now(timezone.utc))
        systems = sorted(p for p in chosen.demo.iterdir() if p.is_dir())
        sources = [open_source(str(folder), {}) for folder in systems]
        sources.append(Intake(settings.intake))
    else:
        sources = chosen_sources(settings, chosen.source)
    every = timedelta(seconds=chosen.every)
    stop = threading.Event()
    notify_always(
        settings,
        configured(settings, os.environ),
        lambda: datetime.now(timezone.utc),
        say,
        stop,
    )
    watch(settings, sources, every, say, before_each=before_each, stop=stop)
    return PUBLISHED


def _status(chosen: argparse.Namespace, settings: Settings) -> int:
    warehouse = Warehouse.open(settings)
    try:
        batch = warehouse.batch()
    except NoBatchError as error:
        print(
            json.dumps({"batch": None, "reason": str(error)}) if chosen.json else error
        )
        return CRASHED
    told = _told(batch)
    if chosen.json:
        print(json.dumps(told, ensure_ascii=False))
        return PUBLISHED
    zone = ZoneInfo(settings.timezone)
    groups = batch.reject_groups(EVERYTHING)
    reasons = sum(group.rows for group in groups if group.severity == "reject")
    print(f"batch      {batch.id}, as of {batch.as_of.astimezone(zone):%Y-%m-%d %H:%M}")
    print(f"published  {told['published_seconds_ago']} s ago")
    print(f"rejected   {told['rejected_rows']} rows, {reasons} reasons")
    for one in told["sources"]:
        print(
            f"{one['source']:20} {one['table']:18} {one['rows']:>10,} rows  "
            f"{one['watermark'] or '-':26} {one['freshness']}"
        )
    return PUBLISHED


def _told(batch: Batch) -> dict[str, Any]:
    """Return what `status --json` says of the newest batch."""
    sources = [
        {
            "source": state.source,
            "table": state.table,
            "rows": state.rows,
            "watermark": state.watermark.isoformat() if state.watermark else None,
            "age_seconds": state.age.total_seconds() if state.age else None,
            "freshness": state.freshness.value,
        }
        for state in batch.sources()
    ]
    age = (datetime.now(timezone.utc) - batch.published_at).total_seconds()
    return {
        "batch": batch.id,
        "as_of": batch.as_of.isoformat(),
        "published_at": batch.published_at.isoformat(),
        "published_seconds_ago": round(age),
        "stores": len(batch.stores(EVERYTHING)),
        "rejected_rows": batch.rejected_rows(),
        "sources": sources,
    }


_REJECT_COLUMNS = (
    "source",
    "file",
    "line",
    "table",
    "column",
    "rule",
    "value",
    "batch_id",
)


def _rejects(chosen: argparse.Namespace, settings: Settings) -> int:
    batch = Warehouse.open(settings).batch()
    rows = batch.rejects(
        EVERYTHING, source=chosen.source, table=chosen.table, limit=1_000_000
    )
    values = [[getattr(row, name) for name in _REJECT_COLUMNS] for row in rows]
    if chosen.csv:
        with chosen.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_REJECT_COLUMNS)
            writer.writerows([[_harmless(cell) for cell in row] for row in values])
        say(f"{len(values)} reasons written to {chosen.csv}")
        return PUBLISHED
    for row in values:
        print("\t".join("" if cell is None else str(cell) for cell in row))
    return PUBLISHED


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from running what somebody typed into a source file."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "@", "\t", "\r"}:
        return "'" + cell
    return cell


def _demo(chosen: argparse.Namespace, settings: Settings) -> int:
    from etl.demo import write_network

    until = chosen.until or datetime.now(ZoneInfo(settings.timezone)).date()
    if chosen.stores < 1 or chosen.months < 1:
        raise ConfigurationError("--stores and --months take numbers above 0")
    write_network(
        chosen.out,
        stores=chosen.stores,
        months=chosen.months,
        seed=chosen.seed,
        until=until,
        progress=say,
    )
    return PUBLISHED


if __name__ == "__main__":
    sys.exit(main())
