"""Clones of a company that lack submodules, or parts of them, answer as the whole one or say what is missing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.companies import STEPS, TEAMS, Step, build_company, build_twin, clone_company, pin, team_commit
from tests.history.clones import COMMANDS, TODAY, calls, note_calls, okrctl, require_whole_or_named
from tests.repositories import TOM, Repo, isolate
from tests.running import Result, run

PAST = ("score 2026-Q2 --known-at 2026-05-05", "diff HEAD~3..HEAD~1", "impact 2026-Q2 --known-at HEAD")
ALL = (*COMMANDS, *PAST, "log calls", "explain calls")
COMMIT_ID = re.compile(r"\b[0-9a-f]{10,64}\b")
MISSING = "error: the submodule team-a is not in this clone\nhint: run git submodule update --init team-a\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        yield build_company(tmp_path_factory.mktemp("whole") / "company")


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@lru_cache
def of_whole(path: Path, command: str) -> Result:
    """The answer of the whole company, which no test changes."""
    return run(*command.split(), cwd=path, today=TODAY)


def update(repo: Repo, *options: str) -> None:
    repo.git("submodule", "--quiet", "update", "--init", *options)


def not_absorbed(repo: Repo) -> None:
    """Each submodule has its repository in its own folder, as it was before git kept them in one place."""
    update(repo)
    for team in TEAMS:
        (repo.path / team / ".git").unlink()
        shutil.move(repo.path / ".git/modules" / team, repo.path / team / ".git")
        repo.git("config", "--file", f"{team}/.git/config", "--unset", "core.worktree")


def absolute(repo: Repo) -> None:
    """The file `.git` of a submodule has an absolute path."""
    update(repo)
    for team in TEAMS:
        repo.write(f"{team}/.git", f"gitdir: {repo.path / '.git/modules' / team}\n")


SHAPES: dict[str, Callable[[Repo], None]] = {
    "initialised": update,
    "not absorbed": not_absorbed,
    "absolute paths": absolute,
    "not initialised": lambda repo: None,
    "one not initialised": lambda repo: update(repo, "team-b", "team-c"),
    "shallow submodules": lambda repo: update(repo, "--depth", "1"),
    "blobless submodules": lambda repo: update(repo, "--filter=blob:none"),
    "treeless submodules": lambda repo: update(repo, "--filter=tree:0"),
    "given up": lambda repo: (update(repo), repo.git("submodule", "--quiet", "deinit", "-f", "team-a"))[0],
}
WHOLE = ("initialised", "not absorbed", "absolute paths")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_command_gives_the_whole_answer_or_names_what_brings_it(whole: Repo, tmp_path: Path, shape: str) -> None:
    repo = clone_company(whole, tmp_path / "clone", submodules=False)
    SHAPES[shape](repo)
    for place in (repo.path, *(repo.path / team for team in TEAMS)):
        if (place / ".git").exists():
            note_calls(Repo(place), tmp_path)
    for command in ALL:
        expected, result = of_whole(whole.path, command), okrctl(repo, command)
        require_whole_or_named(command, expected, result)
        if shape in WHOLE:
            assert (result.status, result.out, result.err) == (expected.status, expected.out, expected.err), command
        assert not calls(repo), command


@pytest.mark.parametrize("options", [["--depth=1"], ["--filter=blob:none"], ["--filter=tree:0"], ["--single-branch"]])
def test_the_company_s_own_repository_may_lack_something_too(whole: Repo, tmp_path: Path, options: list[str]) -> None:
    whole.config("uploadpack.allowFilter", "true")
    repo = clone_company(whole, tmp_path / "clone", *options)
    note_calls(repo, tmp_path)
    for command in ALL:
        require_whole_or_named(command, of_whole(whole.path, command), okrctl(repo, command))
        assert not calls(repo), command


def test_one_that_is_not_initialised_is_named_and_its_history_is_too(whole: Repo, tmp_path: Path) -> None:
    repo = clone_company(whole, tmp_path / "clone", submodules=False)
    update(repo, "team-b", "team-c")
    for command in (
        "score 2026-Q2", "check", "check --base HEAD~1", "diff HEAD~1", "log reviews", "status", "tree", "digest",
        "score 2026-Q2 --known-at 2026-05-05", "diff HEAD~3..HEAD", "checkin nps=45",
    ):  # fmt: skip
        result = okrctl(repo, command)
        assert (result.status, result.out, result.err) == (2, "", MISSING), command
    assert okrctl(repo, "score 2026-Q2 --known-at 2026-04-05").status == 0, "no team was there yet"
    repo.git(*MISSING.splitlines()[1].removeprefix("hint: run git ").split())
    assert okrctl(repo, "score 2026-Q2").out == okrctl(whole, "score 2026-Q2").out
    assert okrctl(repo, "check").out == okrctl(whole, "check").out


def test_without_git_a_missing_submodule_is_named_too(
    whole: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = clone_company(whole, tmp_path / "clone", submodules=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert okrctl(repo, "score 2026-Q2").err == MISSING


def test_an_entry_that_is_older_than_the_removal_of_its_submodule_is_nothing(whole: Repo, tmp_path: Path) -> None:
    repo = clone_company(whole, tmp_path / "clone")
    with (repo.path / ".gitmodules").open("a") as file:
        file.write('[submodule "team-x"]\n\tpath = team-x\n\turl = ../team-x\n')
    (repo.path / "team-x").mkdir()
    assert okrctl(repo, "score 2026-Q2").out == of_whole(whole.path, "score 2026-Q2").out


def test_from_another_folder_the_command_names_the_place(whole: Repo, tmp_path: Path) -> None:
    clone_company(whole, tmp_path / "clone", submodules=False)
    result = run("-C", "clone", "score", cwd=tmp_path, today=TODAY)
    assert "git -C clone submodule update --init team-a" in result.err


def test_a_pin_that_is_missing_is_named(whole: Repo, tmp_path: Path) -> None:
    repo = clone_company(whole, tmp_path / "clone", submodules=False)
    update(repo, "--depth", "1")
    result = okrctl(repo, "diff 2026-05-03..HEAD")
    pinned = whole.git("rev-parse", "HEAD~5:team-a")
    assert result.err == (
        f"error: the submodule team-a is pinned at {pinned[:10]}, which is not in this clone\n"
        "hint: run git -C team-a fetch --unshallow\n"
    )
    assert okrctl(repo, "tree").out == okrctl(whole, "tree").out
    left_out = okrctl(repo, "check")
    assert "is pinned at" in left_out.out and "git -C team-a fetch" in left_out.out, "the summary says so"
    for team in TEAMS:
        Repo(repo.path / team).git("fetch", "-q", "--unshallow")
    assert okrctl(repo, "diff 2026-05-03..HEAD").out == okrctl(whole, "diff 2026-05-03..HEAD").out
    assert okrctl(repo, "check").out == okrctl(whole, "check").out, "what was kept is not used any more"


def test_a_pin_that_nobody_has_is_named_by_what_asks_for_it(whole: Repo, tmp_path: Path) -> None:
    """Somebody pinned a commit that they have not pushed."""
    repo = clone_company(whole, tmp_path / "clone")
    repo.git("update-index", "--cacheinfo", f"160000,{'1' * 40},team-a")
    repo.git("commit", "-q", "-m", "Pin what nobody has", **repo.moment("2026-05-14"))
    expected = "error: the submodule team-a is pinned at 1111111111, which is not in this clone\n"
    for command in ("diff", "diff HEAD~1..HEAD", "log signups", "score --known-at HEAD"):
        result = okrctl(repo, command)
        assert result.err == f"{expected}hint: run git -C team-a fetch\n", command
    assert okrctl(repo, "score 2026-Q2").out == okrctl(whole, "score 2026-Q2").out
    assert okrctl(repo, "score 2026-Q2 --known-at HEAD~1").status == 0


MOVED = Step("2026-05-14", TOM, "team-a", "More", {"okrs/g.yaml": STEPS[-1].files["okrs/g.yaml"].replace("240", "280")})


@pytest.mark.parametrize("state", ["moved pin", "moved back", "dirty", "new file"])
def test_the_work_tree_is_the_present_and_the_pin_is_the_past(tmp_path: Path, state: str) -> None:
    """As one repository whose work tree has the same edits, not committed."""
    one, company = build_twin(tmp_path / "twin/company"), build_company(tmp_path / "subs/company")
    if state == "moved pin":
        team_commit(company, MOVED)
    elif state == "moved back":
        Repo(company.path / "team-a").git("checkout", "-q", "HEAD~2")
    elif state == "dirty":
        company.write("team-a/okrs/g.yaml", MOVED.files["okrs/g.yaml"])
    else:
        company.write("team-a/okrs/new.yaml", STEPS[3].files["okrs/g.yaml"].replace("supply", "growth"))
    shutil.rmtree(one.path / "team-a")
    shutil.copytree(company.path / "team-a", one.path / "team-a", ignore=shutil.ignore_patterns(".git"))
    for command in ALL:
        expected, result = okrctl(one, command), okrctl(company, command)
        assert COMMIT_ID.sub("ID", result.out) == COMMIT_ID.sub("ID", expected.out), command
        assert result.status == expected.status, command


def test_a_kept_answer_follows_the_submodule(tmp_path: Path) -> None:
    company = build_company(tmp_path / "company")
    for command in ("diff", "explain signups", "log signups", "score 2026-Q2"):
        before = okrctl(company, command)
        assert okrctl(company, command).out == before.out
    team_commit(company, MOVED)
    assert "280" in okrctl(company, "diff").out and "280" in okrctl(company, "explain signups").out
    pin(company, "2026-05-14")
    assert (
        "280" not in okrctl(company, "diff").out
        and "reading of 2026-05-11: 240 -> 280" in okrctl(company, "log signups").out
    )


def test_a_linked_work_tree(whole: Repo, tmp_path: Path) -> None:
    """History reads the submodules that the main work tree has; the present needs them in the linked one."""
    linked = whole.worktree(tmp_path / "linked" / "company")
    try:
        for command in PAST[:1]:
            assert okrctl(linked, command).out == of_whole(whole.path, command).out
        assert okrctl(linked, "score 2026-Q2").err == MISSING
        linked.git("submodule", "--quiet", "update", "--init")
        for command in ALL:
            expected, result = of_whole(whole.path, command), okrctl(linked, command)
            assert (result.status, result.out) == (expected.status, expected.out), command
    finally:
        whole.git("worktree", "remove", "--force", str(linked.path))


def test_a_bare_repository_says_how_to_give_it_the_submodule(whole: Repo, tmp_path: Path) -> None:
    bare = clone_company(whole, tmp_path / "bare", "--bare")
    for team in TEAMS:
        result = okrctl(bare, "score 2026-Q2 --known-at HEAD")
        url = f"file://{whole.path.parent / 'teams' / team}"
        hint = f"git clone --bare {url} {bare.path / 'modules' / team}"
        assert result.err == f"error: the submodule {team} is not in this clone\nhint: run {hint}\n"
        bare.git(*hint.removeprefix("git ").split())
    assert okrctl(bare, "score 2026-Q2 --known-at HEAD").out == okrctl(whole, "score 2026-Q2 --known-at HEAD").out


def test_a_team_that_left_the_company_is_in_its_past(tmp_path: Path) -> None:
    company = build_company(tmp_path / "company")
    past = okrctl(company, "score 2026-Q2 --known-at HEAD").out
    company.git("rm", "-q", "team-c")
    gone = company.commit("The team left", "2026-05-14")
    assert okrctl(company, "score 2026-Q2 --known-at HEAD~1").out == past
    assert "stock.shelves" in okrctl(company, "diff HEAD~1").out
    clone = clone_company(company, tmp_path / "clone")
    result = okrctl(clone, "diff HEAD~1")
    url, place = f"file://{tmp_path / 'teams/team-c'}", clone.path / ".git/modules/team-c"
    assert result.err == f"error: the submodule team-c is not in this clone\nhint: run git clone --bare {url} {place}\n"
    clone.git("clone", "-q", "--bare", url, str(place))
    assert okrctl(clone, "diff HEAD~1").out == okrctl(company, "diff HEAD~1").out and gone


def test_a_submodule_that_was_renamed(tmp_path: Path) -> None:
    """Git keeps its name, and so the folder of its repository."""
    company = build_company(tmp_path / "company")
    before = okrctl(company, "log shelves --format json").json["entries"]
    company.git("mv", "team-c", "team-supply")
    company.commit("Another folder", "2026-05-14")
    for repo in (company, clone_company(company, tmp_path / "clone")):
        assert okrctl(repo, "log shelves --format json").json["entries"] == before
        assert "shelves" not in okrctl(repo, "diff HEAD~1").out
        assert okrctl(repo, "score 2026-Q2 --known-at HEAD~1").status == 0


@pytest.mark.parametrize("name", ["../../../elsewhere", "/tmp/elsewhere", "a/../../../x"])
def test_a_name_never_leads_out_of_the_folder_of_modules(whole: Repo, tmp_path: Path, name: str) -> None:
    repo = clone_company(whole, tmp_path / "clone", submodules=False)
    shutil.copytree(whole.path / ".git/modules/team-a", tmp_path / "elsewhere")
    listed = (repo.path / ".gitmodules").read_text().replace('[submodule "team-a"]', f'[submodule "{name}"]')
    repo.commit("Evil", "2026-05-14", files={".gitmodules": listed})
    result = okrctl(repo, "score 2026-Q2 --known-at HEAD")
    assert result.status == 2 and "the submodule team-a is not in this clone" in result.err


def test_a_sparse_submodule_and_a_sparse_company(whole: Repo, tmp_path: Path) -> None:
    repo = clone_company(whole, tmp_path / "clone")
    Repo(repo.path / "team-a").git("sparse-checkout", "set", "--no-cone", "/nothing")
    repo.git("sparse-checkout", "set", "--cone", "kpis")
    assert not (repo.path / "team-a/okrs").exists() and not (repo.path / "okrs").exists()
    for command in ALL:
        expected, result = of_whole(whole.path, command), okrctl(repo, command)
        assert (result.status, result.out, result.err) == (expected.status, expected.out, expected.err), command
