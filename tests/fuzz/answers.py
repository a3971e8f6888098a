"""What every command answers on one workspace, in the surroundings of this process: `python -m tests.fuzz.answers`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

SCAN, LIST = os.scandir, os.listdir
GIT_DATES = {f"GIT_{who}_DATE": "2025-06-30T12:00:00+0200" for who in ("AUTHOR", "COMMITTER")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.answers", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--pure", action="store_true", help="hide the parser in C")
    parser.add_argument("--reversed", action="store_true", help="list folders in another order")
    parser.add_argument("--processes", type=int, help="share the work of any workspace among so many")
    options = parser.parse_args()
    if options.pure:
        sys.modules["_ruamel_yaml"] = None  # type: ignore[assignment]
    if options.reversed:
        reverse_folders()
    if options.processes:
        share_work(options.processes)
    json.dump(collect(options.folder), sys.stdout)


class ReversedEntries(contextlib.ExitStack):
    """The entries of a folder from the last to the first."""

    def __init__(self, path: str = ".") -> None:
        super().__init__()
        with SCAN(path) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self.entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self.entries)


def reverse_folders() -> None:
    """Make this process see the entries of each folder in another order."""
    os.scandir = ReversedEntries  # type: ignore[assignment]
    os.listdir = lambda path=".": sorted(LIST(path), reverse=True)  # type: ignore[assignment, misc]


def share_work(processes: int) -> None:
    """Make `check` use several processes for any number of files."""
    from okrctl.check.incremental import workers

    os.cpu_count = lambda: processes
    workers.MIN_PARALLEL = 1


def collect(folder: Path) -> dict[str, list[object]]:
    """The status, both outputs and the files after each command, each run twice: nothing kept, then kept."""
    from tests.fuzz.harness import READING, WRITING, Box, listed
    from tests.fuzz.mutations import BASE, Input
    from tests.running import run

    box = Box(folder)
    os.environ.update(GIT_DATES)
    seal = {"scorecards/2025-Q1.json": box.seal} if box.seal else {}
    made = Input({**BASE, **seal}, "clean", ())
    box.place(made)
    answers: dict[str, list[object]] = {}
    for words in (*listed(READING), *listed(READING)):
        result = run(*words, cwd=box.root)
        answers.setdefault(" ".join(words), []).extend(result.__dict__.values())
    for words in listed(WRITING):
        box.place(made)
        result = run(*words, cwd=box.root)
        files = {path: data.decode("utf-8", "backslashreplace") for path, data in sorted(box.files().items())}
        answers[" ".join(words)] = [*result.__dict__.values(), files]
    return answers


if __name__ == "__main__":
    main()
