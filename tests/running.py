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
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from okrctl.cli.main import main, wants_json
from okrctl.operations.schema import output_schema
from okrctl.outputs.documents import OUTPUTS

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
    words = [str(argument) for argument in arguments]
    with place(cwd, _environment(env or {}, today)), redirect_stdout(out), redirect_stderr(err):
        is_json = wants_json(words, os.environ.get("OKRCTL_FORMAT", ""))
        status = main(words)
    result = Result(status, _text(out), _text(err))
    if is_json:
        require_valid_json(words, result)
    return result


def require_valid_json(words: list[str], result: Result) -> None:
    """Every JSON document that any test makes okrctl print fits the schema that okrctl prints for its command."""
    command = next((word for word in words if word in OUTPUTS), None)
    if not result.out or {"-h", "--help"} & {*words}:
        assert result.status in (0, 1, 130) or command is None, "a failure prints a document"
        return
    data = json.loads(result.out)
    if "error" in data or command is not None:
        error = best_match(_validator(command or "show").iter_errors(data))
        assert error is None, f"{list(error.absolute_path)}: {error.message[:300]}"


@cache
def _validator(command: str) -> Draft202012Validator:
    schema = json.loads(output_schema(command))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


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
