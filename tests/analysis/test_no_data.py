"""Each cause of `no data` has its own words, and every command says these and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo
from tests.running import run, write

KPIS = """\
kpis:
  - {id: nps, title: Recommendation, owner: kim, better: higher, cadence: weekly,
     readings: {2026-04-06: 40, 2026-04-13: 60, 2026-05-25: 20}}
  - {id: old, title: Old figure, owner: kim, better: higher, cadence: weekly, readings: {2026-03-25: 40}}
  - {id: silent, title: Silent figure, owner: kim, better: higher, cadence: weekly}
  - {id: visits, title: Visits, owner: kim, better: higher, cadence: weekly, aggregate: sum,
     readings: {2026-04-06: 0}}
  - {id: ratio, title: Ratio, owner: kim, better: higher, formula: nps / silent}
  - {id: share, title: Share, owner: kim, better: higher, formula: nps / visits}
"""
WORDS = {
    "no reading since 2026-04-01",
    "no reading with a value since 2026-04-01",
    "no reading from 2026-04-01 to 2026-07-14",
    "no reading from 2026-04-01 to 2026-06-30",
    "no reading of old since 2026-04-01",
    "its target is still TBD",
    "its start is still TBD",
    "no start: nps has no value on or before 2026-04-01; write `from:`",
    "no start: silent has no value on or before 2026-04-01; write `from:`",
}
CAUSES = [
    ("to: 10", "no reading since 2026-04-01"),
    ("graded: true", "no reading since 2026-04-01"),
    ("at_most: 5", "no reading since 2026-04-01"),
    ("at_most: 5, judge: held", "no reading since 2026-04-01"),
    ("to: 10, readings: {2026-03-20: 5}", "no reading since 2026-04-01"),
    ("to: 10, readings: {2026-05-04: {note: On holiday}}", "no reading with a value since 2026-04-01"),
    ("to: TBD, readings: {2026-05-04: 5}", "its target is still TBD"),
    ("from: TBD, to: 10, readings: {2026-05-04: 5}", "its start is still TBD"),
    ("kpi: nps, to: 50", "no start: nps has no value on or before 2026-04-01; write `from:`"),
    ("kpi: nps, change: +10", "no start: nps has no value on or before 2026-04-01; write `from:`"),
    ("kpi: nps, to: TBD", "its target is still TBD"),
    ("kpi: old, to: 50", "no reading of old since 2026-04-01"),
    ("kpi: old, from: 1, to: 50", "no reading of old since 2026-04-01"),
    ("kpi: old, at_most: 5", "no reading of old since 2026-04-01"),
    (
        "kpi: silent, to: 50",
        "no reading of silent since 2026-04-01; no start: silent has no value on or before 2026-04-01; write `from:`",
    ),
    ("kpi: ratio, from: 1, to: 50", "'ratio' has no value: no value of silent on 2026-06-01"),
    ("kpi: share, from: 1, to: 50", "'share' has no value: division by zero: visits is 0 in week 15 of 2026"),
    ("rollup: {sum: [b]}, to: 50", "'b' has no value: no reading since 2026-04-01"),
    ("rollup: {mean: [c]}, at_most: 50", "'c' has no value: 'b' has no value: no reading since 2026-04-01"),
    ("rollup: {sum: [d]}, to: 50", "'d' has no value: it begins on 2026-06-10"),
    ("rollup: {mean: [2026-Q3/ops/n.next]}, to: 50", "'2026-Q3/ops/n.next' has no value: it begins on 2026-07-01"),
]
OTHERS = """\
      - {id: b, title: Benches, to: 10}
      - {id: c, title: Chairs, to: 10, rollup: {sum: [b]}}
      - {id: d, title: Doors, to: 10, added: 2026-06-10, readings: {2026-06-12: 1}}
"""
NEXT = """\
period: 2026-Q3
team: ops
objectives:
  - id: n
    title: Streets
    owner: kim
    key_results: [{id: next, title: Lamps, to: 10}]
