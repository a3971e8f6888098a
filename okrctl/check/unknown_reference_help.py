"""Explains a reference that leads nowhere: which of its parts is wrong, and what may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from okrctl.values import suggestions
from okrctl.workspace import Objective, Workspace

MOST_EXPLAINED = 1000  # nobody reads more, and each is compared with all that there is
FORMS = "write `OBJECTIVE`, `TEAM/OBJECTIVE` or `PERIOD/TEAM/OBJECTIVE`, with `.KEY_RESULT` where one is meant"


class Answer(NamedTuple):
    """The sentence about a reference, its mend, and the reference itself where a slip hides it."""

    message: str
    help: str = ""
    slip: str | None = None


class Astray:
    """Knows the names of all objectives by period and team."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.explained = 0
        self._ids: dict[tuple[str, ...], dict[str, Objective]] = {}
        self._bare: dict[Objective, list[str]] = {}
        self.names: dict[str, dict[str, dict[str, Objective]]] = {}
        for (period, team, name), objective in workspace.by_name.items():
            if name:
                self.names.setdefault(period, {}).setdefault(team, {})[name] = objective

    def explain(self, text: str, near: Objective) -> Answer:
        """What there is to say about the first part of a reference that is wrong; it stands near an objective."""
        self.explained += 1
        if self.explained > MOST_EXPLAINED:
            return Answer(f"'{text}' leads nowhere", FORMS)
        front = text.split("/")[:-1]
        if len(front) > 2:
            return Answer(f"'{text}' is no reference", FORMS)
        if len(front) == 2 and front[0] not in self.names:
            message = f"there are no objectives in a period '{front[0]}'"
            return self._asked(near, message, front[0], self.names, "{}" + text[len(front[0]) :])
        spans = front[:1] if len(front) == 2 else self.workspace.around(near.period)
        team = front[-1] if front else near.team
        ids = self._known(team, spans)
        return self._of_objective(text, near, team, spans, ids) if ids else self._of_team(text, near, team, spans)

    def _known(self, team: str, spans: list[str]) -> dict[str, Objective]:
        """The objectives of a team by their ids, the shortest period first where several have one id."""
        ids = self._ids.setdefault((team, *spans), {})
        for span in reversed(spans if not ids else ()):
            ids.update(self.names.get(span, {}).get(team, {}))
        return ids

    def _of_team(self, text: str, near: Objective, team: str, spans: list[str]) -> Answer:
        """A team that has no objectives in these periods."""
        *front, last = text.split("/")
        message = f"the team '{team}' has no objectives in {' or '.join(spans)}"
        if len(front) == 1 and team in self.names:
            help = f"`{text}` is read as team and objective; the full name is `PERIOD/TEAM/OBJECTIVE`"
            return Answer(message, help)
        teams = {one for span in spans for one in self.names.get(span, {})}
        before = f"{front[0]}/" if len(front) == 2 else ""
        return self._asked(near, message, team, sorted(teams), f"{before}{{}}/{last}")

    def _of_objective(
        self, text: str, near: Objective, team: str, spans: list[str], ids: dict[str, Objective]
    ) -> Answer:
        """An objective that the team has not, or that has no such key result."""
        front, slash, last = text.rpartition("/")
        name, _, key_result = last.partition(".")
        rest = last[len(name) :]
        if name in ids:
            results = [one.id for one in ids[name].key_results if one.id]
            form = f"{front}{slash}{name}.{{}}"
            return self._asked(near, f"'{name}' has no key result '{key_result}'", key_result, results, form)
        message = f"the team '{team}' has no objective '{name}' in {' or '.join(spans)}"
        elsewhere = self._elsewhere(name, spans)
        if elsewhere:
            return Answer(f"{message}{suggestions.meant(elsewhere + rest)}")
        bare = self._results(near) if text == name else []
        return self._asked(near, message, name, [*ids, *bare], f"{front}{slash}{{}}{rest}")

    def _results(self, near: Objective) -> list[str]:
        """The ids of an objective's key results, of which there may be thousands that lead nowhere."""
        if near not in self._bare:
            self._bare[near] = [one.id for one in near.key_results if one.id]
        return self._bare[near]

    def _elsewhere(self, name: str, spans: list[str]) -> str | None:
        """How to write the name of an objective that another team or period has, the nearest periods first."""
        periods = [*spans, *sorted((one for one in self.names if one not in spans), reverse=True)]
        for period in periods:
            for team, ids in self.names.get(period, {}).items():
                if name in ids:
                    return f"{team}/{name}" if period in spans else f"{period}/{team}/{name}"
        return None

    def _asked(self, near: Objective, message: str, word: str, known: Iterable[str], form: str) -> Answer:
        """The message with the whole reference that may be meant, `form` having braces in the place of the word."""
        words = list(known)
        closest = suggestions.closest(word, words)
        meant = form.replace("{}", closest, 1) if closest else None
        if meant is None or self.workspace.resolve(meant, near) is None:
            return Answer(message, FORMS)
        slip = meant if suggestions.slip(word, words) == closest else None
        return Answer(f"{message}{suggestions.meant(meant)}", slip=slip)
