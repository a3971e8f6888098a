"""Holds one run of the command line: the project, and how to write to the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TextIO

import typer

from okrctl.operations.project import Project
from okrctl.outputs.terminal import TerminalStyle, detect_style, sanitize
from okrctl.values.errors import OkrctlError

Color = Literal["auto", "always", "never"]
COLOR_CHOICES: tuple[Color, ...] = ("auto", "always", "never")


@dataclass
class Session(Project):
    """One run of one command; a command gets it with `Session.of(context)`."""

    color: Color = "auto"
    quiet: bool = False
    verbose: bool = False
    is_directory_given: bool = False

    @staticmethod
    def of(context: typer.Context) -> Session:
        """Return the session of a command's context."""
        session = context.obj
        assert isinstance(session, Session)
        return session

    @cached_property
    def style(self) -> TerminalStyle:
        """What standard output can show: colour, width, characters."""
        return detect_style(sys.stdout, self.color, self.environment)

    def notify(self, text: str) -> None:
        """Print a message of an operation."""
        self.say(sanitize(text))

    def trace(self, text: str) -> None:
        """Print a detail of an operation if --verbose is given."""
        if self.verbose:
            _write(sys.stderr, sanitize(text))

    def out(self, text: str) -> None:
        """Print data to standard output, with a line break at the end."""
        _write(sys.stdout, text)

    def say(self, text: str) -> None:
        """Print a message to standard error, unless -q is given."""
        if not self.quiet:
            _write(sys.stderr, text)

    def warn(self, text: str) -> None:
        """Print what went wrong to standard error, also with -q."""
        _write(sys.stderr, sanitize(text))

    def deliver(self, text: str, output: Path | None) -> None:
        """Write data to the file of -o/--output, replacing it, or to standard output."""
        from okrctl import files

        if output is None or str(output) == "-":
            self.out(text)
            return
        files.write_output(self.directory / output, _with_line_break(text).encode("utf-8", "replace"))
        self.notify(f"wrote {output}")


def _with_line_break(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by the parent process
        return
    try:
        stream.write(_with_line_break(text))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OkrctlError(f"cannot write the output: {error.strerror}", "check that the disk has room left") from error
