"""Which survey instruments measure what.

Two incompatible scales call themselves NPS, and satisfaction is a third one
(kpis.md §7). An instrument is told by its id: one of these words in it makes it a
satisfaction scale of 1-5; every other is a recommendation scale of 0-10.
"""

CSAT_WORDS = ("csat", "satisf", "满意")

NPS_INDEX_WORD = "index"
"""Instruments with this word in the id are third-party indices (around 77-87), with
lines of their own."""


def is_csat(instrument_id: str) -> bool:
    """Tell whether an instrument is a satisfaction scale."""
    return any(word in instrument_id.lower() for word in CSAT_WORDS)
