"""A new workspace: asked for in a terminal or told by options, never over what is there, and clean at once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from okrctl import __version__
from tests.cli.test_checkin_prompt import CTRL_C, CTRL_D, Terminal
from tests.repositories import Repo
from tests.running import run, write

TOLD = ("init", "--organisation", "Acme", "--team", "trust")
TODAY = "2026-04-06"


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--ci", "github"),
        ("--ci", "gitlab"),
        ("--ci", "github", "--refresh-job"),
        ("--ci", "gitlab", "--refresh-job"),
        ("--pre-commit",),
        ("--fiscal-year", "february"),
        ("--fiscal-year", "10", "--ci", "github", "--pre-commit"),
    ],
)
def test_a_check_finds_nothing_right_after(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert run(*TOLD, *options, cwd=tmp_path, today=TODAY).status == 0
    result = run("check", "--strict", "--format", "json", cwd=tmp_path, today=TODAY)
    assert (result.status, result.json["diagnostics"]) == (0, [])
    assert run("score", cwd=tmp_path, today=TODAY).status == 0
    assert (tmp_path / ".github/workflows/okr.yml").exists() == ("github" in options)
    assert (tmp_path / ".gitlab-ci.yml").exists() == ("gitlab" in options)
    assert (tmp_path / ".pre-commit-config.yaml").exists() == ("--pre-commit" in options)


def test_each_file_names_a_schema_that_is_there(tmp_path: Path) -> None:
    run(*TOLD, cwd=tmp_path, today=TODAY)
    for path in ("okrctl.yaml", "okrs/2026-Q2/trust.yaml", "kpis/company.yaml"):
        head = (tmp_path / path).read_text().splitlines()[0]
        schema = (tmp_path / path).parent / head.partition("$schema=")[2]
        assert json.loads(schema.read_text())["type"] == "object"
    for path in json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]:
        assert (tmp_path / path).exists()


def test_the_fiscal_year_names_the_period(tmp_path: Path) -> None:
    run(*TOLD, "--fiscal-year", "FEB", cwd=tmp_path, today=TODAY)
    assert (tmp_path / "okrs/FY26-Q1/trust.yaml").exists()


def test_a_team_may_be_named_in_words(tmp_path: Path) -> None:
    run("init", "--organisation", "Acme", "--team", "Sales & Care", cwd=tmp_path, today=TODAY)
    assert (tmp_path / "okrs/2026-Q2/sales-and-care.yaml").exists()
    assert "Sales & Care" in (tmp_path / "okrctl.yaml").read_text()


def test_another_folder_is_made(tmp_path: Path) -> None:
    result = run(*TOLD, "new/place", cwd=tmp_path, today=TODAY)
    assert result.status == 0 and "-C new/place" in result.err
    assert (tmp_path / "new/place/okrctl.yaml").exists()


@pytest.mark.parametrize(
    ("given", "named"),
    [((), ["--organisation", "--team"]), (("--organisation", "A"), ["--team"]), (("--team", "a"), ["--organisation"])],
)
def test_off_the_terminal_a_missing_answer_names_its_option(
    tmp_path: Path, given: tuple[str, ...], named: list[str]
) -> None:
    result = run("init", *given, cwd=tmp_path, env={})
    assert result.status == 2 and files(tmp_path) == set()
    assert [word for word in ("--organisation", "--team") if word in result.err] == named


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--fiscal-year", "ju", "not a valid month"),
        ("--team", "2026-Q2", "looks like a period"),
        ("--team", " ", "is empty"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(tmp_path: Path, option: str, value: str, message: str) -> None:
    words = ["init", "--organisation", "Acme", "--team", "trust", option, value]
    result = run(*words, cwd=tmp_path)
    assert result.status == 2 and message in result.err and files(tmp_path) == set()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    result = run(*TOLD, "there", "--dry-run", cwd=tmp_path, today=TODAY)
    assert result.status == 0 and "+++ b/okrctl.yaml" in result.out
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "organisation: Old\n"})
    result = run(*TOLD, cwd=tmp_path, today=TODAY)
    assert result.status == 2 and "okrctl.yaml" in result.err
    assert files(tmp_path) == {"okrctl.yaml"}
    assert run(*TOLD, "--force", cwd=tmp_path, today=TODAY).status == 0
    assert "organisation: Acme" in (tmp_path / "okrctl.yaml").read_text()


def test_a_pipeline_that_is_there_stays(tmp_path: Path) -> None:
    write(tmp_path, {".gitlab-ci.yml": "mine: {}\n"})
    result = run(*TOLD, "--ci", "gitlab", cwd=tmp_path, today=TODAY)
    assert result.status == 2 and ".gitlab-ci.yml" in result.err and files(tmp_path) == {".gitlab-ci.yml"}


def test_the_settings_of_an_editor_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {".vscode/settings.json": "{}\n"})
    result = run(*TOLD, cwd=tmp_path, today=TODAY)
    assert result.status == 0 and "leaving .vscode/settings.json" in result.err
    assert (tmp_path / ".vscode/settings.json").read_text() == "{}\n"


def test_twice_is_once(tmp_path: Path) -> None:
    run(*TOLD, cwd=tmp_path, today=TODAY)
    again = run(*TOLD, cwd=tmp_path, today=TODAY)
    assert again.status == 0 and "nothing to change" in again.err


def test_it_commits_exactly_what_it_wrote(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.write("other.txt", "mine\n")
    run(*TOLD, "--commit", cwd=tmp_path, today=TODAY)
    assert set(repo.git("ls-files").splitlines()) == files(tmp_path) - {"other.txt"}


def test_a_person_is_asked_three_questions(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "init", today=TODAY)
    terminal.answer("organisation?", "")
    terminal.answer("organisation?", "Acme")
    terminal.answer("start?", "nomonth")
    terminal.answer("start?", "")
    terminal.answer("starts?", "Customer Care")
    assert terminal.end().status == 0
    text = (tmp_path / "okrctl.yaml").read_text()
    assert "organisation: Acme" in text and "fiscal_year" not in text
    assert (tmp_path / "okrs/2026-Q2/customer-care.yaml").exists()


def test_what_an_option_answers_is_not_asked(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "init", "--organisation", "Acme", "--team", "trust", today=TODAY)
    terminal.answer("start?", "april")
    ended = terminal.end()
    assert ended.status == 0 and "organisation?" not in ended.screen
    assert (tmp_path / "okrs/FY26-Q1/trust.yaml").exists()


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 2)])
def test_leaving_writes_nothing(tmp_path: Path, key: str, status: int) -> None:
    terminal = Terminal(tmp_path, "init", today=TODAY)
    terminal.answer("organisation?", "Acme")
    terminal.until("start?")
    terminal.type(key)
    ended = terminal.end()
    assert ended.status == status and "nothing was written" in ended.screen
    assert files(tmp_path) == set()


def test_git_merges_with_okrctl_from_then_on(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitattributes").write_text("*.png binary\n")
    result = run("init", "--organisation", "Acme", "--team", "product", cwd=tmp_path)
    assert "git now merges goals with okrctl in this clone" in result.err
    assert (tmp_path / ".gitattributes").read_text().startswith("*.png binary\nokrctl.yaml merge=okrctl\n")
    assert "-m okrctl merge %O %A %B" in (tmp_path / ".git" / "config").read_text()


def test_without_git_it_says_how_git_would_merge_with_okrctl(tmp_path: Path) -> None:
    result = run("init", "--organisation", "Acme", "--team", "product", cwd=tmp_path)
    assert "run `git init`, then `okrctl merge --install`" in result.err
    assert "okrs/**/*.yaml merge=okrctl\n" in (tmp_path / ".gitattributes").read_text()


def test_a_job_that_refreshes_needs_a_pipeline(tmp_path: Path) -> None:
    result = run(*TOLD, "--refresh-job", cwd=tmp_path, today=TODAY)
    assert result.status == 2 and "--refresh-job needs a CI pipeline" in result.err and files(tmp_path) == set()


def set_version(root: Path, version: str) -> None:
    """Makes the schemas of a workspace look as if another version had written them; none, as before they had one."""
    for path in (root / ".okrctl").iterdir():
        line = f'"x-okrctl-version": "{__version__}"'
        text = path.read_text()
        assert line in text
        path.write_text(text.replace(line, f'"x-okrctl-version": "{version}"' if version else '"x-other": ""'))


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("", "are of an earlier okrctl, this is {}: `okrctl init --update-schemas` renews them"),
        ("0.0.9", "are of okrctl 0.0.9, this is {}: `okrctl init --update-schemas` renews them"),
        ("99.10", "are of okrctl 99.10, this is {}: update okrctl"),
    ],
)
def test_a_check_says_once_that_the_schemas_are_of_another_version(tmp_path: Path, version: str, said: str) -> None:
    run(*TOLD, cwd=tmp_path, today=TODAY)
    assert "schemas" not in run("check", cwd=tmp_path, today=TODAY).err
    set_version(tmp_path, version)
    line = f"the schemas for editors in .okrctl/ {said.format(__version__)}\n"
    for words in (("check",), ("check",), ("check", "okrs")):  # the second one is answered from the cache
        result = run(*words, cwd=tmp_path, today=TODAY)
        assert (result.status, result.err) == (0, line)
    assert run("check", "-q", cwd=tmp_path, today=TODAY).err == ""


def test_schemas_are_renewed_and_nothing_else(tmp_path: Path) -> None:
    run(*TOLD, cwd=tmp_path, today=TODAY)
    written = {name: (tmp_path / name).read_text() for name in files(tmp_path)}
    (tmp_path / "okrctl.yaml").write_text("organisation: Other\n")
    set_version(tmp_path, "0.0.9")
    dry = run("init", "--update-schemas", "--dry-run", cwd=tmp_path / "okrs")
    assert dry.status == 0 and f'+ "x-okrctl-version": "{__version__}"' in dry.out
    done = run("init", "--update-schemas", cwd=tmp_path / "okrs")
    assert (done.status, done.err.count("writing .okrctl/")) == (0, 3)
    assert files(tmp_path) == set(written)
    for name, text in written.items():
        assert name == "okrctl.yaml" or (tmp_path / name).read_text() == text
    assert run("init", "--update-schemas", cwd=tmp_path).err == "nothing to change: the files are up to date\n"


def test_schemas_are_renewed_in_a_workspace_and_alone(tmp_path: Path) -> None:
    outside = run("init", "--update-schemas", cwd=tmp_path)
    assert outside.status == 2 and "no workspace in" in outside.err and files(tmp_path) == set()
    run(*TOLD, cwd=tmp_path, today=TODAY)
    assert run("init", "--update-schemas", "--demo", cwd=tmp_path).status == 2
    assert run("init", "--update-schemas", tmp_path, "--format", "json", cwd=tmp_path.parent).json["changes"] == []
