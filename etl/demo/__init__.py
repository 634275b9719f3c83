"""The demo network: source files of an invented after-sales organisation."""

from etl.demo.feed import Feed
from etl.demo.writer import describe, write_network

__all__ = ["Feed", "describe", "write_network"]
