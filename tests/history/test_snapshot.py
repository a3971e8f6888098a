"""A workspace as of a commit is what a checkout of that commit holds, and hostile commits are one clear error."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl import git, workspace
from okrctl.history import snapshot
from tests.repositories import Repo, isolate
from tests.running import Result, run, write

FILE = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way into the product
    owner: lea
    key_results:
      - id: signups
        title: Demo accounts opened
        owner: tom
        from: 0
        to: 100
        readings:
          2026-04-13: 10
"""


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def score(repo: Repo, *words: str, today: str = "2026-06-20") -> Result:
    result = run("score", *words, "--format", "json", cwd=repo.path, today=today)
    assert result.status in (0, 2), result.err
    return result


def refused(repo: Repo, revision: str) -> Result:
    """A run that ends with 2, one line that says why and one with the way out."""
    result = score(repo, "--known-at", revision)
    assert result.status == 2, result.out
    assert [line.partition(": ")[0] for line in result.err.splitlines()] == ["error", "hint"]
    return result


def test_the_files_are_those_of_the_commit_and_the_day_is_its_own(repo: Repo) -> None:
    first = repo.commit(day="2026-04-13", files={FILE: TEXT})
    repo.commit(day="2026-05-11", files={FILE: TEXT + "          2026-05-11: 50\n"})
    card = score(repo, "Q2", "--known-at", "2026-05-10").json
    assert (card["known_at"], card["as_of"]) == (first, "2026-05-10")
    assert card["teams"][0]["objectives"][0]["key_results"][0]["value"] == 10
    assert score(repo, "Q2", "--known-at", first).json["as_of"] == "2026-04-13"
    assert score(repo, "Q2", "--known-at", first, "--as-of", "2026-06-01").json["as_of"] == "2026-06-01"
    assert score(repo, "Q2").json["known_at"] is None


def test_a_commit_has_its_own_settings_and_csv_files(repo: Repo) -> None:
    csv = TEXT.replace("readings:\n          2026-04-13: 10\n", "readings: data/signups.csv\n")
    first = repo.commit(
        day="2026-04-13",
        files={
            "okrctl.yaml": "include: ['goals/*.yaml']\nscoring: {cap: none}\n",
            "goals/growth.yaml": csv,
            "goals/data/signups.csv": "date,value\n2026-04-12,120\n",
        },
    )
    repo.remove("goals/growth.yaml")
    repo.remove("goals/data/signups.csv")
    repo.commit(day="2026-05-11", files={"okrctl.yaml": "organisation: Acme\n", FILE: TEXT})
    known = score(repo, "Q2", "--known-at", first)
    assert known.status == 0, known.err
    assert str(known.json["score"]) == "1.2"
    assert str(score(repo, "Q2").json["score"]) == "0.1"


def test_fifty_commits_of_a_repository_say_what_their_checkouts_say(repo: Repo, tmp_path: Path) -> None:
    chance = random.Random(20260401)
    days = [date(2026, 3, 20) + timedelta(days=2 * number) for number in range(60)]
    commits = [_random_commit(repo, chance, day) for day in days]
    checkout = repo.clone(tmp_path / "checkout")
    scores = set()
    for number in chance.sample(range(3, 60), 50):
        checkout.switch(commits[number])
        then = score(checkout, today=str(days[number]))
        revision = chance.choice([commits[number], str(days[number])])
        known = score(repo, "--known-at", revision)
        assert then.status == known.status == 0, known.err
        expected = then.json
        for card in expected["periods"]:
            card["known_at"] = commits[number]
        assert known.json == expected
        scores.update(str(card["score"]) for card in expected["periods"])
    assert len(scores) > 20


def _random_commit(repo: Repo, chance: random.Random, day: date) -> str:
    """One more state of a small company: readings, targets, files that come, move and go."""
    files: dict[str, str | bytes] = {}
    names = ["a", "b", "c"]
    for team in names if not (repo.path / "okrs").exists() else chance.sample(names, 2):
        folder = chance.choice(["okrs", "okrs/2026-Q2", "okrs/teams"])
        for old in (repo.path / "okrs").rglob(f"{team}.yml"):
            old.unlink()
        files[f"{folder}/{team}.yml"] = _random_file(chance, team, day)
    files["kpis/all.yaml"] = f"""\
kpis:
  - {{id: mood, title: Mood, owner: lea, better: higher, readings: {{2026-03-02: {chance.randint(1, 9)}}}}}
"""
    files["okrs/data/c.csv"] = f"day;value\n2026-04-02;{chance.randint(1, 99)}\n"
    files["okrctl.yaml"] = f"scoring: {{missing: {chance.choice(['zero', 'skip'])}}}\n"
    return repo.commit(day=str(day), files=files)


