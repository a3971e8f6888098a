"""Stands in for a document, and reads it only when more of it is asked for than its path or its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from okrctl.yaml import Document


class LazyDocument(Document):
    """A document whose text is got when it is asked for, and read when anything else is."""

    def __init__(self, path: str, load: Callable[[str], str]) -> None:
        self.path = path
        self._load = load

    def __getattr__(self, name: str) -> Any:
        if name == "text":
            self.text = self._load(self.path)
            return self.text
        if "faults" in vars(self):
            raise AttributeError(name)
        super().__init__(self.path, self.text)
        self._parse(False)
        return getattr(self, name)
