"""Finds objectives with more than 100 characters in their title.

People should remember an objective without looking it up. A longer title is usually two objectives, or includes
reasons that belong under `why:` and `description:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from, for they see on each page which farm it was and who ran it
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        description: They see on every page which farm it was, and who made it.
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective

MAX_CHARACTERS = 100


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """A title that is longer than the limit."""
    title = (objective.model.title or "").rstrip()
    if objective.is_active and len(title) > MAX_CHARACTERS:
        message = f"the title has {len(title)} characters, more than {MAX_CHARACTERS}"
        yield Finding((*objective.route, "title"), message, "move the reasons to `why:` and details to `description:`")


RULE = Rule(code="OKR208", name="objective-too-long", severity="info", check_objective=check)
