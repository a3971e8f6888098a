"""Reads the workspace of a folder: its settings, its files and the CSV files that these name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from okrctl import files, workspace
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.values.diagnostic import START, FileProblem
from okrctl.workspace import File, PeriodFilter, ReadText, Workspace
from okrctl.workspace.index import FileIndex, SourceOrProblem, read_files
from okrctl.workspace.reader import INVALID_EXTENDS
from okrctl.yaml import Source, decode

OUTSIDE = FileProblem(INVALID_EXTENDS, "is outside of this repository", START)
ReadFiles = Callable[[Iterable[SourceOrProblem]], Iterator[File]]


class ParsedFiles:
    """Files as they were last parsed, by path, so that a program that runs for long parses each only when it changes.

    Several threads may use it: what two of them parse at the same time is parsed twice.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[str | FileProblem, str, File]] = {}
        self._csv_paths: dict[str, None] = {}

    def read(self, sources: Iterable[SourceOrProblem], read: ReadFiles, settings: str) -> Iterator[File]:
        """Yield each file, one of its own for a graph; `settings` is the text of those that `read` reads it with."""
        listed = [(source, self._known.get(source[0])) for source in sources]
        new = [source for source, known in listed if known is None or known[:2] != (source[1], settings)]
        read_now = {file.path: file for file in read(new)}
        for (path, content), known in listed:
            if path in read_now:
                known = self._known[path] = (content, settings, read_now[path])
            assert known is not None
            yield replace(known[2], nodes=[], schema_problems=list(known[2].schema_problems))

    @property
    def csv_paths(self) -> list[str]:
        """The files of readings that the parsed files have named so far."""
        return sorted(self._csv_paths)

    def note_csv_files(self, read: ReadText) -> ReadText:
        """Return a function that reads such files, and remembers their paths."""

        def read_and_note(path: str) -> str | FileProblem:
            self._csv_paths[path] = None
            return read(path)

        return read_and_note


def load_folder(
    root: Path, texts: Mapping[str, bytes] | None = None, wants: PeriodFilter | None = None,
    parsed: ParsedFiles | None = None, index: FileIndex | None = None,
    settings: tuple[Config, File | None] | None = None,
) -> Workspace:  # fmt: skip
    """Return the workspace of a folder, whatever is wrong with its files; `texts` replace those of their paths.

    With `wants`, the objectives of other periods are loaded only when a reference names one of them. With `parsed`,
    only files that changed since the last time are parsed, and all objectives are loaded. With an `index`, only files
    that no run has read before are parsed. `settings` are those of `read_settings`, where somebody read them before.
    """
    texts = texts or {}
    config, settings_file = settings or read_settings(root, texts, index)
    found = files.read_workspace(root, config.include, config.exclude)
    replaced = {path: data for path, data in texts.items() if path != SETTINGS_PATH and not path.endswith(".csv")}
    contents = chain((file for file in found if file[0] not in replaced), replaced.items())
    sources, read_csv = decode_files(contents), csv_reader(root, texts)

    def read(sources: Iterable[SourceOrProblem]) -> Iterator[File]:
        return read_files(sources, config, index)

    if parsed is not None:
        text = settings_file.settings_text if settings_file is not None else ""
        found_files, read_csv = parsed.read(sources, read, text), parsed.note_csv_files(read_csv)
    elif wants is not None:
        read_again = partial(_read_again, root, texts)
        found_files = (workspace.reduce_file(file, wants, read_again) for file in read(sources))
    else:
        found_files = read(sources)
    loaded = workspace.assemble_workspace(found_files, config, read_csv, settings_file)
    loaded.index = index
    return loaded


def read_settings(
    root: Path, texts: Mapping[str, bytes] | None = None, index: FileIndex | None = None
) -> tuple[Config, File | None]:
    """Return the settings of a folder, the defaults where it has none."""
    content: bytes | FileProblem | None = (texts or {}).get(SETTINGS_PATH)
    if content is None:
        if not files.has_file(root, SETTINGS_PATH):
            return workspace.read_settings(None)
        content = files.read_inside(root, SETTINGS_PATH)
    read = workspace.read_settings if index is None else index.read_settings
    config, file = read(decode(SETTINGS_PATH, content))
    if config.extends is None or file is None:
        return config, file
    from okrctl.workspace.inheritance import extend_settings

    def read_extended_file(path: str) -> Source | FileProblem | None:
        return decode(path, texts[path]) if texts is not None and path in texts else read_extended(root, path)

    return extend_settings(config, file, read_extended_file, read)


def read_extended(root: Path, path: str) -> Source | FileProblem | None:
    """The settings at a path from the root, for settings that extend them; None for a missing file.

    They may be anywhere in the repository around the root, or in its superproject, and nowhere else.
    """
    top = files.git_root(root)
    outer = files.superproject_of(top)
    real = Path(os.path.realpath(root / path))
    if not any(real.is_relative_to(os.path.realpath(folder)) for folder in (outer or top, top)):
        return OUTSIDE
    return decode(path, files.read(root, path)) if files.has_file(root, path) else None


def decode_files(found: Iterable[files.FoundFile]) -> Iterator[SourceOrProblem]:
    """Yield the text of each file, or its path and why it cannot be read."""
    for path, content in found:
        decoded = decode(path, content)
        yield (path, decoded) if isinstance(decoded, FileProblem) else decoded


def _read_again(root: Path, texts: Mapping[str, bytes], path: str) -> str:
    """The text of a file that could be read before; empty where it cannot any more."""
    decoded = decode(path, texts[path] if path in texts else files.read(root, path))
    return decoded.text if isinstance(decoded, Source) else ""


def csv_reader(root: Path, texts: Mapping[str, bytes] | None = None) -> ReadText:
    """Return a function that reads the text of a CSV file of the workspace."""

    def read(path: str) -> str | FileProblem:
        content = texts[path] if texts is not None and path in texts else files.read_inside(root, path)
        decoded = decode(path, content)
        return decoded if isinstance(decoded, FileProblem) else decoded.text

    return read
