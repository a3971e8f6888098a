"""Runs a command line and says what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Cost(NamedTuple):
    """What a process and all that it started took: seconds on the clock and of processors, and the peak in MiB."""

    elapsed: float
    processor: float
    memory: float

    def beyond(self, other: Cost) -> Cost:
        """What this took more than another."""
        return Cost(self.elapsed - other.elapsed, self.processor - other.processor, self.memory)

    def times(self, number: int) -> Cost:
        """What so many such runs take."""
        return Cost(self.elapsed * number, self.processor * number, self.memory)


class Bench(NamedTuple):
    """A place to work in: its folder, and the environment of what is measured."""

    folder: Path
    environment: Mapping[str, str]

    def cost(self, command: Sequence[str | Path], cwd: Path | None = None) -> Cost:
        """The cost of one run, whatever its exit status."""
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command], cwd=cwd or ROOT, env=dict(self.environment),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, _, used = os.wait4(child.pid, 0)
        child.returncode = 0
        return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def okrctl(self, root: Path, *words: str | Path) -> Cost:
        """The cost of one run of okrctl in a folder."""
        return self.cost([sys.executable, "-m", "okrctl", "-C", root, *words])


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(median(column) for column in zip(*costs, strict=True)))
