"""Finds teams with more objectives in a period than the limit.

A team cannot focus on eight objectives. The limit is five (most companies have fewer than six); `limits:` in
okrctl.yaml changes it. Drafts, deprioritized and postponed objectives do not count.

To fix it, set `state: deprioritized` with a reason on those that matter least, at the start of the period rather
than at its end.

Bad:

    # FILE: okrctl.yaml
    limits: {objectives: 1}
    # FILE: okrs/2026-Q2/company.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 25000}]
      - id: returns
        title: Sending something back is a matter of minutes
        owner: lea
        key_results: [{id: minutes, title: Time at the counter, from: 12min, to: 4min}]

Good:

    # FILE: okrctl.yaml
    limits: {objectives: 1}
    # FILE: okrs/2026-Q2/company.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Tracking codes requested, to: 25000}]
      - id: returns
        title: Sending something back is a matter of minutes
        owner: lea
        state: deprioritized
        reason: The counter is rebuilt in summer
        since: 2026-04-08
        key_results: [{id: minutes, title: Time at the counter, from: 12min, to: 4min}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.nouns import count_noun
from okrctl.workspace import Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The first objective over the limit of each team and period."""
    limit = context.config.limit("objectives")
    groups: dict[tuple[str, str], list[Objective]] = {}
    for objective in workspace.objectives:
        if objective.is_active:
            groups.setdefault((objective.period.id, objective.team), []).append(objective)
    for (period, team), objectives in groups.items():
        if len(objectives) > limit:
            excess = objectives[limit]
            message = f"{team} has {count_noun(len(objectives), 'objective')} in {period}, more than {limit}"
            help = "set `state: deprioritized` with a reason on those that matter least"
            yield Finding((*excess.route, "title"), message, help, ref=excess.ref, file=excess.file)


RULE = Rule(code="OKR210", name="too-many-objectives", severity="warning", check_workspace=check_workspace)
