"""What other systems send over HTTP: judged at once, kept safe, read by the ETL."""

from dataclasses import dataclass

from warehouse.settings import Settings
from warehouse.store.intake.judge import Finding, Judge
from warehouse.store.intake.spool import Segment, Spool, Taken

__all__ = ["Door", "Finding", "Judge", "Segment", "Spool", "Taken"]


@dataclass(frozen=True, slots=True)
class Door:
    """What the intake needs: who judges rows, and where they are kept."""

    judge: Judge
    spool: Spool

    @classmethod
    def open(cls, settings: Settings) -> "Door":
        """Return the door of an installation."""
        return cls(Judge(settings.timezone), Spool(settings.intake))
