"""Regenerates the parts of README.md and of the manual that follow from the code: `python -m tests.docs.readme`.

A part is between two comments with its name. Between two comments `run`, the commands of a block of text are run in the
company of the examples, outside git; between two comments `screen` they are run in the demo.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from okrctl.check.rule_page import parse_page
from okrctl.check.rules import RULES
from okrctl.cli.commands import COMMANDS
from tests.docs import pictures
from tests.running import run

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MANUAL = ROOT / "okrctl/docs"
PAGES = (README, *sorted(MANUAL.glob("*.md")))
TODAY = "2026-11-22"
_PART = re.compile(r"(?<=<!-- )(\w+)( -->\n\n)(.*?)(?=\n\n<!-- /\1 -->)", re.DOTALL)


def commands(_: str) -> str:
    """Every command in the order of its name, with its line of help."""
    rows = (f"| `okrctl {name}` | {line} |" for name, (_, line) in sorted(COMMANDS.items()))
    return "\n".join(("| command | what it does |", "|---|---|", *rows))


def rules(_: str) -> str:
    """Every rule in the order of its code, with its severity and the first sentence of its page."""
    rows = (f"| {rule.code} | `{rule.name}` | {rule.severity} | {_cell(parse_page(rule).summary)} |" for rule in RULES)
    return "\n".join(("| code | name | severity | what it does |", "|---|---|---|---|", *rows))


def outputs(present: str) -> str:
    """The commands of a block, each with what it prints in the company of the examples."""
    with tempfile.TemporaryDirectory() as folder:  # outside git: ids of commits would change with every commit
        return _run(present, shutil.copytree(ROOT / "examples/company", Path(folder) / "company"))


def _run(present: str, company: Path) -> str:
    typed = re.findall(r"^\$ (okrctl .*)", present, re.MULTILINE)
    shown = [run(*shlex.split(line)[1:], cwd=company, today=TODAY).out for line in typed]
    return "```text\n" + "\n".join(f"$ {line}\n{out}" for line, out in zip(typed, shown, strict=True)) + "```"


def terminal(present: str) -> str:
    """The commands of a block, each with what it prints in the demo on a terminal of 80 columns, without colours."""
    typed = re.findall(r"^\$ (okrctl .*)", present, re.MULTILINE)
    shown = pictures.screens(typed, color=False)
    return "```text\n" + "\n".join(f"$ {line}\n{out}" for line, out in zip(typed, shown, strict=True)) + "```"


PARTS: dict[str, Callable[[str], str]] = {
    "commands": commands,
    "rules": rules,
    "run": outputs,
    "screen": terminal,
}


def parts(text: str) -> list[tuple[str, str]]:
    """The generated parts of a page, each with its name."""
    return [(found[1], found[3]) for found in _PART.finditer(text)]


def written(text: str) -> str:
    """A page with all parts as they are today."""
    return _PART.sub(lambda found: found[1] + found[2] + PARTS[found[1]](found[3]), text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text("utf-8")), "utf-8")
