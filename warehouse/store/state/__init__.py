"""State: what is not analytical data, in its own database (SQLite or PostgreSQL)."""

from warehouse.records import Run
from warehouse.store.state.alerts import Alerts
from warehouse.store.state.alerts_deeds import Deeds
from warehouse.store.state.alerts_deliveries import Deliveries
from warehouse.store.state.alerts_lines import Lines
from warehouse.store.state.alerts_silences import Silences
from warehouse.store.state.audit import Audit
from warehouse.store.state.database import exists, open_engine
from warehouse.store.state.devices import Devices
from warehouse.store.state.pairings import Pairings
from warehouse.store.state.people import People
from warehouse.store.state.runs import RunRecords, run_from_json
from warehouse.store.state.sessions import Attempts, Sessions
from warehouse.store.state.tokens import Tokens

__all__ = ["State", "exists", "run_from_json"]


class State:
    """The database of state and its rooms; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.run_records = RunRecords(self.engine)
        self.people = People(self.engine)
        self.sessions = Sessions(self.engine)
        self.tokens = Tokens(self.engine)
        self.attempts = Attempts(self.engine)
        self.devices = Devices(self.engine)
        self.pairings = Pairings(self.engine)
        self.audit = Audit(self.engine)
        self.alerts = Alerts(self.engine)
        self.deeds = Deeds(self.engine)
        self.silences = Silences(self.engine)
        self.deliveries = Deliveries(self.engine)
        self.lines = Lines(self.engine)

    def add_run(self, run: Run) -> None:
        """Keep the record of a run."""
        self.run_records.add(run)

    def runs(self, limit: int) -> list[Run]:
        """Return the newest runs first."""
        return self.run_records.newest(limit)

    def ping(self) -> None:
        """Ask the least there is to ask.

        Raises:
            StateError: the database does not answer.

        """
        self.run_records.newest(0)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
