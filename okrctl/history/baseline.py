"""Finds what was agreed for a period, and what today's readings amount to under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from okrctl import git, scoring, workspace
from okrctl.git import Commit, Repository
from okrctl.git.repository import UNSHALLOW_HINT
from okrctl.history import diff, snapshot
from okrctl.history.deleted import LastKnownStates
from okrctl.history.diff import Change, describe, identity
from okrctl.history.diff.normalize import is_same_measure_kind
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import BaselineDifference, BaselineScore, Scorecard
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.values.quantity import round_number
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Workspace
from okrctl.yaml import Source, decode

NO_GIT_REASON = "without a git repository nobody knows what was agreed"


@dataclass(frozen=True)
class Baseline:
    """The agreed form of a period: its commit, the workspace as agreed with today's readings, what moved since."""

    commit: Commit
    period: Period
    workspace: Workspace
    changes: list[Change]


class Baselines:
    """The agreed forms of the periods of one workspace; `commit` is the one that the workspace is known at."""

    def __init__(self, repository: Repository | None, now: Workspace, commit: str | None = None) -> None:
        self.repository = repository
        self.now = now
        self.head = commit or "HEAD"
        self.at_commit = commit
        self.is_certain = repository is not None  # that git could be asked, and no answer of it was an error
        self._first_parents: list[Commit] | None = None

    def find(self, period: Period) -> Baseline | str:
        """The agreed form, or the reason why there is none."""
        if self.repository is None:
            return NO_GIT_REASON
        try:
            return self._find_baseline(self.repository, period)
        except OkrctlError as error:
            self.is_certain = False
            return f"{error.message}; {error.hint}"

    def _find_baseline(self, repository: Repository, period: Period) -> Baseline | str:
        found = self._find_commit(repository, period)
        if found is None:
            return f"no commit holds {period.id} yet, so that nothing of it is agreed"
        commit, then = found
        if then.broken_files:
            file, message = then.broken_files[0]
            return f"what was agreed for {period.id} cannot be read: {file.path} at {commit.id[:10]}: {message}"
        _load_referenced_periods(then, self.now, period)
        moved = [
            one
            for one in diff.compare(then, self.now, readings=False)
            if _belongs_to(one, period) and one.effect is not None
        ]
        _take_current_readings(repository, then, self.now, commit.id, self.at_commit)
        return Baseline(commit, next(one for one in then.periods if one.id == period.id), then, moved)

    def _find_commit(self, repository: Repository, period: Period) -> tuple[Commit, Workspace] | None:
        """The newest commit of the time for agreeing that holds the period, else the first one that does."""
        if self._first_parents is None:
            self._first_parents = repository.first_parent_commits(self.head)
        last = _agreement_deadline(period, self.now.config)
        early = [number for number, commit in enumerate(self._first_parents) if commit.day <= last]
        if early:
            newest = self._first_parents[early[0]]
            then = self._load_at(repository, newest)
            if has_period(then, period):
                return newest, then
        if repository.shallow:
            raise OkrctlError(f"the clone does not reach back to what was agreed for {period.id}", UNSHALLOW_HINT)
        found = _find_first_commit_with(repository, self._first_parents, early, period, self.now.config)
        return (found, self._load_at(repository, found)) if found else None

    def _load_at(self, repository: Repository, commit: Commit) -> Workspace:
        waiting = self.now.deferred_files if self.now.deferred_files else None
        wants = None if waiting is None else lambda period: period.id not in waiting
        return snapshot.load_snapshot(repository, commit.id, self.now.config, [self.now], wants)


def _load_referenced_periods(then: Workspace, now: Workspace, period: Period) -> None:
    """Let the objectives of all periods come in, in both states, that a period leads to in one of them."""
    if then.deferred_files or now.deferred_files:
        done, wanted = set[str](), {period.id}
        while wanted - done:
            done |= wanted
            for state in (then, now):
                for name in done:
                    state.load_period(name)
                wanted |= state.load_referenced()


