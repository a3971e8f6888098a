"""Asks questions on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from okrctl.cli.session import Session
from okrctl.operations.apply import WriteOptions
from okrctl.operations.doubts import Doubt, require_confirmed
from okrctl.operations.transaction import release_lock
from okrctl.outputs.terminal import sanitize
from okrctl.values import decimal_comma
from okrctl.values.errors import ConfirmError, RefusedError

INTERRUPTED = 130


class PromptEnded(KeyboardInterrupt):
    """The input ended, with Ctrl-C if `interrupted`; uncaught, it ends the command."""

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__()
        self.interrupted = interrupted


def is_interactive() -> bool:
    """Whether standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(session: Session, question: str) -> str:
    """Return the line typed after a question, without blanks around it; raises PromptEnded at Ctrl-D and Ctrl-C.

    Other processes may write while the person thinks.
    """
    release_lock(session)
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


def ask_or_require(session: Session, question: str, required: str, hint: str) -> str:
    """Return an answer; without a terminal, raises OkrctlError that names what is required."""
    if not is_interactive():
        raise ConfirmError(f"not a terminal: {required} is required", hint)
    return ask(session, question)


def confirm_doubts(session: Session, doubts: Sequence[str], force: bool) -> None:
    """Return if there are no doubts, `force` is given, or the person confirms each; else raise OkrctlError."""
    if force:
        for doubt in doubts:
            session.notify(doubt)
        return
    for doubt in doubts:
        if not is_interactive():
            raise ConfirmError(doubt, "use --force to override")
        if ask(session, f"{doubt}; go on? [y/N]").casefold() not in ("y", "yes"):
            raise RefusedError(doubt, "nothing was written")


def confirm_values(
    session: Session, doubts: Sequence[Doubt], options: WriteOptions, numbers: str | None
) -> dict[Doubt, str]:
    """Return the values that a person gives in place of doubted ones; without a terminal, raises OkrctlError.

    Confirmed values and those of a dry run are only named. `numbers` is how people type numbers in the workspace.
    """
    if options.confirm_value or options.dry_run:
        for doubt in doubts:
            session.notify(doubt.message)
        return {}
    if doubts and not is_interactive():
        require_confirmed(doubts)
    answers = {}
    for doubt in doubts:
        other = f" or {', '.join(doubt.ways[1:])}" if doubt.ways[1:] else ""
        session.notify(f"  {doubt.message}")
        answer = ask(session, f"  Enter writes {doubt.ways[0]}, k keeps {doubt.text}, or type another{other}:")
        if answer.casefold() not in ("k", "keep"):
            typed = typed_number(answer, numbers)
            answers[doubt] = typed if typed else doubt.ways[0]
    return answers


def typed_number(text: str, numbers: str | None) -> str:
    """A number that a person typed, as okrctl reads it: `1.240,5` is 1240.5 under `numbers: de`."""
    return decimal_comma.with_point(text) if numbers == "de" else text


def end_without_writing(session: Session, ended: PromptEnded) -> int:
    """Report that a person left before anything was written, and return the exit status.

    Where a program waits for a document, raises ConfirmError, or KeyboardInterrupt after Ctrl-C.
    """
    if session.is_json and ended.interrupted:
        raise KeyboardInterrupt
    if session.is_json and not ended.interrupted:
        raise ConfirmError("not answered: nothing was written", "give the answers as options, or answer all questions")
    session.say("nothing was written")
    return INTERRUPTED if ended.interrupted else 2
