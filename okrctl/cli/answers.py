"""Keeps the answers of commands that only read, for the next time that the same is asked of the same state.

An entry is found by all that a run depends on outside of files: the words, the folder, the day, the environment, what
the streams can show, and the edition of okrctl and its libraries. It lists the files and folders that were read, and
what git's folder said of the repository, each with its state then. While all of that is as it was, the answer is
printed again: no file is opened, and neither Typer nor what computes the answer is imported.

Why whole answers, and not the results they were rendered from: an answer is text, so it cannot be read wrongly, and no
result has to be written in a form that is kept for later editions. What changes with any edit is cheap to keep and
costs nothing when it is lost.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO

from okrctl import cache, files
from okrctl.cache import FileState, repository_state
from okrctl.cli import streams
from okrctl.files.record import ReadRecord, recorded
from okrctl.operations import workspaces
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.cli.session import Session

MAX_CHARACTERS = 16 * 2**20  # of one answer; packing a longer one takes longer than working out what an edit changed
MAX_UNPACKED = 2**20  # bytes of an entry that is kept as it is; a longer one is packed to about a tenth
PACKED = b"packed "
VOLATILE_VARIABLES = ("_", "OLDPWD", "PWD", "SHLVL")
HOOK_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")  # what a running hook sets
BROKEN_ENTRY = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

Kind = Literal["out", "page", "err"]
Piece = tuple[Kind, str]  # what was written: data, data that a pager may show, a message


class Answer(NamedTuple):
    """What a command wrote, in order, and its exit status."""

    pieces: Sequence[Piece]
    status: int


class KeptAnswers:
    """The answer to one command line, where it is kept, and the place to keep it."""

    def __init__(self, words: Sequence[str]) -> None:
        store = cache.open_store("answers") if _is_repeatable(words) else None
        key = None if store is None else _question(words)
        self._entry = None if store is None or key is None else (store, key)

    def find(self) -> Answer | None:
        """Return the answer if nothing that it was computed from has changed since."""
        if self._entry is None:
            return None
        store, key = self._entry
        with suppress(*BROKEN_ENTRY):
            saved = json.loads(_unpack(store.load(key) or b""))
            if _is_current(saved):
                return Answer([(kind, text) for kind, text in saved["pieces"]], int(saved["status"]))
        return None

    def compute(self, session: Session, run: Callable[[], int | None]) -> int | None:
        """Run a command, keep its answer where all that it was computed from is known, and return the exit status."""
        place = None if session.verbose or session.is_redrawing else _Place.around(session.directory)
        if self._entry is None or place is None:
            return run()
        git = repository_state.read(Path(place.root))
        with recorded() as record:
            status = run()
        answer = Answer([*session.pieces, *(("page", text) for text in session.held)], status or 0)
        ignores = cache.file_states("", _ignore_files(record))
        if record.is_complete and _is_worth_keeping(answer) and _is_known_whole(git, ignores):
            entry = {
                **answer._asdict(), "place": place, "git": git, "files": record.files | ignores,
                "listings": [[*listing, found] for listing, found in record.listings.items()],
            }  # fmt: skip
            store, key = self._entry
            store.save(key, _pack(json.dumps(entry).encode()))
        return status


def _pack(content: bytes) -> bytes:
    if len(content) <= MAX_UNPACKED:
        return content
    import zlib

    return PACKED + zlib.compress(content, level=1)


def _unpack(content: bytes) -> bytes:
    if not content.startswith(PACKED):
        return content
    import zlib

    with suppress(zlib.error):
        return zlib.decompress(content.removeprefix(PACKED))
    return b""


class _Place(NamedTuple):
    """Where a command ran: its folder, the root of the workspace, and the top of the repository around it."""

    directory: str
    root: str
    top: str

    @staticmethod
    def around(directory: str | Path) -> _Place:
        root = workspaces.find_root(Path(directory)).folder
        return _Place(str(directory), str(root), str(files.git_root(root)))


def replay(answer: Answer) -> int:
    """Write an answer as it was written when it was computed, and return the exit status."""
    for kind, text in answer.pieces:
        if kind == "page":
            streams.write_paged(text, os.environ)
        else:
            streams.write(sys.stderr if kind == "err" else sys.stdout, text)
    return answer.status


def _is_repeatable(words: Sequence[str]) -> bool:
    """Whether a command line only reads, and in the repository around its folder."""
    if any(name in os.environ for name in HOOK_VARIABLES) or os.environ.get("OKRCTL_NO_CACHE"):
        return False
    return "--no-cache" not in words


def _ignore_files(record: ReadRecord) -> Iterator[str]:
    """Yield the files that decide which of the files found git ignores, by their absolute paths."""
    for (root, _, _), found in record.listings.items():
        inner = (os.path.join(root, os.path.dirname(path)) for path in found)
        for folder in dict.fromkeys((root, *map(str, Path(root).parents), *inner)):
            yield os.path.join(folder, ".gitignore")


def _is_worth_keeping(answer: Answer) -> bool:
    return answer.status in (0, 1) and sum(len(text) for _, text in answer.pieces) <= MAX_CHARACTERS


def _is_known_whole(git: dict[str, FileState | None], ignores: dict[str, FileState | None]) -> bool:
    """Whether the states say all about git: no settings include further files, and nothing to ignore changes now."""
    is_changing = any(state is not None and cache.is_racy(state) for state in ignores.values())
    return not is_changing and not repository_state.includes_settings(git)


def _question(words: Sequence[str]) -> str | None:
    """Return the key of an answer: all that it depends on beside files; None where that cannot be said."""
    try:
        project = Project()
        folder, today = str(project.directory), str(project.today)
        streams = [_describe_stream(stream) for stream in (sys.stdout, sys.stderr)]
        environment = sorted(item for item in os.environ.items() if item[0] not in VOLATILE_VARIABLES)
        return cache.cache_key(list(words), folder, today, streams, environment, _programs())
    except (OkrctlError, OSError, ValueError):
        return None


def _describe_stream(stream: TextIO | None) -> tuple[Any, ...]:
    if stream is None:
        return ()
    is_terminal = stream.isatty()
    size = tuple(os.get_terminal_size(stream.fileno())) if is_terminal else ()
    return is_terminal, size, getattr(stream, "encoding", None)


def _programs() -> list[tuple[str, int]]:
    """Return when git and the libraries were last installed: another version may answer differently."""
    git = (os.path.join(folder, "git") for folder in os.environ.get("PATH", "").split(os.pathsep))
    return [(path, os.stat(path).st_mtime_ns) for path in (*sys.path, *git) if path and os.path.exists(path)]


def _is_current(saved: dict[str, Any]) -> bool:
    place = _Place(*saved["place"])
    if _Place.around(place.directory) != place:
        return False
    if not cache.is_same_state("", saved["git"], repository_state.read(Path(place.root))):
        return False
    for folder, include, exclude, before in saved["listings"]:
        now = files.find(Path(folder), include, exclude)
        if {path: problem and problem.message for path, problem in now} != before:
            return False
    return cache.is_unchanged("", saved["files"])
