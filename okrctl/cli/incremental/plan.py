"""Finds the answer of a large check: out of the last one, or batch by batch, or from the workspace as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from okrctl.check import runner
from okrctl.check.dependencies import Net, Ties
from okrctl.check.runner import MOST_ALIKE
from okrctl.check.unknown_reference_help import MOST_EXPLAINED
from okrctl.cli.incremental import workers
from okrctl.cli.incremental.memory import Pairs
from okrctl.cli.incremental.workers import ASTRAY, RING, Batch
from okrctl.files import SETTINGS
from okrctl.kpis import count
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import KpiCount, Place, stubs

if TYPE_CHECKING:
    from okrctl.cli.incremental.scan import Sweep

BATCHES = 16  # into which a workspace is divided, each with the files that it needs
FEW = 1000  # files over which the rules run in a moment


def found(sweep: Sweep) -> list[Diagnostic] | None:
    """The diagnostics in order; None where the files have to be read as a whole."""
    if not _agree_on_periods(sweep.ties.values()):
        return None
    answer = None
    if not any(one.unexplained for one in sweep.ties.values()):  # such a score is compared with that of all files
        answer = _again(sweep)
        if answer is None:
            answer = _in_batches(sweep)
    return _as_one(sweep) if answer is None else sorted(answer, key=_order)


def _agree_on_periods(ties: Iterable[Ties]) -> bool:
    """Whether each period means one stretch of days; where it does not, the first file that names it decides."""
    periods = {one.period for one in ties}
    return len({one.partition(" ")[0] for one in periods}) == len(periods)


def _order(one: Diagnostic) -> tuple[object, str]:
    """That of all diagnostics; files that share a line of a CSV file come one after the other."""
    return one.order, one.home.path if one.home is not None else ""


def _again(sweep: Sweep) -> list[Diagnostic] | None:
    """The last answer, mended where a change may concern it; None where that says too little."""
    before, last = sweep.memory.ties, sweep.memory.found
    if last is None or any(one.code == RING for one in last):
        return None
    if sum(one.code == ASTRAY for one in last) >= MOST_EXPLAINED:  # of so many not each is told what is meant
        return None
    gone = [path for path in before if path not in sweep.ties]
    old = [(path, before[path]) for path in (*sweep.changed, *gone) if path in before]
    net = Net([*sweep.ties.items(), *old], chain(_flat(sweep.pairs), _flat(sweep.memory.pairs)))
    only = net.concerned([*sweep.changed, *gone])
    only |= _counted(sweep, before) | _counted(sweep, sweep.ties) | _paired_otherwise(sweep)
    now = {path: sweep.ties[path] for path in sweep.changed}
    if any(one.hides for one in chain(now.values(), dict(old).values())):  # hidden references that lead nowhere
        only |= net.perhaps_astray()
    unconcerned = sweep.ties.keys() - only
    known = [one for one in last if one.home is not None and one.home.path in unconcerned]
    if _names(dict(old)) != _names(now) and any(one.code == ASTRAY for one in known):  # it says what may be meant
        return None
    batch = _batch(sweep, only | {SETTINGS}, net.needed(only))
    new = workers.judged(batch) if len(batch.files) <= FEW else None
    return None if new is None else known + new


def _names(files: Mapping[str, Ties]) -> dict[str, object]:
    """What references can lead to, file by file."""
    return {path: (one.period, one.names, one.results) for path, one in files.items()}


def _flat(pairs: Pairs) -> Iterator[tuple[Place, Place]]:
    return chain.from_iterable(pairs.values())


def _counted(sweep: Sweep, ties: Mapping[str, Ties]) -> set[str]:
    """The files with the KPIs at which findings on all KPIs are shown."""
    counts, limit = _counts(ties), sweep.task.context.config.limit("kpis")
    places = (count.locate(counts, 0, "whole"), count.locate(counts, limit, "whole"), count.locate(counts, 0, "kept"))
    return {place[0] for place in places if place is not None}


def _counts(ties: Mapping[str, Ties]) -> dict[str, KpiCount]:
    return {path: one.kpis for path, one in ties.items() if one.kpis.whole}


def _paired_otherwise(sweep: Sweep) -> set[str]:
    """The files with titles that are alike now and were not, or were and are not."""
    now, before = sweep.pairs, sweep.memory.pairs
    periods = [period for period in {*now, *before} if now.get(period) is not before.get(period)]
    different = (set(now.get(one, ())) ^ set(before.get(one, ())) for one in periods)
    return {path for pair in chain.from_iterable(different) for path, *_ in pair}


def _in_batches(sweep: Sweep) -> list[Diagnostic] | None:
    """What several processes find, each in its share of the files; None where one needs nearly all of them."""
    net = Net(sweep.ties.items(), _flat(sweep.pairs))
    if net.astray():
        return None
    batches = [_batch(sweep, only, net.needed(only)) for only in _shares(sweep.ties)]
    batches[0] = batches[0]._replace(only=batches[0].only | {SETTINGS})
    if sum(len(one.files) for one in batches) > 2 * len(sweep.ties):
        return None
    answers = list(sweep.crew.each(workers.judged, batches, much=True))
    if any(answer is None for answer in answers):
        return None
    found = list(chain.from_iterable(filter(None, answers)))
    of_one_rule = Counter((one.code, one.path) for one in found)  # batches may have found them in one CSV file
    return None if any(number > MOST_ALIKE for number in of_one_rule.values()) else found


def _shares(ties: Mapping[str, Ties]) -> list[set[str]]:
    """All files in shares of about one size, those of a team together."""
    groups: dict[str, list[str]] = {}
    for path, one in ties.items():
        groups.setdefault(one.team if one.period else path, []).append(path)
    shares: list[set[str]] = [set()]
    for group in groups.values():
        if BATCHES * len(shares[-1]) >= len(ties):
            shares.append(set())
        shares[-1].update(group)
    return shares


def _batch(sweep: Sweep, only: Iterable[str], needed: Iterable[str]) -> Batch:
    """A batch of the files that are there.

    Where comments suppress something it has those too that may hide something, for what they hide is not suppressed.
    """
    alone = frozenset(only)
    commented = any(one.comments for path, one in sweep.ties.items() if path in alone)
    hiding = (path for path, one in sweep.ties.items() if one.hides and commented)
    paths = sorted({*needed, *hiding} & sweep.ties.keys())
    found = [(path, sweep.listed[path], sweep.left(path)) for path in paths]
    pairs = [pair for pair in _flat(sweep.pairs) if pair[0][0] in alone]
    return Batch(alone, found, pairs, _counts(sweep.ties))


def _as_one(sweep: Sweep) -> list[Diagnostic] | None:
    """What the rules find in all files at once; None where more is needed of them than is left."""
    task = sweep.task
    with workers.undisturbed():
        opened = workers.restored(task, ((path, fault, sweep.left(path)) for path, fault in sweep.listed.items()))
        if not stubs.suffice(opened.files):
            return None
        opened.alike, opened.counts = list(_flat(sweep.pairs)), _counts(sweep.ties)
        return runner.check(opened, task.context, every=task.every)
