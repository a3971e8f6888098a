"""The program that the manual shows runs in the demo, and its types are known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from okrctl import docs
from tests.running import run

PROGRAM = Path(__file__).parents[2] / "examples/program.py"


def test_the_program_runs_in_the_demo(tmp_path: Path) -> None:
    assert run("init", "--demo", "demo", "-q", cwd=tmp_path, today="2026-06-20").status == 0
    ended = subprocess.run(
        [sys.executable, str(PROGRAM), "demo"],
        cwd=tmp_path, env=os.environ | {"OKRCTL_TODAY": "2026-06-20"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[:2] == ["ok", "2026-Q2/app/weekly-plan.planned-weeks 8/33 behind"]  # 12 -> 45 %, 20 % on 4 May
    assert "+          2026-06-20: {value: 37%, confidence: 7, note: A slow week}" in lines
    assert lines[-1].startswith("checkin 2026-Q2/app/weekly-plan.planned-weeks: 34 -> 37 %")


def test_the_manual_shows_the_program() -> None:
    assert PROGRAM.read_text("utf-8").strip() in docs.read_page("python").text


def test_the_program_has_no_expression_of_unknown_type(tmp_path: Path) -> None:
    strict = ["--strict", "--disallow-any-expr", "--follow-imports=silent", "--config-file=", "--no-incremental"]
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", *strict, str(PROGRAM)], cwd=PROGRAM.parents[1], capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
