"""Writes those parts of README.md anew that follow from the code; `python -m tests.docs.readme` does so."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from okrctl.check.rule_page import parse_page
from okrctl.check.rules import RULES
from okrctl.cli.commands import COMMANDS
from tests.running import run

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TODAY = "2026-11-22"


def commands() -> str:
    """Every command in the order of its name, with its line of help."""
    rows = (f"| `okrctl {name}` | {line} |" for name, (_, line) in sorted(COMMANDS.items()))
    return "\n".join(("| command | what it does |", "|---|---|", *rows))


def rules() -> str:
    """Every rule in the order of its code, with its severity and the first sentence of its page."""
    rows = (f"| {one.code} | `{one.name}` | {one.severity} | {parse_page(one).summary} |" for one in RULES)
    return "\n".join(("| code | name | severity | what it does |", "|---|---|---|---|", *rows))


def taste() -> str:
    """What two commands print in the company of the examples."""
    typed = ("okrctl show winter-riders", "okrctl explain income --since 2026-09-30")
    shown = (run(*shlex.split(line)[1:], cwd=ROOT / "examples/company", today=TODAY).out for line in typed)
    return "```text\n" + "\n".join(f"$ {line}\n{out}" for line, out in zip(typed, shown, strict=True)) + "```"


PARTS: dict[str, Callable[[], str]] = {"commands": commands, "rules": rules, "taste": taste}


def part(text: str, name: str) -> str:
    """What stands in the README between the marks of a part."""
    start, end = _place(text, name)
    return text[start:end]


def written(text: str) -> str:
    """The README with all parts as they are today."""
    for name, make in PARTS.items():
        start, end = _place(text, name)
        text = text[:start] + make() + text[end:]
    return text


def _place(text: str, name: str) -> tuple[int, int]:
    """Where a part begins and ends, between two comments with its name."""
    opening, closing = f"<!-- {name} -->\n\n", f"\n\n<!-- /{name} -->"
    return text.index(opening) + len(opening), text.index(closing)


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
