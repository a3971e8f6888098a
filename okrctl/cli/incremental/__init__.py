"""Checks a large workspace in several processes, and after a change only what that may concern."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path

from okrctl import cache, files
from okrctl.check.finding import Context
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.cli import check_results, load
from okrctl.cli.check_results import WorkspaceState
from okrctl.cli.incremental import plan, workers
from okrctl.cli.incremental.check_cache import CheckCache
from okrctl.cli.incremental.scan import IncrementalCheck
from okrctl.cli.incremental.workers import Task, WorkerPool
from okrctl.schema.settings import Config

MAX_PROCESSES = 8  # processes


def check_incrementally(
    root: Path,
    context: Callable[[Config], Context],
    request: object,
    state: WorkspaceState | None,
    *,
    all_findings: bool = False,
) -> CheckReport | None:
    """The findings of a workspace, None where it is better read as a whole.

    `asked` tells what rules are asked for. Where the files have been `seen`, what is known of those that have not
    changed comes from the cache. Of one rule in one file so many as anybody reads, or `every` one.
    """
    config, settings = load.read_settings(root)
    listed = dict(sorted(state.faults_by_path.items() if state else files.find(root, config.include, config.exclude)))
    processes = min(os.cpu_count() or 1, MAX_PROCESSES)
    if len(listed) < workers.MIN_PARALLEL or processes < 2:
        return None
    task = Task(root, config, settings, context(config), all_findings)
    said = settings and settings.document.text, str(task.context.today), sorted(task.context.sealed)
    memory = CheckCache(root, cache.open_store("files") if state else None, (os.path.realpath(root), *said, request))
    with WorkerPool(task, processes) as crew:
        sweep = IncrementalCheck(task, listed, memory, state.stamps if state else {}, crew)
        found = plan.find_diagnostics(sweep)
    if found is None:
        return None
    sweep.save(found)
    csvs = dict(chain.from_iterable(one.csv_files for one in sweep.dependencies.values()))
    paths = [*([files.SETTINGS_NAME] if settings else []), *listed]
    texts = LazyTexts(
        [*paths, *(path for path, has_text in csvs.items() if has_text)], partial(check_results.read_text, root)
    )
    return CheckReport(tuple(found), len(paths), texts, task.context.config.fail_on, related_paths=tuple(sorted(csvs)))
