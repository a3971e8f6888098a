"""Gathers what there is to know of each file of a large workspace: read anew where it has changed, else remembered."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from okrctl import cache
from okrctl.cache import FileState
from okrctl.check import similar_titles
from okrctl.check.dependencies import FileDependencies
from okrctl.cli.incremental import workers
from okrctl.cli.incremental.check_cache import CheckCache, Pairs
from okrctl.cli.incremental.workers import Stub, Task, WorkerPool
from okrctl.values.diagnostic import Diagnostic, FileProblem

CHUNK_SIZE = 50  # files that a process reads at a time
Faults = Mapping[str, FileProblem | None]
Stamps = Mapping[str, FileState | None]


class IncrementalCheck:
    """All files of a workspace, those that have changed read anew.

    `ties` of all by path, in order; `pairs` of titles that are alike in each period; the paths that have `changed`.
    """

    def __init__(self, task: Task, listed: Faults, cache: CheckCache, looks: Stamps, pool: WorkerPool) -> None:
        self.task, self.listed, self.memory, self.crew = task, listed, cache, pool
        known = {
            path for path in cache.unchanged(looks) if listed[path] is None and not cache.dependencies[path].csv_files
        }
        self.changed = [path for path in listed if path not in known]
        self._stamps = looks
        self._reread_paths: set[str] = set()
        read = self._read_changed()
        self._stubs = {path: left for path, (_, left) in read.items()}
        self.dependencies = {path: read[path][0] if path in read else cache.dependencies[path] for path in listed}
        self.pairs = self._compare_titles()

    def _read_changed(self) -> dict[str, tuple[FileDependencies, Stub]]:
        changed = [(path, self.listed[path]) for path in self.changed]
        asked = [changed[start : start + CHUNK_SIZE] for start in range(0, len(changed), CHUNK_SIZE)]
        answers = self.crew.map(workers.read_files, asked, parallel=len(changed) >= workers.MIN_PARALLEL)
        return dict(zip(self.changed, chain.from_iterable(answers), strict=True))

    def _compare_titles(self) -> Pairs:
        """The titles that are alike, compared again in the periods in which one has changed."""
        before, now = self.memory.dependencies, self.dependencies
        touched = [
            one for path in {*self.changed, *(before.keys() - now.keys())} for one in (before.get(path), now.get(path))
            if _period_titles(before.get(path)) != _period_titles(now.get(path)) and one is not None
        ]  # fmt: skip
        titles = similar_titles.titles_by_period(
            (one.period, path, one.titles) for path, one in now.items() if one.period
        )
        known = self.memory.pairs.keys() - {one.period for one in touched}
        asked = [period for period in titles if period not in known]
        answers = self.crew.map(
            workers.similar_titles_of, [titles[one] for one in asked], parallel=len(touched) >= workers.MIN_PARALLEL
        )
        new = dict(zip(asked, answers, strict=True))
        return {period: new[period] if period in new else self.memory.pairs[period] for period in titles}

    def stub(self, path: str) -> Stub:
        """What is left of a file; None where it has to be read again."""
        left = self._stubs[path] if path in self._stubs else self.memory.stub(path)
        if left is None:
            self._reread_paths.add(path)
        return left

    def save(self, found: list[Diagnostic]) -> None:
        """Remember all this for the next time, unless a file that was read has changed meanwhile."""
        root = self.task.root
        looks = {path: self._stamps[path] for path in self._reread_paths.union(self._stubs) if path in self._stamps}
        if not cache.changed_files(root, looks, cache.file_states(root, looks)):
            self.memory.save(self._stamps, self.dependencies, self.pairs, found, self._stubs)


def _period_titles(ties: FileDependencies | None) -> tuple[object, ...]:
    return (ties.period, ties.titles) if ties is not None else ()
