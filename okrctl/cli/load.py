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
from okrctl.git.repository import DATE_PATTERN
from okrctl.history import snapshot
from okrctl.history.baseline import Baselines
from okrctl.schema.settings import COMPANY, SETTINGS_PATH, Config
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period, PeriodError
from okrctl.values.period.selection import default_periods, find_period
from okrctl.workspace import File, PeriodFilter, Workspace
from okrctl.yaml import Source, decode

SourceOrFault = Source | tuple[str, FileProblem]
CHECK_HINT = "`okrctl check` shows every place and how to mend it"
INIT_HINT = "begin with `okrctl init`, or name another folder with -C DIR"
REVISION_HINT = "name a commit whose files can be read"


def load_from_disk(
    session: Session, overrides: Mapping[str, bytes] | None = None, wants: PeriodFilter | None = None
) -> Workspace:
    """The workspace as it lies on the disk, whatever is wrong with it; `instead` has bytes for some of its paths.

    With `wants` the objectives of other periods wait until one of them is asked for by its name.
    """
    given = overrides or {}
    config, settings = read_settings(session.root, given)
    found = files.read_workspace(session.root, config.include, config.exclude)
    stand_in = {path: content for path, content in given.items() if path != SETTINGS_PATH and not path.endswith(".csv")}
    all_found = chain((one for one in found if one[0] not in stand_in), stand_in.items())
    return workspace.build_workspace(decode_files(all_found), config, csv_loader(session.root, given), settings, wants)


def read_settings(root: Path, overrides: Mapping[str, bytes] | None = None) -> tuple[Config, File | None]:
    """The settings of the folder, the defaults where it has none."""
    content: bytes | FileProblem | None = (overrides or {}).get(SETTINGS_PATH)
    if content is None:
        if not (root / SETTINGS_PATH).exists() and not (root / SETTINGS_PATH).is_symlink():
            return workspace.read_settings(None)
        content = files.read(root, SETTINGS_PATH)
    return workspace.read_settings(decode(SETTINGS_PATH, content))


def decode_files(found: Iterable[files.FoundFile]) -> Iterator[SourceOrFault]:
    """The texts of files, or why there are none."""
    for path, content in found:
        decoded = decode(path, content)
        yield (path, decoded) if isinstance(decoded, FileProblem) else decoded


def csv_loader(root: Path, overrides: Mapping[str, bytes] | None = None) -> Callable[[str], str | FileProblem]:
    """Reads the text of a CSV file of the workspace."""

    def load(path: str) -> str | FileProblem:
        decoded = decode(path, (overrides or {}).get(path) or files.read(root, path))
        return decoded if isinstance(decoded, FileProblem) else decoded.text

    return load


def load_workspace(session: Session, wants: PeriodFilter | None = None) -> Workspace:
    """The workspace, for commands that need every file to be readable; OkrctlError where one is not."""
    return require_valid(load_from_disk(session, wants=wants))


def load_for_reference(session: Session, words: str) -> Workspace | None:
    """Only the files that speak of the objective, key result or KPI of a reference; None where there are none."""
    config, settings = read_settings(session.root)
    above, _, last = words.strip().rpartition("/")
    team = above.rpartition("/")[2]
    names = [name.encode() for name in (*last.split("."), "" if team == COMPANY else team) if name]
    alone = [re.compile(rb"(?<![a-z0-9_-])" + re.escape(name) + rb"(?![a-z0-9_-])") for name in names]

    def tells(data: bytes | FileProblem) -> bool:
        return (
            isinstance(data, bytes) and all(name in data for name in names) and all(one.search(data) for one in alone)
        )

    found = files.read_workspace(session.root, config.include, config.exclude) if names else []
    told = [(path, data) for path, data in found if tells(data)]
    return workspace.build_workspace(decode_files(told), config, csv_loader(session.root), settings) if told else None


def load_at_revision(
    session: Session, known_at: str | None, wants: PeriodFilter | None = None
) -> tuple[Workspace, str | None]:
    """The whole workspace on the clock of the repository: as it lies on the disk, or as of a revision or a date.

    With the commit's id where there is one. From then on the session's today is that date, or the commit's day.
    """
    if known_at is None:
        return load_workspace(session, wants), None
    found = require_repository(session)
    commit = found.resolve(known_at)
    session.today = parse_date(known_at) if DATE_PATTERN.fullmatch(known_at) else commit.day
    return require_valid(snapshot.load_snapshot(found, commit.id, wants=wants), commit.id), commit.id


def require_repository(session: Session) -> Repository:
    """The repository that the workspace lies in; OkrctlError where there is none."""
    found = session.repository
    if found is None:
        raise OkrctlError(f"no git repository around {session.root}", "this needs git, and a repository with commits")
    return found


def find_repository(session: Session) -> Repository | None:
    """The repository for what is told only where there is one that can be read."""
    try:
        return session.repository
    except OkrctlError:
        return None


def load_agreements(session: Session, opened: Workspace, commit: str | None) -> Baselines:
    """What was agreed for the periods of a workspace, as far as there is a repository to tell it."""
    return Baselines(find_repository(session), opened, commit)


def require_valid(opened: Workspace, commit: str | None = None) -> Workspace:
    """The same workspace; OkrctlError where a file cannot be read or its shape is wrong."""
    broken = opened.broken_files
    if broken:
        file, message = broken[0]
        more = f", and {len(broken) - 1} more files" if len(broken) > 1 else ""
        where = f" at {commit[:10]}" if commit else ""
        raise OkrctlError(f"{file.path}{where}: {message}{more}", CHECK_HINT if commit is None else REVISION_HINT)
    return opened


def requested_periods(
    opened: Workspace, words: list[str] | None, session: Session, day: date | None = None
) -> list[Period]:
    """The periods that a command line means, without words those of a day; OkrctlError where there is none."""
    known = opened.periods
    if not known:
        hint = INIT_HINT
        raise OkrctlError(f"no objectives in {session.root}", hint)
    try:
        if not words:
            return default_periods(known, day or session.today)
        return [find_period(word, known, session.today, opened.config.fiscal) for word in words]
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error
