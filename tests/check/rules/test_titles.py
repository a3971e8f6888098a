"""Tests of the rules about wording with labelled titles from real organisations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.rules.pages import check
from tests.running import run, write

WORDING = {"OKR201", "OKR202", "OKR204", "OKR205", "OKR206", "OKR207", "OKR305", "OKR306", "OKR310"}
MEASURES = {"metric": "to: 10", "graded": "graded: true"}
TITLES = [
    line.split(" | ", 2)
    for line in (Path(__file__).parent / "real" / "titles.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
FALSE_FRIENDS = """
Q2 is the calmest quarter yet
Customers still trust us in 2026
B2B customers find us first
Support is there 24/7
We are certified to ISO 27001
Everyone runs v2.0
Python 3.13 runs everywhere
Office 365 is our home
FY26-Q1 starts well
The second half of 2026 is calm
Tier 1 and 2 customers are happy
Windows 11 for everybody
SOC 2 audits are boring
A 5-star service on every route
5G in every tractor
Scope 3 emissions are known
Double down on what works
By 30 June everyone has moved
GDPR Article 13 holds no terror
Users log in with 2FA
HTTP 404 pages are gone
Help desk calls end with a smile
Support tickets are a pleasure to read
Test coverage tells the truth
Release frequency follows the customers
Research and development share one road map
Analysis comes before opinion
Build time no longer breaks the flow
Launch readiness is known a week ahead
Launches are calm
Hiring is fair
Write access is granted within a day
Shipping costs are plain before the order
Builds are green
Keepers of the data are known
Better together
Sustainable packaging everywhere
More than a shop
Quality is everybody's concern
Growth teams know our data
""".strip().splitlines()
COUNTS = """
Help desk calls
Support tickets answered
Test coverage
Release frequency
Build time
Launch readiness
Launches
Research and development share
Analysis requests
Design reviews passed
Support hours for each customer
Run time of the suite
Created accounts
Helpful answers
Consultations booked
Participation in the survey
Review time
Plan changes after the start
""".strip().splitlines()


def found(kind: str, title: str, language: str = "en") -> set[str]:
    """The codes of the wording rules that a title of an objective, or of a key result of this measure, is given."""
    quoted = "'" + title.replace("'", "''") + "'"
    plain = "{id: a, title: Calls at night, from: 12, to: 4}"
    results = plain if kind == "objective" else f"{{id: b, title: {quoted}, {MEASURES[kind]}}}"
    whole = quoted if kind == "objective" else "Nobody is woken at night"
    text = f"period: 2026-Q2\nobjectives:\n  - {{id: o, title: {whole}, owner: lea, key_results: [{results}]}}\n"
    diagnostics = check({"okrs/a.yaml": text}, f"language: {language}\n")
    return {one.code for one in diagnostics} & WORDING


@pytest.mark.parametrize(("kind", "verdict", "title"), TITLES, ids=[title for _, _, title in TITLES])
def test_real_titles_are_judged_like_their_labels(kind: str, verdict: str, title: str) -> None:
    assert found(kind, title) == set(verdict.replace("fine", "").split())


@pytest.mark.parametrize("title", FALSE_FRIENDS)
def test_numbers_in_names_are_not_reported(title: str) -> None:
    assert found("objective", title) == set()


@pytest.mark.parametrize("title", COUNTS)
def test_nouns_that_look_like_verbs_are_not_reported(title: str) -> None:
    assert found("metric", title) == set()


@pytest.mark.parametrize(("kind", "verdict", "title"), [one for one in TITLES if one[1] != "fine"][::7])
def test_other_languages_are_not_checked(kind: str, verdict: str, title: str) -> None:
    assert found(kind, title, "fr") == set()
    assert found(kind, title, "en-GB") == set(verdict.split())


def test_a_file_says_its_language_and_else_the_settings_do() -> None:
    title = "Migrate all teams to Kubernetes"
    assert found("objective", title) == {"OKR204"}
    assert found("objective", "Neue App einführen", "de") == {"OKR204"}
    goal = "objectives: [{id: o, title: Neue App einführen, owner: lea, key_results: [{id: a, title: Anrufe, to: 4}]}]"
    files = {"okrs/a.yaml": f"period: 2026-Q2\nlanguage: de\n{goal}\n"}
    assert "OKR204" in {one.code for one in check(files, "language: en\n")}
    german = files["okrs/a.yaml"].replace("language: de\n", "").replace("Anrufe", "Anrufe in der Nacht bei uns")
    assert "OKR204" in {one.code for one in check({"okrs/a.yaml": german}, "")}


def test_statistics_name_a_language_without_rules(tmp_path: Path) -> None:
    goal = "objectives: [{id: o, title: La vie de la ville et des gens, owner: lea}]"
    write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\n{goal}\n", "okrs/b.yaml": f"period: 2026-Q3\n{goal}\n"})
    shown = run("check", "--statistics", cwd=tmp_path).err
    assert shown.count("the titles of 2 files are not checked: wording rules exist for en and de, found fr") == 1
    assert "not judged" not in run("check", cwd=tmp_path).err
