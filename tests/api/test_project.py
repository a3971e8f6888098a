"""The public Python API: what it gives, what it writes, and that it says the same as the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import okrctl
from okrctl import api
from tests.repositories import Repo
from tests.running import run, write

TODAY = date(2026, 5, 31)
GOALS = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: New customers find their way alone
    owner: lea
    key_results:
      - id: signups
        title: Signups in a month
        from: 100
        to: 400
        readings: {2026-05-01: 150, 2026-05-30: 200}
      - id: calls
        title: Calls for help in a week
        from: 90
        to: 30
        readings: {2026-05-30: 70}
"""
KPIS = """\
kpis:
  - {id: margin, title: Margin, unit: EUR, better: higher, formula: sales - costs}
  - {id: sales, title: Sales, unit: EUR, better: higher, readings: {2026-04-01: 200, 2026-05-30: 260}}
  - {id: costs, title: Costs, unit: EUR, better: lower, readings: {2026-04-01: 100, 2026-05-30: 120}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repo = Repo(tmp_path / "goals")
    repo.commit(files={"okrs/2026-Q2/growth.yaml": GOALS, "kpis/kpis.yaml": KPIS}, day="2026-04-02")
    return repo.path


@pytest.fixture
def project(root: Path) -> okrctl.Project:
    return okrctl.open(root, environment={"OKRCTL_TODAY": str(TODAY)})


def test_importing_okrctl_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import okrctl; print(*set(sys.modules) - before)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split() == ["okrctl"]


def test_every_exported_name_is_there_and_no_other() -> None:
    assert all(getattr(okrctl, name) is getattr(api, name) for name in api.__all__)
    assert {*api.__all__} <= {*dir(okrctl)}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        okrctl.nothing  # noqa: B018


def test_scores_are_exact(project: okrctl.Project) -> None:
    card = project.score("2026-Q2")
    [objective] = card["growth"].objectives
    signups, calls = objective.key_results
    # (200 - 100) / (400 - 100) and (90 - 70) / (90 - 30), equally weighted
    assert (signups.progress, calls.progress, objective.score) == (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    assert (signups.start, signups.target, signups.value, signups.value_date) == (100, 400, 200, date(2026, 5, 30))
    # 60 of the 90 days from the first to the last: two thirds are expected, which is 33 points more.
    assert signups.status is okrctl.Status.AT_RISK
    assert card.period == okrctl.Period("2026-Q2", date(2026, 4, 1), date(2026, 6, 30), "running")
    earlier = project.score("2026-Q2", as_of=date(2026, 5, 1))
    assert earlier["growth"].objectives[0].key_results[0].progress == Fraction(50, 300)
    with pytest.raises(okrctl.NotFoundError, match="2026-Q2 has no team 'sales'") as caught:
        card["sales"]
    assert caught.value.hint == "its teams are growth"


def test_the_attribution_of_a_kpi_adds_up(project: okrctl.Project) -> None:
    kpi = project.kpi("margin")
    assert [(each.date, each.value) for each in kpi.readings] == [(date(2026, 4, 1), 100), (date(2026, 5, 30), 140)]
    why = kpi.attribution(since=date(2026, 4, 1), until=date(2026, 5, 30))
    assert (why.old, why.new, why.change) == (100, 140, 40)
    assert {part.id: part.amount for part in why.parts} == {"sales": 60, "costs": -20}


SAME: list[tuple[Callable[[okrctl.Project], dict[str, okrctl.Json]], list[str]]] = [
    (lambda project: project.check().to_dict(), ["check"]),
    (lambda project: project.score("2026-Q2").to_dict(), ["score", "2026-Q2"]),
    (lambda project: project.status().to_dict(), ["status"]),
    (lambda project: project.kpi("margin").to_dict(), ["show", "margin"]),
    (lambda project: project.kpis().to_dict(), ["kpi"]),
    (lambda project: project.kpi("margin").attribution().to_dict(), ["explain", "margin"]),
    (lambda project: project.explain("signups").to_dict(), ["explain", "signups"]),
    (lambda project: project.impact("2026-Q2").to_dict(), ["impact", "2026-Q2"]),
    (lambda project: project.diff().to_dict(), ["diff"]),
    (lambda project: project.log("signups").to_dict(), ["log", "signups"]),
    (
        lambda project: project.checkin({"signups": 250}, confidence=6).to_dict(),
        ["checkin", "signups=250", "--confidence", "6", "--dry-run"],
    ),
    (
        lambda project: project.amend("signups", {"to": 300}, reason="A smaller market").to_dict(),
        ["amend", "signups", "--to", "300", "--reason", "A smaller market", "--dry-run"],
    ),
    (
        lambda project: project.new("2026-Q3", carry_over="2026-Q2").to_dict(),
        ["new", "2026-Q3", "--carry-over", "2026-Q2", "--all", "--dry-run"],
    ),
]


@pytest.mark.parametrize(("call", "words"), SAME, ids=lambda value: "-".join(value) if isinstance(value, list) else "")
def test_the_api_gives_what_the_command_line_prints(
    call: Callable[[okrctl.Project], dict[str, okrctl.Json]], words: list[str], project: okrctl.Project, root: Path
) -> None:
    printed = run(*words, "--format", "json", cwd=root, today=TODAY)
    assert json.loads(json.dumps(call(project))) == json.loads(printed.out)


def test_a_plan_writes_nothing_before_it_is_applied(project: okrctl.Project, root: Path) -> None:
    path = root / "okrs/2026-Q2/growth.yaml"
    before = path.read_text()
    plan = project.checkin({"signups": "250", "calls": Decimal(60)}, note="After the fair")
    assert path.read_text() == before
    assert [(each.ref, each.field, each.old, each.new) for each in plan.changes] == [
        ("2026-Q2/growth/onboarding.signups", "readings.2026-05-31.value", None, 250),
        ("2026-Q2/growth/onboarding.signups", "readings.2026-05-31.note", None, "After the fair"),
        ("2026-Q2/growth/onboarding.calls", "readings.2026-05-31.value", None, 60),
        ("2026-Q2/growth/onboarding.calls", "readings.2026-05-31.note", None, "After the fair"),
    ]
    # 150 / 300 and 30 / 60
    assert (plan.effects[-1].old, plan.effects[-1].new) == (Fraction(1, 3), Fraction(1, 2))
    assert plan.apply() is None
    assert "2026-05-31: {value: 250, note: After the fair}" in path.read_text()
    with pytest.raises(okrctl.ConflictError, match="changed in the meantime"):
        plan.apply()


def test_a_plan_commits_exactly_its_files(project: okrctl.Project, root: Path) -> None:
    (root / "other.txt").write_text("not mine")
    commit = project.checkin({"signups": 250}).apply(commit=True)
    assert commit is not None
    assert commit.subject == "checkin 2026-Q2/growth/onboarding.signups: 200 -> 250 (50 %)"
    shown = subprocess.run(
        ["git", "show", "--format=", "--name-only", commit.id], cwd=root, capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ["okrs/2026-Q2/growth.yaml"]


FAILURES: list[tuple[Callable[[okrctl.Project], Any], type[okrctl.Error], str]] = [
    (lambda project: project.checkin({}), okrctl.UsageError, "usage"),
    (lambda project: project.checkin({"signups": "up"}), okrctl.Error, "usage"),
    (lambda project: project.checkin({"nothing": 1}), okrctl.NotFoundError, "not-found"),
    (lambda project: project.checkin({"signups": 90_000}), okrctl.ConfirmError, "confirm"),
    (lambda project: project.amend("signups", {"to": 300}, reason=""), okrctl.ConfirmError, "confirm"),
    (lambda project: project.amend("signups", {"to": 100}, reason="so"), okrctl.RefusedError, "refused"),
    (lambda project: project.kpi("signups"), okrctl.NotFoundError, "not-found"),
    (lambda project: project.explain("margin"), okrctl.NotFoundError, "not-found"),
    (lambda project: project.score("2026-Q2", known_at="nothing"), okrctl.NotFoundError, "not-found"),
    (lambda project: project.verify(), okrctl.NotFoundError, "not-found"),
    (lambda project: project.refresh(), okrctl.NotFoundError, "not-found"),
]


@pytest.mark.parametrize(("call", "kind", "code"), FAILURES)
def test_errors_have_a_class_and_a_code(
    call: Callable[[okrctl.Project], Any], kind: type[okrctl.Error], code: str, project: okrctl.Project
) -> None:
    with pytest.raises(kind) as caught:
        call(project)
    assert (caught.value.code, bool(caught.value.message), bool(caught.value.hint)) == (code, True, True)


def test_a_broken_file_is_an_error_with_its_findings(project: okrctl.Project, root: Path) -> None:
    write(root, {"okrs/2026-Q2/growth.yaml": GOALS.replace("from: 100", "from: many")})
    assert not project.check().ok
    with pytest.raises(okrctl.FilesError) as caught:
        project.score("2026-Q2")
    error = caught.value
    assert (error.path, error.line) == ("okrs/2026-Q2/growth.yaml", 10)
    assert [(each.span.line, each.severity) for each in error.diagnostics] == [(10, "error")]


def test_a_folder_without_a_workspace_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(okrctl.NotFoundError, match="no workspace at or above"):
        okrctl.open(tmp_path)
    with pytest.raises(okrctl.NotFoundError, match="no such folder"):
        okrctl.open(tmp_path / "gone")


def test_a_node_in_full(project: okrctl.Project, root: Path) -> None:
    found = project.show("signups")
    assert found.ref == "2026-Q2/growth/onboarding.signups" and found.key_result is not None
    assert (found.key_result.progress, found.objective.id, found.supporters) == (Fraction(1, 3), "onboarding", ())
    assert (found.path, found.line) == ("okrs/2026-Q2/growth.yaml", 8)
    assert project.show("onboarding").key_result is None
    with pytest.raises(okrctl.NotFoundError, match="'margin' is a KPI"):
        project.show("margin")


def test_trees(project: okrctl.Project) -> None:
    [objective] = project.tree("2026-Q2").roots
    assert (objective.ref, objective.value, objective.children) == ("2026-Q2/growth/onboarding", Fraction(1, 3), ())
    [margin] = project.tree("margin").roots
    assert (margin.value, [part.ref for part in margin.children]) == (140, ["sales", "costs"])


def test_a_report_is_a_page(project: okrctl.Project) -> None:
    report = project.report("2026-Q2", full=True)
    assert report.scorecard.score == Fraction(1, 3)
    assert report.to_markdown().startswith("# ") and report.to_html().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda project: project.show("onboarding"), "show onboarding"),
        (lambda project: project.tree(), "tree"),
        (lambda project: project.tree("margin"), "tree margin"),
        (lambda project: project.report(), "report"),
    ],
)
def test_looking_in_full_says_what_the_command_prints(
    project: okrctl.Project, root: Path, build: Callable[[okrctl.Project], Any], words: str
) -> None:
    printed = run(*words.split(), "--format", "json", cwd=root, today=TODAY).out
    assert build(project).to_dict() == json.loads(printed)


def test_a_period_is_closed_by_a_plan(root: Path) -> None:
    project = okrctl.open(root, environment={"OKRCTL_TODAY": "2026-07-20"})
    with pytest.raises(okrctl.ConfirmError, match="give an outcome for 2026-Q2/growth/onboarding"):
        project.close("2026-Q2")
    with pytest.raises(okrctl.Error, match="'great' is not a valid outcome"):
        project.close("2026-Q2", outcomes={"onboarding": "great"})
    plan = project.close("2026-Q2", outcomes={"onboarding": "missed"}, retrospectives={"onboarding": "Too late"})
    assert {change.path for change in plan.changes} == {"okrs/2026-Q2/growth.yaml", "scorecards/2026-Q2.json"}
    assert not (root / "scorecards").exists() and "outcome: missed" in plan.diff
    commit = plan.apply(commit=True)
    assert commit is not None and commit.subject.startswith("close 2026-Q2")
    assert project.verify("2026-Q2").ok and project.verify("2026-Q2").seals[0].commit is not None
    with pytest.raises(okrctl.RefusedError, match="already closed"):
        project.close("2026-Q2")
    with pytest.raises(okrctl.ConflictError):
        plan.apply()
