"""Loads the workspace that an operation works on: from the disk, or as it was at a revision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from okrctl import files, scoring, workspace
from okrctl.analysis.filters import Selection, parse_selection
from okrctl.git import Repository
from okrctl.git.repository import DATE_PATTERN
from okrctl.git.upstream import lacks_upstream_line
from okrctl.history import snapshot
from okrctl.history.baseline import Baselines
from okrctl.operations import workspaces
from okrctl.operations.project import Project, parse_date
from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import Level
from okrctl.values.diagnostic import CONFLICT_MESSAGE, Diagnostic, FileProblem
from okrctl.values.errors import FilesError, GitError, NotFoundError, OkrctlError, RefusedError, SettingsError
from okrctl.values.nouns import count_noun
from okrctl.values.period import Period, PeriodError
from okrctl.values.period.selection import default_periods, find_period
from okrctl.workspace import KeyResult, Kpi, PeriodFilter, Workspace, disk
from okrctl.workspace.reader import INVALID_EXTENDS

CHECK_HINT = "`okrctl check` lists every problem and how to fix it"
MERGE_HINT = "`okrctl merge` merges what git left in conflict, value by value"
UPSTREAM_NOTE = (
    "the first parents of HEAD, along which agreed targets are read, leave out commits of its upstream branch: a merge "
    "has them second; git rebase puts them first"
)
REVISION_HINT = "pass a commit whose files can be read"


class Filters(NamedTuple):
    """Which lines of a result are wanted, as a person names them; empty stands for all."""

    teams: Sequence[str] = ()
    owners: Sequence[str] = ()
    priorities: Sequence[str] = ()
    tags: Sequence[str] = ()

    def select(self, workspace: Workspace, level: Level = "key-result") -> Selection:
        """Return the selection of lines; raises OkrctlError for a name that the workspace does not have."""
        return parse_selection(
            workspace, list(self.teams), list(self.owners), list(self.priorities), list(self.tags), level
        )


NO_FILTERS = Filters()


class Loaded(NamedTuple):
    """A workspace, the commit that it was read from (None: the disk), and the day that counts as today there."""

    workspace: Workspace
    commit: str | None
    today: date

    def day_of(self, period: Period, as_of: date | None = None) -> date:
        """Return the day that a period is seen on: `as_of`, or the day that its state today implies."""
        return as_of or scoring.default_day(period, self.today, self.workspace.config)


def load_workspace(project: Project, wants: PeriodFilter | None = None) -> Workspace:
    """Return the workspace as it is now; raises OkrctlError where a file of it is broken.

    A project that skips broken files gets the workspace without them, of broken settings what can be read.
    """
    if project.known_workspace is not None:
        return project.known_workspace
    found = _load_folder(project, wants)
    if project.reads_once and wants is None:
        project.known_workspace = found
    return found


def _load_folder(project: Project, wants: PeriodFilter | None) -> Workspace:
    loaded = disk.load_folder(
        project.root, project.texts, wants=wants, parsed=project.parsed_files, index=project.index
    )
    for problem in loaded.settings.schema_problems if loaded.settings is not None else ():
        if problem.code == INVALID_EXTENDS:
            project.notify(f"{problem.message}; {CHECK_HINT}")
    if project.skips_broken_files and loaded.broken_files:
        return _without_broken_files(project, loaded)
    return require_valid(loaded, root=project.root)


def load_readable(project: Project) -> Workspace:
    """Return the workspace with all that can be read, also of broken files: as a person sees it who is typing."""
    return disk.load_folder(project.root, project.texts, parsed=project.parsed_files)


def _without_broken_files(project: Project, loaded: Workspace) -> Workspace:
    broken = {file.path: message for file, message in loaded.broken_files}
    project.broken_files = [f"{path}: {message}" for path, message in broken.items()]
    kept = [
        replace(file, nodes=[], schema_problems=list(file.schema_problems))
        for file in loaded.files
        if file.path not in broken
    ]
    read_csv = disk.csv_reader(project.root, project.texts)
    return workspace.assemble_workspace(kept, loaded.config, read_csv, loaded.settings)


def load_with_changes(project: Project, texts: Mapping[str, str]) -> Workspace:
    """Return the workspace as it would be with these texts; raises OkrctlError where a file would be broken.

    A project that skips broken files gets it without those that are broken already.
    """
    data = {**project.texts, **{path: text.encode() for path, text in texts.items()}}
    edited = disk.load_folder(project.root, data, parsed=project.parsed_files, index=project.index)
    if project.skips_broken_files and not any(file.path in texts for file, _ in edited.broken_files):
        return _without_broken_files(project, edited)
    return require_unbroken(edited)


def load_at_revision(
    project: Project, known_at: str | None, wants: Callable[[Period, date], bool] | None = None
) -> Loaded:
    """Return the workspace at a revision or date, or as it is on the disk for None.

    At a revision, today is the date that was given, else the day of the commit. With `wants`, which gets a period and
    today, the objectives of other periods are loaded only when a reference names one of them.
    """

    def filter_on(today: date) -> PeriodFilter | None:
        return (lambda period: wants(period, today)) if wants is not None else None

    if known_at is None:
        return Loaded(load_workspace(project, filter_on(project.today)), None, project.today)
    repository = require_repository(project)
    commit = repository.resolve(known_at)
    today = parse_date(known_at) if DATE_PATTERN.fullmatch(known_at) else commit.day
    project.trace(f"--known-at {known_at}: commit {commit.id[:10]}, today is {today}")
    loaded = snapshot.load_snapshot(repository, commit.id, wants=filter_on(today), index=project.index)
    return Loaded(require_valid(loaded, commit.id, project.root), commit.id, today)


def notify_csv_problems(
    project: Project, nodes: Iterable[KeyResult] | Iterable[Kpi] | Iterable[KeyResult | Kpi]
) -> None:
    """Name each CSV file with readings of these nodes that cannot be read or has lines that are left out, once."""
    lines = {}
    for node in nodes:
        csv = node.csv
        if csv is not None and csv.read_problem is not None:
            lines[csv.path] = f"{csv.path} cannot be read: {csv.read_problem.message}"
        elif csv is not None and csv.problems:
            first = min(csv.problems, key=lambda problem: problem.line)
            more = f", and {len(csv.problems) - 1} more" if len(csv.problems) > 1 else ""
            where = f"line {first.line}: {first.message}{more}"
            lines[csv.path] = f"{csv.path} has readings that are left out: {where}; {CHECK_HINT}"
    for line in lines.values():
        project.notify(line)


def load_for_reference(project: Project, reference: str) -> Workspace | None:
    """Return a workspace of only the files that contain the names of a reference, None where no file does.

    Reading one file of thousands is fast. Whether the names mean in these files what they mean in all is for the
    caller to judge.
    """
    config, settings = disk.read_settings(project.root, index=project.index)
    folder, _, last = reference.strip().rpartition("/")
    team = folder.rpartition("/")[2]
    names = [name.encode() for name in (*last.split("."), "" if team == COMPANY else team) if name]
    words = [re.compile(rb"(?<![a-z0-9_-])" + re.escape(name) + rb"(?![a-z0-9_-])") for name in names]

    def has_names(data: bytes | FileProblem) -> bool:
        # The plain search comes first: it is many times faster than the expressions, and rules out nearly all files.
        return isinstance(data, bytes) and all(name in data for name in names) and all(w.search(data) for w in words)

    contents = files.read_workspace(project.root, config.include, config.exclude) if names else []
    matching = [(path, data) for path, data in contents if has_names(data)]
    if not matching:
        return None
    return workspace.build_workspace(
        disk.decode_files(matching), config, disk.csv_reader(project.root), settings, project.index
    )


def require_valid(loaded: Workspace, commit: str | None = None, root: Path | None = None) -> Workspace:
    """Return the same workspace; raises OkrctlError where a file cannot be read or does not fit the schema.

    With the `root` of the workspace, the paths of the error begin at git's top, as those of a check do.
    """
    broken = loaded.broken_files
    if broken:
        file, message = broken[0]
        others = len(broken) - 1
        more = f" ({count_noun(others, 'more file')} {'has' if others == 1 else 'have'} errors)" if others else ""
        where = f" at {commit[:10]}" if commit else ""
        problems = _broken_diagnostics(loaded, root)
        error = SettingsError if file is loaded.settings else FilesError
        hint = MERGE_HINT if message == CONFLICT_MESSAGE else CHECK_HINT
        raise error(
            f"{file.path}{where}: {message}{more}",
            hint if commit is None else REVISION_HINT,
            path=problems[0].path if problems else file.path,
            line=problems[0].span.line if problems else None,
            diagnostics=problems,
        )
    return loaded


def _broken_diagnostics(loaded: Workspace, root: Path | None) -> tuple[Diagnostic, ...]:
    """Return what is broken in the files of a workspace, as `check` reports it."""
    from okrctl.check import runner  # here, since a workspace without broken files needs no rules

    place = "." if root is None else workspaces.relative_path(files.git_root(root), root) or "."
    return tuple(found.moved_to(place) for found in runner.find_broken(loaded))


def require_unbroken(edited: Workspace) -> Workspace:
    """Return the same workspace; raises OkrctlError where an edit would break a file."""
    if edited.broken_files:
        file, message = edited.broken_files[0]
        raise RefusedError(f"this would break {file.path}: {message}", "nothing was written", path=file.path)
    return edited


def require_repository(project: Project) -> Repository:
    """Return the repository around the workspace; raises OkrctlError where there is none."""
    if project.repository is None:
        raise GitError(f"{project.root} is not in a git repository", "run git init, and commit the files")
    return project.repository


def find_repository(project: Project) -> Repository | None:
    """Return the repository around the workspace, None where there is none or git refuses it."""
    try:
        return project.repository
    except OkrctlError:
        return None


def load_baselines(project: Project, loaded: Loaded) -> Baselines:
    """Return the agreed targets of the periods of a workspace, as far as a repository tells them.

    Says so where the first parents of HEAD, along which they are read, leave out commits of the upstream branch.
    """
    repository = find_repository(project)
    may_lack = loaded.commit is None and _may_have_upstream(project.root)
    if repository is not None and may_lack and lacks_upstream_line(repository):
        project.notify(UPSTREAM_NOTE)
    problem = None if repository is not None else git_problem(project)
    return Baselines(repository, loaded.workspace, loaded.commit, problem)


def _may_have_upstream(root: Path) -> bool:
    """Whether the repository has a branch of a remote, found without git."""
    folder = files.git_folder(root)
    common = None if folder is None else files.common_git_folder(folder)
    if common is None or (common / "refs" / "remotes").is_dir():
        return common is not None
    packed = files.read(common, "packed-refs")
    return isinstance(packed, bytes) and b" refs/remotes/" in packed


def git_problem(project: Project) -> str | None:
    """Return why there is no repository to read where it is not simply missing."""
    from okrctl.git.process import git_missing_error, is_git_available

    try:
        is_explained = project.repository is not None or is_git_available()
    except OkrctlError as error:
        return f"{error.message}; {error.hint}"
    missing = git_missing_error()
    return None if is_explained else f"{missing.message}; {missing.hint}"


def requested_periods(
    project: Project, loaded: Loaded, names: Sequence[str] | None, day: date | None = None
) -> list[Period]:
    """Return the periods of these names, without names those of a day; raises OkrctlError where there is none."""
    periods = loaded.workspace.periods
    if not periods:
        raise NotFoundError(f"no objectives in {project.root}", workspaces.hint_to_start(project.directory))
    try:
        if not names:
            return default_periods(periods, day or loaded.today)
        return [find_period(name, periods, loaded.today, loaded.workspace.config.fiscal) for name in names]
    except PeriodError as error:
        raise NotFoundError(error.message, error.hint) from error
