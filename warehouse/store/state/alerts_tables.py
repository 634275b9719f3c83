"""The tables of alerts."""

import sqlalchemy as sa

from warehouse.store.state.tables import METADATA, Moment

ALERTS = sa.Table(
    "alerts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(300), nullable=False, unique=True),
    sa.Column("metric", sa.String(80), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("basis", sa.String(16), nullable=False),
    sa.Column("base", sa.String(16), nullable=False, index=True),
    sa.Column("cover", sa.String(16)),
    sa.Column("is_resting", sa.Boolean, nullable=False),
    sa.Column("inhibited_by", sa.String(300), nullable=False),
    sa.Column("since", Moment),
    sa.Column("breaches", sa.Integer, nullable=False),
    sa.Column("fired_at", Moment),
    sa.Column("breached_at", Moment),
    sa.Column("clear_since", Moment),
    sa.Column("alarmed_at", Moment),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("value", sa.Double),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("line", sa.Double),
    sa.Column("target", sa.Double),
    sa.Column("lines_from", sa.String(10), nullable=False),
    sa.Column("peak", sa.Double),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("batch", sa.String(64), nullable=False),
    # What people made of the present episode.
    sa.Column("noted_at", Moment),
    sa.Column("acknowledged_by", sa.String(120), nullable=False),
    sa.Column("acknowledged_at", Moment),
    sa.Column("owner", sa.String(120), nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("cause", sa.String(40), nullable=False),
    sa.Column("escalated", sa.Integer, nullable=False),
)
HISTORY = sa.Table(
    "alert_history",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "alert_id", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False, index=True
    ),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("noted_at", Moment, nullable=False, index=True),
    sa.Column("batch", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("was", sa.String(16), nullable=False),
    sa.Column("became", sa.String(16), nullable=False),
    sa.Column("value", sa.Double),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("line", sa.Double),
    sa.Column("lines_from", sa.String(10), nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
BATCHES = sa.Table(
    "alert_batches",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch", sa.String(64), nullable=False, unique=True),
    sa.Column("as_of", Moment, nullable=False),
    sa.Column("evaluated_at", Moment, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("alerts", sa.Integer, nullable=False),
    sa.Column("active", sa.Integer, nullable=False),
    sa.Column("is_full", sa.Boolean, nullable=False),
)
SILENCES = sa.Table(
    "alert_silences",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("rule", sa.String(120), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("scope_id", sa.String(160), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("begins_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False, index=True),
)
ACTIONS = sa.Table(
    "alert_actions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "alert_id", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False, index=True
    ),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("owner", sa.String(120), nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("cause", sa.String(40), nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("effect_days", sa.Integer, nullable=False),
    *[
        sa.Column(f"{side}_{part}", sa.Integer if part == "n" else sa.Double)
        for side in ("before", "after")
        for part in ("value", "low", "high", "n")
    ],
    sa.Column("measured_at", Moment),
)
JUDGEMENTS = sa.Table(
    "alert_judgements",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("alert_id", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False),
    sa.Column("rule", sa.String(120), nullable=False, index=True),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("alert_id", "episode", "who", name="uq_alert_judgements"),
)
DELIVERIES = sa.Table(
    "alert_deliveries",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(300), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("channel", sa.String(80), nullable=False),
    sa.Column("recipient", sa.String(120), nullable=False, index=True),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("link", sa.String(500), nullable=False),
    sa.Column("status", sa.String(16), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("sent_at", Moment),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
)
DELIVERED = sa.Table(
    "alert_delivered",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "delivery_id",
        sa.Integer,
        sa.ForeignKey("alert_deliveries.id"),
        nullable=False,
        index=True,
    ),
    sa.Column(
        "alert_id", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False, index=True
    ),
    sa.Column("episode", sa.Integer, nullable=False),
)
LINES = sa.Table(
    "metric_lines",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("metric", sa.String(80), nullable=False, index=True),
    sa.Column("applies_to", sa.Text, nullable=False),
    sa.Column("green", sa.Double, nullable=False),
    sa.Column("red", sa.Double, nullable=False),
    sa.Column("green_high", sa.Double),
    sa.Column("red_high", sa.Double),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("decided_by", sa.String(120), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
CURSORS = sa.Table(
    "alert_cursors",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("history_id", sa.Integer, nullable=False),
)
"""How far the notifier has read the history."""