def _random_file(chance: random.Random, team: str, day: date) -> str:
    readings = ", ".join(
        f"{date(2026, 4, 1) + timedelta(days=3 * number)}: {chance.randint(0, 120)}"
        for number in range(max((day - date(2026, 4, 1)).days // 3, 1))
    )
    return (
        f"""\
period: {chance.choice(["2026-Q2", "2026"])}
team: {team}
objectives:
  - id: one
    title: Something gets better for team {team}
    owner: lea
    key_results:
      - {{id: first, title: First, to: {chance.randint(50, 200)}, readings: {{{readings}}}}}
      - {{id: second, title: Second, at_most: {chance.randint(1, 99)}, weight: 2, readings: {{{readings}}}}}
      - {{id: third, title: Third, kpi: mood, to: 10}}
      - {{id: fourth, title: Fourth, to: 100, readings: {"../data" if chance.random() < 0.5 else "data"}/c.csv}}
""".replace("readings: ../data/c.csv", "readings: {2026-04-08: 3}")
        .replace("readings: data/c.csv", "done: false")
        .replace("to: 100, done", "done")
    )


def test_a_link_out_of_the_workspace_is_refused(repo: Repo, tmp_path: Path) -> None:
    write(tmp_path, {"secret.yaml": TEXT})
    (repo.path / "okrs").mkdir()
    (repo.path / "okrs/secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (repo.path / "okrs/up.yaml").symlink_to("../../secret.yaml")
    commit = repo.commit(files={FILE: TEXT})
    result = refused(repo, commit)
    assert (
        "okrs/secret.yaml" in result.err
        and "the link points outside the workspace (1 more file has errors)" in result.err
    )


def test_a_link_within_the_workspace_leads_on_as_on_the_disk(repo: Repo) -> None:
    repo.write("plans/growth.txt", TEXT)
    repo.write("elsewhere/deep/tom.yaml", TEXT.replace("team: growth", "team: sales"))
    repo.write(FILE, TEXT.replace("team: growth", "team: own"))
    (repo.path / "okrs/linked.yaml").symlink_to("../plans/growth.txt")
    (repo.path / "okrs/folder").symlink_to("../elsewhere/deep")
    (repo.path / "okrs/again.yaml").symlink_to("2026-Q2/growth.yaml")
    commit = repo.commit()
    known = score(repo, "Q2", "--known-at", commit, "--as-of", "2026-05-01").json
    assert [team["team"] for team in known["teams"]] == ["growth", "own", "sales"]
    assert known["teams"] == score(repo, "Q2", "--as-of", "2026-05-01").json["teams"]


def test_a_huge_blob_is_named_and_not_read(repo: Repo) -> None:
    with repo.write("okrs/huge.yaml", "x: 1\n").open("r+b") as file:
        file.truncate(100_000_000)
    commit = repo.commit(files={FILE: TEXT})
    assert "okrs/huge.yaml" in refused(repo, commit).err


def test_a_broken_repository_is_one_error(repo: Repo) -> None:
    commit = repo.commit(files={FILE: TEXT})
    blob = repo.git("rev-parse", f"{commit}:{FILE}")
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    refused(repo, commit)


@pytest.mark.parametrize(
    "revision",
    ["--upload-pack=touch hit", "-n1", "HEAD:okrs", "nothing", "", "2026-02-30", "a\nb", "2020-01-01", ":/Ch"],
)
def test_a_text_is_never_an_option_and_never_a_path(repo: Repo, revision: str) -> None:
    repo.commit(files={FILE: TEXT})
    result = run("score", f"--known-at={revision}", cwd=repo.path)
    assert result.status == 2 and result.err.startswith("error: ") and "hint: " in result.err
    assert not (repo.path / "hit").exists()


def test_paths_of_a_commit_may_be_hostile(repo: Repo) -> None:
    commit = repo.commit(files={FILE: TEXT, "okrs/a\n\x1b[31mb.yaml": "objectives: [\n"})
    result = refused(repo, commit)
    assert "\x1b" not in result.err and "okrs/a" in result.err


def test_without_git_there_is_a_way_out(tmp_path: Path) -> None:
    write(tmp_path, {FILE: TEXT, "okrctl.yaml": ""})
    result = run("score", "--known-at", "HEAD", cwd=tmp_path)
    assert result.status == 2 and "is not in a git repository" in result.err


def test_what_was_read_before_is_not_read_again(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repo.commit(files={FILE: TEXT, "okrs/other.yaml": TEXT.replace("growth", "other")})
    second = repo.commit(files={FILE: TEXT.replace("to: 100", "to: 90")})
    repository = git.find_repository(repo.path)
    assert repository
    before = snapshot.load_snapshot(repository, first)
    read: list[str] = []
    original = workspace.index.read_file

    def counting(source: object, *rest: object) -> object:
        read.append(getattr(source, "path", ""))
        return original(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace.index, "read_file", counting)
    after = snapshot.load_snapshot(repository, second, known=[before])
    assert read == [FILE]
    assert len(after.objectives) == len(before.objectives) == 2
    assert not {id(file) for file in after.files} & {id(file) for file in before.files}


def test_no_other_program_runs(repo: Repo) -> None:
    commit = repo.commit(files={FILE: TEXT, ".gitattributes": "*.yaml diff=spy filter=spy\n"})
    for key in ("diff.spy.textconv", "diff.external", "core.fsmonitor", "filter.spy.smudge", "core.pager"):
        repo.config(key, f"touch {repo.path}/hit")
    assert score(repo, "--known-at", commit).status == 0
    assert not (repo.path / "hit").exists()
