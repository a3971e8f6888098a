"""Measures what people wait for: each command with nothing changed, and after one file was edited by hand.

    python -m tests.benchmarks.waiting --sizes 12 1000 --rounds 3

prints the table of README.md, in multiples of `python -c pass` within the same run. The demo stands for 12 files; a
larger size is a repository of that many files. What a command keeps is emptied before each round.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import past
from tests.benchmarks.goals import environment
from tests.benchmarks.running import Bench, Cost, middle

DEMO_FILES = 12
REFERENCES = {"git": ["git", "status", "--short"], "hledger": ["hledger", "--version"], "gh": ["gh", "--version"]}
Row = tuple[str, ...]


class Subject(NamedTuple):
    """A workspace to ask, the words of each row of the table, and a file of it to edit."""

    root: Path
    questions: Mapping[str, Row]
    file: Path


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.waiting", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[DEMO_FILES, 1000], help="how many files")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the median counts")
    parser.add_argument("--processor", action="store_true", help="count processor time, on a machine that others use")
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    wanted = parser.parse_args()
    folder = Path(wanted.folder or tempfile.mkdtemp(prefix="okrctl-waiting-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, environment(folder))
    columns, figure = {}, attrgetter("processor" if wanted.processor else "elapsed")
    for size in wanted.sizes:
        subject = _demo(bench) if size <= DEMO_FILES else _repository(folder, size)
        rounds = [_measure(bench, subject) for _ in range(wanted.rounds)]
        columns[size] = {name: figure(middle([costs[name] for costs in rounds])) for name in rounds[0]}
    names = list(dict.fromkeys(name for column in columns.values() for name in column if name != "pass"))
    print("| | " + " | ".join(f"{size:,} files" for size in columns) + " |")
    print("|---|" + "--:|" * len(columns))
    for name in names:
        print(f"| {name} | " + " | ".join(_ratio(column, name) for column in columns.values()) + " |")
    return 0


def _ratio(column: Mapping[str, float], name: str) -> str:
    return f"{column[name] / column['pass']:.1f}" if name in column else ""


def _demo(bench: Bench) -> Subject:
    root = bench.folder / "demo"
    if not root.exists():
        bench.cost([sys.executable, "-m", "okrctl", "init", "--demo", root])
    file = sorted((root / "okrs").rglob("*.yaml"))[-1]
    return Subject(root, _questions("FY26-Q3", "second-parcel", ["checkin", "second-parcel", "40 %"]), file)


def _repository(folder: Path, size: int) -> Subject:
    root = folder / f"past-{size}"
    if not root.exists():
        past.repository(root, size)
    reference = past.reference(root)
    checkin = ["checkin", reference, "5", "--date", "2025-03-03", "--confirm-value", "--force"]
    file = sorted((root / "kpis").rglob("*.yaml"))[0]
    return Subject(root, _questions("2025-Q1", reference, checkin), file)


def _questions(period: str, reference: str, checkin: Sequence[str]) -> dict[str, Row]:
    return {
        "`check`": ("check",),
        "`status`": ("status",),
        f"`score {period}`": ("score", period),
        "`show`": ("show", reference),
        "`explain`": ("explain", reference),
        "`tree`": ("tree",),
        "`kpi`": ("kpi",),
        "`diff`": ("diff",),
        "`log`": ("log", reference),
        "`report --format html`": ("report", period, "--format", "html"),
        "`export`": ("export",),
        "`checkin`": (*checkin, "--dry-run"),
    }


def _measure(bench: Bench, subject: Subject) -> dict[str, Cost]:
    """The cost of each question with nothing changed, then after an edit, and of a start with nothing kept."""
    costs = {"pass": middle([bench.cost([sys.executable, "-c", "pass"]) for _ in range(7)])}
    shutil.rmtree(bench.folder / "cache", ignore_errors=True)
    for name, words in subject.questions.items():
        costs[f"{name}, nothing kept"] = bench.okrctl(subject.root, *words)
        costs[name] = middle([bench.okrctl(subject.root, *words) for _ in range(3)])
    for name, words in subject.questions.items():
        with subject.file.open("a", encoding="utf-8") as file:
            file.write("# edited\n")
        costs[f"{name}, one file edited"] = bench.okrctl(subject.root, *words)
    for name, command in REFERENCES.items():
        if shutil.which(command[0]):
            costs[name] = middle([bench.cost(command, subject.root) for _ in range(3)])
    return costs


if __name__ == "__main__":
    sys.exit(main())
