"""The accounts: who, as what, for which stores; and what can be done about them."""

from collections.abc import Mapping, Sequence
from functools import partial

from dash import html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.long_list import Chosen, pager, search_form
from pages._ui.plain_table import badge, table
from pages._ui.section import section
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.access.people import Origin, Person
from warehouse.access.principal import Scope
from warehouse.access.roles import PEOPLE, ROLES, Role
from warehouse.text import Language

HEADS = (
    "people.name",
    "people.role",
    "people.scope",
    "people.origin",
    "people.sessions",
    "people.state",
    "people.do",
)


def people(
    every: Sequence[Person],
    sessions: Mapping[int, int],
    own: str,
    chosen: Chosen,
    language: Language,
) -> html.Section:
    """Return the accounts; *own* is the reader's principal, *sessions* are counts."""
    found, has_more = chosen.part(every, partial(_words, language))
    rows = [
        (
            [html.B(person.name), html.Br(), person.display_name]
            if person.display_name != person.name
            else html.B(person.name),
            ROLES[person.role].name[language],
            scope_text(person.scope, language),
            say(f"origin.{person.origin}", language),
            fmt.whole(sessions.get(person.id, 0)),
            _state(person, language),
            _actions(person, own, language),
        )
        for person in found
    ]
    label = say("people.heading", language)
    listed = (
        table(HEADS, rows, language, label=label, numeric=frozenset({4}))
        if rows
        else nothing(say("people.none", language))
    )
    return section(
        "people.heading",
        language,
        search_form(chosen, "/admin", len(every), "people.search", language),
        listed,
        pager(chosen, "/admin", label, language, has_more=has_more),
        _create(language),
        name="people",
        note="people.note",
    )


def scope_text(scope: Scope, language: Language) -> str:
    """Return a scope in words."""
    kind = say(f"scope.{scope.kind}", language)
    names = "、".join(sorted(scope.names)) if language == "zh" else ", ".join(
        sorted(scope.names)
    )  # fmt: skip
    return f"{kind} {names}".strip()


def _state(person: Person, language: Language) -> html.Span:
    if not person.is_active:
        return badge(say("people.locked", language), "grey", "○")
    if person.is_demo:
        return badge(say("people.demo", language), "amber", "▲")
    return badge(say("people.active", language), "green", "●")


def _words(language: Language, person: Person) -> str:
    role, scope = ROLES[person.role].name[language], scope_text(person.scope, language)
    return " ".join((person.name, person.display_name, role, scope))


def _actions(person: Person, own: str, language: Language) -> html.Details:
    if person.principal().id == own:
        return _own_actions(person, language)
    place = f"/admin/people/{person.id}"
    lock = "people.lock" if person.is_active else "people.unlock"
    what = "lock" if person.is_active else "unlock"
    buttons = [
        forms.button("people.end", language, name="do", value="end"),
        forms.button(lock, language, name="do", value=what, kind="danger"),
    ]
    if person.origin is Origin.LOCAL:
        new = forms.button("people.password", language, name="do", value="password")
        buttons.append(new)
    parts = [
        forms.form(
            place,
            _role(language, person.role.value),
            _scope(language, str(person.scope)),
            forms.button("people.assign", language, name="do", value="assign"),
        ),
        forms.form(place, *buttons, className="form form--row"),
    ]
    if person.is_active and person.role not in _NOT_LOOKED_THROUGH:
        look = forms.button("people.see_as", language)
        parts.append(
            forms.form(
                "/admin/see-as", look, className="form form--row", person=str(person.id)
            )
        )
    return html.Details(
        [html.Summary(say("people.do", language)), *parts], className="actions"
    )


_NOT_LOOKED_THROUGH = (Role.ADMIN, Role.API_CLIENT)
"""Another administrator sees the same, and a program no page."""


def _own_actions(person: Person, language: Language) -> html.Details:
    """Return what an administrator may do with his own account here: not lock it."""
    return html.Details(
        [
            html.Summary(say("people.do", language)),
            html.P(say("people.own", language), className="note"),
            forms.form(
                f"/admin/people/{person.id}",
                forms.button("people.end", language, name="do", value="end"),
                className="form form--row",
            ),
        ],
        className="actions",
    )


def _create(language: Language) -> html.Details:
    origins = [(o.value, say(f"origin.{o}", language)) for o in Origin]
    return html.Details(
        [
            html.Summary(say("people.create", language)),
            html.P(say("people.create.note", language), className="note"),
            forms.form(
                "/admin/people",
                forms.text("name", "people.name", language, required=True),
                forms.text("display_name", "people.display", language),
                _role(language),
                _scope(language),
                forms.choice("origin", "people.origin", origins, language),
                forms.button("people.create", language),
            ),
        ],
        className="actions",
    )


def _role(language: Language, value: str = "") -> html.Label:
    roles = [(role.value, ROLES[role].name[language]) for role in PEOPLE]
    return forms.choice("role", "people.role", roles, language, value=value)


def _scope(language: Language, value: str = "") -> html.Label:
    return forms.text(
        "scope",
        "people.scope",
        language,
        value=value,
        required=True,
        hint="people.scope.hint",
    )
