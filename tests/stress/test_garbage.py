"""A gigabyte of noise under the name of a standard file."""

import random
import time

import pytest

from tests.stress.site import Site, order


@pytest.mark.stress
@pytest.mark.parametrize(
    "name",
    [
        "work_orders.csv",
        "work_orders.csv.gz",
        "work_orders.parquet",
        "work_orders.xlsx",
    ],
)
def test_a_gigabyte_of_garbage_is_refused(tmp_path, capsys, name):
    """It is named, the batch before is served, and memory stays bounded."""
    site = Site(tmp_path)
    site.take("2025-03-02", {"work_orders": [order(1, "2025-03-01T09:00:00")]})
    before = site.batch().id
    file = site.source / "2025-03-03" / name
    file.parent.mkdir()
    draw, block = random.Random(1), 16 << 20
    with file.open("wb") as opened:
        for _ in range((1 << 30) // block):
            opened.write(draw.randbytes(block))
    began = time.monotonic()

    done = site.refresh_in_shell()

    with capsys.disabled():
        print(
            f"\n1 GB as {name}: {time.monotonic() - began:.1f} s, "
            f"exit {done.returncode}: {done.stderr.splitlines()[-2:]}"
        )
    assert done.returncode == 4
    assert name in done.stderr
    assert site.batch().id == before
