"""Rows set aside: by reason, and one by one down to file, line and value."""

from collections.abc import Sequence

from dash import html

from pages._ui import format as fmt
from pages._ui.address import RejectFilter
from pages._ui.plain_table import badge, code, table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.records import RejectedRow, RejectGroup
from warehouse.text import LANGUAGES, Language

ANCHOR = "rejects"

PAGE_SIZE = 50

CONSEQUENCES = {
    "reject": ("■", "red"),
    "blank": ("▲", "amber"),
    "warn": ("·", "unjudged"),
}
"""What a finding did to its row: sign and mark of the stylesheet."""


def groups(found: Sequence[RejectGroup], language: Language) -> html.Div | html.P:
    """Return the reasons, those with most rows first."""
    if not found:
        return nothing(say("rejects.none", language), "good")
    return table(
        (
            "sources.source",
            "rejects.column",
            "rejects.rule",
            "rejects.severity",
            "rejects.rows",
            "rejects.example",
            "rejects.right",
            "rejects.drill",
        ),
        [
            (
                group.source,
                code(".".join(n for n in (group.table, group.column) if n)),
                code(group.rule),
                _consequence(group, language),
                fmt.whole(group.rows),
                code(group.example),
                _right(group.right, language),
                _drill(group, language),
            )
            for group in found
        ],
        language,
        label=say("rejects.heading", language),
        numeric=frozenset({4}),
    )


def _right(text: str, language: Language) -> str:
    """Return what would be right; the batch keeps it as "English / Chinese"."""
    parts = text.split(" / ")
    return text if len(parts) != len(LANGUAGES) else parts[language == "zh"]


def rows(
    found: Sequence[RejectedRow],
    chosen: RejectFilter,
    *,
    has_more: bool,
    language: Language,
) -> list[html.Div | html.P]:
    """Return one page of rejected rows."""
    head = _chosen(chosen, language)
    if not found:
        return [head, nothing(say("rejects.list.none", language))]
    return [
        head,
        _listing(found, language),
        _pager(chosen, len(found), has_more, language),
    ]


def _chosen(chosen: RejectFilter, language: Language) -> html.P:
    """Say which reason is looked at, and offer the way back to all."""
    what = " · ".join(
        part for part in (chosen.source, chosen.table, chosen.rule) if part
    )
    back = html.A(
        say("rejects.clear", language), href=f"/data#{ANCHOR}", className="js-view"
    )
    return html.P(
        [say("rejects.list", language, what=what), " ", back], className="note"
    )


def _listing(found: Sequence[RejectedRow], language: Language) -> html.Div:
    return table(
        (
            "sources.source",
            "rejects.file",
            "rejects.line",
            "sources.table",
            "rejects.column",
            "rejects.rule",
            "rejects.value",
            "rejects.batch",
        ),
        [
            (
                row.source,
                code(row.file),
                fmt.MISSING if row.line is None else str(row.line),
                code(row.table),
                code(row.column),
                code(row.rule),
                code(row.value),
                code(row.batch_id),
            )
            for row in found
        ],
        language,
        label=say("rejects.heading", language),
        numeric=frozenset({2}),
    )


def _consequence(group: RejectGroup, language: Language) -> html.Span:
    sign, state = CONSEQUENCES.get(group.severity, CONSEQUENCES["reject"])
    known = group.severity if group.severity in CONSEQUENCES else "reject"
    return badge(say(f"severity.{known}", language), state, sign)


def _drill(group: RejectGroup, language: Language) -> html.A:
    chosen = RejectFilter(source=group.source, table=group.table, rule=group.rule)
    return html.A(
        say("rejects.drill", language),
        href=f"/data{chosen.query()}#{ANCHOR}",
        className="js-view",
    )


def _pager(
    chosen: RejectFilter, shown: int, has_more: bool, language: Language
) -> html.Div:
    first = (chosen.page - 1) * PAGE_SIZE + 1
    steps = (
        (chosen.page > 1, "rejects.previous", chosen.page - 1),
        (has_more, "rejects.next", chosen.page + 1),
    )
    return html.Div(
        [
            html.Span(
                say("rejects.page", language, first=first, last=first + shown - 1)
            ),
            *(
                html.A(
                    say(key, language),
                    href=f"/data{chosen.query(page=page)}#{ANCHOR}",
                    className="js-view",
                )
                for possible, key, page in steps
                if possible
            ),
        ],
        className="pager",
    )
