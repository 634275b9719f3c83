"""Readings as lines of a file: the same columns wherever they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callbacks.exports_files import Share, Sheet
from callbacks.questions import local_day
from pages._ui import judging, periods
from pages._ui.address import View
from pages._ui.filters import scope_name
from pages._ui.kpi_tile import Tile
from pages._ui.status import State, is_unjudged, state_of, word
from pages._ui.wording import say
from warehouse.metrics.metric import Metric, Unit
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store
from warehouse.scope import Rights
from warehouse.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who wants a file of what: one batch, one view, one reader."""

    batch: Any
    view: View
    stores: tuple[Store, ...]
    rights: Rights
    language: Language
    who: str
    at: datetime

    @property
    def scope(self) -> str:
        """The scope in words, as it holds for this reader."""
        is_part = self.rights.store_ids is not None
        return scope_name(self.view, self.stores, self.language, is_part=is_part)

    @property
    def period(self) -> str:
        """The period in words."""
        today = local_day(self.batch.as_of, self.batch.timezone)
        return periods.label(self.view.period, today, self.language)

    @property
    def stamp(self) -> str:
        """Who took the file, when, of what: the watermark."""
        when = self.at.astimezone(ZoneInfo(self.batch.timezone))
        return say(
            "export.stamp",
            self.language,
            who=self.who,
            when=f"{when:%Y-%m-%d %H:%M}",
            scope=self.scope,
            batch=self.batch.id,
        )


READING = (
    "metric",
    "name",
    "store_id",
    "store",
    "dimension",
    "member",
    "value",
    "unit",
    "state",
    "n",
    "numerator",
    "denominator",
    "ci_low",
    "ci_high",
    "target",
    "first_day",
    "last_day",
    "provisional",
    "version",
    "formula",
    "red",
    "basis",
    "promise",
)
"""The columns of a table of readings; their heads are the sentences `file.<key>`."""


def sheet(name: str, rows: Sequence[Sequence[Any]], asked: Asked) -> Sheet:
    """Return a table of readings under the sentence *name*."""
    heads = [say(f"file.{key}", asked.language) for key in READING]
    return Sheet(say(name, asked.language), heads, READING, rows)


def tile_row(
    tile: Tile, asked: Asked, store_id: str = "", store: str = ""
) -> list[Any]:
    """Return a tile as a line; one without a reading keeps its name and state."""
    if tile.reading is None:
        blank = dict.fromkeys(READING)
        known = {
            "metric": tile.metric.id,
            "name": tile.metric.name[asked.language],
            "store_id": store_id,
            "store": store,
            "unit": tile.metric.unit.value,
            "state": word(tile.state, asked.language),
            "version": tile.metric.version,
            "formula": tile.metric.formula[asked.language],
        }
        return list((blank | known).values())
    return row(
        tile.reading,
        asked,
        store_id=store_id,
        store=store,
        is_stale=tile.state is State.STALE,
    )


def row(
    reading: Reading,
    asked: Asked,
    *,
    store_id: str = "",
    store: str = "",
    dimension: str = "",
    member: str = "",
    is_stale: bool = False,
) -> list[Any]:
    """Return a reading as a line: numbers unrounded, days as days."""
    one, language = reading.metric, asked.language
    state = state_of(reading, Freshness.STALE if is_stale else Freshness.FRESH)
    spoken = word(state, language, unjudged=is_unjudged(reading, state))
    return [
        one.id,
        one.name[language],
        store_id,
        store,
        dimension,
        member,
        _number(one, reading.value),
        one.unit.value,
        spoken,
        reading.n,
        reading.numerator,
        reading.denominator,
        _number(one, reading.ci_low),
        _number(one, reading.ci_high),
        judging.target_text(one, reading.thresholds, language),
        reading.period_start,
        reading.period_end - timedelta(days=1),
        reading.is_provisional,
        one.version,
        one.formula[language],
        judging.red_text(one, reading.thresholds, language),
        judging.basis_text(reading, language),
        judging.promise_text(reading, language),
    ]


def _number(one: Metric, value: float | None) -> float | None:
    if value is None:
        return None
    return Share(value) if one.unit is Unit.SHARE else value
