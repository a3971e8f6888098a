"""Measures every goal and prints a table; see README.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.goals import Result, environment, goals, measured
from tests.benchmarks.running import Bench

NODE = ["npm", "install", "--no-fund", "--no-audit", "ajv-cli@5"]
PYTHON = ["check-jsonschema", "ruamel.yaml"]


def main() -> int:
    """Exit status 0 where every goal is met."""
    told = _told()
    folder = Path(told.folder or tempfile.mkdtemp(prefix="okrctl-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    peers = Path(told.peers) if told.peers else _installed(folder / "peers")
    bench = Bench(folder, environment(folder))
    results = []
    print(f"{'':52} {'goal':>7} {'clock':>8} {'processor':>9}")
    for goal in goals(bench, peers, told.size):
        if told.only in goal.name:
            results.append(measured(goal, told.rounds))
            print(_line(results[-1]), flush=True)
    if told.json:
        plain = [one._asdict() | {"met": one.met} for one in results]
        Path(told.json).write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    return int(not all(one.met for one in results))


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="files of the large corpus")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs; the median counts")
    parser.add_argument("--only", default="", help="only goals with this in their name")
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--peers", help="a folder with node_modules/ and py/; installed from npm and PyPI otherwise")
    parser.add_argument("--json", help="a file to write all figures to")
    return parser.parse_args()


def _line(one: Result) -> str:
    verdict = "met" if one.met else f"not met, {one.elapsed / one.most:.1f} times as much"
    return f"{one.name:52} {one.most:7} {one.elapsed:8.3f} {one.processor:9.3f}  {verdict}"


def _installed(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(NODE, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "venv", folder / "py"], check=True)
    subprocess.run([folder / "py/bin/pip", "install", "-q", *PYTHON], check=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
