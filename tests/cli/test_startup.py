"""What a run imports before its command is known, and what that costs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.benchmarks import corpus, past

ROOT = Path(__file__).parents[2]
TYPER = tuple(map(int, version("typer").split(".")[:2]))
PARSER = () if TYPER >= (0, 29) else ("pydantic",)  # newer versions of Typer parse values with Pydantic
HEAVY = (*PARSER, "ruamel", "rich", "git", "typer.rich_utils", "asyncio", "jinja2")


def imported(*words: str, **environment: str) -> set[str]:
    """Return the modules that a run in a fresh process imports in addition to those of Python itself."""
    code = f"""
import sys
before = set(sys.modules)
from okrctl.cli.main import main
main({list(words)!r})
print(*set(sys.modules) - before, file=sys.stderr)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | environment,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return set(ended.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--color", "never", "--version"], ["nonsense"]])
def test_nothing_heavy_is_imported_before_a_command_is_known(words: list[str]) -> None:
    modules = imported(*words)
    assert modules.isdisjoint(HEAVY)
    commands = {name for name in modules if name.startswith("okrctl.cli.commands.")}
    assert commands == set()


def test_the_version_is_printed_before_typer_is_imported() -> None:
    modules = imported("--version")
    assert {name for name in modules if name.startswith("okrctl")} == {
        "okrctl",
        "okrctl.cli",
        "okrctl.cli.main",
        "okrctl.cli.unencodable",
        "okrctl.values",
        "okrctl.values.errors",
    }
    assert modules.isdisjoint({"typer", "typing", "re", "contextlib"})


READING = {*PARSER, "ruamel.yaml.events", "okrctl.check.rules", "okrctl.schema.model"}


def test_a_check_of_unchanged_files_reads_nothing(tmp_path: Path) -> None:
    root = corpus.write(tmp_path, 3)
    day = {"OKRCTL_TODAY": str(corpus.TODAY)}
    cold = imported("-C", str(root), "check", **day)
    assert cold >= READING
    assert cold.isdisjoint({"rich", "git", "asyncio", "multiprocessing", "okrctl.check.fixes"})
    unread = {*HEAVY, *READING, "okrctl.workspace", "okrctl.schema.settings", "okrctl.git"}
    other = imported("-C", str(root), "check", "--format", "junit", **day)
    assert other.isdisjoint(unread)
    assert "okrctl.check.result_cache" in other


@pytest.mark.parametrize("command", ["check", "status", "score", "kpi", "tree", "report", "diff", "explain rules"])
def test_an_answer_that_was_given_before_imports_not_even_the_command_line(tmp_path: Path, command: str) -> None:
    root = past.repository(tmp_path / "past", 3)
    words = ("-C", str(root), *command.split())
    cold = imported(*words, OKRCTL_TODAY="2025-05-05")
    assert "typer" in cold
    warm = imported(*words, OKRCTL_TODAY="2025-05-05")
    assert warm.isdisjoint({*HEAVY, "typer", "subprocess", "okrctl.workspace", "okrctl.schema", "okrctl.git"})


def test_a_cached_score_of_the_past_reads_nothing(tmp_path: Path) -> None:
    root = past.repository(tmp_path / "past", 3)
    words = ("-C", str(root), "score", "2025-Q1", "--known-at", "HEAD~3")
    assert imported(*words) >= READING
    again = imported(*words, TERM="dumb")  # another terminal, the same result
    assert again.isdisjoint({"ruamel", "rich", *READING, "okrctl.workspace", "okrctl.schema.settings"})
    assert "okrctl.operations.commit_results" in again


def test_the_history_of_a_node_imports_neither_tables_nor_rules(tmp_path: Path) -> None:
    root = past.repository(tmp_path / "past", 3)
    modules = imported("-C", str(root), "log", past.reference(root))
    assert "okrctl.outputs.views.log" in modules
    assert modules.isdisjoint(
        {"rich", "asyncio", "multiprocessing", "okrctl.check.rules", "okrctl.analysis.explanation"}
    )
    assert {name for name in modules if name.startswith("okrctl.outputs.views.")} == {
        "okrctl.outputs.views.log",
        "okrctl.outputs.views.diff",
    }


def test_completing_the_name_of_a_command_imports_no_command() -> None:
    asked = {"_OKRCTL_COMPLETE": "complete_bash", "COMP_WORDS": "okrctl sc", "COMP_CWORD": "1"}
    modules = imported(**asked)
    assert modules.isdisjoint(HEAVY)
    assert {name for name in modules if name.startswith("okrctl.cli.commands.")} == set()
