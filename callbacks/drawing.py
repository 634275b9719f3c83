"""How a page is drawn: when its address changes, and when there is a newer batch."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.session import spoken
from pages._ui.ids import Shell
from warehouse.text import Language


def draw_page(
    app: Dash,
    path: str,
    parts: Sequence[tuple[str, str]],
    show: Callable[[str | None, Language], Any],
    *,
    with_news: bool = True,
) -> None:
    """Connect the *parts* (id, property) of the page at *path* to what *show* returns.

    *show* gets the address's search part and the reader's language. Without *with_news*
    a newer batch changes nothing: somebody may be writing there.
    """
    news = [Input(Shell.NEWS, "data")] if with_news else []
    outputs = [Output(*part) for part in parts]

    @app.callback(
        outputs if len(outputs) > 1 else outputs[0],
        Input(Shell.URL, "search"),
        *news,
        State(Shell.URL, "pathname"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw(search: str | None, *rest: Any) -> Any:
        here, language = rest[-2:]
        if here != path:
            raise PreventUpdate
        return show(search, spoken(language))
