"""The workspace of a commit, built by the same functions as the one on disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from okrctl import git, workspace
from okrctl.git import Repository
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.values.diagnostic import START, FileProblem
from okrctl.values.path_filters import OWN_PATHS, IncludedPaths, PathFilter, PathsBelow
from okrctl.workspace import File, PeriodFilter, Workspace, disk
from okrctl.workspace.index import FileIndex, SourceOrProblem
from okrctl.yaml import Source, decode, digest_of

TOO_LARGE = FileProblem("OKR009", f"the file is too large: over {git.MAX_BLOB_BYTES:,} bytes", START, "split it")
OUTSIDE_LINK = FileProblem("OKR009", "the link points outside the workspace", START, "replace it with a regular file")
MISSING_FILE = FileProblem("OKR009", "there is no such file", START, "correct the path")
_CSV_PATH = re.compile(r"[^\s'\"\[\]{},]+\.csv")


def load_snapshot(
    repository: Repository, commit: str, config: Config | None = None, known: Iterable[Workspace] = (),
    wants: PeriodFilter | None = None, index: FileIndex | None = None,
) -> Workspace:  # fmt: skip
    """The workspace of a commit (its id), with the settings of that commit unless others are given.

    A file with the same text in a `known` workspace with the same fiscal year is taken from there, since most files are
    the same in two commits and parsing is slow; the others are read with the help of an `index`, or that of a known
    workspace. With `wants` the objectives of other periods are loaded on first use.
    """
    known = [*known]
    index = index or next((state.index for state in known if state.index is not None), None)
    tree = CommitTree(repository, commit)
    settings: File | None = None
    if config is None:
        config, settings = workspace.read_settings(tree.read_settings())
        if config.extends is not None and settings is not None:
            from okrctl.workspace.inheritance import extend_settings

            config, settings = extend_settings(config, settings, tree.read_extended, workspace.read_settings)
    before = known_files(known, config)
    files, new, csvs = list[File](), list[SourceOrProblem](), set[str]()
    for source in tree.read_sources(IncludedPaths(config.include, config.exclude)):
        csvs.update(_csv_paths(source))
        same = before.get((source.path, digest_of(source.text))) if isinstance(source, Source) else None
        if same is None:
            new.append(source)
        else:
            files.append(copy_file(same))
    tree.read_ahead(sorted(csvs))
    found = chain(files, workspace.read_files(new, config, index))
    reduced = (workspace.reduce_file(file, wants) for file in found) if wants else found
    loaded = workspace.assemble_workspace(reduced, config, tree.read_text, settings)
    loaded.index = index
    return loaded


class CommitTree:
    """The files of one commit by path, read on first use; symbolic links are followed as on disk.

    A submodule is opened when a path below it is asked for.
    """

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.commit = commit
        self.files = repository.list_files(commit, OWN_PATHS)
        self.links = repository.list_files(commit, OWN_PATHS, git.LINK_MODES)
        self._unopened = [*repository.list_pins(commit)]
        self._contents: dict[str, bytes | FileProblem] = {}

    def _open(self, wants: PathFilter) -> None:
        """Add the files of submodules that hold wanted paths."""
        for folder in filter(wants.covers, [*self._unopened]):
            self._unopened.remove(folder)
            below = PathsBelow([folder])
            self.files |= self.repository.list_files(self.commit, below)
            self.links |= self.repository.list_files(self.commit, below, git.LINK_MODES)

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read those of these files that exist from one stream."""
        self._open(PathsBelow(paths := [*paths]))
        missing = [path for path in dict.fromkeys(paths) if path in self.files and path not in self._contents]
        contents = self.repository.read_blobs(self.files[path] for path in missing)
        for path, (_, data) in zip(missing, contents, strict=True):
            self._contents[path] = TOO_LARGE if data is None else data

    def read_source(self, path: str) -> SourceOrProblem:
        """The text of one file, or the problem with it."""
        self.read_ahead([path])
        return _decode(path, self._contents.get(path, MISSING_FILE))

    def read_text(self, path: str) -> str | FileProblem:
        """The text of one file as a string, or the problem with it."""
        source = self.read_source(path)
        return source.text if isinstance(source, Source) else source[1]

    def read_settings(self) -> Source | FileProblem | None:
        """The settings of the commit, the problem with them, or None where there are none."""
        source = self.read_source(SETTINGS_PATH) if SETTINGS_PATH in self.files else None
        return source if source is None or isinstance(source, Source) else source[1]

    def read_extended(self, path: str) -> Source | FileProblem | None:
        """The settings at a path from the root, for settings that extend them; None for a missing file.

        Those of the superproject are as they are now: a commit of a submodule does not know any others.
        """
        name = posixpath.normpath(self.repository.prefix + path)
        if name.startswith("../") or self.repository.work_tree is None:
            return disk.read_extended(self.repository.root, path)
        blob = self.repository.find_file(self.commit, name)
        content = None if blob is None else next(self.repository.read_blobs([blob]))[1]
        return None if blob is None else decode(path, TOO_LARGE if content is None else content)

    def read_sources(self, wants: PathFilter) -> Iterator[SourceOrProblem]:
        """Every file whose path is wanted."""
        self._open(wants)
        paths = [path for path in self.files if wants(path)]
        linked = dict(self._linked_paths(wants)) if self.links else {}
        self.read_ahead(target for target in linked.values() if isinstance(target, str))
        contents = self.repository.read_blobs(self.files[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            yield _decode(path, data)
        for path, target in linked.items():
            source = self.read_source(target) if isinstance(target, str) else (path, target)
            yield source._replace(path=path) if isinstance(source, Source) else (path, source[1])

    def _linked_paths(self, wants: PathFilter) -> Iterator[tuple[str, str | FileProblem]]:
        """Wanted paths that only links lead to, each with the file that it stands for, or the problem with it.

        A file that is wanted itself is left out, so that it is not read twice.
        """
        paths = sorted(self.links)
        contents = self.repository.read_blobs(self.links[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            target = (data or b"").decode("utf-8", "surrogateescape")
            for name, file in self._targets(path, target):
                if wants(name) and (isinstance(file, FileProblem) or not (wants(file) and file in self.files)):
                    yield name, file

    def _targets(self, path: str, target: str) -> Iterator[tuple[str, str | FileProblem]]:
        """The path of a link with its target; for a link to a folder, the path of each file in it."""
        real = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if posixpath.isabs(real) or real == ".." or real.startswith("../"):
            yield path, OUTSIDE_LINK
            return
        self._open(PathsBelow([real]))
        inside = [file for file in self.files if file.startswith(f"{real}/")]
        if inside:
            yield from ((path + file[len(real) :], file) for file in inside)
        else:
            yield path, real


def _decode(path: str, content: bytes | FileProblem | None) -> SourceOrProblem:
    """The text of a file, or the problem with it; None stands for a file that is too large."""
    decoded = decode(path, TOO_LARGE if content is None else content)
    return (path, decoded) if isinstance(decoded, FileProblem) else decoded


def _csv_paths(source: SourceOrProblem) -> Iterator[str]:
    """Paths in a text that may be those of CSV files. They are read together, since one by one is slow."""
    if isinstance(source, Source) and ".csv" in source.text:
        for name in _CSV_PATH.findall(source.text):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(source.path), name))


def known_files(known: Iterable[Workspace], config: Config) -> dict[tuple[str, bytes], File]:
    """The files that can be taken over, by path and digest; the fiscal year decides how periods are read."""
    usable = (state for state in known if state.config.fiscal == config.fiscal)
    return {
        (file.path, file.document.digest): file for state in usable for file in state.files if not _is_incomplete(file)
    }


def _is_incomplete(file: File) -> bool:
    """Whether a file was not read, or has a problem that depends on other files of its workspace."""
    return bool(file.file_problems) or any(problem.code == "OKR004" for problem in file.schema_problems)


def copy_file(known: File) -> File:
    """A file of its own for another graph."""
    return replace(
        known, nodes=[], schema_problems=list(known.schema_problems), file_problems=list(known.file_problems)
    )
