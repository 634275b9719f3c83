"""Finding a source by its name, its folder or its configuration."""

import os
from collections.abc import Mapping
from pathlib import Path

from etl.sources.config import SourceConfig
from etl.sources.config_tables import read_config
from etl.sources.configured import ConfiguredSource
from etl.sources.database import Database
from etl.sources.delivery import Source
from etl.sources.folder import StandardFolder
from warehouse.errors import ConfigurationError, UnknownNameError


def standard_folder(path: Path | str, name: str | None = None) -> Source:
    """Return the source of a folder in the standard format."""
    root = Path(path)
    return StandardFolder(root, name or root.resolve().name)


def load_sources(
    path: Path | str, environment: Mapping[str, str] | None = None
) -> dict[str, Source]:
    """Return the sources that a TOML file, or a folder of them, configures.

    *environment* fills in `${NAME}` and holds passwords; the process's own by default.

    Raises:
        ConfigurationError: a file says something impossible, or nothing is there.

    """
    root = Path(path)
    files = sorted(root.glob("*.toml")) if root.is_dir() else [root]
    if not files:
        raise ConfigurationError(f"{root}: no .toml file; see docs/sources.md")
    sources: dict[str, Source] = {}
    variables = os.environ if environment is None else environment
    for file in files:
        config = read_config(file, variables)
        if config.name in sources:
            raise ConfigurationError(
                f"{file}: name: {config.name!r} is taken; name each source differently"
            )
        sources[config.name] = ConfiguredSource(config, _database(config, variables))
    return sources


def _database(config: SourceConfig, environment: Mapping[str, str]) -> Database | None:
    if config.url is None:
        return None
    password = None
    if config.password_env:
        password = environment.get(config.password_env)
        if password is None:
            raise ConfigurationError(
                f"{config.file}: password_env: found nothing in the environment "
                f"variable {config.password_env}; set it"
            )
    return Database(config, password)


def open_source(name: str, configured: Mapping[str, Source]) -> Source:
    """Return the source called *name*, or the one at the path *name*.

    Raises:
        UnknownNameError: it is neither a configured source nor a path.
        ConfigurationError: the path is a .toml that says something impossible.

    """
    if name in configured:
        return configured[name]
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        (source,) = load_sources(path).values()
        return source
    if path.is_dir():
        return standard_folder(path)
    raise UnknownNameError(
        "source", name, [*configured, "(or the path of a folder or .toml file)"]
    )
