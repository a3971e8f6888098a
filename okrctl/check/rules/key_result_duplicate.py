"""Finds key results of one period that have nearly the same title or use the same KPI.

What two teams count is counted twice, and the owner is unclear. Guardrails may repeat. A key result may also
resemble those that it rolls up, and that of its objective's `parent`.

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

HELP = "keep one of them, or make the sum of several with `rollup:`"


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every key result beside the first like it in its period."""
    families = _rollup_families(workspace)
    told: set[KeyResult] = set()
    for one, first, what in (*_pairs_with_same_kpi(workspace), *_pairs_with_similar_title(workspace)):
        related_by_sum = families.get(one, 0) == families.get(first, 1)
        if one in told or related_by_sum or _is_parent_and_child(workspace, one, first):
            continue
        told.add(one)
        yield Finding(
            (*one.route, "kpi" if what == "uses the same KPI as" else "title"), f"{what} '{first.ref}'", HELP,
            related=((first.file, (*first.route, "title"), "the other one"),), ref=one.ref, file=one.file,
        )  # fmt: skip


def _pairs_with_same_kpi(workspace: Workspace) -> Iterator[tuple[KeyResult, KeyResult, str]]:
    first: dict[tuple[str, str], KeyResult] = {}
    for kr in workspace.active_key_results():
        kpi = getattr(kr.model, "kpi", None)
        if kpi and not kr.is_guardrail and first.setdefault((kr.period.id, kpi), kr) is not kr:
            yield kr, first[kr.period.id, kpi], "uses the same KPI as"


def _pairs_with_similar_title(workspace: Workspace) -> Iterator[tuple[KeyResult, KeyResult, str]]:
    for one, first in similar_titles.similar_nodes(workspace, KeyResult):
        units = workspace.unit(one), workspace.unit(first)
        if None in units or is_same_unit(*units):
            yield one, first, "nearly the same as"


def _rollup_families(workspace: Workspace) -> dict[object, int]:
    """For each key result of a rollup, its members too, one number that they have in common."""
    families: dict[object, int] = {}
    for kr in workspace.key_results:
        rollup = getattr(kr.model, "rollup", None)
        if rollup is not None:
            members = [one for text in rollup.members if (one := workspace.resolve(text, kr.objective)) is not None]
            known = next((families[one] for one in (kr, *members) if one in families), id(kr))
            families.update((one, known) for one in (kr, *members))
    return families


def _is_parent_and_child(workspace: Workspace, one: KeyResult, other: KeyResult) -> bool:
    """Whether the objective of one supports the other or its objective."""
    return any(_parent_of(workspace, a.objective) in (b, b.objective) for a, b in ((one, other), (other, one)))


def _parent_of(workspace: Workspace, objective: Objective) -> Objective | KeyResult | None:
    return workspace.resolve(objective.model.parent, objective) if objective.model.parent else None


RULE = Rule(code="OKR311", name="key-result-duplicate", severity="info", check_workspace=check_workspace)
