"""Readings from a CSV file of the workspace."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping

from okrctl import files
from okrctl.sources.data_files import is_hidden
from okrctl.sources.policy import SourceError
from okrctl.sources.request import RawReadings, Request
from okrctl.values import readings
from okrctl.values.diagnostic import FileProblem
from okrctl.yaml import decode


def fetch(request: Request) -> RawReadings:
    """The dates and values of the file. Raises SourceError with the line that is invalid."""
    path = request.get_text("csv") or ""
    kept = readings.CsvReadings(csv=path, date=request.get_text("date"), value=request.get_text("value"))
    content = _read_file(request, path)
    _, faults = readings.read_csv(kept, content, request.unit)
    if faults:
        raise SourceError(f"{path}:{faults[0].line}: {_describe_problem(faults[0])}")
    rows = readings.csv_rows(kept, content, request.unit)
    return [(row.written_day, row.value.text) for row in rows if isinstance(row, readings.CsvReading)]


def describe(spec: Mapping[str, object]) -> str:
    """The path of the file."""
    return f"csv {spec['csv']}"


def _describe_problem(problem: readings.CsvProblem) -> str:
    """The message without the text of a cell, which may be anything in a file that is no table."""
    return problem.message if problem.line == 1 or "'" not in problem.message else "expected a date and a number"


def _read_file(request: Request, path: str) -> str:
    root = os.path.realpath(request.access.root)
    plain = posixpath.normpath(path.replace("\\", "/"))
    real = os.path.realpath(os.path.join(root, plain)) if "\0" not in path else ""
    if not real.startswith(root.rstrip(os.sep) + os.sep):
        raise SourceError(f"{path} is outside the workspace")
    if is_hidden(os.path.relpath(real, root)):
        raise SourceError(f"{path} is a hidden file")
    content = files.read(request.access.root, plain)
    found = decode(path, content)
    if isinstance(found, FileProblem):
        raise SourceError(f"{path}: {found.message}")
    return found.text
