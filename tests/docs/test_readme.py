"""The README keeps its word: what it tells a stranger to type is what okrctl understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.docs import readme
from tests.running import run, write

ROOT = Path(__file__).parents[2]
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


@pytest.mark.parametrize("name", readme.PARTS)
def test_what_follows_from_the_code_follows_from_the_code_of_today(name: str) -> None:
    shown = readme.part(readme.README.read_text("utf-8"), name)
    assert shown == readme.PARTS[name](), "python -m tests.docs.readme writes it anew"


def test_the_files_that_it_shows_are_a_sound_workspace(tmp_path: Path) -> None:
    text = readme.README.read_text("utf-8")
    shown = re.findall(r"^```yaml\n# ((?:okrs|kpis)/\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert [name.partition("/")[0] for name, _ in shown] == ["okrs", "kpis"]
    write(tmp_path, dict(shown))
    checked = run("check", "--format", "concise", "--fail-on", "info", cwd=tmp_path, today="2026-05-15")
    assert (checked.status, checked.out) == (0, "")
    assert run("score", "2026-Q2", cwd=tmp_path, today="2026-05-15").status == 0
