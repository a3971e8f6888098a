"""Reads a large workspace in several processes, which hand back only what the rules on many files at once need."""

from __future__ import annotations

import gc
import marshal
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from okrctl import cache, checking, files, lean, workspace
from okrctl.commands import opening
from okrctl.config import Config
from okrctl.diagnostic import START, Fault
from okrctl.document import Source, decode
from okrctl.finding import Context
from okrctl.workspace import File, Objective, Workspace

LARGE = 500  # files from which on a second process is worth its start
CHUNK = 50  # files that a process reads at a time
MOST = 8  # processes
ABROAD = Fault("OKR009", "read later", START)


class Task(NamedTuple):
    """What a process has to know."""

    root: Path
    context: Context


def from_disk(root: Path, context: Callable[[Config], Context], asked: object = None) -> Workspace | None:
    """The workspace, its sound files reduced to what is needed of them; None where it is better read as a whole.

    Where `asked` says what rules are asked for, files that have not changed come from the cache.
    """
    config, settings = opening.settings_of(root)
    listed = dict(files.find(root, config.include, config.exclude))
    processes = min(os.cpu_count() or 1, MOST)
    if len(listed) < LARGE or processes < 2:
        return None
    load = opening.loader(root)
    task = Task(root, context(config))
    known = _left(task, [path for path, fault in listed.items() if fault is None], processes, asked)
    text = partial(_text, root)
    found: list[File] = []
    for path, fault in listed.items():
        left = known.get(path)
        found.append(lean.restored(path, left, config, text) if left else _whole(root, path, fault, config))
    opened = workspace.assemble(found, config, load, settings)
    return opened if lean.agree(opened.files) else None


def _whole(root: Path, path: str, fault: Fault | None, config: Config) -> File:
    source = next(opening.sources([(path, fault or files.read(root, path))]))
    return workspace.read_file(source, config)


def _text(root: Path, path: str) -> str:
    """The text of a file that was sound a moment ago."""
    content = files.read(root, path)
    source = content if isinstance(content, Fault) else decode(path, content)
    return source.text if isinstance(source, Source) else ""


def _left(task: Task, paths: list[str], processes: int, asked: object) -> dict[str, bytes | None]:
    """What is left of each file, out of the cache where it has not changed."""
    store = cache.store("files") if asked is not None else None
    if store is None:
        return dict(zip(paths, _read(paths, task, processes), strict=True))
    settings = files.read(task.root, files.SETTINGS)
    key = cache.key(os.path.realpath(task.root), settings, str(task.context.today), asked)
    saved = store.load(key)
    before: dict[str, tuple[cache.Look, bytes]] = marshal.loads(saved) if saved else {}
    known = {path: before[path] for path in paths if path in before and cache.same(task.root, {path: before[path][0]})}
    changed = [path for path in paths if path not in known]
    looks = cache.look(task.root, changed)
    left = dict(zip(changed, _read(changed, task, processes), strict=True))
    if changed:
        new = {path: (looks[path], content) for path, content in left.items() if content}
        store.save(key, marshal.dumps(known | new))
    found = left | {path: content for path, (_, content) in known.items()}
    return found


def _read(paths: list[str], task: Task, processes: int) -> Iterator[bytes | None]:
    """What is left of each file, in order."""
    if len(paths) < LARGE:
        _begin(task)
        yield from _chunk(paths)
        gc.unfreeze()
        return
    import multiprocessing

    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    with multiprocessing.Pool(processes, _begin, (task,)) as pool:
        for chunk in pool.imap(_chunk, chunks):
            yield from chunk


_work: list[tuple[Task, Callable[[File], bool]]] = []


def _begin(task: Task) -> None:
    gc.freeze()
    _work[:] = [(task, checking.soundness(task.context))]


def _chunk(paths: list[str]) -> list[bytes | None]:
    [(task, is_sound)] = _work
    return [_one(path, task, is_sound) for path in paths]


def _one(path: str, task: Task, is_sound: Callable[[File], bool]) -> bytes | None:
    file = _whole(task.root, path, None, task.context.config)
    if file.faults or file.problems or file.left_out:
        return None
    workspace.assemble([file], task.context.config, lambda _: ABROAD)
    left = lean.kept(file) if is_sound(file) else None
    _untie(file)
    return left


def _untie(file: File) -> None:
    """Let go of what refers to itself, so that no collector has to find it."""
    for node in file.nodes:
        if isinstance(node, Objective):
            node.key_results.clear()
    file.nodes.clear()
