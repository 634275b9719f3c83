"""The frame every page sits in: header, notices, the page, and what keeps it live."""

import dash
from dash import dcc, html

from pages._ui import format as fmt
from pages._ui import locale, viewer
from pages._ui.ids import Shell
from pages._ui.reader_bar import offered, reader_bar, seen_as
from pages._ui.wording import say
from warehouse.settings import Settings
from warehouse.text import Language

NAVIGATION = (
    ("/", "nav.overview"),
    ("/alerts", "nav.alerts"),
    ("/metrics-catalog", "nav.metrics"),
    ("/data", "nav.data"),
    ("/admin", "nav.admin"),
)
"""Addresses in the menu, in reading order, with their names."""


def layout(settings: Settings) -> html.Div:
    """Return the frame in the language of the request."""
    language = locale.current()
    return html.Div(
        [
            html.A(
                say("skip", language), href=f"#{Shell.MAIN.value}", className="skip"
            ),
            dcc.Location(id=Shell.URL, refresh=False),
            dcc.Store(id=Shell.NEWS),
            dcc.Store(id=Shell.LANGUAGE, data=language),
            _header(settings, language),
            seen_as(language),
            html.Div(
                id=Shell.OFFLINE,
                className="banner",
                role="alert",
                **{"data-words": say("offline", language, moment="{moment}")},
            ),
            html.Output(id=Shell.NOTICE, className="notices"),
            html.Main(dash.page_container, id=Shell.MAIN, className="main"),
            html.Div(
                id=Shell.MARK,
                className="watermark",
                **{"data-watermark": watermark(), "aria-hidden": "true"},
            ),
        ],
        id=Shell.FRAME,
        className="frame",
        lang=locale.TAGS[language],
        **{
            "data-page": "",
            "data-batch": "",
            "data-refresh": str(settings.refresh_seconds),
        },
    )


def batch_line(
    batch_id: str, as_of_text: str, published_text: str, language: Language
) -> list[html.Span]:
    """Return what the header says about the batch on screen."""
    return [
        html.Span(
            say("batch.as_of", language, moment=as_of_text), className="batch__as-of"
        ),
        html.Span("", className="batch__age"),
        html.Span(
            say("batch", language, batch=batch_id),
            className="batch__id",
            title=say("batch.title", language, batch=batch_id, moment=published_text),
        ),
    ]


def watermark(moment: str = "") -> str:
    """Return who looks, and at the batch of which time: assets/91-watermark.css."""
    reader = viewer.current()
    return " · ".join(filter(None, (reader.who if reader else "", moment)))


def page_title(key: str) -> str:
    """Return the title of the browser's tab."""
    return say(f"title.{key}", locale.current())


def _header(settings: Settings, language: Language) -> html.Header:
    return html.Header(
        [
            dcc.Link(
                [
                    html.Span("", className="brand__sign", **{"aria-hidden": "true"}),
                    html.Span(say("product", language), className="brand__name"),
                ],
                href="/",
                className="brand",
            ),
            _demo(language) if settings.demo else None,
            html.Nav(
                [
                    dcc.Link(say(key, language), href=path, className="nav__link")
                    for path, key in NAVIGATION
                    if offered(path)
                ],
                className="nav",
                **{"aria-label": say("nav", language)},
            ),
            html.Div(fmt.MISSING, id=Shell.BATCH, className="batch"),
            html.Div(
                [
                    reader_bar(language),
                    _theme_switch(language),
                    _language_switch(language),
                ],
                className="tools",
            ),
        ],
        className="header",
    )


def _demo(language: Language) -> html.Span:
    return html.Span(
        say("demo", language), className="demo", title=say("demo.title", language)
    )


def _theme_switch(language: Language) -> html.Label:
    """Return the choice of theme; assets/00-theme.js remembers and applies it."""
    return html.Label(
        [
            html.Span(say("theme.label", language), className="visually-hidden"),
            html.Select(
                [
                    html.Option(say(f"theme.{name}", language), value=name)
                    for name in ("auto", "light", "dark")
                ],
                className="tools__select",
                **{"data-theme-switch": "yes"},
            ),
        ],
        className="tools__item",
    )


def _language_switch(language: Language) -> html.A:
    other: Language = "en" if language == "zh" else "zh"
    return html.A(
        say("language.switch", language),
        href=f"?lang={other}",
        className="tools__link",
        lang=locale.TAGS[other],
        hrefLang=locale.TAGS[other],
        title=say("language.switch.label", language),
        **{"data-language-switch": other},
    )
