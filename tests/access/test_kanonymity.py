"""Aggregates for partners: no cell is about few people, and none can be worked out."""

import itertools
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warehouse.access.kanonymity import K, withheld

TABLES = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.integers(0, 40), min_size=rows * columns, max_size=rows * columns
        ).map(
            lambda numbers: dict(
                zip(product(range(rows), range(columns)), numbers, strict=True)
            )
        )
    )
)


def solutions(cells, hidden):
    """Return every table of whole numbers that an outsider cannot rule out.

    He knows the shown cells, and the totals of rows, columns and the table.
    """
    places = sorted(hidden)
    rows = {p[0] for p in places}
    columns = {p[1] for p in places}
    row_sums = {r: sum(cells[p] for p in places if p[0] == r) for r in rows}
    column_sums = {c: sum(cells[p] for p in places if p[1] == c) for c in columns}

    def fill(index, row_left, column_left):
        if index == len(places):
            if not any(row_left.values()) and not any(column_left.values()):
                yield ()
            return
        row, column = places[index]
        for value in range(min(row_left[row], column_left[column]) + 1):
            yield from (
                (value, *rest)
                for rest in fill(
                    index + 1,
                    {**row_left, row: row_left[row] - value},
                    {**column_left, column: column_left[column] - value},
                )
            )

    return places, fill(0, row_sums, column_sums)


@given(TABLES)
@example({(0, 0): 3, (0, 1): 20, (1, 0): 30, (1, 1): 40})
@settings(max_examples=300, deadline=None)
def test_small_cells_are_withheld_and_cannot_be_subtracted(cells):
    """Unless everything is withheld, each hidden cell keeps company in its lines."""
    hidden = withheld(cells)

    assert {cell for cell, n in cells.items() if 0 < n < K} <= hidden
    if hidden == {cell for cell, n in cells.items() if n > 0}:
        return
    for axis, place in product((0, 1), range(4)):
        line = [cell for cell in hidden if cell[axis] == place]
        assert len(line) != 1
        assert not line or sum(cells[cell] for cell in line) >= K


@pytest.mark.parametrize(
    "cells",
    [
        {(0, 0): 5, (0, 1): 20, (1, 0): 30, (1, 1): 12},
        {(0, 0): 5, (0, 1): 20, (0, 2): 11, (1, 0): 15, (1, 1): 12, (1, 2): 30},
        {(0, 0): 2, (0, 1): 11, (1, 0): 11, (1, 1): 3, (2, 0): 40, (2, 1): 50},
    ],
)
def test_an_outsider_cannot_tell_a_hidden_cell(cells):
    """Every whole-number table that fits the published totals is tried."""
    hidden = withheld(cells)
    places, found = solutions(cells, hidden)
    found = list(itertools.islice(found, 5000))

    for index, _ in enumerate(places):
        assert len({table[index] for table in found}) > 1


def test_a_bridge_between_two_groups_is_seen():
    """Two hidden cells in every line are not enough: sums of lines can be combined."""
    big = {(r, c): 50 for r in range(5) for c in range(5)}
    small = [(0, 0), (0, 1), (1, 0), (1, 1), (3, 3), (3, 4), (4, 3), (4, 4)]
    bridge = {**big, **dict.fromkeys(small, 6), (1, 3): 7, (2, 2): 50}

    hidden = withheld(bridge)
    around = [cell for cell in hidden if cell[0] in (0, 1) and cell[1] in (2, 3, 4)]

    assert len(around) > 1


def test_nothing_is_withheld_without_need():
    """A table of large cells is published whole; an empty cell is about nobody."""
    assert withheld({("a",): 10, ("b",): 0, ("c",): 99}) == frozenset()
    assert withheld({}) == frozenset()


def test_the_cheapest_neighbour_shields():
    """The smallest other cell goes, not the most telling one."""
    cells = {("a",): 3, ("b",): 20, ("c",): 12, ("d",): 0}

    assert withheld(cells) == {("a",), ("c",)}
