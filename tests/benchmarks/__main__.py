"""Measures every goal and prints a table; see README.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.goals import Result, environment, held, measures
from tests.benchmarks.running import Bench, Cost

NODE = ["npm", "install", "--no-fund", "--no-audit", "ajv-cli@5"]
PYTHON = ["check-jsonschema", "ruamel.yaml"]


def main() -> int:
    """Exit status 0 where every goal is met."""
    told = _told()
    folder = Path(told.folder or tempfile.mkdtemp(prefix="okrctl-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    peers = Path(told.peers) if told.peers else _installed(folder / "peers")
    bench = Bench(folder, environment(folder))
    costs: dict[str, list[Cost]] = {}
    for number in range(told.rounds):
        for name, measure in measures(bench, peers, told.size).items():
            costs.setdefault(name, []).append(measure())
            print(f"round {number + 1}: {name}: {costs[name][-1].elapsed:.2f} s", file=sys.stderr, flush=True)
    results = held(costs)
    print(f"{'':50} {'goal':>7} {'clock':>8} {'processor':>9}")
    print("\n".join(map(_line, results)))
    if told.json:
        plain = {"goals": [one._asdict() | {"met": one.met} for one in results], "costs": costs}
        Path(told.json).write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    return int(not all(one.met for one in results))


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="files of the large corpus")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the median counts")
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--peers", help="a folder with node_modules/ and py/; installed from npm and PyPI otherwise")
    parser.add_argument("--json", help="a file to write all figures to")
    return parser.parse_args()


def _line(one: Result) -> str:
    verdict = "met" if one.met else f"not met, {one.clock / one.most:.1f} times as much"
    return f"{one.name:50} {one.most:7} {one.clock:8.3f} {one.processor:9.3f}  {verdict}"


def _installed(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(NODE, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "venv", folder / "py"], check=True)
    subprocess.run([folder / "py/bin/pip", "install", "-q", *PYTHON], check=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
