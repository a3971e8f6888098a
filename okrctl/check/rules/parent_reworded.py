"""Finds parents that changed after another objective was linked to them.

A team that wrote `parent: company/brand` agreed to the title and target at that time. If they change, the teams that
depend on them may not notice. Only `check --base` reports this, because it compares two states. Children that
changed together with their parent are not reported.

To fix it, no file has to change: ask the owners of the children whether their objectives still fit.

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


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """Titles and targets of what others support, one finding for each parent."""
    touched = {one.ref.partition(".")[0] for one in subject.changes}
    children: dict[int, list[Objective]] = {}
    for child in subject.new.objectives:
        parent = subject.new.resolve(child.model.parent, child) if child.model.parent else None
        if parent is not None and child.ref not in touched:
            children.setdefault(id(parent), []).append(child)
    told: set[int] = set()
    for one in subject.changes:
        there = children.get(id(one.after), [])
        if (
            there
            and id(one.after) not in told
            and one.kind == "changed"
            and (one.field == "title" or _is_target_change(one))
        ):
            told.add(id(one.after))
            yield _build_finding(one, there)


def _is_target_change(one: Change) -> bool:
    return one.effect in ("relaxed", "tightened")


def _build_finding(one: Change, children: list[Objective]) -> Finding:
    named = ", ".join(child.ref for child in children[:MAX_NAMED])
    more = f" and {len(children) - MAX_NAMED} more" if len(children) > MAX_NAMED else ""
    owners = sorted({child.owner for child in children if child.owner})
    help = f"ask whether it still fits: {', '.join(owners)}" if owners else "ask whether it still fits"
    related = tuple((child.file, (*child.route, "parent"), "supports it") for child in children[:MAX_NAMED])
    message = f"{named}{more} {'supports' if len(children) == 1 else 'support'} this, and it changed"
    return Finding(one.route, message, help, related=related, ref=one.ref, file=one.file)


RULE = Rule(code="OKR608", name="parent-reworded", severity="info", check_changes=check)
