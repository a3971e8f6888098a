"""Changes whose effect on other files is easily missed lead to the answer of a fresh look at everything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from okrctl.check.incremental import workers
from okrctl.check.incremental.workers import Batch
from okrctl.values.diagnostic import Diagnostic
from tests.check.test_incremental_again import QUIET, ROOTS, change, findings, large
from tests.running import write

Files = Mapping[str, str | None]


def okr(team: str, name: str, *, period: str = "2026-Q4", parent: str = "", key_result: str = "") -> str:
    """A file with one objective that has little in common with others."""
    found = (
        f"period: {period}\nteam: {team}\nobjectives:\n  - id: {name}\n    title: About {team}{name}\n    owner: ada\n"
    )
    found += f"    parent: {parent}\n" if parent else ""
    return f"{found}    key_results:\n      - {key_result or f'{{id: one, title: How {name}{team}, to: 3}}'}\n"


def spring(last: int, team: str) -> str:
    return okr(team, "calm", period=f"{{id: spring, start: 2026-03-01, end: 2026-05-{last}}}").replace(team, "Dry")


LOST = okr("ops", "far", parent="web/lost")
SUPPRESSED = LOST.replace("/lost", "/lost  # okrctl: ignore[unknown-reference]")
SLIP = okr("ops", "far", parent="web/grov.one")
ELSEWHERE = f"{QUIET}elsewhere: [web, company]\n"
GROW, NEAR = okr("web", "grow"), okr("web", "near")
CASES: dict[str, tuple[Files, Files]] = {
    "a broken file hides another word": ({"okrs/a.yaml": LOST, "okrs/b.yaml": "x: [ lost"}, {"okrs/b.yaml": "x: [ l"}),
    "a broken file hides a word": ({"okrs/a.yaml": LOST, "okrs/b.yaml": "x: [ l"}, {"okrs/b.yaml": "x: [ lost"}),
    "a broken file goes": ({"okrs/a.yaml": LOST, "okrs/b.yaml": "x: [ lost"}, {"okrs/b.yaml": None}),
    "a broken file is mended": ({"okrs/a.yaml": LOST, "okrs/b.yaml": "x: [ lost"}, {"okrs/b.yaml": GROW}),
    "a broken file hid a key result": (
        {"okrs/a.yaml": okr("ops", "far", parent="web/grow.lost"), "okrs/b.yaml": "x: [ lost", "okrs/c.yaml": GROW},
        {"okrs/b.yaml": okr("tax", "calm")},
    ),
    "a broken file hid what a comment suppresses": (
        {"okrs/a.yaml": SUPPRESSED, "okrs/b.yaml": "x: [ lost"},
        {"okrs/a.yaml": SUPPRESSED.replace("About", "On")},
    ),
    "what is meant loses a key result": (
        {"okrs/a.yaml": SLIP, "okrs/b.yaml": GROW},
        {"okrs/b.yaml": GROW.replace("id: one", "id: two")},
    ),
    "what is meant moves behind another": (
        {"okrs/a.yaml": okr("ops", "far", parent="near"), "okrs/b.yaml": NEAR, "okrs/c.yaml": okr("tax", "near")},
        {"okrs/d.yaml": NEAR, "okrs/b.yaml": None},
    ),
    "a period of other days in two files": (
        {"okrs/a.yaml": spring(20, "ops"), "okrs/b.yaml": spring(21, "web")},
        {"okrs/c.yaml": GROW},
    ),
    "a team that is elsewhere gets goals here": (
        {"okrctl.yaml": ELSEWHERE, "okrs/a.yaml": LOST},
        {"okrs/b.yaml": GROW},
    ),
    "the goals of a team that is elsewhere go": (
        {"okrctl.yaml": ELSEWHERE, "okrs/a.yaml": LOST, "okrs/b.yaml": GROW},
        {"okrs/b.yaml": None},
    ),
    "the last reference to a team elsewhere goes": (
        {"okrctl.yaml": ELSEWHERE, "okrs/a.yaml": LOST, "okrs/b.yaml": okr("tax", "calm")},
        {"okrs/a.yaml": okr("ops", "far")},
    ),
    "the first reference to a KPI elsewhere comes": (
        {"okrctl.yaml": ELSEWHERE, "okrs/a.yaml": okr("ops", "far"), "okrs/b.yaml": okr("tax", "calm")},
        {"okrs/a.yaml": okr("ops", "far", key_result="{id: one, title: Much of it, kpi: mrr, to: 3}")},
    ),
    "a broken file may refer to a team elsewhere": (
        {"okrctl.yaml": ELSEWHERE, "okrs/a.yaml": okr("ops", "far"), "okrs/b.yaml": okr("tax", "calm")},
        {"okrs/b.yaml": "x: [ lost"},
    ),
    "a KPI has no id": (
        {"kpis/a.yaml": "kpis: [{title: V, owner: ada, better: higher, unit: EUR}]\n"},
        {"okrs/c.yaml": GROW},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_far_away(tmp_path: Path, case: str) -> None:
    files, edits = CASES[case]
    write(tmp_path, {"okrctl.yaml": QUIET, **ROOTS, **{path: text or "" for path, text in files.items()}})
    with large([]):
        first = findings(tmp_path)
    assert first == findings(tmp_path, "--no-cache")
    for path, text in edits.items():
        change(tmp_path, path, text)
    with large([]):
        mended = findings(tmp_path)
    assert mended == findings(tmp_path, "--no-cache")


def test_a_kpi_without_an_id_is_nobodys(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": QUIET, "okrs/a.yaml": GROW, "kpis/a.yaml": "kpis: [{title: V, unit: EUR}]\n"})
    assert "monetary-key-result" not in findings(tmp_path)


@pytest.mark.parametrize("lines", (1, 700))
def test_files_of_several_batches_share_a_csv_file(tmp_path: Path, lines: int) -> None:
    csv = "date,value\n" + "2026-10-04,x\n" * lines
    told = {
        f"okrs/{name}.yaml": okr(
            f"t{team}", f"of-{name}", key_result=f"{{id: one, title: Ways{name}, to: 3, readings: ../kpis/a.csv}}"
        )
        for name, team in zip("abcdef", "102032", strict=True)
    }
    write(tmp_path, {"okrctl.yaml": QUIET, "kpis/a.csv": csv, **told})
    with large([]):
        found = findings(tmp_path)
    assert found == findings(tmp_path, "--no-cache")


def test_a_file_that_changes_between_two_looks_at_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding from the second reading is not cached with what is known from the first."""
    text = GROW + "    lines: 3\n"
    near = {"okrs/0.yaml": okr("tax", "open"), "okrs/a.yaml": text, "okrs/c.yaml": okr("ops", "calm")}
    write(tmp_path, {"okrctl.yaml": QUIET, **ROOTS, **near})
    judged, twin = workers.check_batch, text.replace("team: web", "team: ops").replace("id: grow", "id: calm")

    def meanwhile(batch: Batch) -> list[Diagnostic] | None:
        write(tmp_path, {"okrs/a.yaml": twin})
        return judged(batch)

    with large([]):
        with monkeypatch.context() as patched:
            patched.setattr(workers, "check_batch", meanwhile)
            assert "duplicate-id" in findings(tmp_path)
        write(tmp_path, {"okrs/a.yaml": text})
        assert findings(tmp_path) == findings(tmp_path, "--no-cache")
