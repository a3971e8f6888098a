"""`okrctl merge` in a work tree that git left in conflict: what it merges, stages, follows, and leaves in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.goals import GOALS, PATH
from tests.repositories import LEA, TOM, Repo, isolate
from tests.running import Result, run

TEXT = f"""\
{GOALS}      - id: shops
        title: Shops that show the origin
        from: 0
        to: 12
"""
READING = "          2026-04-13: 10\n"
KPIS = "kpis:\n  - {id: returns, title: Returned parcels, owner: lea, better: lower, unit: parcels}\n"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "repo")
    made.config("user.name", "Lea")
    made.config("user.email", "lea@acme.example")
    made.commit("base", files={PATH: TEXT, "kpis/company.yaml": KPIS, "okrctl.yaml": "organisation: Acme\n"})
    return made


def conflict(repo: Repo, ours: dict[str, str | None], theirs: dict[str, str | None]) -> None:
    """Commits theirs on `tom` and ours on `main`, and merges `tom`, which stops at a conflict."""
    repo.branch("tom")
    change(repo, theirs)
    repo.commit("theirs", author=TOM)
    repo.switch("main")
    change(repo, ours)
    repo.commit("ours", author=LEA)
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "tom")


def change(repo: Repo, texts: dict[str, str | None]) -> None:
    for path, text in texts.items():
        if text is None:
            repo.remove(path)
        else:
            repo.write(path, text)


def merge(repo: Repo, *words: str) -> Result:
    return run("merge", *words, cwd=repo.path, today="2026-05-20")


def text_of(repo: Repo, path: str = PATH) -> str:
    return (repo.path / path).read_text("utf-8")


def status(repo: Repo) -> str:
    return repo.git("status", "--porcelain")


def added(line: str) -> str:
    return TEXT.replace(READING, f"{READING}          {line}\n")


def test_two_check_ins_are_merged_and_staged(repo: Repo) -> None:
    conflict(repo, {PATH: added("2026-04-27: 30")}, {PATH: added("2026-04-20: 20")})
    result = merge(repo)
    assert (result.status, result.out) == (0, f"merged {PATH}\n")
    assert text_of(repo) == TEXT.replace(READING, f"{READING}          2026-04-20: 20\n          2026-04-27: 30\n")
    assert status(repo) == f"M  {PATH}"
    assert merge(repo).out == "nothing to merge: no file is in conflict\n"


def test_what_is_left_is_said_in_words_with_branches_and_people(repo: Repo) -> None:
    conflict(repo, {PATH: added("2026-04-20: 30")}, {PATH: added("2026-04-20: 20").replace("to: 12", "to: 15")})
    result = merge(repo)
    assert result.status == 1
    assert result.out.splitlines()[:3] == [
        "1 conflict left for you:",
        f"  {PATH}",
        "    2026-Q2/trust/origin.codes: reading of 2026-04-20 is 30 in main (Lea) and 20 in tom (Tom)",
    ]
    lines = "<<<<<<< main\n          2026-04-20: 30\n=======\n          2026-04-20: 20\n>>>>>>> tom\n"
    assert text_of(repo) == added("").replace("          \n", lines).replace("to: 12", "to: 15")
    assert status(repo) == f"UU {PATH}"
    assert merge(repo).out == result.out


def test_the_result_as_json(repo: Repo) -> None:
    conflict(repo, {PATH: added("2026-04-20: 30")}, {PATH: added("2026-04-20: 20")})
    data = merge(repo, "--format", "json", "--dry-run").json
    [left] = data.pop("left")
    assert data == {
        "version": 1, "ours": "main", "theirs": "tom", "complete": False, "dry_run": True,
        "merged": [], "removed": [], "moved": [], "others": [],
    }  # fmt: skip
    assert left == {
        "path": PATH, "ref": "2026-Q2/trust/origin.codes", "field": "reading of 2026-04-20", "kind": "value",
        "base": None, "ours": "30", "theirs": "20", "ours_author": "Lea", "theirs_author": "Tom",
        "message": "2026-Q2/trust/origin.codes: reading of 2026-04-20 is 30 in main (Lea) and 20 in tom (Tom)",
    }  # fmt: skip
    assert "<<<<<<< HEAD" in text_of(repo)


def test_what_a_person_edited_is_left_alone_unless_forced(repo: Repo) -> None:
    conflict(repo, {PATH: added("2026-04-20: 30")}, {PATH: added("2026-04-20: 20")})
    merge(repo)
    repo.write(PATH, added("2026-04-20: 25"))
    result = merge(repo)
    assert result.status == 1
    assert f"{PATH}: you have edited it; okrctl leaves it as it is" in result.out
    assert text_of(repo) == added("2026-04-20: 25")
    assert "reading of 2026-04-20" in merge(repo, "--force").out
    assert "<<<<<<< main" in text_of(repo)


def test_the_side_that_a_person_took_is_left_alone(repo: Repo) -> None:
    conflict(repo, {PATH: added("2026-04-20: 30")}, {PATH: added("2026-04-20: 20")})
    repo.git("checkout", "-q", "--ours", PATH)
    assert "you have edited it" in merge(repo).out
    assert text_of(repo) == added("2026-04-20: 30")


@pytest.mark.parametrize("attribute", ["-merge", "binary", "merge=binary"])
def test_a_file_whose_text_git_may_not_merge_is_merged_as_well(repo: Repo, attribute: str) -> None:
    repo.write(".git/info/attributes", f"*.yaml {attribute}\n")
    conflict(repo, {PATH: added("2026-04-20: 30")}, {PATH: added("2026-04-27: 40")})
    assert "2026-04-27" not in text_of(repo)
    assert merge(repo).status == 0
    assert all(line in text_of(repo) for line in ("2026-04-20: 30", "2026-04-27: 40"))


def test_a_goal_that_moved_to_another_file_gets_the_check_in_of_the_other_side(repo: Repo) -> None:
    start = TEXT.index("      - id: codes")
    end = TEXT.index("      - id: shops")
    head = (
        "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: codes-first\n    title: Codes come first\n    owner: tom\n"
    )
    moved = head + "    key_results:\n" + TEXT[start:end].replace("title:", "title:", 1)
    ours = {PATH: TEXT[:start] + TEXT[end:], "okrs/2026-Q2/more.yaml": moved}
    conflict(repo, ours, {PATH: added("2026-04-20: 20")})
    result = merge(repo)
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines()[0] == (
        "2026-Q2/trust/origin.codes is now 2026-Q2/trust/codes-first.codes in okrs/2026-Q2/more.yaml"
    )
    assert text_of(repo) == ours[PATH]
    assert text_of(repo, "okrs/2026-Q2/more.yaml") == moved + "          2026-04-20: 20\n"
    assert "U" not in status(repo)


def test_a_goal_that_theirs_moved_gets_the_check_in_of_ours(repo: Repo) -> None:
    second = "  - id: second\n    title: A second objective for users\n    owner: lea\n"
    base = TEXT + second
    repo.commit("more", files={PATH: base})
    at = base.index("  - id: origin")
    theirs = {PATH: base[:at] + second, "okrs/2026-Q2/origin.yaml": TEXT.replace("team: trust", "team: trust # own")}
    conflict(repo, {PATH: base.replace(READING, f"{READING}          2026-04-20: 20\n")}, theirs)
    result = merge(repo)
    assert result.status == 0, result.out
    assert text_of(repo) == base[:at] + second
    new = TEXT.replace("team: trust", "team: trust # own").replace(READING, f"{READING}          2026-04-20: 20\n")
    assert text_of(repo, "okrs/2026-Q2/origin.yaml") == new


def test_a_goal_that_moved_to_another_file_against_a_removed_one_is_a_conflict(repo: Repo) -> None:
    start, end = TEXT.index("      - id: codes"), TEXT.index("      - id: shops")
    moved = "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: second\n    title: A second one\n    owner: tom\n"
    repo.commit("more", files={"okrs/2026-Q2/more.yaml": moved})
    rest = TEXT[:start] + TEXT[end:]
    ours = {
        PATH: rest.replace("to: 12", "to: 13"),
        "okrs/2026-Q2/more.yaml": moved + "    key_results:\n" + TEXT[start:end],
    }
    conflict(repo, ours, {PATH: rest.replace("to: 12", "to: 14")})
    result = merge(repo)
    assert result.status == 1
    assert "together: it was moved from okrs/2026-Q2/trust.yaml, and removed" in result.out
    assert "<<<<<<< main\n    key_results:\n      - id: codes\n" in text_of(repo, "okrs/2026-Q2/more.yaml")


def test_a_deleted_file_against_a_changed_goal_is_a_conflict(repo: Repo) -> None:
    conflict(repo, {PATH: None}, {PATH: added("2026-04-20: 20")})
    result = merge(repo)
    assert result.status == 1
    assert "2026-Q2/trust/origin is removed in main (Lea) and changed in tom (Tom)" in result.out
    assert text_of(repo) == added("2026-04-20: 20")
    assert status(repo) == f"DU {PATH}"


def test_a_goal_that_refers_to_a_removed_kpi_is_a_conflict(repo: Repo) -> None:
    """Git merges the file of KPIs by itself; together with the new reference it is wrong."""
    other = "  - {id: visits, title: Visits, owner: lea, better: higher, unit: visits}\n"
    repo.commit("kpi", files={"kpis/company.yaml": KPIS + other})
    theirs = TEXT.replace("        to: 12\n", "        to: 12\n        kpi: returns\n").replace(
        READING, f"{READING}          2026-04-20: 20\n"
    )
    ours = {"kpis/company.yaml": "kpis:\n" + other, PATH: added("2026-04-27: 30")}
    conflict(repo, ours, {PATH: theirs})
    result = merge(repo)
    assert result.status == 1
    assert "2026-Q2/trust/origin.shops: kpi is missing in main (Lea) and returns in tom (Tom)" in result.out
    assert "<<<<<<< main\n=======\n        kpi: returns\n>>>>>>> tom\n" in text_of(repo)
    assert "          2026-04-20: 20\n          2026-04-27: 30\n" in text_of(repo)


def test_a_reference_in_a_file_that_git_merged_becomes_a_conflict_there(repo: Repo) -> None:
    other = "  - {id: visits, title: Visits, owner: lea, better: higher, unit: visits}\n"
    second = TEXT.replace("origin", "second").replace("team: trust", "team: sales")
    repo.commit("more", files={"kpis/company.yaml": KPIS + other, "okrs/2026-Q2/sales.yaml": second})
    theirs = {
        PATH: added("2026-04-20: 20"),
        "okrs/2026-Q2/sales.yaml": second.replace("to: 12\n", "to: 12\n        kpi: returns\n"),
    }
    conflict(repo, {"kpis/company.yaml": "kpis:\n" + other, PATH: added("2026-04-27: 30")}, theirs)
    assert "<<<" not in text_of(repo, "okrs/2026-Q2/sales.yaml")
    result = merge(repo)
    assert result.status == 1
    assert "2026-Q2/sales/second.shops: kpi is missing in main (Lea) and returns in tom (Tom)" in result.out
    assert "<<<<<<< main\n=======\n        kpi: returns\n>>>>>>> tom\n" in text_of(repo, "okrs/2026-Q2/sales.yaml")
    assert status(repo).splitlines() == ["UU okrs/2026-Q2/sales.yaml", f"M  {PATH}"]


def test_settings_kpis_csv_and_other_files(repo: Repo) -> None:
    csv = "date,value\n2026-04-01,1\n"
    repo.commit("more", files={"data/a.csv": csv, "README.md": "a\n"})
    ours: dict[str, str | None] = {
        "okrctl.yaml": "organisation: Acme\nteams:\n  trust: {name: Trust}\n",
        "data/a.csv": csv + "2026-04-08,2\n", "README.md": "b\n", PATH: added("2026-04-27: 30"),
    }  # fmt: skip
    theirs: dict[str, str | None] = {
        "okrctl.yaml": "organisation: Acme\nteams:\n  sales: {name: Sales}\n",
        "data/a.csv": csv + "2026-04-15,3\n", "README.md": "c\n", PATH: added("2026-04-20: 20"),
    }  # fmt: skip
    conflict(repo, ours, theirs)
    result = merge(repo)
    assert result.status == 0
    assert result.out.splitlines() == [
        "merged data/a.csv", "merged okrctl.yaml", f"merged {PATH}", "not goals, left to git: README.md",
    ]  # fmt: skip
    assert text_of(repo, "data/a.csv") == csv + "2026-04-08,2\n2026-04-15,3\n"
    assert (
        text_of(repo, "okrctl.yaml") == "organisation: Acme\nteams:\n  sales: {name: Sales}\n  trust: {name: Trust}\n"
    )
    assert status(repo).splitlines()[0] == "UU README.md"


def test_a_file_that_cannot_be_read_keeps_the_markers_of_git(repo: Repo) -> None:
    conflict(repo, {PATH: TEXT.replace("to: 60", "to: [")}, {PATH: TEXT.replace("to: 60", "to: 70")})
    result = merge(repo)
    assert result.status == 1
    assert "ours, line 11: the bracket [ is never closed" in result.out
    assert "<<<<<<< main\n        to: [\n=======\n        to: 70\n>>>>>>> tom\n" in text_of(repo)


def test_seals_are_left_as_a_whole(repo: Repo) -> None:
    seal = "scorecards/2026-Q1.json"
    repo.commit("seal", files={seal: '{"a": 1,\n\n\n\n"b": 1}\n'})
    conflict(repo, {seal: '{"a": 2,\n\n\n\n"b": 2}\n'}, {seal: '{"a": 3,\n\n\n\n"b": 1}\n'})
    result = merge(repo)
    assert "a sealed scorecard is not merged" in result.out
    assert text_of(repo, seal).startswith('<<<<<<< main\n{"a": 2,')


@pytest.mark.parametrize("operation", ["rebase", "cherry-pick", "stash"])
def test_other_operations_than_merge(repo: Repo, operation: str) -> None:
    repo.branch("tom")
    if operation == "stash":
        repo.write(PATH, added("2026-04-20: 20"))
        repo.git("stash", "-q")
    else:
        repo.commit("theirs", author=TOM, files={PATH: added("2026-04-20: 20")})
    repo.switch("main")
    repo.commit("ours", files={PATH: added("2026-04-27: 30")})
    words = {
        "rebase": ["rebase", "-q", "main", "tom"],
        "cherry-pick": ["cherry-pick", "tom"],
        "stash": ["stash", "pop"],
    }
    with pytest.raises(RuntimeError):
        repo.git(*words[operation])
    data = merge(repo, "--format", "json").json
    names = {"rebase": ("main", "tom"), "cherry-pick": ("main", "tom"), "stash": ("main", "stash")}
    assert (data["ours"], data["theirs"], data["complete"]) == (*names[operation], True)
    assert text_of(repo) == TEXT.replace(READING, f"{READING}          2026-04-20: 20\n          2026-04-27: 30\n")


def test_a_workspace_below_the_top_of_the_repository(tmp_path: Path) -> None:
    made = Repo(tmp_path / "repo")
    made.config("user.name", "Lea")
    made.config("user.email", "lea@acme.example")
    made.commit("base", files={f"goals/{PATH}": TEXT, "goals/okrctl.yaml": "organisation: Acme\n"})
    goals = f"goals/{PATH}"
    conflict(made, {goals: added("2026-04-27: 30")}, {goals: added("2026-04-20: 20")})
    assert run("merge", cwd=made.path / "goals", today="2026-05-20").out == f"merged {PATH}\n"
    assert status(made) == f"M  {goals}"


def test_outside_of_a_repository_it_cannot_run(tmp_path: Path) -> None:
    result = run("merge", cwd=tmp_path)
    assert result.status == 2
    assert "is not in a git repository" in result.err


def test_install_writes_the_setting_and_the_attributes(repo: Repo) -> None:
    repo.write(".gitattributes", "*.png binary\n")
    assert run("merge", "--install", "--dry-run", cwd=repo.path).status == 0
    assert text_of(repo, ".gitattributes") == "*.png binary\n"
    result = run("merge", "--install", cwd=repo.path)
    assert (result.status, result.err) == (
        0,
        "git now merges goals with okrctl in this clone\nwrote .gitattributes; commit it\n",
    )
    assert text_of(repo, ".gitattributes") == (
        "*.png binary\nokrctl.yaml merge=okrctl\nokrs/**/*.yaml merge=okrctl\nokrs/**/*.yml merge=okrctl\n"
        "kpis/**/*.yaml merge=okrctl\nkpis/**/*.yml merge=okrctl\nscorecards/*.json merge=okrctl\n"
    )
    assert run("merge", "--install", cwd=repo.path).err == "git now merges goals with okrctl in this clone\n"
    assert repo.git("config", "merge.okrctl.driver").startswith('if "')


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_an_installation_as_json(repo: Repo, words: tuple[str, ...]) -> None:
    result = run("merge", "--install", "--format", "json", *words, cwd=repo.path)
    data = result.json
    assert (data["path"], data["changed"], data["dry_run"]) == (".gitattributes", True, bool(words))
    assert data["driver"].startswith('if "') and "merge=okrctl" in data["attributes"]
    assert (repo.path / ".gitattributes").exists() == (not words)


@pytest.mark.parametrize("words", [("--dry-run",), ("--format", "json"), ("-o", "x")])
def test_a_driver_takes_no_other_options(repo: Repo, words: tuple[str, ...]) -> None:
    result = run("merge", "a", "b", "c", *words, cwd=repo.path)
    assert result.status == 2 and "a merge driver takes no options but --path" in result.err + result.out


@pytest.mark.parametrize("words", [("a", "b"), ("--path", "x")])
def test_a_driver_needs_three_files(repo: Repo, words: tuple[str, ...]) -> None:
    result = run("merge", *words, cwd=repo.path)
    assert result.status == 2
    assert "a merge driver needs three files" in result.err


def test_check_and_other_commands_name_the_command_once(repo: Repo) -> None:
    more = "okrs/2026-Q2/more.yaml"
    repo.commit("more", files={more: TEXT.replace("trust", "sales")})
    ours = {PATH: added("2026-04-20: 30"), more: added("2026-04-20: 30").replace("trust", "sales")}
    conflict(repo, ours, {path: text.replace("30", "20") for path, text in ours.items()})
    checked = run("check", cwd=repo.path, today="2026-05-20")
    assert checked.status == 1
    assert checked.out.count("unresolved merge conflict") == 2
    assert (checked.out + checked.err).count("okrctl merge") == 1
    score = run("score", cwd=repo.path, today="2026-05-20")
    assert score.status == 2
    assert score.err.endswith("hint: `okrctl merge` merges what git left in conflict, value by value\n")
