"""Objectives of other periods are loaded later: no score depends on that."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from okrctl.operations import score as operation
from okrctl.operations.project import Project
from okrctl.schema.model import ObjectiveModel
from okrctl.schema.model.kpi import KpiModel
from okrctl.values.period import Period
from okrctl.workspace import File, disk
from tests.benchmarks import corpus
from tests.repositories import Repo, isolate
from tests.running import Result, run, write

ROOT = Path(__file__).parents[2]
WORKSPACES = sorted(
    folder for above in ("examples", "tests/check/cases") for folder in (ROOT / above).iterdir() if folder.is_dir()
)
YEAR = """\
period: 2026
team: growth
objectives:
  - id: home
    title: Riders feel at home
    key_results:
      - {id: guests, title: Guests a year, from: 0, to: 1000, readings: {2026-03-31: 200}}
"""
EARLY = """\
period: 2026-Q1
team: growth
objectives:
  - id: doors
    title: Every door is open
    parent: home
    key_results:
      - {id: visits, title: Visits counted, from: 0, to: 100, readings: {2026-03-10: 40}}
"""
LATER = """\
period: 2026-Q2
team: growth
objectives:
  - id: doors
    title: Every door stays open
    parent: home.guests
    carried_from: 2026-Q1/growth/doors
    key_results:
      - id: all
        title: Visits of both quarters
        from: 0
        to: 200
        rollup: {sum: [2026-Q1/growth/doors.visits, more]}
      - {id: more, title: Visits since, from: 0, to: 100, readings: {2026-04-20: 30}}
      - {id: less, title: Complaints, from: 50, to: 20, readings: {2026-04-20: 40}}
"""


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture(params=["all wait", "none waits"])
def otherwise(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked for."""
    monkeypatch.setattr(operation, "_period_filter", lambda _: lambda period, today: request.param == "none waits")


def scores(root: Path, today: str) -> list[Result]:
    """Score each period alone, all side by side, those that run, and one that does not exist."""
    found = disk.load_folder(root).periods
    names = [one.id for one in found]
    asked = [[name] for name in names] + [names, [], ["2019-Q1"], ["last"]]
    return [run("score", *words, "--format", "json", cwd=root, today=today) for words in asked]


@pytest.mark.parametrize("root", WORKSPACES, ids=lambda root: root.name)
def test_examples_score_alike(root: Path, request: pytest.FixtureRequest, otherwise: None) -> None:
    changed = scores(root, "2026-11-22")
    request.getfixturevalue("monkeypatch").undo()
    isolate(request.getfixturevalue("monkeypatch"))
    assert scores(root, "2026-11-22") == changed


def repository(path: Path) -> Repo:
    """Agreed in two steps; then targets and readings of three periods change, and two goals are removed."""
    repo = Repo(path)
    repo.commit(day="2026-01-08", files={"okrs/2026.yaml": YEAR, "okrs/2026-Q1.yaml": EARLY})
    repo.commit(day="2026-04-08", files={"okrs/2026-Q2.yaml": LATER})
    moved = LATER.replace("to: 100", "to: 80").replace("04-20: 30", "04-20: 30, 2026-05-20: 60")
    late = EARLY.replace("03-10: 40", "03-10: 40, 2026-03-31: 90").replace("to: 100", "to: 95")
    year = YEAR.replace("home", "house")
    repo.commit(day="2026-05-20", files={"okrs/2026-Q2.yaml": moved, "okrs/2026-Q1.yaml": late, "okrs/2026.yaml": year})
    alone = moved.replace("sum: [2026-Q1/growth/doors.visits, more]", "sum: [more]")
    repo.commit(day="2026-06-02", files={"okrs/2026-Q2.yaml": alone[: alone.index("      - {id: less")]})
    return repo


