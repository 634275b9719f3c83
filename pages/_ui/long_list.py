"""A long list: searched by a word, a page at a time, both in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from dash import dcc, html

from pages._ui import forms
from pages._ui.wording import say
from warehouse.text import Language

PAGE_SIZE = 50

ENOUGH_TO_SEARCH = 10
"""A shorter list is looked through faster than it is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which part of the list *name* is on screen: what has *text*, page *page*."""

    name: str
    text: str = ""
    page: int = 1

    @classmethod
    def read(cls, name: str, search: str | None) -> Self:
        """Return the part that an address names: `?NAME=WORD&NAME_page=2`."""
        given = dict(parse_qsl((search or "").removeprefix("?")))
        number = given.get(f"{name}_page", "1")
        is_number = number.isascii() and number.isdigit() and len(number) < 6
        page = max(1, int(number)) if is_number else 1
        return cls(name=name, text=given.get(name, "").strip()[:120], page=page)

    def part(
        self, items: Sequence[Any], words: Callable[[Any], str]
    ) -> tuple[list[Any], bool]:
        """Return the items on screen, and whether more follow.

        *words* returns the text of an item that is searched.
        """
        wanted = self.text.casefold()
        found = [one for one in items if wanted in words(one).casefold()]
        start = (self.page - 1) * PAGE_SIZE
        return found[start : start + PAGE_SIZE], len(found) > start + PAGE_SIZE

    def query(self, page: int) -> str:
        """Return the address's query for another page of the same list."""
        given = {self.name: self.text} if self.text else {}
        paged = {f"{self.name}_page": str(page)} if page > 1 else {}
        return "?" + urlencode(given | paged)


def search_form(
    chosen: Chosen, path: str, count: int, label: str, language: Language
) -> html.Form | None:
    """Return the form that searches a list of *count*; None where nobody needs it."""
    if count < ENOUGH_TO_SEARCH and not chosen.text:
        return None
    return forms.form(
        path,
        forms.text(chosen.name, label, language, value=chosen.text),
        forms.button("list.search", language),
        method="GET",
    )


def pager(
    chosen: Chosen, path: str, label: str, language: Language, *, has_more: bool
) -> html.Nav | None:
    """Return the links to the pages before and after; None where there is one page."""
    links = []
    if chosen.page > 1:
        before = f"{path}{chosen.query(chosen.page - 1)}"
        links.append(dcc.Link(say("list.before", language), href=before))
    if has_more:
        after = f"{path}{chosen.query(chosen.page + 1)}"
        links.append(dcc.Link(say("list.after", language), href=after))
    if not links:
        return None
    return html.Nav(links, className="pager", **{"aria-label": label})
