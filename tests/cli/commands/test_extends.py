"""A team's settings that extend the company's, in one repository and in two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import Result, run, write

GOALS = """\
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: Users trace the origin of what they buy
    owner: lea
    parent: company/brand
    key_results:
      - {id: codes, title: Codes requested, from: 0, to: 60, readings: {2026-04-13: 30}}
      - {id: shops, title: Shops with a terminal, from: 0, to: 60, kpi: shops}
"""
COMPANY = """\
period: 2026-Q2
objectives:
  - id: brand
    title: The brand that people trust
    owner: ceo
    key_results:
      - {id: known, title: People who know it, from: 0%, to: 60%, readings: {2026-04-13: 10%}}
      - {id: liked, title: People who like it, from: 0%, to: 50%, readings: {2026-04-13: 10%}}
"""
KPIS = "kpis: [{id: shops, title: Shops, owner: ceo, better: higher, unit: shops, readings: {2026-04-13: 20}}]\n"
EMPTY = "period: 2026-Q2\nobjectives: []\n"
TODAY = "2026-05-20"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    isolate(monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """One repository with the settings of the company beside the workspace of a team."""
    repo = Repo(tmp_path / "repo")
    repo.commit(
        day="2026-04-02",
        files={
            "company/okrctl.yaml": "rules: {unknown-reference: ignore}\nlimits: {key_results: 1}\n",
            "trust/okrctl.yaml": "extends: ../company/okrctl.yaml\n",
            "trust/okrs/a.yaml": GOALS,
        },
    )
    return repo


def check(folder: Path, *words: str) -> Result:
    return run("check", *words, cwd=folder, today=TODAY)


def found(folder: Path, *words: str) -> dict[str, str]:
    """The messages of errors and warnings by rule."""
    result = check(folder, "--format", "json", *words)
    return {
        each["name"]: each["message"] for each in result.json["diagnostics"] if each["severity"] in ("error", "warning")
    }


def test_settings_of_the_company_count_for_the_team(repo: Repo) -> None:
    assert found(repo.path / "trust") == {"too-many-key-results": "the objective has 2 key results, more than 1"}


def test_a_warm_check_follows_the_extended_file(repo: Repo) -> None:
    team = repo.path / "trust"
    check(team)
    nothing_changed = "nothing changed since the last check"
    assert nothing_changed in check(team, "-v").err
    repo.write("company/okrctl.yaml", "rules: {unknown-reference: warning}\n")
    result = check(team, "-v")
    assert nothing_changed not in result.err and "OKR102" in result.out and "OKR303" not in result.out
    assert nothing_changed in check(team, "-v").err
    repo.remove("company/okrctl.yaml")
    assert "OKR017" in check(team).out
    repo.write("company/okrctl.yaml", "limits: {key_results: 1}\n")
    assert "OKR017" not in check(team).out


@pytest.mark.parametrize("command", [["score"], ["status"], ["show", "origin"]])
def test_kept_answers_follow_the_extended_file(repo: Repo, command: list[str]) -> None:
    repo.write("company/okrctl.yaml", "scoring: {missing: skip}\nteams: {trust: {name: First}}\n")
    team = repo.path / "trust"
    first = [run(*command, "--format", "json", cwd=team, today=TODAY).out for _ in range(2)]
    assert first[0] == first[1]
    repo.write(
        "company/okrctl.yaml",
        "pace: {at_risk: 0.5, behind: 0.4}\nscoring: {missing: zero, cap: 2}\nteams: {trust: {}}\n",
    )
    changed = run(*command, "--format", "json", cwd=team, today=TODAY).out
    fresh = run(
        *command, "--format", "json", cwd=team, today=TODAY, env={"XDG_CACHE_HOME": str(repo.path / "other")}
    ).out
    assert changed == fresh


def test_history_reads_the_settings_of_its_day(repo: Repo) -> None:
    team = repo.path / "trust"
    repo.commit(day="2026-04-10", files={"company/okrctl.yaml": "scoring: {missing: skip}\n"})
    now = run("score", "2026-Q2", "--format", "json", cwd=team, today=TODAY).json["score"]
    then = run(
        "score", "2026-Q2", "--format", "json", "--known-at", "HEAD~1", "--as-of", TODAY, cwd=team, today=TODAY
    ).json["score"]
    assert (float(then), float(now)) == (0.25, 0.5)


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ("../gone.yaml", "okrctl.yaml extends '../gone.yaml', which does not exist"),
        ("../../outside.yaml", "okrctl.yaml extends '../../outside.yaml', which is outside of this repository"),
        ("../link.yaml", "okrctl.yaml extends '../link.yaml', which is outside of this repository"),
        ("../company", "okrctl.yaml extends '../company', which cannot be used: cannot be read: Is a directory"),
        ("okrctl.yaml", "settings extend each other: okrctl.yaml extends okrctl.yaml"),
    ],
)
def test_what_cannot_be_extended_is_a_warning(repo: Repo, extends: str, words: str) -> None:
    write(repo.path.parent, {"outside.yaml": "limits: {key_results: 1}\n"})
    (repo.path / "link.yaml").symlink_to("../outside.yaml")
    repo.write("trust/okrctl.yaml", f"extends: {extends}\nrules: {{unknown-reference: ignore}}\n")
    result = check(repo.path / "trust", "--format", "json")
    [finding] = [each for each in result.json["diagnostics"] if each["code"] == "OKR017"]
    assert finding["message"].startswith(words) and finding["severity"] == "warning"
    assert (finding["path"], finding["line"], finding["column"]) == ("trust/okrctl.yaml", 1, 10)
    score = run("score", cwd=repo.path / "trust", today=TODAY)
    assert score.status == 0 and words in score.err


def test_without_git_settings_do_not_leave_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "", "trust/okrctl.yaml": "extends: ../okrctl.yaml\n", "trust/okrs/a.yaml": GOALS})
    assert "outside of this repository" in found(tmp_path / "trust")["invalid-extends"]


class Company:
    """The company's repository with the one of a team as a submodule."""

    def __init__(self, folder: Path, settings: str) -> None:
        team = Repo(folder / "trust")
        team.commit(day="2026-04-02", files={"okrctl.yaml": settings, "okrs/a.yaml": GOALS})
        self.repo = Repo(folder / "company")
        self.repo.write("okrs/company.yaml", COMPANY)
        self.repo.write("kpis/company.yaml", KPIS)
        self.repo.write(
            "okrctl.yaml",
            "include: ['okrs/**/*.yaml', 'kpis/**/*.yaml', 'teams/*/okrs/**/*.yaml']\nlimits: {key_results: 1}\n",
        )
        self.repo.git("submodule", "add", "-q", f"file://{team.path}", "teams/trust")
        self.repo.commit(day="2026-04-03")
        self.team = self.repo.path / "teams/trust"
        self.alone = team.path


