"""Checks a workspace: its files, what changed since a base, and the fixes and suppressions of what is found."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from okrctl import files
from okrctl.check.report import CheckReport
from okrctl.check.result_cache import ResultCache, WorkspaceState
from okrctl.files import lock
from okrctl.operations.project import Project
from okrctl.values.diagnostic import SEVERITIES, Diagnostic, Severity
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.check.finding import Context
    from okrctl.check.fixes import FixResult
    from okrctl.git import Commit, Repository
    from okrctl.schema.settings import Config

# What a pipeline sets when it runs for a pull or merge request.
PULL_REQUEST_EVENTS = {"GITHUB_EVENT_NAME": ("pull_request", "pull_request_target", "merge_group")}
MERGE_REQUEST_VARIABLE = "CI_MERGE_REQUEST_IID"

Repair = Literal["fix", "suppress"]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check and which findings to report.

    `paths` are relative to the folder of the run, and limit the report, not the check. `texts` replace the contents of
    files, by such paths. `select` and `ignore` hold rules by code, family or name, also several with commas between.
    `base` is the revision to compare with; without one, a pull request is compared with its target branch.
    """

    paths: Sequence[str] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = None
    is_strict: bool = False
    base: str | None = None
    include_known: bool = False
    use_cache: bool = True


class CheckResult(NamedTuple):
    """The report of a check, and notes about what it could not do or left out."""

    report: CheckReport
    notes: tuple[str, ...] = ()


class RepairResult(NamedTuple):
    """What was fixed or suppressed and what was not, and the report after that (before it, in a dry run)."""

    changes: FixResult
    report: CheckReport


class _Base(NamedTuple):
    """The commit to compare with, or a note on why there is none."""

    repository: Repository | None = None
    commit: Commit | None = None
    note: str = ""


def check(project: Project, request: CheckRequest) -> CheckResult:
    """Check the workspace, and what changed since the base if there is one."""
    run = _CheckRun(project, request)
    base = _requested_base(project, request.base) if request.base is not None else _pull_request_base(project)
    notes = [base.note] if base.note else []
    if base.repository is None or base.commit is None:
        report = run.cached_report() if request.use_cache else run.build_report()
        return CheckResult(report.filtered(run.is_selected), (*notes, *_conflict_notes(report)))
    project.trace(f"comparing with commit {base.commit.id[:10]}")
    report, known = run.compare_with_base(base.repository, base.commit)
    if not request.include_known:
        from okrctl.check import runner

        report, count = runner.new_since(report, known)
        if count:
            findings = "1 finding is" if count == 1 else f"{count} findings are"
            notes.append(f"{findings} already in {base.commit.id[:10]} and not shown; --all-findings shows all")
    return CheckResult(report.filtered(run.is_selected), (*notes, *_conflict_notes(report)))


def _conflict_notes(report: CheckReport) -> list[str]:
    """A note on `okrctl merge` where files have the markers of a conflict."""
    from okrctl.yaml.syntax_errors import CONFLICT_MESSAGE

    has_conflict = any(diagnostic.message == CONFLICT_MESSAGE for diagnostic in report.diagnostics)
    return ["git left files in conflict: `okrctl merge` merges goals value by value"] if has_conflict else []


def repair(project: Project, request: CheckRequest, repair: Repair, *, dry_run: bool = False) -> RepairResult:
    """Apply the safe fixes of the selected findings, or suppress these findings with comments.

    With `dry_run` no file is written, and the report is the one before.
    """
    from okrctl.check import fixes, suppressions

    run = _CheckRun(project, request)
    change = fixes.apply_fixes if repair == "fix" else suppressions.suppress_findings
    result: FixResult = change(partial(run.build_report, is_unlimited=True), run.is_selected)
    if not dry_run and result.texts:
        with lock.lock(project.root):
            for path, (old, new) in result.texts.items():
                files.write_atomically(project.root / path, new.encode(), old.encode())
    report = (result.before if dry_run else result.after).filtered(run.is_selected)
    return RepairResult(result, report)


