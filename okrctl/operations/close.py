"""Closes a period: records its outcomes, and seals its scorecard."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from okrctl import files, git, scoring
from okrctl.analysis import filters
from okrctl.analysis.filters import Selection
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.history.seals import seal
from okrctl.history.seals.payload import seal_figures
from okrctl.history.seals.seal import OUTCOMES, SealContext, seal_path
from okrctl.history.seals.store import load_reopenings, load_seal, sealed_commit, uncommitted_paths
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.load import Loaded, load_baselines, load_workspace, requested_periods
from okrctl.operations.project import Project
from okrctl.operations.record import workspace_with
from okrctl.operations.retrospective import retrospective_lines
from okrctl.operations.transaction import group_by_work_tree
from okrctl.operations.unrecorded import UnrecordedGoal, unrecorded_goals
from okrctl.operations.workspaces import relative_path
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard, Scorecards
from okrctl.values import suggestions
from okrctl.values.errors import (
    AmbiguousError,
    ConfirmError,
    ConflictError,
    GitError,
    NotFoundError,
    OkrctlError,
    RefusedError,
    UsageError,
)
from okrctl.values.period import Period, describe
from okrctl.workspace import Workspace
from okrctl.workspace.references import matches_ending
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, WritePlan, build_plan, edit


class ClosablePeriod(NamedTuple):
    """A period that may be closed, with its scorecard as the files are now, and its goals that moved unrecorded."""

    workspace: Workspace
    period: Period
    scorecard: Scorecard
    unrecorded: Sequence[UnrecordedGoal] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A person's judgement of an objective: whether it was reached, what was learned, or one of both."""

    objective: ObjectiveScore
    outcome: str | None = None
    retrospective: str | None = None

    @property
    def summary(self) -> str:
        """What will be written, in words."""
        parts = [f"outcome {self.outcome}" if self.outcome else "", "retrospective" if self.retrospective else ""]
        return f"{self.objective.node.ref}: {', '.join(part for part in parts if part)}"

    @property
    def edits(self) -> list[Edit]:
        """The edits of the objective's file."""
        route = self.objective.node.route
        edits: list[Edit] = []
        if self.outcome:
            edits.append(SetValue((*route, "outcome"), self.outcome))
        if self.retrospective:
            edits.append(SetValue((*route, "retrospective"), Prose(self.retrospective)))
        return edits


class ClosePreview(NamedTuple):
    """A period as it will be closed: the workspace with the outcomes, its scorecard, and the findings to seal.

    `shown` is what a person sees before the seal is written; `outcomes` is the plan that writes the outcomes.
    """

    before: Workspace
    after: Workspace
    scorecard: Scorecard
    shown: Scorecards
    findings: list[str]
    outcomes: WritePlan


def find_closable(project: Project, name: str, *, force: bool = False, git_tag: bool = False) -> ClosablePeriod:
    """Return a period that may be closed; raises OkrctlError where it is closed, or not over and not forced."""
    loaded = Loaded(load_workspace(project), None, project.today)
    [period] = requested_periods(project, loaded, [name])
    _require_closable(project, loaded.workspace, period, force)
    if git_tag:
        _require_free_tag(project, period)
    unrecorded = unrecorded_goals(project, load_baselines(project, loaded), period)
    return ClosablePeriod(loaded.workspace, period, _scorecard(project, loaded.workspace, period), unrecorded)


def _require_closable(project: Project, workspace: Workspace, period: Period, force: bool) -> None:
    if load_seal(project.root, period.id) is not None:
        raise RefusedError(
            f"{period.id} is already closed: {seal_path(period.id)}",
            f"`okrctl verify {period.id}` compares it with the files; "
            f"`okrctl reopen {period.id} --reason TEXT` reopens it",
        )
    if project.today < period.start:
        raise RefusedError(f"{describe(period)} has not started", "there is nothing to close yet")
    if project.today <= period.end and not force:
        raise ConfirmError(f"{describe(period)} is still running", "close it when it is over, or use --force")
    last = workspace.config.scoring.last_closing_day(period)
    if period.end < project.today < last:
        project.notify(f"readings of {period.id} would still count until {last}, but not after the close")


def _require_free_tag(project: Project, period: Period) -> None:
    """Raise OkrctlError where the tag cannot be made, before anything is written."""
    if project.repository is None:
        raise GitError("no git repository to tag", "run git init, or leave out --git-tag")
    if project.repository.find_commit_id(f"refs/tags/okrs-{period.id}"):
        raise ConflictError(f"the tag 'okrs-{period.id}' already exists", f"git tag -d okrs-{period.id} deletes it")


def _scorecard(project: Project, workspace: Workspace, period: Period) -> Scorecard:
    return scoring.build_scorecard(workspace, period, scoring.default_day(period, project.today, workspace.config))


