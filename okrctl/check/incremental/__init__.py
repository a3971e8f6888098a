"""Checks a large workspace in several processes, and after a change only the files that it may affect.

The rules look at the workspace as a whole, so in principle any change may alter any finding. In practice a file
depends on few others: those that its references lead to, those with similar titles in its period, those with the same
ids. The check therefore works in three steps. `scan` reads the files that changed since the last run, and takes from
the cache what is known of the others: their dependencies, and a stub of each file that had nothing wrong with it.
`plan` derives from the dependencies which files a change may affect, and runs the rules over these and the files that
they need; the cached findings of all others still hold. Where that is not certain, it falls back: to batches of files
for several processes, and at last to all files at once. `check_cache` keeps the result for the next run.

Simpler ways do not do: a check of all files after every change is slow in a workspace of ten thousand; findings cached
file by file are wrong, because a change in one file alters findings in others; and processes alone divide the work
but do not avoid it. The tests compare the result of incremental checks with that of full ones.
"""

from __future__ import annotations

import os
from functools import partial
from itertools import chain
from pathlib import Path

from okrctl import cache, files
from okrctl.check import result_cache
from okrctl.check.finding import Context
from okrctl.check.incremental import plan, workers
from okrctl.check.incremental.check_cache import CheckCache
from okrctl.check.incremental.scan import IncrementalCheck
from okrctl.check.incremental.workers import Task, WorkerPool
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.check.result_cache import WorkspaceState
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import File

MAX_PROCESSES = 8


def check_incrementally(
    root: Path, settings: tuple[Config, File | None], context: Context, request: object, state: WorkspaceState | None,
    *, is_unlimited: bool = False,
) -> CheckReport | None:  # fmt: skip
    """Return the report of a large workspace, None where a check of the whole is better.

    `request` identifies the selection of rules in the cache. With a `state` of the files, what is known of unchanged
    ones comes from the cache. Each rule reports as many findings in a file as people read, or all if `is_unlimited`.
    """
    config, settings_file = settings
    problems = state.problems if state else dict(files.find(root, config.include, config.exclude))
    listed = dict(sorted(problems.items()))
    processes = min(os.cpu_count() or 1, MAX_PROCESSES)
    if len(listed) < workers.MIN_PARALLEL or processes < 2:
        return None
    task = Task(root, config, settings_file, context, is_unlimited)
    identity = (
        os.path.realpath(root), settings_file and settings_file.settings_text, str(context.today),
        sorted(context.sealed), request,
    )  # fmt: skip
    known = CheckCache(root, cache.open_store("files") if state else None, identity)
    with WorkerPool(task, processes) as pool:
        check = IncrementalCheck(task, listed, known, state.file_states if state else {}, pool)
        diagnostics = plan.find_diagnostics(check)
    if diagnostics is None:
        return None
    check.save(diagnostics)
    return _build_report(task, check, diagnostics)


def _build_report(task: Task, check: IncrementalCheck, diagnostics: list[Diagnostic]) -> CheckReport:
    csvs = dict(chain.from_iterable(file.csv_files for file in check.dependencies.values()))
    paths = [*([files.SETTINGS_NAME] if task.settings else []), *check.listed]
    readable_csvs = (path for path, has_text in csvs.items() if has_text)
    texts = LazyTexts([*paths, *readable_csvs], partial(result_cache.read_text, task.root))
    fail_on = task.context.config.fail_on
    return CheckReport(tuple(diagnostics), len(paths), texts, fail_on, related_paths=tuple(sorted(csvs)))
