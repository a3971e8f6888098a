"""Running git; reading commands never run a program that the repository names.

A repository can name programs in its settings (hooks, filters, a pager, an SSH command), and okrctl also reads
repositories that a pipeline or a colleague provides. So reading commands run with settings and environment that turn
all of these off. Writing commands, which the user asked for, run with the user's own settings and hooks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from okrctl.values.errors import ConflictError, DiskError, GitError, OkrctlError

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
NO_FETCH = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}

# Nobody is there to answer: no question at the terminal, in a window, or of a helper for credentials.
NO_QUESTIONS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
}

READ_ONLY_ENVIRONMENT = LITERAL_PATHS | NO_FETCH | {"GIT_OPTIONAL_LOCKS": "0"}

TIMED_OUT = 124  # the exit status of a command that was ended because the remote did not answer

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


def read_user_email(folder: Path) -> str | None:
    """The email address that git knows of whoever works in a folder; None without one, or without git.

    It asks git without GitPython, whose import takes many times longer than this question.
    """
    return _ask_git(folder, "config", "-z", "--get", "user.email").rstrip("\0") or None


def list_ref_names(folder: Path) -> list[str]:
    """The short names of branches and tags, for completion: without GitPython, and none where git cannot tell."""
    names = "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"
    return _ask_git(folder, "for-each-ref", "--count=400", *names).splitlines()


def _ask_git(folder: Path, *arguments: str) -> str:
    """What git answers in a folder, without GitPython; nothing where it fails or is missing."""
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in REDIRECTING_VARIABLES}
    try:
        done = subprocess.run(
            ["git", *SAFE_OPTIONS, *arguments], cwd=folder, env=environment | READ_ONLY_ENVIRONMENT,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


class GitRunner:
    """Runs git in `folder`, with `extra` in its environment and without REDIRECTING_VARIABLES."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.extra = dict(extra or {})

    def read(self, *arguments: str, text: bytes = b"") -> bytes:
        """The output of a reading command, with `text` as its input; OkrctlError where it fails."""
        status, output, error_text = self.run(*arguments, text=text)
        if status:
            raise git_error(error_text)
        return output

    def run(self, *arguments: str, text: bytes = b"") -> tuple[int, bytes, str]:
        """The exit status, output and error text of a reading command, for commands that may fail."""
        with self._start_reading(arguments, text) as process:
            output, error_text = process.communicate()
            return process.returncode, output, error_text.decode("utf-8", "replace")

    def write(self, *arguments: str, text: bytes = b"") -> bytes:
        """Run a command that the user asked for, with the user's settings and filters; OkrctlError where it fails."""
        status, output, error_text = self._run(arguments, LITERAL_PATHS | NO_FETCH, text)
        if status:
            raise git_error(error_text)
        return output

    def try_write(self, *arguments: str, text: bytes = b"", lock: int | None = None) -> tuple[int, bytes, str]:
        """The exit status, output and error text of a command that runs the user's hooks, and that may fail.

        Hooks may use the network. The command inherits `lock`, an open file, so that a lock on it lasts until it ends.
        """
        return self._run(arguments, LITERAL_PATHS, text, lock)

    def connect(self, *arguments: str, seconds: float) -> tuple[int, str, str]:
        """The exit status, output and error text of a command that talks to a remote, without a question to anybody.

        It uses the user's credentials, and is ended after `seconds`, with all that it started (status TIMED_OUT).
        """
        import subprocess

        own = {"LANGUAGE": "C", "LC_ALL": "C"} | LITERAL_PATHS | NO_QUESTIONS | self._ssh_settings()
        kept = {name: value for name, value in os.environ.items() if name not in REDIRECTING_VARIABLES}
        try:
            process = subprocess.Popen(
                [_find_git() or "git", "--no-pager", *arguments],
                cwd=self.folder,
                env=kept | own | self.extra,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # without a terminal, on which ssh would ask; one group, which can be ended
            )
        except OSError as error:
            raise git_missing_error() from error
        with process:
            try:
                output, error_text = process.communicate(timeout=seconds)
            except BaseException as error:
                _end_group(process.pid)
                process.communicate()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                return TIMED_OUT, "", f"no answer within {seconds:g} seconds"
        return process.returncode, output.decode("utf-8", "replace"), error_text.decode("utf-8", "replace")

    def _ssh_settings(self) -> dict[str, str]:
        """Tell ssh to ask nothing, with the options of the user's own command; another program is left as it is."""
        command = os.environ.get("GIT_SSH_COMMAND", "")
        if not command and "GIT_SSH" in os.environ:
            return {}
        if not command:
            status, output, _ = self._run(("config", "--get", "core.sshCommand"), LITERAL_PATHS | NO_FETCH, b"")
            command = "ssh" if status else output.decode("utf-8", "surrogateescape").strip()
        is_openssh = os.path.basename((command.split() or [""])[0]).casefold() in ("ssh", "ssh.exe")
        return {"GIT_SSH_COMMAND": f"{command} -o BatchMode=yes"} if is_openssh else {}

    @contextmanager
    def stream(self, *arguments: str, text: bytes) -> Iterator[IO[bytes]]:
        """The output of a reading command while it runs; OkrctlError where it fails before the reader is done."""
        import threading

        error_output: list[bytes] = []
        with self._start_reading(arguments, text) as process:
            # The error text is read at the same time as the output: a full pipe would block git for ever.
            drain = threading.Thread(target=lambda: error_output.append(process.stderr.read()), daemon=True)
            drain.start()
            try:
                yield process.stdout
            finally:
                process.stdout.close()
                process.terminate()
                status = process.wait()
                drain.join()
                process.stderr.close()
            if status > 0:
                raise git_error(b"".join(error_output).decode("utf-8", "replace"))

    def _run(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes, lock: int | None = None
    ) -> tuple[int, bytes, str]:
        with self._start(arguments, environment, text, lock) as process:
            output, error_text = process.communicate()
            return process.returncode, output, error_text.decode("utf-8", "replace")

    @contextmanager
    def _start_reading(self, arguments: tuple[str, ...], text: bytes) -> Iterator[Any]:
        """A process that reads; it is started without GitPython, whose import takes longer than most questions.

        Its input comes from a file, so that both sides never wait for each other.
        """
        import subprocess

        kept = {name: value for name, value in os.environ.items() if name not in REDIRECTING_VARIABLES}
        with _temporary_input(text) if text else open(os.devnull, "rb") as stdin:
            try:
                process = subprocess.Popen(
                    [_find_git() or "git", "--no-pager", *SAFE_OPTIONS, *arguments],
                    cwd=self.folder,
                    env=kept | {"LANGUAGE": "C", "LC_ALL": "C"} | READ_ONLY_ENVIRONMENT | self.extra,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            except OSError as error:
                if not is_git_available():
                    raise git_missing_error() from error
                raise GitError(f"cannot run git in {self.folder}: {error.strerror}", "check that folder") from error
            yield process

    @contextmanager
    def _start(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], text: bytes, lock: int | None = None
    ) -> Iterator[Any]:
        """A process that reads its input from a file, so that both sides never wait for each other."""
        library = _import_gitpython()
        with _temporary_input(text) as stdin:
            command = [library.Git.GIT_PYTHON_GIT_EXECUTABLE, *arguments]
            inherited = {} if lock is None or os.name == "nt" else {"pass_fds": (lock,)}
            try:
                with _without_redirects():
                    process = library.Git(self.folder).execute(
                        command, istream=stdin, as_process=True, env={**environment, **self.extra}, **inherited
                    )
            except library.GitCommandNotFound as error:
                raise git_missing_error() from error
            yield process


