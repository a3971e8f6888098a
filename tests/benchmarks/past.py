"""Makes a repository of a corpus with 52 weekly commits, in each of which some key results get a reading."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

from tests.benchmarks import corpus

WEEKS = 52


def repository(root: Path, size: int) -> Path:
    """The repository, made anew only where it is not there yet."""
    if (root / ".git").exists():
        return root
    corpus.write(root, size)
    _git(root, 0, "init", "-q")
    files = sorted((root / "okrs").rglob("*.yaml"))[: max(size // 50, 2)]
    for week in range(WEEKS):
        for file in files:
            text = file.read_text("utf-8")
            file.write_text(text.replace("        to: ", f"        description: Week {week}\n        to: ", 1)
                            if not week else text.replace(f"Week {week - 1}\n", f"Week {week}\n"), "utf-8")  # fmt: skip
        _git(root, week, "add", "-A")
        _git(
            root, week, "-c", "user.name=ana", "-c", "user.email=ana@example.org", "commit", "-q", "-m", f"Week {week}"
        )
    return root


def reference(root: Path) -> str:
    """A key result that every commit changes."""
    file = sorted((root / "okrs").rglob("*.yaml"))[0]
    lines = file.read_text("utf-8").splitlines()
    name = next(line.split(": ")[1] for line in lines if line.startswith("  - id: "))
    return f"{file.parent.name}/{file.stem}/{name}.kr-0"


def _git(root: Path, week: int, *words: str) -> None:
    day = f"{corpus.TODAY - timedelta(7 * (WEEKS - week))}T12:00:00Z"
    environment = os.environ | {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    subprocess.run(["git", *words], cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
