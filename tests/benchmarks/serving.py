"""Measures the pages of `okrctl serve`: the first byte of each, and memory over many requests.

    python -m tests.benchmarks.serving --sizes 12 1000 --requests 10000

prints milliseconds until the first byte: of the first answer, of the next ones (the median), and of the first one after
a file was edited. The demo stands for 12 files. At the end the memory of the process is compared.
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import past
from tests.repositories import Repo
from tests.server.processes import Served, environment_for, run_okrctl, serving

DEMO_FILES = 12
ROUNDS = 15
DEMO_DAY = "2026-11-22"
PAGES = (
    "/", "/periods", "/teams", "/kpis", "/alignment", "/impact", "/check-in?who=all", "/draft", "/findings", "/changes",
)  # fmt: skip
KINDS = ("/periods/", "/objectives/", "/key-results/", "/kpis/", "/teams/", "/people/", "/amend/")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[DEMO_FILES, 1000], help="how many files")
    parser.add_argument("--requests", type=int, default=10_000, help="how many requests memory is measured over")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="okrctl-serving-") as name:
        for size in wanted.sizes:
            folder = Path(name) / str(size)
            folder.mkdir()
            root, day, file = _demo(folder) if size <= DEMO_FILES else _repository(folder, size)
            for key, value in (("user.name", "Ines"), ("user.email", "ines@example.com")):
                Repo(root).git("config", key, value)
            with serving(root, folder, day=day) as served:
                served.enter()
                _print_times(served, size, file)
                _print_memory(served, wanted.requests)
    return 0


def _demo(folder: Path) -> tuple[Path, str, Path]:
    root = folder / "demo"
    root.mkdir()
    done = run_okrctl(root, environment_for(folder, DEMO_DAY), "init", "--demo")
    assert done.returncode == 0, done.stderr
    return root, DEMO_DAY, sorted((root / "okrs").rglob("*.yaml"))[-1]


def _repository(folder: Path, size: int) -> tuple[Path, str, Path]:
    root = folder / "past"
    past.repository(root, size)
    return root, "2025-03-03", sorted((root / "kpis").rglob("*.yaml"))[0]


def _print_times(served: Served, size: int, file: Path) -> None:
    print(f"\n| {size:,} files | first | again | after an edit |\n|---|--:|--:|--:|")
    for page in (*PAGES, *_one_of_each_kind(served)):
        first = _first_byte(served, page)
        again = statistics.median(_first_byte(served, page) for _ in range(ROUNDS))
        with file.open("a", encoding="utf-8") as text:
            text.write("# edited\n")
        print(f"| {page} | {first:.0f} | {again:.1f} | {_first_byte(served, page):.0f} |", flush=True)


def _one_of_each_kind(served: Served) -> list[str]:
    """The first page of each kind that the pages before link to; pages of goals link to those of key results."""
    found: dict[str, str] = {}
    for page in ("/", "/periods", "/teams", "/kpis", "/alignment"):
        _collect(served, page, found)
    for kind in ("/objectives/", "/key-results/"):
        if kind in found:
            _collect(served, found[kind], found)
    return list(found.values())


def _collect(served: Served, page: str, found: dict[str, str]) -> None:
    text = served.ask("GET", page)[2]
    for kind in KINDS:
        link = re.search(rf'href="({kind}[^"?#]+)"', text)
        if link is not None:
            found.setdefault(kind, link[1])


def _first_byte(served: Served, page: str) -> float:
    """Milliseconds until the first byte of the body, on a connection that is open already."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=600)
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", page, headers={"Cookie": served.cookie})
    answer = connection.getresponse()
    answer.read(1)
    taken = (time.perf_counter() - start) * 1000
    answer.read()
    connection.close()
    assert answer.status == 200, page
    return taken


def _print_memory(served: Served, requests: int) -> None:
    before = _memory(served.process.pid)
    for number in range(requests):
        _first_byte(served, PAGES[number % len(PAGES)])
    print(
        f"\nMemory in MiB: {before['VmRSS']:.0f} before, {_memory(served.process.pid)['VmRSS']:.0f} after {requests:,}"
    )


def _memory(pid: int) -> Mapping[str, float]:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Vm")}


if __name__ == "__main__":
    sys.exit(main())
