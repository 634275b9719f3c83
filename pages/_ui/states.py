"""What stands where numbers would be when there are none."""

from dash import dcc, html

from pages._ui.wording import say
from warehouse.text import Language

FIRST_COMMANDS = "python -m etl run --source FOLDER"

DEMO_COMMANDS = "make run"


def no_batch(reason: str, language: Language) -> html.Section:
    """Return what to do when nothing has been published yet."""
    return html.Section(
        [
            html.H2(say("empty.title", language)),
            html.P(say("empty.text", language)),
            html.Pre(html.Code(FIRST_COMMANDS)),
            html.P(say("empty.demo", language)),
            html.Pre(html.Code(DEMO_COMMANDS)),
            html.P(say("empty.after", language)),
            html.P(
                say("empty.reason", language, reason=reason), className="empty__reason"
            ),
        ],
        className="empty",
        **{"data-state": "empty"},
    )


def nothing(text: str, state: str = "nothing") -> html.P:
    """Return one line in place of an empty list; *state* "good" means all is well."""
    return html.P(text, className="nothing", **{"data-state": state})


def failed(reason: str, language: Language) -> html.Div:
    """Return what stands in place of a part that could not be computed."""
    return html.Div(
        [
            html.Strong(say("error.title", language)),
            html.P(reason, className="empty__reason"),
        ],
        className="empty",
        role="alert",
        **{"data-state": "error"},
    )


def forbidden(language: Language) -> html.Section:
    """Return what stands in place of a page that is not for this reader."""
    return html.Section(
        [
            html.H1(say("refused.403", language)),
            html.P(say("refused.forbidden", language)),
            dcc.Link(say("missing.back", language), href="/"),
        ],
        className="empty",
        role="alert",
        **{"data-state": "forbidden"},
    )


def notice(text: str) -> html.P:
    """Return a line that the reader should know of."""
    return html.P(text, className="notice", role="status")
