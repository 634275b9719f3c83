"""Files of the open page; `assets/22-export.js` adds the view to the address."""

from dash import html

from pages._ui.wording import say
from warehouse.text import Language

FORMS = ("pdf", "xlsx", "csv")


def export_links(language: Language) -> html.Div:
    """Return a link for each kind of file."""
    return html.Div(
        [
            html.A(
                say("export.page", language, form=form.upper()),
                href=f"/export/overview.{form}",
                className="export",
                **{"data-export": form},
            )
            for form in FORMS
        ],
        className="exports exports--page",
        role="group",
        **{"aria-label": say("export.label", language)},
    )
