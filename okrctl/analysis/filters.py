"""Chooses which lines of a scorecard are shown; the figures are those of the whole, whatever is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import Level, Scorecard, TeamScore
from okrctl.values import fields, suggestions
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace


@dataclass(frozen=True, slots=True)
class Selection:
    """What the lines must have: one of these teams, owners, priorities, tags; empty stands for all."""

    teams: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    level: Level = "key-result"

    @property
    def is_everything(self) -> bool:
        """Whether every line is wanted."""
        return not (self.teams or self.owners or self.priorities or self.tags)

    def includes_team(self, team: str) -> bool:
        """Whether lines of this team are wanted."""
        return not self.teams or team in self.teams

    def includes_objective(self, one: Objective) -> bool:
        """Whether the objective is wanted for its own sake."""
        model = one.model
        tagged = not self.tags or not set(self.tags).isdisjoint(model.tags)
        return not self.priorities and tagged and (not self.owners or model.owner in self.owners)

    def includes_key_result(self, one: KeyResult) -> bool:
        """Whether the key result is wanted; its objective's tags are its own too."""
        tags = {*one.model.tags, *one.objective.model.tags}
        return (
            (not self.owners or one.owner in self.owners)
            and (not self.priorities or one.model.priority in self.priorities)
            and (not self.tags or not tags.isdisjoint(self.tags))
        )

    def includes_kpi(self, one: Kpi) -> bool:
        """Whether the KPI is wanted; one without a team belongs to the company."""
        return (
            not self.priorities
            and self.includes_team(one.model.team or COMPANY)
            and (not self.owners or one.owner in self.owners)
            and (not self.tags or not set(self.tags).isdisjoint(one.model.tags))
        )


def parse_selection(
    workspace: Workspace, teams: list[str] | None, owners: list[str] | None, priorities: list[str] | None,
    tags: list[str] | None, level: Level = "key-result",
) -> Selection:  # fmt: skip
    """The selection that a command line asks for; OkrctlError for what nothing in the workspace has."""
    try:
        numbers = tuple(fields.parse_priority(word) for word in priorities or ())
    except PydanticCustomError as error:
        raise OkrctlError(error.message(), "write 0 (must) to 4, also P0 to P4") from error
    return _resolve_names(
        workspace, Selection(tuple(teams or ()), tuple(owners or ()), numbers, tuple(tags or ()), level)
    )


def _resolve_names(workspace: Workspace, selection: Selection) -> Selection:
    """The same selection with people's keys for their names; OkrctlError for a team, owner or tag that nobody has."""
    config = workspace.config
    teams = {*(config.teams or {}), *(one.team for one in workspace.objectives)}
    teams |= {one.model.team or COMPANY for one in workspace.kpi_nodes}
    nodes: list[Node] = [*workspace.objectives, *workspace.key_results, *workspace.kpi_nodes]
    owners = {*(config.people or {}), *(node.owner for node in nodes if node.owner)}
    people = {person.name: key for key, person in (config.people or {}).items() if person.name}
    asked = tuple(people.get(owner, owner) for owner in selection.owners)
    _require_known("team", selection.teams, teams)
    _require_known("owner", asked, owners)
    _require_known("tag", selection.tags, {tag for node in nodes for tag in node.model.tags})
    return replace(selection, owners=asked)


def _require_known(what: str, words: tuple[str, ...], there_are: set[str]) -> None:
    for word in words:
        if word not in there_are:
            guess = suggestions.did_you_mean(suggestions.find_closest(word, sorted(there_are)))
            hint = f"there are: {', '.join(sorted(there_are)[:12])}" if there_are else f"no {what} is named in any file"
            raise OkrctlError(f"there is no {what} '{word}'{guess}", hint)


def filter_scorecard(card: Scorecard, selection: Selection) -> Scorecard:
    """The scorecard with the lines that are wanted."""
    if selection.is_everything and selection.level == "key-result":
        return card
    teams = [_filter_team(team, selection) for team in card.teams if selection.includes_team(team.team)]
    filtered = selection.owners or selection.priorities or selection.tags
    kept = [team for team, lines in teams if lines or not filtered]
    return replace(card, teams=kept)


def _filter_team(team: TeamScore, selection: Selection) -> tuple[TeamScore, int]:
    objectives = []
    for one in team.objectives:
        results = [result for result in one.key_results if selection.includes_key_result(result.node)]
        if results or selection.includes_objective(one.node):
            shown = results if selection.level == "key-result" else []
            objectives.append(replace(one, key_results=shown))
    shown_objectives = [] if selection.level == "team" else objectives
    return replace(team, objectives=shown_objectives), len(objectives)
