"""Finds settings whose `extends:` cannot be followed.

`extends: ../company/okrctl.yaml` inherits the settings of another file, given as a path relative to the folder of the
file that extends it. What cannot be read, or is outside both the repository and the one that has it as a submodule, is
left out, so the teams, severities and fiscal years may not be those that you expect. Files that extend each other are
reported with the whole cycle. So are errors in a file that is extended; its valid settings apply.

Bad:

    # FILE: okrctl.yaml
    extends: shared/okr.yaml
    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrctl.yaml
    extends: shared/okrctl.yaml
    # FILE: shared/okrctl.yaml
    limits: {objectives: 3}
    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """What is wrong with the files that settings extend."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR017", name="invalid-extends", severity="warning", check_file=check)
