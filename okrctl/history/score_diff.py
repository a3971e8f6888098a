"""The diff of two states of a workspace for people: the changes, and their effect on the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.git import Repository
from okrctl.git.commits import Commit
from okrctl.history import diff
from okrctl.history.diff import Change, identity
from okrctl.history.diff.identity import NO_LATER_REFS, LaterRefs
from okrctl.values.errors import GitError
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.workspace import Workspace

ScoringDay = Callable[[Period], date]
ScoresByRef = dict[str, tuple[str, Fraction | None]]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The scores of a period, team, objective or key result (by its reference) in both states, on the same day."""

    ref: str
    title: str
    old: Fraction | None
    new: Fraction | None
    precision: Precision = DEFAULT_PRECISION

    @property
    def difference(self) -> Fraction | None:
        """The new score minus the old one; None where one of them is missing."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class WorkspaceDiff:
    """The changes from one commit (its id) to another, or to the files on disk where `new` is None."""

    old: str
    new: str | None
    changes: list[Change]
    scores: list[ScoreChange]

    def changes_with_effect(self, effect: str) -> list[Change]:
        """The changes with this effect."""
        return [change for change in self.changes if change.effect == effect]


def resolve_revisions(repository: Repository, text: str | None) -> tuple[Commit, Commit | None]:
    """The commits of `OLD`, `OLD..NEW` or `OLD...NEW` (from their fork point); None for the files on disk."""
    text = text or "HEAD"
    old, dots, new = text.partition("...") if "..." in text else text.partition("..")
    first = repository.resolve(old or "HEAD")
    if not dots:
        return first, None
    last = repository.resolve(new or "HEAD")
    if dots == "..." and (common := repository.merge_base(first.id, last.id)):
        first = repository.get_commit(common)
    elif dots == "...":
        raise GitError(f"'{old}' and '{new}' have no common ancestor", f"compare them with two dots: {old}..{new}")
    return first, last


def diff_workspaces(
    old: Workspace,
    new: Workspace,
    day_of: ScoringDay,
    commits: tuple[str, str | None] = ("", None),
    later: LaterRefs = NO_LATER_REFS,
) -> WorkspaceDiff:
    """Every change, and every score that differs or is affected by a change of what was agreed.

    `later` is what the commits in between say of goals that were renamed.
    """
    changes = diff.compare(old, new, later=later)
    pairs = identity.pair_nodes(old, new, later)
    scores = _score_changes(old, new, changes, day_of, pairs) if changes else []
    return WorkspaceDiff(*commits, changes, scores)


def _score_changes(
    old: Workspace, new: Workspace, changes: list[Change], day_of: ScoringDay, pairs: identity.NodePairs
) -> list[ScoreChange]:
    effective = (change.ref for change in changes if change.effect)
    affected = {ref for changed in effective for ref in containing_refs(changed)}
    new_refs = identity.new_refs(pairs)
    scores: list[ScoreChange] = []
    for period in {period.id: period for period in (*new.periods, *old.periods)}.values():
        old_scores = {new_refs.get(ref, ref): entry for ref, entry in _scores_by_ref(old, period, day_of).items()}
        scores += _pair_scores(old_scores, _scores_by_ref(new, period, day_of), new.config.precision)
    return [change for change in scores if change.old != change.new or change.ref in affected]


def _pair_scores(old: ScoresByRef, new: ScoresByRef, precision: Precision) -> Iterator[ScoreChange]:
    for ref, (title, _) in (old | new).items():
        yield ScoreChange(ref, title, old.get(ref, (title, None))[1], new.get(ref, (title, None))[1], precision)


def containing_refs(ref: str) -> list[str]:
    """The references of period, team and objective that contain a reference, and the reference itself."""
    objective, _, key_result = ref.partition(".")
    parts = objective.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))] + ([ref] if key_result else [])


def _scores_by_ref(workspace: Workspace, period: Period, day_of: ScoringDay) -> ScoresByRef:
    """The title and score of a period, its teams, objectives and key results, by reference, from the top down."""
    card = scoring.build_scorecard(workspace, period, day_of(period))
    scores: ScoresByRef = {period.id: (period.id, card.score)}
    for team in card.teams:
        scores[f"{period.id}/{team.team}"] = (team.name, team.score)
        for objective in team.objectives:
            scores[objective.node.ref] = (objective.node.model.title or "", objective.score)
            for result in objective.key_results:
                scores[result.node.ref] = (result.node.model.title or "", None if result.guardrail else result.score)
    return scores
