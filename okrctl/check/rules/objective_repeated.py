"""Finds objectives that nearly repeat an objective of the team's previous period, without `carried_from`.

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
    """Every objective that resembles one of the team's preceding period."""
    by_team: dict[str, dict[Period, list[Objective]]] = {}
    for objective in workspace.active_objectives():
        by_team.setdefault(objective.team, {}).setdefault(objective.period, []).append(objective)
    for periods in by_team.values():
        for period, objectives in periods.items():
            preceding = _preceding_period(period, list(periods))
            if preceding is not None:
                yield from _repeated_objectives(periods[preceding], objectives)


def _preceding_period(period: Period, others: list[Period]) -> Period | None:
    """The latest period of about the same length that ended before this one began."""
    earlier = [
        other for other in others if other.end < period.start and 3 * period.days <= 4 * other.days <= 5 * period.days
    ]
    return max(earlier, key=lambda other: (other.end, other.id), default=None)


def _repeated_objectives(earlier: list[Objective], later: list[Objective]) -> Iterator[Finding]:
    objectives = [*earlier, *later]
    reported = set()
    for index, earlier_index in similarity.similar_pairs([objective.model.title or "" for objective in objectives]):
        objective, first = objectives[index], objectives[earlier_index]
        if index < len(earlier) or earlier_index >= len(earlier) or index in reported or objective.model.carried_from:
            continue
        reported.add(index)
        yield Finding(
            (*objective.route, "title"),
            f"the title nearly repeats '{first.id}' of {first.period.id}",
            f"add `carried_from: {first.ref}`, or state what is different now",
            related=((first.file, (*first.route, "title"), "the earlier objective"),),
            ref=objective.ref, file=objective.file,
        )  # fmt: skip


RULE = Rule(code="OKR203", name="objective-repeated", severity="warning", check_workspace=check_workspace)
