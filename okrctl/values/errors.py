"""The exceptions for all errors that keep a command from running, one class for each code that programs see."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, which `okrctl --version` does not import
if TYPE_CHECKING:
    from typing import Self

    from okrctl.values.diagnostic import Diagnostic, ErrorCode


class OkrctlError(Exception):
    """Stops a command with exit status 2; `message` says what is wrong, `hint` how to fix it.

    Both are one line of plain text without markup or a final full stop. `code` is a stable word for programs. `path`
    (from git's top) and `line` (from 1) are the place of the error in a file, None where there is none, and
    `diagnostics` are the problems of files, as `check` reports them.
    """

    code: ErrorCode = "usage"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        path: str | None = None,
        line: int | None = None,
        diagnostics: tuple[Diagnostic, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
        self.diagnostics = diagnostics

    def rephrase(self, message: str, hint: str | None = None) -> Self:
        """Return an error of the same class and place with another message, and another hint if one is given."""
        return type(self)(
            message,
            self.hint if hint is None else hint,
            path=self.path,
            line=self.line,
            diagnostics=self.diagnostics,
        )


class UsageError(OkrctlError):
    """An argument is missing, invalid, or does not go with another."""


class SettingsError(OkrctlError):
    """okrctl.yaml cannot be read or is not valid."""

    code = "settings"


class FilesError(OkrctlError):
    """A file of the workspace is broken; `diagnostics` lists the problems of all."""

    code = "files"


class NotFoundError(OkrctlError):
    """Nothing has the name that was given: a goal, period, rule, team, revision, file or workspace."""

    code = "not-found"


class AmbiguousError(OkrctlError):
    """Several things have the name that was given."""

    code = "ambiguous"


class ConfirmError(OkrctlError):
    """An answer is missing that a person would be asked for on a terminal; `hint` names the option that gives it."""

    code = "confirm"


class RefusedError(OkrctlError):
    """A rule, a right or a hook forbids it."""

    code = "refused"


class ConflictError(OkrctlError):
    """Something changed since it was read, exists already, or is in use by another process."""

    code = "conflict"


class GitError(OkrctlError):
    """Git is missing, has no repository here, or failed."""

    code = "git"


class DiskError(OkrctlError):
    """A file cannot be read or written."""

    code = "io"


class FetchError(OkrctlError):
    """A source of readings failed, or cannot be asked."""

    code = "source"
