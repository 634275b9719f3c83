"""Every error the product raises on purpose.

AftersightError
├── DefinitionError      a declaration contradicts itself (raised at import time)
├── SettingsError        a setting is unknown or has no usable value
├── UnknownNameError     a metric, dimension, table or source that does not exist
├── QuestionError        a question that cannot be answered as asked
├── ConfigurationError   a source configuration says something impossible
├── SourceError          a file or database cannot be read as declared
├── BusyError            another process is writing the warehouse
├── StateError           the database of state cannot be used as it is
├── AccessError          a person, device or code that is not let in
│   └── ForbiddenError   known, and not allowed to do this
└── NoBatchError         nothing has been published yet, or it cannot be opened
"""

from collections.abc import Iterable
from difflib import get_close_matches

from warehouse.text import Text


class AftersightError(Exception):
    """Base class; never raised directly."""


class DefinitionError(AftersightError, ValueError):
    """A declaration contradicts itself."""


class SettingsError(AftersightError, ValueError):
    """A setting is unknown or has no usable value."""


class QuestionError(AftersightError, ValueError):
    """A question that cannot be answered as asked; readers are told, in *told*."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.told = Text(zh or en, en)


class ConfigurationError(AftersightError, ValueError):
    """A source configuration says something impossible."""


class BusyError(AftersightError, RuntimeError):
    """Another process is writing the warehouse."""


class StateError(AftersightError, RuntimeError):
    """The database of state cannot be used as it is."""


class AccessError(AftersightError):
    """A person, device or code that is not let in; readers are told, in *told*."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.told = Text(zh or en, en)


class ForbiddenError(AccessError):
    """Somebody known asks for what his role or scope does not include."""


class NoBatchError(AftersightError, RuntimeError):
    """Nothing has been published yet, or it cannot be opened."""


class SourceError(AftersightError):
    """A file or database cannot be read as declared.

    The message names the file, the line where reading stopped (the header is
    line 1), what was found, and what would be right.
    """

    def __init__(
        self,
        where: str,
        rule: str,
        found: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        place = where if line is None else f"{where}, line {line}"
        if column:
            place = f"{place}, column {column}"
        super().__init__(f"{place}: {rule}: {found}; {remedy}")
        self.where = where
        self.rule = rule
        self.found = found
        self.remedy = remedy
        self.line = line
        self.column = column


class UnknownNameError(AftersightError, LookupError):
    """A name nobody declared; the message offers the nearest declared ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        super().__init__(f"unknown {kind} {name!r}; {did_you_mean(name, known)}")
        self.kind = kind
        self.name = name
        near = get_close_matches(name, known, n=3)
        hint = f"是不是 {', '.join(near)}？" if near else f"已有的：{known}"
        self.told = Text(f"没有 {name!r} 这个名字（{kind}）；{hint}", str(self))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the hint that ends an error about the unknown *name*."""
    known = sorted(known)
    close = get_close_matches(name, known, n=3)
    return f"did you mean {', '.join(close)}?" if close else f"known: {known}"
