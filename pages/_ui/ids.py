"""Every component id, once. Layouts give ids; callbacks only ever import them."""

from enum import StrEnum


class Shell(StrEnum):
    """Ids that exist on every page."""

    FRAME = "shell-frame"
    URL = "shell-url"
    NEWS = "shell-news"
    LANGUAGE = "shell-language"
    NOTICE = "shell-notice"
    OFFLINE = "shell-offline"
    BATCH = "shell-batch"
    MAIN = "main"


class Overview(StrEnum):
    """Ids of the executive overview."""

    DRAWN = "overview-drawn"
    FILTERS = "overview-filters"
    TALLY = "overview-tally"
    TILES = "overview-tiles"
    ATTENTION = "overview-attention"
    TREND_HEAD = "overview-trend-head"
    TREND = "overview-trend"
    TREND_NOTE = "overview-trend-note"
    TABLE = "overview-table"
    TABLE_NOTE = "overview-table-note"


class Data(StrEnum):
    """Ids of the page about sources, freshness and quality."""

    SUMMARY = "data-summary"
    SOURCES = "data-sources"
    SILENT = "data-silent"
    RUNS = "data-runs"
    REJECTS = "data-rejects"
    MEMBERS = "data-members"
    RESTATED = "data-restated"
