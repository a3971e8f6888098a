"""Commands that talk to a remote ask nobody, end in time, and show no password."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from okrctl.git.process import TIMED_OUT, GitRunner
from okrctl.git.upstream import _reason
from tests.repositories import Repo, isolate


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    return Repo(tmp_path / "repo")


def connect(repo: Repo, script: str, seconds: float = 60) -> tuple[int, str, str]:
    return GitRunner(repo.path).connect("-c", f"alias.told=!{script}", "told", seconds=seconds)


@pytest.mark.parametrize(
    ("command", "setting", "told"),
    [
        ("", "", "ssh -o BatchMode=yes"),
        ("ssh -i key", "ssh -i other", "ssh -i key -o BatchMode=yes"),
        ("", "/usr/bin/ssh -i other", "/usr/bin/ssh -i other -o BatchMode=yes"),
        ("plink -x", "", "plink -x"),
    ],
)
def test_ssh_asks_nothing(repo: Repo, command: str, setting: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if command:
        monkeypatch.setenv("GIT_SSH_COMMAND", command)
    if setting:
        repo.config("core.sshCommand", setting)
    assert connect(repo, "echo $GIT_SSH_COMMAND") == (0, f"{told}\n", "")


def test_the_program_of_the_user_for_ssh_is_left_alone(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH", "/opt/my ssh")
    assert connect(repo, "echo ${GIT_SSH_COMMAND-unset}, $GIT_SSH") == (0, "unset, /opt/my ssh\n", "")


def test_git_asks_nothing(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_ASKPASS", "window")
    assert connect(repo, "echo $GIT_TERMINAL_PROMPT, ${GIT_ASKPASS-unset}")[1] == "0,\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_command_that_hangs_ends_with_all_that_it_started(repo: Repo) -> None:
    """The pipe is closed only when the grandchild, too, has ended."""
    os.mkfifo(repo.path / "never")
    status, output, error_text = connect(repo, "cat never & echo $! >child; cat never", seconds=0.2)
    assert (status, output, error_text) == (TIMED_OUT, "", "no answer within 0.2 seconds")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "fatal: unable to access 'https://lea:s3cret@host/x.git/': no route\n",
            "unable to access 'https://host/x.git/': no route",
        ),
        ("warning: old\nhint: try\nERROR: no such repository\nfatal: Could not read\n", "no such repository"),
        ("remote: \nremote: error: GH006: protected branch\nerror: failed to push\n", "GH006: protected branch"),
        ("git@host: Permission denied (publickey).\n", "git@host: Permission denied (publickey)."),
        ("fatal: 'ssh://lea:p@ss@host/x.git' is away\n", "'ssh://host/x.git' is away"),
        ("a\x1b[31mred\n", "a?[31mred"),
        ("", "git failed without a message"),
    ],
)
def test_the_reason_is_one_line_without_secrets(text: str, line: str) -> None:
    assert _reason(text) == line
