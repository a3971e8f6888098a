"""The pages of rules in Markdown."""

from __future__ import annotations

from okrctl.check.rule_page import Rulebook, RuleEntry

# Pages are written by the authors of the rules, in words that are Markdown already.


def page(result: RuleEntry) -> str:
    """One rule with its examples."""
    said, severity = result
    examples = [f"{label}:\n\n```yaml\n{text}```" for label, text in said.examples]
    head = f"# {said.code} {said.name}\n\nSeverity: {severity}"
    return "\n\n".join([head, said.summary, *said.paragraphs, *examples]) + "\n"


def table(result: Rulebook) -> str:
    """All rules, one a row."""
    rows = [
        f"| {one.page.code} | {one.page.name} | {one.page.summary.replace('|', chr(92) + '|')} | {one.severity} |\n"
        for one in result.rules
    ]
    return "| Code | Name | What it finds | Severity |\n|---|---|---|---|\n" + "".join(rows)
