"""`amend` changes whatever a measure was agreed by, in the style of the file, and records what it was."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from okrctl.measures import MEASURES
from tests.repositories import Repo, isolate
from tests.running import Result, run

TODAY = "2026-05-04"
PATH = "okrs/a.yaml"
FILE = """\
period: 2026-Q2
team: ops
objectives:
  - id: o
    title: Parcels are a habit
    owner: kim
    key_results:
      - id: low
        title: Streets that answer
        at_least: 95%   # agreed with the shops
        readings: {2026-04-20: 96%}
      - id: high
        title: Complaints
        at_most: 4
      - {id: band, title: Temperature, between: [48 h, 52 h], readings: {2026-04-20: 50 h}}
      - id: listed
        title: Humidity
        between:
          - 40
          - 60   # the archive asks for it
      - id: less
        title: Codes assigned wrongly
        from: 4.3%
        change: -7%
      - id: way
        title: Codes requested
        to: 25000
        plan: {2026-05-15: 5000, 2026-06-01: 9000}
      - id: straight
        title: Shops with a shelf
        from: 10
        to: 40
      - {id: steps, title: Shelves, milestones: [{title: Plan, done: false}]}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "repo")
    repo.git("config", "user.name", "Kim")
    repo.commit(day="2026-04-20", files={PATH: FILE, "okrctl.yaml": "organisation: Kontor\n"})
    return repo


def amend(repo: Repo, *words: str) -> Result:
    return run("amend", *words, "--reason", "Budget", cwd=repo.path, today=TODAY)


def changed(repo: Repo) -> list[str]:
    found = difflib.ndiff(FILE.splitlines(), (repo.path / PATH).read_text().splitlines())
    lines = [line.rstrip() for line in found if line[0] in "+-"]
    return [line for line in lines if not any(word in line for word in ("amended:\n", "date: 2026-05-04", "by: Kim"))]


CASES = [
    (
        ("low", "--at-least", "90"),
        ["-         at_least: 95%   # agreed with the shops", "+         at_least: 90%   # agreed with the shops"],
        "was: {at_least: 95%}",
        ("at_least", "relaxed"),
    ),
    (
        ("high", "--at-most", "3"),
        ["-         at_most: 4", "+         at_most: 3"],
        "was: {at_most: 4}",
        ("at_most", "tightened"),
    ),
    (
        ("listed", "--between", "45,60"),
        ["-           - 40", "+           - 45"],
        "was: between: [40, 60]",
        ("at_least", "tightened"),
    ),
    (
        ("listed", "--between", "[40, 65]"),
        ["-           - 60   # the archive asks for it", "+           - 65   # the archive asks for it"],
        "was: between: [40, 60]",
        ("at_most", "relaxed"),
    ),
    (
        ("less", "--change", "-5%"),
        ["-         change: -7%", "+         change: -5%"],
        "was: {change: -7%}",
        ("change", "relaxed"),
    ),
    (
        ("way", "--plan", "2026-05-15=5000,2026-06-10=12000"),
        [
            "-         plan: {2026-05-15: 5000, 2026-06-01: 9000}",
            "+         plan: {2026-05-15: 5000, 2026-06-10: 12000}",
        ],
        "was: plan: 2026-05-15: 5000 2026-06-01: 9000",
        ("plan", "neutral"),
    ),
    (
        ("way", "--plan", "none"),
        ["-         plan: {2026-05-15: 5000, 2026-06-01: 9000}"],
        "was: plan: 2026-05-15: 5000 2026-06-01: 9000",
        ("plan", "neutral"),
    ),
    (
        ("straight", "--plan", "2026-05-15=20"),
        ["+         plan:", "+           2026-05-15: 20"],
        "was: {plan: none}",
        ("plan", "neutral"),
    ),
    (("straight", "--to", "30"), ["-         to: 40", "+         to: 30"], "was: {to: 40}", ("to", "relaxed")),
]


@pytest.mark.parametrize(("words", "lines", "was", "change"), CASES)
def test_a_measure_is_amended_and_recorded(
    repo: Repo, words: tuple[str, ...], lines: list[str], was: str, change: tuple[str, str]
) -> None:
    result = amend(repo, *words)
    assert result.status == 0, result.err
    found = changed(repo)
    assert [line for line in found if not line.startswith("+         amended:")][: len(lines)] == lines
    assert was in " ".join(line.lstrip("+ ") for line in found)
    assert run("check", "--select", "OKR0", cwd=repo.path, today=TODAY).status == 0  # the record is valid
    changes = run("diff", "--format", "json", cwd=repo.path, today=TODAY).json["changes"]
    fields = {(one["field"], one["effect"]): one["amended"] for one in changes if one["field"] != "amended"}
    assert fields == {change: True}
    base = run("check", "--base", "HEAD", "--format", "json", cwd=repo.path, today=TODAY).json
    assert {one["code"] for one in base["diagnostics"]}.isdisjoint({"OKR601", "OKR602"})


def test_a_band_on_one_line_stays_on_it(repo: Repo) -> None:
    assert amend(repo, "band", "--between", "45,52").status == 0
    (line,) = (line for line in (repo.path / PATH).read_text().splitlines() if "id: band" in line)
    assert "between: [45 h, 52 h], " in line and line.endswith("readings: {2026-04-20: 50 h}}")
    assert "amended: [{date: 2026-05-04, by: Kim, reason: Budget, was: {between: [48 h, 52 h]}}]" in line


