"""Gathers what is known of each file of a large workspace: read again where it changed, else from the cache."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from okrctl import cache
from okrctl.cache import FileState
from okrctl.check import similar_titles
from okrctl.check.dependencies import FileDependencies
from okrctl.check.incremental import workers
from okrctl.check.incremental.check_cache import CheckCache, Pairs
from okrctl.check.incremental.workers import Stub, Task, WorkerPool
from okrctl.values.diagnostic import Diagnostic, FileProblem

CHUNK_SIZE = 50  # files that a process reads at a time
ListedFiles = Mapping[str, FileProblem | None]
FileStates = Mapping[str, FileState | None]


class IncrementalCheck:
    """All files of a workspace, with those that changed read again.

    `changed` are the paths read again, `dependencies` those of all files by path, in order, and `pairs` the similar
    titles in each period. A file with readings in a CSV file counts as changed, because the CSV file may have.
    """

    def __init__(
        self, task: Task, listed: ListedFiles, known: CheckCache, states: FileStates, pool: WorkerPool
    ) -> None:
        self.task, self.listed, self.known, self.pool = task, listed, known, pool
        unchanged = {
            path for path in known.unchanged(states) if listed[path] is None and not known.dependencies[path].csv_files
        }
        self.changed = [path for path in listed if path not in unchanged]
        self._file_states = states
        self._reread_paths: set[str] = set()
        read = self._read_changed()
        self._stubs = {path: stub for path, (_, stub) in read.items()}
        self.dependencies = {path: read[path][0] if path in read else known.dependencies[path] for path in listed}
        self.pairs = self._compare_titles()

    def _read_changed(self) -> dict[str, tuple[FileDependencies, Stub]]:
        changed = [(path, self.listed[path]) for path in self.changed]
        chunks = [changed[start : start + CHUNK_SIZE] for start in range(0, len(changed), CHUNK_SIZE)]
        results = self.pool.map(workers.read_files, chunks, parallel=len(changed) >= workers.MIN_PARALLEL)
        return dict(zip(self.changed, chain.from_iterable(results), strict=True))

    def _compare_titles(self) -> Pairs:
        """Return the pairs of similar titles, compared again only in periods in which a title changed."""
        touched = self._files_with_other_titles()
        files = self.dependencies.items()
        titles = similar_titles.titles_by_period(
            (file.period, path, file.titles) for path, file in files if file.period
        )
        known = self.known.pairs.keys() - {file.period for file in touched}
        compared = [period for period in titles if period not in known]
        results = self.pool.map(
            workers.similar_titles_of,
            [titles[period] for period in compared],
            parallel=len(touched) >= workers.MIN_PARALLEL,
        )
        new = dict(zip(compared, results, strict=True))
        return {period: new[period] if period in new else self.known.pairs[period] for period in titles}

    def _files_with_other_titles(self) -> list[FileDependencies]:
        """Return the files whose titles or period changed, as they were and as they are."""
        before, now = self.known.dependencies, self.dependencies
        found = []
        for path in {*self.changed, *(before.keys() - now.keys())}:
            old, new = before.get(path), now.get(path)
            if _period_titles(old) != _period_titles(new):
                found += [file for file in (old, new) if file is not None]
        return found

    def stub(self, path: str) -> Stub:
        """Return the stub of a file, None where the file has to be read again."""
        stub = self._stubs[path] if path in self._stubs else self.known.stub(path)
        if stub is None:
            self._reread_paths.add(path)
        return stub

    def save(self, diagnostics: list[Diagnostic]) -> None:
        """Keep all this for the next run, unless a file changed while it was read."""
        root = self.task.root
        paths = self._reread_paths.union(self._stubs)
        states = {path: self._file_states[path] for path in paths if path in self._file_states}
        if not cache.changed_files(root, states, cache.file_states(root, states)):
            self.known.save(self._file_states, self.dependencies, self.pairs, diagnostics, self._stubs)


def _period_titles(file: FileDependencies | None) -> tuple[object, ...]:
    return (file.period, file.titles) if file is not None else ()
