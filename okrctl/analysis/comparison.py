"""The scorecards of several periods side by side: one line for each team, objective and key result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from okrctl import scoring
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, ScoreComparison, TeamScore
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION
from okrctl.workspace import Objective, Workspace

ScoredNode = KeyResultScore | ObjectiveScore | TeamScore | Scorecard


class PeriodComparison(NamedTuple):
    """Two periods on the same day of each, and their scores in one line for each team, objective and key result."""

    cards: list[Scorecard]
    scores: ScoreComparison


def compare_on_same_day(workspace: Workspace, other: Period, card: Scorecard, today: date) -> PeriodComparison:
    """Another period, on the day that is as many days from its start, beside the period of a scorecard.

    The day is not after today; a day after the end of one period is as many days after the end of the other.
    """
    after_end = card.as_of - card.period.end
    day = other.end + after_end if after_end > timedelta(0) else _day_from_start(other, card)
    cards = [scoring.build_scorecard(workspace, other, min(day, today)), card]
    return PeriodComparison(cards, compare_scorecards(workspace, cards))


def _day_from_start(other: Period, card: Scorecard) -> date:
    return min(other.start + (card.as_of - card.period.start), other.end)


def compare_scorecards(workspace: Workspace, cards: Sequence[Scorecard]) -> ScoreComparison:
    """Teams are matched by id; objectives by `carried_from`, their id or `formerly`; key results within them alike."""
    total = _comparison_line("", "", list(cards))
    by_team = {name: _team_line(name, cards) for name in (team.team for card in cards for team in card.teams)}
    total.children = list(by_team.values())
    for chain in _objective_chains(workspace, cards):
        newest = next(scored for scored in reversed(chain) if scored is not None)
        line = _comparison_line(newest.node.model.title or newest.node.id, newest.node.id, chain)
        line.children = _compare_key_results(chain)
        by_team[newest.node.team].children.append(line)
    return total


def _team_line(name: str, cards: Sequence[Scorecard]) -> ScoreComparison:
    teams = [next((team for team in card.teams if team.team == name), None) for card in cards]
    return _comparison_line(next(team.name for team in teams if team), name, teams)


def _objective_chains(workspace: Workspace, cards: Sequence[Scorecard]) -> list[list[ObjectiveScore | None]]:
    """Each objective with its scores in the periods, in the order in which it first appears."""
    chains: list[list[ObjectiveScore | None]] = []
    by_node: dict[int, list[ObjectiveScore | None]] = {}
    for number, card in enumerate(cards):
        for scored in card.objectives:
            earlier = _predecessors(workspace, scored.node, chains)
            chain = next((by_node[id(node)] for node in earlier if id(node) in by_node), None)
            if chain is None or chain[number] is not None:
                chain = [None] * len(cards)
                chains.append(chain)
            chain[number] = scored
            by_node[id(scored.node)] = chain
    return chains


def _predecessors(workspace: Workspace, node: Objective, chains: list[list[ObjectiveScore | None]]) -> list[Objective]:
    """What an objective may continue, the likeliest first."""
    written = node.model.carried_from
    origin = workspace.resolve(written, node) if written else None
    earlier = [scored.node for chain in chains for scored in chain if scored is not None]
    names = [name for name in (node.id, node.model.formerly) if name]
    namesakes = [other for name in names for other in earlier if other.team == node.team and other.id == name]
    return [*([origin] if isinstance(origin, Objective) else []), *namesakes]


def _compare_key_results(chain: Sequence[ObjectiveScore | None]) -> list[ScoreComparison]:
    lines: list[tuple[str, list[KeyResultScore | None]]] = []
    for number, objective in enumerate(chain):
        for scored in _scored_key_results(objective):
            names = (scored.node.id, scored.node.model.formerly)
            line = next((line for name, line in lines if name in names and line[number] is None), None)
            if line is None:
                line = [None] * len(chain)
                lines.append((scored.node.id, line))
            line[number] = scored
    return [_key_result_line(line) for _, line in lines]


def _scored_key_results(objective: ObjectiveScore | None) -> list[KeyResultScore]:
    results = objective.key_results if objective else []
    return [scored for scored in results if scored.state == "active" and not scored.guardrail]


def _key_result_line(line: list[KeyResultScore | None]) -> ScoreComparison:
    newest = next(scored for scored in reversed(line) if scored is not None)
    return _comparison_line(newest.node.model.title or newest.node.id, newest.node.id, line)


def _comparison_line(title: str, id: str, scored: Sequence[ScoredNode | None]) -> ScoreComparison:
    bands = [getattr(node, "band", None) for node in scored]
    precision = next((node.precision for node in scored if node), DEFAULT_PRECISION)
    return ScoreComparison(title, id, [node.score if node else None for node in scored], bands, precision=precision)
