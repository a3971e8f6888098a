"""Which lines of a scorecard are shown; filters choose lines and never change figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import KeyResultScore, Level, ObjectiveScore, Scorecard, TeamScore
from okrctl.values import fields, suggestions
from okrctl.values.errors import NotFoundError, OkrctlError
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace


@dataclass(frozen=True, slots=True)
class Selection:
    """The teams, owners, priorities and tags of the lines that are shown; empty stands for all."""

    teams: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    level: Level = "key-result"

    @property
    def is_everything(self) -> bool:
        """Whether every line is shown."""
        return not (self.teams or self.owners or self.priorities or self.tags)

    def includes_team(self, team: str) -> bool:
        """Whether lines of this team are shown."""
        return not self.teams or team in self.teams

    def includes_objective(self, node: Objective) -> bool:
        """Whether the objective is shown also without a key result that is."""
        model = node.model
        tagged = not self.tags or not set(self.tags).isdisjoint(model.tags)
        return not self.priorities and tagged and (not self.owners or model.owner in self.owners)

    def includes_key_result(self, node: KeyResult) -> bool:
        """Whether the key result is shown; it has the tags of its objective too."""
        tags = {*node.model.tags, *node.objective.model.tags}
        return (
            (not self.owners or node.owner in self.owners)
            and (not self.priorities or node.model.priority in self.priorities)
            and (not self.tags or not tags.isdisjoint(self.tags))
        )

    def includes_kpi(self, node: Kpi) -> bool:
        """Whether the KPI is shown; one without a team belongs to the company."""
        return (
            not self.priorities
            and self.includes_team(node.model.team or COMPANY)
            and (not self.owners or node.owner in self.owners)
            and (not self.tags or not set(self.tags).isdisjoint(node.model.tags))
        )


def parse_selection(
    workspace: Workspace, teams: list[str] | None, owners: list[str] | None, priorities: list[str] | None,
    tags: list[str] | None, level: Level = "key-result",
) -> Selection:  # fmt: skip
    """The selection of a command line. Raises OkrctlError for what nothing in the workspace has."""
    try:
        numbers = tuple(fields.parse_priority(word) for word in priorities or ())
    except PydanticCustomError as error:
        raise OkrctlError(error.message(), "write 0 (most urgent) to 4, or P0 to P4") from error
    selection = Selection(tuple(teams or ()), tuple(owners or ()), numbers, tuple(tags or ()), level)
    return _resolve_names(workspace, selection) if teams or owners or tags else selection


def _resolve_names(workspace: Workspace, selection: Selection) -> Selection:
    """The same selection with people's keys for their names. Raises OkrctlError for an unknown team, owner or tag."""
    config = workspace.config
    nodes: list[Node] = [*workspace.objectives, *workspace.key_results, *workspace.kpi_nodes]
    owners = {*(config.people or {}), *(node.owner for node in nodes if node.owner)}
    people = {person.name: key for key, person in (config.people or {}).items() if person.name}
    owner_keys = tuple(people.get(owner, owner) for owner in selection.owners)
    _require_known("team", selection.teams, _known_teams(workspace))
    _require_known("owner", owner_keys, owners)
    _require_known("tag", selection.tags, {tag for node in nodes for tag in node.model.tags})
    return replace(selection, owners=owner_keys)


def _known_teams(workspace: Workspace) -> set[str]:
    teams = {*(workspace.config.teams or {}), *(objective.team for objective in workspace.objectives)}
    return teams | {kpi.model.team or COMPANY for kpi in workspace.kpi_nodes}


def _require_known(kind: str, words: tuple[str, ...], known: set[str]) -> None:
    for word in words:
        if word not in known:
            guess = suggestions.did_you_mean(suggestions.find_closest(word, sorted(known)))
            hint = f"known {kind}s: {', '.join(sorted(known)[:12])}" if known else f"no file names any {kind}"
            raise NotFoundError(f"there is no {kind} '{word}'{guess}", hint)


def filter_scorecard(card: Scorecard, selection: Selection) -> Scorecard:
    """The scorecard with the selected lines."""
    if selection.is_everything and selection.level == "key-result":
        return card
    teams = [_filter_team(team, selection) for team in card.teams if selection.includes_team(team.team)]
    filtered = selection.owners or selection.priorities or selection.tags
    kept = [team for team, lines in teams if lines or not filtered]
    return replace(card, teams=kept)


def _filter_team(team: TeamScore, selection: Selection) -> tuple[TeamScore, int]:
    objectives = []
    for objective in team.objectives:
        key_results = [scored for scored in objective.key_results if selection.includes_key_result(scored.node)]
        if key_results or selection.includes_objective(objective.node):
            shown = key_results if selection.level == "key-result" else []
            objectives.append(replace(objective, key_results=shown))
    shown_objectives = [] if selection.level == "team" else objectives
    return replace(team, objectives=shown_objectives), len(objectives)


def search_scorecard(card: Scorecard, statuses: Collection[str] = (), words: str = "") -> Scorecard:
    """The scorecard with the lines that have one of the statuses and all words; empty stands for all.

    A key result has the words of its objective too; an objective that fits is shown with all its key results where
    none of them fits by itself.
    """
    wanted = words.casefold().split()
    if not statuses and not wanted:
        return card
    teams = []
    for team in card.teams:
        found = (_search_objective(objective, statuses, wanted) for objective in team.objectives)
        objectives = [objective for objective in found if objective is not None]
        teams += [replace(team, objectives=objectives)] if objectives else []
    return replace(card, teams=teams)


def _search_objective(
    objective: ObjectiveScore, statuses: Collection[str], words: Sequence[str]
) -> ObjectiveScore | None:
    own = _words_of(objective)
    fitting = [
        scored for scored in objective.key_results
        if _has_status(scored, statuses) and _has_words(f"{own} {_words_of(scored)}", words)
    ]  # fmt: skip
    if fitting:
        return replace(objective, key_results=fitting)
    return objective if _has_status(objective, statuses) and _has_words(own, words) else None


def _has_status(scored: ObjectiveScore | KeyResultScore, statuses: Collection[str]) -> bool:
    return not statuses or scored.status in statuses


def _has_words(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _words_of(scored: ObjectiveScore | KeyResultScore) -> str:
    node = scored.node
    return " ".join(filter(None, (node.model.title, node.id, node.owner, *node.model.tags))).casefold()
