"""Holds one run of the command line: the project, and how to write to the terminal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from okrctl.cli import streams
from okrctl.cli.progress import Progress
from okrctl.operations.project import Project
from okrctl.outputs.terminal import TerminalStyle, detect_style, sanitize

if TYPE_CHECKING:
    from okrctl.cli.answers import KeptAnswers, Piece

Color = Literal["auto", "always", "never"]
COLOR_CHOICES: tuple[Color, ...] = ("auto", "always", "never")


@dataclass
class Session(Project):
    """One run of one command; a command gets it with `Session.of(context)`.

    `words` are those of the command line. While a command is redrawn by `--watch`, it uses no pager. With `is_json`
    what goes to standard output is held until `release`, so that a run that fails prints one document, its error.
    `pieces` are what was written so far, and `answers` is where they are kept for the next run.
    """

    color: Color = "auto"
    quiet: bool = False
    verbose: bool = False
    is_directory_given: bool = False
    words: tuple[str, ...] = ()
    is_redrawing: bool = False
    is_json: bool = False
    held: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    answers: KeptAnswers | None = None
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
            self._write("err", sanitize(text))

    def out(self, text: str) -> None:
        """Print data to standard output, with a line break at the end."""
        self.progress.stop()
        if self.is_json:
            self.held.append(text)
        else:
            self._write("out", text)

    def release(self) -> None:
        """Write what was held to standard output, at once."""
        self.is_json = False
        for text in self.held:
            self._write_paged(text)
        self.held.clear()

    def say(self, text: str) -> None:
        """Print a message to standard error, unless -q is given."""
        if not self.quiet:
            self.progress.stop()
            self._write("err", text)

    def warn(self, text: str) -> None:
        """Print what went wrong to standard error, also with -q."""
        self._write("err", sanitize(text))

    def deliver(self, text: str, output: Path | None) -> None:
        """Write data to the file of -o/--output, replacing it, or to standard output."""
        from okrctl import files

        if output is None or str(output) == "-":
            if self.is_json:
                self.out(text)
            else:
                self._write_paged(text)
            return
        self.require_own_output(output)
        files.write_output(self.directory / output, streams.with_line_break(text).encode("utf-8", "replace"))
        self.notify(f"wrote {output}")

    def require_own_output(self, output: Path) -> None:
        """Raise RefusedError where a link of the workspace would lead the output out of it."""
        from okrctl import files
        from okrctl.values.errors import RefusedError

        root, target = self.root, Path(os.path.abspath(self.directory / output))
        if target.is_relative_to(root) and files.leads_out(root, str(target)):
            raise RefusedError(f"{output} leads out of the workspace through a link", "write to another file")

    def _write_paged(self, text: str) -> None:
        """Print data, on a terminal through the pager where it is longer than the screen."""
        if self.is_redrawing:
            self.out(text)
            return
        self.progress.stop()
        self.pieces.append(("page", text))
        streams.write_paged(text, self.environment)

    def _write(self, kind: Literal["out", "err"], text: str) -> None:
        self.pieces.append((kind, text))
        streams.write(sys.stdout if kind == "out" else sys.stderr, text)
