"""Explains a reference that leads nowhere: which of its parts is wrong, and what may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from okrctl.values import suggestions
from okrctl.workspace import Objective, Workspace

MAX_EXPLAINED = 1000  # nobody reads more, and each is compared with all that there is
FORMS_HELP = "write `OBJECTIVE`, `TEAM/OBJECTIVE` or `PERIOD/TEAM/OBJECTIVE`, with `.KEY_RESULT` where one is meant"


class ReferenceHelp(NamedTuple):
    """The sentence about a reference, its mend, and the reference itself where a slip hides it."""

    message: str
    help: str = ""
    correction: str | None = None


class ReferenceExplainer:
    """Knows the names of all objectives by period and team."""

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
        """What there is to say about the first part of a reference that is wrong; it stands near an objective."""
        self.explained_count += 1
        if self.explained_count > MAX_EXPLAINED:
            return ReferenceHelp(f"'{text}' leads nowhere", FORMS_HELP)
        front = text.split("/")[:-1]
        if len(front) > 2:
            return ReferenceHelp(f"'{text}' is no reference", FORMS_HELP)
        if len(front) == 2 and front[0] not in self.objectives_by_name:
            message = f"there are no objectives in a period '{front[0]}'"
            return self._with_suggestion(near, message, front[0], self.objectives_by_name, "{}" + text[len(front[0]) :])
        spans = front[:1] if len(front) == 2 else self.workspace.enclosing_periods(near.period)
        team = front[-1] if front else near.team
        ids = self._objectives_of_team(team, spans)
        return (
            self._explain_objective(text, near, team, spans, ids)
            if ids
            else self._explain_team(text, near, team, spans)
        )

    def _objectives_of_team(self, team: str, spans: list[str]) -> dict[str, Objective]:
        """The objectives of a team by their ids, the shortest period first where several have one id."""
        ids = self._ids_by_team.setdefault((team, *spans), {})
        for span in reversed(spans if not ids else ()):
            ids.update(self.objectives_by_name.get(span, {}).get(team, {}))
        return ids

    def _explain_team(self, text: str, near: Objective, team: str, spans: list[str]) -> ReferenceHelp:
        """A team that has no objectives in these periods."""
        *front, last = text.split("/")
        message = f"the team '{team}' has no objectives in {' or '.join(spans)}"
        if len(front) == 1 and team in self.objectives_by_name:
            help = f"`{text}` is read as team and objective; the full name is `PERIOD/TEAM/OBJECTIVE`"
            return ReferenceHelp(message, help)
        teams = {one for span in spans for one in self.objectives_by_name.get(span, {})}
        before = f"{front[0]}/" if len(front) == 2 else ""
        return self._with_suggestion(near, message, team, sorted(teams), f"{before}{{}}/{last}")

    def _explain_objective(
        self, text: str, near: Objective, team: str, spans: list[str], ids: dict[str, Objective]
    ) -> ReferenceHelp:
        """An objective that the team has not, or that has no such key result."""
        front, slash, last = text.rpartition("/")
        name, _, key_result = last.partition(".")
        rest = last[len(name) :]
        if name in ids:
            results = [one.id for one in ids[name].key_results if one.id]
            form = f"{front}{slash}{name}.{{}}"
            return self._with_suggestion(near, f"'{name}' has no key result '{key_result}'", key_result, results, form)
        message = f"the team '{team}' has no objective '{name}' in {' or '.join(spans)}"
        elsewhere = self._reference_elsewhere(name, spans)
        if elsewhere:
            return ReferenceHelp(f"{message}{suggestions.did_you_mean(elsewhere + rest)}")
        bare = self._key_result_ids_of(near) if text == name else []
        return self._with_suggestion(near, message, name, [*ids, *bare], f"{front}{slash}{{}}{rest}")

    def _key_result_ids_of(self, near: Objective) -> list[str]:
        """The ids of an objective's key results, of which there may be thousands that lead nowhere."""
        if near not in self._key_result_ids:
            self._key_result_ids[near] = [one.id for one in near.key_results if one.id]
        return self._key_result_ids[near]

    def _reference_elsewhere(self, name: str, spans: list[str]) -> str | None:
        """How to write the name of an objective that another team or period has, the nearest periods first."""
        periods = [*spans, *sorted((one for one in self.objectives_by_name if one not in spans), reverse=True)]
        for period in periods:
            for team, ids in self.objectives_by_name.get(period, {}).items():
                if name in ids:
                    return f"{team}/{name}" if period in spans else f"{period}/{team}/{name}"
        return None

    def _with_suggestion(
        self, near: Objective, message: str, word: str, known: Iterable[str], form: str
    ) -> ReferenceHelp:
        """The message with the whole reference that may be meant, `form` having braces in the place of the word."""
        words = list(known)
        closest = suggestions.find_closest(word, words)
        meant = form.replace("{}", closest, 1) if closest else None
        if meant is None or self.workspace.resolve(meant, near) is None:
            return ReferenceHelp(message, FORMS_HELP)
        slip = meant if suggestions.find_typo(word, words) == closest else None
        return ReferenceHelp(f"{message}{suggestions.did_you_mean(meant)}", correction=slip)
