"""Builds the workspace of a commit through the same door as the one on the disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from okrctl import git, workspace
from okrctl.git import Repository
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.values.diagnostic import START, FileProblem
from okrctl.values.patterns import Patterns
from okrctl.workspace import File, PeriodFilter, Workspace
from okrctl.yaml import Source, decode

SourceOrFault = Source | tuple[str, FileProblem]
TOO_LARGE = FileProblem("OKR009", f"the file is too large: over {git.MAX_BLOB_BYTES:,} bytes", START, "split it")
OUTSIDE_LINK = FileProblem("OKR009", "the link points outside the workspace", START, "replace it by the file itself")
MISSING_FILE = FileProblem("OKR009", "there is no such file", START, "correct the path")
_CSV_PATH = re.compile(r"[^\s'\"\[\]{},]+\.csv")


def load_snapshot(
    repository: Repository, commit: str, config: Config | None = None, known: Iterable[Workspace] = (),
    wants: PeriodFilter | None = None,
) -> Workspace:  # fmt: skip
    """The workspace of a commit (its id), with the settings of that commit unless others are given.

    What a `known` workspace has read under the same settings, word for word, is not read again. With `wants` the
    objectives of other periods wait until one of them is asked for by its name.
    """
    tree = CommitTree(repository, commit)
    settings: File | None = None
    if config is None:
        config, settings = workspace.read_settings(tree.read_settings())
    before = _known_files(known, config)
    files, csvs = list[File](), set[str]()
    for source in tree.read_sources(path_filter(config.include, config.exclude)):
        csvs.update(_csv_paths(source))
        file = _read_file(source, config, before)
        files.append(workspace.reduce_file(file, wants) if wants else file)
    tree.read_ahead(sorted(csvs))
    return workspace.assemble_workspace(files, config, tree.read_text, settings)


def path_filter(include: Iterable[str], exclude: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path of the workspace is one of those that the settings name."""
    inside: dict[str, tuple[Patterns, Patterns]] = {"": (Patterns.parse(include), Patterns.parse(exclude))}

    def folder(path: str) -> tuple[Patterns, Patterns]:
        if path not in inside:
            above, _, name = path.rpartition("/")
            inner, outer = folder(above)
            whole = outer.matches_everything
            inside[path] = (inner.descend(name), outer if whole else outer.descend(name))
        return inside[path]

    def wants(path: str) -> bool:
        above, _, name = path.rpartition("/")
        inner, outer = folder(above)
        return inner.matches(name) and not outer.matches_everything and not outer.matches(name)

    return wants


class CommitTree:
    """The files of one commit by path, read when asked for; links lead on as they do on a disk."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.files = repository.list_files(commit)
        self.links = repository.list_files(commit, modes=git.LINK_MODES)
        self._contents: dict[str, bytes | FileProblem] = {}

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read these files, those that are there, out of one stream."""
        missing = [path for path in dict.fromkeys(paths) if path in self.files and path not in self._contents]
        contents = self.repository.read_blobs(self.files[path] for path in missing)
        for path, (_, data) in zip(missing, contents, strict=True):
            self._contents[path] = TOO_LARGE if data is None else data

    def read_source(self, path: str) -> SourceOrFault:
        """The text of one file, or why there is none."""
        self.read_ahead([path])
        return _decode(path, self._contents.get(path, MISSING_FILE))

    def read_text(self, path: str) -> str | FileProblem:
        """The same as a text alone."""
        found = self.read_source(path)
        return found.text if isinstance(found, Source) else found[1]

    def read_settings(self) -> Source | FileProblem | None:
        """The settings' text, why there is none, or None where the commit has no settings."""
        found = self.read_source(SETTINGS_PATH) if SETTINGS_PATH in self.files else None
        return found if found is None or isinstance(found, Source) else found[1]

    def read_sources(self, wants: Callable[[str], bool]) -> Iterator[SourceOrFault]:
        """Every file that is wanted."""
        paths = [path for path in self.files if wants(path)]
        led = dict(self._linked_paths(wants)) if self.links else {}
        self.read_ahead(real for real in led.values() if isinstance(real, str))
        contents = self.repository.read_blobs(self.files[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            yield _decode(path, data)
        for path, real in led.items():
            found = self.read_source(real) if isinstance(real, str) else (path, real)
            yield found._replace(path=path) if isinstance(found, Source) else (path, found[1])

    def _linked_paths(self, wants: Callable[[str], bool]) -> Iterator[tuple[str, str | FileProblem]]:
        """Wanted paths that only links lead to, with the file that they mean; a file is read under its own name."""
        paths = sorted(self.links)
        contents = self.repository.read_blobs(self.links[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            target = (data or b"").decode("utf-8", "surrogateescape")
            real = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if posixpath.isabs(real) or real == ".." or real.startswith("../"):
                found: Mapping[str, str | FileProblem] = {path: OUTSIDE_LINK}
            elif any(file.startswith(f"{real}/") for file in self.files):
                found = {path + file[len(real) :]: file for file in self.files if file.startswith(f"{real}/")}
            else:
                found = {path: real}
            for name, file in found.items():
                if wants(name) and (isinstance(file, FileProblem) or not (wants(file) and file in self.files)):
                    yield name, file


def _decode(path: str, content: bytes | FileProblem | None) -> SourceOrFault:
    """The text of a file, or why there is none; None stands for more than git reads out."""
    decoded = decode(path, TOO_LARGE if content is None else content)
    return (path, decoded) if isinstance(decoded, FileProblem) else decoded


def _csv_paths(source: SourceOrFault) -> Iterator[str]:
    """Paths that may be those of CSV files that a text names: fetched together, since one by one is slow."""
    if isinstance(source, Source) and ".csv" in source.text:
        for name in _CSV_PATH.findall(source.text):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(source.path), name))


def _known_files(known: Iterable[Workspace], config: Config) -> dict[tuple[str, str], File]:
    alike = (one for one in known if one.config.fiscal == config.fiscal)
    return {(file.path, file.document.text): file for one in alike for file in one.files if not _is_incomplete(file)}


def _is_incomplete(file: File) -> bool:
    """Whether a file was never read, or got something from the others of its workspace."""
    return bool(file.file_problems) or any(problem.code == "OKR004" for problem in file.schema_problems)


def _read_file(source: SourceOrFault, config: Config, before: Mapping[tuple[str, str], File]) -> File:
    same = before.get((source.path, source.text)) if isinstance(source, Source) else None
    if same is None:
        return workspace.read_file(source, config)
    return replace(same, nodes=[], schema_problems=list(same.schema_problems), file_problems=list(same.file_problems))