def parse_outcomes(card: Scorecard, outcomes: Sequence[str], retrospectives: Sequence[str]) -> list[Outcome]:
    """Parse outcomes written as REF=WORD and retrospectives written as REF=TEXT; one Outcome for each objective."""
    words = _by_objective(card, outcomes, "--outcome", "reached")
    texts = _by_objective(card, retrospectives, "--retrospective", "what was learned")
    return [
        Outcome(
            objective,
            parse_outcome(words[objective.node.ref]) if objective.node.ref in words else None,
            texts.get(objective.node.ref),
        )
        for objective in card.objectives
    ]


def parse_reasons(closable: ClosablePeriod, texts: Sequence[str]) -> dict[str, str]:
    """Parse reasons for easier goals, by their reference; REF=TEXT is for one of them, TEXT for all others.

    Raises OkrctlError for a second TEXT, and for a reference that fits several of them.
    """
    refs = [goal.ref for goal in closable.unrecorded]
    found: dict[str, str] = {}
    general: list[str] = []
    for text in texts:
        ref, reason = _split_reason(refs, text)
        if ref is not None:
            found[ref] = reason
        elif general or not reason:
            problem = f"--reason '{text}' names no goal that became easier"
            raise UsageError(problem, f"goals that became easier: {', '.join(refs) or 'none'}")
        else:
            general.append(reason)
    return {ref: reason for ref in refs for reason in general} | found


def _split_reason(refs: Sequence[str], text: str) -> tuple[str | None, str]:
    """The goal of REF=TEXT and its reason; None with the whole text where it names no goal."""
    reference, sign, reason = text.partition("=")
    matches = [ref for ref in refs if matches_ending(ref, reference.strip())] if sign and reason.strip() else []
    if len(matches) > 1:
        raise AmbiguousError(f"--reason: '{reference}' is ambiguous", f"it fits {', '.join(matches)}")
    return (matches[0], " ".join(reason.split())) if matches else (None, " ".join(text.split()))


def require_reasons(closable: ClosablePeriod, reasons: Mapping[str, str], *, accept: bool) -> None:
    """Raise OkrctlError where a goal became easier without a record, and nobody says why or accepts it."""
    missing = [goal for goal in closable.unrecorded if goal.ref not in reasons]
    if missing and not accept:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ConfirmError(
            f"{missing[0].ref} {missing[0].text}{more}",
            "give --reason [REF=]TEXT, or close it with --accept-unrecorded; "
            "`okrctl amend` records a change in the files",
        )


def _by_objective(card: Scorecard, texts: Sequence[str], option: str, example: str) -> dict[str, str]:
    """Return what follows the equals sign, by the full reference of the objective before it."""
    found: dict[str, str] = {}
    for text in texts:
        reference, sign, value = text.partition("=")
        if not sign or not value.strip():
            raise OkrctlError(f"{option} '{text}' has no value", f"write it as REF=TEXT, such as trust/brand={example}")
        matches = [one for one in card.objectives if matches_ending(one.node.ref, reference.strip())]
        if len(matches) != 1:
            ids = [objective.node.id for objective in card.objectives]
            guess = suggestions.did_you_mean(suggestions.find_closest(reference.strip(), ids))
            problem = f"'{reference}' is ambiguous" if matches else f"no such objective: '{reference}'{guess}"
            names = ", ".join(objective.node.ref for objective in matches or card.objectives)
            raise (AmbiguousError if matches else NotFoundError)(f"{option}: {problem}", f"the period has: {names}")
        found[matches[0].node.ref] = value.strip()
    return found


def missing_outcomes(card: Scorecard, given: Sequence[Outcome]) -> list[str]:
    """Return the references of the objectives that have no outcome yet, in the order of the scorecard."""
    missing = {objective.node.ref for objective in seal.objectives_without_outcome(card)}
    missing -= {outcome.objective.node.ref for outcome in given if outcome.outcome}
    return [objective.node.ref for objective in card.objectives if objective.node.ref in missing]


def require_outcomes(card: Scorecard, given: Sequence[Outcome]) -> None:
    """Raise ConfirmError that names the objectives without an outcome, where there are any."""
    if missing := missing_outcomes(card, given):
        raise ConfirmError(
            f"not a terminal: give an outcome for {', '.join(missing)}",
            f"use --outcome REF={'|'.join(OUTCOMES)} for each, or --yes to leave them open",
        )


def parse_outcome(text: str) -> str:
    """Parse an outcome or an unambiguous beginning of one."""
    word = text.strip().casefold()
    matches = [outcome for outcome in OUTCOMES if word and outcome.startswith(word)]
    if len(matches) != 1:
        raise OkrctlError(
            f"'{text}' is not a valid outcome; expected {', '.join(OUTCOMES)}",
            "write one of these, such as --outcome REF=reached",
        )
    return matches[0]


