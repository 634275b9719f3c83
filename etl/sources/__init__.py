"""Where data come from: standard folders, and others' files and databases by TOML."""

from etl.sources.delivery import Piece, Rows, Seen, Source
from etl.sources.intake import NAME as INTAKE
from etl.sources.intake import Intake
from etl.sources.registry import load_sources, open_source, standard_folder

__all__ = [
    "INTAKE",
    "Intake",
    "Piece",
    "Rows",
    "Seen",
    "Source",
    "load_sources",
    "open_source",
    "standard_folder",
]
