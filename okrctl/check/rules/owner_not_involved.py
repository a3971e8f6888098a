"""Finds agreed goals that were changed by someone who is not their owner.

An owner who first sees a new target or weight in the scorecard has not agreed to it. Owners are matched with commit
authors through `people:` in okrctl.yaml, by e-mail address and by name. Nothing is reported if `people:` does not list
the owner, if the owner is a team, or if the change is not committed yet. Reported only with a base: `--base`, or a pull
request in CI.

To fix it, let the owner make or approve the change.

Bad:

    # BASE
    # AUTHOR: Tom <tom@acme.example>
    # FILE: okrctl.yaml
    rules: {owner-not-involved: warning}
    people: {lea: {email: lea@acme.example}, tom: {email: tom@acme.example}}
    # FILE: okrs/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, weight: 1, to: 25000}]
    # NOW
    # FILE: okrctl.yaml
    rules: {owner-not-involved: warning}
    people: {lea: {email: lea@acme.example}, tom: {email: tom@acme.example}}
    # FILE: okrs/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, weight: 2, to: 25000}]

Good:

    # BASE
    # AUTHOR: Tom <tom@acme.example>
    # FILE: okrctl.yaml
    rules: {owner-not-involved: warning}
    people: {lea: {email: lea@acme.example}, tom: {email: tom@acme.example}}
    # FILE: okrs/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: tom
        key_results: [{id: codes, title: Codes requested, weight: 1, to: 25000}]
    # NOW
    # FILE: okrctl.yaml
    rules: {owner-not-involved: warning}
    people: {lea: {email: lea@acme.example}, tom: {email: tom@acme.example}}
    # FILE: okrs/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: tom
        key_results: [{id: codes, title: Codes requested, weight: 2, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison
from okrctl.workspace import KeyResult, Objective, Workspace


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Agreed goals that were changed by others, one finding for each."""
    agreed_changes = [change for change in comparison.changes if change.effect and change.kind == "changed"]
    for ref, changes in groupby(agreed_changes, lambda change: change.ref):
        first = next(changes)
        before = first.before
        if not isinstance(before, Objective | KeyResult) or not before.owner:
            continue
        owner, authors = _identities(comparison.new, before.owner), comparison.authors(first.path)
        if owner and authors and owner.isdisjoint(_fold_names(authors)):
            author_names = ", ".join(sorted({name for name, _ in authors}))
            message = f"changed by {author_names}, but the owner is '{before.owner}'"
            yield Finding(first.route, message, "let the owner make or approve the change", ref=ref, file=first.file)


def _fold_names(authors: Iterable[tuple[str, str]]) -> set[str]:
    return {identity.casefold() for author in authors for identity in author}


def _identities(workspace: Workspace, owner: str) -> set[str]:
    """The names and addresses of a person in commits; empty if the settings do not list the person."""
    person = (workspace.config.people or {}).get(owner)
    if person is None:
        return set()
    return {identity.casefold() for identity in (owner, person.name, person.email) if identity}


RULE = Rule(code="OKR609", name="owner-not-involved", severity="ignore", check_changes=check)
