"""Finds teams under `elsewhere:` of okrctl.yaml that need not be there.

`elsewhere: [company]` means that the goals of this team are in another repository, so a reference to them is not
reported; for `company` this includes KPIs. An entry that nothing refers to would hide a typo later. If the team has
goals here, references to it are checked here, and the entry has no effect.

Bad:

    # FILE: okrctl.yaml
    elsewhere: [company, platform]
    # FILE: okrs/page.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        parent: company/trusted-brand
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrctl.yaml
    elsewhere: [company]
    # FILE: okrs/page.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        parent: company/trusted-brand
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The listed teams that have goals here, and those that nothing refers to."""
    settings = workspace.settings
    listed = settings.model.elsewhere if settings is not None else ()
    if not listed:
        return
    from okrctl.check.dependencies import elsewhere_of  # here, since few workspaces have any

    elsewhere = elsewhere_of(workspace)
    for index, team in enumerate(listed):
        if team in elsewhere.referred:
            continue
        message = f"nothing refers to the team '{team}'"
        if team not in elsewhere.teams:
            message = f"the team '{team}' has goals here, so references to it are checked here"
        yield Finding(("elsewhere", index), message, "remove it from `elsewhere:`", file=settings)


RULE = Rule(code="OKR114", name="unused-elsewhere", severity="warning", check_workspace=check_workspace)