@pytest.mark.parametrize(
    "known_at", [(), ("--known-at", "HEAD"), ("--known-at", "HEAD~1"), ("--known-at", "2026-04-30")]
)
def test_agreed_targets_are_scored_alike(
    tmp_path: Path, request: pytest.FixtureRequest, otherwise: None, known_at: tuple[str, ...]
) -> None:
    repo = repository(tmp_path / "repo")

    def answers() -> list[Result]:
        asked = (["2026-Q2"], ["2026-Q1"], ["2026"], ["2026-Q1", "2026-Q2"], [], ["2026-Q2", "--agreed"])
        words = [(*one, *known_at, "--format", "json") for one in asked]
        return [run("score", *one, cwd=repo.path, today="2026-06-10") for one in words]

    changed = answers()
    request.getfixturevalue("monkeypatch").undo()
    isolate(request.getfixturevalue("monkeypatch"))
    assert answers() == changed
    assert all(one.status == 0 for one in changed)
    assert ('"differences": []' in changed[0].out) == (known_at == ("--known-at", "2026-04-30"))


def test_a_file_is_parsed_only_when_its_period_is_requested(tmp_path: Path) -> None:
    root = corpus.write(tmp_path, 30)

    def wants(period: Period) -> bool:
        return period.id == "2025-Q2"

    opened, whole = disk.load_folder(root, wants=wants), disk.load_folder(root)
    assert {one.period.id for one in opened.objectives} == {"2025-Q2"}
    assert {file.path for file in opened.files if file.is_deferred} == {
        file.path for file in whole.files if file.period is not None and not wants(file.period)
    }
    assert not any(
        file.model or file.nodes or "data" in vars(file.document) for file in opened.files if file.is_deferred
    )
    assert [one.id for one in opened.periods] == [one.id for one in whole.periods]
    assert [kpi.ref for kpi in opened.kpi_nodes] == [kpi.ref for kpi in whole.kpi_nodes]
    for name in [*opened.deferred_files]:
        opened.load_period(name)
    assert opened.refs() == whole.refs()
    assert opened.by_name.keys() == whole.by_name.keys()
    assert [file.document.data for file in opened.files] == [file.document.data for file in whole.files]


def everything_below(start: object) -> Iterator[object]:
    """Every object that this one keeps alive, without code."""
    pending, seen = [start], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen.add(id(one))
        yield one
        pending += [one.__closure__] if isinstance(one, FunctionType) else gc.get_referents(one)


@pytest.mark.parametrize("index", ["empty", "full", "none"])
def test_a_score_holds_no_text_and_only_the_models_that_it_uses(tmp_path: Path, index: str) -> None:
    root = corpus.write(tmp_path, 60)
    texts = {path.read_text("utf-8") for path in root.rglob("team-*.yaml")}
    Repo(root).commit(day="2025-01-08")
    request = operation.ScoreRequest(periods=["2025-Q2"])
    if index == "full":
        operation.score(Project(root), request)
    [card] = (result := operation.score(Project(root, uses_cache=index != "none"), request)).scorecards.cards
    held = [*everything_below(result)]
    assert card.agreed is not None
    assert len({one.path for one in held if isinstance(one, File)}) == len(texts) + 1
    assert not [one for one in held if isinstance(one, str) and one in texts]
    goals, asked = [one for one in held if isinstance(one, ObjectiveModel)], [one.node.model for one in card.objectives]
    assert len(asked) == len(goals) > 10
    assert {*map(id, goals)} == {*map(id, asked)}
    named = {name.rpartition("-")[0] for goal in goals for name in goal.kpis}
    assert index == "none" or {one.id.rpartition("-")[0] for one in held if isinstance(one, KpiModel)} == named


def test_a_broken_file_is_not_deferred(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/a.yaml": EARLY.replace("to: 100", "to: many"), "okrs/b.yaml": LATER})
    opened = disk.load_folder(tmp_path, wants=lambda period: False)
    assert [file.is_deferred for file in opened.files] == [False, True]
    found = run("score", "2026-Q2", cwd=tmp_path, today=date(2026, 5, 1))
    assert found.status == 2
    assert "okrs/a.yaml" in found.err


@pytest.mark.parametrize(
    "words",
    [["--team", "growth"], ["--tag", "none"], ["--owner", "nobody"], ["--what-if", "2026-Q1/growth/doors.visits=9"]],
)
def test_names_without_a_period_are_looked_up_in_all_periods(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path, {"okrs/a.yaml": EARLY, "okrs/b.yaml": LATER.replace("team: growth", "team: craft")})
    found = run("score", "2026-Q2", *words, cwd=tmp_path, today=date(2026, 5, 1))
    assert found.status == (2 if words[0] in ("--tag", "--owner") else 0), found.err
