"""Data: how fresh the sources are, how the refreshes went, what was set aside."""

from functools import partial
from typing import Any

from dash import Dash

from callbacks.drawing import draw_page
from callbacks.frame import announce, held, kept
from callbacks.services import Services
from callbacks.session import rights
from pages._ui import format as fmt
from pages._ui import rejects, runs, sources
from pages._ui.address import RejectFilter
from pages._ui.ids import Data
from pages._ui.states import no_batch, nothing
from pages._ui.wording import say
from warehouse.errors import NoBatchError
from warehouse.records import Freshness
from warehouse.text import Language

PATH = "/data"

PARTS = tuple(
    (place, "children")
    for place in (
        Data.SUMMARY,
        Data.SOURCES,
        Data.SILENT,
        Data.RUNS,
        Data.REJECTS,
        Data.MEMBERS,
        Data.RESTATED,
    )
)


def register(app: Dash, services: Services) -> None:
    """Connect the data page."""
    draw_page(app, PATH, PARTS, partial(show, services))


def show(services: Services, search: str | None, language: Language) -> tuple[Any, ...]:
    """Return the whole page; without a batch, the runs and what to do."""
    history = services.warehouse.runs() if is_network() else []
    zone = services.settings.timezone
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        told = runs.runs(history, zone, language)
        return (no_batch(str(error), language), [], [], told, [], [], [])
    notices = [kept(problem, language), held(services, batch, language)]
    announce(batch, notices, language)
    zone, now, allowed = batch.timezone, batch.as_of, rights()
    states = batch.sources()
    silent = batch.silent_stores(allowed)
    groups = batch.reject_groups(allowed)
    summary = _summary(batch, states, silent, groups, language)
    shown = (
        sources.sources(states, zone, now, language),
        sources.silent(silent, zone, now, language),
    )
    if not is_network():
        return (summary, *shown, *([nothing(say("data.network", language))] * 4))
    return (
        summary,
        *shown,
        runs.runs(history, zone, language),
        _rejects(batch, groups, RejectFilter.read(search), language),
        sources.inferred(batch.inferred(allowed), language),
        sources.restated(batch.restatements(allowed), zone, language),
    )


def is_network() -> bool:
    """Tell whether the reader may see what belongs to no store: runs, rejected rows."""
    return rights().store_ids is None


def _summary(
    batch: Any, states: Any, silent: Any, groups: Any, language: Language
) -> Any:
    stale = sum(s.freshness is Freshness.STALE for s in states)
    rejected = sum(group.rows for group in groups if group.severity == "reject")
    colour = "amber" if rejected else "green"
    quiet = len({store.store_id for store in silent})
    return sources.summary(
        (
            ("data.batch", batch.id, ""),
            ("data.as_of", fmt.moment(batch.as_of, batch.timezone, language), ""),
            (
                "data.published",
                fmt.moment(batch.published_at, batch.timezone, language),
                "",
            ),
            ("data.stale", fmt.whole(stale), "stale" if stale else "green"),
            ("data.silent", fmt.whole(quiet), "amber" if quiet else "green"),
            *([("data.rejected", fmt.whole(rejected), colour)] if is_network() else []),
        ),
        language,
    )


def _rejects(batch: Any, groups: Any, chosen: RejectFilter, language: Language) -> Any:
    if not chosen.is_set:
        return rejects.groups(groups, language)
    # One row more than a page tells whether there is a next page.
    found = batch.rejects(
        rights(),
        source=chosen.source or None,
        table=chosen.table or None,
        rule=chosen.rule or None,
        limit=rejects.PAGE_SIZE + 1,
        offset=(chosen.page - 1) * rejects.PAGE_SIZE,
    )
    if not found and not groups:
        return nothing(say("rejects.none", language), "good")
    return rejects.rows(
        found[: rejects.PAGE_SIZE],
        chosen,
        has_more=len(found) > rejects.PAGE_SIZE,
        language=language,
    )
