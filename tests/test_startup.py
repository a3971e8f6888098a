"""What a run imports before it knows what it is asked for, and what that costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("pydantic", "ruamel", "rich", "git", "typer.rich_utils", "asyncio")


def imported(*words: str) -> set[str]:
    """The modules that a run in a fresh process adds to those that Python had anyway."""
    code = f"""
import sys
before = set(sys.modules)
from okrctl.cli import main
main({list(words)!r})
print(*set(sys.modules) - before, file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return set(ended.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--color", "never", "--version"], ["nonsense"]])
def test_nothing_heavy_is_imported_before_a_command_is_known(words: list[str]) -> None:
    modules = imported(*words)
    assert modules.isdisjoint(HEAVY)
    commands = {name for name in modules if name.startswith("okrctl.commands.")}
    assert commands == {"okrctl.commands.session"}


def test_the_version_is_told_before_typer_is_imported() -> None:
    modules = imported("--version")
    assert {name for name in modules if name.startswith("okrctl")} == {"okrctl", "okrctl.cli", "okrctl.errors"}
    assert modules.isdisjoint({"typer", "typing", "re", "contextlib"})


@pytest.mark.parametrize(("word", "limit"), [("--version", 1.5), ("--help", 8.0)])
def test_the_start_is_short(word: str, limit: float) -> None:
    """Processor time against that of an empty Python, the least of several runs in turn, which other load spoils least.

    What okrctl itself takes: the scripts that older versions of pip write import `re` before it.
    """
    empty = [sys.executable, "-c", "pass"]
    asked = [sys.executable, "-c", f"from okrctl.cli import main; main([{word!r}])"]
    rounds = [(seconds(empty), seconds(asked)) for _ in range(12)]
    assert min(run for _, run in rounds) <= limit * min(run for run, _ in rounds)


def seconds(command: list[str]) -> float:
    """The processor time, in seconds, that a process took."""
    resource = pytest.importorskip("resource")
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True, timeout=60)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime)
