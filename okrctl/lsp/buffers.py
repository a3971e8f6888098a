"""The open buffers of the editor, and the workspaces that they belong to as the editor shows them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pygls import uris

from okrctl.check.report import CheckReport
from okrctl.lsp.positions import Encoding, Positions
from okrctl.operations import workspaces
from okrctl.operations.check import CheckRequest, check
from okrctl.operations.project import Project
from okrctl.values.errors import NotFoundError
from okrctl.workspace.disk import ParsedFiles

Reports = dict[Path, tuple[Mapping[str, bytes], CheckReport]]
"""The newest report of each workspace, with the texts that it is about."""


class Buffer(NamedTuple):
    """An open text, with the address by which the editor knows it."""

    uri: str
    path: Path
    version: int | None
    text: str


@dataclass(frozen=True)
class View:
    """A workspace as the editor shows it: `project` has the texts of the buffers, which are here by their paths."""

    project: Project
    buffers: Mapping[str, Buffer]
    encoding: Encoding = None
    reports: Reports = field(default_factory=dict, compare=False, repr=False)

    def check(self) -> CheckReport:
        """The report of `okrctl check` over the open buffers; an empty one where there is nothing to check."""
        try:
            report = check(self.project, CheckRequest()).report
        except NotFoundError:
            report = CheckReport((), 0, {})
        self.reports[self.project.root] = self.project.texts, report
        return report

    def last_report(self) -> CheckReport:
        """The newest report, if it is about the texts of now; else another one."""
        known = self.reports.get(self.project.root)
        return known[1] if known is not None and known[0] == self.project.texts else self.check()

    def uri(self, path: str) -> str:
        """The address of a file of the workspace, for an open one as the editor writes it."""
        buffer = self.buffers.get(path)
        return buffer.uri if buffer is not None else (self.project.root / path).as_uri()

    def version(self, path: str) -> int | None:
        """The version of an open file."""
        buffer = self.buffers.get(path)
        return None if buffer is None else buffer.version

    def positions(self, path: str, text: str) -> Positions:
        """The places of the text of a file. Editors hide the byte order mark of a file, and show one in a buffer."""
        return Positions(text, self.encoding, has_mark=path in self.buffers)


@dataclass
class OpenWorkspaces:
    """All workspaces that were looked at, with their parsed files. It is used by one thread alone."""

    environment: Mapping[str, str]
    _parsed: dict[Path, ParsedFiles] = field(default_factory=dict, init=False)
    _reports: Reports = field(default_factory=dict, init=False)

    def view(self, root: Path, buffers: Iterable[Buffer], encoding: Encoding) -> View:
        """A workspace with those of the buffers that it reads."""
        own = {relative: each for each in buffers if (relative := _relative_path(root, each.path)) is not None}
        own = {path: each for path, each in own.items() if root_of(each.path) == root}
        texts = {path: each.text.encode("utf-8", "surrogatepass") for path, each in own.items()}
        project = Project(
            root,
            self.environment,
            uses_cache=False,
            parsed_files=self._parsed.setdefault(root, ParsedFiles()),
            texts=workspaces.choose_texts(root, texts),
            skips_broken_files=True,
        )
        project.root = root
        return View(project, own, encoding, self._reports)


def path_of(uri: str) -> Path | None:
    """The path of an address; None where it is that of no file."""
    path = uris.to_fs_path(uri)
    return None if not path or "\0" in path else Path(os.path.abspath(path))


def root_of(path: Path) -> Path | None:
    """The root of the workspace around a file, which need not exist; None where there is none."""
    found = workspaces.locate_root(path.parent)
    return None if found is None else found.folder


def _relative_path(root: Path, path: Path) -> str | None:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None
