"""The hook as pre-commit itself installs and runs it: from a copy of this very repository, with real commits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.repositories import Repo, clean_environment
from tests.running import run, write

WHERE = "OKRCTL_TEST_PRECOMMIT"
"""The program `pre-commit`; it builds okrctl anew and so needs a package index."""
PROGRAM = os.environ.get(WHERE)
ROOT = Path(__file__).parents[2]
GOAL = """\
period: 2026-Q2
objectives:
  - id: origin
    title: Customers know where their food is from
    owner: lea
    key_results:
      - {id: codes, title: Codes requested, to: 25000, readings: ../data/codes.csv}
      - {id: returns, title: Codes requested twice by the same person, from: 4000, to: 900, kpi: returns}
"""
KPIS = "kpis: [{id: returns, title: Returns, owner: lea, better: lower, readings: {2026-04-01: 4000}}]\n"
SOUND = {"okrs/a.yaml": GOAL, "kpis/x.yaml": KPIS, "data/codes.csv": "date,value\n2026-04-05,300\n"}

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason=f"no pre-commit: {WHERE} is not set")]


class Hooked(Repo):
    """A repository in which pre-commit is installed with a configuration."""

    def __init__(self, path: Path, configuration: str, environment: Mapping[str, str]) -> None:
        super().__init__(path)
        self.environment |= environment
        self.write(".pre-commit-config.yaml", configuration)
        subprocess.run([str(PROGRAM), "install"], cwd=path, env=self.environment, check=True, capture_output=True)

    def tried(self, *paths: str) -> tuple[bool, str]:
        """Whether a commit of these paths is made, and what the hook says."""
        self.git("add", "-A", "--", *paths)
        command = ["git", "commit", "-m", "change"]
        moment = self.moment("2026-04-05")
        done = subprocess.run(command, cwd=self.path, env=self.environment | moment, capture_output=True, text=True)
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Mapping[str, str]]:
    """The configuration that names a copy of this repository as it lies here, and the environment of pre-commit."""
    copy = Repo(tmp_path_factory.mktemp("okrctl"))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    here = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    copy.commit(files={name: (ROOT / name).read_bytes() for name in here if not name.startswith("tests/")})
    hook = f"repos: [{{repo: 'file://{copy.path}', rev: {copy.head}, hooks: [{{id: okrctl-check, args: [ARGS]}}]}}]\n"
    home = tmp_path_factory.mktemp("home")
    return hook, {"PRE_COMMIT_HOME": str(home), "OKRCTL_TODAY": "2026-05-15"}


@pytest.fixture
def repo(source: tuple[str, Mapping[str, str]], tmp_path: Path) -> Hooked:
    """A repository with the hook, and nothing committed."""
    hook, environment = source
    return Hooked(tmp_path / "repo", hook.replace("ARGS", ""), environment)


def put(repo: Repo, folder: str) -> None:
    write(repo.path / folder, SOUND)


@pytest.mark.parametrize("folder", [".", "teams/goals"])
def test_a_workspace_is_found_where_it_is(repo: Hooked, folder: str) -> None:
    put(repo, folder)
    made, text = repo.tried(".")
    assert made and "okrctl check" in text and "Passed" in text
    repo.write(f"{folder}/okrs/a.yaml", GOAL.replace("owner", "onwer"))
    made, text = repo.tried(".")
    assert not made and "OKR002" in text and "did you mean 'owner'" in text


def test_each_of_two_workspaces_stops_its_own_commits(repo: Hooked) -> None:
    put(repo, "goals")
    put(repo, "ops")
    write(repo.path, {"ops/okrctl.yaml": "organisation: Acme\n"})
    assert repo.tried(".")[0]
    for folder in ("goals", "ops"):
        repo.write(f"{folder}/data/codes.csv", "date,value\n2026-04-05,many\n")
        made, text = repo.tried(folder)
        assert not made and f"{folder}/data/codes.csv:2" in text and "OKR015" in text
        repo.git("reset", "-q", "--hard")
        (repo.path / folder / "kpis/x.yaml").unlink()
        made, text = repo.tried(folder)
        assert not made and f"{folder}/okrs/a.yaml:8" in text and "there is no KPI 'returns'" in text
        repo.git("reset", "-q", "--hard")


def test_a_csv_file_alone_is_checked(repo: Hooked) -> None:
    put(repo, ".")
    assert repo.tried(".")[0]
    repo.write("data/codes.csv", "date,value\n2026-04-05,many\n")
    made, text = repo.tried("data/codes.csv")
    assert not made and "OKR015" in text


def test_a_deletion_alone_is_checked(repo: Hooked) -> None:
    put(repo, ".")
    assert repo.tried(".")[0]
    (repo.path / "kpis/x.yaml").unlink()
    made, text = repo.tried("kpis/x.yaml")
    assert not made and "OKR102" in text


def test_a_commit_of_other_files_passes(repo: Hooked) -> None:
    put(repo, "goals")
    assert repo.tried(".")[0]
    repo.write(".github/ci.yml", "on: push\n")
    repo.write("goals/okrs/a.yaml", "broken: [\n")
    made, text = repo.tried(".github/ci.yml")
    assert made and "Passed" in text


def test_all_files_are_every_workspace(repo: Hooked) -> None:
    put(repo, "goals")
    put(repo, "ops")
    assert repo.tried(".")[0]
    repo.write("ops/okrs/a.yaml", GOAL.replace("owner", "onwer"))
    command = [str(PROGRAM), "run", "--all-files"]
    done = subprocess.run(command, cwd=repo.path, env=repo.environment, capture_output=True, text=True)
    assert done.returncode == 1 and "ops/okrs/a.yaml:5" in done.stdout


def test_arguments_limit_the_hook(source: tuple[str, Mapping[str, str]], tmp_path: Path) -> None:
    hook, environment = source
    repo = Hooked(tmp_path / "repo", hook.replace("ARGS", "goals"), environment)
    put(repo, "goals")
    put(repo, "ops")
    assert repo.tried(".")[0]
    repo.write("ops/okrs/a.yaml", "broken: [\n")
    assert repo.tried("ops")[0]
    repo.write("goals/okrs/a.yaml", "broken: [\n")
    made, text = repo.tried("goals")
    assert not made and "goals/okrs/a.yaml" in text and "ops/okrs/a.yaml" not in text


def test_the_hook_that_init_writes(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    words = ("init", "--organisation", "Acme", "--team", "growth", "--pre-commit")
    assert run(*words, cwd=tmp_path, today="2026-05-15").status == 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PRE_COMMIT_HOME": str(tmp_path / ".git/home"), "OKRCTL_TODAY": "2026-05-15"}
    assert environment["PATH"] != clean_environment()["PATH"]
    hooked = Hooked(repo.path, (tmp_path / ".pre-commit-config.yaml").read_text(), environment)
    made, text = hooked.tried(".")
    assert made and "Passed" in text
    hooked.write("kpis/company.yaml", "kpis: [\n")
    made, text = hooked.tried(".")
    assert not made and "OKR001" in text
