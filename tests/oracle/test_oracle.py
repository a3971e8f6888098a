"""The program agrees with the oracle on every figure: in small worlds by hand and in random ones.

The worlds by hand are faults that an oracle once found: a dropped goal with another team's readings, rollups of
rollups, a moved goalpost on a rollup, a formula over sums, a division by zero. Random worlds are the same on every
run but for the last one, whose seed is printed where it fails: `python -m tests.oracle SEED NEXT FOLDER` leaves its
repository in a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

import pytest

from tests.oracle import worlds
from tests.oracle.compare import listed
from tests.oracle.generate import World, world
from tests.repositories import isolate

pytestmark = pytest.mark.slow
SEEDS = range(40)
FREE_SEEDS = 1_000, 10**9
BY_HAND: list[Callable[[], World]] = [
    worlds.namesakes, worlds.totals_of_totals, worlds.moved_total, worlds.share_of_sums, worlds.division_by_zero,
    worlds.hypothesis_on_a_sum, worlds.silence, worlds.nothing_measured, worlds.renamed_silently,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.mark.parametrize("make", BY_HAND, ids=lambda make: make.__name__)
def test_the_program_agrees_in_worlds_by_hand(tmp_path: Path, make: Callable[[], World]) -> None:
    assert listed(tmp_path / "world", make()) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_program_agrees_in_random_worlds(tmp_path: Path, seed: int) -> None:
    assert listed(tmp_path / "world", world(seed)) == []


def test_the_program_agrees_in_a_world_that_nobody_has_seen(tmp_path: Path) -> None:
    seed = SystemRandom().randint(*FREE_SEEDS)
    found = listed(tmp_path / "world", world(seed))
    assert not found, f"seed {seed}: " + "\n".join(found)
