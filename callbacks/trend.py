"""The trend of the chosen metric, as the overview and a store's page show it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from dash import html

from callbacks.overview_screen import Course, course
from pages._ui import chosen, figures
from pages._ui.address import View
from pages._ui.filters import scope_name, trend_choices
from pages._ui.states import failed, nothing
from pages._ui.wording import say
from warehouse.records import Store
from warehouse.restatement import by_point as restated_points
from warehouse.scope import Rights
from warehouse.text import Language


def kept_course(
    once: Callable[..., Any], batch: Any, view: View, allowed: Rights
) -> Course:
    """Return the course of the view's metric; *once* keeps it for both languages."""
    return once(("course", allowed, view), partial(course, batch, view, allowed))


def trend_parts(
    view: View,
    course: Course,
    stores: Sequence[Store],
    language: Language,
    *,
    is_part: bool = False,
) -> tuple[Any, Any, Any]:
    """Return the choices above a trend, the figure, and what stands below.

    *is_part* says that the network has more stores than the reader's *stores*.
    """
    shown = View(metric=course.metric.id, grain=course.grain)
    heads = trend_choices(shown, chosen.charted(), language)
    told = restated_points(course.series, course.changes)
    figure = figures.trend(course.series, course.metric, course.grain, language, told)
    if course.error:
        return heads, figure, failed(course.error, language)
    if not any(reading.value is not None for reading in course.series):
        return heads, figure, nothing(say("trend.empty", language))
    note = say(
        "trend.note",
        language,
        metric=course.metric.name[language],
        scope=scope_name(view, stores, language, is_part=is_part),
        grain=say(f"grain.{course.grain}", language),
    )
    table = figures.trend_table(course.series, course.metric, language, told)
    below = [
        html.P(note, className="note"),
        html.Details([html.Summary(say("trend.as_table", language)), table]),
    ]
    return heads, figure, below
