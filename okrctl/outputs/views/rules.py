"""Shows the page of a rule, and the list of all rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.outputs import json
from okrctl.outputs.ci.full import COLORS
from okrctl.outputs.documents import RuleData, RulesDocument
from okrctl.outputs.markdown import table
from okrctl.outputs.terminal import TerminalStyle, paint, wrap
from okrctl.values.addresses import rule_url
from okrctl.values.diagnostic import Severity

READABLE = 88  # columns; longer lines of prose are hard to follow
MARKERS = {"# BASE": "# Before:", "# NOW": "# After:", "# FILE: ": "# ", "# AUTHOR: ": "# Committed by "}


def render(result: RuleEntry | Rulebook, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """A rule or all rules in a format. Pages are Markdown already, since the authors of rules write them."""
    match format:
        case "table":
            return _list(result, style) if isinstance(result, Rulebook) else _page(result, style)
        case "markdown":
            return _markdown_list(result) if isinstance(result, Rulebook) else _markdown_page(result)
        case "json":
            return json.document(data(result))


def data(result: RuleEntry | Rulebook) -> RuleData | RulesDocument:
    """A rule, or all rules."""
    return _list_data(result) if isinstance(result, Rulebook) else _data(result)


def _list_data(rulebook: Rulebook) -> RulesDocument:
    return {"profile": rulebook.profile, "rules": [_data(entry) for entry in rulebook.rules]}


def _data(entry: RuleEntry) -> RuleData:
    page = entry.page
    return {
        "code": page.code,
        "name": page.name,
        "severity": entry.severity,
        "summary": page.summary,
        "text": "\n\n".join(page.paragraphs),
        "examples": [{"label": label, "text": text} for label, text in page.examples],
        "url": rule_url(page.code),
    }


def _markdown_page(entry: RuleEntry) -> str:
    page = entry.page
    examples = [f"{label}:\n\n```yaml\n{_readable_example(text)}\n```" for label, text in page.examples]
    head = f"# {page.code} {page.name}\n\nSeverity: {entry.severity}"
    footer = [*_switches(entry), f"On the web: <{rule_url(page.code)}>"]
    return "\n\n".join([head, page.summary, *page.paragraphs, *examples, "\\\n".join(footer)]) + "\n"


def _readable_example(text: str) -> str:
    """An example with what its markers mean, which tell the tests which file and state a part is."""
    lines = []
    for line in text.splitlines():
        marker = next((marker for marker in MARKERS if line.startswith(marker)), "")
        lines.append(MARKERS[marker] + line.removeprefix(marker) if marker else line)
    return "\n".join(lines)


def _switches(entry: RuleEntry) -> list[str]:
    """How the rule is turned on or off in a workspace, and suppressed in one place."""
    name = entry.page.name
    if entry.severity == "ignore":
        return [f"The rule is off. To turn it on: `rules: {{{name}: warning}}` in okrctl.yaml"]
    return [
        f"Turn off in a workspace: `rules: {{{name}: ignore}}` in okrctl.yaml",
        f"Suppress one finding: `# okrctl: ignore[{name}]` at the end of the line",
    ]


def _markdown_list(rulebook: Rulebook) -> str:
    rows = [
        (entry.page.code, entry.page.name, entry.page.summary.replace("|", "\\|"), entry.severity)
        for entry in rulebook.rules
    ]
    return table(("Code", "Name", "What it finds", "Severity"), rows) + "\n"


def _page(entry: RuleEntry, style: TerminalStyle) -> str:
    """Code, name and severity, then the prose, then the examples."""
    page = entry.page
    name = f"{paint(page.code, 'bold', style)} {paint(page.name, 'bold', style)}"
    parts = [f"{name} ({_severity(entry.severity, style)})"]
    width = min(style.width, READABLE) if style.width else READABLE
    parts += ["\n".join(wrap(text, width)) for text in (page.summary, *page.paragraphs)]
    for label, text in page.examples:
        example = "\n".join(f"    {line}".rstrip() for line in _readable_example(text).splitlines())
        parts.append(f"{paint(f'{label}:', 'bold', style)}\n\n{example}")
    footer = [*_switches(entry), f"On the web: {rule_url(page.code)}"]
    return "\n\n".join([*parts, "\n".join(footer)]) + "\n"


def _list(rulebook: Rulebook, style: TerminalStyle) -> str:
    """One row per rule; on a narrow terminal the summary stands below the name."""
    longest = max(len(entry.page.name) for entry in rulebook.rules)
    lines = [line for entry in rulebook.rules for line in _row(entry, longest, style)]
    active = sum(entry.severity != "ignore" for entry in rulebook.rules)
    total = f"{active} of {len(rulebook.rules)} rules are on, with the profile {rulebook.profile}"
    return "\n".join([*lines, "", total])


def _row(entry: RuleEntry, longest: int, style: TerminalStyle) -> Iterator[str]:
    page = entry.page
    severity = _severity(entry.severity, style)
    padding = " " * (8 - len(entry.severity))
    front = f"{page.code}  {severity}{padding} "
    indent = len(page.code) + 11 + longest + 2
    if style.width is None or style.width - indent >= 40:
        first, *more = wrap(page.summary, style.width - indent if style.width else None)
        yield f"{front}{paint(page.name.ljust(longest), 'bold', style)}  {first}"
        yield from (" " * indent + line for line in more)
    else:
        yield f"{front}{paint(page.name, 'bold', style)}"
        yield from ("    " + line for line in wrap(page.summary, style.width - 4))


def _severity(severity: Severity, style: TerminalStyle) -> str:
    if severity == "ignore":
        return paint("ignore", "dim", style)
    return paint(severity, COLORS[severity], style)
