"""Random numbers: one stream for each store and day, whatever else is simulated.

Every order gets a row of uniforms, one for each decision about it, so that its life
depends on its own row alone and all orders of a store are worked out at once.
"""

import numpy as np

# One column for each decision about an order.
DECISIONS = [
    "type",
    "hours",
    "group",
    "second",
    "second_group",
    "code",
    "dtc",
    "labour",
    "efficiency",
    "rank",
    "appointment",
    "early",
    "lead",
    "writeup",
    "bay",
    "break",
    "break_at",
    "break_length",
    "ready",
    "handover",
    "overnight",
    "evening",
    "onsite",
    "promise",
    "promise_margin",
    "fail",
    "fail_after",
    "fail_store",
    "pending",
    "redo",
    "mode",
    "entered",
    "mileage",
    "amount",
    "remote",
    "cancel",
    "dispatcher",
    "reassign",
    "reassign_at",
    "part_a",
    "part_b",
    "part_c",
    "part_pick",
    "quantity",
    "survey",
    "survey_sent",
    "survey_answer",
    "survey_after",
    "score",
    "comment",
    "complaint",
    "complaint_after",
    "complaint_close",
    "complaint_kind",
    "late",
    "predicted",
    "cause",
    "blank",
    "advisor",
    "technician",
    "request",
    "delay",
    "peak",
    "noshow",
    "channel",
    "excluded",
]
COLUMN = {name: i for i, name in enumerate(DECISIONS)}
LEVELS = 3  # an order, its comeback, the comeback of the comeback
TECHNICIANS_MOST = 24

ORDERS, VEHICLES, TABLE, PARTNER, TROUBLE, RETURNS, NO_SHOWS, PARC, PEOPLE, STAFF = (
    range(10)
)


def stream(seed: int, *names: int) -> np.random.Generator:
    """Return a generator that belongs to *names* and to nothing else."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *names])))


def days_of_store(
    seed: int, store: int, first: int, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Attendance draws, number of orders and decisions for each day from *first* on."""
    present, counts, rows = [], [], []
    for offset, mean in enumerate(expected):
        day = stream(seed, ORDERS, store, first + offset)
        present.append(day.random(TECHNICIANS_MOST))
        count = int(day.poisson(mean)) if mean > 0 else 0
        counts.append(count)
        rows.append(day.random((count, LEVELS, len(DECISIONS))))
    return np.array(present), np.array(counts), np.concatenate(rows)


def pick(uniform: np.ndarray, shares: tuple[float, ...] | np.ndarray) -> np.ndarray:
    """Index of the share that each uniform falls into."""
    edges = np.cumsum(np.asarray(shares, dtype=float))
    return np.minimum(
        np.searchsorted(edges / edges[-1], uniform, "right"), len(edges) - 1
    )


def bell(uniform: np.ndarray) -> np.ndarray:
    """Return roughly normal values: the logistic curve needs no special function."""
    clipped = np.clip(uniform, 0.0005, 0.9995)
    return np.log(clipped / (1 - clipped)) / 1.702


def waiting(uniform: np.ndarray) -> np.ndarray:
    """Exponential with mean 1, at most 8."""
    return np.minimum(-np.log1p(-uniform), 8.0)


def whole(values: np.ndarray) -> np.ndarray:
    """Whole seconds (or pieces) of a real array."""
    return np.asarray(values).astype(np.int64)
