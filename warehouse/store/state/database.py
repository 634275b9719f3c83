"""Opening the database of state, and bringing it to this version's shape."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse.errors import StateError

HEAD = "0006"
"""The newest migration."""

ADOPTED = "0001"
"""What a state from before there were migrations has."""

LOCK_SECONDS = 30
"""How long a writer waits for another writer."""

MIGRATIONS = Path(__file__).parent / "migrations"

_UPGRADE_LOCK = 0x41667465727369
"""Names PostgreSQL's advisory lock: processes that start together take turns."""


def open_engine(url: str) -> sa.Engine:
    """Return an engine to a state that has this version's shape.

    Raises:
        StateError: the URL cannot be used, or a newer version made the database.

    """
    try:
        parsed = sa.make_url(url)
        is_file = parsed.get_backend_name() == "sqlite"
        engine = sa.create_engine(parsed, pool_pre_ping=not is_file)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        raise StateError(f"AFTERSIGHT_STATE cannot be used: {error}") from error
    if is_file:
        _take_over_transactions(engine)
    try:
        if is_file and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        _upgrade(engine)
    except (OSError, sa.exc.OperationalError) as error:
        raise StateError(
            f"{parsed.render_as_string()} (AFTERSIGHT_STATE) cannot be opened: "
            f"{getattr(error, 'orig', error)}; "
            "check that it can be reached, and written to"
        ) from error
    return engine


def exists(url: str) -> bool:
    """Tell whether there is anything to open; a file that is not there holds nothing.

    Only a look: whoever wants to write opens, and so makes it.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        return False
    is_file = parsed.get_backend_name() == "sqlite"
    return not is_file or bool(parsed.database and Path(parsed.database).exists())


def _take_over_transactions(engine: sa.Engine) -> None:
    """Begin by ourselves: the driver would begin too late for changes of tables."""

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"pragma busy_timeout = {LOCK_SECONDS * 1000}")
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma foreign_keys = on")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A reader that becomes a writer half-way fails at once when another one was
        # quicker, whatever the timeout; who will write therefore says so first.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")


def _upgrade(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            lock = sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK))
            connection.execute(lock)
        if _version(connection) != HEAD:  # Somebody else may have been quicker.
            _migrate(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.text("select version_num from alembic_version"))


def _migrate(connection: sa.Connection) -> None:
    # Only who upgrades pays for loading alembic.
    from alembic import command, util
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    found = _version(connection)
    try:
        if found is None and sa.inspect(connection).has_table("runs"):
            command.stamp(config, ADOPTED)
        command.upgrade(config, "head")
    except util.CommandError as error:
        raise StateError(
            f"the state has version {found}, this program knows {HEAD}: a newer "
            f"version was here; install that one, or restore a backup ({error})"
        ) from error
