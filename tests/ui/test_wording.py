"""Every sentence exists in both languages and every use names an existing one."""

import ast
import string
from pathlib import Path

import pytest

from pages._ui.address import PERIODS, TREND_GRAINS
from pages._ui.locale import language_of
from pages._ui.status import State
from pages._ui.wording import WORDS, say
from tests.alerts.words import ALERT_WORDS
from tests.ui.metric_words import METRIC_WORDS
from warehouse.access.devices import DeviceState
from warehouse.access.events import Did, Ending
from warehouse.access.people import Origin
from warehouse.access.roles import ScopeKind
from warehouse.board import Stage
from warehouse.chinese_calendar import DayKind
from warehouse.contracts.contract import Severity
from warehouse.contracts.workshop import ORDER_TYPES
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Bound
from warehouse.metrics.standing import GROUPS, Gap
from warehouse.records import Freshness, Outcome
from warehouse.store.gate import Gate

ROOT = Path(__file__).parents[2]

SOURCES = [*(ROOT / "pages").rglob("*.py"), *(ROOT / "callbacks").rglob("*.py")]

COMPOSED = {
    *(f"did.{did}" for did in Did),
    *(f"ending.{ending}" for ending in Ending),
    *(f"origin.{origin}" for origin in Origin),
    *(f"scope.{kind}" for kind in ScopeKind),
    *(f"device.{state}" for state in DeviceState),
    *(f"title.{name}" for name in ("admin", "login", "pair", "password", "refused")),
    *METRIC_WORDS,
    *(f"title.{name}" for name in ("metrics", "metric")),
    *(f"state.{state}" for state in State),
    *(f"period.{period}" for period in PERIODS),
    *(f"grain.{grain}" for grain in TREND_GRAINS),
    *(f"fresh.{freshness}" for freshness in Freshness),
    *(f"runs.{outcome}" for outcome in Outcome),
    *(f"gate.check.{name}" for name in Gate.__dataclass_fields__),
    *(f"runs.{name}" for name in ("read", "loaded", "duplicate", "rejected")),
    *(f"attention.since.{off}" for off in ("off", "red")),
    *(f"attention.since.{off}.more" for off in ("off", "red")),
    *(f"rank.{group}" for group in GROUPS),
    *(f"rank.{gap}" for gap in Gap),
    *(f"stage.{stage}" for stage in Stage),
    *(f"type.{kind}" for kind in ORDER_TYPES),
    "title.store",
    *(f"theme.{name}" for name in ("auto", "light", "dark")),
    *(f"title.{name}" for name in ("overview", "data", "missing")),
    *(f"filter.{name}" for name in ("region", "city_class", "store", "period")),
    *(f"tier.{t}" for t in ("gold", "silver", "bronze", "watch", "yellow", "exit")),
    "runs.inferred",
    *ALERT_WORDS,
    # Filled in by the browser; tests/live/test_page.py goes through them.
    *(key for key in WORDS if key.startswith("wall.")),
    # Values of the sources; tests/ui/test_codes.py asks for those we know to exist.
    *(key for key in WORDS if key.startswith("code.")),
    *(f"severity.{severity}" for severity in Severity),
    *(f"tile.basis.{word}" for word in ("baseline", "fixed")),
    *(f"norms.day.{of_day}" for of_day in DayKind),
    *(f"norms.bound.{bound}" for bound in Bound if bound),
    *(f"tally.{state}" for state in ("error", "red", "amber", "green", "stale")),
}
"""Keys that are put together from a value; each value has its sentence."""


def blanks(text: str) -> set[str]:
    """Return the names of the blanks in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def literals() -> set[str]:
    """Return every string constant of the presentation."""
    return {
        node.value
        for path in SOURCES
        if "wording" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_sentence_says_the_same_in_both_languages(key):
    """Both are there and have the same blanks to fill."""
    text = WORDS[key]

    assert text.zh.strip()
    assert text.en.strip()
    assert blanks(text.zh) == blanks(text.en)


def test_composed_keys_exist():
    """Each state, period, freshness and outcome has its word."""
    assert set(WORDS) >= COMPOSED


def test_no_sentence_is_left_unused():
    """What no screen says is deleted."""
    assert set(WORDS) - literals() - COMPOSED == set()


def test_every_said_key_exists():
    """A key that is asked for and not written would break a page."""
    asked = {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "say"
        and isinstance(node.args[0], ast.Constant)
    }

    assert asked <= set(WORDS)


@pytest.mark.parametrize("metric", CATALOG.values(), ids=lambda m: m.id)
def test_a_metric_is_called_something_in_both_languages(metric):
    """Names, questions and formulas come from the catalogue."""
    for text in (metric.name, metric.question, metric.formula):
        assert text.zh.strip()
        assert text.en.strip()


def test_blanks_are_filled():
    """A sentence with a blank takes its value."""
    assert say("tile.n", "zh", n="12") == "n = 12"


@pytest.mark.parametrize(
    ("text", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("EN", "en"), ("en_US", "en"), ("fr", None)],
)
def test_a_language_is_recognised_by_its_first_word(text, language):
    """Whatever the region, and nothing we do not speak."""
    assert language_of(text) == language
