"""Amending writes the new value, and the record of what was agreed before, by whom and why."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.cli.commands.trust import KPIS, SETTINGS, TODAY, TRUST, repository
from tests.repositories import Repo, isolate
from tests.running import Result, run, write


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    return repository(tmp_path)


def amend(repo: Repo, *words: str) -> Result:
    return run("amend", *words, cwd=repo.path, today=TODAY)


def changed(repo: Repo, before: str = TRUST) -> list[str]:
    after = (repo.path / "okrs/trust.yaml").read_text()
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line.rstrip() for line in found if line[0] in "+-"]


RECORD = [
    "+         amended:",
    "+           - date: 2026-05-04",
    "+             by: lea",
]


def test_a_goal_is_changed_and_recorded(repo: Repo) -> None:
    result = amend(repo, "tracking-codes", "--to", "20k users", "--reason", "Budget: cut")
    assert result.status == 0, result.err
    assert changed(repo) == [
        "-         to: 25000",
        "+         to: 20k",
        *RECORD,
        '+             reason: "Budget: cut"',
        "+             was: {to: 25000}",
    ]
    assert result.out.startswith("2026-Q2/trust/supply-chain.tracking-codes: to 25000 -> 20k\n")
    assert "  Users trace their products: 0." in result.out


@pytest.mark.parametrize(
    ("words", "lines", "was"),
    [
        (("--from", "70"), ["-         from: 72%", "+         from: 70%"], "{from: 72%}"),
        (("--weight", "2"), ["+         weight: 2"], "{weight: 1}"),
        (("--due", "2026-06-01"), ["+         due: 2026-06-01"], "{due: 2026-06-30}"),
        (("--state", "draft"), ["+         state: draft"], "{state: active}"),
    ],
)
def test_each_agreed_value_has_its_option(repo: Repo, words: tuple[str, ...], lines: list[str], was: str) -> None:
    assert amend(repo, "profiles", *words, "--reason", "Why not").status == 0
    assert changed(repo) == [*lines, *RECORD, "+             reason: Why not", f"+             was: {was}"]


def test_several_at_once_make_one_record(repo: Repo) -> None:
    assert amend(repo, "profiles", "--to", "90", "--weight", "0.5", "--reason", "x").status == 0
    assert changed(repo)[-1] == "+             was: {to: 95%, weight: 1}"


def test_a_second_record_joins_the_first(repo: Repo) -> None:
    amend(repo, "profiles", "--to", "90", "--reason", "x")
    before = (repo.path / "okrs/trust.yaml").read_text()
    amend(repo, "profiles", "--to", "85", "--reason", "z")
    assert changed(repo, before) == [
        "-         to: 90%",
        "+         to: 85%",
        *RECORD[1:],
        "+             reason: z",
        "+             was: {to: 90%}",
    ]


def test_what_is_put_off_has_its_reason_and_day_until_it_is_back(repo: Repo) -> None:
    amend(repo, "profiles", "--state", "postponed", "--reason", "No hands")
    assert changed(repo)[:3] == [
        "+         state: postponed",
        "+         reason: No hands",
        "+         since: 2026-05-04",
    ]
    amend(repo, "profiles", "--state", "active", "--reason", "Hands")
    text = "\n".join(changed(repo))
    assert "since:" not in text and "+         state: active" in text and "was: {state: postponed}" in text


def test_the_reason_of_another_weight_of_an_objective_is_in_a_commit_alone(repo: Repo) -> None:
    result = amend(repo, "trust/supply-chain", "--weight", "2", "--reason", "It matters more", "--commit")
    assert result.status == 0 and "the reason is only in the message of a commit" in result.err
    assert changed(repo) == ["+     weight: 2"] and "It matters more" in repo.git("log", "-1", "--format=%b")


def test_an_objective_has_a_state_but_no_record(repo: Repo) -> None:
    assert amend(repo, "trust/supply-chain", "--state", "deprioritized", "--reason", "x").status == 0
    assert changed(repo) == ["+     state: deprioritized", "+     reason: x", "+     since: 2026-05-04"]


def test_filling_what_was_to_be_determined_needs_no_reason(repo: Repo) -> None:
    text = TRUST.replace("to: 25000", "to: TBD")
    repo.write("okrs/trust.yaml", text)
    assert amend(repo, "tracking-codes", "--to", "20000").status == 0
    assert changed(repo, text) == ["-         to: TBD", "+         to: 20000"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tracking-codes", "--to", "20000"), "needs a reason"),
        (("tracking-codes", "--reason", "x"), "nothing to change"),
        (("tracking-codes", "--to", "5 EUR", "--reason", "x"), "has the unit users"),
        (("tracking-codes", "--to", "TBD", "--reason", "x"), "cannot become TBD"),
        (("tracking-codes", "--weight", "0", "--reason", "x"), "a number above 0"),
        (("tracking-codes", "--due", "soon", "--reason", "x"), "'soon'"),
        (("tracking-codes", "--state", "gone", "--reason", "x"), "is not a valid state"),
        (("complaints", "--to", "5", "--reason", "x"), "it is measured by `at_most`"),
        (("docs", "--from", "5", "--reason", "x"), "it is measured by `done`"),
        (("trust/supply-chain", "--to", "5", "--reason", "x"), "an objective has no `to`"),
        (
            ("signups", "--to", "5", "--reason", "x"),
            "'signups' is a KPI; only objectives and key results can be amended",
        ),
    ],
)
def test_invalid_arguments_are_refused(repo: Repo, words: tuple[str, ...], message: str) -> None:
    result = amend(repo, *words)
    assert result.status == 2 and message in result.err and "hint: " in result.err
    assert changed(repo) == []


def test_a_commit_says_what_and_why(repo: Repo) -> None:
    assert amend(repo, "profiles", "--to", "90", "--reason", "Fewer suppliers", "--commit").status == 0
    message = repo.git("log", "-1", "--format=%B").strip()
    assert message == "amend 2026-Q2/trust/supply-chain.profiles: to 95% -> 90%\n\nFewer suppliers"
    assert repo.git("status", "--short") == ""


def test_a_dry_run_writes_nothing(repo: Repo) -> None:
    result = amend(repo, "profiles", "--to", "90", "--reason", "x", "--dry-run")
    assert "+        to: 90%" in result.out and changed(repo) == []


def test_whoever_is_not_listed_signs_with_the_name_that_git_has(repo: Repo) -> None:
    repo.config("user.email", "stranger@acme.example")
    amend(repo, "profiles", "--to", "90", "--reason", "x")
    assert "+             by: Lea L." in changed(repo)


def test_a_sealed_period_needs_force(repo: Repo) -> None:
    write(repo.path, {"scorecards/2026-Q2.json": "{}"})
    words = ("profiles", "--to", "90", "--reason", "x")
    assert "is sealed" in amend(repo, *words).err
    assert amend(repo, *words, "--force").status == 0


def test_what_was_amended_is_checked_clean(repo: Repo) -> None:
    amend(repo, "profiles", "--to", "90", "--weight", "2", "--reason", "x")
    write(repo.path, {"okrctl.yaml": SETTINGS, "kpis/company.yaml": KPIS})
    assert run("score", cwd=repo.path, today=TODAY).status == 0
    result = run("check", "--format", "concise", cwd=repo.path, today=TODAY)
    assert "OKR00" not in result.out
