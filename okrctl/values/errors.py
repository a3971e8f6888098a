"""The exception for all errors that keep a command from running."""

from __future__ import annotations


class OkrctlError(Exception):
    """Stops a command with exit status 2; `message` says what is wrong, `hint` how to fix it.

    Both are one line of plain text without markup or a final full stop.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
