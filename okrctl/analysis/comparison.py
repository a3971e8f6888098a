"""Puts the scorecards of several periods side by side: what is the same thing stands in one line."""

from __future__ import annotations

from collections.abc import Sequence

from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, ScoreComparison, TeamScore
from okrctl.workspace import Objective, Workspace

ScoredNode = KeyResultScore | ObjectiveScore | TeamScore | Scorecard


def compare_scorecards(workspace: Workspace, cards: Sequence[Scorecard]) -> ScoreComparison:
    """Teams are matched by id; objectives by `carried_from`, their id or `formerly`; key results within them alike."""
    whole = _comparison_line("", "", list(cards))
    names = dict.fromkeys(team.team for card in cards for team in card.teams)
    for name in names:
        teams = [next((team for team in card.teams if team.team == name), None) for card in cards]
        whole.children.append(_comparison_line(next(team.name for team in teams if team), name, teams))
    by_team = dict(zip(names, whole.children, strict=True))
    for chain in _objective_chains(workspace, cards):
        newest = next(one for one in reversed(chain) if one is not None)
        line = _comparison_line(newest.node.model.title or newest.node.id, newest.node.id, chain)
        line.children = _compare_key_results(chain)
        by_team[newest.node.team].children.append(line)
    return whole


def _objective_chains(workspace: Workspace, cards: Sequence[Scorecard]) -> list[list[ObjectiveScore | None]]:
    """Each objective with its scores in the periods, in the order in which it first appears."""
    chains: list[list[ObjectiveScore | None]] = []
    place: dict[int, list[ObjectiveScore | None]] = {}
    for number, card in enumerate(cards):
        for one in card.objectives:
            chain = next(
                (place[id(node)] for node in _predecessors(workspace, one.node, chains) if id(node) in place), None
            )
            if chain is None or chain[number] is not None:
                chain = [None] * len(cards)
                chains.append(chain)
            chain[number] = one
            place[id(one.node)] = chain
    return chains


def _predecessors(workspace: Workspace, node: Objective, chains: list[list[ObjectiveScore | None]]) -> list[Objective]:
    """What an objective may continue, the likeliest first."""
    said = node.model.carried_from
    found = workspace.resolve(said, node) if said else None
    before = [one.node for chain in chains for one in chain if one is not None and one.node.team == node.team]
    alike = [other for name in (node.id, node.model.formerly) for other in before if name and other.id == name]
    return [*([found] if isinstance(found, Objective) else []), *alike]


def _compare_key_results(chain: Sequence[ObjectiveScore | None]) -> list[ScoreComparison]:
    lines: list[tuple[str, list[KeyResultScore | None]]] = []
    for number, objective in enumerate(chain):
        for one in _scored_key_results(objective):
            names = (one.node.id, one.node.model.formerly)
            found = next((line for name, line in lines if name in names and line[number] is None), None)
            if found is None:
                found = [None] * len(chain)
                lines.append((one.node.id, found))
            found[number] = one
    return [_key_result_line(line) for _, line in lines]


def _scored_key_results(objective: ObjectiveScore | None) -> list[KeyResultScore]:
    results = objective.key_results if objective else []
    return [one for one in results if one.state == "active" and not one.guardrail]


def _key_result_line(line: list[KeyResultScore | None]) -> ScoreComparison:
    newest = next(one for one in reversed(line) if one is not None)
    return _comparison_line(newest.node.model.title or newest.node.id, newest.node.id, line)


def _comparison_line(title: str, id: str, scored: Sequence[ScoredNode | None]) -> ScoreComparison:
    bands = [getattr(one, "band", None) for one in scored]
    return ScoreComparison(title, id, [one.score if one else None for one in scored], bands)
