"""What stands behind a number: division, interval, period, definition."""

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.text import Language


def details(
    metric: Metric,
    reading: Reading | None,
    previous: Reading | None,
    *,
    batch_id: str,
    language: Language,
) -> html.Details:
    """Return the fold-out of a tile."""
    rows = [
        *_measured(metric, reading, previous, language),
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
        ("tile.batch", batch_id),
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
        ],
        className="tile__details",
    )


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
    previous: Reading | None,
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
    if previous is not None:
        shown = fmt.of(metric, previous.value, language)
        days = fmt.period(previous.period_start, previous.period_end, language)
        rows.append(("tile.previous", f"{shown} · {days}"))
    if lines is not None:
        green = judging.target_text(metric, lines, language)
        rows.append(
            ("tile.lines", f"{green} / {judging.red_text(metric, lines, language)}")
        )
    return rows
