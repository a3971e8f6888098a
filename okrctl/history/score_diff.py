"""Compares two states of a workspace for people: what changed in meaning, and what that does to the scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.git import Repository
from okrctl.git.commits import Commit
from okrctl.history import diff
from okrctl.history.diff import Change, identity
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Workspace

ScoringDay = Callable[[Period], date]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The score of a period, team, objective or key result (by its reference) in both states, on one day."""

    ref: str
    title: str
    old: Fraction | None
    new: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """From the old to the new one; None where one of them has no score."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class WorkspaceDiff:
    """What changed from one commit (its id) to another, or to the files as they lie there where `new` is None."""

    old: str
    new: str | None
    changes: list[Change]
    scores: list[ScoreChange]

    def changes_with_effect(self, effect: str) -> list[Change]:
        """The changes with this effect."""
        return [one for one in self.changes if one.effect == effect]


def resolve_revisions(repository: Repository, words: str | None) -> tuple[Commit, Commit | None]:
    """The commits that `OLD`, `OLD..NEW` or `OLD...NEW` (since they parted) mean; no NEW is the work tree."""
    said = words or "HEAD"
    old, dots, new = said.partition("...") if "..." in said else said.partition("..")
    first = repository.resolve(old or "HEAD")
    if not dots:
        return first, None
    last = repository.resolve(new or "HEAD")
    if dots == "..." and (common := repository.merge_base(first.id, last.id)):
        first = repository.get_commit(common)
    elif dots == "...":
        raise OkrctlError(f"'{old}' and '{new}' have no commit in common here", "name both with two dots")
    return first, last


def diff_workspaces(
    old: Workspace, new: Workspace, day_of: ScoringDay, commits: tuple[str, str | None] = ("", None)
) -> WorkspaceDiff:
    """Every change, and every score that differs or that something agreed on was changed below."""
    found = diff.compare(old, new)
    moved = _score_changes(old, new, found, day_of) if found else []
    return WorkspaceDiff(*commits, found, moved)


def _score_changes(old: Workspace, new: Workspace, found: list[Change], day_of: ScoringDay) -> list[ScoreChange]:
    touched = {ref for one in found if one.effect for ref in containing_refs(one.ref)}
    pairs = identity.pair_nodes(old, new)
    renamed = {one.ref: other.ref for one, other in (*pairs.objectives, *pairs.key_results) if one and other}
    moved = []
    for period in {one.id: one for one in (*new.periods, *old.periods)}.values():
        before = {renamed.get(ref, ref): score for ref, (_, score) in _scores_by_ref(old, period, day_of).items()}
        after = _scores_by_ref(new, period, day_of)
        titles = {renamed.get(ref, ref): title for ref, (title, _) in _scores_by_ref(old, period, day_of).items()}
        titles |= {ref: title for ref, (title, _) in after.items()}
        for ref, title in titles.items():
            one, other = before.get(ref), after.get(ref, (title, None))[1]
            if one != other or ref in touched:
                moved.append(ScoreChange(ref, title, one, other))
    return moved


def containing_refs(ref: str) -> list[str]:
    """A reference and those of all that it is part of: key result, objective, team, period."""
    objective, _, key_result = ref.partition(".")
    parts = objective.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))] + ([ref] if key_result else [])


def _scores_by_ref(workspace: Workspace, period: Period, day_of: ScoringDay) -> dict[str, tuple[str, Fraction | None]]:
    """The title and score of a period and of everything in it, from the top down."""
    card = scoring.build_scorecard(workspace, period, day_of(period))
    found: dict[str, tuple[str, Fraction | None]] = {period.id: (period.id, card.score)}
    for team in card.teams:
        found[f"{period.id}/{team.team}"] = (team.name, team.score)
        for objective in team.objectives:
            found[objective.node.ref] = (objective.node.model.title or "", objective.score)
            for one in objective.key_results:
                found[one.node.ref] = (one.node.model.title or "", None if one.guardrail else one.score)
    return found
