"""Holds one run of the command line: the project, and how to write to the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TextIO

import typer

from okrctl.cli.progress import Progress
from okrctl.operations.project import Project
from okrctl.outputs.terminal import TerminalStyle, detect_style, sanitize
from okrctl.values.errors import DiskError

Color = Literal["auto", "always", "never"]
COLOR_CHOICES: tuple[Color, ...] = ("auto", "always", "never")


@dataclass
class Session(Project):
    """One run of one command; a command gets it with `Session.of(context)`.

    `words` are those of the command line. While a command is redrawn by `--watch`, it uses no pager. With `is_json`
    what goes to standard output is held until `release`, so that a run that fails prints one document, its error.
    """

    color: Color = "auto"
    quiet: bool = False
    verbose: bool = False
    is_directory_given: bool = False
    words: tuple[str, ...] = ()
    is_redrawing: bool = False
    is_json: bool = False
    held: list[str] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

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

    def style_for(self, is_wide: bool) -> TerminalStyle:
        """The style of standard output, with `--wide` that of lines which are never cut."""
        return replace(self.style, width=None) if is_wide else self.style

    def notify(self, text: str) -> None:
        """Print a message of an operation."""
        self.say(sanitize(text))

    def trace(self, text: str) -> None:
        """Print a detail of an operation if --verbose is given."""
        if self.verbose:
            self.progress.stop()
            _write(sys.stderr, sanitize(text))

    def out(self, text: str) -> None:
        """Print data to standard output, with a line break at the end."""
        self.progress.stop()
        if self.is_json:
            self.held.append(text)
        else:
            _write(sys.stdout, text)

    def release(self) -> None:
        """Write what was held to standard output, at once."""
        self.is_json = False
        for text in self.held:
            self._page(text)
        self.held.clear()

    def say(self, text: str) -> None:
        """Print a message to standard error, unless -q is given."""
        if not self.quiet:
            self.progress.stop()
            _write(sys.stderr, text)

    def warn(self, text: str) -> None:
        """Print what went wrong to standard error, also with -q."""
        _write(sys.stderr, sanitize(text))

    def deliver(self, text: str, output: Path | None) -> None:
        """Write data to the file of -o/--output, replacing it, or to standard output."""
        from okrctl import files

        if output is None or str(output) == "-":
            if self.is_json:
                self.out(text)
            else:
                self._page(text)
            return
        files.write_output(self.directory / output, _with_line_break(text).encode("utf-8", "replace"))
        self.notify(f"wrote {output}")

    def _page(self, text: str) -> None:
        """Print data, on a terminal through the pager where it is longer than the screen."""
        from okrctl.cli import pager

        self.progress.stop()
        command = pager.pager_command(self.environment) if pager.is_long(text, self.environment) else None
        if command is None or self.is_redrawing or not pager.show_in_pager(text, command, self.environment):
            self.out(text)


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
        raise DiskError(f"cannot write the output: {error.strerror}", "check that the disk has room left") from error
