"""Values of the sources as readers call them: classes, groups of complaints, owners."""

from pages._ui.wording import WORDS, say
from warehouse.text import Language

ELSEWHERE = {"order_type": "type", "tier": "tier"}
"""Dimensions whose values have had their words before there was a list of codes."""


def called(dimension: str, value: str, language: Language) -> str:
    """Return what *value* is called; itself where nobody has given it words.

    The values are the sources' own: another installation sends codes that this list
    does not have, and shows them as they are.
    """
    key = f"{ELSEWHERE.get(dimension, f'code.{dimension}')}.{value}"
    return say(key, language) if key in WORDS else value
