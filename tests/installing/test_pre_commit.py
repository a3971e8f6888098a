"""The hook as pre-commit itself installs and runs it, from this very repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.running import write

WHERE = "OKRCTL_TEST_PRECOMMIT"
"""The program `pre-commit`; it builds okrctl anew and so needs a package index."""
PROGRAM = os.environ.get(WHERE)
ROOT = Path(__file__).parents[2]
GOAL = """\
period: 2026-Q2
objectives:
  - id: origin
    title: Customers know where their food is from
    owner: lea
    key_results:
      - {id: codes, title: Codes requested, to: 25000}
      - {id: returns, title: Codes requested twice by the same person, to: 900}
"""

pytestmark = pytest.mark.skipif(PROGRAM is None, reason=f"no pre-commit: {WHERE} is not set")


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Lea", "-c", "user.email=lea@acme.example")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.slow
def test_the_hook_stops_what_check_would_stop(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/2026-Q2.yaml": GOAL, "notes.txt": "none of its business\n"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    environment = {name: said for name, said in os.environ.items() if not name.startswith("GIT_")}
    environment["PRE_COMMIT_HOME"] = str(tmp_path / "home")

    def tried() -> subprocess.CompletedProcess[str]:
        command = [str(PROGRAM), "try-repo", str(ROOT), "okrctl-check", "--all-files", "--verbose"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500)

    good = tried()
    assert good.returncode == 0, good.stdout + good.stderr
    assert "okrctl check" in good.stdout and "Passed" in good.stdout

    write(tmp_path, {"okrs/2026-Q2.yaml": GOAL.replace("owner", "onwer")})
    git(tmp_path, "add", ".")
    bad = tried()
    assert bad.returncode == 1
    assert "OKR002" in bad.stdout and "did you mean 'owner'" in bad.stdout