def test_a_dry_run_writes_nothing(repo: Repo) -> None:
    result = amend(repo, "high", "--at-most", "8", "--dry-run")
    assert "+        at_most: 8" in result.out and "+            was: {at_most: 4}" in result.out
    assert (repo.path / PATH).read_text() == FILE


def test_what_is_the_same_changes_nothing(repo: Repo) -> None:
    for words in (("high", "--at-most", "4"), ("less", "--change", "-7%"), ("straight", "--plan", "none")):
        assert amend(repo, *words).status == 0
    assert amend(repo, "listed", "--between", "40,60").status == 0
    assert (repo.path / PATH).read_text() == FILE


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (
            ("high", "--at-least", "3"),
            "has no `at_least`: it is measured by `at_most`",
            "use --at-most, or edit the file",
        ),
        (("band", "--at-most", "3"), "it is measured by `between`", "use --between"),
        (("low", "--to", "3"), "has no `to`: it is measured by `at_least`", "use --at-least"),
        (("less", "--to", "3"), "has no `to`: it is measured by `change`", "use --change or --from or --plan"),
        (("steps", "--at-most", "3"), "it is measured by `milestones`", "edit the file"),
        (("ops/o", "--at-most", "3"), "an objective has no `at_most`", "use one of its key results"),
        (("band", "--between", "52,48"), "the bounds are reversed: 52 h is above 48 h", "pass the lower one first"),
        (("band", "--between", "52"), "'52' is not a valid value for --between", "48,52"),
        (("band", "--between", "48,52,55"), "is not a valid value for --between", "48,52"),
        (("less", "--change", "7%"), "'7%' has no sign", "write +7% or -7%"),
        (("low", "--at-least", "TBD"), "cannot become TBD", "pass a number"),
        (("low", "--at-least", "90 h"), "unit mismatch", "pass the number alone"),
        (("way", "--plan", "2026-05-15"), "'2026-05-15' is not a valid step of a plan", "2026-05-15=40"),
        (("way", "--plan", "2026-07-15=40"), "2026-07-15 is not in 2026-Q2", "use a day of the period"),
        (("way", "--plan", "2026-05-15=4,2026-05-15=5"), "2026-05-15 is in the plan twice", "pass each day once"),
        (("way", "--due", "2026-07-15"), "2026-07-15 is not in 2026-Q2", "use a day of the period"),
    ],
)
def test_what_cannot_be_amended_names_the_way(repo: Repo, words: tuple[str, ...], error: str, hint: str) -> None:
    result = amend(repo, *words)
    assert result.status == 2
    assert error in result.err and hint in result.err
    assert (repo.path / PATH).read_text() == FILE


def test_every_option_of_a_measure_is_one_of_the_command() -> None:
    help = run("amend", "--help", cwd=Path.cwd()).out
    for measure in MEASURES.values():
        for name, option in measure.amendable.items():
            assert f"--{name} {option.metavar}" in help


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("straight", "--to", "10"), "'to' is 10 and 'from' is 10 too: the range is zero"),
        (("straight", "--from", "40"), "'to' is 40 and 'from' is 40 too: the range is zero"),
        (("straight", "--from", "40", "--to", "40"), "'to' is 40 and 'from' is 40 too: the range is zero"),
        (("less", "--change", "+0"), "'+0' from 4.3% changes nothing"),
        (("far", "--to", "50"), "the stretch '40' "),
        (("summed", "--from", "5"), "the sum of the KPI 'signups' starts at 0, so it cannot have a 'from'"),
    ],
)
def test_what_would_be_an_error_is_not_written(repo: Repo, words: tuple[str, ...], message: str) -> None:
    far = """\
      - {id: far, title: Shops far away, from: 10, to: 30, stretch: 40}
      - {id: summed, title: Sign-ups, to: 30, kpi: signups}
"""
    kpi = "{id: signups, title: Sign-ups, owner: kim, better: higher, aggregate: sum, readings: {2026-04-20: 3}}"
    files = {PATH: FILE + far, "kpis/k.yaml": f"kpis:\n  - {kpi}\n"}
    repo.commit(day="2026-04-21", files=files)
    for more in ([], ["--dry-run"], ["--force", "--confirm-value"]):
        result = amend(repo, *words, *more)
        assert result.status == 2
        assert result.err.startswith(f"error: this would break {PATH}: {message}"), result.err
        assert "hint: nothing was written; " in result.err
    assert (repo.path / PATH).read_text() == FILE + far


def test_an_error_that_was_there_before_is_in_nobodys_way(repo: Repo) -> None:
    flat = "      - {id: flat, title: Shops as before, from: 10, to: 10}\n"
    repo.commit(day="2026-04-21", files={PATH: FILE + flat})
    assert amend(repo, "straight", "--to", "50").status == 0
    assert amend(repo, "flat", "--weight", "2").status == 0
    assert amend(repo, "straight", "--to", "10").status == 2
    assert amend(repo, "flat", "--to", "20").status == 0
