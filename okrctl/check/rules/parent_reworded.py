"""Finds parents that changed after another objective was linked to them.

A team that wrote `parent: company/brand` agreed to the title and target at that time. If they change, the teams that
depend on them may not notice. Children that changed together with their parent are not reported. Reported only with a
base: `--base`, or a pull request in CI.

Ask the owners of the children whether their objectives still fit. No file has to change.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: brand
        title: People trust what we print on the label
        owner: lea
        key_results: [{id: trust, title: Customers who trust the label, to: 80}]
      - id: origin
        title: Customers know where their products come from
        parent: brand
        owner: tom
        key_results: [{id: codes, title: Codes requested, to: 25000}]
    # NOW
    period: 2026-Q2
    objectives:
      - id: brand
        title: People recognise our label among others
        owner: lea
        key_results: [{id: trust, title: Customers who trust the label, to: 80}]
      - id: origin
        title: Customers know where their products come from
        parent: brand
        owner: tom
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: brand
        title: People trust what we print on the label
        owner: lea
        key_results: [{id: trust, title: Customers who trust the label, to: 80}]
      - id: origin
        title: Customers know where their products come from
        parent: brand
        owner: tom
        key_results: [{id: codes, title: Codes requested, to: 25000}]
    # NOW
    period: 2026-Q2
    objectives:
      - id: brand
        title: People recognise our label among others
        owner: lea
        key_results: [{id: trust, title: Customers who trust the label, to: 80}]
      - id: origin
        title: Customers know our label and where their products come from
        parent: brand
        owner: tom
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Change, Comparison
from okrctl.workspace import Objective

MAX_NAMED = 5


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Changed titles and targets of parents, one finding for each parent."""
    touched = {change.ref.partition(".")[0] for change in comparison.changes}
    children: dict[int, list[Objective]] = {}
    for child in comparison.new.objectives:
        parent = comparison.new.resolve(child.model.parent, child) if child.model.parent else None
        if parent is not None and child.ref not in touched:
            children.setdefault(id(parent), []).append(child)
    reported: set[int] = set()
    for change in comparison.changes:
        supporters = children.get(id(change.after), [])
        if (
            supporters
            and id(change.after) not in reported
            and change.kind == "changed"
            and (change.field == "title" or _is_target_change(change))
        ):
            reported.add(id(change.after))
            yield _build_finding(change, supporters)


def _is_target_change(change: Change) -> bool:
    return change.effect in ("relaxed", "tightened")


def _build_finding(change: Change, children: list[Objective]) -> Finding:
    names = ", ".join(child.ref for child in children[:MAX_NAMED])
    more = f" and {len(children) - MAX_NAMED} more" if len(children) > MAX_NAMED else ""
    owners = sorted({child.owner for child in children if child.owner})
    help = f"ask the owners whether it still fits: {', '.join(owners)}" if owners else "ask whether it still fits"
    related = tuple((child.file, (*child.route, "parent"), "supports it") for child in children[:MAX_NAMED])
    message = f"{names}{more} {'supports' if len(children) == 1 else 'support'} this objective, which has changed"
    return Finding(change.route, message, help, related=related, ref=change.ref, file=change.file)


RULE = Rule(code="OKR608", name="parent-reworded", severity="info", check_changes=check)
