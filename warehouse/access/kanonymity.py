"""Aggregates for partners: no cell about few people, and none that can be worked out.

A cell of a table is withheld when fewer than k customers stand behind it. Whoever sees
the totals could subtract the other cells from them; so more cells are withheld until
no withheld one follows from what is left (complementary suppression).
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby

import numpy as np

K = 10
"""Customers behind each published cell (kpis.md §18)."""

Cell = tuple[Hashable, ...]


def withheld(cells: Mapping[Cell, int], k: int = K) -> frozenset[Cell]:
    """Return the cells that must not be published together with the table's totals.

    *cells* maps the coordinates of a cell (one for each dimension) to its customers;
    the totals along every dimension and the grand total count as published. A cell of
    nobody may be published. Everything is withheld where nothing less suffices.
    """
    hidden = {cell for cell, customers in cells.items() if 0 < customers < k}
    if not hidden:
        return frozenset()
    lines = _lines(list(cells))
    while True:
        weak = _weakest(cells, lines, hidden, k)
        if weak is None:
            return frozenset(hidden)
        spare = [c for c in weak if c not in hidden and cells[c] > 0]
        if not spare:
            # Nothing in this line can shield it: take the smallest of the whole table.
            spare = [c for c, n in cells.items() if c not in hidden and n > 0]
        if not spare:
            return frozenset(hidden)
        hidden.add(min(spare, key=lambda c: (cells[c], str(c))))


def _lines(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The groups of cells whose total is published: each line, and the whole table."""
    lines: list[list[Cell]] = []
    for axis in range(len(cells[0])):

        def rest(cell: Cell, axis: int = axis) -> str:
            return repr((*cell[:axis], *cell[axis + 1 :]))

        lines += [list(g) for _, g in groupby(sorted(cells, key=rest), key=rest)]
    return [*lines, list(cells)]


def _weakest(
    cells: Mapping[Cell, int], lines: list[list[Cell]], hidden: set[Cell], k: int
) -> list[Cell] | None:
    """Return a line that gives a hidden cell, or a too small sum of them, away."""
    for line in lines:
        inside = [cell for cell in line if cell in hidden]
        if inside and (len(inside) < 2 or sum(cells[c] for c in inside) < k):
            return line
    for cell in _determined(lines, hidden):
        return next(line for line in lines if cell in line)
    return None


def _determined(lines: list[list[Cell]], hidden: set[Cell]) -> list[Cell]:
    """Return the hidden cells whose value the published sums fix."""
    unknown = sorted(hidden, key=repr)
    place = {cell: i for i, cell in enumerate(unknown)}
    sums = np.zeros((len(lines), len(unknown)))
    for row, line in enumerate(lines):
        for cell in line:
            if cell in place:
                sums[row, place[cell]] = 1
    # A cell is fixed if every change that keeps all sums leaves it alone.
    _, scales, directions = np.linalg.svd(sums)
    free = directions[int((scales > 1e-9).sum()) :]
    moved = np.abs(free).max(axis=0) if len(free) else np.zeros(len(unknown))
    return [cell for cell, by in zip(unknown, moved, strict=True) if by < 1e-9]
