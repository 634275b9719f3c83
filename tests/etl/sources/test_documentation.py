"""docs/sources.md: every key that is read is described there."""

import re
import tomllib
from pathlib import Path

import pytest

from etl.sources.config_tables import read_config

ROOT = Path(__file__).parents[3]
READERS = ("config.py", "config_tables.py")
CALL = re.compile(
    r"(?:section|inner|top)\.(?:texts?|required|character|one_of|numbers?|switch|fraction"
    r"|sections?|mapping|value)\(\s*\"(\w+)\""
    r"|(?:limit|expanded|_texts)\(\w+, \"(\w+)\""
)
KEYS = sorted(
    {
        first or second
        for name in READERS
        for first, second in CALL.findall((ROOT / "etl" / "sources" / name).read_text())
    }
)


def test_the_search_for_keys_finds_them() -> None:
    """The test below would prove nothing without them."""
    assert {"files", "encoding", "lookback", "fresh_within", "keep_empty"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_described(key: str) -> None:
    """As a key of a table, or in an example."""
    text = (ROOT / "docs" / "sources.md").read_text()
    assert re.search(rf"`{key}`|^{key} =|\b{key} = ", text, re.MULTILINE)


def test_the_examples_are_what_they_say(tmp_path) -> None:
    """Each is TOML, and the first is a whole configuration."""
    text = (ROOT / "docs" / "sources.md").read_text()
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        tomllib.loads(example)
    path = tmp_path / "example.toml"
    path.write_text(examples[0], encoding="utf-8")
    assert read_config(path, {}).name == "north-dms"


def test_the_short_examples_are_toml() -> None:
    """What stands in the columns of the tables can be copied as it is."""
    text = (ROOT / "docs" / "sources.md").read_text()
    spans = re.findall(r"`((?:[a-z_]+ = |\{ )[^`]*)`", text)
    whole = [span.replace("\\|", "|") for span in spans if "…" not in span]
    assert len(whole) > 30
    for span in whole:
        tomllib.loads(span if not span.startswith("{") else f"x = {span}")
