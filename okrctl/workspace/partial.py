"""Keeps of a file that is in order no more than its text, and its objectives only where they are wanted at once."""

from __future__ import annotations

from collections.abc import Callable

from okrctl.values.period import Period
from okrctl.workspace.nodes import File
from okrctl.yaml.lazy import Later

Wants = Callable[[Period], bool]


def reduced(file: File, wants: Wants) -> File:
    """The file as far as it is needed, with what it says of objectives only if their period is wanted."""
    if file.waits or file.faults or file.problems or file.left_out:
        return file
    text = file.document.text
    file.document = Later(file.path, lambda _: text)
    if file.kind == "okr" and file.period is not None and not wants(file.period):
        file.model, file.waits = None, True
    return file
