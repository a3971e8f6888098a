"""Keeps of a file that is in order no more than its text, and its objectives only where they are wanted at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from okrctl.document import Document
from okrctl.period import Period
from okrctl.workspace.nodes import File

Wants = Callable[[Period], bool]


class Brief(Document):
    """A document that is parsed again when somebody asks for more than its text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __getattr__(self, name: str) -> Any:
        if "faults" in vars(self):
            raise AttributeError(name)
        super().__init__(self.path, self.text)
        self._read(False)
        return getattr(self, name)


def reduced(file: File, wants: Wants) -> File:
    """The file as far as it is needed, with what it says of objectives only if their period is wanted."""
    if file.waits or file.faults or file.problems or file.left_out:
        return file
    file.document = Brief(file.path, file.document.text)
    if file.kind == "okr" and file.period is not None and not wants(file.period):
        file.model, file.waits = None, True
    return file
