"""Finds two goals or KPIs with the same id.

Parents, rollups, check-ins and formulas refer to goals and KPIs by id. If two share an id, every reference means the
first one. An id must be unique within its scope: the id of an objective within its team and period across all files,
of a key result within its objective, of a milestone within its key result, and of a KPI within the workspace.

To fix it, change one of the ids. `formerly:` keeps the old id, so that it is still found.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: codes, title: Codes scanned, to: 9000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes-requested, title: Codes requested, to: 25000}
          - {id: codes-scanned, title: Codes scanned, to: 9000}
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, KeyResult, Node, Objective, Workspace

HELP = "change one of the ids; `formerly:` keeps the old one"

NamedItem = tuple[Hashable, str, File, Route, Node]


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results of one objective, and milestones of one key result, with the same id."""
    for node in file.nodes:
        if isinstance(node, Objective):
            kind = f"key results of '{node.id}'" if node.id else "key results of this objective"
            yield from _duplicates(((kr.id, kr.id, file, kr.route, kr) for kr in node.key_results), kind)
            for key_result in node.key_results:
                yield from _duplicates(_milestones(file, key_result), "milestones")


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Objectives of one team and period, and KPIs, with the same id."""
    objectives = ((node.ref if node.id else "", node.id, node.file, node.route, node) for node in workspace.objectives)
    yield from _duplicates(objectives, "objectives of one team and period")
    yield from _duplicates(((node.id, node.id, node.file, node.route, node) for node in workspace.kpi_nodes), "KPIs")


def _milestones(file: File, key_result: KeyResult) -> Iterator[NamedItem]:
    for step in key_result.measure.steps(key_result.model):
        yield step.id, step.id or "", file, (*key_result.route, *step.route[:-1]), key_result


def _duplicates(items: Iterable[NamedItem], kind: str) -> Iterator[Finding]:
    first_by_key: dict[Hashable, tuple[File, Route]] = {}
    for key, name, file, route, node in items:
        if not key:
            continue
        earlier = first_by_key.setdefault(key, (file, route))
        if earlier != (file, route):
            related = ((earlier[0], (*earlier[1], "id"), "the first one"),)
            message = f"two {kind} have the id '{name}'"
            yield Finding((*route, "id"), message, HELP, related=related, ref=node.ref, file=file)


RULE = Rule(code="OKR101", name="duplicate-id", severity="error", check_file=check, check_workspace=check_workspace)
