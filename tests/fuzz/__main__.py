"""Tries mutated workspaces on every command: `python -m tests.fuzz --minutes 30 --jobs 2 --failures FOLDER`."""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.fuzz.harness import Box, Failure, Figures, Tries, write_failure

ADDRESS_SPACE = 3 * 2**30


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="how long to try (default: 5)")
    parser.add_argument("--inputs", type=int, help="how many workspaces to try, in place of --minutes")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins (default: 0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that try at the same time (default: 1)")
    parser.add_argument("--failures", type=Path, default=None, help="write each failure, made small, into this folder")
    options = parser.parse_args()
    work = partial(work_on, minutes=options.minutes, inputs=options.inputs, failures=options.failures)
    seeds = range(options.seed, options.seed + options.jobs)
    total = Figures()
    if options.jobs == 1:
        total.add(work(options.seed))
    else:
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for figures in pool.imap_unordered(work, seeds):
                total.add(figures)
    print(render(total))
    return 1 if total.failures else 0


def work_on(seed: int, *, minutes: float, inputs: int | None, failures: Path | None) -> Figures:
    """The figures of one process."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    end = time.monotonic() + minutes * 60

    def found(failure: Failure) -> None:
        place = write_failure(failures, failure) if failures else ""
        print(f"{failure.name}: okrctl {' '.join(failure.words)} {place}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        tries = Tries(Box(Path(folder)), seed, found)
        return tries.go(lambda count: count < inputs if inputs else time.monotonic() < end)


def render(figures: Figures) -> str:
    """The figures for people."""
    lines = [
        f"{figures.inputs} inputs, {len(figures.hashes)} distinct, {figures.corpus} kept for something new",
        f"{figures.commands.total()} commands, {len(figures.features)} kinds of answers",
        "did work: " + ", ".join(f"{name} {count}" for name, count in sorted(figures.worked.items())),
        "",
        "command    0      1      2",
    ]
    for name in sorted(figures.commands):
        counts = "".join(f"{figures.statuses[name, status]:>7}" for status in (0, 1, 2))
        lines.append(f"{name:<9}{counts}")
    lines += ["", "slowest: seconds, bytes of the workspace, command"]
    lines += [
        f"{seconds:>8.3f} {size:>9} {words}" for seconds, size, words in sorted(figures.slowest, reverse=True)[:100]
    ]
    lines += ["", f"{len(figures.failures)} kinds of failures"]
    lines += [f"{figures.repeated[key]:>5} x {failure.name}: okrctl {' '.join(failure.words)}"
              for key, failure in figures.failures.items()]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
