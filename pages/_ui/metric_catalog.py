"""The catalogue: every metric, found by word, domain, owner, and what feeds it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from urllib.parse import parse_qsl

from dash import html

from pages._ui import judging
from pages._ui.codes import called
from pages._ui.filters import EVERYTHING
from pages._ui.metric_address import PATH
from pages._ui.metric_choice import choice, search
from pages._ui.plain_table import badge, code, table
from pages._ui.sources import STATES
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.metrics import DOMAINS
from warehouse.metrics.metric import Metric
from warehouse.records import Freshness
from warehouse.text import LANGUAGES, Language

VARIANTS = ("_p50", "_p90", "_mean")
"""Endings of what else is told of a time than its headline."""

FEEDS = ("fresh", "late", "stale", "no_data", "missing", "unlimited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which metrics a reader looks for; an empty value means all."""

    q: str = ""
    domain: str = ""
    owner: str = ""
    feed: str = ""

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Return what *text* asks for; what does not exist finds nothing."""
        given = dict(parse_qsl((text or "").removeprefix("?")))
        return cls(**{f.name: given.get(f.name, "")[:60] for f in fields(cls)})

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for."""
        return any(asdict(self).values())


def choices(wanted: Wanted, metrics: Iterable[Metric], language: Language) -> list[Any]:
    """Return search, domain, owner and state of what feeds a metric."""
    owners = sorted({metric.owner for metric in metrics})
    every = {"value": EVERYTHING, "label": say("filter.all", language)}
    domains = [
        {"value": name, "label": say(f"domain.{name}", language)} for name in DOMAINS
    ]
    feeds = [{"value": name, "label": say(f"feed.{name}", language)} for name in FEEDS]
    parts = (
        ("domain", "catalog.domain", domains),
        (
            "owner",
            "metric.owner",
            [{"value": o, "label": called("owner", o, language)} for o in owners],
        ),
        ("feed", "catalog.feed", feeds),
    )
    example = say("catalog.search.example", language)
    return [
        search("q", say("catalog.search", language), wanted.q, example),
        *(
            choice(
                param,
                say(key, language),
                getattr(wanted, param) or EVERYTHING,
                [every, *options],
                EVERYTHING,
            )
            for param, key, options in parts
        ),
        html.A(
            say("catalog.clear", language),
            href=PATH,
            className="filters__clear js-view",
        )
        if wanted.is_set
        else None,
    ]


def found(
    metrics: Iterable[Metric], feeds: Mapping[str, str], wanted: Wanted
) -> list[Metric]:
    """Return the metrics that answer to every part of *wanted*."""
    return [
        metric
        for metric in metrics
        if (not wanted.domain or DOMAINS_OF[metric.id] == wanted.domain)
        and wanted.owner in {"", metric.owner}
        and wanted.feed in {"", feeds.get(metric.id)}
        and _says(metric, wanted.q)
    ]


DOMAINS_OF = {one: name for name, ids in DOMAINS.items() for one in ids}
"""Metric → the part of the business it belongs to."""


def _says(metric: Metric, text: str) -> bool:
    """Tell whether every word of *text* stands somewhere in a metric's definition."""
    texts = (metric.name, metric.question, metric.formula, metric.cohort)
    own = " ".join(part[language] for part in texts for language in LANGUAGES)
    own = f"{metric.id} {own} {' '.join(metric.sources)}".casefold()
    return all(word in own for word in text.casefold().split())


def listing(
    metrics: Sequence[Metric], feeds: Mapping[str, str], language: Language
) -> html.Div | html.P:
    """Return the metrics as a table."""
    if not metrics:
        return nothing(say("catalog.none", language))
    heads = (
        "catalog.metric",
        "catalog.domain",
        "metric.plain",
        "tile.target",
        "metric.owner",
        "catalog.feed",
        "catalog.version",
    )
    own, variants = _grouped(metrics)
    rows = [
        (
            _named(metric, variants.get(metric.id, ()), language),
            say(f"domain.{DOMAINS_OF[metric.id]}", language),
            metric.question[language],
            _target(metric, language),
            called("owner", metric.owner, language),
            feed_badge(feeds[metric.id], language),
            f"v{metric.version}",
        )
        for metric in own
    ]
    return table(heads, rows, language, label=say("catalog.heading", language))


def _grouped(
    metrics: Sequence[Metric],
) -> tuple[list[Metric], dict[str, list[Metric]]]:
    """Return the metrics with a row of their own, and the variants in whose row.

    P50, P90 and mean of a time stand under the time, unless it was not found.
    """
    found = {metric.id for metric in metrics}
    own, variants = [], {}
    for metric in metrics:
        bare = next(
            (
                metric.id.removesuffix(end)
                for end in VARIANTS
                if metric.id.endswith(end) and metric.id.removesuffix(end) in found
            ),
            None,
        )
        if bare is None:
            own.append(metric)
        else:
            variants.setdefault(bare, []).append(metric)
    return own, variants


def _named(metric: Metric, variants: Sequence[Metric], language: Language) -> html.Span:
    links = [
        html.A(
            one.name[language].removeprefix(metric.name[language]).strip(),
            href=f"{PATH}/{one.id}",
            title=one.name[language],
            **{"data-catalog": one.id},
        )
        for one in variants
    ]
    return html.Span(
        [
            html.A(
                metric.name[language],
                href=f"{PATH}/{metric.id}",
                className="catalog__name",
            ),
            code(metric.id),
            html.Span(links, className="catalog__variants") if links else None,
        ],
        className="catalog__metric",
        **{"data-catalog": metric.id},
    )


def _target(metric: Metric, language: Language) -> str:
    if not metric.thresholds:
        return say("state.unjudged", language)
    newest = max(metric.thresholds, key=lambda t: (not t.applies_to, t.valid_from))
    return judging.target_text(metric, newest, language)


def feed_badge(feed: str, language: Language) -> html.Span:
    """Return the state of what feeds a metric as sign and word."""
    if feed == "missing":
        return badge(say("feed.missing", language), "nodata", "–")
    state, sign = STATES[Freshness(feed)]
    return badge(say(f"feed.{feed}", language), state, sign)
