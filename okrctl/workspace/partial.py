"""Keeps of a file that is in order no more than its text, and its objectives only where they are wanted at once."""

from __future__ import annotations

from collections.abc import Callable

from okrctl.values.period import Period
from okrctl.workspace.nodes import File
from okrctl.yaml.lazy import LazyDocument

PeriodFilter = Callable[[Period], bool]


def reduce_file(file: File, wants: PeriodFilter) -> File:
    """The file as far as it is needed, with what it says of objectives only if their period is wanted."""
    if file.is_deferred or file.file_problems or file.schema_problems or file.omitted:
        return file
    text = file.document.text
    file.document = LazyDocument(file.path, lambda _: text)
    if file.kind == "okr" and file.period is not None and not wants(file.period):
        file.model, file.is_deferred = None, True
    return file
