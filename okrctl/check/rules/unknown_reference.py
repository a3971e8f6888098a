"""Finds references to objectives, key results, KPIs and teams that do not exist.

An objective whose parent does not exist is linked to nothing, and a rollup without its key results has no value. `a/b`
is team and objective, `PERIOD/TEAM/OBJECTIVE` the full name; append `.KEY_RESULT` for a key result. Without a period, a
reference means the period of the file, or a longer one that contains it. A reference is not reported if its target
may be in a file that cannot be read, or belongs to a team that `elsewhere:` of okrctl.yaml lists. If the id of
the goal has changed, and `formerly:` or a base (`--base`) shows this, the message names the new id.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, at_most: 4, guards: [code]}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, at_most: 4, guards: [codes]}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.check.unknown_reference_help import MAX_EXPLAINED, ReferenceExplainer
from okrctl.kpis import formula
from okrctl.schema.settings import COMPANY
from okrctl.values import suggestions
from okrctl.values.diagnostic import Route
from okrctl.workspace import Elsewhere, File, KeyResult, Kpi, Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every unresolved reference of all files and the settings."""
    known_names = _KnownNames(workspace)
    for objective in workspace.objectives:
        yield from _check_objective(known_names, objective)
    for kpi in workspace.kpi_nodes:
        yield from _check_formula(known_names, kpi)
    yield from _check_teams(workspace)


class _KnownNames:
    """The names that references may use, including those that may be in files that are not fully read."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.guess_count = 0

    def suggest(self, word: str, known: Callable[[], Collection[str]]) -> tuple[str, str | None]:
        """A "did you mean" for a word, and the correction if it is clearly a typo; both empty after very many words."""
        self.guess_count += 1
        if self.guess_count > MAX_EXPLAINED:
            return "", None
        return suggestions.did_you_mean(suggestions.find_closest(word, known())), suggestions.find_typo(word, known())

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The teams whose goals are in another repository."""
        from okrctl.check.dependencies import elsewhere_of  # here, since few workspaces have any

        return elsewhere_of(self.workspace) if self.workspace.config.elsewhere else Elsewhere()

    @cached_property
    def explainer(self) -> ReferenceExplainer:
        """Explains unresolved references; created only if there is one."""
        return ReferenceExplainer(self.workspace)

    @cached_property
    def unreadable_texts(self) -> list[str]:
        """The texts of files that cannot be read."""
        return [file.document.text for file in self.workspace.files if not file.is_clean and file.document.data is None]

    @cached_property
    def partially_read_ids(self) -> set[str]:
        """The ids in files that are only partially read."""
        ids: set[str] = set()
        for file in self.workspace.files:
            if file.file_problems or file.omitted or file.kind is None or (file.kind == "okr" and file.period is None):
                _collect_ids(file.document.data, ids)
        return ids

    def has_kpi(self, name: str) -> bool:
        """Whether there is a KPI of this name, or may be one in a file that is not fully read, or elsewhere."""
        return name in self.workspace.kpis or self.may_be_hidden(name) or self.elsewhere.covers(name)

    def may_be_elsewhere(self, text: str, near: Objective) -> bool:
        """Whether a reference names a team whose goals are in another repository."""
        *front, name = text.strip().split("/")
        return self.elsewhere.covers(f"{front[-1] if front else near.team}/{name}")

    def may_be_hidden(self, word: str) -> bool:
        """Whether a name may be in a file that is not fully read; a file without a text may have any name."""
        return word in self.partially_read_ids or any(word in text or not text for text in self.unreadable_texts)


def _collect_ids(data: object, ids: set[str]) -> None:
    queue = [data]
    while queue:
        value = queue.pop()
        if isinstance(value, dict):
            if isinstance(value.get("id"), str):
                ids.add(value["id"])
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)


def _check_objective(known_names: _KnownNames, node: Objective) -> Iterator[Finding]:
    model, route = node.model, node.route
    if model.parent:
        yield from _check_reference(known_names, node, (*route, "parent"), model.parent, node.ref)
    if model.carried_from:
        yield from _check_carried_from(known_names, node, model.carried_from)
    yield from _check_kpis(known_names, node, (*route, "kpis"), model.kpis)
    for index, hypothesis in enumerate(model.hypothesis):
        yield from _check_kpi(known_names, node, (*route, "hypothesis", index, "kpi"), hypothesis.kpi, node.ref)
    for index, initiative in enumerate(model.initiatives):
        initiative_route = (*route, "initiatives", index)
        yield from _check_kpis(known_names, node, (*initiative_route, "kpis"), initiative.kpis)
        for inner_index, text in enumerate(initiative.moves):
            yield from _check_reference(known_names, node, (*initiative_route, "moves", inner_index), text, node.ref)
    siblings = {key_result.id for key_result in node.key_results}
    for key_result in node.key_results:
        yield from _check_key_result(known_names, key_result, siblings)