def _end_group(process: int) -> None:
    """End a process and all that it started."""
    import signal

    with suppress(OSError):
        if os.name == "nt":
            os.kill(process, signal.SIGTERM)
        else:
            os.killpg(process, signal.SIGKILL)


def _temporary_input(text: bytes) -> IO[bytes]:
    """A file to be read from its start, which vanishes when it is closed; DiskError where it cannot be written."""
    import tempfile

    try:
        # A buffer would be written once more when it is closed.
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (the caller closes it)
    except OSError as error:
        raise _temporary_file_error(error) from error
    try:
        file.write(text)
        file.seek(0)
    except OSError as error:
        file.close()
        raise _temporary_file_error(error) from error
    return file


def _temporary_file_error(error: OSError) -> OkrctlError:
    return DiskError(f"cannot write a temporary file for git: {error.strerror}", "check the free space on the disk")


def is_git_available() -> bool:
    """Whether git is installed."""
    return _find_git() is not None


def _find_git() -> str | None:
    """The path of git, found in PATH alone: Windows would run a git.exe of the current folder, which may be hostile."""
    name = "git.exe" if os.name == "nt" else "git"
    folders = (folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(folder))
    paths = (os.path.join(folder, name) for folder in folders)
    return next((path for path in paths if os.access(path, os.X_OK) and os.path.isfile(path)), None)


