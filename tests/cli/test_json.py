"""One document of JSON on standard output, whatever happens; `run` holds each against the schema of its command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from okrctl.cli.main import wants_json
from okrctl.operations import score as score_operation
from tests.repositories import Repo
from tests.running import Result, run, write

TODAY = "2026-05-31"
GOALS = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: New customers find their way alone
    owner: lea
    key_results:
      - {id: signups, title: Signups in a month, from: 100, to: 400, readings: {2026-05-30: 200}}
      - id: calls
        title: Calls in a week
        from: 90
        to: 30
        readings: {csv: ../../readings/calls.csv, date: date, value: value}
  - id: brand
    title: Many people know our name
    owner: lea
    key_results:
      - {id: signups, title: Signups by the new page, from: 0, to: 100, readings: {2026-05-30: 50}}
"""
CALLS = "date,value\n2026-05-01,80\n2026-05-30,70\n"
KPIS = """\
kpis:
  - {id: mrr, title: Revenue, unit: EUR, better: higher, source: {csv: data/mrr.csv, date: day, value: mrr}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repo = Repo(tmp_path / "goals")
    files = {"okrs/2026-Q2/growth.yaml": GOALS, "readings/calls.csv": CALLS, "kpis/kpis.yaml": KPIS}
    repo.commit(files=files, day="2026-04-02")
    return repo.path


def okrctl(root: Path, *words: str, **environment: str) -> Result:
    return run(*words, "--format", "json", cwd=root, today=TODAY, env=environment)


@pytest.mark.parametrize(
    ("words", "default", "expected"),
    [
        ("score --format json", "", True),
        ("score --format=json", "", True),
        ("--format json score", "", True),
        ("score --format table", "json", False),
        ("check --format github --format json", "", True),
        ("check --format json=out.json", "", False),
        ("score -o card.json", "", True),
        ("score -ocard.JSON", "", True),
        ("score --output=card.json", "", True),
        ("score -o card.csv", "json", False),
        ("score -o - --color never", "json", True),
        ("score --format table -o card.json", "", False),
        ("score", "json", True),
        ("score", "", False),
        ("checkin a b -- --format json", "", False),
        ("score --format", "", False),
    ],
)
def test_whether_a_command_line_asks_for_json(words: str, default: str, expected: bool) -> None:
    assert wants_json(words.split(), default) is expected


def broken_settings(root: Path) -> None:
    write(root, {"okrctl.yaml": "fail_on: never\n"})


def broken_file(root: Path) -> None:
    write(root, {"okrs/2026-Q2/growth.yaml": GOALS.replace("from: 100", "from: many")})


def without_git(root: Path) -> None:
    (root / ".git").rename(root / "nothing")


def hook(root: Path) -> None:
    write(root, {".git/hooks/pre-commit": "#!/bin/sh\nexit 1\n"})
    (root / ".git/hooks/pre-commit").chmod(0o755)


def uncommitted(root: Path) -> None:
    write(root, {"readings/calls.csv": CALLS + "2026-05-31,60\n"})


def other_settings(root: Path) -> None:
    write(root, {"okrctl.yaml": "organisation: Umbrella\n"})


def as_it_is(root: Path) -> None:
    pass


FAILURES = [
    ("usage", "score --nonsense", as_it_is),
    ("usage", "nonsense", as_it_is),
    ("usage", "score --as-of yesterday", as_it_is),
    ("usage", "amend signups", as_it_is),
    ("settings", "status", broken_settings),
    ("files", "score", broken_file),
    ("not-found", "show nothing", as_it_is),
    ("not-found", "score 2031-Q1", as_it_is),
    ("not-found", "score --known-at nothing", as_it_is),
    ("not-found", "schema output nothing", as_it_is),
    ("not-found", "verify", as_it_is),
    ("ambiguous", "checkin signups=250", as_it_is),
    ("confirm", "checkin onboarding.signups=90000", as_it_is),
    ("confirm", "checkin onboarding.signups", as_it_is),
    ("confirm", "amend onboarding.signups --to 300", as_it_is),
    ("confirm", "close 2026-Q2", as_it_is),
    ("confirm", "init new", as_it_is),
    ("refused", "close 2026-Q2 --force --yes --commit", uncommitted),
    ("refused", "checkin onboarding.signups=250 --commit", hook),
    ("conflict", "init . --organisation Acme --team growth", other_settings),
    ("git", "log onboarding", without_git),
    ("git", "checkin onboarding.signups=250 --commit", without_git),
    ("source", "refresh", as_it_is),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words", "prepare"), FAILURES)
def test_a_failure_is_a_document_with_a_code(
    code: str, words: str, prepare: Callable[[Path], None], root: Path
) -> None:
    prepare(root)
    result = okrctl(root, *words.split())
    assert result.status == 2
    error = result.json["error"]
    assert error["code"] == code
    assert result.err.splitlines()[-2:] == [f"error: {error['message']}", f"hint: {error['hint']}"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_io(root: Path) -> None:
    (root / "okrs/2026-Q2/growth.yaml").chmod(0o444)
    result = okrctl(root, "checkin", "onboarding.signups=250")
    assert (result.status, result.json["error"]["code"]) == (2, "io")


def test_output_to_an_impossible_place_is_io_and_leaves_the_file_alone(root: Path) -> None:
    (root / "card.json").mkdir()
    result = run("score", "-o", "card.json/x/../../kpis/kpis.yaml/card.json", cwd=root, today=TODAY)
    assert (result.status, result.json["error"]["code"]) == (2, "io")
    (root / "old.json").write_text("old")
    result = run("score", "2031-Q1", "-o", "old.json", cwd=root, today=TODAY)
    assert (result.status, result.json["error"]["code"]) == (2, "not-found")
    assert (root / "old.json").read_text() == "old"


def test_broken_files_are_listed_as_check_does(root: Path) -> None:
    broken_file(root)
    error = okrctl(root, "score").json["error"]
    found = okrctl(root, "check").json["diagnostics"]
    assert (error["path"], error["line"]) == ("okrs/2026-Q2/growth.yaml", 8)
    assert error["diagnostics"] == [each for each in found if each["code"].startswith("OKR00")] != []


def test_the_places_of_broken_files_begin_at_the_top_of_git(root: Path) -> None:
    write(root / "goals", {"okrs/2026-Q2/growth.yaml": GOALS.replace("from: 100", "from: many")})
    error = okrctl(root / "goals", "score").json["error"]
    assert error["path"] == error["diagnostics"][0]["path"] == "goals/okrs/2026-Q2/growth.yaml"
    assert error["diagnostics"][0]["workspace"] == "goals"


def test_a_fault_is_internal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_operation, "requested_periods", lambda *words: 1 // 0)
    result = okrctl(root, "score")
    assert (result.status, result.json["error"]["code"]) == (3, "internal")
    assert result.json["error"]["message"].startswith("ZeroDivisionError")
    assert "Traceback" in result.err


def test_what_fails_late_prints_the_error_alone(root: Path) -> None:
    result = run("check", "--format", "json", "--format", "sarif=kpis/kpis.yaml/x", cwd=root, today=TODAY)
    assert (result.status, list(result.json)) == (2, ["version", "error"])


def test_the_environment_asks_for_json_too(root: Path) -> None:
    assert run("show", "nothing", cwd=root, today=TODAY, env={"OKRCTL_FORMAT": "json"}).json["error"]["code"] == (
        "not-found"
    )


WRITES = [
    ["checkin", "onboarding.signups=250"],
    ["checkin", "calls=60"],
    ["amend", "onboarding.signups", "--to", "300", "--reason", "A smaller market"],
    ["new", "2026-Q3"],
    ["close", "2026-Q2", "--force", "--yes"],
    ["init", "elsewhere", "--organisation", "Acme", "--team", "growth"],
]


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[0])
def test_a_dry_run_tells_what_the_run_does(words: list[str], root: Path) -> None:
    planned = okrctl(root, *words, "--dry-run")
    assert (planned.status, planned.json["commit"]) == (0, None)
    assert planned.json["changes"] and planned.json["diff"].startswith("--- ")
    repo = root / "elsewhere" if words[0] == "init" else root
    if words[0] == "init":
        assert not repo.exists()
    done = okrctl(root, *words)
    assert done.status == 0
    assert (done.json["changes"], done.json["diff"]) == (planned.json["changes"], planned.json["diff"])
    assert all((repo / change["path"]).exists() for change in done.json["changes"])


def test_the_fields_and_effects_of_a_checkin(root: Path) -> None:
    data = okrctl(root, "checkin", "onboarding.signups=250", "calls=60", "--commit").json
    ref = "2026-Q2/growth/onboarding.signups"
    assert data["changes"] == [
        {"path": "okrs/2026-Q2/growth.yaml", "ref": ref, "field": "readings.2026-05-31", "old": None, "new": 250},
        {"path": "readings/calls.csv", "ref": None, "field": "line 4", "old": None, "new": "2026-05-31,60"},
    ]
    # before: (100 / 300 + 20 / 60) / 2, after: (150 / 300 + 30 / 60) / 2
    [first, _] = data["effects"]
    assert (first["ref"], first["objective"], float(first["old"]), float(first["new"])) == (
        ref, "2026-Q2/growth/onboarding", 0.333333, 0.5,
    )  # fmt: skip
    assert len(data["commit"]) == 40


def test_reopening_moves_the_seal(root: Path) -> None:
    assert okrctl(root, "close", "2026-Q2", "--force", "--yes").status == 0
    changes = okrctl(root, "reopen", "2026-Q2", "--reason", "A typo").json["changes"]
    paths = [(change["path"], change["old"] is None, change["new"] is None) for change in changes]
    assert paths == [("scorecards/2026-Q2.json", False, True), ("scorecards/reopened/2026-Q2.1.json", True, False)]


def test_refreshing_tells_the_readings(root: Path) -> None:
    write(root, {"data/mrr.csv": "day,mrr\n2026-05-30,1200\n"})
    [value, _] = okrctl(root, "refresh").json["changes"]
    assert (value["ref"], value["field"], value["new"]) == ("mrr", "readings.2026-05-30.value", 1200)


def test_a_source_that_fails_does_not_hide_what_the_others_gave(root: Path) -> None:
    more = (
        "\n  - {id: nrr, title: More, unit: EUR, better: higher, source: {csv: data/nrr.csv, date: day, value: nrr}}\n"
    )
    text = (root / "kpis/kpis.yaml").read_text().rstrip()
    write(root, {"data/mrr.csv": "day,mrr\n2026-05-30,1200\n", "kpis/kpis.yaml": text + more})
    result = okrctl(root, "refresh")
    assert result.status == 2 and result.json["error"]["code"] == "source"
    assert "okrctl refresh nrr" in result.json["error"]["hint"]
    assert result.err.splitlines()[-2] == f"error: {result.json['error']['message']}"
    assert [change["ref"] for change in result.json["changes"]] == ["mrr", "mrr"]
    assert "2026-05-30: {value: 1200" in (root / "kpis/kpis.yaml").read_text()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, typer.Abort], ids=["Ctrl-C", "abort"])
def test_an_interrupted_run_prints_one_document(
    root: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupt(*words: object) -> None:
        raise stop

    monkeypatch.setattr(score_operation, "requested_periods", interrupt)
    result = okrctl(root, "score")
    assert (result.status, result.json["error"]["code"]) == (130, "interrupted")
    assert run("score", cwd=root, today=TODAY).out == ""


def test_fixes_are_told_before_they_are_made(root: Path) -> None:
    write(root, {"okrs/2026-Q2/growth.yaml": GOALS.replace("owner: lea\n    key", "onwer: lea\n    key", 1)})
    data = okrctl(root, "check", "--fix", "--dry-run").json
    assert {change["path"] for change in data["changes"]} == {"okrs/2026-Q2/growth.yaml"}


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["score", "-o", "x.json"], '{\n  "version": 1'),
        (["score", "-o", "x.csv"], "period,"),
        (["score", "-o", "x.md"], "#"),
        (["score", "-o", "x"], "2026-Q2"),
        (["score", "-o", "x.txt"], "2026-Q2"),
        (["digest", "-o", "x.txt"], "Digest, "),
        (["digest", "--format", "markdown", "-o", "x.txt"], "## Digest, "),
        (["check", "-o", "x.xml"], "<?xml"),
        (["check", "-o", "x.sarif"], "{"),
        (["check", "--format", "gitlab", "-o", "x.json"], "["),
        (["report", "-o", "x.html"], "<!"),
        (["report", "-o", "x.json"], '{\n  "version": 1'),
        (["export", "-o", "x.jsonl"], '{"level"'),
        (["schema", "okr", "-o", "x.json"], "{"),
    ],
)
def test_the_ending_of_a_file_decides_the_format(words: list[str], start: str, root: Path) -> None:
    result = run(*words, cwd=root, today=TODAY, env={"OKRCTL_FORMAT": ""})
    assert result.status in (0, 1), result.err
    assert (root / words[-1]).read_text().lstrip().startswith(start)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("score --format csv -o x.json", "--format csv and -o x.json differ: .json is json"),
        ("score --format json -o x.csv", "--format json and -o x.csv differ: .csv is csv"),
        ("report --format html -o x.md", "--format html and -o x.md differ: .md is markdown"),
        ("status -o x.html", "okrctl status has no format html for x.html"),
    ],
)
def test_a_format_and_an_ending_that_differ_are_an_error(words: str, message: str, root: Path) -> None:
    result = run(*words.split(), cwd=root, today=TODAY)
    assert result.status == 2 and result.err.startswith(f"error: {message}\nhint: ")
    assert not (root / words.split()[-1]).exists()


def test_each_output_has_a_schema_with_result_and_error(root: Path) -> None:
    schema = json.loads(run("schema", "output", "score", cwd=root).out)
    assert [*schema["$defs"]["ErrorData"]["properties"]] == ["code", "message", "hint", "path", "line", "diagnostics"]
    assert len(schema["oneOf"]) == 2
    missing = run("schema", "output", cwd=root)
    assert missing.status == 2 and "okrctl schema output NAME" in missing.err