"""


def workspace(root: Path, measure: str) -> Path:
    head = "period: 2026-Q2\nteam: ops\nobjectives:\n  - id: o\n    title: Parcels\n    owner: kim\n    key_results:\n"
    line = f"      - {{id: k, title: Streets, {measure}}}\n"
    okrs = {"okrs/a.yaml": head + line + OTHERS, "okrs/b.yaml": NEXT}
    write(root, {"okrctl.yaml": "organisation: Kontor\n", "kpis/a.yaml": KPIS} | okrs)
    return root


def texts(root: Path, day: str = "2026-06-01") -> dict[str, str]:
    """What each command says of the key result `k`."""
    found = {}
    for words in (
        ("status",),
        ("explain", "ops/o.k"),
        ("show", "ops/o.k"),
        ("score", "2026-Q2", "--format", "markdown"),
    ):
        result = run(*words, "--as-of", day, cwd=root)
        assert result.status == 0, result.err
        lines = [line for line in result.out.splitlines() if words[0] not in ("status", "score") or mentions(line)]
        found[words[0]] = "\n".join(lines).replace("\\`", "`").replace("\\_", "_")
    return found


def mentions(line: str) -> bool:
    return "ops/o.k " in line or "`k`" in line


@pytest.mark.parametrize(("measure", "words"), CAUSES)
def test_every_command_names_the_cause(tmp_path: Path, measure: str, words: str) -> None:
    for command, text in texts(workspace(tmp_path, measure)).items():
        assert words in text, command
        others = [other for other in WORDS if other in text and other not in words]
        assert not others, command
    score = run("score", "2026-Q2", "--as-of", "2026-06-01", "--format", "json", cwd=tmp_path).json
    (result,) = (found for found in score["teams"][0]["objectives"][0]["key_results"] if found["id"] == "k")
    assert (result["status"], result["progress"], result["measured"]) == ("no data", None, False)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("to: 10, readings: {2026-07-20: 5}", "no reading from 2026-04-01 to 2026-07-14"),
        ("to: 10, aggregate: sum, readings: {2026-07-10: 5}", "no reading from 2026-04-01 to 2026-06-30"),
        ("to: TBD, readings: {2026-05-04: 5}", "its target is still TBD"),
    ],
)
def test_a_reading_that_came_too_late_is_not_denied(tmp_path: Path, measure: str, words: str) -> None:
    root = workspace(tmp_path, measure)
    for command in (("explain", "2026-Q2/ops/o.k"), ("show", "2026-Q2/ops/o.k")):
        assert words in run(*command, "--as-of", "2026-07-25", cwd=root).out


@pytest.mark.parametrize(
    ("measure", "command"),
    [
        ("to: 10", "okrctl checkin k VALUE"),
        ("to: TBD", "okrctl amend k --to N --reason TEXT"),
        ("from: TBD, to: 10", "okrctl amend k --from N --reason TEXT"),
        ("kpi: nps, to: 50", "okrctl amend k --from N --reason TEXT"),
        ("kpi: old, to: 50", "okrctl show old"),
        ("rollup: {sum: [b]}, to: 50", "okrctl explain k"),
    ],
)
def test_status_says_what_would_help(tmp_path: Path, measure: str, command: str) -> None:
    answer = run("status", "--as-of", "2026-06-01", "--format", "json", cwd=workspace(tmp_path, measure)).json
    (item,) = (found for found in answer["attention"] if found["ref"] == "2026-Q2/ops/o.k")
    assert item["next"] == command


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("kpi: gone, to: 50", "there is no KPI 'gone'"),
        ("from: 5, to: 5", "start and target are equal"),
        ("title_of: 5", ""),
    ],
)
def test_an_error_is_not_called_no_data(tmp_path: Path, measure: str, words: str) -> None:
    root = workspace(tmp_path, measure)
    result = run("status", "--as-of", "2026-06-01", cwd=root)
    if not words:
        assert result.status == 2  # a broken schema has no scores at all
        return
    assert words in result.out
    explained = run("explain", "ops/o.k", "--as-of", "2026-06-01", cwd=root).out
    assert f"error: {words}" in explained and "no data:" not in explained


def test_a_start_can_be_written_by_the_command_that_status_names(tmp_path: Path) -> None:
    root = workspace(tmp_path, "kpi: nps, to: 50")
    Repo(root).git("config", "user.name", "Kim")
    result = run("amend", "2026-Q2/ops/o.k", "--from", "40", "--reason", "The value of the first week", cwd=root)
    assert result.status == 0, result.err
    text = (root / "okrs/a.yaml").read_text()
    assert "from: 40" in text and "amended" not in text  # nothing was agreed before
    assert "no start" not in run("status", "--as-of", "2026-06-01", cwd=root).out