def _check_key_result(known_names: _KnownNames, node: KeyResult, siblings: set[str]) -> Iterator[Finding]:
    model = node.model
    values = vars(model)
    name = values.get("kpi")
    if name:
        yield from _check_kpi(known_names, node.objective, (*node.route, "kpi"), name, node.ref)
    rollup = values.get("rollup")
    if rollup is not None:
        for index, text in enumerate(rollup.members):
            route = (*node.route, "rollup", rollup.method, index)
            yield from _check_reference(known_names, node.objective, route, text, node.ref)
    guards = model.guards if isinstance(model.guards, list) else ()
    for index, text in enumerate(guards):
        if text not in siblings and not known_names.may_be_hidden(text):
            did_you_mean, correction = known_names.suggest(text, lambda: siblings - {node.id, ""})
            message = f"this objective has no key result '{text}'{did_you_mean}"
            route, help = (*node.route, "guards", index), "use key results of the same objective, or `all`"
            yield Finding(route, message, help, ref=node.ref, file=node.file, suggested_text=correction)


def _check_kpis(known_names: _KnownNames, node: Objective, route: Route, names: Iterable[str]) -> Iterator[Finding]:
    for index, name in enumerate(names):
        yield from _check_kpi(known_names, node, (*route, index), name, node.ref)


def _check_kpi(known_names: _KnownNames, node: Objective, route: Route, name: str, ref: str) -> Iterator[Finding]:
    if not known_names.has_kpi(name):
        message, correction = _unknown_kpi_message(known_names, name)
        yield Finding(route, message, _kpi_help(known_names), ref=ref, file=node.file, suggested_text=correction)


def _unknown_kpi_message(known_names: _KnownNames, name: str) -> tuple[str, str | None]:
    did_you_mean, correction = known_names.suggest(name, lambda: known_names.workspace.kpis)
    return f"there is no KPI '{name}'{did_you_mean}", correction


def _kpi_help(known_names: _KnownNames) -> str:
    return "" if known_names.workspace.kpis else "declare it under `kpis:` in a file such as kpis/company.yaml"


def _check_formula(known_names: _KnownNames, node: Kpi) -> Iterator[Finding]:
    try:
        parsed = formula.parse(node.model.formula) if node.model.formula else None
    except formula.FormulaError:
        return
    for name in parsed.names if parsed else ():
        if not known_names.has_kpi(name.id):
            text_range = (name.column - 1, name.column - 1 + name.length)
            help = _subtraction_help(known_names, name.id)
            route = (*node.route, "formula")
            message, correction = _unknown_kpi_message(known_names, name.id)
            yield Finding(
                route, message, help, text_range=text_range, ref=node.ref, file=node.file, suggested_text=correction
            )


def _subtraction_help(known_names: _KnownNames, name: str) -> str:
    """Help for `a-b`, which is one id, if both sides are KPIs and a difference is meant."""
    for index, character in enumerate(name):
        left, right = name[:index], name[index + 1 :]
        if character == "-" and left in known_names.workspace.kpis and right in known_names.workspace.kpis:
            return f"write `{left} - {right}` with spaces to subtract"
    return ""


def _check_teams(workspace: Workspace) -> Iterator[Finding]:
    """Teams of files and KPIs, and parents of teams, if the settings list the teams."""
    teams, settings = workspace.config.teams, workspace.settings
    if teams is None or settings is None or settings.is_broken_at(("teams",)):
        return
    known_teams = {*teams, COMPANY, *workspace.config.elsewhere}
    for file, route, name, ref in _team_references(workspace):
        if name not in known_teams:
            yield _unknown_team_finding(file, route, name, known_teams, ref)
    for name, team in (settings.model.teams or {}).items():
        if team.parent and team.parent not in known_teams:
            yield _unknown_team_finding(settings, ("teams", name, "parent"), team.parent, known_teams, None)


def _team_references(workspace: Workspace) -> Iterator[tuple[File, Route, str, str | None]]:
    for file in workspace.files:
        if file.kind == "okr" and file.document.node(("team",)):
            yield file, ("team",), file.team, None
    for kpi in workspace.kpi_nodes:
        if kpi.model.team:
            yield kpi.file, (*kpi.route, "team"), kpi.model.team, kpi.ref


def _unknown_team_finding(file: File, route: Route, name: str, known_teams: set[str], ref: str | None) -> Finding:
    did_you_mean = suggestions.did_you_mean(suggestions.find_closest(name, sorted(known_teams)))
    return Finding(
        route, f"there is no team '{name}'{did_you_mean}", "add it under `teams:` in okrctl.yaml", ref=ref, file=file
    )


def _check_carried_from(known_names: _KnownNames, node: Objective, text: str) -> Iterator[Finding]:
    route = (*node.route, "carried_from")
    if known_names.workspace.resolve(text, node) is node:
        help = f"include the earlier period: `PERIOD/{node.team}/{node.id}`"
        yield Finding(route, f"'{text}' refers to the objective itself", help, ref=node.ref, file=node.file)
    else:
        yield from _check_reference(known_names, node, route, text, node.ref)


def _check_reference(known_names: _KnownNames, near: Objective, route: Route, text: str, ref: str) -> Iterator[Finding]:
    if known_names.workspace.resolve(text, near) is not None:
        return
    if text.count("/") < 3 and known_names.may_be_elsewhere(text, near):
        return
    objective, _, key_result = text.strip().rpartition("/")[2].partition(".")
    if known_names.may_be_hidden(objective) or (key_result and known_names.may_be_hidden(key_result)):
        return
    explanation = known_names.explainer.explain(text.strip(), near)
    yield Finding(
        route, explanation.message, explanation.help, ref=ref, file=near.file, suggested_text=explanation.correction
    )


RULE = Rule(code="OKR102", name="unknown-reference", severity="error", check_workspace=check_workspace)
