"""Runs a command again whenever a file of the workspace changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.sources.optional import require_package
from okrctl.values.errors import OkrctlError

CLEAR_SCREEN = "\x1b[H\x1b[2J\x1b[3J"
HINT = "Watching for changes; Ctrl-C stops."


def file_changes(session: Session) -> Iterable[Any]:
    """An item for each time that files of the workspace change; raises OkrctlError without watchfiles."""
    watchfiles = require_package("watchfiles", "watch", "--watch")
    changes: Iterable[Any] = watchfiles.watch(session.root)
    return changes


def redraw_on_change(session: Session, run: Callable[[], int]) -> int:
    """Run a command now and after each change until it is interrupted, and return its last exit status."""
    if session.style.width is None:
        raise OkrctlError("--watch needs a terminal", "leave it out to print once")
    changes = file_changes(session)
    status = _redraw(session, run)
    try:
        for _ in changes:
            status = _redraw(session, run)
    except KeyboardInterrupt:
        pass
    return status


def _redraw(session: Session, run: Callable[[], int]) -> int:
    """Run once and show what it prints; an error of the files is shown too, since the next change may fix it."""
    session.out(CLEAR_SCREEN)
    try:
        status = run()
    except OkrctlError as error:
        session.out(f"error: {sanitize(error.message)}\nhint: {sanitize(error.hint or '')}")
        status = 2
    session.say(HINT)
    return status
