"""The language of the request that is being answered.

Components take the language as an argument. Only layouts, which Dash calls with
nothing but the address, ask here; `callbacks/session.py` sets it for each request.
"""

from contextvars import ContextVar

from warehouse.text import LANGUAGES, Language

DEFAULT: Language = "zh"

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""What `<html lang>` says."""

_current: ContextVar[Language] = ContextVar("language", default=DEFAULT)


def current() -> Language:
    """Return the language of this request."""
    return _current.get()


def activate(language: Language) -> None:
    """Answer this request in *language*."""
    _current.set(language)


def language_of(text: str | None) -> Language | None:
    """Return the language *text* names ("zh", "zh-CN", "EN"), if we speak it."""
    wanted = (text or "").strip().lower().replace("_", "-").split("-")[0]
    return next((known for known in LANGUAGES if known == wanted), None)
