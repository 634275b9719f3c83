"""Which survey instruments measure what, and how far they count.

Two incompatible scales call themselves NPS, and satisfaction is a third one
(kpis.md §7). An instrument is told by its id: a word of `SATISFACTION` in it makes it
a satisfaction scale, every other counts as a recommendation scale. An instrument that
counts otherwise is mapped onto its scale by its source's configuration.
"""

from dataclasses import dataclass

from warehouse.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What an instrument asks, from its lowest to its highest score.

    An instrument counts on it when one of *words* stands in its id.
    """

    name: Text
    low: float
    high: float
    words: tuple[str, ...] = ()


SATISFACTION = Scale(
    name=Text("满意度", "satisfaction"),
    low=1,
    high=5,
    words=("csat", "satisf", "满意"),
)
RECOMMENDATION = Scale(name=Text("推荐意愿", "recommendation"), low=0, high=10)
SCALES = (SATISFACTION, RECOMMENDATION)
"""All scales; the last is that of every instrument which no word tells."""

NPS_INDEX_WORD = "index"
"""Instruments with this word in the id are third-party indices (around 77-87), with
lines of their own."""
