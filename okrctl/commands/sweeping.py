"""Checks a large workspace in several processes, and after a change only what that may concern."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

from okrctl import alike, cache, files
from okrctl.cache import Look
from okrctl.commands import judging, opening, portions
from okrctl.commands.memory import Memory, Pairs
from okrctl.commands.portions import Crew, Left, Task
from okrctl.commands.recalling import Seen
from okrctl.config import Config
from okrctl.diagnostic import Diagnostic, Fault
from okrctl.finding import Context
from okrctl.report import Report, Texts
from okrctl.ties import Ties

Listed = Mapping[str, Fault | None]
Looks = Mapping[str, Look | None]
LARGE = 500  # files from which on a second process is worth its start
CHUNK = 50  # files that a process reads at a time
MOST = 8  # processes


def report(
    root: Path, context: Callable[[Config], Context], asked: object, seen: Seen | None, *, every: bool = False
) -> Report | None:
    """The findings of a workspace, None where it is better read as a whole.

    `asked` tells what rules are asked for. Where the files have been `seen`, what is known of those that have not
    changed comes from the cache. Of one rule in one file so many as anybody reads, or `every` one.
    """
    config, settings = opening.settings_of(root)
    listed = dict(sorted(seen.listed.items() if seen else files.find(root, config.include, config.exclude)))
    processes = min(os.cpu_count() or 1, MOST)
    if len(listed) < LARGE or processes < 2:
        return None
    task = Task(root, config, settings, context(config), every)
    said = files.read(root, files.SETTINGS), str(task.context.today), sorted(task.context.sealed)
    memory = Memory(root, cache.store("files") if seen else None, (os.path.realpath(root), *said, asked))
    with Crew(task, processes) as crew:
        sweep = Sweep(task, listed, memory, seen.looks if seen else {}, crew)
        found = judging.found(sweep)
    if found is None:
        return None
    sweep.keep(found)
    csvs = dict(chain.from_iterable(one.csvs for one in sweep.ties.values()))
    paths = [*([files.SETTINGS] if settings else []), *listed]
    texts = Texts([*paths, *(path for path, has_text in csvs.items() if has_text)], partial(portions.text_of, root))
    return Report(tuple(found), len(paths), texts, task.context.config.fail_on, beside=tuple(sorted(csvs)))


class Sweep:
    """All files of a workspace, those that have changed read anew.

    `ties` of all by path, in order; `pairs` of titles that are alike in each period; the paths that have `changed`.
    """

    def __init__(self, task: Task, listed: Listed, memory: Memory, looks: Looks, crew: Crew) -> None:
        self.task, self.listed, self.memory, self.crew = task, listed, memory, crew
        known = {path for path in memory.unchanged(looks) if listed[path] is None and not memory.ties[path].csvs}
        self.changed = [path for path in listed if path not in known]
        self._looks = looks
        read = self._read()
        self._left = {path: left for path, (_, left) in read.items()}
        self.ties = {path: read[path][0] if path in read else memory.ties[path] for path in listed}
        self.pairs = self._compared()

    def _read(self) -> dict[str, tuple[Ties, Left]]:
        changed = [(path, self.listed[path]) for path in self.changed]
        asked = [changed[start : start + CHUNK] for start in range(0, len(changed), CHUNK)]
        answers = self.crew.each(portions.read, asked, much=len(changed) >= LARGE)
        return dict(zip(self.changed, chain.from_iterable(answers), strict=True))

    def _compared(self) -> Pairs:
        """The titles that are alike, compared again in the periods in which one has changed."""
        before, now = self.memory.ties, self.ties
        touched = [
            one for path in {*self.changed, *before} for one in (before.get(path), now.get(path))
            if _titles(before.get(path)) != _titles(now.get(path)) and one is not None
        ]  # fmt: skip
        titles = alike.by_period((one.period, path, one.titles) for path, one in now.items() if one.period)
        known = self.memory.pairs.keys() - {one.period for one in touched}
        asked = [period for period in titles if period not in known]
        answers = self.crew.each(portions.compared, [titles[one] for one in asked], much=len(touched) >= LARGE)
        new = dict(zip(asked, answers, strict=True))
        return {period: new[period] if period in new else self.memory.pairs[period] for period in titles}

    def left(self, path: str) -> Left:
        """What is left of a file; None where it has to be read again."""
        return self._left[path] if path in self._left else self.memory.left(path)

    def keep(self, found: list[Diagnostic]) -> None:
        """Remember all this for the next time."""
        self.memory.keep(self._looks, self.ties, self.pairs, found, self._left)


def _titles(ties: Ties | None) -> tuple[object, ...]:
    return (ties.period, ties.titles) if ties is not None else ()
