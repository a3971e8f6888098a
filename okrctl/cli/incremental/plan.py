"""Finds the answer of a large check: out of the last one, or batch by batch, or from the workspace as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from okrctl.check import runner
from okrctl.check.dependencies import DependencyGraph, FileDependencies
from okrctl.check.runner import MAX_PER_RULE_AND_FILE
from okrctl.check.unknown_reference_help import MAX_EXPLAINED
from okrctl.cli.incremental import workers
from okrctl.cli.incremental.check_cache import Pairs
from okrctl.cli.incremental.workers import CYCLE_CODE, UNRESOLVED_CODE, Batch
from okrctl.files import SETTINGS_NAME
from okrctl.kpis import count
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import KpiCount, NodePosition, stubs

if TYPE_CHECKING:
    from okrctl.cli.incremental.scan import IncrementalCheck

BATCH_COUNT = 16  # into which a workspace is divided, each with the files that it needs
MAX_RECHECKED = 1000  # files over which the rules run in a moment


def find_diagnostics(sweep: IncrementalCheck) -> list[Diagnostic] | None:
    """The diagnostics in order; None where the files have to be read as a whole."""
    if not _has_consistent_periods(sweep.dependencies.values()):
        return None
    answer = None
    if not any(
        one.has_unexplained_score for one in sweep.dependencies.values()
    ):  # such a score is compared with that of all files
        answer = _recheck_affected(sweep)
        if answer is None:
            answer = _check_batches(sweep)
    return _check_all(sweep) if answer is None else sorted(answer, key=_sort_key)


def _has_consistent_periods(ties: Iterable[FileDependencies]) -> bool:
    """Whether each period means one stretch of days; where it does not, the first file that names it decides."""
    periods = {one.period for one in ties}
    return len({one.partition(" ")[0] for one in periods}) == len(periods)


def _sort_key(one: Diagnostic) -> tuple[object, str]:
    """That of all diagnostics; files that share a line of a CSV file come one after the other."""
    return one.sort_key, one.suppression_location.path if one.suppression_location is not None else ""


def _recheck_affected(sweep: IncrementalCheck) -> list[Diagnostic] | None:
    """The last answer, mended where a change may concern it; None where that says too little."""
    before, last = sweep.memory.dependencies, sweep.memory.diagnostics
    if last is None or any(one.code == CYCLE_CODE for one in last):
        return None
    if sum(one.code == UNRESOLVED_CODE for one in last) >= MAX_EXPLAINED:  # of so many not each is told what is meant
        return None
    gone = [path for path in before if path not in sweep.dependencies]
    old = [(path, before[path]) for path in (*sweep.changed, *gone) if path in before]
    net = DependencyGraph(
        [*sweep.dependencies.items(), *old], chain(_all_pairs(sweep.pairs), _all_pairs(sweep.memory.pairs))
    )
    only = net.affected([*sweep.changed, *gone])
    only |= _kpi_count_paths(sweep, before) | _kpi_count_paths(sweep, sweep.dependencies) | _changed_pair_paths(sweep)
    now = {path: sweep.dependencies[path] for path in sweep.changed}
    if any(
        one.may_hide_nodes for one in chain(now.values(), dict(old).values())
    ):  # hidden references that lead nowhere
        only |= net.possibly_unresolved()
    unconcerned = sweep.dependencies.keys() - only
    known = [
        one for one in last if one.suppression_location is not None and one.suppression_location.path in unconcerned
    ]
    if _referable_names(dict(old)) != _referable_names(now) and any(
        one.code == UNRESOLVED_CODE for one in known
    ):  # it says what may be meant
        return None
    batch = _build_batch(sweep, only | {SETTINGS_NAME}, net.required_inputs(only))
    new = workers.check_batch(batch) if len(batch.files) <= MAX_RECHECKED else None
    return None if new is None else known + new


def _referable_names(files: Mapping[str, FileDependencies]) -> dict[str, object]:
    """What references can lead to, file by file."""
    return {path: (one.period, one.names, one.key_result_ids) for path, one in files.items()}


def _all_pairs(pairs: Pairs) -> Iterator[tuple[NodePosition, NodePosition]]:
    return chain.from_iterable(pairs.values())


def _kpi_count_paths(sweep: IncrementalCheck, ties: Mapping[str, FileDependencies]) -> set[str]:
    """The files with the KPIs at which findings on all KPIs are shown."""
    counts, limit = _kpi_counts(ties), sweep.task.context.config.limit("kpis")
    places = (
        count.locate_kpi(counts, 0, "total"),
        count.locate_kpi(counts, limit, "total"),
        count.locate_kpi(counts, 0, "bounded"),
    )
    return {place[0] for place in places if place is not None}


def _kpi_counts(ties: Mapping[str, FileDependencies]) -> dict[str, KpiCount]:
    return {path: one.kpi_count for path, one in ties.items() if one.kpi_count.total}


def _changed_pair_paths(sweep: IncrementalCheck) -> set[str]:
    """The files with titles that are alike now and were not, or were and are not."""
    now, before = sweep.pairs, sweep.memory.pairs
    periods = [period for period in {*now, *before} if now.get(period) is not before.get(period)]
    different = (set(now.get(one, ())) ^ set(before.get(one, ())) for one in periods)
    return {path for pair in chain.from_iterable(different) for path, *_ in pair}


def _check_batches(sweep: IncrementalCheck) -> list[Diagnostic] | None:
    """What several processes find, each in its share of the files; None where one needs nearly all of them."""
    net = DependencyGraph(sweep.dependencies.items(), _all_pairs(sweep.pairs))
    if net.unresolved():
        return None
    batches = [_build_batch(sweep, only, net.required_inputs(only)) for only in _split_paths(sweep.dependencies)]
    batches[0] = batches[0]._replace(only=batches[0].only | {SETTINGS_NAME})
    if sum(len(one.files) for one in batches) > 2 * len(sweep.dependencies):
        return None
    answers = list(sweep.crew.map(workers.check_batch, batches, parallel=True))
    if any(answer is None for answer in answers):
        return None
    found = list(chain.from_iterable(filter(None, answers)))
    of_one_rule = Counter((one.code, one.path) for one in found)  # batches may have found them in one CSV file
    return None if any(number > MAX_PER_RULE_AND_FILE for number in of_one_rule.values()) else found


def _split_paths(ties: Mapping[str, FileDependencies]) -> list[set[str]]:
    """All files in shares of about one size, those of a team together."""
    groups: dict[str, list[str]] = {}
    for path, one in ties.items():
        groups.setdefault(one.team if one.period else path, []).append(path)
    shares: list[set[str]] = [set()]
    for group in groups.values():
        if BATCH_COUNT * len(shares[-1]) >= len(ties):
            shares.append(set())
        shares[-1].update(group)
    return shares


def _build_batch(sweep: IncrementalCheck, only: Iterable[str], needed: Iterable[str]) -> Batch:
    """A batch of the files that are there.

    Where comments suppress something it has those too that may hide something, for what they hide is not suppressed.
    """
    alone = frozenset(only)
    commented = any(one.has_suppressions for path, one in sweep.dependencies.items() if path in alone)
    hiding = (path for path, one in sweep.dependencies.items() if one.may_hide_nodes and commented)
    paths = sorted({*needed, *hiding} & sweep.dependencies.keys())
    found = [(path, sweep.listed[path], sweep.stub(path)) for path in paths]
    pairs = [pair for pair in _all_pairs(sweep.pairs) if pair[0][0] in alone]
    return Batch(alone, found, pairs, _kpi_counts(sweep.dependencies))


def _check_all(sweep: IncrementalCheck) -> list[Diagnostic] | None:
    """What the rules find in all files at once; None where more is needed of them than is left."""
    task = sweep.task
    with workers.pause_collector():
        opened = workers.restore_workspace(
            task, ((path, fault, sweep.stub(path)) for path, fault in sweep.listed.items())
        )
        if not stubs.is_sufficient(opened.files):
            return None
        opened.similar_titles, opened.kpi_counts = list(_all_pairs(sweep.pairs)), _kpi_counts(sweep.dependencies)
        return runner.run_rules(opened, task.context, is_unlimited=task.all_findings)
