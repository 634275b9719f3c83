"""Callbacks' requests that our own pages could not have sent.

Everything in it comes from the client. What does not fit the callback that it names is
refused before any of our code sees it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

TEXTS = frozenset({"pathname", "search", "hash", "href"})
"""Properties that hold a short text, or nothing."""

LONGEST_TEXT = 4096

PARTS = frozenset(
    {"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"}
)


def problem_of(body: Any, registered: Mapping[str, Any]) -> str:
    """Return what is wrong with the *body* of a callback's request; "" if nothing.

    *registered* are the app's callbacks by their output.
    """
    if not isinstance(body, dict) or not set(body) <= PARTS:
        return "the body is no request of a page"
    output = body.get("output")
    if not isinstance(output, str) or "callback" not in registered.get(output, ()):
        return "no such callback"
    spec = registered[output]
    if not _is_outputs(body.get("outputs"), output):
        return "outputs do not belong to this callback"
    for part in ("inputs", "state"):
        found = body.get(part, [])
        if not isinstance(found, list) or len(found) != len(spec[part]):
            return f"{part} do not belong to this callback"
        pairs = zip(spec[part], found, strict=True)
        if not all(_fits(wanted, given) for wanted, given in pairs):
            return f"{part} do not belong to this callback"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(c, str) for c in changed):
        return "changedPropIds is no list of texts"
    return "" if all(map(_is_sound, _values(body))) else "a value has the wrong type"


def addresses_in(body: Mapping[str, Any]) -> list[str]:
    """Return the addresses of pages that a request names."""
    return [
        given["value"]
        for given in _flat(body)
        if given.get("property") == "pathname" and isinstance(given.get("value"), str)
    ]


def first_id(output: str) -> str:
    """Return the id of the first component that a callback writes to."""
    name = output.strip(".").split("...")[0].rsplit(".", 1)[0]
    if not name.startswith("{"):
        return name
    return str(json.loads(name).get("type", ""))


def _is_outputs(outputs: Any, output: str) -> bool:
    listed = outputs if isinstance(outputs, list) else [outputs]
    names = output.strip(".").split("...")
    if len(listed) != len(names):
        return False
    return all(
        _fits(dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)), one)
        for name, one in zip(names, listed, strict=True)
    )


def _fits(wanted: Mapping[str, str], given: Any) -> bool:
    """Whether a given component is the one that the callback declares."""
    if wanted["id"].startswith("{"):
        several = given if isinstance(given, list) else [given]
        pattern = json.loads(wanted["id"])
        return all(_matches(pattern, wanted["property"], one) for one in several)
    if not isinstance(given, dict):
        return False
    # An output that may be written by several callbacks has a hash behind an @.
    name = str(given.get("property", "")).partition("@")[0]
    is_same = given.get("id") == wanted["id"]
    return is_same and name == wanted["property"].partition("@")[0]


def _matches(pattern: Mapping[str, Any], name: str, given: Any) -> bool:
    if not isinstance(given, dict) or given.get("property") != name:
        return False
    found = given.get("id")
    if isinstance(found, str) and found.startswith("{"):
        try:
            found = json.loads(found)
        except ValueError:
            return False
    if not isinstance(found, dict) or set(found) != set(pattern):
        return False
    fixed = {k: v for k, v in pattern.items() if not isinstance(v, list)}
    return all(found[key] == value for key, value in fixed.items())


def _flat(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in ("inputs", "state"):
        for given in body.get(part) or []:
            yield from given if isinstance(given, list) else [given]


def _values(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for given in _flat(body):
        yield given.get("property", ""), given.get("value")


def _is_sound(named: tuple[str, Any]) -> bool:
    name, value = named
    if name not in TEXTS or value is None:
        return True
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return False
    return name != "pathname" or value.startswith("/")
