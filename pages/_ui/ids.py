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
    MARK = "shell-mark"
    MAIN = "main"


class Overview(StrEnum):
    """Ids of the executive overview."""

    DRAWN = "overview-drawn"
    FILTERS = "overview-filters"
    TALLY = "overview-tally"
    TILES = "overview-tiles"
    ATTENTION = "overview-attention"
    ALERTS = "overview-alerts"
    TREND_HEAD = "overview-trend-head"
    TREND = "overview-trend"
    TREND_NOTE = "overview-trend-note"
    RANKING = "overview-ranking"
    TABLE = "overview-table"
    CARDS = "overview-cards"
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


class Catalog(StrEnum):
    """Ids of the catalogue of metrics."""

    FILTERS = "catalog-filters"
    TABLE = "catalog-table"


class MetricPage(StrEnum):
    """Ids of the page of one metric."""

    HEAD = "metric-head"
    FILTERS = "metric-filters"
    TILE = "metric-tile"
    DEFINITION = "metric-definition"
    TREND_HEAD = "metric-trend-head"
    TREND = "metric-trend"
    TREND_NOTE = "metric-trend-note"
    BREAKDOWN_HEAD = "metric-breakdown-head"
    BREAKDOWN = "metric-breakdown"
    SPREAD = "metric-spread"
    SPREAD_NOTE = "metric-spread-note"
    HOURS = "metric-hours"
    COMPARE_HEAD = "metric-compare-head"
    COMPARE = "metric-compare"
    ROWS = "metric-rows"
    SOURCES = "metric-sources"
    LINES = "metric-lines"


class StorePage(StrEnum):
    """Ids of the page of one store."""

    PLACE = "store-place"
    DRAWN = "store-drawn"
    HEAD = "store-head"
    FILTERS = "store-filters"
    TILES = "store-tiles"
    ALERTS = "store-alerts"
    ORDERS = "store-orders"
    HANDS = "store-hands"
    PARTS = "store-parts"
    COMEBACKS = "store-comebacks"
    VOICES = "store-voices"
    TREND_HEAD = "store-trend-head"
    TREND = "store-trend"
    TREND_NOTE = "store-trend-note"


class Admin(StrEnum):
    """Ids of the page about people, screens and the audit log."""

    PEOPLE = "admin-people"
    DEVICES = "admin-devices"
    TICK = "admin-tick"
    AUDIT = "admin-audit"


class Alerts(StrEnum):
    """Ids of the page of alerts."""

    TABS = "alerts-tabs"
    FILTERS = "alerts-filters"
    LIST = "alerts-list"
    DETAIL = "alerts-detail"
    HEAD = "alerts-head"
    FORMS = "alerts-forms"
    WHY = "alerts-why"
    ACTIONS = "alerts-actions"
    HISTORY = "alerts-history"
    DELIVERIES = "alerts-deliveries"


class AlertsHygiene(StrEnum):
    """Ids of the page about the alarm system itself."""

    TABS = "alerts-hygiene-tabs"
    FIGURES = "alerts-hygiene-figures"


class AlertsLines(StrEnum):
    """Ids of the page where thresholds are set."""

    TABS = "alerts-lines-tabs"
    LINES = "alerts-lines-all"
