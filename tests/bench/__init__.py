"""Benchmarks, each against its baseline in the same run: `make bench`."""
