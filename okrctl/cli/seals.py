"""Finds, reads and writes the seals of a workspace, for the commands that close, open and verify periods."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from okrctl import files, git
from okrctl.analysis.due_checkins import signature
from okrctl.cli import io
from okrctl.cli.session import Session
from okrctl.git import Repository
from okrctl.history import snapshot
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.seals import seal
from okrctl.seals.seal import SEAL_FOLDER, Sealed, seal_path
from okrctl.values.period import PeriodError
from okrctl.values.period.selection import find_period
from okrctl.workspace import Workspace

REOPENED_FOLDER = f"{SEAL_FOLDER}/reopened"


class StoredSeal(NamedTuple):
    """A seal as its file holds it."""

    path: str
    text: str
    data: Sealed


def sealed_period_ids(session: Session) -> list[str]:
    """The periods that are sealed."""
    return [PurePosixPath(path).stem for path, _ in files.find(session.root, [f"{SEAL_FOLDER}/*.json"])]


def requested_period_id(session: Session, config: Config, words: str) -> str:
    """The closed period that a command line means; else the words as they are."""
    known = [load_seal(session, name) for name in sealed_period_ids(session)]
    spans = [seal.sealed_period(found.data) for found in known if found is not None]
    try:
        return find_period(words, spans, session.today, config.fiscal).id
    except PeriodError:
        return words


def load_seal(session: Session, period_id: str) -> StoredSeal | None:
    """The seal of a period, None where there is none; OkrctlError where the file is no seal."""
    path = seal_path(period_id)
    if not (session.root / path).exists():
        return None
    text = io.read_text_argument(session.root, path)
    return StoredSeal(path, text, seal.parse_seal(path, text))


def reopened_paths(session: Session, period_id: str) -> list[str]:
    """The paths of the records of seals of this period that were opened again, in order."""
    found = files.find(session.root, [f"{REOPENED_FOLDER}/*.json"])
    return [path for path, _ in found if PurePosixPath(path).stem.rpartition(".")[0] == period_id]


def load_reopenings(session: Session, period_id: str) -> tuple[dict[str, object], ...]:
    """Who opened the earlier seals of this period, when and why."""
    told = (
        seal.parse_reopening(io.read_text_argument(session.root, path)) for path in reopened_paths(session, period_id)
    )
    return tuple(dict(one) for one in told if one is not None)


def uncommitted_paths(repository: Repository, opened: Workspace) -> list[str]:
    """The files that figures are made from and that are not on the disk as HEAD has them."""
    known = {file.path for file in (*([opened.settings] if opened.settings else []), *opened.files)}
    tables = [*(one.csv for one in opened.key_results), *(one.csv for one in opened.kpi_nodes)]
    known |= {csv.path for csv in tables if csv is not None}
    if repository.head() is None:
        return sorted(known)
    wants = snapshot.path_filter(opened.config.include, opened.config.exclude)
    held = (path for path in repository.list_files("HEAD") if wants(path) or path == SETTINGS_PATH)
    return repository.uncommitted_paths(sorted({*known, *held}))


def sealed_commit(session: Session, opened: Workspace) -> str | None:
    """The commit that holds what the figures are made from; None where there is no git, or some of it is not saved."""
    repository = git.find_repository(session.root)
    if repository is None or repository.head() is None or uncommitted_paths(repository, opened):
        return None
    head = repository.head()
    return head.id if head else None


def current_person(session: Session, config: Config) -> str:
    """Who is at work: as the settings or git know them, else as the machine does."""
    repository = git.find_repository(session.root)
    known = repository and signature(config, repository.user_email(), repository.get_setting("user.name"))
    return known or session.environment.get("USER") or "unknown"
