"""A sparse checkout answers as the whole one: what it leaves out is read from git's index, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from okrctl import files
from okrctl.git.process import GitRunner
from tests.companies import STEPS, Step, build_twin
from tests.history.clones import COMMANDS, TODAY, calls, note_calls, okrctl, require_whole_or_named
from tests.repositories import LEA, Repo, isolate
from tests.running import run

DOCS = Step("2026-05-13", LEA, "docs", "Docs", {"readme.md": "Read me\n"})
SHAPES = {
    "cone": ("--cone", "docs"),
    "sparse index": ("--cone", "--sparse-index", "docs"),
    "no cone": ("--no-cone", "/docs"),
}
FILTERS = {"all objects": [], "blobless": ["--filter=blob:none"], "treeless": ["--filter=tree:0"]}
NOT_HERE = "is not in the work tree: this checkout is sparse"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        repo = build_twin(tmp_path_factory.mktemp("whole") / "company", [*STEPS, DOCS])
        repo.config("uploadpack.allowFilter", "true")
        for name, value in repo.moment("2026-05-14").items():
            patch.setenv(name, value)
        closed = okrctl(repo, "close 2026-Q2 --force --yes --accept-unrecorded --commit")
        assert closed.status == 0, closed.err
        yield repo


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


def sparse_clone(whole: Repo, folder: Path, shape: str, options: list[str] | None = None) -> Repo:
    """A clone that has the folder `docs` alone, in cone mode with the files at the top."""
    whole.git("clone", "-q", "--no-checkout", "--template=", *(options or []), f"file://{whole.path}", str(folder))
    repo = Repo(folder)
    repo.git("sparse-checkout", "set", *SHAPES[shape])
    repo.git("checkout", "-q", "main")
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    note_calls(repo, folder.parent)
    return repo


@pytest.mark.parametrize("shape", SHAPES)
def test_every_command_answers_as_in_the_whole_clone(whole: Repo, tmp_path: Path, shape: str) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", shape)
    names = ["docs"] if shape == "no cone" else ["docs", "okrctl.yaml"]
    assert sorted(path.name for path in repo.path.iterdir() if path.name != ".git") == names
    for command in COMMANDS:
        expected, result = okrctl(whole, command), okrctl(repo, command)
        assert (result.status, result.out, result.err) == (expected.status, expected.out, expected.err), command


@pytest.mark.parametrize("filters", ["blobless", "treeless"])
@pytest.mark.parametrize("shape", ["cone", "no cone"])
def test_a_missing_content_is_named_with_the_command_that_brings_it(
    whole: Repo, tmp_path: Path, shape: str, filters: str
) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", shape, FILTERS[filters])
    for command in COMMANDS:
        require_whole_or_named(command, okrctl(whole, command), okrctl(repo, command))
        assert not calls(repo), command
    result = okrctl(repo, "score 2026-Q2")
    path = "kpis/k.yaml" if shape == "cone" else "okrctl.yaml"
    folders = "kpis okrs team-a/okrs team-b/okrs team-c/okrs" if shape == "cone" else "/okrctl.yaml"
    assert result.err == (
        f"error: {path} is left out of this sparse checkout, and its content is not in this clone\n"
        f"hint: run git sparse-checkout add {folders}\n"
    )


def test_the_command_brings_it(whole: Repo, tmp_path: Path) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", "cone", FILTERS["blobless"])
    hint = okrctl(repo, "score 2026-Q2").err.splitlines()[1]
    repo.git(*hint.removeprefix("hint: run git ").split())
    assert okrctl(repo, "show score").out == okrctl(whole, "show score").out
    assert okrctl(repo, "show calls").status == 0, "its readings in CSV are told of on their own"


def test_an_answer_follows_the_index(whole: Repo, tmp_path: Path) -> None:
    """What was kept of an earlier run is not used when another commit is checked out."""
    repo = sparse_clone(whole, tmp_path / "clone", "no cone")
    for _ in range(2):
        assert "240" in okrctl(repo, "show signups").out
        assert "in 6 files" in okrctl(repo, "check").out
    repo.git("checkout", "-q", "HEAD~9")  # the company and its first team
    for _ in range(2):
        assert "240" not in okrctl(repo, "show signups").out
        assert "in 4 files" in okrctl(repo, "check").out
    repo.git("checkout", "-q", "main")
    repo.git("sparse-checkout", "disable")
    assert okrctl(repo, "show signups").out == okrctl(whole, "show signups").out


def test_without_git_what_is_left_out_is_not_taken_for_gone(
    whole: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", "cone")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    for command in ("score", "check", "tree"):
        result = okrctl(repo, command)
        assert (
            result.status == 2
            and "is a sparse checkout, and git, which has the rest of it, was not found" in result.err
        )


def test_a_file_that_is_there_all_the_same_counts(whole: Repo, tmp_path: Path) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", "cone")
    text = (whole.path / "team-a/okrs/g.yaml").read_text().replace("2026-05-11: 240", "2026-05-11: 300")
    repo.write("team-a/okrs/g.yaml", text)
    assert "300" in okrctl(repo, "show signups").out
    assert "readings.2026-05-11" in okrctl(repo, "diff --format json").out


WRITES = (
    "checkin calls=50 --force", "checkin calls=50 --force --commit", "checkin signups=300 --force --dry-run",
    "amend signups --to 600 --reason Market --force", "reopen 2026-Q2 --reason Wrong",
)  # fmt: skip


@pytest.mark.parametrize("command", WRITES)
def test_what_is_left_out_is_not_written(whole: Repo, tmp_path: Path, command: str) -> None:
    repo = sparse_clone(whole, tmp_path / "clone", "cone")
    result = okrctl(repo, command)
    assert result.status == 2 and NOT_HERE in result.err, result.err
    assert "hint: run git sparse-checkout add " in result.err
    assert repo.git("status", "--porcelain") == "" and not (repo.path / "team-a").exists()
    hint = result.err.splitlines()[-1]
    repo.git(*hint.removeprefix("hint: run git ").split())
    assert okrctl(repo, command).status == 0


def test_a_checkout_that_is_not_sparse_starts_no_git(whole: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GitRunner, "_start_reading", lambda *_: pytest.fail("git was started"))
    assert files.find(whole.path, ["**/*.yaml"]) and files.has_file(whole.path, "okrctl.yaml")
    assert not files.has_file(whole.path, "missing.yaml")


def test_a_folder_inside_and_a_workspace_below_the_top(whole: Repo, tmp_path: Path) -> None:
    """The command that brings a file works from where it is told."""
    mono = Repo(tmp_path / "mono")
    goals = (whole.path / "team-b/okrs/g.yaml").read_text()
    texts = {"goals/okrctl.yaml": "{}\n", "goals/okrs/g.yaml": goals, "code/a.py": "", "goals/docs/a.txt": ""}
    mono.commit(files=texts)
    mono.git("sparse-checkout", "set", "--cone", "goals/docs")
    place = mono.path / "goals"
    assert "Customers recommend" in run("score", "2026-Q2", cwd=place, today=TODAY).out
    result = run("checkin", "score=4.5", cwd=place, today=TODAY)
    assert NOT_HERE in result.err and f"git -C {mono.path} sparse-checkout add goals/okrs" in result.err


LINKED = ("score 2026-Q2", "tree", "check", "diff", "diff HEAD~1", "log score", "status", "kpi", "explain score")


@pytest.mark.parametrize("kept", [("docs",), ("docs", "okrs"), ("docs", "shared"), ("docs", "elsewhere")])
def test_links_lead_to_the_same_goals_whichever_end_is_left_out(
    whole: Repo, tmp_path: Path, kept: tuple[str, ...]
) -> None:
    """A file and a folder that `include:` reaches through links alone."""
    full = Repo(tmp_path / "full")
    goals, kpis = ((whole.path / path).read_text() for path in ("team-b/okrs/g.yaml", "kpis/k.yaml"))
    texts = {"okrctl.yaml": "{}\n", "shared/trust.yaml": goals, "elsewhere/kpis/k.yaml": kpis}
    texts |= {"docs/readme.md": "", "okrs/keep.txt": ""}
    full.commit("Begin", "2026-04-05", files=texts)
    (full.path / "okrs/trust.yaml").symlink_to("../shared/trust.yaml")
    (full.path / "kpis").symlink_to("elsewhere/kpis")
    full.commit("Links", "2026-04-06")
    repo = full.clone(tmp_path / "clone")
    repo.git("sparse-checkout", "set", "--no-cone", *(f"/{folder}" for folder in kept))
    assert "reviews" in okrctl(full, "tree").out and "NPS" in okrctl(full, "kpi").out
    for command in LINKED:
        expected, result = okrctl(full, command), okrctl(repo, command)
        assert (result.status, result.out, result.err) == (expected.status, expected.out, expected.err), command
