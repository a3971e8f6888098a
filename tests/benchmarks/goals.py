"""Names every goal, and what is measured for it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import corpus, past
from tests.benchmarks.running import ROOT, Bench, Cost, middle

Measure = Callable[[], Cost]
OFTEN = 7


class Goal(NamedTuple):
    """Which measurement is held against which, and the most that the ratio may be; without `theirs` the peak in MiB."""

    name: str
    most: float
    ours: str
    theirs: str | None


class Result(NamedTuple):
    """A goal measured: the ratios on the clock and of processor time, or the peak in MiB twice."""

    name: str
    most: float
    clock: float
    processor: float

    @property
    def met(self) -> bool:
        """Whether the clock says so."""
        return self.clock <= self.most


GOALS = (
    Goal("cold check against ajv-cli (schema only)", 1.2, "cold", "ajv"),
    Goal("cold check against check-jsonschema", 0.03, "cold", "check-jsonschema"),
    Goal("cold check against raw libyaml events", 5, "cold", "events"),
    Goal("warm check against cold", 0.06, "warm", "cold"),
    Goal("check with one file edited against cold", 0.08, "edited", "cold"),
    Goal("score against check", 1.2, "score", "cold"),
    Goal("all files against a tenth", 11, "cold", "cold, a tenth"),
    Goal("peak memory in MiB", 120, "cold", None),
    Goal("10,000 rows to a pipe against rich.table", 0.02, "rows", "rows by rich"),
    Goal("an edit against ruamel load and dump", 0.1, "edits", "edits by ruamel"),
    Goal("--version against python -c pass", 1.5, "version", "pass"),
    Goal("--help against python -c pass", 8, "help", "pass"),
    Goal("check of an example, warm, against pass", 9, "example, warm", "pass"),
    Goal("check of an example, cold, against pass", 25, "example, cold", "pass"),
    Goal("score --known-at against score", 1.2, "score of the past", "score of today"),
    Goal("the same again, from the cache", 0.1, "score of the past, again", "score of today"),
    Goal("log of a key result over 52 commits against pass", 25, "log", "pass"),
    Goal("export of weekly scores, a tenth, against pass", 60, "export of scores", "pass"),
)


def held(costs: Mapping[str, Sequence[Cost]]) -> list[Result]:
    """Every goal held against the medians of its two measurements."""
    results = []
    for goal in GOALS:
        ours = middle(costs[goal.ours])
        if goal.theirs is None:
            results.append(Result(goal.name, goal.most, ours.memory, ours.memory))
        else:
            theirs = middle(costs[goal.theirs])
            ratios = ours.elapsed / theirs.elapsed, ours.processor / theirs.processor
            results.append(Result(goal.name, goal.most, *ratios))
    return results


def measures(bench: Bench, peers: Path, size: int) -> dict[str, Measure]:
    """All measurements; `peers` is a folder with node_modules/ and a virtual environment py/."""
    large, small = (corpus.write(bench.folder / f"corpus-{number}", number) for number in (size, size // 10))
    repository = past.repository(bench.folder / f"past-{size}", size)
    schema, example, here = _schema(bench.folder), ROOT / "examples/company", ROOT / "tests/benchmarks"
    ajv = [peers / "node_modules/.bin/ajv", "validate", "--spec=draft7", "--strict=false", "-s", schema, "-d"]
    jsonschema = [peers / "py/bin/check-jsonschema", "--schemafile", schema, *sorted(small.rglob("*s/**/*.yaml"))]

    def python(*words: str | Path) -> Measure:
        return lambda: bench.cost([sys.executable, *words])

    def okrctl(root: Path, *words: str) -> Measure:
        return lambda: bench.okrctl(root, *words)

    def again(root: Path) -> Cost:
        bench.okrctl(root, "check")
        return bench.okrctl(root, "check")

    def afresh(root: Path, *words: str) -> Measure:
        def measured() -> Cost:
            shutil.rmtree(bench.folder / "cache", ignore_errors=True)
            return bench.okrctl(root, *words)

        return measured

    def edited() -> Cost:
        """One reading of one KPI, which two of a team's objectives are to move, is another."""
        file = sorted((large / "kpis").rglob("*.yaml"))[size // 10]
        head, day, tail = file.read_text("utf-8").partition("2026-04: ")
        number, _, rest = tail.partition("\n")
        file.write_text(f"{head}{day}{int(number) + 1}\n{rest}", "utf-8")
        return bench.okrctl(large, "check")

    def only(script: str, way: str) -> Measure:
        """What a script does, without what its start takes."""
        return lambda: python(here / script, way)().beyond(python(here / script, "nothing")())

    score = ("score", "2025-Q1", "--format", "json")
    return {
        **in_turn(
            {
                "pass": python("-c", "pass"),
                "version": python("-m", "okrctl", "--version"),
                "help": python("-m", "okrctl", "--help"),
                "example, cold": okrctl(example, "check", "--no-cache"),
                "example, warm": lambda: again(example),
                "log": okrctl(repository, "log", past.reference(repository), "--no-cache"),
            }
        ),
        "rows": only("rows.py", "ours"),
        "rows by rich": only("rows.py", "rich"),
        "edits": only("edits.py", "ours"),
        "edits by ruamel": only("edits.py", "ruamel"),
        "score of today": okrctl(repository, *score, "--no-cache"),
        "score of the past": afresh(repository, *score, "--known-at", "HEAD~26"),
        "score of the past, again": okrctl(repository, *score, "--known-at", "HEAD~26"),
        "cold, a tenth": okrctl(small, "check", "--no-cache"),
        "check-jsonschema": lambda: bench.cost(jsonschema).times(10),
        "events": python(here / "events.py", large),
        "ajv": lambda: bench.cost([*ajv, f"{large}/[ok]*/**/*.yaml"]),
        "cold": okrctl(large, "check", "--no-cache"),
        "warm": lambda: again(large),
        "edited": edited,
        "score": okrctl(large, *score, "--no-cache"),
        "export of scores": okrctl(small, "export", "--what", "scores", "--every", "week"),
    }


def in_turn(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """What takes moments is measured several times, each time all of it, for a machine is not always equally fast."""
    waiting: dict[str, Cost] = {}

    def measured(name: str) -> Cost:
        if name not in waiting:
            several = [{one: measure() for one, measure in measures.items()} for _ in range(OFTEN)]
            waiting.update({one: middle([costs[one] for costs in several]) for one in measures})
        return waiting.pop(name)

    return {name: partial(measured, name) for name in measures}


def _schema(folder: Path) -> Path:
    """The schemas that editors get of both kinds of file, in one, as the peers need it."""
    from okrctl import json_schema

    kinds: tuple[json_schema.Kind, ...] = ("okr", "kpi")
    shapes = {}
    for kind in kinds:
        text = json_schema.render_schema(kind, None).replace("#/definitions/", f"#/definitions/{kind}/definitions/")
        shapes[kind] = json.loads(text)
    whole = {
        "$schema": shapes["okr"]["$schema"],
        "definitions": shapes,
        "if": {"required": ["objectives"]},
        "then": {"$ref": "#/definitions/okr"},
        "else": {"$ref": "#/definitions/kpi"},
    }
    place = folder / "schema.json"
    place.write_text(json.dumps(whole), "utf-8")
    return place


def environment(folder: Path) -> dict[str, str]:
    """A cache of its own, a fixed day, and this okrctl, compiled as an installed one is."""
    left_out = ("OKRCTL_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {
        "OKRCTL_TODAY": str(corpus.TODAY), "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }  # fmt: skip
