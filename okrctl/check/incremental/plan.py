"""Finds the diagnostics of a large check: from the last run, batch by batch, or from the workspace as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from okrctl.check import runner
from okrctl.check.dependencies import DependencyGraph, FileDependencies, find_elsewhere
from okrctl.check.incremental import workers
from okrctl.check.incremental.check_cache import Pairs
from okrctl.check.incremental.scan import IncrementalCheck
from okrctl.check.incremental.workers import CYCLE_CODE, UNRESOLVED_CODE, Batch
from okrctl.check.runner import MAX_PER_RULE_AND_FILE
from okrctl.check.unknown_reference_help import MAX_EXPLAINED
from okrctl.files import SETTINGS_NAME
from okrctl.kpis import count
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import Elsewhere, KpiCount, NodePosition, packed

BATCH_COUNT = 16  # batches that a workspace is divided into, each with the files that it needs
MAX_RECHECKED = 1000  # files that the rules check in a moment

Dependencies = Mapping[str, FileDependencies]


def find_diagnostics(check: IncrementalCheck) -> list[Diagnostic] | None:
    """Return the diagnostics in order, None where the files have to be read as a whole."""
    if not _has_consistent_periods(check.dependencies.values()):
        return None
    diagnostics = None
    # A score by hand without a reason is compared with the scores of all files.
    if not any(file.has_unexplained_score for file in check.dependencies.values()):
        diagnostics = _recheck_affected(check)
        if diagnostics is None:
            diagnostics = _check_batches(check)
    return _check_all(check) if diagnostics is None else sorted(diagnostics, key=_sort_key)


def _has_consistent_periods(dependencies: Iterable[FileDependencies]) -> bool:
    """Whether each period has the same dates in all files; if not, the first file that names it decides."""
    periods = {file.period for file in dependencies}
    return len({period.partition(" ")[0] for period in periods}) == len(periods)


def _sort_key(diagnostic: Diagnostic) -> tuple[object, str]:
    """The order of all diagnostics; findings at one line of a CSV file are ordered by the files that name it."""
    return diagnostic.sort_key, workers.home_of(diagnostic) or ""


def _recheck_affected(check: IncrementalCheck) -> list[Diagnostic] | None:
    """Return the last diagnostics, renewed where a change may affect them; None where that is not certain."""
    before, last = check.known.dependencies, check.known.diagnostics
    if last is None or not _can_be_renewed(check, last):
        return None
    removed = before.keys() - check.dependencies.keys()
    old = {path: before[path] for path in (*check.changed, *removed) if path in before}
    new = {path: check.dependencies[path] for path in check.changed}
    graph = DependencyGraph(
        [*check.dependencies.items(), *old.items()], chain(_all_pairs(check.pairs), _all_pairs(check.known.pairs))
    )
    affected = _affected_files(check, graph, old, new, removed)
    unaffected = check.dependencies.keys() - affected
    kept = [diagnostic for diagnostic in last if workers.home_of(diagnostic) in unaffected]
    # The hint of an unresolved reference names what else may be meant.
    if _referable_names(old) != _referable_names(new) and _count_code(kept, UNRESOLVED_CODE):
        return None
    batch = _build_batch(check, affected | {SETTINGS_NAME}, graph.required_inputs(affected))
    found = workers.check_batch(batch) if len(batch.files) <= MAX_RECHECKED else None
    return None if found is None else kept + found


def _can_be_renewed(check: IncrementalCheck, diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether each finding depends on no files but its neighbours.

    A cycle may lead through any file. And beyond a number of unresolved references the rest have no hint, so that a
    change in one file may alter the text of a finding in any other. So may the first goal of a team that is elsewhere.
    """
    if _elsewhere(check, check.known.dependencies).teams != _elsewhere(check).teams:
        return False
    findings = list(diagnostics)
    return not _count_code(findings, CYCLE_CODE) and _count_code(findings, UNRESOLVED_CODE) < MAX_EXPLAINED


def _count_code(diagnostics: Iterable[Diagnostic], code: str) -> int:
    return sum(diagnostic.code == code for diagnostic in diagnostics)


def _affected_files(
    check: IncrementalCheck, graph: DependencyGraph, old: Dependencies, new: Dependencies, removed: Iterable[str]
) -> set[str]:
    """Return the files whose findings the changes may alter; `old` and `new` are of the files that changed."""
    affected = set(graph.affected([*check.changed, *removed]))
    affected |= _kpi_count_paths(check, check.known.dependencies) | _kpi_count_paths(check, check.dependencies)
    affected |= _changed_pair_paths(check)
    # A broken file may hide nodes, and references to hidden nodes are not reported as unresolved.
    if any(file.may_hide_nodes for file in chain(new.values(), old.values())):
        affected |= graph.possibly_unresolved()
    return affected


