"""Builds the workspace of a commit through the same door as the one on the disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from okrctl import git, workspace
from okrctl.git import Repository
from okrctl.schema.settings import PATH, Config
from okrctl.values.diagnostic import START, Fault
from okrctl.values.patterns import Patterns
from okrctl.workspace import File, Wants, Workspace
from okrctl.yaml import Source, decode

Found = Source | tuple[str, Fault]
TOO_LARGE = Fault("OKR009", f"the file is too large: over {git.LIMIT:,} bytes", START, "split it")
OUT = Fault("OKR009", "a link that leads out of the workspace", START, "put the file itself here")
NO_FILE = Fault("OKR009", "there is no such file", START, "correct the path")
_CSV = re.compile(r"[^\s'\"\[\]{},]+\.csv")


def at(
    repository: Repository, commit: str, config: Config | None = None, known: Iterable[Workspace] = (),
    wants: Wants | None = None,
) -> Workspace:  # fmt: skip
    """The workspace of a commit (its id), with the settings of that commit unless others are given.

    What a `known` workspace has read under the same settings, word for word, is not read again. With `wants` the
    objectives of other periods wait until one of them is asked for by its name.
    """
    tree = Tree(repository, commit)
    settings: File | None = None
    if config is None:
        config, settings = workspace.read_settings(tree.settings())
    before = _read_before(known, config)
    files, csvs = list[File](), set[str]()
    for source in tree.sources(wanted(config.include, config.exclude)):
        csvs.update(_named_csvs(source))
        file = _file(source, config, before)
        files.append(workspace.reduced(file, wants) if wants else file)
    tree.fetch(sorted(csvs))
    return workspace.assemble(files, config, tree.text, settings)


def wanted(include: Iterable[str], exclude: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path of the workspace is one of those that the settings name."""
    inside: dict[str, tuple[Patterns, Patterns]] = {"": (Patterns.of(include), Patterns.of(exclude))}

    def folder(path: str) -> tuple[Patterns, Patterns]:
        if path not in inside:
            above, _, name = path.rpartition("/")
            inner, outer = folder(above)
            whole = outer.whole
            inside[path] = (inner.below(name), outer if whole else outer.below(name))
        return inside[path]

    def wants(path: str) -> bool:
        above, _, name = path.rpartition("/")
        inner, outer = folder(above)
        return inner.match(name) and not outer.whole and not outer.match(name)

    return wants


class Tree:
    """The files of one commit by path, read when asked for; links lead on as they do on a disk."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.files = repository.listing(commit)
        self.links = repository.listing(commit, modes=git.LINKS)
        self._read: dict[str, bytes | Fault] = {}

    def fetch(self, paths: Iterable[str]) -> None:
        """Read these files, those that are there, out of one stream."""
        missing = [path for path in dict.fromkeys(paths) if path in self.files and path not in self._read]
        contents = self.repository.blobs(self.files[path] for path in missing)
        for path, (_, data) in zip(missing, contents, strict=True):
            self._read[path] = TOO_LARGE if data is None else data

    def source(self, path: str) -> Found:
        """The text of one file, or why there is none."""
        self.fetch([path])
        return _decoded(path, self._read.get(path, NO_FILE))

    def text(self, path: str) -> str | Fault:
        """The same as a text alone."""
        found = self.source(path)
        return found.text if isinstance(found, Source) else found[1]

    def settings(self) -> Source | Fault | None:
        """The settings' text, why there is none, or None where the commit has no settings."""
        found = self.source(PATH) if PATH in self.files else None
        return found if found is None or isinstance(found, Source) else found[1]

    def sources(self, wants: Callable[[str], bool]) -> Iterator[Found]:
        """Every file that is wanted."""
        paths = [path for path in self.files if wants(path)]
        led = dict(self._led(wants)) if self.links else {}
        self.fetch(real for real in led.values() if isinstance(real, str))
        contents = self.repository.blobs(self.files[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            yield _decoded(path, data)
        for path, real in led.items():
            found = self.source(real) if isinstance(real, str) else (path, real)
            yield found._replace(path=path) if isinstance(found, Source) else (path, found[1])

    def _led(self, wants: Callable[[str], bool]) -> Iterator[tuple[str, str | Fault]]:
        """Wanted paths that only links lead to, with the file that they mean; a file is read under its own name."""
        paths = sorted(self.links)
        contents = self.repository.blobs(self.links[path] for path in paths)
        for path, (_, data) in zip(paths, contents, strict=True):
            target = (data or b"").decode("utf-8", "surrogateescape")
            real = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if posixpath.isabs(real) or real == ".." or real.startswith("../"):
                found: Mapping[str, str | Fault] = {path: OUT}
            elif any(file.startswith(f"{real}/") for file in self.files):
                found = {path + file[len(real) :]: file for file in self.files if file.startswith(f"{real}/")}
            else:
                found = {path: real}
            for name, file in found.items():
                if wants(name) and (isinstance(file, Fault) or not (wants(file) and file in self.files)):
                    yield name, file


def _decoded(path: str, content: bytes | Fault | None) -> Found:
    """The text of a file, or why there is none; None stands for more than git reads out."""
    decoded = decode(path, TOO_LARGE if content is None else content)
    return (path, decoded) if isinstance(decoded, Fault) else decoded


def _named_csvs(source: Found) -> Iterator[str]:
    """Paths that may be those of CSV files that a text names: fetched together, since one by one is slow."""
    if isinstance(source, Source) and ".csv" in source.text:
        for name in _CSV.findall(source.text):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(source.path), name))


def _read_before(known: Iterable[Workspace], config: Config) -> dict[tuple[str, str], File]:
    alike = (one for one in known if one.config.fiscal == config.fiscal)
    return {(file.path, file.document.text): file for one in alike for file in one.files if not _refused(file)}


def _refused(file: File) -> bool:
    """Whether a file was never read, or got something from the others of its workspace."""
    return bool(file.faults) or any(problem.code == "OKR004" for problem in file.problems)


def _file(source: Found, config: Config, before: Mapping[tuple[str, str], File]) -> File:
    same = before.get((source.path, source.text)) if isinstance(source, Source) else None
    if same is None:
        return workspace.read_file(source, config)
    return replace(same, nodes=[], problems=list(same.problems), faults=list(same.faults))
