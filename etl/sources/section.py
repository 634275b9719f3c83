"""Reading TOML strictly: every key is asked for, and what nobody asked for is refused.

Each mistake names the file, the key, what was found and what would be right.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from warehouse.errors import ConfigurationError, did_you_mean

_SHOWN = 200
"""Characters of a value that an error repeats; a table in its place may be long."""


class Section:
    """A table of a TOML file; `finish` refuses the keys that nothing has read."""

    def __init__(self, data: Mapping[str, Any], file: Path, where: str = "") -> None:
        self.file = file
        self.where = where
        self._data = dict(data)
        self._asked: set[str] = set()

    @classmethod
    def of(cls, file: Path) -> Self:
        """Return the whole of a TOML file.

        Raises:
            ConfigurationError: it cannot be read, or is no TOML.

        """
        try:
            return cls(tomllib.loads(file.read_text(encoding="utf-8-sig")), file)
        except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError(f"{file}: no readable TOML: {error}") from None

    def __contains__(self, key: str) -> bool:
        return key in self._data

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are there, all of them taken as asked for."""
        self._asked.update(self._data)
        return tuple(self._data)

    def value(self, key: str) -> Any:
        """Return whatever stands under *key*, or None."""
        self._asked.add(key)
        return self._data.get(key)

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a text."""
        found = self.value(key)
        if found is None:
            return default
        if not isinstance(found, str):
            raise self.error(key, found, "write a text in quotes")
        return found

    def required(self, key: str) -> str:
        """Return a text that must be there and not be empty."""
        found = self.text(key)
        if not found:
            raise self.error(key, found, "this key is required")
        return found

    def character(self, key: str, default: str | None = None) -> str | None:
        """Return a text of one character, or of none."""
        found = self.text(key, default)
        if found is not None and len(found) > 1:
            raise self.error(key, found, "write a single character")
        return found

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """Return one of *allowed*, the first if there is nothing."""
        found = self.text(key, allowed[0])
        if found not in allowed:
            raise self.error(key, found, did_you_mean(str(found), allowed))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single one may stand without brackets."""
        found = self.value(key)
        if found is None:
            return ()
        members = [found] if isinstance(found, str) else found
        if not isinstance(members, list) or not all(
            isinstance(member, str) for member in members
        ):
            raise self.error(key, found, "write a text or a list of texts")
        return tuple(members)

    def number(self, key: str, default: int = 0) -> int:
        """Return a whole number that is not negative."""
        found = self.value(key)
        if found is None:
            return default
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise self.error(key, found, "write a whole number from 0")
        return found

    def numbers(self, key: str) -> tuple[int, ...] | None:
        """Return a list of positive whole numbers; a single one may stand alone."""
        found = self.value(key)
        if found is None:
            return None
        members = [found] if isinstance(found, int) else found
        if not isinstance(members, list) or not all(
            isinstance(member, int) and member >= 0 for member in members
        ):
            raise self.error(key, found, "write a whole number or a list of them")
        return tuple(members)

    def fraction(self, key: str) -> Fraction | None:
        """Return a number above zero, also written as a fraction (`"1/60"`)."""
        found = self.value(key)
        if found is None:
            return None
        right = 'write a number above 0 such as 0.01, or a fraction such as "1/60"'
        if isinstance(found, bool) or not isinstance(found, int | float | str):
            raise self.error(key, found, right)
        try:
            number = Fraction(str(found).replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            raise self.error(key, found, right) from None
        if number <= 0:
            raise self.error(key, found, right)
        return number

    def switch(self, key: str, *, default: bool = False) -> bool:
        """Return true or false; *default* if there is nothing."""
        found = self.value(key)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise self.error(key, found, "write true or false")
        return found

    def section(self, key: str) -> Self | None:
        """Return the table under *key*, or None."""
        found = self.value(key)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.error(key, found, "write a table")
        return type(self)(found, self.file, self._path(key))

    def sections(self, key: str) -> list[Self]:
        """Return the tables of the array under *key*."""
        found = self.value(key)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(f, dict) for f in found):
            raise self.error(key, found, f"write [[{key}]]")
        return [
            type(self)(member, self.file, f"{self._path(key)}[{position}]")
            for position, member in enumerate(found, start=1)
        ]

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table whose values are all texts."""
        inner = self.section(key)
        return {} if inner is None else {k: inner.required(k) for k in inner.keys}

    def finish(self) -> None:
        """Refuse keys that nothing has asked for.

        Raises:
            ConfigurationError: there is one; the message offers the nearest.

        """
        for key in self._data:
            if key not in self._asked:
                raise ConfigurationError(
                    f"{self.file}: unknown key {self._path(key)!r}; "
                    f"{did_you_mean(key, self._asked)}"
                )

    def error(self, key: str, found: Any, right: str) -> ConfigurationError:
        """Return the error that *key* holds *found* where *right* would be right."""
        shown = "nothing" if found is None else f"{found!r}"
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}…"
        # What is missing may be there, with a slip of the pen in its name.
        unasked = [name for name in self._data if name not in self._asked]
        for slip in get_close_matches(key, unasked, n=1, cutoff=0.75):
            right = f"{right}; there is {slip!r}: did you mean {key}?"
        return ConfigurationError(
            f"{self.file}: {self._path(key)}: found {shown}; {right}"
        )

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key
