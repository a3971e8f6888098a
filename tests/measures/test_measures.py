"""Every command over a key result of each measure: none needs to know its name, and an eased target is seen by all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from okrctl.measures import MEASURES
from tests.repositories import Repo
from tests.running import Result, run

TODAY = "2026-05-04"
FILE = "okrs/trust.yaml"
VALUES = {"numbers": "50", "grades": "0.5", "date": "done", "steps": "2"}
EASED = [name for name, measure in MEASURES.items() if measure.easier_example is not None]
COMMANDS = [
    line.split()
    for line in """
    score
    score --format json
    score --format csv
    score --format markdown
    score --agreed --format json
    status --format json
    show result
    show result --format json
    tree
    explain result
    explain result --format json
    explain result --format markdown
    explain origin
    log result
    log result --format json
    diff
    diff --format json
    diff --format markdown
    report --full
    report --full --format html
    export
    export --format json
    check --format json
    check --base HEAD --format json
    check --fix --dry-run
    schema okr --with-ids
    new 2026-Q3 --carry-over 2026-Q2 --all --dry-run
    close 2026-Q2 --force --yes --dry-run
    """.strip().splitlines()
]


def workspace(example: str) -> dict[str, str]:
    return {
        "okrctl.yaml": "teams: {trust: {name: Trust}}\n",
        FILE: f"""\
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: Users see where things are from
    owner: lea
    key_results:
      - {{id: result, title: The result, {example}}}
""",
    }


def agreed(tmp_path: Path, name: str) -> Repo:
    """A repository in which a key result with this measure was agreed."""
    repo = Repo(tmp_path)
    repo.commit("Agree", day="2026-04-02", files=workspace(MEASURES[name].example))
    return repo


def eased(tmp_path: Path, name: str) -> Repo:
    """The same, with an easier target in a later commit."""
    repo = agreed(tmp_path, name)
    example = MEASURES[name].easier_example
    assert example is not None
    repo.commit("Ease", day="2026-05-03", files=workspace(example))
    return repo


def play(repo: Repo, *words: str) -> Result:
    return run(*words, cwd=repo.path, today=TODAY)


def key_result(repo: Repo, *words: str) -> dict[str, object]:
    card = json.loads(play(repo, "score", "2026-Q2", "--format", "json", *words).out)
    (result,) = card["teams"][0]["objectives"][0]["key_results"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("name", MEASURES)
def test_every_command_knows_the_measure(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path, name)
    for words in COMMANDS:
        result = play(repo, *words)
        assert result.status in (0, 1), (words, result.err)
        assert words[0] == "schema" or "no measure" not in result.out, words


@pytest.mark.parametrize("name", MEASURES)
def test_the_scorecard_shows_measure_value_and_target(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path, name)
    scored = key_result(repo)
    assert scored["measure"] == name and scored["measured"] and scored["status"] not in ("error", "no data")
    assert play(repo, "explain", "result").out.strip()


@pytest.mark.parametrize("name", MEASURES)
def test_a_checkin_and_an_assumed_value_give_the_same_score(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path, name)
    value = VALUES[MEASURES[name].records]
    assumed = key_result(repo, "--what-if", f"result={value}")
    result = play(repo, "checkin", "result", value, "--force")
    assert result.status == 0, result.err
    assert key_result(repo)["score"] == assumed["score"]


@pytest.mark.parametrize("name", EASED)
def test_an_eased_target_is_relaxed_for_every_command(tmp_path: Path, name: str) -> None:
    repo = eased(tmp_path, name)
    changes = json.loads(play(repo, "diff", "HEAD~1", "--format", "json").out)["changes"]
    assert [change["effect"] for change in changes] == ["relaxed"], changes
    differences = json.loads(play(repo, "score", "2026-Q2", "--format", "json").out)["agreed"]["differences"]
    assert [difference["effect"] for difference in differences] == ["relaxed"]
    findings = json.loads(play(repo, "check", "--base", "HEAD~1", "--format", "json").out)["diagnostics"]
    assert "goalpost-moved" in {finding["name"] for finding in findings}
    for words in COMMANDS:
        assert play(repo, *words).status in (0, 1), words


@pytest.mark.parametrize("name", [name for name, measure in MEASURES.items() if "to" in measure.amendable])
def test_amend_writes_the_target_of_the_measure(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path, name)
    result = play(repo, "amend", "result", "--to", "70", "--reason", "less is enough")
    assert result.status == 0, result.err
    assert key_result(repo)["to"] == 70
    changes = json.loads(play(repo, "diff", "--format", "json").out)["changes"]
    assert [change["amended"] for change in changes if change["field"] == MEASURES[name].target_key] == [True]


TYPES = [(word, name, key) for name, measure in MEASURES.items() for word, key in measure.import_types.items()]


@pytest.mark.parametrize(("word", "name", "key"), TYPES)
def test_a_table_that_names_the_type_is_imported_as_this_measure(
    tmp_path: Path, word: str, name: str, key: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"objective,key result,metric type,start,target,current\nWin,Result,{word},40,10,30\n", "utf-8")
    repo = Repo(tmp_path / "new")
    repo.commit("Start", day="2026-04-01", files={"okrctl.yaml": "teams: {trust: {name: Trust}}\n"})
    imported = play(repo, "import", str(table), "--period", "2026-Q2", "--team", "trust")
    assert imported.status == 0, imported.err
    assert key_result(repo)["measure"] == name
    assert f"{key}: " in "".join(file.read_text("utf-8") for file in (repo.path / "okrs").rglob("*.yaml"))


@pytest.mark.parametrize("name", MEASURES)
def test_an_exported_key_result_is_imported_as_it_was(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path / "old", name)
    table = tmp_path / "rows.csv"
    exported = play(repo, "export", "--format", "csv", "-o", str(table))
    assert exported.status == 0, exported.err
    copy = Repo(tmp_path / "new")
    copy.commit("Start", day="2026-04-01", files={"okrctl.yaml": "teams: {trust: {name: Trust}}\n"})
    imported = play(copy, "import", str(table))
    assert imported.status == 0, imported.err
    assert key_result(copy) == key_result(repo)


@pytest.mark.parametrize("name", [name for name, measure in MEASURES.items() if measure.records == "steps"])
def test_several_steps_are_checked_in_at_once(tmp_path: Path, name: str) -> None:
    repo = agreed(tmp_path, name)
    result = play(repo, "checkin", "result=2", "result=3")
    assert result.status == 0, result.err
    assert key_result(repo)["progress"] == 1