def test_the_settings_of_a_superproject_count_in_its_submodule(tmp_path: Path) -> None:
    company = Company(tmp_path, "extends: ../../okrctl.yaml\nelsewhere: [company]\n")
    assert {*found(company.team)} == {"too-many-key-results"}
    alone = found(company.alone)
    assert {*alone} == {"invalid-extends"}
    assert alone["invalid-extends"].endswith("which is outside of this repository; its settings are left out")


def test_history_of_a_submodule_has_the_settings_of_the_superproject_as_they_are(tmp_path: Path) -> None:
    company = Company(tmp_path, "extends: ../../okrctl.yaml\nelsewhere: [company]\n")

    def score() -> float:
        result = run(
            "score",
            "2026-Q2",
            "--format",
            "json",
            "--known-at",
            "HEAD",
            "--as-of",
            TODAY,
            cwd=company.team,
            today=TODAY,
        )
        return float(result.json["score"])

    assert [score(), score()] == [0.25, 0.25]
    company.repo.write("okrctl.yaml", "scoring: {missing: skip}\n")
    assert score() == 0.5


def test_references_to_teams_elsewhere_are_checked_in_the_company_alone(tmp_path: Path) -> None:
    company = Company(tmp_path, "elsewhere: [company]\n")
    assert found(company.alone) == {}
    repo = company.repo
    assert found(repo.path, "--select", "OKR1") == {}
    company.team.joinpath("okrs/a.yaml").write_text(GOALS.replace("company/brand", "company/brnad"))
    assert "brnad" in found(repo.path, "--select", "OKR1")["unknown-reference"]
    assert found(company.team) == {}


