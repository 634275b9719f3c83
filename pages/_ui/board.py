"""The lists of the page of one store: shop, people, parts, comebacks, voices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.codes import called
from pages._ui.plain_table import badge, code, table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.board import Board, Comeback, Hand, MissingPart, OpenOrder, Stage, Voice
from warehouse.metrics.reading import Reading
from warehouse.text import Language

STAGES = (Stage.ARRIVED, Stage.WRITTEN, Stage.IN_BAY, Stage.DONE, Stage.READY)


def orders(
    board: Board, live: Sequence[Reading], now: datetime, language: Language
) -> list[Any]:
    """Return what the catalogue says of now, the cars at each stage, and the cars.

    *live* are readings of the store at this moment; the cars inside longest are first.
    """
    counts = [
        (
            one.metric.name[language],
            fmt.of(one.metric, one.value, language),
            one.metric.id,
        )
        for one in live
    ]
    counts += [
        (say(f"stage.{stage}", language), board.count(stage), f"stage-{stage}")
        for stage in STAGES
    ]
    counts.append((say("board.overdue", language), board.overdue, "overdue"))
    if not board.orders:
        return [_counts(counts), nothing(say("board.orders.none", language))]
    rows = [_order(order, board, now, language) for order in board.orders]
    label = say("board.orders", language)
    heads = (
        *("list.order", "list.plate", "list.type", "list.stage"),
        *("list.arrived", "list.promised", "list.technician"),
    )
    return [_counts(counts), table(heads, rows, language, label=label)]


def hands(board: Board, now: datetime, language: Language) -> list[Any]:
    """Return the bays taken, and the technicians, those at work first."""
    at_work = sum(hand.works_on is not None for hand in board.hands)
    seen = sum(hand.orders > 0 for hand in board.hands)
    bays = fmt.MISSING if board.bays is None else str(board.bays)
    taken = say("board.bays.value", language, taken=board.bays_taken, bays=bays)
    counts = [
        (say("board.bays", language), taken, "bays"),
        (say("board.at_work", language), at_work, "at-work"),
        (say("board.clocked", language), seen, "clocked"),
        (say("board.known", language), len(board.hands), "technicians"),
    ]
    if not board.hands:
        return [_counts(counts), nothing(say("board.hands.none", language))]
    rows = [_hand(hand, board, now, language) for hand in board.hands]
    return [
        _counts(counts),
        table(
            ("list.technician", "list.skill", "list.now", "list.since", "list.today"),
            rows,
            language,
            label=say("board.hands", language),
            numeric=frozenset({4}),
        ),
    ]


def parts(rows: Sequence[MissingPart], board: Board, language: Language) -> Any:
    """Return the parts that were asked for and not there."""
    if not rows:
        return nothing(say("board.parts.none", language), "good")
    return table(
        ("list.part", "list.requests", "list.pieces", "list.on_hand", "list.last"),
        [
            (
                [code(one.part_number), f" {one.name or ''}"],
                fmt.whole(one.requests),
                fmt.whole(one.pieces),
                fmt.whole(one.on_hand),
                fmt.moment(one.last_at, board.timezone, language),
            )
            for one in rows
        ],
        language,
        label=say("board.parts", language),
        numeric=frozenset({1, 2, 3}),
    )


def comebacks(rows: Sequence[Comeback], board: Board, language: Language) -> Any:
    """Return the visits that came back, each with its first visit."""
    if not rows:
        return nothing(say("board.comebacks.none", language), "good")
    return table(
        ("list.order", "list.arrived", "list.topic", "list.first", "list.technician"),
        [
            (
                code(one.work_order_id),
                fmt.moment(one.arrived_at, board.timezone, language),
                called("complaint_group", one.complaint_group or fmt.MISSING, language),
                _first(one, board, language),
                one.first_technician or fmt.MISSING,
            )
            for one in rows
        ],
        language,
        label=say("board.comebacks", language),
    )


def voices(rows: Sequence[Voice], board: Board, language: Language) -> Any:
    """Return what customers said, newest first."""
    if not rows:
        return nothing(say("board.voices.none", language))
    return html.Ul([_voice(one, board, language) for one in rows], className="voices")


def _counts(counts: Sequence[tuple[str, Any, str]]) -> html.Dl:
    return html.Dl(
        [
            html.Div(
                [html.Dt(name), html.Dd(str(value))],
                className="counts__item",
                **{"data-count": mark, "data-value": str(value)},
            )
            for name, value, mark in counts
        ],
        className="counts",
    )


def _order(
    order: OpenOrder, board: Board, now: datetime, language: Language
) -> tuple[Any, ...]:
    marks = [
        badge(say(key, language), state, sign)
        for is_so, key, state, sign in (
            (order.is_overdue, "mark.overdue", "red", "■"),
            (order.waits_on_site, "mark.waits", "amber", "▲"),
            (order.parts_pending, "mark.parts", "grey", "○"),
        )
        if is_so
    ]
    inside = fmt.age(now - order.arrived_at, language)
    arrived = fmt.clock(order.arrived_at, board.timezone, now, language)
    return (
        code(order.work_order_id),
        " ".join(filter(None, (order.plate, order.model))) or fmt.MISSING,
        say(f"type.{order.order_type}", language),
        html.Span([say(f"stage.{order.stage}", language), *marks], className="marks"),
        f"{arrived} · {inside}",
        fmt.clock(order.promised_at, board.timezone, now, language),
        order.technician or fmt.MISSING,
    )


def _hand(
    hand: Hand, board: Board, now: datetime, language: Language
) -> tuple[Any, ...]:
    since = fmt.MISSING
    if hand.since is not None:
        since = fmt.clock(hand.since, board.timezone, now, language)
    return (
        hand.name or code(hand.technician_id),
        fmt.MISSING if hand.skill_level is None else str(hand.skill_level),
        code(hand.works_on),
        since,
        str(hand.orders),
    )


def _first(one: Comeback, board: Board, language: Language) -> list[Any]:
    told: list[Any] = [code(one.first_id)]
    if one.first_delivered_at is not None and one.days is not None:
        day = fmt.moment(one.first_delivered_at, board.timezone, language)
        told.append(" " + say("list.first.when", language, moment=day, days=one.days))
    return told


def _voice(one: Voice, board: Board, language: Language) -> html.Li:
    is_complaint = one.kind == "complaint"
    head: list[Any] = [
        html.Span(
            fmt.moment(one.said_at, board.timezone, language), className="voice__when"
        )
    ]
    if is_complaint:
        key = "voice.open" if one.is_open else "voice.closed"
        head.append(badge(say(key, language), "red" if one.is_open else "grey", "■"))
    elif one.score is not None:
        head.append(
            html.Span(
                say("voice.score", language, score=f"{one.score:g}"),
                className="voice__score",
            )
        )
    if one.topic:
        head.append(
            html.Span(
                called("instrument_id", one.topic, language), className="voice__topic"
            )
        )
    if one.work_order_id:
        head.append(code(one.work_order_id))
    text = one.text or say("voice.silent", language)
    return html.Li(
        [html.P(head, className="voice__head"), html.P(text, className="voice__text")],
        className="voice",
        **{"data-voice": one.kind},
    )
