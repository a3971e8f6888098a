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
from okrctl.schema.settings import PATH, Config
from okrctl.seals import seal
from okrctl.seals.seal import FOLDER, Sealed, path_of
from okrctl.values.period import PeriodError
from okrctl.values.period.selection import find
from okrctl.workspace import Workspace

REOPENED = f"{FOLDER}/reopened"


class Seal(NamedTuple):
    """A seal as its file holds it."""

    path: str
    text: str
    data: Sealed


def period_ids(session: Session) -> list[str]:
    """The periods that are sealed."""
    return [PurePosixPath(path).stem for path, _ in files.find(session.root, [f"{FOLDER}/*.json"])]


def period_asked(session: Session, config: Config, words: str) -> str:
    """The closed period that a command line means; else the words as they are."""
    known = [load(session, name) for name in period_ids(session)]
    spans = [seal.span(found.data) for found in known if found is not None]
    try:
        return find(words, spans, session.today, config.fiscal).id
    except PeriodError:
        return words


def load(session: Session, period_id: str) -> Seal | None:
    """The seal of a period, None where there is none; OkrctlError where the file is no seal."""
    path = path_of(period_id)
    if not (session.root / path).exists():
        return None
    text = io.text(session.root, path)
    return Seal(path, text, seal.read(path, text))


def earlier(session: Session, period_id: str) -> list[str]:
    """The paths of the records of seals of this period that were opened again, in order."""
    found = files.find(session.root, [f"{REOPENED}/*.json"])
    return [path for path, _ in found if PurePosixPath(path).stem.rpartition(".")[0] == period_id]


def reopenings(session: Session, period_id: str) -> tuple[dict[str, object], ...]:
    """Who opened the earlier seals of this period, when and why."""
    told = (seal.reopening(io.text(session.root, path)) for path in earlier(session, period_id))
    return tuple(dict(one) for one in told if one is not None)


def unsaved(repository: Repository, opened: Workspace) -> list[str]:
    """The files that figures are made from and that are not on the disk as HEAD has them."""
    known = {file.path for file in (*([opened.settings] if opened.settings else []), *opened.files)}
    tables = [*(one.csv for one in opened.key_results), *(one.csv for one in opened.kpi_nodes)]
    known |= {csv.path for csv in tables if csv is not None}
    if repository.head() is None:
        return sorted(known)
    wants = snapshot.wanted(opened.config.include, opened.config.exclude)
    held = (path for path in repository.listing("HEAD") if wants(path) or path == PATH)
    return repository.unsaved(sorted({*known, *held}))


def commit_for(session: Session, opened: Workspace) -> str | None:
    """The commit that holds what the figures are made from; None where there is no git, or some of it is not saved."""
    repository = git.find(session.root)
    if repository is None or repository.head() is None or unsaved(repository, opened):
        return None
    head = repository.head()
    return head.id if head else None


def person(session: Session, config: Config) -> str:
    """Who is at work: as the settings or git know them, else as the machine does."""
    repository = git.find(session.root)
    known = repository and signature(config, repository.email(), repository.setting("user.name"))
    return known or session.environment.get("USER") or "unknown"
