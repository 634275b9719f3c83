"""Forms that work by themselves: they are sent to a route, and a page comes back."""

from collections.abc import Iterable
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from pages._ui import viewer
from pages._ui.wording import say
from warehouse.text import Language


def form(
    action: str,
    *content: Any,
    method: str = "POST",
    className: str = "form",  # noqa: N803
    **also: str,
) -> html.Form:
    """Return a form; *also* are values that it sends along, the reader's token too."""
    reader = viewer.current()
    if method == "POST" and reader is not None:
        also["csrf"] = reader.csrf
    return html.Form(
        [*(_hidden(name, value) for name, value in also.items()), *content],
        action=action,
        method=method,
        className=className,
    )


def text(
    name: str,
    label: str,
    language: Language,
    *,
    value: str = "",
    kind: str = "text",
    required: bool = False,
    hint: str = "",
) -> html.Label:
    """Return an input under its label; *label* and *hint* are keys of sentences."""
    return _labelled(
        label,
        dbc.Input(
            name=name,
            type=kind,
            value=value,
            required=required,
            autocomplete="off",
            maxlength=300,
            placeholder=say(hint, language) if hint else "",
            className="form__input",
        ),
        language,
    )


def choice(
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    language: Language,
    *,
    value: str = "",
) -> html.Label:
    """Return a choice under its label; *options* are values and their names."""
    listed = [{"value": v, "label": told} for v, told in options]
    first = str(listed[0]["value"]) if listed else ""
    return _labelled(
        label,
        dbc.Select(
            name=name, options=listed, value=value or first, className="form__input"
        ),
        language,
    )


def button(
    label: str, language: Language, *, name: str = "", value: str = "", kind: str = ""
) -> html.Button:
    """Return the button that sends its form; *kind* "danger" warns."""
    named = {"name": name, "value": value} if name else {}
    return html.Button(
        say(label, language),
        type="submit",
        className="form__button",
        **named,
        **{"data-kind": kind or "plain"},
    )


def _labelled(label: str, control: Any, language: Language) -> html.Label:
    said = html.Span(say(label, language), className="form__label")
    return html.Label([said, control], className="form__field")


def _hidden(name: str, value: str) -> dbc.Input:
    return dbc.Input(name=name, type="hidden", value=value)
