"""Writes to standard output and standard error, and on a terminal through the pager."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO

from okrctl.values.errors import DiskError


def write(stream: TextIO | None, text: str) -> None:
    """Write text with a line break at its end; raises DiskError where the stream takes no more."""
    if stream is None:  # closed by the parent process
        return
    try:
        stream.write(with_line_break(text))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DiskError(f"cannot write the output: {error.strerror}", "check that the disk has room left") from error


def write_paged(text: str, environment: Mapping[str, str]) -> None:
    """Write data to standard output, on a terminal through the pager where it is longer than the screen."""
    from okrctl.cli import pager

    command = pager.pager_command(environment) if pager.is_long(text, environment) else None
    if command is None or not pager.show_in_pager(text, command, environment):
        write(sys.stdout, text)


def with_line_break(text: str) -> str:
    """Return a text with a line break at its end, an empty one as it is."""
    return text if text.endswith("\n") or not text else text + "\n"
