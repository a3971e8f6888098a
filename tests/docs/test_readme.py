"""README.md and the manual show what okrctl does today."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.docs import readme
from tests.running import run, write

ROOT = Path(__file__).parents[2]
README = readme.README.read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_first_two_commands_are_one_line_each() -> None:
    first, second = BLOCKS[:2]
    assert first.count("\n") == second.count("\n") == 1
    assert "pytest" not in first and "pytest" in second


@pytest.mark.parametrize("words", re.findall(r"\.venv/bin/okrctl ([^\n&|;]+)", "".join(BLOCKS)))
def test_what_the_readme_runs_succeeds(words: str) -> None:
    result = run(*shlex.split(words), cwd=ROOT, today=None)
    assert (result.status, result.err) == (0, "")
    assert result.out


def test_the_readme_is_short() -> None:
    assert README.count("\n") < 250


@pytest.mark.parametrize("page", readme.PAGES, ids=lambda page: page.stem)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    text = page.read_text("utf-8")
    assert readme.written(text) == text, "python -m tests.docs.readme writes it anew"


def test_there_are_generated_parts_of_every_kind() -> None:
    assert {name for page in readme.PAGES for name, _ in readme.parts(page.read_text("utf-8"))} == set(readme.PARTS)


@pytest.mark.parametrize("page", [readme.README, readme.MANUAL / "format.md"], ids=lambda page: page.stem)
def test_the_files_that_a_page_shows_are_a_valid_workspace(page: Path, tmp_path: Path) -> None:
    shown = re.findall(
        r"^```yaml\n# ((?:okrs|kpis)/\S+|okrctl\.yaml)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert {name.partition("/")[0] for name, _ in shown} >= {"okrs", "kpis"}
    write(tmp_path, {**dict(shown), "kpis/turnover.csv": "date,value\n2026-03-31,40000\n"})
    checked = run("check", "--format", "concise", "--fail-on", "info", cwd=tmp_path, today="2026-05-15")
    assert (checked.status, checked.out) == (0, "")
    assert run("score", "2026-Q2", cwd=tmp_path, today="2026-05-15").status == 0


@pytest.mark.parametrize("page", readme.PAGES, ids=lambda page: page.stem)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target
