"""Zip archives: their members are files like any other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile, ZipInfo

from etl.sources.places import is_hidden
from warehouse.errors import SourceError

LARGEST = 4 << 30
"""Bytes that one member may unpack to; more is a trap, not a table."""

# What a damaged or locked archive raises; zlib.error is none of them.
_DAMAGE = (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError)


def members(path: Path, patterns: Sequence[str]) -> list[str]:
    """Return the files in an archive whose names, or paths, match; hidden ones never.

    Raises:
        SourceError: it cannot be opened, or nothing matches.

    """
    try:
        with _opened(path) as archive:
            names = [m.filename for m in archive.infolist() if _is_file(m)]
    except _DAMAGE as error:
        raise _unreadable(path, error) from None
    found = [
        name
        for name in names
        if any(fnmatchcase(one, p) for one in (name, Path(name).name) for p in patterns)
    ]
    if not found:
        raise SourceError(
            str(path),
            "members",
            f"no member matches {', '.join(patterns)}",
            f"it holds {', '.join(names[:20]) or 'nothing'}",
        )
    return found


@contextmanager
def unpacked(path: Path, member: str) -> Iterator[Path]:
    """Lay one member of an archive down as a file, for as long as it is read.

    Raises:
        SourceError: it cannot be unpacked, or is beyond any table.

    """
    with TemporaryDirectory(prefix="aftersight-") as folder:
        # Its own name decides nothing but the ending; it may hold anything.
        target = Path(folder) / f"member{Path(member).suffix}"
        try:
            with _opened(path) as archive:
                size = archive.getinfo(member).file_size
                if size > LARGEST:
                    raise SourceError(
                        str(path),
                        "archive",
                        f"{member} unpacks to {size} bytes",
                        f"deliver at most {LARGEST} in one file",
                    )
                with archive.open(member) as source, target.open("wb") as file:
                    copyfileobj(source, file, 1 << 20)
        except KeyError:
            found = f"there is no member {member}"
            raise SourceError(str(path), "archive", found, "deliver it again") from None
        except SourceError:
            raise
        except Exception as error:  # zlib.error has no better base
            raise _unreadable(path, error) from None
        yield target


def _opened(path: Path) -> ZipFile:
    """Open an archive; names that are no UTF-8 are Chinese, as Windows writes them."""
    try:
        return ZipFile(path, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return ZipFile(path)


def _is_file(member: ZipInfo) -> bool:
    parts = Path(member.filename).parts
    return (
        not member.is_dir()
        and not any(map(is_hidden, parts))
        and ("__MACOSX" not in parts)
    )


def _unreadable(path: Path, error: Exception) -> SourceError:
    locked = "password" in str(error).lower() or "encrypted" in str(error).lower()
    remedy = (
        "deliver it without a password" if locked else "deliver the whole file again"
    )
    return SourceError(str(path), "archive", f"it cannot be opened ({error})", remedy)
