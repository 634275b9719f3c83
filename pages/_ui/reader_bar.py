"""Who is signed in, the way out, and whose eyes an administrator looks through."""

from dash import html

from pages._ui import forms, viewer
from pages._ui.wording import say
from warehouse.access.roles import ROLES, page_at
from warehouse.text import Language


def offered(path: str) -> bool:
    """Tell whether the menu has an entry for *path* for this reader."""
    reader, page = viewer.current(), page_at(path)
    return reader is not None and (page is None or reader.principal.may_open(page))


def reader_bar(language: Language) -> html.Div | None:
    """Return the reader's name and role, and the button that signs him out."""
    reader = viewer.current()
    if reader is None or not reader.csrf:
        return None
    own = reader.principal.actor
    role = ROLES[own.role].name[language]
    name = reader.display_name or own.name
    return html.Div(
        [
            html.Span(
                # A long name gives way; the role does not.
                [
                    html.Span(name, className="viewer__who"),
                    html.Span(f" · {role}", className="viewer__role"),
                ],
                className="viewer__name",
                title=f"{own.name} · {role}",
            ),
            _own_password(language) if reader.has_password else None,
            forms.form("/logout", forms.button("logout", language)),
        ],
        className="viewer",
        **{"data-role": own.role.value},
    )


def _own_password(language: Language) -> html.A:
    return html.A(
        say("password.link", language),
        href="/password",
        className="tools__link",
        title=say("password.heading", language),
    )


def seen_as(language: Language) -> html.Div | None:
    """Return the banner while an administrator sees what another one sees."""
    reader = viewer.current()
    if reader is None or reader.principal.real is None:
        return None
    shown = reader.principal
    words = say(
        "viewer.as",
        language,
        name=shown.name,
        role=ROLES[shown.role].name[language],
    )
    return html.Div(
        [words, forms.form("/admin/see-as", forms.button("viewer.as.end", language))],
        className="seen-as",
        role="status",
    )