def score_with_baseline(
    agreements: Baselines, period: Period, day: date, *, agreed: bool
) -> tuple[Scorecard, list[str]]:
    """The scorecard of a period together with what was agreed, or with `instead` by what was agreed; and what to say.

    OkrctlError where the latter is wanted and nothing is agreed.
    """
    card = scoring.build_scorecard(agreements.now, period, day)
    found = agreements.find(period)
    if isinstance(found, str):
        if agreed:
            raise OkrctlError(f"{period.id} cannot be scored by what was agreed: {found}", "leave --agreed out")
        return card, [f"{period.id}: no score by what was agreed: {found}"]
    then = scoring.build_scorecard(found.workspace, found.period, day)
    differences = [
        BaselineDifference(one.ref, one.kind, one.field, one.old, one.new, one.effect) for one in found.changes
    ]
    card.agreed = then.agreed = BaselineScore(found.commit.id, found.commit.day, then.score, differences)
    return then if agreed else card, describe_baseline(card)


def describe_baseline(card: Scorecard) -> list[str]:
    """Both figures and the reason, where a period scores otherwise than was agreed or a target has moved."""
    agreed = card.agreed
    if agreed is None or (agreed.score == card.score and not agreed.goalpost_moves):
        return []
    told = [
        f"{one.ref.removeprefix(card.period.id + '/')}: "
        + describe.describe_change(one.kind, one.field, one.agreed, one.now, one.effect)
        for one in agreed.goalpost_moves or agreed.differences
    ]
    figures = f"{_format_score(card.score)} now, {_format_score(agreed.score)} by what was agreed"
    return [f"{card.period.id} scores {figures} on {agreed.day} ({agreed.commit[:10]}): {'; '.join(told)}"]


def _format_score(score: Fraction | None) -> str:
    return "-" if score is None else format(round_number(score, 2), "f")


def has_period(then: Workspace, period: Period) -> bool:
    """Whether a workspace has a file of the period."""
    return any(file.period is not None and file.period.id == period.id for file in then.files)


def _agreement_deadline(period: Period, config: Config) -> date:
    try:
        return period.start + timedelta(days=config.scoring.agree_days)
    except OverflowError:
        return date.max


def _belongs_to(one: Change, period: Period) -> bool:
    return one.ref.startswith(f"{period.id}/")


def _find_first_commit_with(
    repository: Repository, line: list[Commit], early: list[int], period: Period, config: Config
) -> Commit | None:
    """Where the newest early commit lacks the period: the one before its files went, else the one that brought them."""
    wants = snapshot.path_filter(config.include, config.exclude)
    steps = {step.commit.id: step for step in repository.history(commit=line[0].id)} if line else {}

    def brought(ids: Iterable[str | None]) -> bool:
        blobs = repository.read_blobs(name for name in ids if name)
        return any(data is not None and _is_period_file(data, period, config) for _, data in blobs)

    def changed(commit: Commit) -> list[git.FileChange]:
        step = steps.get(commit.id)
        return [one for one in step.changes if wants(one.path) or wants(one.old_path or one.path)] if step else []

    for number in early[1:]:
        if line[number - 1].id in steps and brought(one.old_id for one in changed(line[number - 1])):
            return line[number]
    later = line[: early[0]] if early else line
    return next((one for one in reversed(later) if brought(change.new_id for change in changed(one))), None)


def _is_period_file(data: bytes, period: Period, config: Config) -> bool:
    if period.id.encode() not in data:
        return False
    found = decode("", data)
    if not isinstance(found, Source):
        return False
    file = workspace.read_file(found, config)
    return file.period is not None and file.period.id == period.id


def _take_current_readings(
    repository: Repository, then: Workspace, now: Workspace, since: str, known_at: str | None
) -> None:
    """Give the agreed key results what is known of them today; what is gone keeps the last that was known of it."""
    pairs = identity.pair_nodes(then, now)
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
        last = LastKnownStates(repository, then.config, since, known_at)
        for old, found in last.find(missing, lambda one, other: _has_comparable_readings(one, other, then, then)):
            _copy_readings(old, found)
    _take_current_kpis(then, now, pairs)


def _has_comparable_readings(old: KeyResult, new: KeyResult, then: Workspace, now: Workspace) -> bool:
    """Whether the readings of one are readings of the other: judged alike, counted alike, from the same source."""
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
    """KPIs are not agreed on: those of today count, also under the names that they had."""
    gone = [old for old, new in pairs.kpis if old is not None and new is None]
    renamed = {old.id: new for old, new in pairs.kpis if old is not None and new is not None}
    then.kpi_nodes = [*now.kpi_nodes, *gone]
    then.kpis = {**{one.id: one for one in gone}, **renamed, **now.kpis}
