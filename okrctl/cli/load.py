"""Opens the workspace that a command works on: from the disk, or as it was at a revision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path

from okrctl import files, workspace
from okrctl.cli.session import Session, parse_date
from okrctl.git import Repository
from okrctl.git.repository import DATE
from okrctl.history import snapshot
from okrctl.history.baseline import Agreements
from okrctl.schema.settings import COMPANY, PATH, Config
from okrctl.values.diagnostic import Fault
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period, PeriodError
from okrctl.values.period.selection import default, find
from okrctl.workspace import File, Wants, Workspace
from okrctl.yaml import Source, decode

Found = Source | tuple[str, Fault]
CHECK_HINT = "`okrctl check` shows every place and how to mend it"
BEGIN_HINT = "begin with `okrctl init`, or name another folder with -C DIR"
PAST_HINT = "name a commit whose files can be read"


def from_disk(session: Session, instead: Mapping[str, bytes] | None = None, wants: Wants | None = None) -> Workspace:
    """The workspace as it lies on the disk, whatever is wrong with it; `instead` has bytes for some of its paths.

    With `wants` the objectives of other periods wait until one of them is asked for by its name.
    """
    given = instead or {}
    config, settings = settings_of(session.root, given)
    found = files.read_workspace(session.root, config.include, config.exclude)
    stand_in = {path: content for path, content in given.items() if path != PATH and not path.endswith(".csv")}
    all_found = chain((one for one in found if one[0] not in stand_in), stand_in.items())
    return workspace.build(sources(all_found), config, loader(session.root, given), settings, wants)


def settings_of(root: Path, instead: Mapping[str, bytes] | None = None) -> tuple[Config, File | None]:
    """The settings of the folder, the defaults where it has none."""
    content: bytes | Fault | None = (instead or {}).get(PATH)
    if content is None:
        if not (root / PATH).exists() and not (root / PATH).is_symlink():
            return workspace.read_settings(None)
        content = files.read(root, PATH)
    return workspace.read_settings(decode(PATH, content))


def sources(found: Iterable[files.Found]) -> Iterator[Found]:
    """The texts of files, or why there are none."""
    for path, content in found:
        decoded = decode(path, content)
        yield (path, decoded) if isinstance(decoded, Fault) else decoded


def loader(root: Path, instead: Mapping[str, bytes] | None = None) -> Callable[[str], str | Fault]:
    """Reads the text of a CSV file of the workspace."""

    def load(path: str) -> str | Fault:
        decoded = decode(path, (instead or {}).get(path) or files.read(root, path))
        return decoded if isinstance(decoded, Fault) else decoded.text

    return load


def whole(session: Session, wants: Wants | None = None) -> Workspace:
    """The workspace, for commands that need every file to be readable; OkrctlError where one is not."""
    return sound(from_disk(session, wants=wants))


def about(session: Session, words: str) -> Workspace | None:
    """Only the files that speak of the objective, key result or KPI of a reference; None where there are none."""
    config, settings = settings_of(session.root)
    above, _, last = words.strip().rpartition("/")
    team = above.rpartition("/")[2]
    names = [name.encode() for name in (*last.split("."), "" if team == COMPANY else team) if name]
    alone = [re.compile(rb"(?<![a-z0-9_-])" + re.escape(name) + rb"(?![a-z0-9_-])") for name in names]

    def tells(data: bytes | Fault) -> bool:
        return (
            isinstance(data, bytes) and all(name in data for name in names) and all(one.search(data) for one in alone)
        )

    found = files.read_workspace(session.root, config.include, config.exclude) if names else []
    told = [(path, data) for path, data in found if tells(data)]
    return workspace.build(sources(told), config, loader(session.root), settings) if told else None


def asked(session: Session, known_at: str | None, wants: Wants | None = None) -> tuple[Workspace, str | None]:
    """The whole workspace on the clock of the repository: as it lies on the disk, or as of a revision or a date.

    With the commit's id where there is one. From then on the session's today is that date, or the commit's day.
    """
    if known_at is None:
        return whole(session, wants), None
    found = repository(session)
    commit = found.resolve(known_at)
    session.today = parse_date(known_at) if DATE.fullmatch(known_at) else commit.day
    return sound(snapshot.at(found, commit.id, wants=wants), commit.id), commit.id


def repository(session: Session) -> Repository:
    """The repository that the workspace lies in; OkrctlError where there is none."""
    found = session.repository
    if found is None:
        raise OkrctlError(f"no git repository around {session.root}", "this needs git, and a repository with commits")
    return found


def repository_if_any(session: Session) -> Repository | None:
    """The repository for what is told only where there is one that can be read."""
    try:
        return session.repository
    except OkrctlError:
        return None


def agreements(session: Session, opened: Workspace, commit: str | None) -> Agreements:
    """What was agreed for the periods of a workspace, as far as there is a repository to tell it."""
    return Agreements(repository_if_any(session), opened, commit)


def sound(opened: Workspace, commit: str | None = None) -> Workspace:
    """The same workspace; OkrctlError where a file cannot be read or its shape is wrong."""
    broken = opened.broken
    if broken:
        file, message = broken[0]
        more = f", and {len(broken) - 1} more files" if len(broken) > 1 else ""
        where = f" at {commit[:10]}" if commit else ""
        raise OkrctlError(f"{file.path}{where}: {message}{more}", CHECK_HINT if commit is None else PAST_HINT)
    return opened


def periods_asked(
    opened: Workspace, words: list[str] | None, session: Session, day: date | None = None
) -> list[Period]:
    """The periods that a command line means, without words those of a day; OkrctlError where there is none."""
    known = opened.periods
    if not known:
        hint = BEGIN_HINT
        raise OkrctlError(f"no objectives in {session.root}", hint)
    try:
        if not words:
            return default(known, day or session.today)
        return [find(word, known, session.today, opened.config.fiscal) for word in words]
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error
