"""Figures, each drawn in one place.

A figure is a plain dict: building `go.Figure` costs 16 ms a piece and validates at
run time what the tests validate once.
"""

from pages._ui.figures.trend import blank, trend, trend_table

__all__ = ["blank", "trend", "trend_table"]
