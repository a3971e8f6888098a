"""What changed between two commits, or on a branch, or in the files since the last commit, and what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from starlette.responses import Response

from okrctl.git import Commit
from okrctl.history.diff import Change
from okrctl.history.diff.describe import EFFECT_WORDS
from okrctl.history.score_diff import ScoreChange, WorkspaceDiff
from okrctl.operations import revisions
from okrctl.operations.diff import diff
from okrctl.operations.load import require_repository
from okrctl.operations.revisions import Revisions
from okrctl.outputs.reports.numbers import MINUS
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.outputs.views import diff as view
from okrctl.schema.settings import COMPANY
from okrctl.server.links import goals_by_ref, node_address, team_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.dates import days_before
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi, Node

FILES = "files"
DAYS = 7  # that the page looks back by itself
MAX_READINGS = 8  # goals with new readings that are listed without a fold
SCORE_COLUMNS = (
    Column("Goal"), Column("Before", "score", True), Column("After", "score", True), Column("Change", "change", True),
)  # fmt: skip


class GoalChanges(NamedTuple):
    """What changed in one goal: what made it easier or harder first."""

    ref: str
    title: str
    href: str
    lines: list[view.ChangeLine]
    has_only_readings: bool

    @property
    def effects(self) -> list[str]:
        """Which effects the changes have, in words."""
        found = [EFFECT_WORDS[line.effect] for line in self.lines if line.effect in EFFECT_WORDS]
        return list(dict.fromkeys(found))


class PeriodScores(NamedTuple):
    """What becomes of the scores of one period: of all teams in words, of the others in a table."""

    period: str
    total: str
    table: Table


class Side(NamedTuple):
    """One of the two states: what was asked for, and the commit (None: the files)."""

    asked: str
    commit: Commit | None


def changes(visit: Visit) -> Response:
    """The page; what cannot be compared comes with the controls."""
    known = revisions.list_revisions(visit.project)
    old = new = None
    try:
        old, new = _sides(visit, known)
        context = _describe_result(visit, _compare(visit, old, new))
    except OkrctlError as error:
        return _show(visit, known, (old, new), 400, error=error, result=None)
    return _show(visit, known, (old, new), 200, error=None, **context)


def _sides(visit: Visit, known: Revisions) -> tuple[Side, Side]:
    """The two states; by default the files, and what they were a week ago."""
    asked_old, asked_new = visit.query("from"), visit.query("to")
    new = Side(asked_new or FILES, None)
    if new.asked != FILES:
        new = Side(new.asked, revisions.find_commit(visit.project, new.asked))
    if not asked_old:
        asked_old = _default_start(visit, new, known)
    return Side(asked_old, revisions.find_commit(visit.project, asked_old)), new


def _default_start(visit: Visit, new: Side, known: Revisions) -> str:
    """What a state is compared with: the files with a week ago, a branch with the one that is checked out, a commit
    with the one before it.
    """
    if new.commit is None:
        start = days_before(visit.today, DAYS)
        older = [commit.id for commit in known.commits if commit.day <= start]
        return next(iter(older or [commit.id for commit in known.commits[-1:]]), "HEAD")
    branches = [branch.name for branch in known.branches]
    if new.asked in branches and new.asked != known.current and known.current is not None:
        return known.current
    return new.commit.parents[0] if new.commit.parents else new.commit.id


def _compare(visit: Visit, old: Side, new: Side) -> WorkspaceDiff:
    assert old.commit is not None
    project = visit.strict_project()  # else the goals of a broken file would be shown as removed
    if new.commit is None:
        return diff(project, base=old.commit.id)
    return diff(project, revisions.comparison_of(visit.project, old.commit, new.commit))


def _show(
    visit: Visit, known: Revisions, sides: tuple[Side | None, Side | None], status: int, **context: Any
) -> Response:
    old, new = sides
    return visit.render(
        "changes.html",
        status,
        title="Changes",
        known=known,
        old=old,
        new=new,
        asked_old=_option(visit.query("from"), old, known),
        asked_new=_option(visit.query("to"), new, known),
        files=FILES,
        **context,
    )


def _describe_result(visit: Visit, result: WorkspaceDiff) -> dict[str, Any]:
    """What the template says of a comparison."""
    known = goals_by_ref(visit.workspace)
    goals = [_goal(visit, known, ref, found) for ref, found in view.changes_by_goal(result)]
    start, headline = _commit_of(visit, result.old), view.headline(result)
    since = f"since {wording.short_day(start.day, visit.today)}: " if result.new is None else ""
    return {
        "result": result,
        "headline": f"{since}{headline}",
        "judged": [goal for goal in goals if goal.effects],
        "others": [goal for goal in goals if not goal.effects and not goal.has_only_readings],
        "readings": [goal for goal in goals if not goal.effects and goal.has_only_readings],
        "max_readings": MAX_READINGS,
        "periods": list(_periods(known, result.scores)),
        "start": start,
    }


def _commit_of(visit: Visit, id: str) -> Commit:
    return require_repository(visit.project).get_commit(id)


def _option(asked: str, side: Side | None, known: Revisions) -> str:
    """The value of the option that is chosen: a branch by its name, a commit by its short id."""
    if side is None:
        return asked
    if side.commit is None or side.asked in [branch.name for branch in known.branches]:
        return side.asked
    return side.commit.id[:10]


def _goal(visit: Visit, known: Mapping[str, Node], ref: str, found: Sequence[Change]) -> GoalChanges:
    node = found[0].after or found[0].before
    present = visit.workspace.kpis.get(node.id) if isinstance(node, Kpi) else known.get(ref)
    return GoalChanges(
        ref,
        ref if node is None else wording.title(node),
        "" if present is None else node_address(present),
        list(view.change_lines(found)),
        all(view.is_new_reading(change.field, change.old) for change in found),
    )


def _periods(known: Mapping[str, Node], scores: Sequence[ScoreChange]) -> Iterator[PeriodScores]:
    """The scores of each period; goals that are gone come after the others."""
    by_period: dict[str, list[ScoreChange]] = {}
    for score in scores:
        by_period.setdefault(score.ref.split("/")[0], []).append(score)
    for period, changed in by_period.items():
        total = next((score for score in changed if score.ref == period), None)
        words = "" if total is None else _describe_score(total)
        rows = [_score_row(score, known.get(score.ref)) for score in changed if score is not total]
        yield PeriodScores(
            period, words, Table(SCORE_COLUMNS, rows, f"Scores of {period}, both states on the same day")
        )


def _describe_score(score: ScoreChange) -> str:
    before, after, difference = _score_texts(score)
    return f"{before} → {after}{f' ({difference})' if difference else ''}"


def _score_texts(score: ScoreChange) -> tuple[str, str, str]:
    """The score before, the one after, and the difference where there is one."""
    before, after, difference = view.score_texts(score)
    return before, after, difference.replace("-", MINUS)


def _score_row(score: ScoreChange, node: Node | None) -> Row:
    parts = score.ref.split("/")
    if len(parts) == 2:
        title = "Company" if score.title == parts[1] == COMPANY else score.title
        name, level = Cell(title, "name", href=team_address(parts[1])), 0
    else:
        name = Cell(score.title or score.ref, "name", href=node_address(node) if node is not None else None)
        level = 2 if "." in parts[-1] else 1
    return Row((name, *map(Cell, _score_texts(score))), level)


PAGES = (Page("/changes", changes, "Changes", has_branches=True),)
