"""The agreed baseline of a period, and the scores of current readings against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from okrctl import git, scoring, workspace
from okrctl.git import Commit, Repository
from okrctl.git.repository import UNSHALLOW_HINT
from okrctl.history import diff, snapshot
from okrctl.history.deleted import LastKnownStates
from okrctl.history.diff import Change, describe, identity
from okrctl.history.diff.identity import LaterRefs
from okrctl.history.diff.normalize import is_same_measure_kind
from okrctl.history.lineage import trace_refs
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import BaselineDifference, BaselineScore, Scorecard
from okrctl.values.errors import GitError, OkrctlError
from okrctl.values.path_filters import IncludedPaths
from okrctl.values.period import Period
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Workspace
from okrctl.workspace.index import FileIndex
from okrctl.yaml import Source, decode

NO_GIT_REASON = "the workspace is not in a git repository"


@dataclass(frozen=True)
class Baseline:
    """The agreed state of a period: its commit, the workspace of then with the current readings, the changes since."""

    commit: Commit
    period: Period
    workspace: Workspace
    changes: list[Change]


class Baselines:
    """The baselines of the periods of one workspace, which is that of `commit`, or of the files on disk for None.

    `problem` says why there is no repository where git is missing or refuses to read it.
    """

    def __init__(
        self, repository: Repository | None, now: Workspace, commit: str | None = None, problem: str | None = None
    ) -> None:
        self.repository = repository
        self.problem = problem or NO_GIT_REASON
        self.now = now
        self.head = commit or "HEAD"
        self.at_commit = commit
        self.is_certain = repository is not None  # whether git was read without an error
        self.clock_notes: list[str] = []  # of commits that count on another side of a deadline than their dates say
        self._first_parents: list[Commit] | None = None

    def find(self, period: Period) -> Baseline | str:
        """The baseline of a period, or the reason why there is none."""
        if self.repository is None:
            return self.problem
        try:
            return self._find_baseline(self.repository, period)
        except OkrctlError as error:
            self.is_certain = False
            return f"{error.message}; {error.hint}"

    def _find_baseline(self, repository: Repository, period: Period) -> Baseline | str:
        agreed = self._find_commit(repository, period)
        if agreed is None:
            return f"no commit has {period.id} yet"
        commit, then = agreed
        if then.broken_files:
            file, message = then.broken_files[0]
            return f"the agreed version of {period.id} cannot be read: {file.path} at {commit.id[:10]}: {message}"
        _load_referenced_periods(then, self.now, period)
        later = trace_refs(repository, then, self.now, (commit.id, self.at_commit))
        changes = [
            change
            for change in diff.compare(then, self.now, readings=False, later=later)
            if change.ref.startswith(f"{period.id}/") and change.effect is not None
        ]
        _take_current_readings(repository, then, self.now, (commit.id, self.at_commit), later)
        return Baseline(commit, next(known for known in then.periods if known.id == period.id), then, changes)

    def _find_commit(self, repository: Repository, period: Period) -> tuple[Commit, Workspace] | None:
        """The newest commit up to the deadline for agreeing that has the period, else the first one that has it."""
        if self._first_parents is None:
            self._first_parents = repository.first_parent_commits(self.head)
        last = self.now.config.scoring.last_agreement_day(period)
        self._note_clocks(self._first_parents, last)
        early = [number for number, commit in enumerate(self._first_parents) if commit.day <= last]
        if early:
            newest = self._first_parents[early[0]]
            then = self._load_at(repository, newest)
            if has_period(then, period):
                return newest, then
        if repository.is_shallow:
            raise GitError(f"the commit with the agreed version of {period.id} is missing", UNSHALLOW_HINT)
        now = self.now
        first = find_first_commit_with(repository, self._first_parents, early, period, now.config, now.index)
        return (first, self._load_at(repository, first)) if first else None

    def _note_clocks(self, commits: Iterable[Commit], last: date) -> None:
        """Note the commits that are agreed or not only because their dates are not believed."""
        for commit in commits:
            if (commit.own_day <= last) != (commit.day <= last) and commit.clock_note not in self.clock_notes:
                self.clock_notes.append(commit.clock_note)

    def _load_at(self, repository: Repository, commit: Commit) -> Workspace:
        deferred = self.now.deferred_files if self.now.deferred_files else None
        wants = None if deferred is None else lambda period: period.id not in deferred
        return snapshot.load_snapshot(repository, commit.id, self.now.config, [self.now], wants)


def _load_referenced_periods(then: Workspace, now: Workspace, period: Period) -> None:
    """Load, in both states, the objectives of all periods to which a period refers in one of them."""
    if then.deferred_files or now.deferred_files:
        loaded, referenced = set[str](), {period.id}
        while referenced - loaded:
            loaded |= referenced
            for state in (then, now):
                for name in loaded:
                    state.load_period(name)
                referenced |= state.load_referenced()


def score_with_baseline(
    baselines: Baselines, period: Period, day: date, *, agreed: bool
) -> tuple[Scorecard, list[str]]:
    """The scorecard of a period with its baseline, or with `agreed` the scorecard of the baseline; and messages.

    OkrctlError with `agreed` where there is no baseline.
    """
    card = scoring.build_scorecard(baselines.now, period, day)
    baseline = baselines.find(period)
    if isinstance(baseline, str):
        if agreed:
            raise GitError(f"{period.id} cannot be scored against the agreed version: {baseline}", "omit --agreed")
        return card, [f"{period.id}: no score against the agreed version: {baseline}"]
    then = scoring.build_scorecard(baseline.workspace, baseline.period, day)
    clock_notes, baselines.clock_notes = baselines.clock_notes, []
    differences = [
        BaselineDifference(change.ref, change.kind, change.field, change.old, change.new, change.effect)
        for change in baseline.changes
    ]
    card.agreed = then.agreed = BaselineScore(baseline.commit.id, baseline.commit.day, then.score, differences)
    return then if agreed else card, [*clock_notes, *describe_baseline(card)]


def describe_baseline(card: Scorecard) -> list[str]:
    """A message with both scores and the changes; empty where the scores are the same and no goalpost moved."""
    agreed = card.agreed
    if agreed is None or (agreed.score == card.score and not agreed.goalpost_moves):
        return []
    changes = [
        f"{change.ref.removeprefix(card.period.id + '/')} "
        + describe.describe_change(change.kind, change.field, change.agreed, change.now, change.effect)
        for change in agreed.goalpost_moves or agreed.differences
    ]
    now, then = card.precision.score(card.score), card.precision.score(agreed.score)
    against = f"against the version agreed on {agreed.day} ({agreed.commit[:10]})"
    return [f"{card.period.id} scores {now} now, {then} {against}: {'; '.join(changes)}"]


def has_period(then: Workspace, period: Period) -> bool:
    """Whether a workspace has a file of the period."""
    return any(file.period is not None and file.period.id == period.id for file in then.files)


def find_first_commit_with(
    repository: Repository, commits: list[Commit], early: list[int], period: Period, config: Config,
    index: FileIndex | None = None,
) -> Commit | None:  # fmt: skip
    """The agreed commit where the newest commit up to the deadline lacks the period; `early` numbers those commits.

    That is the last one before the files of the period were deleted, else the first later one that added them.
    """
    wants = IncludedPaths(config.include, config.exclude)
    steps = {step.commit.id: step for step in repository.history(commit=commits[0].id, wants=wants)} if commits else {}

    def has_period_file(found: Iterable[tuple[str, str | None]]) -> bool:
        """Whether one of these blobs by their paths is such a file; a path that names the period is the likeliest."""
        blobs = [(period.id in path, name) for path, name in found if name]
        likely, others = ([name for is_likely, name in blobs if is_likely is wanted] for wanted in (True, False))
        contents = chain.from_iterable(repository.read_blobs(names) for names in (likely, others))
        return any(data is not None and _is_period_file(data, period, config, index) for _, data in contents)

    def file_changes(commit: Commit) -> list[git.FileChange]:
        changes = steps[commit.id].changes if commit.id in steps else ()
        return [change for change in changes if wants(change.path) or wants(change.old_path or change.path)]

    for number in early[1:]:
        if has_period_file(
            (change.old_path or change.path, change.old_id) for change in file_changes(commits[number - 1])
        ):
            return commits[number]
    later = reversed(commits[: early[0]] if early else commits)
    added = ((commit, ((change.path, change.new_id) for change in file_changes(commit))) for commit in later)
    return next((commit for commit, blobs in added if has_period_file(blobs)), None)


def _is_period_file(data: bytes, period: Period, config: Config, index: FileIndex | None) -> bool:
    if period.id.encode() not in data:
        return False
    source = decode("", data)
    if not isinstance(source, Source):
        return False
    (file,) = workspace.read_files([source], config, index)
    return file.period is not None and file.period.id == period.id


def _take_current_readings(
    repository: Repository, then: Workspace, now: Workspace, commits: tuple[str, str | None], later: LaterRefs
) -> None:
    """Copy the current readings and scores to the agreed key results.

    A key result that was deleted or is measured otherwise now gets the last readings that it had before.
    """
    pairs = identity.pair_nodes(then, now, later)
    missing = []
    for old, new in pairs.key_results:
        if old is None:
            continue
        if new is not None and _has_comparable_readings(old, new, then, now):
            _copy_readings(old, new)
        else:
            missing.append(old)
        if new is not None:
            old.model = old.model.model_copy(update={"score": new.model.score})
    for old_objective, new_objective in pairs.objectives:
        if old_objective and new_objective:
            score = {"score": new_objective.model.score}
            old_objective.model = old_objective.model.model_copy(update=score)
    if missing:
        states = LastKnownStates(repository, then, commits, later)
        for old, last in states.find(missing, lambda old, last: _has_comparable_readings(old, last, then, then)):
            _copy_readings(old, last)
    _take_current_kpis(then, now, pairs)


def _has_comparable_readings(old: KeyResult, new: KeyResult, then: Workspace, now: Workspace) -> bool:
    """Whether readings of the new key result suit the old one: the same kind of measure, unit and source."""
    return (
        is_same_measure_kind(old, new)
        and all(bool(getattr(old.model, key, None)) == bool(getattr(new.model, key, None)) for key in ("kpi", "rollup"))
        and (then.unit(old) is None or now.unit(new) is None or is_same_unit(then.unit(old), now.unit(new)))
    )


def _copy_readings(old: KeyResult, new: KeyResult) -> None:
    old.readings, old.csv = new.readings, new.csv
    state = old.measure.with_current_state(old.model, new.model)
    if state:
        old.model = old.model.model_copy(update=state)


def _take_current_kpis(then: Workspace, now: Workspace, pairs: identity.NodePairs) -> None:
    """Use the current KPIs, also under their former ids: KPIs are not agreed on."""
    removed = [old for old, new in pairs.kpis if old is not None and new is None]
    renamed = {old.id: new for old, new in pairs.kpis if old is not None and new is not None}
    then.kpi_nodes = [*now.kpi_nodes, *removed]
    then.kpis = {**{kpi.id: kpi for kpi in removed}, **renamed, **now.kpis}
