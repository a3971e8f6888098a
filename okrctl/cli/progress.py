"""Shows on standard error that a command is at work, once that takes more than a second.

An alarm of the operating system counts the seconds, not a thread: a check forks its workers, and a process with
threads must not.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType

SECOND = 1.0
ERASE_LINE = "\r\x1b[K"


class Progress:
    """A line with the seconds so far; `stop` erases it, before anything else is printed."""

    def __init__(self) -> None:
        self._name = ""
        self._seconds = 0
        self._is_running = False

    def start(self, name: str) -> None:
        """Count the seconds of a command; nothing where standard error is no terminal, or cannot be timed."""
        is_main = threading.current_thread() is threading.main_thread()
        if self._is_running or not is_main or not hasattr(signal, "setitimer") or not _is_terminal():
            return
        self._name, self._seconds, self._is_running = name, 0, True
        signal.signal(signal.SIGALRM, self.tick)
        signal.setitimer(signal.ITIMER_REAL, SECOND, SECOND)

    def tick(self, number: int, frame: FrameType | None) -> None:
        """Show one second more."""
        self._seconds += 1
        _write(f"{ERASE_LINE}okrctl {self._name}: {self._seconds} s (Ctrl-C stops)")

    def stop(self) -> None:
        """Stop counting, and erase the line."""
        if not self._is_running:
            return
        self._is_running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if self._seconds:
            _write(ERASE_LINE)


def _is_terminal() -> bool:
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


def _write(text: str) -> None:
    """Without the stream's buffer, which the interrupted program may be writing to."""
    with suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), text.encode())
