"""Several processes: they find what one finds, and a file reduced to what is needed is the file as it was read."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from okrctl import workspace
from okrctl.check.incremental import scan, workers
from okrctl.schema.settings import Config
from okrctl.workspace import File, KeyResult, Kpi, Objective, packed
from okrctl.yaml import Source
from tests.benchmarks import corpus
from tests.running import run, write

ROOT = Path(__file__).parents[2]
WORKSPACES = sorted(
    folder for above in ("examples", "tests/check/cases") for folder in (ROOT / above).iterdir() if folder.is_dir()
)
TODAY = "2026-11-22"


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes several processes for small workspaces too."""
    monkeypatch.setattr(workers, "MIN_PARALLEL", 1)
    monkeypatch.setattr(scan, "CHUNK_SIZE", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def findings(root: Path) -> str:
    return run("check", "--no-cache", "--format", "json", cwd=root, today=TODAY).out


@pytest.mark.parametrize("root", WORKSPACES, ids=lambda root: root.name)
def test_several_processes_find_what_one_finds(root: Path, request: pytest.FixtureRequest) -> None:
    alone = findings(root)
    request.getfixturevalue("several")
    assert findings(root) == alone


@pytest.mark.parametrize("problems", [False, True])
def test_a_large_workspace_is_checked_alike(tmp_path: Path, request: pytest.FixtureRequest, problems: bool) -> None:
    corpus.write(tmp_path, 40, problems=problems)
    alone = findings(tmp_path)
    assert ("unknown-key" in alone) == problems
    request.getfixturevalue("several")
    assert findings(tmp_path) == alone


ACROSS = {
    "okrs/a.yaml": """period: 2026-Q4
team: a
objectives:
  - id: one
    title: Riders find every repair shop of the town
    parent: nobody/at-all
    kpis: visits
    key_results:
      - {id: share, title: Visits, kpi: visits, to: 90}
      - {id: sum, title: All of them, to: 20, rollup: {sum: [share, two/x.y]}}
      - {id: guard, title: Faults, at_most: 3, unit: faults, guards: [share]}
""",
    "okrs/b.yaml": """period: 2026-Q4
team: b
objectives:
  - id: one
    title: Riders find every repair shop of the town
    weight: 2
    key_results: {id: visits, title: Visits, from: 3, to: 9, unit: visits, readings: {2026-10-04: 4}}
  - id: two
    title: Shops answer within the hour
    parent: b/two
    key_results: {id: visits, title: Visits, from: 3, to: 9, unit: visits, readings: {2026-10-04: 4}}
""",
    "okrs/c.yaml": "period: {id: winter, start: 2026-12-01, end: 2027-01-31}\nobjectives: {id: c, title: Warm hands}\n",
    "okrs/d.yaml": "period: {id: winter, start: 2026-12-01, end: 2027-02-28}\nobjectives: {id: d, title: Dry feet}\n",
    "kpis/a.yaml": "kpis:\n  - {id: visits, title: V, better: lower, unit: '%', readings: {2026-09: 9, 2026-10: 8}}\n",
    "kpis/b.yaml": "kpis:\n  - {id: visits, title: V, better: higher, formula: visits + x}\n",
}


def test_what_only_shows_across_files_is_found(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    write(tmp_path, ACROSS)
    alone = findings(tmp_path)
    assert all(code in alone for code in ("OKR101", "OKR102", "OKR103", "OKR110", "OKR209", "OKR311", "OKR404"))
    request.getfixturevalue("several")
    assert findings(tmp_path) == alone
    (tmp_path / "okrs/d.yaml").unlink()
    swept = findings(tmp_path)
    request.getfixturevalue("monkeypatch").undo()
    assert findings(tmp_path) == swept


def test_a_process_may_be_started_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, several: None) -> None:
    corpus.write(tmp_path, 7, problems=True)
    write(tmp_path, ACROSS)
    forked = findings(tmp_path)
    monkeypatch.setattr(multiprocessing, "Pool", multiprocessing.get_context("spawn").Pool)
    assert findings(tmp_path) == forked


def sources() -> Iterator[tuple[str, str]]:
    yield from corpus.workspace(9)
    for folder in WORKSPACES:
        yield from ((f"{path}", path.read_text("utf-8", "replace")) for path in sorted(folder.rglob("*s/**/*.yaml")))


def read(path: str, text: str) -> File:
    file = workspace.read_file(Source(path, text), Config())
    workspace.assemble_workspace([file], Config(), lambda _: "")
    return file


def test_a_file_comes_back_as_it_was_read() -> None:
    seen = 0
    for path, text in sources():
        file = read(path, text)
        if packed.is_valid(file):
            back = packed.unpack(path, packed.pack(file), Config(), lambda _, text=text: text)  # type: ignore[misc]
            workspace.assemble_workspace([back], Config(), lambda _: "")
            assert (back.kind, back.period, back.team) == (file.kind, file.period, file.team)
            assert [told(node) for node in back.nodes] == [told(node) for node in file.nodes]
            assert back.document.data == file.document.data
            seen += 1
    assert seen > 12


def told(node: Any) -> dict[str, object]:
    """All that may be asked of a node and of what is below it."""
    found = {name: getattr(node.model, name) for name in type(node.model).model_fields if name != "key_results"}
    found |= {"ref": node.ref, "route": node.route, "owner": node.owner}
    if isinstance(node, Objective):
        return found | {"first": node.first_day, "below": [told(one) for one in node.key_results]}
    assert isinstance(node, KeyResult | Kpi)
    found |= {"readings": node.readings, "csv": node.csv}
    return found | ({"unit": node.unit} if isinstance(node, Kpi) else {"unit": node.own_unit, "judged": node.measure})
