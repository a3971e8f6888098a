"""Carries what one run was told: where to work, what day it is, and how to speak to whoever listens."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import typer

from okrctl.outputs.terminal import TerminalStyle, detect_style, sanitize
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrctl.git import Repository

Color = Literal["auto", "always", "never"]
COLOR_CHOICES: tuple[Color, ...] = ("auto", "always", "never")


def _current_directory() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise OkrctlError("the folder you are in is gone", "change to one that exists") from error


@dataclass
class Session:
    """One run of one command; commands get it with `Session.of(context)`.

    `directory` is where the run takes place: the paths that a user types are relative to it.
    """

    directory: Path = field(default_factory=_current_directory)
    color: Color = "auto"
    quiet: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @staticmethod
    def of(context: typer.Context) -> Session:
        """The session behind a command's context."""
        session = context.obj
        assert isinstance(session, Session)
        return session

    @cached_property
    def root(self) -> Path:
        """The root of the workspace, absolute; OkrctlError where the folder does not exist."""
        from okrctl import files

        if not self.directory.is_dir():
            raise OkrctlError(f"there is no folder {self.directory}", "name an existing one with -C DIR")
        return files.find_root(self.directory)

    @cached_property
    def repository(self) -> Repository | None:
        """The repository that the workspace lies in, None where there is none; OkrctlError where git refuses it."""
        from okrctl import git

        return git.find_repository(self.root)

    @cached_property
    def today(self) -> date:
        """The only place where the clock is asked; OKRCTL_TODAY stands in for it, in tests and in replays."""
        said = self.environment.get("OKRCTL_TODAY")
        return parse_date(said) if said else date.today()

    @cached_property
    def style(self) -> TerminalStyle:
        """What standard output can show: colour, width, characters."""
        return detect_style(sys.stdout, self.color, self.environment)

    def in_workspace(self) -> bool:
        """Whether there is anything here for okrctl to read."""
        from okrctl.files import SETTINGS_NAME

        return (self.root / SETTINGS_NAME).is_file() or (self.root / "okrs").is_dir()

    def out(self, text: str) -> None:
        """Data, to standard output, with a line break behind it if it has none."""
        _write(sys.stdout, text)

    def say(self, text: str) -> None:
        """Talk, to standard error, silenced by -q."""
        if not self.quiet:
            _write(sys.stderr, text)

    def deliver(self, text: str, output: Path | None) -> None:
        """Data to the file of -o/--output, which it replaces, or to standard output where none is named."""
        from okrctl import files

        if output is None or str(output) == "-":
            self.out(text)
            return
        files.write_output(self.directory / output, _with_line_break(text).encode("utf-8", "replace"))
        self.say(f"wrote {sanitize(str(output))}")


def parse_date(text: str) -> date:
    """A day written as 2026-06-30; OkrctlError for anything else."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise OkrctlError(f"{text!r} is no date", "write it as 2026-06-30")


def _with_line_break(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by whoever started us
        return
    try:
        stream.write(_with_line_break(text))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OkrctlError(f"cannot write the output: {error.strerror}", "see that its place has room left") from error
