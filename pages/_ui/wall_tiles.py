"""A tile of the wall as plain data; `assets/wall/board.js` has the one template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.status import State
from pages._ui.wording import say
from warehouse.metrics.metric import Direction, Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness
from warehouse.text import Language

RED_LINE, GREEN_LINE = 1 / 3, 2 / 3
"""Where the two lines stand on every track, whatever the metric's unit."""

EDGE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTile:
    """What is known of one metric of one store; *stale_at* is when it grows too old."""

    metric: Metric
    reading: Reading | None
    freshness: Freshness
    data_as_of: datetime | None
    stale_at: datetime | None = None
    error: str = ""
    taken_by: str = ""

    @property
    def state(self) -> State:
        """What colour, sign and word say."""
        if self.error:
            return State.ERROR
        return status.state_of(self.reading, self.freshness)


def wall_tile(tile: WallTile, language: Language) -> dict[str, Any]:
    """Return the tile as the browser draws it: texts, marks, and no markup."""
    reading = tile.reading
    unjudged = status.is_unjudged(reading, tile.state)
    shown = fmt.of(tile.metric, reading.value if reading else None, language)
    taken = tile.taken_by
    return {
        "metric": tile.metric.id,
        "name": short_name(tile.metric, language),
        "state": tile.state.value,
        "sign": "" if unjudged else status.sign(tile.state),
        # What has no lines is not judged: no word says more than a missing one.
        "word": "" if unjudged else status.word(tile.state, language),
        "value": shown.number,
        "unit": shown.unit,
        "raw": fmt.raw(reading.value if reading else None),
        "aim": _aim(tile, language),
        "foot": _foot(tile, language),
        "place": place(reading) if tile.state in _JUDGED else None,
        "as_of": fmt.stamp(tile.data_as_of),
        "stale_at": fmt.stamp(tile.stale_at),
        "of_now": tile.metric.window.days == 1,
        "hollow": bool(reading and reading.is_provisional),
        "taken": say("wall.taken", language, name=taken) if taken else "",
    }


_JUDGED = {State.GREEN, State.AMBER, State.RED}


def short_name(metric: Metric, language: Language) -> str:
    """Return a metric's name without what stands in brackets: the foot says it."""
    return re.sub(r"\s*[(（].*$", "", metric.name[language])


def told_apart(
    tiles: list[dict[str, Any]], metrics: Sequence[Metric], language: Language
) -> list[dict[str, Any]]:
    """Return a page's *tiles*; a name that an earlier tile has gets its brackets back.

    They stand behind a dot: a bracket is hard to read from across a workshop.
    """
    seen: set[str] = set()
    for tile, metric in zip(tiles, metrics, strict=True):
        inside = re.search(r"[(（](.+)[)）]", metric.name[language])
        if tile["name"] in seen and inside is not None:
            tile["name"] += f" · {inside[1]}"
        seen.add(tile["name"])
    return tiles


def place(reading: Reading | None) -> float | None:
    """Return where a value stands on its track, 0 to 1, worse to the left.

    The red line stands at a third and the green line at two thirds, so that minutes,
    shares and scores are read alike from across a workshop.
    """
    lines = reading.thresholds if reading else None
    if reading is None or reading.value is None or lines is None:
        return None
    value, green, red = reading.value, lines.green, lines.red
    if reading.metric.direction is Direction.BAND:
        middle = (lines.green + (lines.green_high or lines.green)) / 2
        if value > middle:
            green, red = lines.green_high or green, lines.red_high or red
    width = green - red
    if not width:
        sense = -1 if reading.metric.direction is Direction.LOWER else 1
        width = sense * (abs(green) / 10 or 1)
    found = GREEN_LINE + (value - green) / width / 3
    return round(min(1 - EDGE, max(EDGE, found)), 3)


def _aim(tile: WallTile, language: Language) -> str:
    reading = tile.reading
    if tile.state is State.ERROR:
        return say("error.title", language)
    if reading is None or reading.value is None or reading.thresholds is None:
        return ""
    target = judging.target_text(tile.metric, reading.thresholds, language)
    # 60 % is read from further away than 60.0 %.
    return say("wall.target", language, target=target.replace(".0%", "%"))


def _foot(tile: WallTile, language: Language) -> str:
    reading, metric = tile.reading, tile.metric
    is_provisional = reading is not None and reading.is_provisional
    parts = [_period(metric, language, is_matured=not is_provisional)]
    # What is counted or added up is its own sample.
    is_of_sample = not (metric.kind in _WITHOUT_SAMPLE and metric.denominator is None)
    if is_provisional:
        parts.append(say("tile.provisional", language))
    elif reading is not None and reading.n and is_of_sample:
        parts.append(say("tile.n", language, n=fmt.whole(reading.n)))
    return " · ".join(parts)


_WITHOUT_SAMPLE = {Kind.COUNT, Kind.STATE}


def _period(metric: Metric, language: Language, *, is_matured: bool) -> str:
    if metric.kind is Kind.STATE:
        return say("wall.period.now", language)
    if metric.window.lag_days and is_matured:
        return say("wall.period.cohort", language, n=metric.window.days)
    if metric.window.days == 1:
        return say("wall.period.today", language)
    return say("wall.period.days", language, n=metric.window.days)
