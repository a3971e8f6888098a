"""Runs `okrctl merge BASE OURS THEIRS` for git, which takes any status but 0 and 1 for a result as well.

So nothing here may end in another way: whatever fails, OURS gets git's own merge of the texts, with markers, and the
status is 1. This module is asked before the command line is parsed, since a variable such as OKRCTL_FORMAT could
already make that fail, and it imports what can fail only inside.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MERGED, LEFT = 0, 1
OPTIONS = ("--path", "--marker-size")
DEFAULT_SIZE = "7"


class DriverCall(NamedTuple):
    """The three files that git names, the path of the file in the repository, and the length of the markers."""

    base: Path
    ours: Path
    theirs: Path
    path: str
    marker_size: str


def parse_call(words: Sequence[str]) -> DriverCall | None:
    """The call of a merge driver; None for any other command line."""
    if words[:1] != ["merge"]:
        return None
    options: dict[str, str] = {}
    files: list[str] = []
    rest = list(words[1:])
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in OPTIONS and (equals or rest):
            options[name] = value if equals else rest.pop(0)
        elif name.startswith("-"):
            return None
        else:
            files.append(f"{name}{equals}{value}")
    if len(files) != 3:
        return None
    base, ours, theirs = map(Path, files)
    return DriverCall(base, ours, theirs, options.get("--path", files[1]), options.get("--marker-size", DEFAULT_SIZE))


def run_driver(call: DriverCall) -> int:
    """Merge into OURS: 0 if nothing is left to decide, else 1."""
    missing = next((file for file in (call.base, call.ours, call.theirs) if not os.path.isfile(file)), None)
    if missing is not None:
        _print_line(f"okrctl merge: {missing}: no such file; nothing was merged")
        return LEFT
    try:
        return _merge(call)
    except BaseException as error:  # a fault, an interrupt, a full disk: the markers must be there all the same
        reason = " ".join(str(error).split()) or type(error).__name__
        _print_line(f"okrctl merge: {call.path}: {reason}; git's merge of the text is left for you to check")
        _write_text_merge(call)
        return LEFT


def _merge(call: DriverCall) -> int:
    from okrctl.operations.merge_file import merge_file
    from okrctl.outputs.terminal import sanitize

    conflicts = merge_file(call.base, call.ours, call.theirs, call.path, int(call.marker_size))
    for conflict in conflicts:
        _print_line(f"okrctl merge: {sanitize(conflict.describe(('ours', 'theirs')))}")
    return LEFT if conflicts else MERGED


def _write_text_merge(call: DriverCall) -> None:
    """Write git's merge of the three texts to OURS, or both texts as a whole where git cannot merge them."""
    size = call.marker_size if call.marker_size.isdecimal() else DEFAULT_SIZE
    labels = ("-L", "ours", "-L", "base", "-L", "theirs")
    command = ["git", "merge-file", f"--marker-size={size}", *labels, *map(str, (call.ours, call.base, call.theirs))]
    try:
        status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
    except OSError:
        status = -1
    if not 0 <= status <= 127:
        _write_both(call, int(size))


def _write_both(call: DriverCall, size: int) -> None:
    try:
        ours, theirs = call.ours.read_bytes(), call.theirs.read_bytes()
        if b"\0" in ours + theirs:  # a binary file has no lines; git keeps ours and the file stays in conflict
            return
        parts = [
            b"<" * size + b" ours\n",
            _end_line(ours),
            b"=" * size + b"\n",
            _end_line(theirs),
            b">" * size + b" theirs\n",
        ]
        call.ours.write_bytes(b"".join(parts))
    except OSError as error:
        _print_line(f"okrctl merge: {call.path}: {error.strerror}")


def _end_line(data: bytes) -> bytes:
    return data if data.endswith(b"\n") or not data else data + b"\n"


def _print_line(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr)
