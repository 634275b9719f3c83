"""What stands behind a number: division, interval, period, definition."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.comparison import Past, per_working_day, restated_text
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.text import Language


def details(tile: Any, language: Language) -> html.Details:
    """Return the fold-out of a tile."""
    metric = tile.metric
    rows = [
        *_measured(metric, tile.reading, tile.past, language),
        ("tile.restatement", _restated(tile, language)),
        ("tile.silent.stores", _names(tile.silent, language)),
        ("tile.formula", metric.formula[language]),
        ("tile.question", metric.question[language]),
        (
            "tile.version",
            say(
                "tile.version.value",
                language,
                version=metric.version,
                day=fmt.day(metric.valid_from, language, year=True),
            ),
        ),
        ("tile.owner", metric.owner),
        ("tile.batch", tile.batch_id),
    ]
    return html.Details(
        [
            html.Summary(
                say("tile.details", language),
                title=metric.name[language],
            ),
            html.Dl(
                [
                    html.Div([html.Dt(say(key, language)), html.Dd(text)])
                    for key, text in rows
                    if text
                ],
                className="facts",
            ),
            _way_on(tile, language),
        ],
        className="tile__details",
    )


def _way_on(tile: Any, language: Language) -> html.P | None:
    """Return the ways to the metric's page and to its rows, over the same scope."""
    _, _, query = tile.href.partition("?")
    if not query:
        return None
    kept = [pair for pair in parse_qsl(query) if pair[0] not in {"metric", "grain"}]
    place = f"/metrics-catalog/{tile.metric.id}"
    ways = (("tile.page", kept, ""), ("tile.rows", [*kept, ("page", "1")], "#rows"))
    return html.P(
        [
            html.A(
                say(key, language),
                href=f"{place}?{urlencode(pairs)}".rstrip("?") + anchor,
                className="js-view",
            )
            for key, pairs, anchor in ways
        ],
        className="tile__ways",
    )


def _then(metric: Metric, then: Reading | None, language: Language) -> str:
    if then is None:
        return ""
    shown = fmt.of(metric, then.value, language)
    return f"{shown} · {fmt.period(then.period_start, then.period_end, language)}"


def _restated(tile: Any, language: Language) -> str:
    if tile.reading is None or tile.past.restated is None:
        return ""
    return restated_text(tile.reading, tile.past.restated, tile.timezone, language)


def _names(names: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def interval(reading: Reading, language: Language, key: str = "") -> str:
    """Return the 95 % interval in words; empty when there is none."""
    if reading.ci_low is None and reading.ci_high is None:
        return ""
    low, high = (
        str(fmt.of(reading.metric, bound, language))
        for bound in (reading.ci_low, reading.ci_high)
    )
    return say(key, language, low=low, high=high) if key else f"{low} – {high}"


def _measured(
    metric: Metric,
    reading: Reading | None,
    past: Past,
    language: Language,
) -> list[tuple[str, str]]:
    if reading is None:
        return []
    lines = reading.thresholds
    rows = [("tile.numerator", fmt.whole(reading.numerator))]
    if reading.denominator is not None:
        rows.append(("tile.denominator", fmt.whole(reading.denominator)))
    rows += [
        ("tile.sample", fmt.whole(reading.n)),
        ("tile.interval", interval(reading, language)),
        (
            "tile.period",
            fmt.period(reading.period_start, reading.period_end, language),
        ),
    ]
    if reading.maturity is not None:
        rows.append(("tile.maturity", f"{reading.maturity:.0%}"))
    a_day = per_working_day(reading)
    if a_day is not None:
        rows.append(("tile.workday", fmt.decimal(a_day)))
    rows.append(("tile.previous", _then(metric, past.previous, language)))
    is_moved = past.aligned is not None and past.aligned.is_festival
    key = "tile.last_year.festival" if is_moved else "tile.last_year"
    rows.append((key, _then(metric, past.year_before, language)))
    if lines is not None:
        green = judging.target_text(metric, lines, language)
        rows.append(
            ("tile.lines", f"{green} / {judging.red_text(metric, lines, language)}")
        )
        rows.append(("tile.basis", judging.basis_text(reading, language)))
        rows.append(("tile.promise", judging.promise_text(reading, language)))
    return rows
