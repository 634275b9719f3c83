"""Rules that the presentation keeps, whoever writes the next page."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from pages._ui import ids
from pages._ui.tokens import THEMES

ROOT = Path(__file__).parents[2]

MODULES = [
    Path("app.py"),
    *(
        path.relative_to(ROOT)
        for folder in ("pages", "callbacks")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
]

CALLBACKS = [path for path in MODULES if path.parts[0] == "callbacks"]

SHEETS = sorted((ROOT / "assets").glob("*.css"))

SCRIPTS = sorted((ROOT / "assets").glob("*.js"))

MACHINES = {
    *("session", "frame", "api", "health", "delivery", "security", "password"),
    *("gate", "guard", "identity", "signin", "devices", "audit", "admin_actions"),
    *("refusals", "wall"),
    *("api_problems", "api_question", "exports", "metric_http"),
    *("alerts_actions", "alerts_api", "intake"),
}
"""Callback modules that speak HTTP; the others only translate."""

ALLOWED: dict[str, set[str]] = {
    "pages": {"warehouse", "pages._ui", "dash", "dash_bootstrap_components"},
    "pages._ui": {
        "warehouse",
        "pages._ui",
        "dash",
        "dash_bootstrap_components",
        "dash_ag_grid",
        "plotly",
    },
    "callbacks": {"warehouse", "pages._ui", "callbacks", "dash"},
    "callbacks.http": {"warehouse", "pages._ui", "callbacks", "dash", "flask"},
    "app": {"warehouse", "warehouse.store", "pages._ui", "callbacks", "dash", "flask"},
}

GUARDED = {
    "dash",
    "dash_ag_grid",
    "dash_bootstrap_components",
    "duckdb",
    "etl",
    "flask",
    "os",
    "pandas",
    "plotly",
    "sqlalchemy",
    "callbacks",
    "pages",
    "pages._ui",
    "warehouse",
    "warehouse.store",
}

COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything a module imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def guarded(name: str) -> str | None:
    """Return the most specific guarded name that *name* lies in."""
    inside = [g for g in GUARDED if name == g or name.startswith(f"{g}.")]
    return max(inside, key=len, default=None)


def layer(path: Path) -> str:
    """Return the layer a module belongs to."""
    if path.parts[:2] == ("pages", "_ui"):
        return "pages._ui"
    if path.parts[0] == "callbacks":
        return "callbacks.http" if path.stem in MACHINES else "callbacks"
    return path.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_stay_within_their_layer(path):
    """Pages lay out, callbacks translate, only _ui draws, nobody asks the database."""
    found = {guarded(name) for name in imported(path)} - {None}
    if path.name == "app.py":
        found -= {"os"}  # The environment is read once, at the door.

    assert found <= ALLOWED[layer(path)]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_and_functions_stay_small(path):
    """A file fits in six screens, a function in one."""
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno <= 60, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_literal_id_no_inline_style(path):
    """Ids come from ids.py, looks from assets/."""
    for call in (n for n in ast.walk(tree(path)) if isinstance(n, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in {"Input", "Output", "State", "set_props"} and call.args:
            assert not isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"
        for keyword in call.keywords:
            assert keyword.arg != "style", f"{path}:{call.lineno}"
            is_literal = isinstance(keyword.value, ast.Constant)
            assert not (keyword.arg == "id" and is_literal), f"{path}:{call.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_sql(path):
    """SQL stays in the store."""
    text = ast.unparse(tree(path))

    assert not re.search(r"\bselect\b.+\bfrom\b", text, re.IGNORECASE)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_colour_in_python(path):
    """A state is an attribute; only the tokens know what red looks like."""
    if path.name == "tokens.py":
        return  # "rgba(0,0,0,0)": plotly has no other word for "see-through".
    constants = [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert not [text for text in constants if COLOUR.search(text)]


@pytest.mark.parametrize("path", CALLBACKS, ids=str)
def test_callbacks_hold_no_state(path):
    """Readers share a process: a module holds constants and a logger, nothing else."""
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Global), f"{path}:{node.lineno}"
    for node in tree(path).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        written = ast.unparse(node.value)
        is_logger = written == "logging.getLogger(__name__)"
        kinds = "Sample|Cells|Silent|Filters|Ladders|Draw"
        is_name = re.fullmatch(rf"_?[A-Z][A-Z_]*|{kinds}", ast.unparse(target))
        assert is_logger or is_name, f"{path}:{node.lineno}"


def test_ids_are_unique():
    """Two components with one id break each other silently."""
    groups = [
        group
        for group in vars(ids).values()
        if isinstance(group, type) and group is not StrEnum
    ]
    values = [member.value for group in groups for member in group]

    assert sorted(values) == sorted(set(values))


def test_scripts_name_existing_ids():
    """What the scripts look up by id is in ids.py."""
    known = {
        member.value
        for group in vars(ids).values()
        if isinstance(group, type) and group is not StrEnum
        for member in group
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    asked = set(re.findall(r'(?:getElementById\(|set_props\()"([\w-]+)"', text))
    asked |= set(re.findall(r'_ID = "([\w-]+)"', text))

    assert asked
    assert asked <= known


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_colours_are_written_once(path):
    """Only the token file spells a colour; everything else names a token."""
    if path.name == "10-tokens.css":
        return
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)

    assert COLOUR.findall(text) == []


def test_named_tokens_exist():
    """A misspelt token is an invisible element."""
    local = {"mark", "mark-soft", "mark-ink"}
    used = {
        name
        for path in [*SHEETS, *SCRIPTS]
        for name in re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8"))
    }

    assert used - local <= set(THEMES["light"])
    assert set(THEMES["light"]) == set(THEMES["dark"])


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_is_in_a_layer(path):
    """A rule outside the layers would beat all that are inside."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    outside, depth = "", 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0 and character != "}":
            outside += character

    assert re.fullmatch(
        r"\s*((@layer [\w, ]+;|@import [^;]+ layer\(\w+\);|@layer \w+)\s*)+", outside
    )


def luminance(colour: str) -> float:
    """Return the relative luminance of a hex colour (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["green", "amber", "red", "grey", "stale"])
def test_states_are_readable(theme, state):
    """Text of a state reaches AA on the surface, on its own tint, and on the page."""
    tokens = THEMES[theme]

    for background in (f"{state}-soft", "surface", "page"):
        assert contrast(tokens[state], tokens[background]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "accent"])
def test_text_is_readable(theme, ink):
    """Every ink reaches AA on every background it may stand on."""
    tokens = THEMES[theme]

    for background in ("surface", "surface-2", "page"):
        assert contrast(tokens[ink], tokens[background]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "drawn", ["chart-line", "chart-target", "chart-green", "chart-amber", "chart-red"]
)
def test_what_is_drawn_is_visible_in_both_themes(theme, drawn):
    """Sparklines and traces have one colour for both surfaces: 3 : 1 on each."""
    assert contrast(THEMES[theme][drawn], THEMES[theme]["surface"]) >= 2.9
