"""Finds two nodes with the same id.

Parents, roll-ups, check-ins and formulas refer to nodes by id. If two nodes share an id, every reference means the
first one. An id is unique within its scope: an objective's within its team and period across all files, a key
result's within its objective, a milestone's within its key result, a KPI's within the workspace.

To fix it, change one of the ids; `formerly:` keeps the old id known.

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

HELP = "give one of them another id; `formerly:` keeps the old one known"

NamedItem = tuple[Hashable, str, File, Route, Node]


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results of one objective and milestones of one key result."""
    for node in file.nodes:
        if isinstance(node, Objective):
            what = f"key results of '{node.id}'" if node.id else "key results of this objective"
            yield from _duplicates(((kr.id, kr.id, file, kr.route, kr) for kr in node.key_results), what)
            for key_result in node.key_results:
                if key_result.measure == "milestones":
                    yield from _duplicates(_milestones(file, key_result), "milestones")


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Objectives of one team and period, and KPIs."""
    objectives = ((one.ref if one.id else "", one.id, one.file, one.route, one) for one in workspace.objectives)
    yield from _duplicates(objectives, "objectives of one team and period")
    yield from _duplicates(((one.id, one.id, one.file, one.route, one) for one in workspace.kpi_nodes), "KPIs")


def _milestones(file: File, key_result: KeyResult) -> Iterator[NamedItem]:
    for number, step in enumerate(key_result.model.milestones or ()):
        yield step.id, step.id or "", file, (*key_result.route, "milestones", number), key_result


def _duplicates(things: Iterable[NamedItem], what: str) -> Iterator[Finding]:
    first: dict[Hashable, tuple[File, Route]] = {}
    for key, name, file, route, node in things:
        if not key:
            continue
        before = first.setdefault(key, (file, route))
        if before != (file, route):
            related = ((before[0], (*before[1], "id"), "the other one"),)
            message = f"two {what} are called '{name}'"
            yield Finding((*route, "id"), message, HELP, related=related, ref=node.ref, file=file)


RULE = Rule(code="OKR101", name="duplicate-id", severity="error", check_file=check, check_workspace=check_workspace)
