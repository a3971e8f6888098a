"""Checks a large workspace in several processes, and after a change only what that may concern."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path

from okrctl import cache, files
from okrctl.check.finding import Context
from okrctl.check.report import Report, Texts
from okrctl.cli import check_results, load
from okrctl.cli.check_results import Seen
from okrctl.cli.incremental import plan, workers
from okrctl.cli.incremental.memory import Memory
from okrctl.cli.incremental.scan import Sweep
from okrctl.cli.incremental.workers import Crew, Task
from okrctl.schema.settings import Config

MOST = 8  # processes


def report(
    root: Path, context: Callable[[Config], Context], asked: object, seen: Seen | None, *, every: bool = False
) -> Report | None:
    """The findings of a workspace, None where it is better read as a whole.

    `asked` tells what rules are asked for. Where the files have been `seen`, what is known of those that have not
    changed comes from the cache. Of one rule in one file so many as anybody reads, or `every` one.
    """
    config, settings = load.settings_of(root)
    listed = dict(sorted(seen.listed.items() if seen else files.find(root, config.include, config.exclude)))
    processes = min(os.cpu_count() or 1, MOST)
    if len(listed) < workers.LARGE or processes < 2:
        return None
    task = Task(root, config, settings, context(config), every)
    said = settings and settings.document.text, str(task.context.today), sorted(task.context.sealed)
    memory = Memory(root, cache.store("files") if seen else None, (os.path.realpath(root), *said, asked))
    with Crew(task, processes) as crew:
        sweep = Sweep(task, listed, memory, seen.looks if seen else {}, crew)
        found = plan.found(sweep)
    if found is None:
        return None
    sweep.keep(found)
    csvs = dict(chain.from_iterable(one.csvs for one in sweep.ties.values()))
    paths = [*([files.SETTINGS] if settings else []), *listed]
    texts = Texts(
        [*paths, *(path for path, has_text in csvs.items() if has_text)], partial(check_results.text_of, root)
    )
    return Report(tuple(found), len(paths), texts, task.context.config.fail_on, beside=tuple(sorted(csvs)))