def _referable_names(files: Dependencies) -> dict[str, object]:
    """Return what references can lead to, file by file."""
    return {path: (file.period, file.names, file.key_result_ids) for path, file in files.items()}


def _all_pairs(pairs: Pairs) -> Iterator[tuple[NodePosition, NodePosition]]:
    return chain.from_iterable(pairs.values())


def _kpi_count_paths(check: IncrementalCheck, dependencies: Dependencies) -> set[str]:
    """Return the files with the KPIs at which findings about all KPIs are reported."""
    counts, limit = _kpi_counts(dependencies), check.task.context.config.limit("kpis")
    places = (
        count.locate_kpi(counts, 0, "total"),
        count.locate_kpi(counts, limit, "total"),
        count.locate_kpi(counts, 0, "bounded"),
    )
    return {place[0] for place in places if place is not None}


def _kpi_counts(dependencies: Dependencies) -> dict[str, KpiCount]:
    return {path: file.kpi_count for path, file in dependencies.items() if file.kpi_count.total}


def _changed_pair_paths(check: IncrementalCheck) -> set[str]:
    """Return the files with titles that are similar now and were not, or were and are not."""
    now, before = check.pairs, check.known.pairs
    periods = [period for period in {*now, *before} if now.get(period) is not before.get(period)]
    different = (set(now.get(period, ())) ^ set(before.get(period, ())) for period in periods)
    return {path for pair in chain.from_iterable(different) for path, *_ in pair}


def _check_batches(check: IncrementalCheck) -> list[Diagnostic] | None:
    """Return what several processes find in their shares of the files; None where shares need nearly all files."""
    graph = DependencyGraph(check.dependencies.items(), _all_pairs(check.pairs))
    if graph.unresolved(_elsewhere(check)):
        return None
    shares = _split_paths(check.dependencies)
    batches = [_build_batch(check, share, graph.required_inputs(share)) for share in shares]
    batches[0] = batches[0]._replace(checked=batches[0].checked | {SETTINGS_NAME})
    if sum(len(batch.files) for batch in batches) > 2 * len(check.dependencies):
        return None
    results = list(check.pool.map(workers.check_batch, batches, parallel=True))
    if any(result is None for result in results):
        return None
    diagnostics = list(chain.from_iterable(filter(None, results)))
    # Several batches may have found something in one CSV file, together more than one check reports.
    counts = Counter((diagnostic.code, diagnostic.path) for diagnostic in diagnostics)
    return None if any(number > MAX_PER_RULE_AND_FILE for number in counts.values()) else diagnostics


def _split_paths(dependencies: Dependencies) -> list[set[str]]:
    """Return all files in shares of about the same size, those of a team together."""
    groups: dict[str, list[str]] = {}
    for path, file in dependencies.items():
        groups.setdefault(file.team if file.period else path, []).append(path)
    shares: list[set[str]] = [set()]
    for group in groups.values():
        if BATCH_COUNT * len(shares[-1]) >= len(dependencies):
            shares.append(set())
        shares[-1].update(group)
    return shares


def _build_batch(check: IncrementalCheck, checked: Iterable[str], needed: Iterable[str]) -> Batch:
    """Return a batch of those files that exist.

    If comments suppress findings in a checked file, broken files that may hide nodes belong to the batch too: a
    suppression of a finding that they hide does not count as unused.
    """
    own = frozenset(checked)
    has_suppressions = any(file.has_suppressions for path, file in check.dependencies.items() if path in own)
    hiding = (path for path, file in check.dependencies.items() if file.may_hide_nodes and has_suppressions)
    paths = sorted({*needed, *hiding} & check.dependencies.keys())
    listed = [(path, check.listed[path], check.stub(path)) for path in paths]
    pairs = [pair for pair in _all_pairs(check.pairs) if pair[0][0] in own]
    return Batch(own, listed, pairs, _kpi_counts(check.dependencies), _elsewhere(check))


def _elsewhere(check: IncrementalCheck, dependencies: Dependencies | None = None) -> Elsewhere:
    """Return what `elsewhere:` comes to now, or with these dependencies."""
    return find_elsewhere(check.task.config, (check.dependencies if dependencies is None else dependencies).values())


def _check_all(check: IncrementalCheck) -> list[Diagnostic] | None:
    """Return what the rules find in all files at once, None where they need more of the files than packed ones hold."""
    task = check.task
    with workers.pause_collector():
        restored = workers.restore_workspace(
            task, ((path, problem, check.stub(path)) for path, problem in check.listed.items())
        )
        if not packed.is_sufficient(restored.files):
            return None
        restored.similar_titles, restored.kpi_counts = list(_all_pairs(check.pairs)), _kpi_counts(check.dependencies)
        restored.elsewhere = _elsewhere(check)
        return runner.run_rules(restored, task.context, is_unlimited=task.is_unlimited)
