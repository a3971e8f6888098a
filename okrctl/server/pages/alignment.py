"""Who supports what: the objectives of some periods below those that they support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from starlette.responses import Response

from okrctl.analysis import trajectory
from okrctl.analysis.alignment import AlignmentTree, TreeNode, prune_tree
from okrctl.analysis.period_trends import teams_with_goals
from okrctl.operations.tree import tree
from okrctl.outputs.reports import page_text
from okrctl.outputs.view import Bar
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.server.links import owner_name
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import NotFoundError


def alignment(visit: Visit) -> Response:
    """The page."""
    if not visit.workspace.periods:
        return visit.render("empty.html", title="Alignment")
    asked, team = visit.queries("period"), visit.query("team")
    _require_known("period", asked, [period.id for period in visit.workspace.periods])
    found = tree(visit.project, asked or _running(visit))
    assert isinstance(found, AlignmentTree)
    teams = teams_with_goals(found.cards)
    _require_known("team", [team] if team else [], [*teams, *(visit.config.teams or {})])
    shown = prune_tree(found, team) if team else found
    nodes = list(_nodes(shown))
    return visit.render(
        "alignment.html",
        title="Alignment",
        tree=shown,
        team=team,
        asked=asked,
        teams=teams,
        periods=[period.id for period in reversed(visit.workspace.periods)],
        links=visit.links,
        parent_title=visit.links.title,
        bar=_bar,
        team_name=visit.links.team_name,
        owner_name=partial(owner_name, visit.config),
        count=page_text.count_objectives(node.objective for node in nodes),
        supporting=sum(node.parent_ref is not None for node in nodes),
        has_several=len(found.cards) > 1,
    )


def _require_known(kind: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise NotFoundError(f"there is no {kind} '{name}'", "choose another one")


def _running(visit: Visit) -> list[str]:
    """The running periods, of which the longer ones are supported by the shorter ones."""
    return [period.id for period in visit.workspace.periods if period.runs_on(visit.today)]


def _nodes(found: AlignmentTree) -> Iterator[TreeNode]:
    nodes = list(found.roots)
    while nodes:
        node = nodes.pop()
        yield node
        nodes += node.children


def _bar(scored: ObjectiveScore) -> Bar:
    expected = trajectory.expected_of_key_results(scored.key_results) if scored.state == "active" else None
    return Bar(scored.score, expected)


PAGES = (Page("/alignment", alignment, "Alignment"),)