def preview_close(
    project: Project, closable: ClosablePeriod, outcomes: Sequence[Outcome], reasons: Mapping[str, str]
) -> ClosePreview:
    """Return the period with these outcomes as it will be sealed; raises OkrctlError if a file would be broken.

    `reasons` are those for goals that became easier without a record, by reference.
    """
    before, period, _, unrecorded = closable
    edits: dict[str, list[Edit]] = {}
    given = [outcome for outcome in outcomes if outcome.edits]
    for outcome in given:
        edits.setdefault(outcome.objective.node.file.path, []).extend(outcome.edits)
    old = {file.path: file.document.text for file in before.files if file.path in edits}
    new = {path: edit(Source(path, text), edits[path]).text for path, text in old.items()}
    after = workspace_with(project, before, new)
    card = _scorecard(project, after, period)
    findings = [
        *retrospective_lines(after, [card], project.today),
        *(goal.finding(reasons.get(goal.ref)) for goal in unrecorded),
    ]
    notes = [*findings, *seal.verdict_lines(evaluate_hypotheses(after, card))]
    lines = filters.filter_scorecard(card, Selection(level="objective"))
    shown = Scorecards([lines], is_single=True, notes=notes, level="objective")
    summaries = tuple(outcome.summary for outcome in given)
    plan = build_plan(old, new, summaries, f"close {period.id}: outcomes and retrospectives")
    return ClosePreview(before, after, card, shown, findings, plan)


def fingerprint(preview: ClosePreview) -> str:
    """Return what tells one scorecard to seal from another: a digest of its figures and findings."""
    return seal.digest({"findings": preview.findings, **seal_figures(preview.after, preview.scorecard)})


def close(
    project: Project, preview: ClosePreview, options: WriteOptions, *, git_tag: bool = False
) -> list[WriteResult]:
    """Write the outcomes and the seal, and tag the commit if asked.

    The seal names the commit that has all that its scores are computed from. So with `commit` the outcomes are
    committed first, and the seal in a second commit; without, both are written at once and the seal names no commit.
    """
    outcomes = preview.outcomes
    if options.commit:
        _require_committed(project, preview.before)
        _require_own(project, outcomes)
    score = _format_score(preview.scorecard)
    results, commit = [], None
    if options.commit or options.dry_run or not outcomes.changes:
        if outcomes.changes:
            results.append(apply_plan(project, outcomes, options))
        if not (options.dry_run and outcomes.changes):
            commit = sealed_commit(project.repository, preview.after)
        plan = _plan_seal(project, preview, commit, score)
    else:
        seal_plan = _plan_seal(project, preview, None, score)
        messages = (*outcomes.messages, *seal_plan.messages)
        plan = seal_plan._replace(changes=(*outcomes.changes, *seal_plan.changes), messages=messages)
    results.append(apply_plan(project, plan, options))
    if results[-1].is_written and git_tag:
        _tag_seal(project, preview.scorecard.period.id, score, results[-1].commit or commit)
    return results


def _require_committed(project: Project, workspace: Workspace) -> None:
    """Raise OkrctlError where a file that scores are computed from differs from the last commit."""
    paths = uncommitted_paths(project.repository, workspace) if project.repository is not None else []
    if paths:
        names = [relative_path(project.root, tree) for tree in group_by_work_tree(project.root, paths)]
        pins = ", ".join(name for name in names if not name.startswith("..") and name)
        first = f"commit these and the pins of {pins} first" if pins else "commit these first"
        raise RefusedError(
            f"not committed yet: {', '.join(paths)}", f"{first}: the seal records the commit that it is computed from"
        )


def _require_own(project: Project, outcomes: WritePlan) -> None:
    """Raise RefusedError where outcomes belong to a submodule: the seal is committed here, where its pin would stay."""
    own = files.git_root(Path(os.path.realpath(project.root)))
    trees = [tree for tree in group_by_work_tree(project.root, outcomes.paths) if tree != own]
    if trees:
        names = " and ".join(sorted(tree.relative_to(own).as_posix() for tree in trees))
        raise RefusedError(
            f"`close --commit` commits only to this repository, but some outcomes belong to {names}",
            f"leave out --commit, then commit in {names} and here",
        )


def _plan_seal(project: Project, preview: ClosePreview, commit: str | None, score: str) -> WritePlan:
    """Return the plan that writes the seal."""
    card, period = preview.scorecard, preview.scorecard.period
    reopenings = load_reopenings(project.root, period.id)
    context = SealContext(commit, project.today, tuple(preview.findings), reopenings)
    path, text = seal_path(period.id), seal.render_seal(seal.build_seal(preview.after, card, context))
    messages = (f"sealing {describe(period)} with {score}: {path}",)
    return build_plan({path: None}, {path: text}, messages, f"close {period.id}: {score}, sealed")


def _format_score(card: Scorecard) -> str:
    return "no score" if card.score is None else card.precision.score(card.score)


def _tag_seal(project: Project, period: str, score: str, commit: str | None) -> None:
    """Tag the commit of the seal, or, where the seal is not committed, the commit that it names."""
    if project.repository is None or commit is None:
        raise GitError(
            "the seal is written but not committed, so there is no commit to tag", "use --commit with --git-tag"
        )
    git.tag(project.repository, f"okrs-{period}", commit, f"{period} closed with {score}")
    project.notify(f"tagged as okrs-{period}")
