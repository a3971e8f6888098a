"""Finds key results of one period that have nearly the same title or use the same KPI.

If two teams report the same number, it counts twice, and it is unclear who owns it. Guardrails are not reported. A key
result may resemble those in its `rollup:`, and those of the `parent` of its objective.

To fix it, keep one of them, or combine several with `rollup:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: more-codes, title: Requested tracking codes, to: 30000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check import similar_titles
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Objective, Workspace

HELP = "keep one of them, or combine them with `rollup:`"


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every key result that resembles an earlier one of its period, reported once."""
    families = _rollup_families(workspace)
    reported: set[KeyResult] = set()
    for duplicate, first, key, message in (*_pairs_with_same_kpi(workspace), *_pairs_with_similar_title(workspace)):
        is_same_family = families.get(duplicate, 0) == families.get(first, 1)
        if duplicate in reported or is_same_family or _is_parent_and_child(workspace, duplicate, first):
            continue
        reported.add(duplicate)
        yield Finding(
            (*duplicate.route, key), f"{message} '{first.ref}'", HELP,
            related=((first.file, (*first.route, "title"), "the first one"),), ref=duplicate.ref, file=duplicate.file,
        )  # fmt: skip


def _pairs_with_same_kpi(workspace: Workspace) -> Iterator[tuple[KeyResult, KeyResult, str, str]]:
    """(later, earlier, key, message) for key results of one period with the same KPI."""
    first: dict[tuple[str, str], KeyResult] = {}
    for key_result in workspace.active_key_results():
        kpi = getattr(key_result.model, "kpi", None)
        if kpi and not key_result.is_guardrail:
            earlier = first.setdefault((key_result.period.id, kpi), key_result)
            if earlier is not key_result:
                yield key_result, earlier, "kpi", "the same KPI is used by"


def _pairs_with_similar_title(workspace: Workspace) -> Iterator[tuple[KeyResult, KeyResult, str, str]]:
    """(later, earlier, key, message) for key results of one period with similar titles and the same unit."""
    for later, earlier in similar_titles.similar_nodes(workspace, KeyResult):
        units = workspace.unit(later), workspace.unit(earlier)
        if None in units or is_same_unit(*units):
            yield later, earlier, "title", "the title is nearly the same as that of"


def _rollup_families(workspace: Workspace) -> dict[object, int]:
    """A number for each key result of a rollup, which it shares with all members of the rollup."""
    families: dict[object, int] = {}
    for key_result in workspace.key_results:
        rollup = getattr(key_result.model, "rollup", None)
        if rollup is not None:
            members = [workspace.resolve(text, key_result.objective) for text in rollup.members]
            family = [key_result, *(member for member in members if member is not None)]
            number = next((families[member] for member in family if member in families), id(key_result))
            families.update((member, number) for member in family)
    return families


def _is_parent_and_child(workspace: Workspace, first: KeyResult, second: KeyResult) -> bool:
    """Whether the objective of one of them supports the other one, or its objective."""
    return any(
        _parent_of(workspace, child.objective) in (parent, parent.objective)
        for child, parent in ((first, second), (second, first))
    )


def _parent_of(workspace: Workspace, objective: Objective) -> Objective | KeyResult | None:
    return workspace.resolve(objective.model.parent, objective) if objective.model.parent else None


RULE = Rule(code="OKR311", name="key-result-duplicate", severity="info", check_workspace=check_workspace)
