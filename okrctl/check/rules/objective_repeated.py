"""Finds objectives that nearly repeat one of the team's previous period, without `carried_from`.

A goal that returns under another id hides that it was missed before. Carrying it over is fine if `carried_from:`
says so. A goal that returns in every period is a KPI.

To fix it, add `carried_from: PERIOD/TEAM/OBJECTIVE`, or state what is different now.

Bad:

    # FILE: okrs/2026-Q1/trust.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 10000}]
    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    objectives:
      - id: provenance
        title: All customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 25000}]

Good:

    # FILE: okrs/2026-Q1/trust.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 10000}]
    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    objectives:
      - id: provenance
        title: All customers know where their products come from
        carried_from: 2026-Q1/company/origin
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import similarity
from okrctl.values.period import Period
from okrctl.workspace import Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every objective beside the like one of its team's period before."""
    by_team: dict[str, dict[Period, list[Objective]]] = {}
    for objective in workspace.active_objectives():
        by_team.setdefault(objective.team, {}).setdefault(objective.period, []).append(objective)
    for periods in by_team.values():
        for period, objectives in periods.items():
            before = _preceding_period(period, list(periods))
            if before is not None:
                yield from _repeated_objectives(periods[before], objectives)


def _preceding_period(period: Period, others: list[Period]) -> Period | None:
    """The newest period that was over when this one began and is of about its length."""
    earlier = [one for one in others if one.end < period.start and 3 * period.days <= 4 * one.days <= 5 * period.days]
    return max(earlier, key=lambda one: (one.end, one.id), default=None)


def _repeated_objectives(earlier: list[Objective], later: list[Objective]) -> Iterator[Finding]:
    both = [*earlier, *later]
    told = set()
    for place, other in similarity.similar_pairs([one.model.title or "" for one in both]):
        one, first = both[place], both[other]
        if place < len(earlier) or other >= len(earlier) or place in told or one.model.carried_from:
            continue
        told.add(place)
        yield Finding(
            (*one.route, "title"),
            f"much the same was an objective in {first.period.id}, '{first.id}'",
            f"add `carried_from: {first.ref}`, or say what is different now",
            related=((first.file, (*first.route, "title"), "the objective of the period before"),),
            ref=one.ref, file=one.file,
        )  # fmt: skip


RULE = Rule(code="OKR203", name="objective-repeated", severity="warning", check_workspace=check_workspace)
