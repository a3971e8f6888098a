"""Random edits by commands keep every byte that they need not change, and the property notices where one does not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.edits import BLOCKS, Edit, make_edits, require_kept
from tests.fuzz.properties import Broken
from tests.repositories import isolate

CHECKIN = Edit(["checkin", "codes=5"], "codes", [("readings", "2025-04-21")])
LINE = "          2025-04-21: {value: 4100, confidence: 6}   # launch\n"


@pytest.mark.slow
def test_random_edits_keep_all_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    figures = make_edits(tmp_path, random.Random(7), 600)
    assert all(figures.made[name] > 30 for name in ("amend", "checkin", "import", "merge", "new"))
    assert figures.refused.total() < figures.made.total() / 2


def test_a_reading_may_take_the_place_of_another_one() -> None:
    require_kept(CHECKIN, BLOCKS, BLOCKS.replace("value: 4100", "value: 5"))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (LINE, "          2025-04-21: 5\n", "bytes lost"),
        ("  # the second one\n", "", "bytes lost"),
        ("from: 8h", "from: 9h", "other data changed"),
        ('"Users trace what they buy"', "Users trace what they buy", "bytes lost"),
        ("objectives:", "objectives: [", "no longer readable"),
    ],
)
def test_what_it_notices(old: str, new: str, name: str) -> None:
    with pytest.raises(Broken, match=name):
        require_kept(CHECKIN, BLOCKS, BLOCKS.replace(old, new))
