"""The history of the demo network, written as the deliveries of five source systems."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

from etl.demo.days import DAY, date_of, month_starts
from etl.demo.delivery import Clerk, Window
from etl.demo.feed import FEED_FILE, NETWORK_FILE
from etl.demo.files import write_json
from etl.demo.network import Network
from etl.demo.sheets import SHEETS
from etl.demo.truth import truth, write_persons
from etl.demo.visible import ALWAYS
from etl.demo.world import simulate

_UNFINISHED = "unfinished"  # stands in the folder while it is being written
TRUTH_FILE = "truth.json"
PERSONS_FILE = "truth-persons.parquet"
OVERLAP = 2 * DAY  # each delivery repeats the last two days of the one before


def write_network(
    out: Path,
    *,
    stores: int = 60,
    months: int = 18,
    seed: int = 20260101,
    until: date,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the demo network's source files; the same arguments give the same bytes.

    The history covers *months* months and ends before the local midnight that begins
    *until*. Beside the folders of the systems stand ``truth.json`` (what is planted),
    ``truth-persons.parquet`` (who is who) and ``network.json`` (these arguments).
    """
    say = progress or (lambda _line: None)
    network = Network.of(stores=stores, months=months, seed=seed, until=until)
    _make_room(out)
    tables = simulate(network, network.until, progress=say)
    clerk = Clerk.of(network)
    for name, window in windows(network):
        clerk.deliver(out, name, tables, window)
        say(f"delivery {name} written")
    write_persons(out / PERSONS_FILE, network, tables)
    write_json(out / TRUTH_FILE, truth(network, clerk, tables))
    arguments = {"stores": stores, "months": months, "seed": seed}
    write_json(out / NETWORK_FILE, arguments | {"until": until.isoformat()})
    (out / _UNFINISHED).unlink()


def _make_room(out: Path) -> None:
    """Clear an earlier demo network out of the way, and nothing else."""
    systems = [out / sheet.system for sheet in SHEETS]
    ours = (out / NETWORK_FILE).exists() or (out / _UNFINISHED).exists()
    if not ours and any(folder.exists() for folder in systems):
        raise FileExistsError(
            f"{out} holds deliveries that are no demo network's; name an empty folder"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / _UNFINISHED).touch()
    for name in (NETWORK_FILE, TRUTH_FILE, PERSONS_FILE, FEED_FILE):
        (out / name).unlink(missing_ok=True)
    for folder in systems:
        shutil.rmtree(folder, ignore_errors=True)


def windows(network: Network) -> list[tuple[str, Window]]:
    """Return the monthly deliveries: name and stretch of time."""
    edges = [network.start, *month_starts(network.start, network.until), network.until]
    found = []
    for number, (first, last) in enumerate(pairwise(edges)):
        begin = date_of(first)
        complete = date_of(last).day == 1
        name = begin.strftime("%Y-%m") if complete else str(date_of(last - 1))
        window = Window(
            since=first * DAY - 1 if number else ALWAYS - 1,
            now=last * DAY - 1,
            overlap=OVERLAP if number else 0,
            number=number,
            whole=True,
        )
        found.append((name, window))
    return found


def describe(out: Path) -> dict[str, object]:
    """Return the arguments and the truth of a written network."""
    arguments = json.loads((out / NETWORK_FILE).read_text("utf-8"))
    return arguments | json.loads((out / TRUTH_FILE).read_text("utf-8"))
