"""Finds references to objectives, key results, KPIs and teams that do not exist.

A parent that does not exist is an alignment that nobody agreed to, and a roll-up of nothing has no value. `a/b` is
team and objective, `PERIOD/TEAM/OBJECTIVE` the full name; append `.KEY_RESULT` for a key result. Without a period, a
reference means the period of the file, or a longer one that contains it. A reference is not reported if its target
may be in a file that cannot be read.

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
from okrctl.workspace import File, KeyResult, Kpi, Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every reference of every file, and of the settings."""
    lookup = _KnownNames(workspace)
    for objective in workspace.objectives:
        yield from _check_objective(lookup, objective)
    for kpi in workspace.kpi_nodes:
        yield from _check_formula(lookup, kpi)
    yield from _check_teams(workspace)


class _KnownNames:
    """What there is to refer to, and what may stand in files that cannot be read whole."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.guess_count = 0

    def suggest(self, word: str, known: Callable[[], Collection[str]]) -> tuple[str, str | None]:
        """The question what is meant, and the one word that only a slip hides; nothing any more after very many."""
        self.guess_count += 1
        if self.guess_count > MAX_EXPLAINED:
            return "", None
        return suggestions.did_you_mean(suggestions.find_closest(word, known())), suggestions.find_typo(word, known())

    @cached_property
    def explainer(self) -> ReferenceExplainer:
        """Says what may be meant by references; made only where one leads nowhere."""
        return ReferenceExplainer(self.workspace)

    @cached_property
    def unreadable_texts(self) -> list[str]:
        """The texts of files that cannot be read."""
        return [file.document.text for file in self.workspace.files if not file.is_clean and file.document.data is None]

    @cached_property
    def partially_read_ids(self) -> set[str]:
        """The ids in files that can be read, but not whole."""
        found: set[str] = set()
        for file in self.workspace.files:
            if file.file_problems or file.omitted or file.kind is None or (file.kind == "okr" and file.period is None):
                _collect_ids(file.document.data, found)
        return found

    def may_be_hidden(self, word: str) -> bool:
        """Whether the thing may stand in a file that cannot be read, or not whole; a file without a text hides all."""
        return word in self.partially_read_ids or any(word in text or not text for text in self.unreadable_texts)


def _collect_ids(data: object, found: set[str]) -> None:
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("id"), str):
                found.add(one["id"])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _check_objective(lookup: _KnownNames, node: Objective) -> Iterator[Finding]:
    model, route = node.model, node.route
    if model.parent:
        yield from _check_reference(lookup, node, (*route, "parent"), model.parent, node.ref)
    if model.carried_from:
        yield from _check_carried_from(lookup, node, model.carried_from)
    yield from _check_kpis(lookup, node, (*route, "kpis"), model.kpis)
    for number, guess in enumerate(model.hypothesis):
        yield from _check_kpi(lookup, node, (*route, "hypothesis", number, "kpi"), guess.kpi, node.ref)
    for number, initiative in enumerate(model.initiatives):
        inner = (*route, "initiatives", number)
        yield from _check_kpis(lookup, node, (*inner, "kpis"), initiative.kpis)
        for place, text in enumerate(initiative.moves):
            yield from _check_reference(lookup, node, (*inner, "moves", place), text, node.ref)
    siblings = {one.id for one in node.key_results}
    for key_result in node.key_results:
        yield from _check_key_result(lookup, key_result, siblings)


def _check_key_result(lookup: _KnownNames, node: KeyResult, siblings: set[str]) -> Iterator[Finding]:
    model = node.model
    name = getattr(model, "kpi", None)
    if name:
        yield from _check_kpi(lookup, node.objective, (*node.route, "kpi"), name, node.ref)
    rollup = getattr(model, "rollup", None)
    if rollup is not None:
        for number, text in enumerate(rollup.members):
            route = (*node.route, "rollup", rollup.method, number)
            yield from _check_reference(lookup, node.objective, route, text, node.ref)
    guarded = model.guards if isinstance(model.guards, list) else ()
    for number, text in enumerate(guarded):
        if text not in siblings and not lookup.may_be_hidden(text):
            meant, slip = lookup.suggest(text, lambda: siblings - {node.id, ""})
            message = f"this objective has no key result '{text}'{meant}"
            route, help = (*node.route, "guards", number), "name key results of the same objective, or `all`"
            yield Finding(route, message, help, ref=node.ref, file=node.file, suggested_text=slip)


def _check_kpis(lookup: _KnownNames, node: Objective, route: Route, names: Iterable[str]) -> Iterator[Finding]:
    for number, name in enumerate(names):
        yield from _check_kpi(lookup, node, (*route, number), name, node.ref)


def _check_kpi(lookup: _KnownNames, node: Objective, route: Route, name: str, ref: str) -> Iterator[Finding]:
    if name not in lookup.workspace.kpis and not lookup.may_be_hidden(name):
        message, slip = _unknown_kpi_message(lookup, name)
        yield Finding(route, message, _kpi_help(lookup), ref=ref, file=node.file, suggested_text=slip)


def _unknown_kpi_message(lookup: _KnownNames, name: str) -> tuple[str, str | None]:
    meant, slip = lookup.suggest(name, lambda: lookup.workspace.kpis)
    return f"there is no KPI '{name}'{meant}", slip


def _kpi_help(lookup: _KnownNames) -> str:
    return "" if lookup.workspace.kpis else "declare it in a file with `kpis:`, such as kpis/company.yaml"


def _check_formula(lookup: _KnownNames, node: Kpi) -> Iterator[Finding]:
    try:
        read = formula.parse(node.model.formula) if node.model.formula else None
    except formula.FormulaError:
        return
    for name in read.names if read else ():
        if name.id not in lookup.workspace.kpis and not lookup.may_be_hidden(name.id):
            part = (name.column - 1, name.column - 1 + name.length)
            help = _subtraction_help(lookup, name.id)
            route = (*node.route, "formula")
            message, slip = _unknown_kpi_message(lookup, name.id)
            yield Finding(route, message, help, text_range=part, ref=node.ref, file=node.file, suggested_text=slip)


def _subtraction_help(lookup: _KnownNames, name: str) -> str:
    """`a-b` is one name; where both sides are KPIs a difference is meant."""
    for place, sign in enumerate(name):
        left, right = name[:place], name[place + 1 :]
        if sign == "-" and left in lookup.workspace.kpis and right in lookup.workspace.kpis:
            return f"write `{left} - {right}` with spaces to subtract"
    return ""


def _check_teams(workspace: Workspace) -> Iterator[Finding]:
    """Teams of files and KPIs, and the teams above teams, where the settings list the teams."""
    teams, settings = workspace.config.teams, workspace.settings
    if teams is None or settings is None or settings.is_broken_at(("teams",)):
        return
    known = {*teams, COMPANY}
    for file in workspace.files:
        if file.kind == "okr" and file.team not in known and file.document.node(("team",)):
            yield _unknown_team_finding(file, ("team",), file.team, known, None)
    for kpi in workspace.kpi_nodes:
        if kpi.model.team and kpi.model.team not in known:
            yield _unknown_team_finding(kpi.file, (*kpi.route, "team"), kpi.model.team, known, kpi.ref)
    for name, team in teams.items():
        if team.parent and team.parent not in known:
            yield _unknown_team_finding(settings, ("teams", name, "parent"), team.parent, known, None)


def _unknown_team_finding(file: File, route: Route, name: str, known: set[str], ref: str | None) -> Finding:
    meant = suggestions.did_you_mean(suggestions.find_closest(name, sorted(known)))
    return Finding(
        route, f"there is no team '{name}'{meant}", "list it under `teams:` in okrctl.yaml", ref=ref, file=file
    )


def _check_carried_from(lookup: _KnownNames, node: Objective, text: str) -> Iterator[Finding]:
    route = (*node.route, "carried_from")
    if lookup.workspace.resolve(text, node) is node:
        help = f"name the earlier period too: `PERIOD/{node.team}/{node.id}`"
        yield Finding(route, f"'{text}' is this objective itself", help, ref=node.ref, file=node.file)
    else:
        yield from _check_reference(lookup, node, route, text, node.ref)


def _check_reference(lookup: _KnownNames, near: Objective, route: Route, text: str, ref: str) -> Iterator[Finding]:
    if lookup.workspace.resolve(text, near) is not None:
        return
    objective, _, key_result = text.strip().rpartition("/")[2].partition(".")
    if lookup.may_be_hidden(objective) or (key_result and lookup.may_be_hidden(key_result)):
        return
    answer = lookup.explainer.explain(text.strip(), near)
    yield Finding(route, answer.message, answer.help, ref=ref, file=near.file, suggested_text=answer.correction)


RULE = Rule(code="OKR102", name="unknown-reference", severity="error", check_workspace=check_workspace)
