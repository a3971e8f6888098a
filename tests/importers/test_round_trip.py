"""What `export` writes, `import` reads back: an empty workspace then has the same scores, and nothing comes twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from okrctl import scoring
from okrctl.analysis import export_rows
from okrctl.analysis.export_rows import ExportTable, ReadingDays, Row, Stamp
from okrctl.analysis.filters import Selection
from okrctl.importers import merge, read
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.export import render
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.yaml import Source
from tests.fuzz.valid import SETTINGS, WORKSPACE
from tests.running import run, write
from tests.scoring.real.conversion import council_reports
from tests.scoring.worlds import WORLDS, World

TODAY = date(2026, 7, 4)


def emptied(text: str) -> Workspace:
    config, file = read_settings(Source("okrctl.yaml", text) if text else None)
    return build_workspace([], config, lambda path: "", file)


def imported(into: Workspace, text: str, name: str) -> merge.MergeResult:
    how = read.ImportOptions(None, None, TODAY, into.config)
    return merge.merge_draft(into, read.read(name, text, how, {}))


def scores(workspace: Workspace, day: date) -> dict[str, object]:
    card = scoring.build_scorecard(workspace, workspace.periods[0], day)
    lines = [one for each in card.objectives for one in each.key_results]
    results = [(one.node.ref, one.score, one.progress, one.status) for one in lines]
    return {"period": card.score, "objectives": [one.score for one in card.objectives], "results": results}


@given(WORLDS)
@settings(max_examples=60, deadline=None)
def test_an_empty_workspace_scores_the_same_after_export_and_import(world: World) -> None:
    before = world.open()
    for format in ("csv", "json", "jsonl"):
        groups = list(export_rows.reading_groups(before, Selection(), ReadingDays(TODAY), lambda file: None))
        table = ExportTable("readings", Row, groups, Stamp("acme/goals", None, None, TODAY))
        text = render(table, format, TerminalStyle())
        placed = imported(emptied(world.settings), text, f"all.{format}")
        assert all(one.outcome == "placed" for one in placed.results)
        sources = [Source(path, found) for path, found in placed.new.items()]
        after = build_workspace(sources, before.config, lambda path: "")
        assert after.broken_files == []
        for day in (date(2026, 5, 1), date(2026, 6, 30), TODAY):
            assert scores(after, day) == scores(before, day)
        assert imported(after, text, f"all.{format}").new == {}


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    "files",
    [WORKSPACE, council_reports("lcc_22_24.csv", "FY22")],
    ids=["every key", "readings kept as CSV"],
)
def test_a_whole_workspace_comes_back_row_by_row(tmp_path: Path, files: dict[str, str], format: str) -> None:
    old, new = write(tmp_path / "old", files), write(tmp_path / "new", {"okrctl.yaml": files["okrctl.yaml"]})
    exported = run("export", "--format", format, "-o", f"../new/all.{format}", cwd=old)
    assert exported.status == 0, exported.err
    result = run("import", f"all.{format}", cwd=new)
    assert result.status == 0, result.err
    assert "not imported: " not in result.out
    columns = [set(map(comparable, run("export", cwd=root).out.splitlines())) for root in (old, new)]
    assert columns[0] == columns[1]
    again = run("import", f"all.{format}", cwd=new)
    assert (again.status, "nothing to change" in again.err) == (0, True)
    assert run("check", cwd=new).status == run("check", cwd=old).status


def comparable(line: str) -> str:
    """A row without what the file says in its own words; readings kept as CSV come back written out."""
    return line.split(',"{""')[0]


def test_a_change_in_the_workspace_is_kept_and_told(tmp_path: Path) -> None:
    write(tmp_path, WORKSPACE)
    run("export", "-o", "all.csv", cwd=tmp_path)
    path = tmp_path / "okrs/2025-Q2/trust.yaml"
    path.write_text(path.read_text().replace("to: 25000", "to: 20000").replace("2025-04-14: 1200", "2025-04-14: 1300"))
    before = path.read_text()
    result = run("import", "all.csv", cwd=tmp_path)
    assert "2025-Q2/trust/supply-chain.codes keeps its to: '20000', the line has '25000'" in result.out
    assert "2025-Q2/trust/supply-chain.codes keeps its reading of 2025-04-14" in result.out
    assert path.read_text() == before
    assert run("import", "all.csv", "--force", cwd=tmp_path).status == 0
    assert path.read_text() == before.replace("to: 20000", "to: 25000").replace("1300", "1200")


def test_rows_that_were_damaged_are_told_and_the_others_placed(tmp_path: Path) -> None:
    write(tmp_path / "old", WORKSPACE)
    lines = run("export", cwd=tmp_path / "old").out.splitlines()
    lines[1] = lines[1].replace('"{""id"": ""supply-chain""', '"{""id"": broken', 1)
    lines = [line.replace(",hours,", ",hours,", 1).replace('"""7.5h"""', "soon", 1) for line in lines]
    root = write(tmp_path / "new", {"all.csv": "\n".join(lines), "okrctl.yaml": SETTINGS})
    result = run("import", "all.csv", cwd=root)
    assert result.status == 0, result.err
    assert "all.csv:2: not imported: the column 'definition' is not valid JSON" in result.out
    assert "not imported: the file has no row for its objective 2025-Q2/trust/supply-chain" in result.out
    assert "not imported: the column 'written' is not valid JSON" in result.out
    assert "2025-Q2/trust/second.hours: new key result" in result.out


def test_a_fiscal_year_must_be_known(tmp_path: Path) -> None:
    text = "period: FY26-Q1\nobjectives: [{id: a, title: A, owner: tom, key_results: [{id: k, title: K, to: 3}]}]\n"
    write(tmp_path / "old", {"okrs/a.yaml": text, "okrctl.yaml": "fiscal_year: {starts: february}\n"})
    rows = run("export", cwd=tmp_path / "old").out
    for settings_, placed in (("", 0), ("fiscal_year: {starts: march}\n", 0), ("fiscal_year: {starts: february}\n", 1)):
        root = write(tmp_path / f"new{len(settings_)}", {"all.csv": rows, "okrctl.yaml": settings_ or "language: en\n"})
        result = run("import", "all.csv", cwd=root)
        assert result.out.count("new objective") == placed, result.out


def test_cycles_of_any_length_keep_their_days(tmp_path: Path) -> None:
    text = "period: {id: cycle-7, start: 2025-04-13, end: 2025-05-24}\nobjectives: [{id: a, title: A}]\n"
    rows = run("export", cwd=write(tmp_path / "old", {"okrs/a.yaml": text})).out
    root = write(tmp_path / "new", {"all.csv": rows})
    assert run("import", "all.csv", cwd=root).status == 0
    made = (root / "okrs/cycle-7/company.yaml").read_text()
    assert made.startswith("period: {id: cycle-7, start: 2025-04-13, end: 2025-05-24}\n")


def test_no_row_leads_out_of_the_workspace(tmp_path: Path) -> None:
    rows = run("export", cwd=write(tmp_path / "old", WORKSPACE)).out
    root = write(tmp_path / "new", {"all.csv": rows.replace(",trust,", ",../../../trust,")})
    result = run("import", "all.csv", cwd=root)
    assert "not imported: '../../../trust' is not a valid team id" in result.out
    evil = rows.replace('{""id"": ""satisfaction""', '{""team"": ""../../evil"", ""id"": ""satisfaction""')
    result = run("import", "all.csv", cwd=write(tmp_path / "other", {"all.csv": evil}))
    assert (result.status, "this would break kpis/company.yaml" in result.err) == (2, True), result.err
    assert not [path for path in tmp_path.rglob("*") if path.stem == "evil"]
