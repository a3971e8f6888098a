"""Reads the text of a file that a command is given, or of standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from okrctl import files
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.yaml import decode


def read_text_argument(folder: Path, name: str) -> str:
    """The text of a file, by its path from a folder; that of standard input for `-`.

    Raises OkrctlError where it cannot be read.
    """
    found = decode(name, sys.stdin.buffer.read() if name == "-" else files.read(folder, name))
    if isinstance(found, FileProblem):
        raise OkrctlError(f"{name}: {found.message}", found.help)
    return found.text


def read_bytes_argument(folder: Path, name: str) -> bytes:
    """The bytes of a file, by its path from a folder; those of standard input for `-`.

    Raises OkrctlError where it cannot be read.
    """
    found = sys.stdin.buffer.read() if name == "-" else files.read(folder, name)
    if isinstance(found, FileProblem):
        raise OkrctlError(f"{name}: {found.message}", found.help)
    return found
