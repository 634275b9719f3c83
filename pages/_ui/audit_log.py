"""The audit log: searched, a page at a time, and to be taken along."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from dash import dcc, html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.plain_table import badge, code, table
from pages._ui.section import section
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.access.events import Did, Ending, Event, Search
from warehouse.text import Language

PAGE_SIZE = 50

HEADS = (
    "audit.at",
    "audit.who",
    "audit.action",
    "audit.object",
    "audit.outcome",
    "audit.from",
    "audit.detail",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which lines are on screen, as the address names it."""

    who: str = ""
    action: str = ""
    text: str = ""
    start: str = ""
    end: str = ""
    page: int = 1

    @classmethod
    def read(cls, search: str | None) -> Self:
        """Return the filter that an address names; what is no filter is left out."""
        given = dict(parse_qsl((search or "").removeprefix("?")))
        number = given.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() else 1
        action = given.get("action", "")
        return cls(
            who=given.get("who", "").strip().lower()[:120],
            action=action if action in set(Did) else "",
            text=given.get("text", "")[:200],
            start=_day(given.get("start", "")),
            end=_day(given.get("end", "")),
            page=min(max(page, 1), 100_000),
        )

    def search(self, zone: str) -> Search:
        """Return what the log is asked; days are those of *zone*, both included."""
        return Search(
            who=self.who,
            action=Did(self.action) if self.action else None,
            text=self.text,
            start=_midnight(self.start, zone, 0),
            end=_midnight(self.end, zone, 1),
        )

    def query(self, **changes: int) -> str:
        """Return this filter, changed, as a query."""
        changed = asdict(replace(self, **changes))
        return "?" + urlencode({k: v for k, v in changed.items() if v not in {"", 1}})


def audit_log(
    events: Sequence[Event],
    chosen: LogFilter,
    days: int,
    zone: str,
    language: Language,
    *,
    has_more: bool,
) -> html.Section:
    """Return one page of the log, newest first, and the form that searches it."""
    label = say("audit.heading", language)
    rows = [_row(event, zone, language) for event in events]
    listed = (
        table(HEADS, rows, language, label=label)
        if rows
        else nothing(say("audit.none", language))
    )
    return section(
        "audit.heading",
        language,
        html.P(say("audit.kept", language, days=days), className="note"),
        _form(chosen, language),
        listed,
        _pager(chosen, language, has_more=has_more),
        name="audit",
        anchor="audit",
    )


def _row(event: Event, zone: str, language: Language) -> tuple:
    who = event.who
    if event.sees_as:
        who = say("audit.as", language, who=event.who, name=event.sees_as)
    is_done = event.outcome is Ending.DONE
    look = ("green", "●") if is_done else ("red", "■")
    return (
        f"{fmt.moment(event.at, zone, language)}:{event.at:%S}",
        who,
        say(f"did.{event.action}", language),
        code(event.object),
        badge(say(f"ending.{event.outcome}", language), *look),
        event.address,
        ", ".join(f"{name}={value}" for name, value in event.detail),
    )


def _form(chosen: LogFilter, language: Language) -> html.Form:
    actions = [("any", say("audit.any", language))]
    actions += [(did.value, say(f"did.{did}", language)) for did in Did]
    return forms.form(
        "/admin",
        forms.text("who", "audit.who", language, value=chosen.who),
        forms.choice("action", "audit.action", actions, language, value=chosen.action),
        forms.text("text", "audit.object", language, value=chosen.text),
        forms.text("start", "audit.start", language, value=chosen.start, kind="date"),
        forms.text("end", "audit.end", language, value=chosen.end, kind="date"),
        forms.button("audit.search", language),
        method="GET",
    )


def _pager(chosen: LogFilter, language: Language, *, has_more: bool) -> html.Nav:
    links = []
    if chosen.page > 1:
        back = chosen.query(page=chosen.page - 1)
        links.append(dcc.Link(say("audit.newer", language), href=f"/admin{back}"))
    if has_more:
        on = chosen.query(page=chosen.page + 1)
        links.append(dcc.Link(say("audit.older", language), href=f"/admin{on}"))
    file = f"/admin/audit.csv{replace(chosen, page=1).query()}"
    links.append(html.A(say("audit.export", language), href=file, download=""))
    label = say("audit.heading", language)
    return html.Nav(links, className="pager", **{"aria-label": label})


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _midnight(text: str, zone: str, days: int) -> datetime | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if days and day < date.max:
        day += timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
