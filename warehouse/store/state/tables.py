"""What all rooms of the state share: the metadata, and how a moment is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from warehouse.errors import StateError

METADATA = sa.MetaData()


class Moment(sa.types.TypeDecorator[datetime]):
    """A time with its zone; the database keeps it in UTC without one."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> Any:
        """Return *value* in UTC; a time without a zone is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        """Return what was kept, aware."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


class Room:
    """A part of the state with tables of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to ask with; everything asked is of one moment.

        Raises:
            StateError: the database cannot be reached.

        """
        with _told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a transaction: all of it happens or nothing.

        Raises:
            StateError: the database cannot be reached or stays locked.

        """
        with _told(), self._writer.begin() as connection:
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        raise StateError(
            f"the database of state does not answer: {error.orig}"
        ) from error
