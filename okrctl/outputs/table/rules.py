"""Shows the page of a rule, and the list of all rules, to people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.outputs.ci.full import COLORS
from okrctl.outputs.terminal import TerminalStyle, paint, wrap

READABLE = 88  # columns; longer lines of prose are hard to follow


def render_page(result: RuleEntry, look: TerminalStyle) -> str:
    """Code, name and severity, then the prose, then the examples."""
    said, severity = result
    parts = [f"{paint(said.code, 'bold', look)} {paint(said.name, 'bold', look)} ({_severity(severity, look)})"]
    width = min(look.width, READABLE) if look.width else READABLE
    parts += ["\n".join(wrap(text, width)) for text in (said.summary, *said.paragraphs)]
    for label, text in said.examples:
        example = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
        parts.append(f"{paint(f'{label}:', 'bold', look)}\n\n{example}")
    parts.append(f"Off in a workspace: `rules: {{{said.name}: ignore}}` in okrctl.yaml")
    parts[-1] += f"\nOff in one place:   `# okrctl: ignore[{said.name}]` at the end of its line"
    return "\n\n".join(parts) + "\n"


def _severity(severity: str, look: TerminalStyle) -> str:
    color = {**COLORS, "ignore": "dim"}[severity]  # type: ignore[index]
    return paint("off" if severity == "ignore" else severity, color, look)


def render_list(result: Rulebook, look: TerminalStyle) -> str:
    """One row for each rule; where the terminal is narrow, the sentence goes below the name."""
    longest = max(len(one.page.name) for one in result.rules)
    lines = [line for one in result.rules for line in _row(one, longest, look)]
    active = sum(one.severity != "ignore" for one in result.rules)
    return "\n".join([*lines, "", f"{active} of {len(result.rules)} rules are on, with the profile {result.profile}"])


def _row(one: RuleEntry, longest: int, look: TerminalStyle) -> Iterator[str]:
    said = one.page
    severity = _severity(one.severity, look) + " " * (8 - len("off" if one.severity == "ignore" else one.severity))
    front = f"{said.code}  {severity} "
    before = len(said.code) + 11 + longest + 2
    if look.width is None or look.width - before >= 40:
        first, *more = wrap(said.summary, look.width - before if look.width else None)
        yield f"{front}{paint(said.name.ljust(longest), 'bold', look)}  {first}"
        yield from (" " * before + line for line in more)
    else:
        yield f"{front}{paint(said.name, 'bold', look)}"
        yield from ("    " + line for line in wrap(said.summary, look.width - 4))
