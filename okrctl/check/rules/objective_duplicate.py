"""Finds objectives of one period with nearly the same title.

If two teams have the same goal, it is either one goal with an unclear owner, or a goal and its parent. An objective and
its `parent` are not reported.

To fix it, keep one and name the others under `contributors:`, or link them with `parent:`.

Bad:

    # FILE: okrs/2026-Q2/app.yaml
    period: 2026-Q2
    team: app
    objectives:
      - id: breakdowns
        title: A breakdown never costs a customer a day
        owner: mira
        key_results: [{id: booked, title: Repairs booked in the app, to: 900}]
    # FILE: okrs/2026-Q2/workshop.yaml
    period: 2026-Q2
    team: workshop
    objectives:
      - id: days
        title: No breakdown ever costs a customer a day
        owner: coo
        key_results: [{id: bikes, title: Replacement bikes on the road, to: 40}]
    # FILE: okrs/2026-Q2/crew.yaml
    period: 2026-Q2
    team: crew
    objectives:
      - id: days
        title: A breakdown never costs a customer a day
        owner: tove
        key_results: [{id: vans, title: Vans on the road, to: 4}]

Good:

    # FILE: okrs/2026-Q2/app.yaml
    period: 2026-Q2
    team: app
    objectives:
      - id: breakdowns
        title: A breakdown never costs a customer a day
        owner: mira
        key_results: [{id: booked, title: Repairs booked in the app, to: 900}]
    # FILE: okrs/2026-Q2/crew.yaml
    period: 2026-Q2
    team: crew
    objectives:
      - id: days
        title: A breakdown never costs a customer a day
        parent: app/breakdowns
        owner: tove
        key_results: [{id: vans, title: Vans on the road, to: 4}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check import similar_titles
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult, Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every objective that resembles an earlier one of its period, reported once."""
    reported: set[Objective] = set()
    for duplicate, first in similar_titles.similar_nodes(workspace, Objective):
        if (
            duplicate in reported
            or _parent_of(workspace, duplicate) is first
            or _parent_of(workspace, first) is duplicate
        ):
            continue
        reported.add(duplicate)
        yield Finding(
            (*duplicate.route, "title"),
            f"the title is nearly the same as that of '{first.team}/{first.id}'",
            "keep one of them, or link them with `parent:`",
            related=((first.file, (*first.route, "title"), "the other one"),),
            ref=duplicate.ref, file=duplicate.file,
        )  # fmt: skip


def _parent_of(workspace: Workspace, objective: Objective) -> Objective | None:
    parent = workspace.resolve(objective.model.parent, objective) if objective.model.parent else None
    return parent.objective if isinstance(parent, KeyResult) else parent


RULE = Rule(code="OKR209", name="objective-duplicate", severity="info", check_workspace=check_workspace)
