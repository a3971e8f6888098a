"""Checks a workspace: its files, what changed since a base, and the fixes and suppressions of what is found."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from okrctl import __version__, files
from okrctl.check.report import CheckReport, UnreadPath, join_path, join_reports
from okrctl.check.result_cache import KeptHistory, ResultCache, WorkspaceState
from okrctl.files import record
from okrctl.operations import workspaces
from okrctl.operations.project import Project
from okrctl.operations.workspaces import WorkspacePaths, relative_path
from okrctl.values.diagnostic import CONFLICT_MESSAGE, SEVERITIES, Diagnostic, Severity
from okrctl.values.errors import NotFoundError, OkrctlError
from okrctl.values.nouns import count_noun

if TYPE_CHECKING:
    from okrctl.check.finding import Context
    from okrctl.check.fixes import FixResult
    from okrctl.check.goal_history import GoalHistory, KnownHistory
    from okrctl.git import Commit, Repository
    from okrctl.schema.settings import Config
    from okrctl.workspace import Workspace

# What a pipeline sets when it runs for a pull or merge request.
PULL_REQUEST_EVENTS = {"GITHUB_EVENT_NAME": ("pull_request", "pull_request_target", "merge_group")}
NO_REPOSITORY = "no git repository"
MERGE_REQUEST_VARIABLE = "CI_MERGE_REQUEST_IID"

_SCHEMA_VERSION = re.compile(rb'"x-okrctl-version": "([0-9A-Za-z.+-]{1,40})"')
Repair = Literal["fix", "suppress"]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check and which findings to report.

    `paths` are relative to the folder of the run, and limit the report, not the check. With `any_workspace`, each is
    checked in the workspace around it, otherwise all in that of the project. With `is_whole`, paths choose workspaces
    and limit nothing; without paths, the files staged in git choose them. `texts` replace the contents of files, by
    such paths. `select` and `ignore` hold rules by code, family or name, also several with commas between.
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
    any_workspace: bool = False
    is_whole: bool = False
    with_languages: bool = False


class FindingKey(NamedTuple):
    """What tells one finding of a report from the others."""

    code: str
    path: str
    line: int
    message: str


def key_of(found: Diagnostic) -> FindingKey:
    """Return the key of a finding of a report."""
    return FindingKey(found.code, found.path, found.span.line, found.message)


class CheckResult(NamedTuple):
    """The report of a run, and notes about what it could not do or left out."""

    report: CheckReport
    notes: tuple[str, ...] = ()


class RepairResult(NamedTuple):
    """Old and new texts by path, what was fixed or suppressed and what was not, and the report after that.

    In a dry run, the report is the one before. `commit` is the id of the commit, if there is one.
    """

    texts: dict[str, tuple[str, str]]
    fixed: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]
    report: CheckReport
    commit: str | None = None


def check(project: Project, request: CheckRequest) -> CheckResult:
    """Check the workspaces of the paths, each by its own settings, and what changed since the base if there is one.

    Raises OkrctlError where there is nothing to check, or no workspace reads any of the paths.
    """
    if request.paths or request.is_whole or request.texts:
        record.note_unknown()  # paths are looked up all over the disk
    scope = _find_scope(project, request)
    reports: dict[Path, CheckReport] = {}
    notes: list[str] = []
    for workspace in scope.workspaces:
        inner = _project_of(project, workspace.root)
        reports[workspace.root], new_notes = _check_workspace(inner, request, workspace)
        name = relative_path(scope.base, workspace.root)
        notes += [f"{name}: {note}" if len(scope.workspaces) > 1 and name else note for note in new_notes]
    report = _join(scope, request, reports)
    return CheckResult(report, (*notes, *_conflict_notes(report)))


def _check_workspace(
    project: Project, request: CheckRequest, workspace: WorkspacePaths
) -> tuple[CheckReport, Sequence[str]]:
    run = _CheckRun(project, request, workspace.paths.values())
    base = _requested_base(project, request.base) if request.base is not None else _pull_request_base(project)
    notes = [base.note] if base.note else []
    notes += run.describe_languages() if request.with_languages else []
    notes += _describe_schemas(project.root) if not request.texts else []
    if base.repository is None or base.commit is None:
        report = run.cached_report() if project.uses_cache else run.with_history(run.build_report())
        return report.select(run.is_selected), notes
    project.trace(f"comparing with commit {base.commit.id[:10]}")
    report, known = run.compare_with_base(base.repository, base.commit)
    report = run.with_seals(report)
    if not request.include_known:
        from okrctl.check import runner

        report, count = runner.new_since(report, known)
        if count:
            findings = "1 finding is" if count == 1 else f"{count} findings are"
            notes.append(f"{findings} already in {base.commit.id[:10]} and not shown; --all-findings shows all")
    return replace(report.select(run.is_selected), base=base.commit.id), notes


def repair(
    project: Project,
    request: CheckRequest,
    repair: Repair,
    *,
    dry_run: bool = False,
    commit: bool = False,
    is_wanted: Callable[[Diagnostic], bool] | None = None,
) -> RepairResult:
    """Apply the safe fixes of the selected findings, or suppress these findings with comments.

    With `dry_run` no file is written, and the report is the one before; with `commit`, what is written is committed,
    and nothing else; with `is_wanted`, only some findings are repaired, which it
    knows by their paths in a report. Paths begin at git's top. Raises OkrctlError as `check`
    does, and where findings of more than one workspace are to be suppressed.
    """
    from okrctl.check import fixes, suppressions

    scope = _find_scope(project, request)
    if repair == "suppress":
        _require_single(scope, "--add-ignore")
    change = fixes.apply_fixes if repair == "fix" else suppressions.suppress_findings
    reports: dict[Path, CheckReport] = {}
    total = RepairResult({}, (), (), CheckReport((), 0, {}))
    for workspace in scope.workspaces:
        root = workspace.root
        inner = _project_of(project, root)
        run = _CheckRun(inner, request, workspace.paths.values())
        name = relative_path(scope.base, root) or "."
        chosen = partial(_is_chosen, run, name, is_wanted)
        result: FixResult = change(partial(run.build_report, is_unlimited=True), chosen)
        if not dry_run and result.texts:
            made = _write_repair(inner, result, repair, commit)
            total = total._replace(commit=made or total.commit)
        reports[root] = run.with_history(result.before if dry_run else result.after).select(run.is_selected)
        total = total._replace(
            texts=total.texts | {join_path(name, path): texts for path, texts in result.texts.items()},
            fixed=(*total.fixed, *(found.moved_to(name) for found in result.fixed)),
            refused=(*total.refused, *(found.moved_to(name) for found in result.refused)),
        )
    return total._replace(report=_join(scope, request, reports))


def _is_chosen(
    run: _CheckRun, workspace: str, is_wanted: Callable[[Diagnostic], bool] | None, found: Diagnostic
) -> bool:
    return run.is_selected(found) and (is_wanted is None or is_wanted(found.moved_to(workspace)))


def _write_repair(project: Project, result: FixResult, repair: Repair, commit: bool) -> str | None:
    """Write the repaired texts; returns the id of the commit, if there is one."""
    from okrctl.operations.apply import WriteOptions, apply_plan
    from okrctl.yaml_edit import FileChange, WritePlan

    changes = tuple(FileChange(path, old, new) for path, (old, new) in sorted(result.texts.items()))
    first = result.fixed[0] if result.fixed else None
    subject = "Fix findings of check" if repair == "fix" else "Ignore findings of check"
    if first is not None and len(result.fixed) == 1:
        subject = f"{'Fix' if repair == 'fix' else 'Ignore'} {first.code} {first.name} in {first.path}"
    elif first is not None:
        paths = ", ".join(sorted(result.texts))
        subject = f"{'Fix' if repair == 'fix' else 'Ignore'} {len(result.fixed)} findings in {paths}"
    body = "\n".join(f"{each.path}:{each.span.line}: {each.code} {each.message}" for each in result.fixed)
    plan = WritePlan(changes, (), f"{subject}\n\n{body}\n")
    return apply_plan(project, plan, WriteOptions(commit=commit)).commit


class _Scope(NamedTuple):
    """The workspaces of a run with the paths requested in each, and why other paths have none.

    `base` is the folder that paths in the report begin at, `directory` that of the run.
    """

    directory: Path
    base: Path
    workspaces: Sequence[WorkspacePaths]
    unread: Mapping[str, str]


def _find_scope(project: Project, request: CheckRequest) -> _Scope:
    directory = project.directory
    names = [*request.paths]
    unread: dict[str, str] = {}
    if request.is_whole:
        roots = workspaces.touched_roots(project, names)
        if not request.any_workspace:
            own = Path(os.path.realpath(project.root))
            roots = [own] if own in roots else []
        found = [WorkspacePaths(root, {}) for root in roots]
    elif request.texts:
        found, unread = _scope_of_texts(project, request)
    elif names and request.any_workspace:
        found, unread = workspaces.assign_paths(directory, names)
    else:
        own_paths, unread = workspaces.paths_in(project.root, directory, names)
        found = [own_paths] if own_paths.paths or not names else []
    for workspace in found:
        project.trace(f"checking the workspace {workspace.root}")
    base = workspaces.common_base(directory, [workspace.root for workspace in found])
    return _Scope(Path(os.path.realpath(directory)), base, found, unread)


def _scope_of_texts(project: Project, request: CheckRequest) -> tuple[list[WorkspacePaths], dict[str, str]]:
    """Return the one workspace of the texts; raises OkrctlError where the paths lie in several."""
    directory = project.directory
    root = project.root
    if request.any_workspace:
        folders = [workspaces.real_path(directory / name).parent for name in request.texts]
        root = next(iter(sorted(workspaces.nearest_roots(folders))), root)
    own_paths, unread = workspaces.paths_in(root, directory, request.paths)
    if unread:
        name, why = next(iter(unread.items()))
        raise OkrctlError(f"{name}: {why}", "pass a path in this workspace, or use -C DIR")
    return [own_paths], {}


def _require_single(scope: _Scope, option: str) -> None:
    if len(scope.workspaces) > 1:
        names = [relative_path(scope.directory, workspace.root) or "." for workspace in scope.workspaces]
        raise OkrctlError(
            f"{option} takes one workspace; these paths belong to {', '.join(names)}",
            f"run it once for each, as in `okrctl check {option} {names[0]}`",
        )


def _project_of(project: Project, root: Path) -> Project:
    """Return the project of another workspace; that of the run itself for its own."""
    if os.path.realpath(project.root) == os.path.realpath(root):
        return project
    other = replace(project)
    other.root = root
    return other


def _join(scope: _Scope, request: CheckRequest, reports: Mapping[Path, CheckReport]) -> CheckReport:
    """Return the report of the run; raises OkrctlError where nothing was checked."""
    unread = _find_unread(scope, reports)
    if unread and unread.keys() >= {*request.paths}:
        raise _unread_error(scope, unread)
    if reports and not any(report.reads("") or report.has_failed for report in reports.values()):
        _require_named_files(scope)
    listed = [
        UnreadPath(name, why, relative_path(scope.base, workspaces.real_path(scope.directory / name)) or ".")
        for name, why in unread.items()
    ]
    relative = {relative_path(scope.base, Path(os.path.realpath(root))) or ".": reports[root] for root in reports}
    return join_reports(relative, relative_path(scope.base, scope.directory), listed)


def _find_unread(scope: _Scope, reports: Mapping[Path, CheckReport]) -> dict[str, str]:
    """Return the requested paths that no workspace reads, with the reasons; broken settings say enough themselves."""
    unread, read = dict(scope.unread), set()
    for workspace in scope.workspaces:
        report = reports[workspace.root]
        for name, path in workspace.paths.items():
            if report.reads(path) or (not path and report.has_failed):
                read.add(name)
            elif name:
                unread[name] = workspaces.explain_unread(workspace.root, scope.directory, path)
    return {name: why for name, why in unread.items() if name not in read}


def _require_named_files(scope: _Scope) -> None:
    """Raise the error of workspaces without a file to check, unless a file was named, such as the settings."""
    if any(path for workspace in scope.workspaces for path in workspace.paths.values()):
        return
    root = scope.workspaces[0].root
    raise NotFoundError(f"nothing to check in {root}: {_describe_files(root)}", _hint_to_files(scope, root))


def _describe_files(root: Path) -> str:
    if files.has_file(root, files.SETTINGS_NAME):
        return "no file matches `include:` in okrctl.yaml, or `exclude:` excludes all that match"
    return "no OKR or KPI file"


def _hint_to_files(scope: _Scope, root: Path) -> str:
    if not files.has_file(root, files.SETTINGS_NAME):
        return workspaces.hint_to_start(scope.directory)
    from okrctl.workspace import disk

    config, _ = disk.read_settings(root)
    excluded = f", `exclude:` is {', '.join(config.exclude)}" if config.exclude else ""
    return f"`include:` is {', '.join(config.include)}{excluded}; add a file that matches, or correct the patterns"


def _unread_error(scope: _Scope, unread: Mapping[str, str]) -> OkrctlError:
    if len(unread) == 1:
        [(name, why)] = unread.items()
        message = f"{name} is not checked: {why}"
    else:
        message = "nothing to check: " + "; ".join(f"{name}: {why}" for name, why in unread.items())
    if len(scope.workspaces) == 1:
        return NotFoundError(message, _hint_to_files(scope, scope.workspaces[0].root))
    if all(why == workspaces.NO_WORKSPACE for why in unread.values()):
        return NotFoundError(message, workspaces.hint_to_start(scope.directory))
    return NotFoundError(message, "pass files or folders of a workspace, or no path to check the whole workspace")


class _Base(NamedTuple):
    """The commit to compare with, or a note on why there is none."""

    repository: Repository | None = None
    commit: Commit | None = None
    note: str = ""


def _conflict_notes(report: CheckReport) -> list[str]:
    """A note on `okrctl merge` where files have the markers of a conflict."""
    has_conflict = any(diagnostic.message == CONFLICT_MESSAGE for diagnostic in report.diagnostics)
    return ["git left files in conflict: `okrctl merge` merges goals value by value"] if has_conflict else []


class _CheckRun:
    """One check of a workspace with its selection of rules and paths; none, or the empty one, stand for all."""

    def __init__(self, project: Project, request: CheckRequest, paths: Iterable[str]) -> None:
        self.project = project
        self.selectors = _split_commas(request.select)
        self.selected_codes = _rule_codes(self.selectors) if self.selectors else None
        self.ignored_codes = _rule_codes(_split_commas(request.ignore))
        self.levels: list[Severity] = [
            *([request.fail_on] if request.fail_on else ()), *(["warning"] if request.is_strict else ())
        ]  # fmt: skip
        requested = {_text_path(project, path): text for path, text in request.texts.items()}
        self.texts = {**project.texts, **requested}
        named = [*paths]
        self.paths = named or [*requested]
        self.only_texts = frozenset(requested) if requested and not named else None  # nothing else is reported
        if "" in self.paths:
            self.paths = []
        self._loaded: Workspace | None = None  # as the last report saw it, if it read all files at once

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
        settings = self._loaded = None
        if not replaced:
            settings = disk.read_settings(root)
            report = incremental.check_incrementally(
                root, settings, self._build_context(settings[0]), self._cache_key, state, is_unlimited=is_unlimited
            )
            if report is not None:
                return report
        workspace = disk.load_folder(root, replaced, parsed=self.project.parsed_files, settings=settings)
        if texts is None:
            self._loaded = workspace
        context = self._build_context(workspace.config)
        return runner.build_report(workspace, context, is_unlimited=is_unlimited, paths=self.only_texts)

    def cached_report(self) -> CheckReport:
        """Return the cached report where nothing has changed, else check the workspace and keep the report."""
        root = self.project.root
        cache = ResultCache(root, self.project.today, self._cache_key)
        report = cache.load()
        if self.texts:
            found, _ = self._compare_with_history(KeptHistory.from_plain(cache.history).known)
            return self.build_report().joined_with(found.diagnostics, found.left_out)
        if report is None:
            report = self.build_report(state=cache.state)
            history = KeptHistory.from_plain(cache.history)
        else:
            self.project.trace("nothing changed since the last check: the report comes from the cache")
            history = KeptHistory.from_plain(cache.history)
            if history.is_current(root):
                return report.joined_with(history.diagnostics, history.left_out)
        now = KeptHistory.take(root)
        found, known = self._compare_with_history(history.known)
        now = now._replace(diagnostics=found.diagnostics, left_out=found.left_out, known=known.to_plain())
        cache.save(report, now.to_plain())
        return report.joined_with(found.diagnostics, found.left_out)

    def with_history(self, report: CheckReport) -> CheckReport:
        """Return a report with what running and closed periods lack of what was agreed; nothing is kept."""
        found, _ = self._compare_with_history(None)
        return report.joined_with(found.diagnostics, found.left_out)

    def with_seals(self, report: CheckReport) -> CheckReport:
        """Return a report of changes with what closed periods lack; what moved before the base is not its subject."""
        from okrctl.check.goal_history import EDITED

        found, _ = self._compare_with_history(None)
        return report.joined_with((each for each in found.diagnostics if each.code == EDITED), "")

    def _compare_with_history(self, known: Any) -> tuple[GoalHistory, KnownHistory]:
        from okrctl.check.goal_history import GoalHistoryCheck, KnownHistory
        from okrctl.workspace import disk

        root, loaded = self.project.root, self._loaded
        settings = (loaded.config, loaded.settings) if loaded is not None else disk.read_settings(root, self.texts)
        context = self._build_context(settings[0])
        comparison = GoalHistoryCheck(root, settings, context, self.texts, KnownHistory.from_plain(known), loaded)
        return comparison.run(*self._find_repository()), comparison.findings()

    def _find_repository(self) -> tuple[Repository | None, str]:
        """Return the repository, or why there is none; git is not asked where there is plainly none."""
        if files.git_folder(self.project.root) is None and "GIT_DIR" not in self.project.environment:
            return None, NO_REPOSITORY
        from okrctl.operations.load import find_repository, git_problem

        repository = find_repository(self.project)
        return repository, "" if repository is not None else git_problem(self.project) or NO_REPOSITORY

    def compare_with_base(self, repository: Repository, base: Commit) -> tuple[CheckReport, CheckReport]:
        """Return the report of the files with the findings about changes since a commit, and that of the commit."""
        from okrctl.check import runner
        from okrctl.history import pull_request
        from okrctl.workspace import disk

        workspace = self._loaded = disk.load_folder(self.project.root, self.texts)
        changes = pull_request.compare_with_base(repository, base, workspace, self.project.today)
        now = runner.build_report(workspace, self._build_context(workspace.config), changes)
        sealed = pull_request.sealed_periods(repository, base)
        before = runner.build_report(changes.old, self._build_context(changes.old.config, sealed))
        return now, before

    def describe_languages(self) -> list[str]:
        """Return a note on files whose titles are in a language that the rules about wording do not know."""
        from okrctl.workspace import disk

        workspace = disk.load_folder(self.project.root, self.texts)
        context = self._build_context(workspace.config)
        unknown = [file for file in workspace.files if file.nodes and context.language_of(file) is None]
        if not unknown:
            return []
        names = ", ".join(sorted({str(file.title_language) for file in unknown}))
        count = count_noun(len(unknown), "file")
        return [f"the titles of {count} are not checked: wording rules exist for en and de, found {names}"]

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


def _describe_schemas(root: Path) -> list[str]:
    """Return a note where the schemas of editors are of another version, so that editors and okrctl disagree."""
    versions = set()
    for kind in ("config", "okr", "kpi"):
        content = files.read(root, f"{files.SCHEMA_FOLDER}/{kind}.schema.json")
        if isinstance(content, bytes):
            found = _SCHEMA_VERSION.search(content)
            versions.add(found[1].decode() if found else "")
    others = sorted(versions - {__version__}, key=_version_key)
    if not others:
        return []
    name = f"okrctl {others[-1]}" if others[-1] else "an earlier okrctl"
    text = f"the schemas for editors in {files.SCHEMA_FOLDER}/ are of {name}, this is {__version__}"
    if _version_key(others[-1]) > _version_key(__version__):
        return [f"{text}: update okrctl"]
    return [f"{text}: `okrctl init --update-schemas` renews them"]


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _rule_codes(selectors: list[str]) -> frozenset[str]:
    if not selectors:
        return frozenset()
    from okrctl.check import rule_page

    return rule_page.parse_codes(selectors)


def _split_commas(texts: Iterable[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _text_path(project: Project, name: str) -> str:
    """Return the path of a text relative to the root; raises OkrctlError where it is outside the workspace."""
    path = relative_path(Path(os.path.realpath(project.root)), workspaces.real_path(project.directory / name))
    if path == ".." or path.startswith("../"):
        raise NotFoundError(f"{name} is outside the workspace {project.root}", "use -C DIR with its folder")
    return path
