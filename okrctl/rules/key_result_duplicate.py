"""Finds key results that are nearly alike, or use the same KPI, in one period.

What two teams count is counted twice, and nobody is sure who moves it. Guardrails may repeat, and so may a key result
and those it is rolled up from, or that of an objective and of its `parent`.

To mend it, keep one, or make the sum of several with `rollup:`.

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

from okrctl.finding import Context, Finding
from okrctl.subjects import active_key_results
from okrctl.unit import same_unit
from okrctl.wording import likeness
from okrctl.workspace import KeyResult, Objective, Workspace

CODE = "OKR311"
NAME = "key-result-duplicate"
SEVERITY = "info"
LOOKS_AT = "workspace"
HELP = "keep one of them, or make the sum of several with `rollup:`"


def across(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every key result beside the first like it in its period."""
    by_period: dict[str, list[KeyResult]] = {}
    for kr in active_key_results(workspace):
        if not kr.guardrail:
            by_period.setdefault(kr.period.id, []).append(kr)
    families = _families(workspace)
    for group in by_period.values():
        told: set[int] = set()
        for place, other, what in [*_same_kpi(group), *_alike(workspace, group)]:
            one, first = group[place], group[other]
            if place in told or families.get(id(one), 0) == families.get(id(first), 1) or _kin(workspace, one, first):
                continue
            told.add(place)
            yield Finding(
                (*one.route, "kpi" if what == "uses the same KPI as" else "title"), f"{what} '{first.ref}'", HELP,
                related=((first.file, (*first.route, "title"), "the other one"),), ref=one.ref, file=one.file,
            )  # fmt: skip


def _same_kpi(group: list[KeyResult]) -> Iterator[tuple[int, int, str]]:
    first: dict[str, int] = {}
    for place, kr in enumerate(group):
        kpi = getattr(kr.model, "kpi", None)
        if kpi and first.setdefault(kpi, place) != place:
            yield place, first[kpi], "uses the same KPI as"


def _alike(workspace: Workspace, group: list[KeyResult]) -> Iterator[tuple[int, int, str]]:
    for place, other in likeness.pairs([kr.model.title for kr in group]):
        units = workspace.unit(group[place]), workspace.unit(group[other])
        if None in units or same_unit(*units):
            yield place, other, "nearly the same as"


def _families(workspace: Workspace) -> dict[int, int]:
    """For each key result of a rollup, its members too, one number that they have in common."""
    families: dict[int, int] = {}
    for kr in workspace.key_results:
        rollup = getattr(kr.model, "rollup", None)
        if rollup is not None:
            members = [one for text in rollup.members if (one := workspace.resolve(text, kr.objective)) is not None]
            known = next((families[id(one)] for one in (kr, *members) if id(one) in families), id(kr))
            families.update((id(one), known) for one in (kr, *members))
    return families


def _kin(workspace: Workspace, one: KeyResult, other: KeyResult) -> bool:
    """Whether the objective of one supports the other or its objective."""
    return any(_above(workspace, a.objective) in (b, b.objective) for a, b in ((one, other), (other, one)))


def _above(workspace: Workspace, objective: Objective) -> Objective | KeyResult | None:
    return workspace.resolve(objective.model.parent, objective) if objective.model.parent else None