def _import_gitpython() -> Any:
    try:
        import git
    except ImportError as error:
        raise git_missing_error() from error
    return git


@contextmanager
def _without_redirects() -> Iterator[None]:
    """Hide REDIRECTING_VARIABLES while a process starts; GitPython can add variables, but cannot remove any."""
    hidden = {name: os.environ.pop(name) for name in REDIRECTING_VARIABLES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def git_missing_error() -> OkrctlError:
    """The error where git is not installed."""
    return GitError("git was not found", "install git, or add it to the PATH")


DAMAGE_MESSAGES = re.compile(
    r"bad object|bad tree|missing|corrupt|unable to read|could not read|loose object|inflate|broken|could not fetch"
    r"|unable to unpack|not a valid object|not a tree object|failed to traverse|packfile",
    re.IGNORECASE,
)


COMPLETE_HINT = "git fetch --refetch --no-filter gets all of it"


def git_error(error_text: str) -> OkrctlError:
    """The error for a message of git, in one line, with a hint for known errors."""
    lines = [line.strip() for line in error_text.splitlines() if line.strip()]
    first = lines[0] if lines else "git failed without a message"
    fatal = next((line for line in lines if line.startswith("fatal: ")), first)
    message = to_printable(fatal.removeprefix("fatal: ").removeprefix("error: "))
    for match_error in (
        _unsafe_repo_error,
        _signature_error,
        _missing_identity_error,
        _locked_error,
        _partial_clone_error,
        _damaged_error,
    ):
        if error := match_error(error_text, message):
            return error
    return GitError(f"git: {message}", "run git status in the same folder for details")


def to_printable(text: str) -> str:
    """The text with `?` for every character that is not printable."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _unsafe_repo_error(error_text: str, message: str) -> OkrctlError | None:
    match = re.search(r"(?:dubious ownership in repository at|unsafe repository) \(?'([^']*)'", error_text)
    if not match:
        return None
    return GitError(
        f"the repository {match[1]} belongs to another user",
        f"if you trust it, run git config --global --add safe.directory '{match[1]}'",
    )


def _signature_error(error_text: str, message: str) -> OkrctlError | None:
    if "failed to sign" not in error_text:
        return None
    hint = "check user.signingKey and gpg.program, or run git config commit.gpgSign false"
    return GitError("git could not sign the commit", hint)


def _missing_identity_error(error_text: str, message: str) -> OkrctlError | None:
    if not re.search(r"tell me who you are|empty ident|auto-detect email|no email was given", error_text):
        return None
    hint = "run git config --global user.name NAME and git config --global user.email ADDRESS"
    return GitError("git has no user name or email address", hint)


def _locked_error(error_text: str, message: str) -> OkrctlError | None:
    if ".lock': File exists" not in error_text:
        return None
    return locked_error()


def locked_error() -> OkrctlError:
    """The error where another git process writes."""
    return ConflictError(
        "another git process is using the repository", "wait until it ends, or delete the lock file that it left"
    )


def _partial_clone_error(error_text: str, message: str) -> OkrctlError | None:
    """The error of an object that the remote has promised, and that git was kept from fetching."""
    match = re.search(r"could not fetch ([0-9a-f]{10})\w* from promisor|promisor", error_text)
    if not match:
        return None
    return missing_error(match[1])


def missing_error(name: str | None) -> OkrctlError:
    """The error of an object that a partial clone lacks, by its id where it is known."""
    shown = f"object {name[:10]}" if name else "an object"
    return GitError(f"this clone is partial, and {shown} is not in it", COMPLETE_HINT)


def git_in(folder: Path) -> str:
    """How a person calls git in a folder, from the folder in which they are."""
    import shlex

    here, there = os.path.realpath(os.curdir), os.path.realpath(folder)
    if here == there:
        return "git"
    shown = os.path.relpath(there, here) if there.startswith(os.path.join(here, "")) else there
    return f"git -C {shlex.quote(to_printable(shown))}"


def _damaged_error(error_text: str, message: str) -> OkrctlError | None:
    if not DAMAGE_MESSAGES.search(error_text):
        return None
    return damage_error(message)


def damage_error(detail: str) -> OkrctlError:
    """The error of a repository with missing or unreadable objects."""
    return GitError(
        f"the git repository is incomplete or damaged: {detail}",
        "run git fsck to see what is missing, then fetch or clone again",
    )