class _CheckRun:
    """One check of a workspace with its selection of rules and paths."""

    def __init__(self, project: Project, request: CheckRequest) -> None:
        self.project = project
        self.selectors = _split_commas(request.select)
        self.selected_codes = _rule_codes(self.selectors) if self.selectors else None
        self.ignored_codes = _rule_codes(_split_commas(request.ignore))
        self.levels: list[Severity] = [
            *([request.fail_on] if request.fail_on else ()), *(["warning"] if request.is_strict else ())
        ]  # fmt: skip
        paths = [_workspace_path(project, path) for path in request.paths]
        self.texts = {_workspace_path(project, path, must_exist=False): text for path, text in request.texts.items()}
        self.paths = paths or [*self.texts]
        if "" in self.paths:
            self.paths = []

    def build_report(
        self, texts: Mapping[str, str] | None = None, state: WorkspaceState | None = None, *, is_unlimited: bool = False
    ) -> CheckReport:
        """Check the workspace, with these texts instead of those of their paths.

        With a `state` of the files, what is known of unchanged files comes from the cache. Each rule reports as many
        findings in a file as people read, or all if `is_unlimited`.
        """
        from okrctl.check import incremental, runner
        from okrctl.workspace import disk

        root = self.project.root
        replaced = self.texts | {path: text.encode() for path, text in (texts or {}).items()}
        if not replaced:
            settings = disk.read_settings(root)
            report = incremental.check_incrementally(
                root, settings, self._build_context(settings[0]), self._cache_key, state, is_unlimited=is_unlimited
            )
            if report is not None:
                return self._with_paths(report)
        workspace = disk.load_folder(root, replaced)
        report = runner.build_report(workspace, self._build_context(workspace.config), is_unlimited=is_unlimited)
        return self._with_paths(report)

    def cached_report(self) -> CheckReport:
        """Return the cached report where nothing has changed, else check the workspace and keep the report."""
        if self.texts:
            return self.build_report()
        cache = ResultCache(self.project.root, self.project.today, self._cache_key)
        report = cache.load()
        if report is not None:
            self.project.trace("nothing changed since the last check: the report comes from the cache")
            return self._with_paths(report)
        report = self.build_report(state=cache.state)
        cache.save(report)
        return report

    def compare_with_base(self, repository: Repository, base: Commit) -> tuple[CheckReport, CheckReport]:
        """Return the report of the files with the findings about changes since a commit, and that of the commit."""
        from okrctl.check import runner
        from okrctl.history import pull_request
        from okrctl.workspace import disk

        workspace = disk.load_folder(self.project.root, self.texts)
        changes = pull_request.compare_with_base(repository, base, workspace, self.project.today)
        now = runner.build_report(workspace, self._build_context(workspace.config), changes)
        sealed = pull_request.sealed_periods(repository, base)
        before = runner.build_report(changes.old, self._build_context(changes.old.config, sealed))
        return self._with_paths(now), self._with_paths(before)

    def is_selected(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is to be reported."""
        return (
            (self.selected_codes is None or diagnostic.code in self.selected_codes)
            and diagnostic.code not in self.ignored_codes
            and (not self.paths or _is_below(diagnostic.path, self.paths))
        )

    @property
    def _cache_key(self) -> tuple[list[str], list[Severity]]:
        return self.selectors, self.levels

    def _build_context(self, config: Config, sealed: frozenset[str] | None = None) -> Context:
        from okrctl.check.finding import Context

        if sealed is None:
            sealed = frozenset(Path(path).stem for path, _ in files.find(self.project.root, ["scorecards/*.json"]))
        return Context(self._apply_to_config(config), self.project.today, sealed)

    def _apply_to_config(self, config: Config) -> Config:
        """Return the settings as the request changes them: a rule that is selected by its own name is switched on."""
        from okrctl.check import rule_page

        levels = dict(config.rules)
        for rule in filter(None, map(rule_page.find_rule, self.selectors)):
            if rule.severity_in(config) == "ignore":
                levels = {name: level for name, level in levels.items() if name != rule.code} | {rule.name: "warning"}
        fail_on = max(self.levels or [config.fail_on], key=SEVERITIES.index)
        return config.model_copy(update={"rules": levels, "fail_on": fail_on})

    def _with_paths(self, report: CheckReport) -> CheckReport:
        """Return the report with the folders that its paths are relative to."""
        root = self.project.root
        from_repository = _relative_path(files.git_root(root), root)
        return replace(
            report,
            path_from_repository=from_repository and f"{from_repository}/",
            current_folder=_relative_path(root, self.project.directory),
        )


def _requested_base(project: Project, revision: str) -> _Base:
    """Return the fork point from a revision; a note where a shallow clone does not contain it."""
    from okrctl.git.repository import UNSHALLOW_HINT
    from okrctl.history.pull_request import find_fork_point
    from okrctl.operations.load import require_repository

    repository = require_repository(project)
    try:
        return _Base(repository, find_fork_point(repository, repository.resolve(revision)))
    except OkrctlError as error:
        if not repository.is_shallow:
            raise
        return _Base(note=f"changes were not checked: {error.message}; {UNSHALLOW_HINT}")


def _pull_request_base(project: Project) -> _Base:
    """Return the base of the pull request that a pipeline runs for; nothing outside of one."""
    environment = project.environment
    is_request = environment.get(MERGE_REQUEST_VARIABLE) or any(
        environment.get(name) in values for name, values in PULL_REQUEST_EVENTS.items()
    )
    if not is_request:
        return _Base()
    repository = project.repository
    if repository is None:
        return _Base()
    from okrctl import git

    base = git.find_pull_request_base(repository, environment)
    if base.commit is None:
        return _Base(note=f"changes were not checked: {base.reason}; {base.hint}")
    return _Base(repository, base.commit)


def _rule_codes(selectors: list[str]) -> frozenset[str]:
    if not selectors:
        return frozenset()
    from okrctl.check import rule_page

    return rule_page.parse_codes(selectors)


def _split_commas(texts: Iterable[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _workspace_path(project: Project, name: str, *, must_exist: bool = True) -> str:
    """Return a path relative to the root of the workspace, empty for the root itself."""
    path = project.directory / name
    if must_exist and not os.path.lexists(path):
        raise OkrctlError(f"no such file or folder: {name}", "name one of the workspace, or none for all")
    real = os.path.realpath(path) if path.is_dir() else os.path.join(os.path.realpath(path.parent), path.name)
    relative = os.path.relpath(real, os.path.realpath(project.root)).replace(os.sep, "/")
    if relative == ".." or relative.startswith("../"):
        raise OkrctlError(f"{name} is outside the workspace {project.root}", "name its folder with -C DIR")
    return "" if relative == "." else relative


def _relative_path(start: Path, end: Path) -> str:
    """Return the path from one folder to another, empty where they are the same."""
    path = os.path.relpath(os.path.realpath(end), os.path.realpath(start)).replace(os.sep, "/")
    return "" if path == "." else path
