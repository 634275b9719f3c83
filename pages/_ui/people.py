"""The accounts: who, as what, for which stores; and what can be done about them."""

from collections.abc import Mapping, Sequence

from dash import html

from pages._ui import format as fmt
from pages._ui import forms
from pages._ui.plain_table import badge, table
from pages._ui.section import section
from pages._ui.wording import say
from warehouse.access.people import Origin, Person
from warehouse.access.principal import Scope
from warehouse.access.roles import PEOPLE, ROLES
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
    found: Sequence[Person], sessions: Mapping[int, int], own: str, language: Language
) -> html.Section:
    """Return all accounts; *own* is the reader's principal, *sessions* are counts."""
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
    return section(
        "people.heading",
        language,
        table(HEADS, rows, language, label=label, numeric=frozenset({4})),
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
        return badge(say("demo", language), "amber", "▲")
    return badge(say("people.active", language), "green", "●")


def _actions(person: Person, own: str, language: Language) -> html.Details:
    place = f"/admin/people/{person.id}"
    is_own = person.principal().id == own
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
    if not is_own:
        look = forms.button("people.see_as", language)
        parts.append(
            forms.form(
                "/admin/see-as", look, className="form form--row", person=str(person.id)
            )
        )
    return html.Details(
        [html.Summary(say("people.do", language)), *parts], className="actions"
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
