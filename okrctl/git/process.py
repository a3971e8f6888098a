"""Starts git, for reading in such a way that no program named by the inspected repository ever runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from okrctl.values.errors import OkrctlError

# Each of these would make git read another repository than the one of its folder. A hook inherits them.
REDIRECTING_VARIABLES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
)

LITERAL_PATHS = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}

# An older git does not know GIT_NO_LAZY_FETCH; allowing no protocol keeps it from fetching all the same.
READ_ONLY_ENVIRONMENT = LITERAL_PATHS | {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}

SAFE_OPTIONS = tuple(
    part
    for setting in (
        "core.fsmonitor=false",
        f"core.hooksPath={os.devnull}",
        "core.sshCommand=",
        "credential.helper=",
        "log.showSignature=false",
        "log.showRoot=true",
        "log.follow=false",
        "log.diffMerges=separate",
        f"diff.orderFile={os.devnull}",
        "i18n.logOutputEncoding=UTF-8",
    )
    for part in ("-c", setting)
)


class GitRunner:
    """Starts git in `folder`, with `extra` in its environment and without the variables that point elsewhere."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.extra = dict(extra or {})

    def read(self, *arguments: str, text: bytes = b"") -> bytes:
        """What a reading command prints, given `text` as its input; OkrctlError where it fails."""
        status, output, complaint = self.run(*arguments, text=text)
        if status:
            raise git_error(complaint)
        return output

    def run(self, *arguments: str, text: bytes = b"") -> tuple[int, bytes, str]:
        """A reading command's exit status, output and complaints, for those whose failure is an answer."""
        return self._run(("--no-pager", *SAFE_OPTIONS, *arguments), READ_ONLY_ENVIRONMENT, text)

    def write(self, *arguments: str, text: bytes = b"") -> bytes:
        """Runs a command that the user asked for, with the user's settings and hooks; OkrctlError where it fails."""
        status, output, complaint = self._run(arguments, LITERAL_PATHS, text)
        if status:
            raise git_error(complaint)
        return output

    @contextmanager
    def stream(self, *arguments: str, text: bytes) -> Iterator[IO[bytes]]:
        """A reading command's output while it runs; OkrctlError where it fails before the reader leaves."""
        import threading

        complaint: list[bytes] = []
        with self._start(("--no-pager", *SAFE_OPTIONS, *arguments), READ_ONLY_ENVIRONMENT, text) as process:
            # Complaints are drained beside the output: a full pipe would stop git for ever.
            drain = threading.Thread(target=lambda: complaint.append(process.stderr.read()), daemon=True)
            drain.start()
            try:
                yield process.stdout
            finally:
                process.stdout.close()
                process.terminate()
                status = process.proc.wait()
                drain.join()
            if status > 0:
                raise git_error(b"".join(complaint).decode("utf-8", "replace"))

    def _run(self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes) -> tuple[int, bytes, str]:
        with self._start(arguments, environment, text) as process:
            output, complaint = process.communicate()
            return process.returncode, output, complaint.decode("utf-8", "replace")

    @contextmanager
    def _start(self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes) -> Iterator[Any]:
        """A process whose whole input lies in a file, so that it never waits for us while we wait for it."""
        library = _import_gitpython()
        import tempfile

        with tempfile.TemporaryFile() as requests:
            requests.write(text)
            requests.seek(0)
            command = [library.Git.GIT_PYTHON_GIT_EXECUTABLE, *arguments]
            try:
                with _without_redirects():
                    process = library.Git(self.folder).execute(
                        command, istream=requests, as_process=True, env={**environment, **self.extra}
                    )
            except library.GitCommandNotFound as error:
                raise git_missing_error() from error
            yield process


def is_git_available() -> bool:
    """Whether there is a git to start."""
    try:
        return bool(_import_gitpython().GIT_OK)
    except OkrctlError:
        return False


def _import_gitpython() -> Any:
    try:
        import git
    except ImportError as error:
        raise git_missing_error() from error
    return git


@contextmanager
def _without_redirects() -> Iterator[None]:
    """Hides REDIRECTS while a process starts: GitPython can add to what a process inherits, but not take away."""
    hidden = {name: os.environ.pop(name) for name in REDIRECTING_VARIABLES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def git_missing_error() -> OkrctlError:
    """The error of a machine without git."""
    return OkrctlError("git was not found", "install git, or make sure that it is on the PATH")


DAMAGE_MESSAGES = re.compile(
    r"bad object|bad tree|missing|corrupt|unable to read|could not read|loose object|inflate|broken|could not fetch"
    r"|unable to unpack|not a valid object|not a tree object|failed to traverse|packfile",
    re.IGNORECASE,
)


def git_error(complaint: str) -> OkrctlError:
    """Git's own words as one line, with the way out where there is a known one."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    first = lines[0] if lines else "git failed without a word"
    fatal = next((line for line in lines if line.startswith("fatal: ")), first)
    message = to_printable(fatal.removeprefix("fatal: ").removeprefix("error: "))
    for known in (_unsafe_repo_error, _missing_identity_error, _locked_error, _damaged_error):
        if error := known(complaint, message):
            return error
    return OkrctlError(f"git: {message}", "git status in the same folder may say more")


def to_printable(text: str) -> str:
    """The text in one line, with `?` for what a terminal might obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _unsafe_repo_error(complaint: str, message: str) -> OkrctlError | None:
    found = re.search(r"(?:dubious ownership in repository at|unsafe repository) \(?'([^']*)'", complaint)
    if not found:
        return None
    return OkrctlError(
        f"git does not trust the owner of {found[1]}",
        f"if you do: git config --global --add safe.directory '{found[1]}'",
    )


def _missing_identity_error(complaint: str, message: str) -> OkrctlError | None:
    if not re.search(r"tell me who you are|empty ident|auto-detect email|no email was given", complaint):
        return None
    hint = "git config --global user.name NAME; git config --global user.email ADDRESS"
    return OkrctlError("git does not know who you are", hint)


def _locked_error(complaint: str, message: str) -> OkrctlError | None:
    if ".lock': File exists" not in complaint:
        return None
    return OkrctlError(
        "another git is at work in this repository", "wait until it is done, or delete the lock that it left behind"
    )


def _damaged_error(complaint: str, message: str) -> OkrctlError | None:
    if not DAMAGE_MESSAGES.search(complaint):
        return None
    return damage_error(message)


def damage_error(what: str) -> OkrctlError:
    """The error of a repository from which something cannot be read."""
    return OkrctlError(
        f"the git repository is incomplete or damaged: {what}",
        "git fsck names what is missing; fetch or clone it again",
    )
