"""The layers of style.md §3.3 below the screens, and the size of what is written.

What the screens may import is tested in tests/ui/test_presentation_rules.py. Exceptions
are listed by name and only ever removed.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    path.relative_to(ROOT)
    for folder in ("etl", "warehouse")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
PRODUCT = [
    *MODULES,
    *(
        path.relative_to(ROOT)
        for folder in ("callbacks", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
    Path("app.py"),
    Path("run.py"),
]
"""All of it; the screens hang on the rest, which does not know of them."""

DATABASES = {"duckdb", "sqlalchemy", "duckdb_sqlalchemy"}
SCREENS = {
    "dash",
    "dash_bootstrap_components",
    "dash_ag_grid",
    "plotly",
    "flask",
    "pages",
    "callbacks",
    "app",
}
ENTRIES = {
    Path("etl/__main__.py"),
    Path("etl/intraday.py"),
    Path("warehouse/__main__.py"),
}
"""Where the outside comes in: arguments, environment, wall clock."""

DATABASE_EXCEPTIONS = {
    # reads other people's databases
    Path("etl/sources/database.py"): {"sqlalchemy"},
}
CLOCK_EXCEPTIONS = {
    # measures how long a run took, and stamps the moment of publishing
    Path("etl/refresh.py"),
}
SQL_CLOCK_EXCEPTIONS = {
    # names what an expression of a configuration may not use
    Path("warehouse/store/mapping/sandbox.py"),
}
ENVIRONMENT_EXCEPTIONS = {
    # ${NAME} in a source's configuration is asked for by its reader
    Path("etl/sources/registry.py"),
}
CLOCKS = (
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "datetime.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
)
SQL_CLOCKS = ("current_timestamp", "current_date", " now()", "get_current_time")
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}
LONGEST_FILE, LONGEST_FUNCTION = 320, 50


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Return the dotted names of all that a module imports, wherever it does."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def packages(path: Path) -> set[str]:
    """Return the packages that a module imports from."""
    return {name.partition(".")[0] for name in imported(path)}


def in_store(path: Path) -> bool:
    """Return whether a module may talk to the databases."""
    return path.parts[:2] == ("warehouse", "store")


def public(path: Path) -> Iterator[ast.AST]:
    """Yield what other modules may use, and the methods of it."""
    rooms: list[ast.AST] = [tree(path)]
    while rooms:
        for node in ast.iter_child_nodes(rooms.pop()):
            is_named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_named and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    rooms.append(node)


def sizes(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the lines of a module's functions, by its name and theirs."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield f"{path.as_posix()}:{node.name}", node.end_lineno - node.lineno + 1


def lines(path: Path) -> int:
    """Return the lines of a module."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def told(found: dict[Path, set]) -> dict[str, set]:
    """Return where something was found, and what."""
    return {path.as_posix(): what for path, what in found.items() if what}


def test_only_the_store_talks_to_databases():
    """Everything else gets rows, or declares what the store spells in SQL."""
    found = {
        path: packages(path) & DATABASES - DATABASE_EXCEPTIONS.get(path, set())
        for path in MODULES
        if not in_store(path)
    }
    assert told(found) == {}


def test_nothing_below_the_screens_knows_of_them():
    """The ETL and the screens never meet; the warehouse serves both."""
    found = {path: packages(path) & SCREENS for path in MODULES}
    assert told(found) == {}


def test_the_warehouse_does_not_know_the_etl():
    """Arrows point downwards."""
    found = {
        path: packages(path) & {"etl"}
        for path in MODULES
        if path.parts[0] == "warehouse"
    }
    assert told(found) == {}


def test_declarations_do_not_import_the_store():
    """Contracts and metrics are spelled by the store, which imports them."""
    found = {
        path: {name for name in imported(path) if name.startswith("warehouse.store")}
        for path in MODULES
        if path.parts[0] == "warehouse" and not in_store(path) and path not in ENTRIES
    }
    assert told(found) == {}


def test_now_is_an_argument():
    """Nothing below the entry points asks for the time of day."""
    found = {
        path: {
            f"line {node.lineno}: {ast.unparse(node.func)}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(CLOCKS)
        }
        for path in MODULES
        if path not in ENTRIES | CLOCK_EXCEPTIONS
    }
    assert told(found) == {}


def test_no_sql_asks_for_the_time_either():
    """DuckDB's own clock is a wall clock too."""
    found = {
        path: {
            word
            for word in SQL_CLOCKS
            if word in (ROOT / path).read_text(encoding="utf-8").lower()
        }
        for path in MODULES
        if path not in SQL_CLOCK_EXCEPTIONS
    }
    assert told(found) == {}


def test_the_environment_is_read_at_the_door():
    """Settings are read once and passed on."""
    found = {
        path: {
            f"line {node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and ast.unparse(node) in ("os.environ", "os.getenv", "os.environb")
        }
        for path in MODULES
        if path not in ENTRIES | ENVIRONMENT_EXCEPTIONS
    }
    assert told(found) == {}


def test_what_is_public_says_what_it_is():
    """Modules, classes and functions that others use have a docstring."""
    found = {
        path: {
            *(node.name for node in public(path) if not ast.get_docstring(node)),
            *([] if ast.get_docstring(tree(path)) else ["the module"]),
        }
        for path in PRODUCT
    }
    assert told(found) == {}


def test_files_stay_small():
    """A file is six screens; what is longer is listed, and may only shrink."""
    found = {
        path.as_posix(): lines(path)
        for path in PRODUCT
        if lines(path) > LONG_FILES.get(path.as_posix(), LONGEST_FILE)
    }
    assert found == {}


def test_functions_stay_small():
    """A function is one screen; what is longer is listed, and may only shrink."""
    found = {
        name: length
        for path in PRODUCT
        for name, length in sizes(path)
        if length > LONG_FUNCTIONS.get(name, LONGEST_FUNCTION)
    }
    assert found == {}


def test_no_exception_outlives_its_reason():
    """A file or function that has become small loses its exception."""
    functions = {name: length for path in PRODUCT for name, length in sizes(path)}
    done = {name for name in LONG_FILES if lines(Path(name)) <= LONGEST_FILE}
    done |= {
        name for name in LONG_FUNCTIONS if functions.get(name, 0) <= LONGEST_FUNCTION
    }
    assert done == set()
    listed = {
        *ENTRIES,
        *DATABASE_EXCEPTIONS,
        *CLOCK_EXCEPTIONS,
        *SQL_CLOCK_EXCEPTIONS,
        *ENVIRONMENT_EXCEPTIONS,
    }
    assert {path for path in listed if not (ROOT / path).exists()} == set()


def test_no_module_needs_itself():
    """Any module can be the first one imported: imports run in no circle."""
    known = {name_of(path): path for path in PRODUCT}
    needs = {name: needed_at_once(path, known) for name, path in known.items()}

    assert len(needs["callbacks.overview"]) > 5
    list(TopologicalSorter(needs).static_order())  # A circle is a CycleError.


def name_of(path: Path) -> str:
    """Return the name under which a module is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def needed_at_once(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the product that must be there while one is imported.

    What a function imports when it is called, or a checker of types, is not among them.
    """
    found = set()
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & set(known) or {node.module}
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)
    return found & set(known)


@pytest.mark.xdist_group("groups")
def test_groups_of_tests_stay_together(request):
    """Two workers share no fixture: a runner that ignores groups loads all twice."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process runs them all")
    assert request.node.nodeid.endswith("@groups")
