"""Where one store stands among others: its place, and what the others have."""

from collections.abc import Sequence

from dash import html

from pages._ui import format as fmt
from pages._ui.codes import called
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.metrics.standing import GROUPS, Standing
from warehouse.text import Language


def ranks(
    metric: Metric, told: Sequence[Standing], language: Language
) -> html.Ul | None:
    """Return one line a group; None where the tile is not of one store."""
    if not told:
        return None
    return html.Ul(
        [_line(metric, one, language) for one in told], className="tile__ranks"
    )


def _line(metric: Metric, one: Standing, language: Language) -> html.Li:
    label = say(f"rank.{one.group}", language)
    kind = " · ".join(
        called(name, value, language)
        for name, value in zip(GROUPS[one.group], one.kind, strict=True)
    )
    marks = {
        "data-rank": one.group,
        "data-place": fmt.MISSING if one.place is None else str(one.place),
        "data-of": str(one.of),
    }
    if one.gap is not None:
        return html.Li(
            [
                html.Span(f"{label} ", className="rank__group"),
                html.Span(say(f"rank.{one.gap}", language), className="rank__none"),
            ],
            title=kind,
            **marks,
        )
    others = fmt.of(metric, one.others, language)
    is_told = one.others is not None
    return html.Li(
        [
            html.Span(f"{label} ", className="rank__group"),
            html.Span(
                say("rank.place", language, place=one.place, of=one.of),
                className="rank__place",
            ),
            html.Span(
                say("rank.others", language, value=others) if is_told else "",
                className="rank__others",
            ),
        ],
        title=say("rank.title", language, group=kind, n=one.of - 1),
        **marks,
    )
