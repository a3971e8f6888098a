"""`python -m tests.oracle FIRST LAST [FOLDER]`: the disagreements of these seeds; FOLDER keeps their repositories."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.oracle.compare import disagreements
from tests.oracle.generate import World, world
from tests.oracle.repository import commit_all


def compare(folder: Path, seed: int) -> list[str]:
    """What program and oracle say differently in the world of a seed."""
    return listed(folder, world(seed))


def listed(folder: Path, one: World) -> list[str]:
    """What they say differently in a world, which is left in the folder."""
    return [str(found) for found in disagreements(folder, one, commit_all(folder, one.history))]


def main() -> None:
    """Prints one line for each disagreement, with its seed."""
    first, last, *kept = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(int(first), int(last)):
            folder = Path(kept[0] if kept else scratch) / str(seed)
            for line in compare(folder, seed):
                print(seed, line, flush=True)


main()
