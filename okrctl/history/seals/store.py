"""Finds and reads the seals of a workspace, and the commit that a new seal can name."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from okrctl import files
from okrctl.git import Repository
from okrctl.history.seals import seal
from okrctl.history.seals.seal import SEAL_FOLDER, Sealed, seal_path
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import FilesError
from okrctl.values.path_filters import IncludedPaths
from okrctl.values.period import PeriodError
from okrctl.values.period.selection import find_period
from okrctl.workspace import Kpi, Node, Workspace
from okrctl.yaml import decode

REOPENED_FOLDER = f"{SEAL_FOLDER}/reopened"


class StoredSeal(NamedTuple):
    """A seal with the file that holds it."""

    path: str
    text: str
    data: Sealed


def sealed_period_ids(root: Path) -> list[str]:
    """Return the ids of the sealed periods of a workspace, in order."""
    return [PurePosixPath(path).stem for path, _ in files.find(root, [f"{SEAL_FOLDER}/*.json"])]


def is_sealed(root: Path, node: Node) -> bool:
    """Whether the period of a node has a sealed scorecard; a KPI belongs to no period."""
    return not isinstance(node, Kpi) and files.has_file(root, seal_path(node.period.id))


def find_sealed_period(root: Path, config: Config, name: str, today: date) -> str:
    """Return the id of the sealed period of this name, the name itself where none has it."""
    seals = (load_seal(root, period) for period in sealed_period_ids(root))
    periods = [seal.sealed_period(stored.data) for stored in seals if stored is not None]
    try:
        return find_period(name, periods, today, config.fiscal).id
    except PeriodError:
        return name


def load_seal(root: Path, period_id: str) -> StoredSeal | None:
    """Return the seal of a period, None where there is none; raises OkrctlError where the file is not a seal."""
    path = seal_path(period_id)
    if not files.has_file(root, path):
        return None
    text = _read_text(root, path)
    return StoredSeal(path, text, seal.parse_seal(path, text))


def reopened_paths(root: Path, period_id: str) -> list[str]:
    """Return the paths of the earlier seals of a period that were reopened, in order."""
    records = (path for path, _ in files.find(root, [f"{REOPENED_FOLDER}/*.json"]))
    return [path for path in records if PurePosixPath(path).stem.rpartition(".")[0] == period_id]


def load_reopenings(root: Path, period_id: str) -> tuple[dict[str, object], ...]:
    """Return who reopened the earlier seals of a period, when and why."""
    records = (seal.parse_reopening(_read_text(root, path)) for path in reopened_paths(root, period_id))
    return tuple(dict(record) for record in records if record is not None)


def uncommitted_paths(repository: Repository, workspace: Workspace) -> list[str]:
    """Return the files that scores are computed from and that differ from HEAD."""
    known = {file.path for file in (*([workspace.settings] if workspace.settings else []), *workspace.files)}
    csvs = (*(node.csv for node in workspace.key_results), *(node.csv for node in workspace.kpi_nodes))
    known |= {csv.path for csv in csvs if csv is not None}
    if repository.head() is None:
        return sorted(known)
    matches = IncludedPaths([*workspace.config.include, SETTINGS_PATH], workspace.config.exclude)
    committed = (path for path in repository.list_files("HEAD", matches) if path not in known)
    return repository.uncommitted_paths(sorted({*known, *committed}))


def sealed_commit(repository: Repository | None, workspace: Workspace) -> str | None:
    """Return the commit that holds all that scores are computed from; None without git, or if some is uncommitted."""
    head = repository.head() if repository is not None else None
    if repository is None or head is None or uncommitted_paths(repository, workspace):
        return None
    return head.id


def _read_text(root: Path, path: str) -> str:
    decoded = decode(path, files.read_inside(root, path))
    if isinstance(decoded, FileProblem):
        raise FilesError(f"{path}: {decoded.message}", decoded.help)
    return decoded.text