@pytest.mark.parametrize(
    ("elsewhere", "files", "messages"),
    [
        ("[]", {}, {"unknown-reference": "there is no KPI 'shops'"}),
        (
            "[growth]",
            {},
            {
                "unused-elsewhere": "nothing refers to the team 'growth'",
                "unknown-reference": "there is no KPI 'shops'",
            },
        ),
        ("company", {}, {}),
        (
            "[company]",
            {"okrs/company.yaml": COMPANY, "kpis/k.yaml": KPIS},
            {"unused-elsewhere": "the team 'company' has goals here, so references to it are checked here"},
        ),
        (
            "[company]",
            {"okrs/company.yaml": COMPANY.replace("brand", "name"), "kpis/k.yaml": KPIS},
            {
                "unused-elsewhere": "the team 'company' has goals here, so references to it are checked here",
                "unknown-reference": "the team 'company' has no objective 'brand'",
            },
        ),
        ("[company]", {"okrs/b.yaml": "x: ["}, {"yaml-syntax": "the bracket [ is never closed"}),
        ("[Com pany]", {"okrs/a.yaml": EMPTY}, {"invalid-value": "'Com pany' is not a valid id"}),
    ],
)  # fmt: skip
def test_elsewhere(tmp_path: Path, elsewhere: str, files: dict[str, str], messages: dict[str, str]) -> None:
    write(tmp_path, {"okrctl.yaml": f"elsewhere: {elsewhere}\n", "okrs/a.yaml": GOALS, **files})
    shown = found(tmp_path)
    assert {name: shown[name][: len(text)] for name, text in messages.items()} == messages
    assert {*shown} == {*messages}


def test_values_that_come_from_elsewhere_are_missing_and_no_error(tmp_path: Path) -> None:
    goals = (
        GOALS + "      - {id: sum, title: Shops of all, from: 0, to: 60, rollup: {sum: [company/brand.known, codes]}}\n"
    )
    write(tmp_path, {"okrctl.yaml": "elsewhere: [company]\n", "okrs/a.yaml": goals})
    assert {*found(tmp_path)} <= {"unit-mismatch"}
    [team] = run("score", "2026-Q2", "--format", "json", cwd=tmp_path, today=TODAY).json["teams"]
    shown = {each["id"]: (each["status"], each["measured"]) for each in team["objectives"][0]["key_results"]}
    assert shown["shops"] == shown["sum"] == ("no data", False)
    reasons = run("status", cwd=tmp_path, today=TODAY).out
    assert "'shops' is in another repository" in reasons and "'company/brand.known' is in another repository" in reasons


def test_a_reference_to_ones_own_team_or_another_is_still_checked(tmp_path: Path) -> None:
    goals = GOALS.replace("company/brand", "orgin").replace("kpi: shops", "rollup: {sum: [growth/a.b]}")
    write(tmp_path, {"okrctl.yaml": "elsewhere: [company, trust]\n", "okrs/a.yaml": goals})
    result = check(tmp_path, "--format", "json")
    messages = [each["message"] for each in result.json["diagnostics"] if each["code"] == "OKR102"]
    assert len(messages) == 2 and "orgin" in messages[0] and "growth" in messages[1]


def test_the_schema_of_settings_knows_the_keys(tmp_path: Path) -> None:
    known = json.loads(run("schema", "config", cwd=tmp_path).out)["properties"]
    assert {"extends", "elsewhere"} <= {*known}
