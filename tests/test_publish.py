"""Publishing: a page is one batch; a crash at any point leaves the last good one."""

import json
import shutil
from datetime import date, datetime, timezone

import pytest

from tests.stress.site import AS_OF, Site, order, vin
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question
from warehouse.store import publishing
from warehouse.store.publishing import KEEP_GENERATIONS, read_manifest
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse
from warehouse.store.work import WORK_FILE

pytestmark = pytest.mark.xdist_group("publish")

MARCH = Question(start=date(2025, 3, 1), end=date(2025, 4, 1))
STORES = [{"store_id": f"S{n}", "name": f"店{n}", "region": "华东"} for n in (1, 2)]


def day_of(number, *, closed=True, stores=("S1", "S2")):
    """Return an order a store of one day, with a line, a clock and an answer."""
    day = f"2025-03-{number:02d}"
    tables = {"work_orders": [], "work_order_lines": [], "surveys": []}
    for place, store in enumerate(stores):
        this = number * 10 + place
        done = {"status": "closed", "delivered_at": f"{day}T17:00:00"} if closed else {}
        tables["work_orders"].append(
            order(this, f"{day}T09:00:00", store_id=store, vin=vin(place), **done)
        )
        tables["work_order_lines"].append(
            {"work_order_id": f"W{this}", "line_no": 1, "complaint_group": "异响"}
        )
        tables["surveys"].append(
            {
                "survey_id": f"Q{this}",
                "instrument_id": "N",
                "store_id": store,
                "work_order_id": f"W{this}",
                "sent_at": f"{day}T18:00:00",
                "answered_at": f"{day}T19:00:00",
                "score": 9,
            }
        )
    return tables


def arrived(batch):
    """Return how many orders a batch counts in March."""
    return sum(r.value for r in batch.read("orders_arrived", MARCH, EVERYTHING))


def differences(site):
    """Return the published tables and marts that differ from the working file's."""
    names = [*publishing._KEYED, *(m.name for m in publishing.MARTS.values())]
    work = site.settings.warehouse / WORK_FILE
    wrong = {}
    with site.batch()._engine.connect() as reader:

        def rows(sql):
            return reader.exec_driver_sql(sql).fetchall()

        reader.exec_driver_sql(f"attach '{work}' as work (read_only)")
        for name in names:
            columns = ", ".join(
                f'"{row[0]}"'
                for row in rows(f"describe work.main.{name}")
                if row[0] != "_seq" or not name.startswith("mart_")
            )
            here = f"select {columns} from {name}"
            there = f"select {columns} from work.main.{name}"
            ((count,),) = rows(
                f"select count(*) from (({here} except all {there}) union all "
                f"({there} except all {here}))"
            )
            if count:
                wrong[name] = count
        reader.commit()
        reader.exec_driver_sql("detach work")
    return wrong


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Return an installation after seven increments, and a reader of its third."""
    site = Site(tmp_path_factory.mktemp("grown"))
    seen = {"differences": [], "files": []}
    for number in range(1, 8):
        tables = day_of(number, closed=number != 3)
        if number in (1, 5):
            tables["stores"] = STORES if number == 1 else [{**STORES[0], "bays": 3}]
        if number == 6:  # what was open is delivered, and late rows come
            tables["work_orders"] += day_of(3)["work_orders"]
            tables["work_orders"].append(order(99, "2025-03-01T12:00:00"))
        site.take(f"2025-03-{number:02d}", tables)
        seen["differences"].append(differences(site))
        if number == 3:
            seen["reader"] = site.batch()
            seen["arrived"] = arrived(seen["reader"])
            seen["id"] = seen["reader"].id
    return site, seen


def test_hot_over_history_says_what_the_working_file_says(grown):
    """After each increment every published view equals its working table."""
    _, seen = grown
    assert seen["differences"] == [{}] * 7


def test_the_history_is_written_once_and_laid_over(grown):
    """Small increments publish a hot file only."""
    site, _ = grown
    manifest = read_manifest(site.settings.warehouse)
    assert (manifest.hist_seq, manifest.seq) == (1, 7)


def test_a_reader_keeps_the_batch_it_began_with(grown):
    """Its numbers stand although its files are gone meanwhile."""
    site, seen = grown
    reader = seen["reader"]
    assert not (site.settings.warehouse / f"hot-{reader.seq:08d}.duckdb").exists()
    assert arrived(reader) == seen["arrived"] == 6
    assert {r.batch_id for r in reader.read("nps", MARCH, EVERYTHING)} <= {seen["id"]}
    assert arrived(site.batch()) == 15


def test_old_generations_are_removed(grown):
    """The last hot files stay for their readers, and the history they lie over."""
    site, _ = grown
    folder = site.settings.warehouse
    hots = sorted(path.name for path in folder.glob("hot-*"))
    assert hots == [f"hot-{n:08d}.duckdb" for n in range(8 - KEEP_GENERATIONS, 8)]
    assert [p.name for p in folder.glob("hist-*")] == ["hist-00000001.duckdb"]
    assert not list(folder.glob("*.tmp*"))


def test_many_changes_write_a_new_history(tmp_path, monkeypatch):
    """Beyond a number of changed rows the hot part is folded into the history."""
    monkeypatch.setattr(publishing, "HOT_ROWS", 9)
    site = Site(tmp_path)
    histories = []
    for number in range(1, 6):
        tables = day_of(number)
        if number == 1:
            tables["stores"] = STORES
        site.take(f"2025-03-{number:02d}", tables)
        histories.append(read_manifest(site.settings.warehouse).hist_seq)
        assert differences(site) == {}

    assert len(set(histories)) > 2
    folder = site.settings.warehouse
    kept = {int(p.stem.partition("-")[2]) for p in folder.glob("hist-*")}
    oldest = min(int(p.stem.partition("-")[2]) for p in folder.glob("hot-*"))
    assert set(histories[oldest - 1 :]) <= kept
    assert len(kept) < len(set(histories))


CRASHES = {
    "before anything is published": "refresh.Publisher.publish",
    "before the history is written": "publishing.Publisher._write_hist",
    "before the hot file is written": "publishing.Publisher._write_hot",
    "within the hot file": "publishing.Publisher._fill_mart",
    "before a file gets its name": "publishing.os.fsync",
    "before the manifest is replaced": "publishing.write_atomically",
    "before old generations are removed": "publishing.Publisher._clean",
    "before the run is recorded": "refresh.State.add_run",
}
KILL = """
import os, signal, sys
import etl.refresh as refresh
from warehouse.store import publishing
from etl.__main__ import main
*path, name = {target!r}.split(".")
owner = {{"refresh": refresh, "publishing": publishing}}[path[0]]
for part in path[1:]:
    owner = getattr(owner, part)
