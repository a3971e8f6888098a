"""Asks the person at the terminal, and knows when there is none."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from okrctl.cli.session import Session
from okrctl.outputs.terminal import safe
from okrctl.values.errors import OkrctlError


class Left(KeyboardInterrupt):
    """The person has had enough: the end of the input, or Ctrl-C where `interrupted`; uncaught, it ends the command."""

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__()
        self.interrupted = interrupted


def possible() -> bool:
    """Whether somebody sits at a terminal and can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """One line typed behind a question, without blanks around it; raises Left at Ctrl-D and Ctrl-C."""
    try:
        sys.stderr.write(f"{safe(question)} ")
        sys.stderr.flush()
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise Left(interrupted=True) from None
    if not line:
        sys.stderr.write("\n")
        raise Left
    return line.strip()


def choose(question: str, default: str, option: str) -> str:
    """An answer, `default` for an empty one; off the terminal an OkrctlError that names the option to give."""
    if not possible():
        raise OkrctlError(f"nobody is here to answer: {question}", f"give {option}")
    return ask(f"{question} [{default}]" if default else question) or default


def sure(session: Session, doubts: Sequence[str], force: bool, anyway: str = "--force does it anyway") -> None:
    """Go on where nothing is doubtful, `force` is given, or the person says yes to each; else OkrctlError."""
    if force:
        session.say("\n".join(map(safe, doubts)))
        return
    for doubt in doubts:
        if not possible():
            raise OkrctlError(doubt, anyway)
        if ask(f"{doubt}; go on? [y/N]").casefold() not in ("y", "yes"):
            raise OkrctlError(doubt, "nothing was written")
