"""What differs from a seal is told by its cause, and each difference belongs to one cause or follows from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import run, write

TODAY = "2026-07-20"
TEAM = """\
period: 2026-Q2
team: TEAM
objectives:
  - id: calm
    title: Everybody in TEAM sleeps well
    owner: kim
    outcome: reached
    key_results:
      - {id: nights, title: Nights without a call in TEAM, to: 10, readings: {2026-06-29: 9}}
      - {id: drills, title: Drills passed by TEAM, to: 10, readings: {2026-06-29: 8}}
  - id: fast
    title: TEAM answers within the hour
    owner: kim
    outcome: reached
    key_results:
      - {id: hours, title: Hours until TEAM answers, from: 30, to: 10, readings: {2026-06-29: 10}}
      - {id: calls, title: Calls about TEAM, from: 40, to: 20, readings: {2026-06-22: 20}}
"""
OPS, HELP = TEAM.replace("TEAM", "ops"), TEAM.replace("TEAM", "help")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace without git whose two teams are sealed; 0.925 each: (0.85 + 1) / 2."""
    write(tmp_path, {"okrctl.yaml": "organisation: Acme\n", "okrs/ops.yaml": OPS, "okrs/help.yaml": HELP})
    assert run("close", "2026-Q2", cwd=tmp_path, today=TODAY).status == 0
    return tmp_path


def verified(root: Path, files: dict[str, str]) -> list[str]:
    """The causes that are named after an edit."""
    write(root, files)
    result = run("verify", cwd=root, today=TODAY)
    assert result.status == 1
    head, *lines = result.out.splitlines()
    assert head.startswith("2026-Q2 seal not valid")
    assert all(line.endswith("  (in today's files)") or " was " in line for line in lines)
    return [line.removesuffix("  (in today's files)").strip() for line in lines]


def test_a_team_with_another_name_is_no_difference(root: Path) -> None:
    write(root, {"okrs/help.yaml": HELP.replace("team: help", "team: service")})
    result = run("verify", "2026-Q2", cwd=root, today=TODAY)
    assert (result.status, result.out.splitlines()[1:]) == (0, ["  the team 'service' was 'help'"])
    found = run("verify", "2026-Q2", "--format", "json", cwd=root, today=TODAY).json
    assert (found["holds"], found["differences"]) == (True, [])
    assert found["renamed"] == [{"ref": "service", "was": "help"}]


def test_an_edit_of_a_goal_that_moved_is_told_beside_the_move(root: Path) -> None:
    moved = HELP.replace("team: help", "team: service").replace("2026-06-29: 9}", "2026-06-29: 7}")
    assert verified(root, {"okrs/help.yaml": moved}) == [
        "2026-Q2/help/calm.nights: readings.2026-06-29.value 9 → 7",
        "differing with that: 2026-Q2 0.925 → 0.9, help 0.925 → 0.875, 2026-Q2/help/calm 0.85 → 0.75, "
        "2026-Q2/help/calm.nights 0.9 → 0.7, 4 figures that follow",
        "the team 'service' was 'help'",
    ]


def test_an_objective_that_joined_another_team_changes_the_teams_alone(root: Path) -> None:
    start = HELP.index("  - id: fast")
    lines = verified(root, {
        "okrs/help.yaml": HELP[:start], "okrs/ops.yaml": OPS.replace("id: fast", "id: quick"),
        "okrs/new.yaml": "period: 2026-Q2\nteam: new\nobjectives:\n" + HELP[start:],
    })  # fmt: skip
    assert lines == [
        "the team 'new' is new",
        "differing with that: help 0.925 → 0.85, 2 figures that follow",  # the mean is as it was
        "2026-Q2/new/fast was 2026-Q2/help/fast",
        "2026-Q2/ops/quick: id was fast",
    ]


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda text: text[: text.index("  - id: fast")], "2026-Q2/help/fast is gone, with 2 key results"),
        (lambda text: text[: text.index("      - {id: calls")], "2026-Q2/help/fast.calls is gone"),
        (lambda text: text + "      - {id: more, title: More, to: 5}\n", "2026-Q2/help/fast.more is new"),
        (lambda text: text.replace("team: help", "team: ops").replace("id: ", "id: x-").replace("hel", "Q"),
         "the team 'help' is gone, with 2 objectives and 4 key results"),
    ],
)  # fmt: skip
def test_what_is_gone_or_new_is_counted_and_not_listed(root: Path, edit: Callable[[str], str], line: str) -> None:
    lines = verified(root, {"okrs/help.yaml": edit(HELP)})
    assert lines[0] == line
    assert lines[-1].startswith("differing with that: ") and len(lines) <= 4


def test_figures_of_one_goal_share_a_line(root: Path) -> None:
    assert verified(root, {"okrs/ops.yaml": OPS.replace("owner: kim", "owner: lee, who is new", 1)}) == [
        "2026-Q2/ops/calm: owner kim → lee, who is new",
        "2026-Q2/ops/calm.nights: owner kim → lee, who is new",
        "2026-Q2/ops/calm.drills: owner kim → lee, who is new",
    ]


def test_figures_without_a_cause_are_listed(root: Path) -> None:
    """A seal of which only a score was changed: there is nothing that explains it."""
    path = root / "scorecards/2026-Q2.json"
    path.write_text(path.read_text().replace('"score": 0.85,', '"score": 0.95,', 1))
    result = run("verify", cwd=root, today=TODAY)
    assert result.status == 1
    lines = result.out.splitlines()[1:]
    assert [line.split(": ")[0].strip() for line in lines] == ["2026-Q2", "2026-Q2/help/calm"]
    assert "digest" in lines[0] and "in the seal itself" in lines[0]
    assert lines[1].endswith("score 0.95 → 0.85  (in today's files)")
