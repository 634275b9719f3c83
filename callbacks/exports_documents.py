"""What the files hold: the very numbers of the screens, unrounded, with their words.

The screens are read again from the same functions that draw them, with the same view,
batch and rights: a file cannot say anything else than the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from callbacks import metric_screen as screens
from callbacks import overview_screen
from callbacks.exports_files import Document, Sheet
from callbacks.exports_readings import Asked, row, sheet, tile_row
from callbacks.store_screen import store_screen
from pages._ui import format as fmt
from pages._ui.codes import called
from pages._ui.filters import store_name
from pages._ui.metric_address import Lens
from pages._ui.wording import say
from warehouse.behind import Part
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Store
from warehouse.text import Language


def overview(asked: Asked) -> Document:
    """Return the tiles and the table of stores of the overview."""
    found = overview_screen.screen(asked.batch, asked.view.scope, asked.rights)
    named = {s.store_id: store_name(s, asked.language) for s in asked.stores}
    tiles = [tile_row(tile, asked) for tile in found.tiles]
    cells = [
        row(
            reading,
            asked,
            store_id=store.store_id,
            store=named.get(store.store_id, store.store_id),
            is_stale=metric_id in found.stale,
        )
        for store in found.stores
        for metric_id, by_store in found.cells.items()
        if (reading := by_store.get(store.store_id)) is not None
    ]
    return _document(
        asked,
        "overview",
        say("overview.heading", asked.language),
        [
            sheet("file.all", [*tiles, *cells], asked),
            sheet("tiles.heading", tiles, asked),
            sheet("table.heading", cells, asked),
        ],
    )


def store(asked: Asked, one: Store) -> Document:
    """Return the tiles of a store's page."""
    found = store_screen(asked.batch, one, asked.view, asked.rights)
    rows = [
        tile_row(tile, asked, one.store_id, store_name(one, asked.language))
        for tile in found.tiles
    ]
    title = store_name(one, asked.language)
    return _document(
        asked,
        f"store-{one.store_id}",
        title,
        [sheet("tiles.heading", rows, asked)],
    )


def metric(asked: Asked, one: Metric, lens: Lens) -> Document:
    """Return the number of a metric's page, its trend, and its breakdown."""
    ask = (asked.batch, one, asked.view, lens, asked.rights)
    number = screens.reading(*ask)
    course = screens.course(*ask)
    parts = screens.breakdown(*ask)
    now = [row(number, asked)] if number else []
    trend = [row(reading, asked) for reading in course.series]
    split = [
        row(
            ranked.reading,
            asked,
            dimension=parts.by,
            member=ranked.reading.dimensions.get(parts.by) or "",
        )
        for ranked in parts.members
    ]
    language = asked.language
    return _document(
        asked,
        one.id,
        one.name[language],
        [
            sheet("file.all", [*now, *trend, *split], asked),
            sheet("file.number", now, asked),
            sheet("trend.heading", trend, asked),
            sheet("metric.breakdown.heading", split, asked),
        ],
        about=_definition(one, language),
        where=_narrowed(asked, lens),
    )


def rows(asked: Asked, one: Metric, lens: Lens, part: Part) -> Document:
    """Return every row behind the number of a metric's page, read as it is written."""
    question = screens.question(asked.batch, one, asked.view, lens)
    number = screens.reading(asked.batch, one, asked.view, lens, asked.rights)
    columns, found = asked.batch.stream_behind(one.id, question, asked.rights, part)
    language = asked.language
    every = Sheet(
        say("rows.heading", language),
        [say(f"row.{column.name}", language) for column in columns],
        [column.name for column in columns],
        _typed(found),
    )
    shown = fmt.of(one, number.value if number else None, language)
    return _document(
        asked,
        f"{one.id}-rows",
        one.name[language],
        [every],
        about=[
            (say("file.number", language), str(shown)),
            *_spelled(number, language),
            *_definition(one, language),
        ],
        reading=number,
        where=_narrowed(asked, lens),
    )


def _narrowed(asked: Asked, lens: Lens) -> list[tuple[str, str]]:
    """Return the members that the page is narrowed to, as readers call them."""
    named = {s.store_id: store_name(s, asked.language) for s in asked.stores}
    return [
        (
            name,
            named.get(value, value)
            if name == "store_id"
            else called(name, value, asked.language),
        )
        for name, value in lens.where
    ]


def _typed(found: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield rows whose numbers are plain ones (money comes as Decimal)."""
    for line in found:
        yield [float(cell) if isinstance(cell, Decimal) else cell for cell in line]


def _document(
    asked: Asked,
    stem: str,
    title: str,
    sheets: Sequence[Sheet],
    *,
    about: Sequence[tuple[str, str]] = (),
    reading: Reading | None = None,
    where: Sequence[tuple[str, str]] = (),
) -> Document:
    batch, language = asked.batch, asked.language
    told = [f"{say(f'dim.{name}', language)} {value}" for name, value in where]
    scope = " · ".join([asked.scope, *told])
    period = asked.period
    if reading is not None:
        period = fmt.period(reading.period_start, reading.period_end, language)
    as_of = fmt.moment(batch.as_of, batch.timezone, language)
    heads = [
        (say("file.scope", language), scope),
        (say("filter.period", language), period),
        (say("file.as_of", language), as_of),
        (say("tile.batch", language), batch.id),
        (say("file.taken", language), asked.stamp),
        *about,
    ]
    marks = [
        ("scope", scope),
        ("as_of", fmt.stamp(batch.as_of)),
        ("batch_id", batch.id),
    ]
    return Document(
        stem=f"aftersight-{stem}-{batch.id}",
        title=title,
        about=heads,
        marks=marks,
        sheets=sheets,
        zone=batch.timezone,
    )


def _definition(one: Metric, language: Language) -> list[tuple[str, str]]:
    version = say(
        "tile.version.value",
        language,
        version=one.version,
        day=fmt.day(one.valid_from, language, year=True),
    )
    return [
        (say("metric.formula", language), one.formula[language]),
        (say("metric.cohort", language), one.cohort[language]),
        (say("metric.version", language), version),
    ]


def _spelled(number: Reading | None, language: Language) -> list[tuple[str, str]]:
    if number is None:
        return []
    return [
        (say("tile.numerator", language), fmt.raw(number.numerator)),
        (say("tile.denominator", language), fmt.raw(number.denominator)),
        (say("tile.sample", language), str(number.n)),
    ]
