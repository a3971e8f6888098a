"""The pages of rules as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.check.rule_page import Rulebook, RuleEntry


def plain_page(result: RuleEntry) -> dict[str, Any]:
    """One rule with all of its page."""
    return {"version": 1, **_rule(result)}


def plain_list(result: Rulebook) -> dict[str, Any]:
    """All rules with all of their pages."""
    return {"version": 1, "profile": result.profile, "rules": [_rule(one) for one in result.rules]}


def _rule(one: RuleEntry) -> dict[str, Any]:
    said = one.page
    examples = [{"label": label, "text": text} for label, text in said.examples]
    return {
        "code": said.code,
        "name": said.name,
        "severity": one.severity,
        "summary": said.summary,
        "text": "\n\n".join(said.paragraphs),
        "examples": examples,
    }
