"""The last refreshes: how they ended, what they counted, what the gate found."""

from collections.abc import Sequence
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.plain_table import badge, code, table
from pages._ui.states import nothing
from pages._ui.wording import WORDS, say
from warehouse.contracts import CONTRACTS
from warehouse.records import Counts, GateResult, Outcome, Run
from warehouse.text import Language

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.PUBLISHED: ("green", "●"),
    Outcome.REFUSED: ("red", "■"),
    Outcome.FAILED: ("error", "✕"),
}

SHARES = frozenset({"rejected_share", "key_loss", "null_jump", "reference_loss"})
"""Checks of the gate whose figures are shares of rows."""

IDLE = 3
"""Refreshes in a row without rows that are told in one line."""

COUNTED = ("read", "loaded", "duplicate", "rejected", "inferred")


def runs(history: Sequence[Run], zone: str, language: Language) -> html.Ol | html.P:
    """Return the refreshes, newest first; one that did not publish stands open."""
    if not history:
        return nothing(say("runs.none", language))
    return html.Ol(
        [html.Li(_listed(part, zone, language)) for part in _parts(history)],
        className="runs",
    )


def _parts(history: Sequence[Run]) -> list[list[Run]]:
    """Return the refreshes one by one, those in a row that brought nothing together."""
    parts: list[list[Run]] = []
    for run in history:
        if parts and _is_idle(run) and _is_idle(parts[-1][-1]):
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts


def _is_idle(run: Run) -> bool:
    read = sum(counts.read for counts in run.tables.values())
    return run.outcome is Outcome.PUBLISHED and not read and not run.message


def _listed(
    part: Sequence[Run], zone: str, language: Language
) -> html.Details | html.Div:
    if len(part) < IDLE:
        only = [_run(run, zone, language) for run in part]
        return only[0] if len(only) == 1 else html.Div(only)
    first, last = part[-1].started_at, part[0].started_at
    text = say(
        "runs.idle",
        language,
        n=len(part),
        first=fmt.moment(first, zone, language),
        last=fmt.moment(last, zone, language),
    )
    return html.Details(
        [
            html.Summary(text, className="run__summary run__counts"),
            *(_run(run, zone, language) for run in part),
        ],
        className="run run--idle",
    )


def _run(run: Run, zone: str, language: Language) -> html.Details:
    state, sign = OUTCOMES[run.outcome]
    took = (run.finished_at - run.started_at).total_seconds()
    return html.Details(
        [
            html.Summary(
                [
                    badge(say(f"runs.{run.outcome}", language), state, sign),
                    html.Span(
                        fmt.moment(run.started_at, zone, language), className="run__at"
                    ),
                    html.Span(_summary(run, language), className="run__counts"),
                    html.Span(
                        say("runs.took", language, seconds=f"{took:,.1f}"),
                        className="run__took",
                    ),
                ],
                className="run__summary",
            ),
            html.Div(
                [
                    html.P(_message(run, language), className="run__message")
                    if run.message
                    else None,
                    html.P([say("batch", language, batch=""), code(run.batch_id)]),
                    *_counts(run, language),
                    *_gate(run.gate, language),
                ],
                className="run__body",
            ),
        ],
        className="run",
        open=run.outcome is not Outcome.PUBLISHED and run.message != "",
        **{"data-outcome": run.outcome.value},
    )


def _message(run: Run, language: Language) -> str:
    """Return why a refresh was not published, in the reader's words where there are."""
    refused = [one for one in run.gate if not one.passed and one.refuses]
    if run.outcome is not Outcome.REFUSED or not refused or language == "en":
        return run.message
    return "；".join(
        say(
            "gate.told",
            language,
            table=_table(one.table, language),
            check=_check(one, language),
            found=_measure(one, one.found),
            limit=_measure(one, one.limit),
        )
        for one in refused
    )


def _measure(result: GateResult, value: float | None) -> str:
    if value is None or result.check not in SHARES:
        return _number(value)
    return f"{value:.1%}"


def _check(result: GateResult, language: Language) -> str:
    key = f"gate.check.{result.check}"
    return say(key, language) if key in WORDS else result.check


def _table(name: str, language: Language) -> str:
    return CONTRACTS[name].name[language] if name in CONTRACTS else name


def _summary(run: Run, language: Language) -> str:
    totals = {
        name: fmt.whole(sum(getattr(c, name) for c in run.tables.values()))
        for name in COUNTED
    }
    return say("runs.summary", language, **totals)


def _counts(run: Run, language: Language) -> list[Any]:
    if not run.tables:
        return []
    heads = ("sources.table", *(f"runs.{name}" for name in COUNTED))
    return [
        table(
            heads,
            [
                (
                    code(name),
                    *(fmt.whole(getattr(counts, counted)) for counted in COUNTED[:4]),
                    _last(counts, language),
                )
                for name, counts in sorted(run.tables.items())
            ],
            language,
            label=say("runs.heading", language),
            numeric=frozenset(range(1, 6)),
        )
    ]


def _last(counts: Counts, language: Language) -> list[Any] | str:
    shown = fmt.whole(counts.inferred)
    if counts.adds_up:
        return shown
    return [shown, " ", badge(say("runs.lost", language), "red", "■")]


def _gate(results: Sequence[GateResult], language: Language) -> list[Any]:
    if not results:
        return []
    refused = [result for result in results if not result.passed]
    heading = html.H4(say("gate.heading", language))
    if not refused:
        text = say("gate.all_passed", language, n=len(results))
        return [heading, badge(text, "green", "●"), _gate_table(results, language)]
    ordered = [*refused, *(result for result in results if result.passed)]
    return [heading, _gate_table(ordered, language)]


def _gate_table(results: Sequence[GateResult], language: Language) -> html.Div:
    return table(
        (
            "gate.result",
            "gate.check",
            "sources.table",
            "gate.found",
            "gate.limit",
            "gate.message",
        ),
        [
            (
                _verdict(result, language),
                _check(result, language),
                code(result.table),
                _number(result.found),
                _number(result.limit),
                result.message,
            )
            for result in results
        ],
        language,
        label=say("gate.heading", language),
        numeric=frozenset({3, 4}),
    )


def _verdict(result: GateResult, language: Language) -> html.Span:
    """Return how a check ended; some only warn and never hold a batch back."""
    if result.passed:
        return badge(say("gate.passed", language), "green", "●")
    if result.refuses:
        return badge(say("gate.refused", language), "red", "■")
    return badge(say("gate.warned", language), "amber", "▲")


def _number(found: float | None) -> str:
    if found is None:
        return fmt.MISSING
    return f"{found:,.4g}" if abs(found) < 1e6 else fmt.whole(round(found))
