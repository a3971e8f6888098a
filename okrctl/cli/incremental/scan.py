"""Gathers what there is to know of each file of a large workspace: read anew where it has changed, else remembered."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from okrctl import cache
from okrctl.cache import Look
from okrctl.check import similar_titles
from okrctl.check.dependencies import Ties
from okrctl.cli.incremental import workers
from okrctl.cli.incremental.memory import Memory, Pairs
from okrctl.cli.incremental.workers import Crew, Left, Task
from okrctl.values.diagnostic import Diagnostic, Fault

CHUNK = 50  # files that a process reads at a time
Listed = Mapping[str, Fault | None]
Looks = Mapping[str, Look | None]


class Sweep:
    """All files of a workspace, those that have changed read anew.

    `ties` of all by path, in order; `pairs` of titles that are alike in each period; the paths that have `changed`.
    """

    def __init__(self, task: Task, listed: Listed, memory: Memory, looks: Looks, crew: Crew) -> None:
        self.task, self.listed, self.memory, self.crew = task, listed, memory, crew
        known = {path for path in memory.unchanged(looks) if listed[path] is None and not memory.ties[path].csvs}
        self.changed = [path for path in listed if path not in known]
        self._looks = looks
        self._read_again: set[str] = set()
        read = self._read()
        self._left = {path: left for path, (_, left) in read.items()}
        self.ties = {path: read[path][0] if path in read else memory.ties[path] for path in listed}
        self.pairs = self._compared()

    def _read(self) -> dict[str, tuple[Ties, Left]]:
        changed = [(path, self.listed[path]) for path in self.changed]
        asked = [changed[start : start + CHUNK] for start in range(0, len(changed), CHUNK)]
        answers = self.crew.each(workers.read, asked, much=len(changed) >= workers.LARGE)
        return dict(zip(self.changed, chain.from_iterable(answers), strict=True))

    def _compared(self) -> Pairs:
        """The titles that are alike, compared again in the periods in which one has changed."""
        before, now = self.memory.ties, self.ties
        touched = [
            one for path in {*self.changed, *(before.keys() - now.keys())} for one in (before.get(path), now.get(path))
            if _titles(before.get(path)) != _titles(now.get(path)) and one is not None
        ]  # fmt: skip
        titles = similar_titles.by_period((one.period, path, one.titles) for path, one in now.items() if one.period)
        known = self.memory.pairs.keys() - {one.period for one in touched}
        asked = [period for period in titles if period not in known]
        answers = self.crew.each(workers.compared, [titles[one] for one in asked], much=len(touched) >= workers.LARGE)
        new = dict(zip(asked, answers, strict=True))
        return {period: new[period] if period in new else self.memory.pairs[period] for period in titles}

    def left(self, path: str) -> Left:
        """What is left of a file; None where it has to be read again."""
        left = self._left[path] if path in self._left else self.memory.left(path)
        if left is None:
            self._read_again.add(path)
        return left

    def keep(self, found: list[Diagnostic]) -> None:
        """Remember all this for the next time, unless a file that was read has changed meanwhile."""
        root = self.task.root
        looks = {path: self._looks[path] for path in self._read_again.union(self._left) if path in self._looks}
        if not cache.changed(root, looks, cache.look(root, looks)):
            self.memory.keep(self._looks, self.ties, self.pairs, found, self._left)


def _titles(ties: Ties | None) -> tuple[object, ...]:
    return (ties.period, ties.titles) if ties is not None else ()
