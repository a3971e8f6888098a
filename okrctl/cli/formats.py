"""Chooses the format of a result by the ending of the file that `-o` names."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from okrctl.outputs.ci import FORMATS as CHECK_FORMATS
from okrctl.values.errors import UsageError

# The first format of each ending is the one that it stands for; the others may be written to such a file, too.
ENDINGS: dict[str, tuple[str, ...]] = {
    ".json": ("json", "gitlab", "sarif", "rdjson"),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".csv": ("csv",),
    ".parquet": ("parquet",),
    ".md": ("markdown",),
    ".markdown": ("markdown",),
    ".html": ("html",),
    ".htm": ("html",),
    ".sarif": ("sarif",),
    ".xml": ("junit",),
}
TEXT_ENDING = ".txt"  # any format may be written to such a file
_WITH_ENDING = {format for formats in ENDINGS.values() for format in formats}


def choose_format(context: Any) -> None:
    """Set the format of a command by the ending of its output file, where `--format` is left out.

    Raises UsageError where the command has no such format, or where both are given and differ.
    """
    output = Path(context.params["output"])
    parameter = next((each for each in context.command.params if each.name == "format"), None)
    allowed = ENDINGS.get(output.suffix.lower())
    if parameter is None or allowed is None:
        _choose_text(context, output)
        return
    if context.get_parameter_source("format").name == "COMMANDLINE":
        given = context.params["format"]
        _require_same([given] if isinstance(given, str) else given, allowed, output)
        return
    choices = _formats_of(context.command.callback)
    if allowed[0] not in choices:
        endings = ", ".join(ending for ending, formats in ENDINGS.items() if formats[0] in choices)
        raise UsageError(
            f"okrctl {context.command.name} has no format {allowed[0]} for {output}",
            f"name a file that ends with one of {endings}, or give --format",
        )
    context.params["format"] = [allowed[0]] if parameter.multiple else allowed[0]


def _choose_text(context: Any, output: Path) -> None:
    """Set the format `text` for a file that ends with .txt, where a command has it and none is given."""
    if output.suffix.lower() == TEXT_ENDING and "format" in context.params:
        is_given = context.get_parameter_source("format").name == "COMMANDLINE"
        if not is_given and "text" in _formats_of(context.command.callback):
            context.params["format"] = "text"


def _formats_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the formats of a command by its signature; those of `check` are a list, which is checked elsewhere."""
    hint = get_type_hints(inspect.unwrap(function))["format"]
    return get_args(hint) if get_origin(hint) is Literal else CHECK_FORMATS


def _require_same(formats: list[str], allowed: tuple[str, ...], output: Path) -> None:
    """Raise UsageError where a format is not one that files with this ending have."""
    for format in formats:
        if "=" not in format and (format in _WITH_ENDING or format == "table") and format not in allowed:
            raise UsageError(
                f"--format {format} and -o {output} differ: {output.suffix} is {allowed[0]}",
                "leave out --format, or name another file",
            )
