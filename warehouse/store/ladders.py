"""Who stands where, asked of a batch: the only reading that goes beyond rights."""

from dataclasses import replace
from typing import Protocol

from warehouse.metrics import Metric, Reading
from warehouse.metrics.standing import Ladder
from warehouse.records import SilentStore, Store
from warehouse.scope import EVERYTHING, Question, Rights


class _Asked(Protocol):
    def metric(self, metric_id: str) -> Metric: ...

    def read(
        self, metric_id: str, question: Question, rights: Rights
    ) -> list[Reading]: ...

    def stores(self, rights: Rights) -> list[Store]: ...

    def silent_stores(self, rights: Rights) -> list[SilentStore]: ...


class Ladders:
    """The part of a batch that ranks stores."""

    def ladder(self: _Asked, metric_id: str, question: Question) -> Ladder:
        """Return the ladder of a metric over the stores of *question*.

        It holds readings of every store and tells only places: `Ladder.standings`
        takes the reader's rights. Stores whose data stopped have no place.

        Raises:
            UnknownNameError: no such metric, or it does not belong to stores.

        """
        metric = self.metric(metric_id)
        found = self.read(metric_id, replace(question, by=("store_id",)), EVERYTHING)
        quiet = {
            one.store_id
            for one in self.silent_stores(EVERYTHING)
            if one.table in metric.sources
        }
        readings = {
            one.dimensions["store_id"]: one
            for one in found
            if one.dimensions["store_id"] not in quiet
        }
        return Ladder(metric, self.stores(EVERYTHING), readings)
