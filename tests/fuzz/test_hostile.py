"""A workspace from somebody who means harm: nothing is executed, contacted, read or written outside of it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.harness import READING, WRITING, listed
from tests.fuzz.mutations import BASE
from tests.repositories import Repo, isolate
from tests.running import Result, run

SECRET = "hunter2"
EVERY = [words for words in (*listed(READING), *listed(WRITING)) if "--commit" not in words]
SOME = [
    words for words in EVERY if words[0] in ("check", "checkin", "close", "diff", "report", "refresh", "init", "new")
]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "around" / "workspace")
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit(day="2025-01-10", files=BASE)
    return repo


def plant_programs(repo: Repo, canary: Path) -> None:
    """Name a program wherever git lets a repository name one; each leaves a file."""
    (canary / "hooks").mkdir(parents=True)

    def program(name: str) -> str:
        return f"sh -c 'touch {canary}/{name}; cat'"

    plain = """
        core.fsmonitor core.pager core.editor core.sshCommand core.gitProxy core.askPass core.alternateRefsCommand
        filter.spy.clean filter.spy.smudge filter.other.process diff.spy.textconv diff.spy.command diff.external
        merge.spy.driver gpg.program pager.log pager.diff sequence.editor interactive.diffFilter trailer.spy.command
    """.split()
    settings = {key: program(key) for key in plain} | {
        "core.hooksPath": str(canary / "hooks"), "credential.helper": "!" + program("credential"),
        "alias.rev-parse": "!" + program("alias"), "alias.log": "!" + program("alias"), "commit.gpgSign": "true",
        "log.showSignature": "true", "remote.origin.url": f"ext::touch% {canary}/ext", "protocol.ext.allow": "always",
        "remote.origin.promisor": "true", "remote.origin.partialclonefilter": "blob:none",
        "filter.spy.required": "true",
    }  # fmt: skip
    for hook in """pre-commit commit-msg prepare-commit-msg post-commit post-index-change post-checkout pre-auto-gc
                   reference-transaction fsmonitor-watchman""".split():
        (canary / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {canary}/hook-{hook}\n")
        (canary / "hooks" / hook).chmod(0o755)
    repo.write(".gitattributes", "*.yaml filter=spy diff=spy merge=spy\n*.csv filter=other diff=spy\n* ident\n")
    for key, value in settings.items():
        repo.config(key, value)


@pytest.mark.slow
@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_no_command_runs_a_program_of_the_repository(repo: Repo, tmp_path: Path, words: list[str]) -> None:
    runs_nothing(repo, tmp_path / "canary", [words])


def test_some_commands_run_no_program_of_the_repository(repo: Repo, tmp_path: Path) -> None:
    runs_nothing(repo, tmp_path / "canary", SOME[::3])


def runs_nothing(repo: Repo, canary: Path, commands: list[list[str]]) -> None:
    repo.commit(day="2025-04-10", files={"late.csv": "date,value\n2025-05-01,3\n"})
    plant_programs(repo, canary)
    for words in commands:
        answered(words, run(*words, cwd=repo.path))
        assert [path.name for path in canary.iterdir() if path.is_file()] == [], words


def test_the_programs_would_run(repo: Repo, tmp_path: Path) -> None:
    plant_programs(repo, tmp_path / "canary")
    repo.write("okrctl.yaml", "organisation: Changed\n")
    try:
        repo.git("status")
        repo.git("diff")
    except RuntimeError:
        pass
    assert {path.name for path in (tmp_path / "canary").iterdir()} >= {"core.fsmonitor", "hooks"}


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "a goal file outside": lambda root, outside: (root / "okrs/x.yaml").symlink_to(outside / "goals.yaml"),
    "a system file": lambda root, _: (root / "okrs/x.yaml").symlink_to("/etc/passwd"),
    "a folder outside": lambda root, outside: (root / "okrs/more").symlink_to(outside),
    "the root": lambda root, _: (root / "okrs/loop").symlink_to(root),
    "itself": lambda root, _: (root / "okrs/self.yaml").symlink_to("self.yaml"),
    "each other": lambda root, _: each_other(root / "okrs/l1", root / "okrs/l2"),
    "seals": lambda root, outside: (root / "scorecards").symlink_to(outside),
    "schemas": lambda root, outside: (root / ".okrctl").symlink_to(outside),
    "settings of the editor": lambda root, outside: (root / ".vscode").symlink_to(outside),
    "the next period": lambda root, outside: (root / "okrs/2025-Q3").symlink_to(outside),
    "the site": lambda root, outside: (root / "site").symlink_to(outside),
    "a digest": lambda root, outside: (root / "digests").symlink_to(outside),
    "readings": lambda root, outside: replaced(root / "okrs/2025-Q2/late.csv", outside / "secret.csv"),
    "a source": lambda root, outside: replaced(root / "late.csv", outside / "secret.csv"),
    "an output": lambda root, outside: (root / "rows.json").symlink_to(outside / "rows.json"),
    "attributes": lambda root, outside: (root / ".gitattributes").symlink_to(outside / "attributes"),
    "settings": lambda root, outside: replaced(root / "okrctl.yaml", outside / "goals.yaml"),
    "kpis": lambda root, outside: replaced(root / "kpis/company.yaml", outside / "goals.yaml"),
}


def each_other(one: Path, other: Path) -> None:
    one.symlink_to(other)
    other.symlink_to(one)


def replaced(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


@pytest.mark.parametrize("link", LINKS)
def test_no_link_leads_out(repo: Repo, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "around" / "outside"
    outside.mkdir()
    (outside / "goals.yaml").write_text(
        f"period: 2025-Q2\nteam: {SECRET}\nobjectives: [{{id: {SECRET}, title: {SECRET}}}]\n"
    )
    (outside / "secret.csv").write_text(f"date,value\n2025-05-01,{SECRET}\n")
    LINKS[link](repo.path, outside)
    before = tree(tmp_path / "around", repo.path)
    for words in EVERY if link in ("seals", "a digest", "an output") else SOME:
        result = run(*words, cwd=repo.path)
        answered(words, result)
        assert SECRET not in result.out + result.err, words
        assert "root:" not in result.out + result.err, words
        assert tree(tmp_path / "around", repo.path) == before, words


def tree(folder: Path, root: Path) -> dict[str, bytes]:
    """All files beside the workspace."""
    found = (path for path in folder.rglob("*") if root not in path.parents)
    return {str(path): path.read_bytes() for path in found if path.is_file()}


def answered(words: list[str], result: Result) -> None:
    assert result.status in (0, 1, 2), (words, result.err)
    assert "Traceback" not in result.err, words


NAMES = {
    "line break": b"a\nb.yaml", "escape": b"a\x1b[31mb.yaml", "direction": "a\u202eb.yaml".encode(),
    "option": b"-rf.yaml", "option of git": b"--output=x.yaml", "pathspec": b":(top)x.yaml", "not UTF-8": b"a\xff.yaml",
    "decomposed": unicodedata.normalize("NFD", "ä.yaml").encode(), "quote": b"a'\".yaml", "blank": b" .yaml",
    "glob": b"[a-z]*?.yaml", "markup": b"<b>&`|.yaml", "separator": b"a\\b.yaml", "workflow": b"a::error::%0Ax.yaml",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_file(repo: Repo, name: str) -> None:
    goals = (
        b"period: 2025-Q2\nteam: trust\nobjectives: [{id: o, titel: T, owner: lea, key_results: [{id: k, to: 3}]}]\n"
    )
    for content in (goals, goals.replace(b"titel", b"title").replace(b"id: k,", b"id: k, title: K,")):
        with open(os.fsencode(repo.path / "okrs") + b"/" + NAMES[name], "wb") as file:
            file.write(content)
        for words in SOME:
            answered(words, run(*words, cwd=repo.path))
        repo.git("add", "-A")
        for words in (["diff", "HEAD"], ["check", "--whole"], ["check", "--base", "HEAD", "--format", "gitlab"]):
            answered(words, run(*words, cwd=repo.path))


def test_names_that_differ_in_case_or_form_alone(repo: Repo) -> None:
    goals = "period: 2025-Q2\nteam: trust\nobjectives: [{{id: {}, title: T, owner: lea, key_results: []}}]\n"
    for number, name in enumerate(("a", "A", "\u00e4", "a\u0308")):
        repo.write(f"okrs/{name}.yaml", goals.format(f"o{number}"))
    found = run("export", "--what", "objectives", "--format", "json", cwd=repo.path)
    assert {f"o{number}" for number in range(4)} <= {row["objective"] for row in found.json["rows"]}


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 300, b'{"pieces": [["out", "planted"]], "status": 0}'])
def test_whatever_lies_in_the_cache(repo: Repo, own_surroundings: Path, damage: bytes) -> None:
    commands = [["check"], ["score"], ["status", "--format", "json"], ["diff"]]
    right = {" ".join(words): run(*words, cwd=repo.path, env={"OKRCTL_NO_CACHE": "1"}) for words in commands}
    for words in commands:
        run(*words, cwd=repo.path)
    entries = [path for path in own_surroundings.rglob("*") if path.is_file()]
    assert entries
    for path in entries:
        path.write_bytes(path.read_bytes()[:64] + damage if damage == b"x" else damage)
    for words in commands:
        assert run(*words, cwd=repo.path) == right[" ".join(words)]


def test_bytes_that_are_no_text_stay_in_gits_attributes(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_bytes(b"# caf\xe9\n*.png binary\n")
    assert run("init", "--organisation", "A", "--team", "b", cwd=tmp_path).status == 0
    assert (tmp_path / ".gitattributes").read_bytes().startswith(b"# caf\xe9\n*.png binary\n")
