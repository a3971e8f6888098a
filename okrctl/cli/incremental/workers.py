"""Does the portions of a large check, in this process or in several: reads files, compares titles, runs rules."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from okrctl import files, workspace
from okrctl.check import dependencies, runner, similar_titles
from okrctl.check.dependencies import FileDependencies
from okrctl.check.finding import Context
from okrctl.check.rules import reference_cycle, unknown_reference
from okrctl.check.similar_titles import Title
from okrctl.cli import check_results, load
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Diagnostic, FileProblem
from okrctl.workspace import File, KpiCount, NodePosition, Objective, Workspace, stubs

Portion = TypeVar("Portion")
Result = TypeVar("Result")
MIN_PARALLEL = 500  # files from which on a second process is worth its start
CYCLE_CODE, UNRESOLVED_CODE = reference_cycle.RULE.code, unknown_reference.RULE.code
ListedFile = tuple[str, FileProblem | None]  # the path of a file, and why it cannot be read
Stub = bytes | None  # what is left of a file in order, None for one that has to be read again


class Task(NamedTuple):
    """What a process has to know."""

    root: Path
    config: Config
    settings: File | None
    context: Context
    all_findings: bool = False  # whether all findings are asked for, however many


class Batch(NamedTuple):
    """Files to run the rules over, sorted by path, and those of them in which is found all that there is to be found.

    With what is known of the whole workspace: the titles that are alike, and how many KPIs each file has.
    """

    only: frozenset[str]
    files: Sequence[tuple[str, FileProblem | None, Stub]]
    pairs: Sequence[tuple[NodePosition, NodePosition]]
    counts: Mapping[str, KpiCount]


class WorkerPool:
    """The processes that share the work; they start when there is much to do, and end with the `with`."""

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
        """The answers in the order of the portions; where it is not much, they are done in this process."""
        if not parallel:
            return map(work, portions)
        if self._pool is None:
            import multiprocessing

            self._pool = multiprocessing.Pool(self._processes, _start_worker, (self._task,))
        answers: Iterable[Result] = self._pool.imap(work, portions)
        return answers


_worker_state: list[tuple[Task, Callable[[File], bool]]] = []


def _start_worker(task: Task) -> None:
    gc.freeze()
    _worker_state[:] = [(task, runner.build_validity_predicate(task.context))]


def read_files(found: Sequence[ListedFile]) -> list[tuple[FileDependencies, Stub]]:
    """The ties of files, and what is left of each one that is in order."""
    [(task, is_sound)] = _worker_state
    return [_read_dependencies(path, fault, task, is_sound) for path, fault in found]


def _read_dependencies(
    path: str, fault: FileProblem | None, task: Task, is_sound: Callable[[File], bool]
) -> tuple[FileDependencies, Stub]:
    file = read_file(task.root, path, fault, task.config)
    workspace.assemble_workspace([file], task.config, load.csv_loader(task.root))
    told = dependencies.dependencies_of(file)
    in_order = (
        not (file.file_problems or file.schema_problems or file.omitted) and not told.csv_files and is_sound(file)
    )
    left = stubs.dump(file) if in_order else None
    _break_cycles(file)
    return told, left


def read_file(root: Path, path: str, fault: FileProblem | None, config: Config) -> File:
    """A file as it lies on the disk."""
    source = next(load.decode_files([(path, fault or files.read(root, path))]))
    return workspace.read_file(source, config)


def _break_cycles(file: File) -> None:
    """Let go of what refers to itself, so that no collector has to find it."""
    for node in file.nodes:
        if isinstance(node, Objective):
            node.key_results.clear()
    file.nodes.clear()


def similar_titles_of(titles: Sequence[tuple[str, Sequence[Title]]]) -> list[tuple[NodePosition, NodePosition]]:
    """The titles of one period that are alike."""
    return similar_titles.similar_places(titles)


def check_batch(batch: Batch) -> list[Diagnostic] | None:
    """What the rules find in some files of a batch; None where it takes the whole workspace to tell."""
    [(task, _)] = _worker_state
    with pause_collector():
        opened = restore_workspace(task, batch.files)
        opened.similar_titles, opened.kpi_counts = batch.pairs, batch.counts
        found = runner.run_rules(opened, task.context, is_unlimited=task.all_findings, paths=batch.only)
        for file in opened.files:
            _break_cycles(file)
    mine = [
        one for one in found if one.suppression_location is not None and one.suppression_location.path in batch.only
    ]
    whole_asked = any(one.code == CYCLE_CODE for one in found) or any(one.code == UNRESOLVED_CODE for one in mine)
    return None if whole_asked else mine


@contextmanager
def pause_collector() -> Iterator[None]:
    """Keeps the collector from walking again and again through what is being built."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def restore_workspace(task: Task, files: Iterable[tuple[str, FileProblem | None, Stub]]) -> Workspace:
    """A workspace of these files, out of what is left of them where they are in order."""
    text = partial(check_results.read_text, task.root)
    found = [
        stubs.load(path, left, task.config, text) if left else read_file(task.root, path, fault, task.config)
        for path, fault, left in files
    ]
    return workspace.assemble_workspace(found, task.config, load.csv_loader(task.root), task.settings)
