"""The rows behind a number: what each adds to it, page by page, and the sums."""

from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.address import View
from pages._ui.codes import called
from pages._ui.metric_address import Lens, export, href, rows_of
from pages._ui.plain_table import table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.behind import BOTTOM, PARTS, Behind, RowColumn
from warehouse.contracts import Kind
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.text import Language

ANCHOR = "rows"


def shut(metric: Metric, view: View, lens: Lens, language: Language) -> list[Any]:
    """Return the way to the rows."""
    return [
        html.A(
            say("rows.open", language),
            href=rows_of(metric, view, lens),
            className="js-view rows__open",
        )
    ]


def opened(
    found: Behind,
    reading: Reading | None,
    metric: Metric,
    view: View,
    lens: Lens,
    number: int,
    page_size: int,
    zone: str,
    language: Language,
) -> list[Any]:
    """Return page *number* of the rows under the sums over all of them."""
    if not found.fed:
        return [nothing(say("rows.unfed", language))]
    if not found.visible:
        return [nothing(say("rows.invisible", language))]
    head = html.P(
        _sums(found, reading, metric, language),
        className="rows__sums",
        **{
            "data-total": str(found.total),
            "data-numerator": fmt.raw(found.numerator),
            "data-denominator": fmt.raw(found.denominator),
        },
    )
    if not found.total:
        return [nothing(say("rows.none", language))]
    listing = table(
        [f"row.{column.name}" for column in found.columns],
        [
            [cell(row[c.name], c, zone, language) for c in found.columns]
            for row in found.rows
        ],
        language,
        label=say("rows.heading", language),
        numeric=frozenset(i for i, c in enumerate(found.columns) if c.kind in NUMERIC),
    )
    return [
        head,
        _choices(found, metric, view, lens, language),
        listing,
        _pager(found, metric, view, replace(lens, page=number), page_size, language),
    ]


NUMERIC = {Kind.NUMBER, Kind.INTEGER, Kind.MONEY}


def cell(value: Any, column: RowColumn, zone: str, language: Language) -> Any:
    """Return a value as a reader sees it; times on the wall clock of *zone*."""
    if value is None:
        return fmt.MISSING
    if column.kind is Kind.BOOLEAN or isinstance(value, bool):
        return say("rows.yes" if value else "rows.no", language)
    if isinstance(value, datetime):
        return fmt.moment(_aware(value), zone, language)
    if isinstance(value, date):
        return value.isoformat()
    if column.name == "what":
        return say(f"what.{value}", language)
    if column.kind in NUMERIC:
        return fmt.whole(float(value))
    return called(column.name, str(value), language)


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)


def _sums(
    found: Behind, reading: Reading | None, metric: Metric, language: Language
) -> list[Any]:
    """Return the count of rows, what they add up to, and that it is the number."""
    shown = fmt.of(metric, reading.value if reading else None, language)
    parts = [html.Strong(say("rows.total", language, n=fmt.whole(found.total)))]
    if found.adds == "duration":
        parts.append(say("rows.durations", language, value=shown))
    elif found.adds == "largest":
        parts.append(say("rows.largest", language, value=shown))
    elif BOTTOM in found.columns:
        parts.append(
            say(
                "rows.ratio",
                language,
                top=fmt.whole(found.numerator),
                bottom=fmt.whole(found.denominator),
                value=shown,
            )
        )
    else:
        parts.append(
            say("rows.count", language, top=fmt.whole(found.numerator), value=shown)
        )
    return [part for pair in ((p, " ") for p in parts) for part in pair]


def _choices(
    found: Behind, metric: Metric, view: View, lens: Lens, language: Language
) -> html.Div:
    """Return the parts of the rows to choose from, the files, and the way to shut."""
    links = []
    if BOTTOM in found.columns:
        for part in PARTS:
            here = {"aria-current": "true"} if part == lens.part else {}
            links.append(
                html.A(
                    say(f"rows.part.{_word(found, part)}", language),
                    href=href(metric, view, lens, part=part, page=1) + f"#{ANCHOR}",
                    className="js-view",
                    **here,
                )
            )
    files = [
        html.A(
            say("export.rows", language, form=form.upper()),
            href=export(metric, view, lens, "rows", form),
            className="export",
        )
        for form in ("csv", "xlsx")
    ]
    close = html.A(
        say("rows.shut", language),
        href=href(metric, view, lens, page=0, part="all"),
        className="js-view",
    )
    return html.Div([*links, *files, close], className="pager pager--parts")


def _word(found: Behind, part: str) -> str:
    return f"{part}.duration" if found.adds == "duration" else part


def _pager(
    found: Behind,
    metric: Metric,
    view: View,
    lens: Lens,
    page_size: int,
    language: Language,
) -> html.Div:
    first = (lens.page - 1) * page_size
    last = first + len(found.rows)
    text = say(
        "rows.page",
        language,
        first=fmt.whole(first + 1 if found.rows else 0),
        last=fmt.whole(last if found.rows else 0),
        n=fmt.whole(found.listed),
    )
    steps = (
        (lens.page > 1, "rejects.previous", lens.page - 1),
        (last < found.listed, "rejects.next", lens.page + 1),
    )
    return html.Div(
        [
            html.Span(text),
            *(
                html.A(
                    say(key, language),
                    href=href(metric, view, lens, page=page) + f"#{ANCHOR}",
                    className="js-view",
                )
                for possible, key, page in steps
                if possible
            ),
        ],
        className="pager",
    )
