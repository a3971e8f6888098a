"""Does portions of a large check, in this process or in several: reads files, compares titles, runs rules."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from okrctl import files, workspace
from okrctl.check import dependencies, result_cache, runner, similar_titles
from okrctl.check.dependencies import FileDependencies
from okrctl.check.finding import Context
from okrctl.check.rules import reference_cycle, unknown_reference
from okrctl.check.similar_titles import Title
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Diagnostic, FileProblem
from okrctl.workspace import Elsewhere, File, KpiCount, NodePosition, Objective, Workspace, disk, packed

Portion = TypeVar("Portion")
Result = TypeVar("Result")
MIN_PARALLEL = 500  # files from which on more processes are worth their start
CYCLE_CODE, UNRESOLVED_CODE = reference_cycle.RULE.code, unknown_reference.RULE.code
ListedFile = tuple[str, FileProblem | None]  # the path of a file, and why it cannot be read, if so
Stub = bytes | None  # what other files need to know of a valid file; None for a file that has to be read again


class Task(NamedTuple):
    """What a process has to know to do any portion."""

    root: Path
    config: Config
    settings: File | None
    context: Context
    is_unlimited: bool = False


class Batch(NamedTuple):
    """The files to check and those that these need, sorted by path, and what is known of the whole workspace.

    `checked` are the paths whose findings are wanted: for these, and only these, the batch has all that is needed.
    """

    checked: frozenset[str]
    files: Sequence[tuple[str, FileProblem | None, Stub]]
    pairs: Sequence[tuple[NodePosition, NodePosition]]
    counts: Mapping[str, KpiCount]
    elsewhere: Elsewhere


class WorkerPool:
    """The processes that share the work; they start when there is much to do, and end with the `with` block."""

    def __init__(self, task: Task, processes: int) -> None:
        self._task = task
        self._processes = processes
        self._pool: Any = None

    def __enter__(self) -> WorkerPool:
        _start_worker(self._task)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.unfreeze()
        if self._pool is not None:
            self._pool.__exit__(kind, error, trace)

    def map(
        self, work: Callable[[Portion], Result], portions: Sequence[Portion], *, parallel: bool
    ) -> Iterable[Result]:
        """Return the results in the order of the portions; if not `parallel`, this process does them one by one."""
        if not parallel:
            return map(work, portions)
        if self._pool is None:
            import multiprocessing

            self._pool = multiprocessing.Pool(self._processes, _start_worker, (self._task,))
        results: Iterable[Result] = self._pool.imap(work, portions)
        return results


_worker_state: list[tuple[Task, Callable[[File], bool]]] = []


def _start_worker(task: Task) -> None:
    gc.freeze()
    _worker_state[:] = [(task, runner.build_validity_predicate(task.context))]


def read_files(listed: Sequence[ListedFile]) -> list[tuple[FileDependencies, Stub]]:
    """Return the dependencies of files, and the stub of each valid one."""
    [(task, is_valid)] = _worker_state
    return [_read_dependencies(path, problem, task, is_valid) for path, problem in listed]


def _read_dependencies(
    path: str, problem: FileProblem | None, task: Task, is_valid: Callable[[File], bool]
) -> tuple[FileDependencies, Stub]:
    file = read_file(task.root, path, problem, task.config)
    workspace.assemble_workspace([file], task.config, disk.csv_reader(task.root))
    found = dependencies.dependencies_of(file)
    is_clean = packed.is_valid(file) and "okrctl:" not in file.document.text and is_valid(file)
    stub = packed.pack(file) if is_clean and not found.csv_files else None
    _break_cycles(file)
    return found, stub


def read_file(root: Path, path: str, problem: FileProblem | None, config: Config) -> File:
    """Return a file as it is on the disk."""
    source = next(disk.decode_files([(path, problem or files.read(root, path))]))
    return workspace.read_file(source, config)


def _break_cycles(file: File) -> None:
    """Cut the references between nodes, so that reference counts free them without the garbage collector."""
    for node in file.nodes:
        if isinstance(node, Objective):
            node.key_results.clear()
    file.nodes.clear()


def similar_titles_of(titles: Sequence[tuple[str, Sequence[Title]]]) -> list[tuple[NodePosition, NodePosition]]:
    """Return the pairs of similar titles in one period."""
    return similar_titles.similar_places(titles)


def check_batch(batch: Batch) -> list[Diagnostic] | None:
    """Return the findings in the checked files of a batch, None where only the whole workspace tells."""
    [(task, _)] = _worker_state
    with pause_collector():
        partial_workspace = restore_workspace(task, batch.files)
        partial_workspace.similar_titles, partial_workspace.kpi_counts = batch.pairs, batch.counts
        partial_workspace.elsewhere = batch.elsewhere
        diagnostics = runner.run_rules(
            partial_workspace, task.context, is_unlimited=task.is_unlimited, paths=batch.checked
        )
        for file in partial_workspace.files:
            _break_cycles(file)
    own = [diagnostic for diagnostic in diagnostics if home_of(diagnostic) in batch.checked]
    # A cycle may lead through any file, and the hint for an unresolved reference names what exists anywhere.
    needs_all = any(diagnostic.code == CYCLE_CODE for diagnostic in diagnostics) or any(
        diagnostic.code == UNRESOLVED_CODE for diagnostic in own
    )
    return None if needs_all else own


def home_of(diagnostic: Diagnostic) -> str | None:
    """Return the path of the file that a finding belongs to, which for a CSV file is the one that names it."""
    return diagnostic.suppression_location.path if diagnostic.suppression_location is not None else None


@contextmanager
def pause_collector() -> Iterator[None]:
    """Stop garbage collection, which would walk again and again through the objects that are being built."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def restore_workspace(task: Task, listed: Iterable[tuple[str, FileProblem | None, Stub]]) -> Workspace:
    """Return a workspace of these files, made from stubs as far as there are any."""
    read_text = partial(result_cache.read_text, task.root)
    restored = []
    for path, problem, stub in listed:
        if stub is None:
            file = read_file(task.root, path, problem, task.config)
        else:
            file = packed.unpack(path, stub, task.config, read_text)
            file.is_clean = True
        restored.append(file)
    return workspace.assemble_workspace(restored, task.config, disk.csv_reader(task.root), task.settings)
