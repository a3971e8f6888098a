"""Names every goal, and measures the two sides of its ratio in turn, so that other load meets both."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import corpus, past
from tests.benchmarks.running import ROOT, Bench, Cost, middle

Measure = Callable[[], Cost]


class Goal(NamedTuple):
    """What is held against what, and the most that the ratio may be; `memory`: the peak in MiB stands for itself."""

    name: str
    most: float
    ours: Measure
    theirs: Measure | None
    memory: bool = False


class Result(NamedTuple):
    """A goal measured: the ratios on the clock and of processor time (of memory: the peak), and both sides."""

    name: str
    most: float
    elapsed: float
    processor: float
    ours: Cost
    theirs: Cost | None

    @property
    def met(self) -> bool:
        """Whether the clock says so."""
        return self.elapsed <= self.most


def measured(goal: Goal, rounds: int) -> Result:
    """The medians of several rounds, in each of which both sides run one after the other."""
    pairs = [(goal.ours(), goal.theirs() if goal.theirs else None) for _ in range(rounds)]
    ours = middle([one for one, _ in pairs])
    if goal.memory:
        return Result(goal.name, goal.most, ours.memory, ours.memory, ours, None)
    theirs = middle([other for _, other in pairs if other is not None])
    return Result(goal.name, goal.most, ours.elapsed / theirs.elapsed, ours.processor / theirs.processor, ours, theirs)


def goals(bench: Bench, peers: Path, size: int) -> list[Goal]:
    """All goals; `peers` is a folder with node_modules/ and a virtual environment py/, `size` that of the corpus."""
    large, small = (corpus.write(bench.folder / f"corpus-{number}", number) for number in (size, size // 10))
    schema, events = _schema(bench.folder), ROOT / "tests/benchmarks/events.py"
    repository = past.repository(bench.folder / f"past-{size // 10}", size // 10)
    example = ROOT / "examples/company"
    python = [sys.executable, "-c", "pass"]
    ajv = [peers / "node_modules/.bin/ajv", "validate", "--spec=draft2020", "--strict=false", "-s", schema, "-d"]
    jsonschema = [peers / "py/bin/check-jsonschema", "--schemafile", schema]

    def anew(root: Path) -> Measure:
        return lambda: bench.okrctl(root, "check", "--no-cache")

    def score(root: Path, *words: str) -> Measure:
        return lambda: bench.okrctl(root, "score", "2025-Q1", "--format", "json", *words)

    def again(root: Path) -> Cost:
        bench.okrctl(root, "check")
        return bench.okrctl(root, "check")

    def edited() -> Cost:
        bench.okrctl(large, "check")
        file = next((large / "kpis").rglob("*.yaml"))
        file.write_text(file.read_text("utf-8") + "# once more\n", "utf-8")
        return bench.okrctl(large, "check")

    def empty() -> Cost:
        return bench.cost(python)

    def run(*words: str | Path) -> Measure:
        return lambda: bench.cost([sys.executable, *words])

    def only(script: str, way: str) -> Measure:
        """What a script does, without what its start takes."""
        place = ROOT / "tests/benchmarks" / script
        return lambda: run(place, way)().beyond(run(place, "nothing")())

    return [
        Goal("cold check against ajv-cli", 1.2, anew(large), lambda: bench.cost([*ajv, f"{large}/[ok]*/**/*.yaml"])),
        Goal(f"cold check of {size // 10} files against check-jsonschema", 0.03, anew(small),
             lambda: bench.cost([*jsonschema, *sorted(small.rglob("*s/**/*.yaml"))])),
        Goal("cold check against raw libyaml events", 5, anew(large), run(events, large)),
        Goal("warm check against cold", 0.06, lambda: again(large), anew(large)),
        Goal("one file edited against cold", 0.08, edited, anew(large)),
        Goal("score against check", 1.2, score(large), anew(large)),
        Goal(f"{size} files against {size // 10}", 11, anew(large), anew(small)),
        Goal("peak memory in MiB", 120, anew(large), None, memory=True),
        Goal("10,000 rows against rich.table", 0.02, only("rows.py", "ours"),
             only("rows.py", "rich")),
        Goal("an edit against ruamel load and dump", 0.1, only("edits.py", "ours"),
             only("edits.py", "ruamel")),
        Goal("--version against pass", 1.5, run("-m", "okrctl", "--version"), empty),
        Goal("--help against pass", 8, run("-m", "okrctl", "--help"), empty),
        Goal("check of an example, warm, against pass", 9, lambda: again(example), empty),
        Goal("check of an example, cold, against pass", 25, anew(example), empty),
        Goal(f"score --known-at of {size // 10} files against score", 1.2,
             score(repository, "--known-at", "HEAD~26"),
             score(repository)),
        Goal("log of a key result over 52 commits against pass", 25,
             lambda: bench.okrctl(repository, "log", past.reference(repository)), empty),
    ]  # fmt: skip


def _schema(folder: Path) -> Path:
    """The schema of both kinds of file in one, as the peers need it."""
    from okrctl import model

    shapes = {}
    for key, shape in (("objectives", model.OkrFile), ("kpis", model.KpiFile)):
        said = json.dumps(shape.model_json_schema(ref_template=f"#/$defs/{key}/$defs/{{model}}"))
        shapes[key] = json.loads(said.replace('"oneOf"', '"anyOf"'))
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": shapes,
        "if": {"required": ["objectives"]},
        "then": {"$ref": "#/$defs/objectives"},
        "else": {"$ref": "#/$defs/kpis"},
    }
    place = folder / "schema.json"
    place.write_text(json.dumps(whole), "utf-8")
    return place


def environment(folder: Path) -> dict[str, str]:
    """A cache of its own, a fixed day, and this okrctl."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OKRCTL_")}
    return kept | {
        "OKRCTL_TODAY": str(corpus.TODAY), "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)
    }  # fmt: skip
