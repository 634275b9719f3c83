"""Screens that are computed once for all viewers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from callbacks.services import Snapshots


def test_a_failed_computation_is_tried_again():
    """A failure is told to who asked, and not kept."""
    snapshots, results = Snapshots(), iter([ValueError("first"), 7])

    def compute():
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    with pytest.raises(ValueError, match="first"):
        snapshots.get("b1", "key", compute)
    assert snapshots.get("b1", "key", compute) == 7


def test_old_snapshots_are_forgotten():
    """Memory does not grow with the number of views."""
    snapshots = Snapshots(size=2)
    for key in ("a", "b", "c"):
        snapshots.get("b1", key, lambda key=key: key)

    assert snapshots.get("b1", "a", lambda: "anew") == "anew"
    assert snapshots.get("b1", "c", lambda: "anew") == "c"


def test_a_newer_batch_forgets_the_older_ones_screens():
    """A batch every few seconds must not fill the memory."""
    snapshots = Snapshots()
    snapshots.get("b1", "key", lambda: 1)

    assert snapshots.get("b2", "key", lambda: 2) == 2
    assert snapshots.get("b2", "key", lambda: 3) == 2


def test_viewers_who_come_together_cost_one_computation():
    """Eight at once: one computes, seven wait."""
    snapshots, calls = Snapshots(), []

    def compute() -> int:
        calls.append(1)
        time.sleep(0.05)
        return 7

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: snapshots.get("b1", "key", compute), range(8)))

    assert told == [7] * 8
    assert len(calls) == 1
