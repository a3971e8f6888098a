"""The README keeps its word: what it tells a stranger to type is what okrctl understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.running import run

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_first_two_commands_are_one_line_each() -> None:
    first, second = BLOCKS[:2]
    assert first.count("\n") == second.count("\n") == 1
    assert "pytest" not in first and "pytest" in second


@pytest.mark.parametrize("words", re.findall(r"\.venv/bin/okrctl ([^\n&|;]+)", "".join(BLOCKS)))
def test_what_the_readme_runs_succeeds(words: str) -> None:
    result = run(*shlex.split(words), cwd=ROOT, today=None)
    assert (result.status, result.err) == (0, "")
    assert result.out
