"""Small stores compared fairly (kpis.md §17): shrunken shares and a list of problems.

Of five orders four is 80 %, and says next to nothing. A share is drawn towards the
network's mean as if fifty orders of the mean had come before it: 4/5 beside a network
of 90 % ranks as 89.1 %. Who is on the list of problems is decided by a test of each
store, with the share of false entries held at 10 % (Benjamini and Hochberg).
"""

import math
from collections.abc import Sequence

import numpy as np

STRENGTH = 50.0
"""How many orders of the network's mean weigh as much as the store's own."""

FALSE_DISCOVERY = 0.10


def shrunken(
    successes: float, n: float, mean: float, strength: float = STRENGTH
) -> float:
    """Return the mean of the beta posterior: the share a ranking may use.

    Raises:
        ValueError: *mean* is no share, or there are more successes than cases.

    """
    if not 0 <= mean <= 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} beside a mean of {mean}")
    return (successes + strength * mean) / (n + strength)


def tail(successes: int, n: int, mean: float, *, is_high: bool) -> float:
    """Return how likely *successes* of *n*, or more extreme, are at the mean.

    *is_high* tells which end is extreme: many (of something bad) or few (of something
    good). The binomial is summed exactly.
    """
    if n == 0:
        return 1.0
    if not 0 < mean < 1:
        certain = n if mean >= 1 else 0
        beyond = certain >= successes if is_high else certain <= successes
        return 1.0 if beyond else 0.0
    k = np.arange(successes, n + 1) if is_high else np.arange(0, successes + 1)
    log_p, log_q = math.log(mean), math.log1p(-mean)
    logs = _log_choose(n, k) + k * log_p + (n - k) * log_q
    top = float(logs.max())
    return min(1.0, math.exp(top) * float(np.exp(logs - top).sum()))


def discoveries(p_values: Sequence[float], rate: float = FALSE_DISCOVERY) -> list[bool]:
    """Return which of the tests stand, with *rate* of false ones at most expected.

    Benjamini and Hochberg: the largest k whose k-th smallest p is at most k ÷ m × rate
    stands, and all that are smaller.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    standing = 0
    for rank, i in enumerate(order, start=1):
        if p_values[i] <= rank / len(p_values) * rate:
            standing = rank
    found = set(order[:standing])
    return [i in found for i in range(len(p_values))]


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    return factorials[n] - factorials[k] - factorials[n - k]
