"""Explains an unresolved reference: which of its parts is wrong, and which reference may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from okrctl.values import suggestions
from okrctl.workspace import Objective, Workspace

MAX_EXPLAINED = 1000  # in a workspace, because each one is compared with all known names
FORMS_HELP = "write `OBJECTIVE`, `TEAM/OBJECTIVE` or `PERIOD/TEAM/OBJECTIVE`, and append `.KEY_RESULT` for a key result"


class ReferenceHelp(NamedTuple):
    """A message about a reference, help, and the correct reference if the mistake is clearly a typo."""

    message: str
    help: str = ""
    correction: str | None = None


def _shorten(ref: str, text: str, near: Objective) -> str:
    """A full reference with as many parts as a text has that it replaces; its team is left out where it need not be."""
    _, team, goal = ref.split("/")
    count = text.count("/")
    if count == 2:
        return ref
    return goal if count == 0 and team == near.team else f"{team}/{goal}"


def _differing_id(old: str, new: str) -> str:
    """The id at the end of a reference, if another one ends in another id."""
    ids = [re.split("[/.]", ref)[-1] for ref in (old, new)]
    return ids[0] if ids[0] != ids[1] else ""


class ReferenceExplainer:
    """Explains unresolved references by comparing them with the names of all objectives, by period and team."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.explained_count = 0
        self._ids_by_team: dict[tuple[str, ...], dict[str, Objective]] = {}
        self._key_result_ids: dict[Objective, list[str]] = {}
        self.objectives_by_name: dict[str, dict[str, dict[str, Objective]]] = {}
        for (period, team, name), objective in workspace.by_name.items():
            if name:
                self.objectives_by_name.setdefault(period, {}).setdefault(team, {})[name] = objective

    def explain(self, text: str, near: Objective) -> ReferenceHelp:
        """Explain the first wrong part of a reference that is written in or near an objective."""
        self.explained_count += 1
        if self.explained_count > MAX_EXPLAINED:
            return ReferenceHelp(f"'{text}' does not exist", FORMS_HELP)
        front = text.split("/")[:-1]
        if len(front) > 2:
            return ReferenceHelp(f"'{text}' is not a valid reference", FORMS_HELP)
        if len(front) == 2 and front[0] not in self.objectives_by_name:
            message = f"the period '{front[0]}' has no objectives"
            return self._with_suggestion(near, message, front[0], self.objectives_by_name, "{}" + text[len(front[0]) :])
        periods = front[:1] if len(front) == 2 else self.workspace.enclosing_periods(near.period)
        team = front[-1] if front else near.team
        renamed = self._explain_rename(text, near, team, periods)
        if renamed is not None:
            return renamed
        ids = self._objectives_of_team(team, periods)
        if ids:
            return self._explain_objective(text, near, team, periods, ids)
        return self._explain_team(text, near, team, periods)

    def _explain_rename(self, text: str, near: Objective, team: str, periods: list[str]) -> ReferenceHelp | None:
        """Name the goal that had this reference before, if it says so (`formerly`), or the base shows it."""
        name, _, key_result = text.rpartition("/")[2].partition(".")
        for period in periods:
            new, former = self._current_ref(f"{period}/{team}/{name}", key_result)
            shown = _shorten(new, text, near) if new else ""
            found = self.workspace.resolve(shown, near) if shown else None
            if found is not None and found.ref == new:
                advice = f", and add `formerly: {former}` to the goal" if former else ""
                return ReferenceHelp(f"'{text}' is '{shown}' now", f"write `{shown}`{advice}", shown)
        return None

    def _current_ref(self, objective: str, key_result: str) -> tuple[str | None, str]:
        """The reference of today of an objective or a key result of it, and the old id that it does not name."""
        recorded = self._former_refs.get(objective)
        owner = recorded or self.workspace.renamed.get(objective, objective)
        former = "" if recorded else _differing_id(objective, owner)
        if not key_result:
            return owner if owner != objective else None, former
        same = f"{owner}.{key_result}"
        new = self._former_refs.get(same)
        if new is None:
            new = self.workspace.renamed.get(f"{objective}.{key_result}", same)
            former = former or _differing_id(same, new)
        return new if new != f"{objective}.{key_result}" else None, former

    @cached_property
    def _former_refs(self) -> dict[str, str]:
        """The references of goals that had another id, by what they were then."""
        former: dict[str, str] = {}
        for objective in self.workspace.objectives:
            if objective.model.formerly:
                former.setdefault(f"{objective.period.id}/{objective.team}/{objective.model.formerly}", objective.ref)
            for result in objective.key_results:
                if result.model.formerly:
                    former.setdefault(f"{objective.ref}.{result.model.formerly}", result.ref)
        return former

    def _objectives_of_team(self, team: str, periods: list[str]) -> dict[str, Objective]:
        """The objectives of a team by id; if several share one, the one of the shortest period."""
        ids = self._ids_by_team.setdefault((team, *periods), {})
        for period in reversed(periods if not ids else ()):
            ids.update(self.objectives_by_name.get(period, {}).get(team, {}))
        return ids

    def _explain_team(self, text: str, near: Objective, team: str, periods: list[str]) -> ReferenceHelp:
        """Explain a reference to a team that has no objectives in these periods."""
        *front, last = text.split("/")
        message = f"the team '{team}' has no objectives in {' or '.join(periods)}"
        if len(front) == 1 and team in self.objectives_by_name:
            help = f"`{text}` is read as team and objective; the full name is `PERIOD/TEAM/OBJECTIVE`"
            return ReferenceHelp(message, help)
        name, dot, key_result = last.partition(".")
        elsewhere = f"{self._reference_elsewhere(name, periods) or ''}{dot}{key_result}"
        if self.workspace.resolve(elsewhere, near) is not None:
            return ReferenceHelp(f"{message}{suggestions.did_you_mean(elsewhere)}")
        teams = {known for period in periods for known in self.objectives_by_name.get(period, {})}
        prefix = f"{front[0]}/" if len(front) == 2 else ""
        return self._with_suggestion(near, message, team, sorted(teams), f"{prefix}{{}}/{last}")

    def _explain_objective(
        self, text: str, near: Objective, team: str, periods: list[str], ids: dict[str, Objective]
    ) -> ReferenceHelp:
        """Explain a reference to an unknown objective of a team, or to an unknown key result of an objective."""
        front, slash, last = text.rpartition("/")
        name, _, key_result = last.partition(".")
        rest = last[len(name) :]
        if name in ids:
            results = self._key_result_ids_of(ids[name])
            template = f"{front}{slash}{name}.{{}}"
            return self._with_suggestion(
                near, f"'{name}' has no key result '{key_result}'", key_result, results, template
            )
        message = f"the team '{team}' has no objective '{name}' in {' or '.join(periods)}"
        elsewhere = self._reference_elsewhere(name, periods)
        if elsewhere:
            return ReferenceHelp(f"{message}{suggestions.did_you_mean(elsewhere + rest)}")
        own_key_results = self._key_result_ids_of(near) if text == name else []
        return self._with_suggestion(near, message, name, [*ids, *own_key_results], f"{front}{slash}{{}}{rest}")

    def _key_result_ids_of(self, objective: Objective) -> list[str]:
        """The ids of the key results of an objective, cached because thousands of references may ask for them."""
        if objective not in self._key_result_ids:
            self._key_result_ids[objective] = [result.id for result in objective.key_results if result.id]
        return self._key_result_ids[objective]

    def _reference_elsewhere(self, name: str, periods: list[str]) -> str | None:
        """A reference to an objective of this name in another team or period, the nearest periods first."""
        others = sorted((period for period in self.objectives_by_name if period not in periods), reverse=True)
        for period in (*periods, *others):
            for team, ids in self.objectives_by_name.get(period, {}).items():
                if name in ids:
                    return f"{team}/{name}" if period in periods else f"{period}/{team}/{name}"
        return None

    def _with_suggestion(
        self, near: Objective, message: str, word: str, known: Iterable[str], template: str
    ) -> ReferenceHelp:
        """The message with a suggested reference: the `template` with the closest known word in place of its braces."""
        words = list(known)
        closest = suggestions.find_closest(word, words)
        suggestion = template.replace("{}", closest, 1) if closest else None
        if suggestion is None or self.workspace.resolve(suggestion, near) is None:
            return ReferenceHelp(message, FORMS_HELP)
        correction = suggestion if suggestions.find_typo(word, words) == closest else None
        return ReferenceHelp(f"{message}{suggestions.did_you_mean(suggestion)}", correction=correction)
