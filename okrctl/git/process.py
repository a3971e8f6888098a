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
REDIRECTS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
)

PATHS_AS_THEY_ARE = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}

# An older git does not know GIT_NO_LAZY_FETCH; allowing no protocol keeps it from fetching all the same.
READ_ONLY = PATHS_AS_THEY_ARE | {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}

HARMLESS = tuple(
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


class Runner:
    """Starts git in `folder`, with `extra` in its environment and without the variables that point elsewhere."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.extra = dict(extra or {})

    def read(self, *arguments: str, text: bytes = b"") -> bytes:
        """What a reading command prints, given `text` as its input; OkrctlError where it fails."""
        status, output, complaint = self.ask(*arguments, text=text)
        if status:
            raise failure(complaint)
        return output

    def ask(self, *arguments: str, text: bytes = b"") -> tuple[int, bytes, str]:
        """A reading command's exit status, output and complaints, for those whose failure is an answer."""
        return self._finish(("--no-pager", *HARMLESS, *arguments), READ_ONLY, text)

    def write(self, *arguments: str, text: bytes = b"") -> bytes:
        """Runs a command that the user asked for, with the user's settings and hooks; OkrctlError where it fails."""
        status, output, complaint = self._finish(arguments, PATHS_AS_THEY_ARE, text)
        if status:
            raise failure(complaint)
        return output

    @contextmanager
    def stream(self, *arguments: str, text: bytes) -> Iterator[IO[bytes]]:
        """A reading command's output while it runs; OkrctlError where it fails before the reader leaves."""
        import threading

        complaint: list[bytes] = []
        with self._started(("--no-pager", *HARMLESS, *arguments), READ_ONLY, text) as process:
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
                raise failure(b"".join(complaint).decode("utf-8", "replace"))

    def _finish(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes
    ) -> tuple[int, bytes, str]:
        with self._started(arguments, environment, text) as process:
            output, complaint = process.communicate()
            return process.returncode, output, complaint.decode("utf-8", "replace")

    @contextmanager
    def _started(self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes) -> Iterator[Any]:
        """A process whose whole input lies in a file, so that it never waits for us while we wait for it."""
        library = _library()
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
                raise no_git() from error
            yield process


def available() -> bool:
    """Whether there is a git to start."""
    try:
        return bool(_library().GIT_OK)
    except OkrctlError:
        return False


def _library() -> Any:
    try:
        import git
    except ImportError as error:
        raise no_git() from error
    return git


@contextmanager
def _without_redirects() -> Iterator[None]:
    """Hides REDIRECTS while a process starts: GitPython can add to what a process inherits, but not take away."""
    hidden = {name: os.environ.pop(name) for name in REDIRECTS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def no_git() -> OkrctlError:
    """The error of a machine without git."""
    return OkrctlError("git was not found", "install git, or make sure that it is on the PATH")


DAMAGE = re.compile(
    r"bad object|bad tree|missing|corrupt|unable to read|could not read|loose object|inflate|broken|could not fetch"
    r"|unable to unpack|not a valid object|not a tree object|failed to traverse|packfile",
    re.IGNORECASE,
)


def failure(complaint: str) -> OkrctlError:
    """Git's own words as one line, with the way out where there is a known one."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    first = lines[0] if lines else "git failed without a word"
    fatal = next((line for line in lines if line.startswith("fatal: ")), first)
    message = printable(fatal.removeprefix("fatal: ").removeprefix("error: "))
    for known in (_distrust, _nobody, _busy, _damaged):
        if error := known(complaint, message):
            return error
    return OkrctlError(f"git: {message}", "git status in the same folder may say more")


def printable(text: str) -> str:
    """The text in one line, with `?` for what a terminal might obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _distrust(complaint: str, message: str) -> OkrctlError | None:
    found = re.search(r"(?:dubious ownership in repository at|unsafe repository) \(?'([^']*)'", complaint)
    if not found:
        return None
    return OkrctlError(
        f"git does not trust the owner of {found[1]}",
        f"if you do: git config --global --add safe.directory '{found[1]}'",
    )


def _nobody(complaint: str, message: str) -> OkrctlError | None:
    if not re.search(r"tell me who you are|empty ident|auto-detect email|no email was given", complaint):
        return None
    hint = "git config --global user.name NAME; git config --global user.email ADDRESS"
    return OkrctlError("git does not know who you are", hint)


def _busy(complaint: str, message: str) -> OkrctlError | None:
    if ".lock': File exists" not in complaint:
        return None
    return OkrctlError(
        "another git is at work in this repository", "wait until it is done, or delete the lock that it left behind"
    )


def _damaged(complaint: str, message: str) -> OkrctlError | None:
    if not DAMAGE.search(complaint):
        return None
    return damaged(message)


def damaged(what: str) -> OkrctlError:
    """The error of a repository from which something cannot be read."""
    return OkrctlError(
        f"the git repository is incomplete or damaged: {what}",
        "git fsck names what is missing; fetch or clone it again",
    )
