"""Asks the person at the terminal, and knows when there is none."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError


class PromptEnded(KeyboardInterrupt):
    """The person has had enough: the end of the input, or Ctrl-C where `interrupted`; uncaught, it ends the command."""

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__()
        self.interrupted = interrupted


def is_interactive() -> bool:
    """Whether somebody sits at a terminal and can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """One line typed behind a question, without blanks around it; raises Left at Ctrl-D and Ctrl-C."""
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


def ask_or_require(question: str, default: str, option: str) -> str:
    """An answer, `default` for an empty one; off the terminal an OkrctlError that names the option to give."""
    if not is_interactive():
        raise OkrctlError(f"nobody is here to answer: {question}", f"give {option}")
    return ask(f"{question} [{default}]" if default else question) or default


def confirm_doubts(session: Session, doubts: Sequence[str], force: bool, hint: str = "--force does it anyway") -> None:
    """Go on where nothing is doubtful, `force` is given, or the person says yes to each; else OkrctlError."""
    if force:
        session.say("\n".join(map(sanitize, doubts)))
        return
    for doubt in doubts:
        if not is_interactive():
            raise OkrctlError(doubt, hint)
        if ask(f"{doubt}; go on? [y/N]").casefold() not in ("y", "yes"):
            raise OkrctlError(doubt, "nothing was written")
