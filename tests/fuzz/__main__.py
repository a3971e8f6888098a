"""Tries mutated workspaces on every command: `python -m tests.fuzz --minutes 30 --jobs 2 --failures FOLDER`.

With `--quick`, one command on each of a great number of small workspaces; `--seen FILE` counts them over several runs.
"""

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
from tests.fuzz.quick import QuickBox, QuickTries, Seen, read_hashes

ADDRESS_SPACE = 3 * 2**30


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="how long to try (default: 5)")
    parser.add_argument("--inputs", type=int, help="how many workspaces to try, in place of --minutes")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins (default: 0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that try at the same time (default: 1)")
    parser.add_argument("--failures", type=Path, default=None, help="write each failure, made small, into this folder")
    parser.add_argument("--quick", action="store_true", help="try one command on each of many small workspaces")
    parser.add_argument("--seen", type=Path, help="with --quick: keep the hashes of all inputs here, and repeat none")
    parser.add_argument("--slowest", type=Path, help="with --quick: write the slowest hundred into this folder")
    options = parser.parse_args()
    if (options.seen or options.slowest) and not options.quick:
        parser.error("--seen and --slowest need --quick")
    work = partial(work_on, options=options)
    total = Figures()
    if options.jobs == 1:
        total.add(work(0))
    else:
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for figures in pool.imap_unordered(work, range(options.jobs)):
                total.add(figures)
    for _, slow in sorted(total.slow_inputs, key=lambda found: -found[0])[:100] if options.slowest else ():
        write_failure(options.slowest, slow)
    print(render(total))
    if options.seen:
        print(f"{len(read_hashes(options.seen))} distinct inputs in {options.seen}")
    return 1 if total.failures else 0


def work_on(job: int, *, options: argparse.Namespace) -> Figures:
    """The figures of one process."""
    minutes, inputs, failures, seed = options.minutes, options.inputs, options.failures, options.seed + job
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    end = time.monotonic() + minutes * 60

    def found(failure: Failure) -> None:
        place = write_failure(failures, failure) if failures else ""
        print(f"{failure.name}: okrctl {' '.join(failure.words)} {place}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        if options.quick:
            tries: Tries = QuickTries(QuickBox(Path(folder)), seed, found, Seen(options.seen, job, options.jobs))
        else:
            tries = Tries(Box(Path(folder)), seed, found)
        return tries.go(lambda count: count < inputs if inputs else time.monotonic() < end)


def render(figures: Figures) -> str:
    """The figures for people."""
    lines = [
        f"{figures.inputs} inputs, {len(figures.hashes)} distinct, {figures.corpus} kept for something new",
        f"{figures.commands.total()} commands, {len(figures.features)} kinds of answers",
        "did work: "
        + ", ".join(f"{name} {count}{_share(figures, name)}" for name, count in sorted(figures.worked.items())),
        *([f"most memory of a process: {figures.peak} MB"] if figures.peak else []),
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


def _share(figures: Figures, name: str) -> str:
    return f" ({figures.worked[name] / figures.tried[name]:.0%})" if figures.tried[name] else ""


if __name__ == "__main__":
    raise SystemExit(main())
