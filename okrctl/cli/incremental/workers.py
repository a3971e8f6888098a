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
from okrctl.check.dependencies import Ties
from okrctl.check.finding import Context
from okrctl.check.rules import reference_cycle, unknown_reference
from okrctl.check.similar_titles import Title
from okrctl.cli import check_results, load
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Diagnostic, Fault
from okrctl.workspace import File, KpiCount, Objective, Place, Workspace, stubs

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
LARGE = 500  # files from which on a second process is worth its start
RING, ASTRAY = reference_cycle.CODE, unknown_reference.CODE
Found = tuple[str, Fault | None]  # the path of a file, and why it cannot be read
Left = bytes | None  # what is left of a file in order, None for one that has to be read again


class Task(NamedTuple):
    """What a process has to know."""

    root: Path
    config: Config
    settings: File | None
    context: Context
    every: bool = False  # whether all findings are asked for, however many


class Batch(NamedTuple):
    """Files to run the rules over, sorted by path, and those of them in which is found all that there is to be found.

    With what is known of the whole workspace: the titles that are alike, and how many KPIs each file has.
    """

    only: frozenset[str]
    files: Sequence[tuple[str, Fault | None, Left]]
    pairs: Sequence[tuple[Place, Place]]
    counts: Mapping[str, KpiCount]


class Crew:
    """The processes that share the work; they start when there is much to do, and end with the `with`."""

    def __init__(self, task: Task, processes: int) -> None:
        self._task = task
        self._processes = processes
        self._pool: Any = None

    def __enter__(self) -> Crew:
        _begin(self._task)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.unfreeze()
        if self._pool is not None:
            self._pool.__exit__(kind, error, trace)

    def each(self, work: Callable[[Asked], Answer], portions: Sequence[Asked], *, much: bool) -> Iterable[Answer]:
        """The answers in the order of the portions; where it is not much, they are done in this process."""
        if not much:
            return map(work, portions)
        if self._pool is None:
            import multiprocessing

            self._pool = multiprocessing.Pool(self._processes, _begin, (self._task,))
        answers: Iterable[Answer] = self._pool.imap(work, portions)
        return answers


_work: list[tuple[Task, Callable[[File], bool]]] = []


def _begin(task: Task) -> None:
    gc.freeze()
    _work[:] = [(task, runner.soundness(task.context))]


def read(found: Sequence[Found]) -> list[tuple[Ties, Left]]:
    """The ties of files, and what is left of each one that is in order."""
    [(task, is_sound)] = _work
    return [_read(path, fault, task, is_sound) for path, fault in found]


def _read(path: str, fault: Fault | None, task: Task, is_sound: Callable[[File], bool]) -> tuple[Ties, Left]:
    file = whole(task.root, path, fault, task.config)
    workspace.assemble([file], task.config, load.loader(task.root))
    told = dependencies.of(file)
    in_order = not (file.faults or file.problems or file.left_out) and not told.csvs and is_sound(file)
    left = stubs.kept(file) if in_order else None
    _untie(file)
    return told, left


def whole(root: Path, path: str, fault: Fault | None, config: Config) -> File:
    """A file as it lies on the disk."""
    source = next(load.sources([(path, fault or files.read(root, path))]))
    return workspace.read_file(source, config)


def _untie(file: File) -> None:
    """Let go of what refers to itself, so that no collector has to find it."""
    for node in file.nodes:
        if isinstance(node, Objective):
            node.key_results.clear()
    file.nodes.clear()


def compared(titles: Sequence[tuple[str, Sequence[Title]]]) -> list[tuple[Place, Place]]:
    """The titles of one period that are alike."""
    return similar_titles.pairs(titles)


def judged(batch: Batch) -> list[Diagnostic] | None:
    """What the rules find in some files of a batch; None where it takes the whole workspace to tell."""
    [(task, _)] = _work
    with undisturbed():
        opened = restored(task, batch.files)
        opened.alike, opened.counts = batch.pairs, batch.counts
        found = runner.check(opened, task.context, every=task.every, only=batch.only)
        for file in opened.files:
            _untie(file)
    mine = [one for one in found if one.home is not None and one.home.path in batch.only]
    whole_asked = any(one.code == RING for one in found) or any(one.code == ASTRAY for one in mine)
    return None if whole_asked else mine


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keeps the collector from walking again and again through what is being built."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def restored(task: Task, files: Iterable[tuple[str, Fault | None, Left]]) -> Workspace:
    """A workspace of these files, out of what is left of them where they are in order."""
    text = partial(check_results.text_of, task.root)
    found = [
        stubs.restored(path, left, task.config, text) if left else whole(task.root, path, fault, task.config)
        for path, fault, left in files
    ]
    return workspace.assemble(found, task.config, load.loader(task.root), task.settings)
