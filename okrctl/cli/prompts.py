"""Asks questions on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError

INTERRUPTED = 130


class PromptEnded(KeyboardInterrupt):
    """The input ended, with Ctrl-C if `interrupted`; uncaught, it ends the command."""

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__()
        self.interrupted = interrupted


def is_interactive() -> bool:
    """Whether standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """Return the line typed after a question, without blanks around it; raises PromptEnded at Ctrl-D and Ctrl-C."""
    try:
        sys.stderr.write(f"{sanitize(question)} ")
        sys.stderr.flush()
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise PromptEnded(interrupted=True) from None
    if not line:
        sys.stderr.write("\n")
        raise PromptEnded
    return line.strip()


def ask_or_require(question: str, required: str, hint: str) -> str:
    """Return an answer; without a terminal, raises OkrctlError that names what is required."""
    if not is_interactive():
        raise OkrctlError(f"not a terminal: {required} is required", hint)
    return ask(question)


def confirm_doubts(session: Session, doubts: Sequence[str], force: bool) -> None:
    """Return if there are no doubts, `force` is given, or the person confirms each; else raise OkrctlError."""
    if force:
        for doubt in doubts:
            session.notify(doubt)
        return
    for doubt in doubts:
        if not is_interactive():
            raise OkrctlError(doubt, "--force does it anyway")
        if ask(f"{doubt}; go on? [y/N]").casefold() not in ("y", "yes"):
            raise OkrctlError(doubt, "nothing was written")


def end_without_writing(session: Session, ended: PromptEnded) -> int:
    """Report that a person left before anything was written, and return the exit status."""
    session.say("nothing was written")
    return INTERRUPTED if ended.interrupted else 2
