"""Finding files: which there are, when they were delivered, and what is in them."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path

from etl.sources.delivery import Seen
from warehouse.errors import SourceError

SETTLED = timedelta(seconds=2)
"""A file younger than this may be written again without its time changing."""

FORMATS = (".csv", ".csv.gz", ".parquet", ".xlsx")
"""What the files of a standard delivery end with."""

_MOMENT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T _-]?(?P<hour>\d\d)[:-]?(?P<minute>\d\d)(?:[:-]?(?P<second>\d\d))?"
    r"(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)")
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the file system shows it."""

    path: Path
    size: int
    mtime_ns: int

    @property
    def modified_at(self) -> datetime:
        """The modification time in UTC."""
        return datetime.fromtimestamp(self.mtime_ns / 1e9, UTC)


def is_hidden(name: str) -> bool:
    """Return whether *name* is no delivery: hidden, unfinished, or a lock file."""
    return name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED)


def find(path: Path) -> Found:
    """Return what the file system shows of *path*.

    Raises:
        SourceError: there is no such file, or it may not be looked at.

    """
    try:
        status = path.stat()
    except OSError as error:
        raise SourceError(
            str(path), "file", error.strerror or str(error), "name a readable file"
        ) from None
    return Found(path, status.st_size, status.st_mtime_ns)


def walk(folder: Path) -> Iterator[Found]:
    """Yield every file under *folder* in the order of their paths.

    Raises:
        SourceError: the folder does not exist or may not be listed.

    """
    if not folder.is_dir():
        raise SourceError(
            str(folder), "folder", "there is no such folder", "name an existing one"
        )
    yield from _walk(folder, frozenset())


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Found]:
    """Yield the files; *above* are the folders around, so that no link goes round."""
    try:
        status = folder.stat()
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(
            str(folder), "folder", error.strerror or str(error), "make it readable"
        ) from None
    here = (status.st_dev, status.st_ino)
    if here in above:
        return
    for entry in listed:
        if is_hidden(entry.name):
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path), above | {here})
        elif entry.is_file():
            with suppress(FileNotFoundError):  # moved away since it was listed
                status = entry.stat()
                yield Found(Path(entry.path), status.st_size, status.st_mtime_ns)


def moment_in(name: str) -> datetime | None:
    """Return the UTC moment that *name* contains, if it contains one.

    A date without a time is its midnight; a time without a zone is UTC. A name that
    is a month, and nothing else, is the last second of it: what tells a month comes
    after all that its days told, and before the next month's first.
    """
    month = _MONTH.fullmatch(name)
    if month:
        year, number = int(month["year"]), int(month["month"])
        if not 1 <= number <= 12:
            return None
        following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
        return following - timedelta(seconds=1)
    for match in _MOMENT.finditer(name):
        parts = match.groupdict()
        clock = ":".join(parts[p] or "00" for p in ("hour", "minute", "second"))
        day = "-".join(parts[p] for p in ("year", "month", "day"))
        zone = (parts["zone"] or "Z").replace("Z", "+00:00")
        try:
            return datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def delivered_at(found: Found, names: Iterable[str]) -> datetime:
    """Return the time in the first of *names* that has one, else of *found* itself."""
    for name in names:
        moment = moment_in(name)
        if moment is not None:
            return moment
    return found.modified_at


def content_of(found: Found, place: str, seen: Mapping[str, Seen]) -> str:
    """Return what identifies the bytes of *found*, reading them only if it must.

    Raises:
        SourceError: the file cannot be read.

    """
    known = seen.get(place)
    if known and (known.size, known.mtime_ns) == (found.size, found.mtime_ns):
        return known.content
    return digest(found.path)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        SourceError: the file cannot be read.

    """
    try:
        with path.open("rb") as file:
            return file_digest(file, sha256).hexdigest()
    except OSError as error:
        raise SourceError(
            str(path), "file", error.strerror or str(error), "make it readable"
        ) from None


def is_settled(found: Found, now: datetime) -> bool:
    """Return whether size and time of *found* prove that nothing has changed."""
    return now - found.modified_at > SETTLED


def place_of(path: Path, root: Path) -> str:
    """Return how reports name *path*: relative to *root* where it lies under it."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def unspeakable(place: str) -> str | None:
    """Return a notice where the name of a place is no UTF-8, as old archives write it.

    Nothing could report or remember such a file.
    """
    try:
        place.encode()
    except UnicodeEncodeError:
        shown = place.encode("utf-8", "backslashreplace").decode()
        return f"{shown} was left alone: its name is no UTF-8; rename it"
    return None
