"""Random kills at full count: `make stress` prints the figures."""

import os
from pathlib import Path

import pytest

from tests.stress.kills import kill_runs


@pytest.mark.stress
def test_two_hundred_kills_leave_nothing_wrong(tmp_path, capsys):
    """Eight readers see no error and no mixed batch; the end is as if undisturbed.

    AFTERSIGHT is not asked: KILLS and READERS in the environment change the counts.
    """
    kills = int(os.environ.get("KILLS", "200"))
    readers = int(os.environ.get("READERS", "8"))

    figures = kill_runs(Path(tmp_path), kills=kills, readers=readers)

    with capsys.disabled():
        print(f"\n{figures}")
    assert figures.errors == []
    assert figures.is_same
    assert figures.kills >= kills / 2
