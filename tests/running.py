"""Runs the command line inside the test's own process, with the day, the folder and the environment handed in."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from okrctl.cli.main import main

TODAY = date(2025, 6, 30)


@dataclass(frozen=True)
class Result:
    """What one run left behind: its exit status and both streams as text."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as data; numbers with a point are exact decimals."""
        return json.loads(self.out, parse_float=Decimal)


def run(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, today: date | str | None = TODAY
) -> Result:
    """Runs `okrctl ARGUMENTS` in `cwd`; `today` stands in for the clock, `env` comes on top of the environment."""
    out, err = _stream(), _stream()
    with place(cwd, _environment(env or {}, today)), redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return Result(status, _text(out), _text(err))


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes the files of a workspace below `root`, by their relative names, and returns `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def _environment(extra: Mapping[str, str], today: date | str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OKRCTL_")}
    fixed = {"COLUMNS": "160", "NO_COLOR": "1"} | ({"OKRCTL_TODAY": str(today)} if today else {})
    return kept | fixed | dict(extra)


@contextmanager
def place(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    before, was = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    limit = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        os.environ.clear()
        os.environ.update(was)
        os.chdir(before)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    binary = stream.buffer
    assert isinstance(binary, io.BytesIO)
    return binary.getvalue().decode("utf-8", "surrogateescape")