setattr(owner, name, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Return the folder of an installation after its first day, to be copied."""
    folder = tmp_path_factory.mktemp("begun") / "site"
    Site(folder).take("2025-03-01", {"stores": STORES, **day_of(1)})
    return folder


@pytest.fixture(scope="module")
def undisturbed(begun, tmp_path_factory):
    """Return what an installation holds that nothing happened to."""
    folder = tmp_path_factory.mktemp("undisturbed") / "site"
    site = Site(shutil.copytree(begun, folder))
    site.take("2025-03-02", day_of(2))
    return site.everything()


@pytest.mark.parametrize("where", CRASHES)
def test_a_crash_while_publishing_loses_nothing(tmp_path, begun, undisturbed, where):
    """Readers keep the batch before or have the new one whole; the next run heals."""
    site = Site(shutil.copytree(begun, tmp_path / "site"))
    before = site.batch().id
    site.deliver("2025-03-02", day_of(2))
    program = ["-c", KILL.format(target=CRASHES[where]), *site.run_command()[2:]]
    if "history" in where:
        program.append("--full")

    killed = site.shell(*program)

    assert killed.returncode == -9
    batch = site.batch()
    assert arrived(batch) == (2 if batch.id == before else 4)
    site.run()
    assert arrived(site.batch()) == 4
    assert site.everything() == undisturbed
    assert differences(site) == {}
    assert not list(site.settings.warehouse.glob("*.tmp*"))
    state = State(site.settings.state)
    assert state.runs(1)[0].batch_id == site.batch().id
    state.close()


def test_the_manifest_names_files_that_are_there(tmp_path):
    """CURRENT is small JSON that an operator can read."""
    site = Site(tmp_path)
    run = site.take("2025-03-01", day_of(1))
    folder = site.settings.warehouse

    told = json.loads((folder / "CURRENT").read_text(encoding="utf-8"))

    assert told["batch_id"] == run.batch_id
    assert (folder / told["hot"]).exists()
    assert (folder / told["hist"]).exists()


def test_one_warehouse_object_follows_the_publishing(tmp_path):
    """The next question after a publish is asked of the new batch."""
    site = Site(tmp_path)
    site.take("2025-03-01", {"stores": STORES, **day_of(1)})
    warehouse = Warehouse.open(site.settings)
    old = warehouse.batch()
    assert warehouse.batch().id == old.id

    site.take("2025-03-02", day_of(2))

    new = warehouse.batch()
    assert (arrived(old), arrived(new)) == (2, 4)
    warehouse.close()


EVENINGS = [datetime(2025, 3, day, 14, tzinfo=timezone.utc) for day in (3, 5, 8)]


def known_at(moment):
    """Return all rows as the source systems knew them at *moment*."""

    def until(text):
        return text if datetime.fromisoformat(f"{text}+08:00") <= moment else None

    tables = {"work_orders": [], "work_order_lines": [], "surveys": []}
    for number in range(1, 8):
        for name, rows in day_of(number).items():
            for row in rows:
                row = dict(row)
                if name == "work_orders":
                    if not until(row["checkin_at"]):
                        continue
                    # The work takes two days.
                    there = f"2025-03-{number + 2:02d}T15:00:00"
                    row["delivered_at"] = row["ready_notified_at"] = until(there)
                    row["status"] = "closed" if until(there) else "open"
                    row["promised_at"] = f"2025-03-{number + 1:02d}T18:00:00"
                elif name == "surveys":
                    if not until(row["sent_at"]):
                        continue
                    row["answered_at"] = until(row["answered_at"])
                    row["score"] = row["score"] if row["answered_at"] else None
                tables[name].append(row)
    return {"stores": STORES, **tables}


def readings(batch, as_of=None):
    """Return what a batch says of every metric, but for the batch itself."""
    told = {}
    for name in CATALOG:
        by = ("store_id",) if "store_id" in CATALOG[name].dimensions else ()
        question = Question(by=by, as_of=as_of)
        told[name] = [
            {k: v for k, v in r.as_json().items() if k != "batch_id"}
            for r in batch.read(name, question, EVERYTHING)
        ]
    return told


def test_as_of_in_the_past_says_what_the_batch_of_then_said(tmp_path):
    """What had not happened yet is left out, and what was open is open again."""
    site = Site(tmp_path)
    then = {}
    for moment in EVENINGS:
        site.take(f"{moment:%Y-%m-%d}", known_at(moment), as_of=moment)
        then[moment] = readings(site.batch())
    now = site.batch()

    for moment in EVENINGS:
        again = readings(now, as_of=moment)
        wrong = {
            m: (again[m], then[moment][m]) for m in again if again[m] != then[moment][m]
        }
        assert not wrong, (moment, wrong)
    assert EVENINGS[-1] < AS_OF
