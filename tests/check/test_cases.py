"""Golden workspaces: what `check` prints about each is kept beside it in check.txt, the exit status in its last line.

To accept what is printed now, run the tests with UPDATE_CASES=1 and read the difference that git shows.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.running import run

CASES = Path(__file__).parent / "cases"
MERGE_NOTE = "git left files in conflict: `okrctl merge` merges goals value by value\n"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_check_prints_what_it_did(name: str) -> None:
    result = run("check", cwd=CASES / name, today="2026-05-15")
    said = f"{result.out}\nstatus {result.status}\n"
    kept = CASES / name / "check.txt"
    if os.environ.get("UPDATE_CASES"):
        kept.write_bytes(said.encode())
    assert result.err == (MERGE_NOTE if "unresolved merge conflict" in result.out else "")
    assert said == kept.read_bytes().decode()
