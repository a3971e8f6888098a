"""Puts the scorecards of several periods side by side: what is the same thing stands in one line."""

from __future__ import annotations

from collections.abc import Sequence

from okrctl.scoring.scorecard import Compared, KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.workspace import Objective, Workspace

Scored = KeyResultScore | ObjectiveScore | TeamScore | Scorecard


def compare(workspace: Workspace, cards: Sequence[Scorecard]) -> Compared:
    """Teams are matched by id; objectives by `carried_from`, their id or `formerly`; key results within them alike."""
    whole = _line("", "", list(cards))
    names = dict.fromkeys(team.team for card in cards for team in card.teams)
    for name in names:
        teams = [next((team for team in card.teams if team.team == name), None) for card in cards]
        whole.parts.append(_line(next(team.name for team in teams if team), name, teams))
    by_team = dict(zip(names, whole.parts, strict=True))
    for chain in _chains(workspace, cards):
        newest = next(one for one in reversed(chain) if one is not None)
        line = _line(newest.node.model.title or newest.node.id, newest.node.id, chain)
        line.parts = _key_results(chain)
        by_team[newest.node.team].parts.append(line)
    return whole


def _chains(workspace: Workspace, cards: Sequence[Scorecard]) -> list[list[ObjectiveScore | None]]:
    """Each objective with its scores in the periods, in the order in which it first appears."""
    chains: list[list[ObjectiveScore | None]] = []
    place: dict[int, list[ObjectiveScore | None]] = {}
    for number, card in enumerate(cards):
        for one in card.objectives:
            chain = next((place[id(node)] for node in _earlier(workspace, one.node, chains) if id(node) in place), None)
            if chain is None or chain[number] is not None:
                chain = [None] * len(cards)
                chains.append(chain)
            chain[number] = one
            place[id(one.node)] = chain
    return chains


def _earlier(workspace: Workspace, node: Objective, chains: list[list[ObjectiveScore | None]]) -> list[Objective]:
    """What an objective may continue, the likeliest first."""
    said = node.model.carried_from
    found = workspace.resolve(said, node) if said else None
    before = [one.node for chain in chains for one in chain if one is not None and one.node.team == node.team]
    alike = [other for name in (node.id, node.model.formerly) for other in before if name and other.id == name]
    return [*([found] if isinstance(found, Objective) else []), *alike]


def _key_results(chain: Sequence[ObjectiveScore | None]) -> list[Compared]:
    lines: list[tuple[str, list[KeyResultScore | None]]] = []
    for number, objective in enumerate(chain):
        for one in _scored(objective):
            names = (one.node.id, one.node.model.formerly)
            found = next((line for name, line in lines if name in names and line[number] is None), None)
            if found is None:
                found = [None] * len(chain)
                lines.append((one.node.id, found))
            found[number] = one
    return [_of_key_result(line) for _, line in lines]


def _scored(objective: ObjectiveScore | None) -> list[KeyResultScore]:
    results = objective.key_results if objective else []
    return [one for one in results if one.state == "active" and not one.guardrail]


def _of_key_result(line: list[KeyResultScore | None]) -> Compared:
    newest = next(one for one in reversed(line) if one is not None)
    return _line(newest.node.model.title or newest.node.id, newest.node.id, line)


def _line(title: str, id: str, scored: Sequence[Scored | None]) -> Compared:
    bands = [getattr(one, "band", None) for one in scored]
    return Compared(title, id, [one.score if one else None for one in scored], bands)
