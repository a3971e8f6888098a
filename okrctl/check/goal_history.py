"""Compares running goals with what was agreed, and the goals of closed periods with their seals, in any check.

A plain check has no base to compare with, so it takes what is agreed: for a running period its agreed version in git,
for a closed one its seal. Both are read as seldom as possible. A quick look at the text of each file (`goal_text`)
tells which files can differ in what was agreed, and only these are parsed in both versions. What was found is kept with
the states of the files, and with the commit that HEAD names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import cache, files, workspace
from okrctl.cache import FileState
from okrctl.check import result_cache, runner
from okrctl.check.finding import Context, Finding
from okrctl.check.rules import RULES, sealed_period_edited, unrecorded_rename
from okrctl.git import Commit, Repository
from okrctl.git.repository import UNSHALLOW_HINT
from okrctl.history import diff, snapshot
from okrctl.history.baseline import find_first_commit_with
from okrctl.history.diff import Comparison
from okrctl.history.diff.describe import format_field
from okrctl.history.goal_text import GoalText, look_at_goals
from okrctl.history.lineage import trace_refs
from okrctl.history.seals.agreement import GoalDifference, compare_goals, holds_goals
from okrctl.history.seals.seal import parse_seal, seal_path
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import START, Diagnostic, FileProblem
from okrctl.values.errors import GitError, OkrctlError
from okrctl.values.path_filters import IncludedPaths
from okrctl.values.period import Period
from okrctl.workspace import File, KeyResult, Kpi, Workspace, disk
from okrctl.yaml import Source, decode, digest_of

EDITED, RENAMED = sealed_period_edited.RULE.code, unrecorded_rename.RULE.code
SourceOrProblem = Source | tuple[str, FileProblem]
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_ID = re.compile(r"""\bid["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][\w-]*)""")
_KPI = re.compile(r"""\bkpi["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][\w-]*)""")
_FORMULA = re.compile(r"""\bformula["']?[ \t]*:(.*(?:\n[ \t]+.*)*)""")
KEEPS_BASELINES = "baselines"  # the kind of cache entries that hold the quick looks at a commit


class GoalHistory(NamedTuple):
    """The findings, and why what was agreed was not compared; empty where it was, or where nothing is agreed."""

    diagnostics: tuple[Diagnostic, ...] = ()
    left_out: str = ""


@dataclass(slots=True)
class KnownHistory:
    """What the last check found, by what it depends on; empty where nothing is known.

    `looks` are the quick looks at files with the states that these had. `moved` is the answer for some versions of the
    files that can differ, `sealed` the diagnostics of each seal with the states of its files.
    """

    looks: dict[str, tuple[FileState | None, GoalText]] = field(default_factory=dict)
    moved: tuple[str, list[Any]] | None = None
    sealed: dict[str, tuple[dict[str, FileState | None], list[Any]]] = field(default_factory=dict)

    def to_plain(self) -> list[Any]:
        """The same as JSON can hold it."""
        return [{path: [state, *look] for path, (state, look) in self.looks.items()}, self.moved, self.sealed]

    @staticmethod
    def from_plain(plain: Any) -> KnownHistory:
        """What `to_plain` turned into these values."""
        if not plain:
            return KnownHistory()
        looks, moved, sealed = plain
        return KnownHistory(
            {path: (state, _look_from_plain(*look)) for path, (state, *look) in looks.items()},
            None if moved is None else (moved[0], moved[1]),
            {period: (states, found) for period, (states, found) in sealed.items()},
        )


def _look_from_plain(digest: str, period: list[str] | None, is_kpi: bool) -> GoalText:
    return GoalText(digest, None if period is None else (period[0], period[1], period[2]), is_kpi)


class GoalHistoryCheck:
    """One comparison of a workspace with its history; `texts` replace the contents of files.

    Files that are in the workspace as `loaded` are not read again.
    """

    def __init__(
        self, root: Path, settings: tuple[Config, File | None], context: Context, texts: Mapping[str, bytes],
        known: KnownHistory, loaded: Workspace | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        self.config, self.settings = settings
        self.context = context
        self.texts = texts
        self.known = known
        paths = dict(files.find(root, self.config.include, self.config.exclude))
        self.states = cache.file_states(root, [path for path, problem in paths.items() if problem is None])
        self.contents: dict[str, bytes] = {}
        self.files = snapshot.known_files([] if loaded is None else [loaded], self.config)
        self.looks = {path: look for path in self.states if (look := self._look(path)) is not None}

    def run(self, repository: Repository | None, problem: str) -> GoalHistory:
        """Compare everything; `problem` says why there is no repository."""
        moved, left_out = self._moved_goals(repository, problem)
        found = [*moved, *(each for period in sorted(self.context.sealed) for each in self._edited_goals(period))]
        return GoalHistory(tuple(found), left_out)

    def findings(self) -> KnownHistory:
        """What to keep for the next check."""
        looks = {path: (self.states[path], look) for path, look in self.looks.items() if path not in self.texts}
        return KnownHistory(looks, self.known.moved, self.known.sealed)

    def _look(self, path: str) -> GoalText | None:
        known = self.known.looks.get(path)
        state = self.states[path]
        if path not in self.texts and known is not None and known[0] == state and state is not None:
            return known[1]
        content = self._read(path)
        return None if content is None else look_at_goals(path, content, self.config)

    def _read(self, path: str) -> bytes | None:
        if path not in self.contents:
            content = self.texts[path] if path in self.texts else files.read_inside(self.root, path)
            if isinstance(content, FileProblem):
                return None
            self.contents[path] = content
        return self.contents[path]

    # --- running periods

    def _moved_goals(self, repository: Repository | None, problem: str) -> tuple[list[Diagnostic], str]:
        """The goals of running periods that became easier without a record, or why this is not known."""
        try:
            head = None if repository is None else repository.head()
            agreed = None if repository is None or head is None else _AgreedTexts(repository, self.config, head)
            day = self.context.today if agreed is None else agreed.day_of_head()
            periods = self._agreed_periods(day)
            if agreed is None or not periods:
                return [], problem if periods and repository is None else ""
            return self._compare_periods(agreed, periods, day), ""
        except OkrctlError as error:
            return [], f"{error.message}; {error.hint}"

    def _agreed_periods(self, day: date) -> list[Period]:
        """The periods that run on a day and whose goals should be agreed by then."""
        return [period for period in self._periods() if period.id not in self.context.sealed
                and self.config.scoring.last_agreement_day(period) < day <= period.end]  # fmt: skip

    def _periods(self) -> list[Period]:
        spans = {look.period for look in self.looks.values() if look.period is not None}
        return [
            Period(name, date.fromisoformat(start), date.fromisoformat(end), "custom")
            for name, start, end in sorted(spans)
        ]

    def _compare_periods(self, agreed: _AgreedTexts, periods: list[Period], day: date) -> list[Diagnostic]:
        question: list[object] = []
        differing = []
        for period in periods:
            found = agreed.find(period)
            if found is not None:
                commit, looks = found
                paths = sorted(_differing_paths(looks, self.looks, period.id))
                differing.append((period, commit, looks, paths))
                question.append((period.id, commit, [(path, self._fingerprint(path)) for path in paths]))
        key = cache.cache_key(str(day), self.settings and self.settings.settings_text, question)
        if self.known.moved is not None and self.known.moved[0] == key:
            return [result_cache.diagnostic_from_plain(*plain) for plain in self.known.moved[1]]
        findings = [
            found
            for period, commit, looks, paths in differing
            if paths
            for found in self._compare_period(agreed.repository, period, commit, looks, paths, day)
        ]
        diagnostics = runner.locate_findings(findings, self.context)
        self.known.moved = key, [result_cache.diagnostic_to_plain(each) for each in diagnostics]
        return diagnostics

    def _fingerprint(self, path: str) -> str:
        return cache.cache_key(self._read(path)) if path in self.looks else ""

    def _compare_period(
        self, repository: Repository, period: Period, commit: str, looks: Mapping[str, GoalText],
        paths: list[str], day: date,
    ) -> Iterator[tuple[str, Finding]]:  # fmt: skip
        """Compare the files that can differ, together with the KPIs that they may need."""
        tree = snapshot.CommitTree(repository, commit)
        tree.read_ahead([*paths, *_kpi_paths(looks)])
        sources = {path: tree.read_source(path) for path in [*paths, *_kpi_paths(looks)] if path in looks}
        old = self._assemble(_with_needed_kpis(sources, paths), tree)
        sources = {path: each for path in [*paths, *_kpi_paths(self.looks)] for each in self._source(path)}
        now = self._assemble(_with_needed_kpis(sources, paths))
        broken = {file.path for state in (old, now) for file, _ in state.broken_files}
        later = trace_refs(repository, old, now, (commit, None))
        changes = [
            change
            for change in diff.compare(old, now, readings=False, later=later)
            if change.path not in broken and change.ref.startswith(f"{period.id}/")
        ]
        yield from _run_rules(Comparison(old, now, changes, day), self.context)

    def _source(self, path: str) -> Iterator[SourceOrProblem]:
        content = self._read(path) if path in self.looks else None
        if content is not None:
            decoded = decode(path, content)
            yield (path, decoded) if isinstance(decoded, FileProblem) else decoded

    def _assemble(self, sources: Iterable[SourceOrProblem], tree: snapshot.CommitTree | None = None) -> Workspace:
        read = [self._read_file(source) for source in sources]
        read_text = disk.csv_reader(self.root, self.texts) if tree is None else tree.read_text
        return workspace.assemble_workspace(read, self.config, read_text, self.settings)

    def _read_file(self, source: SourceOrProblem) -> File:
        known = self.files.get((source.path, digest_of(source.text))) if isinstance(source, Source) else None
        return workspace.read_file(source, self.config) if known is None else snapshot.copy_file(known)

    # --- closed periods

    def _edited_goals(self, period: str) -> list[Diagnostic]:
        """The goals of a closed period that are no longer as sealed."""
        paths = [path for path, look in self.looks.items() if look.is_kpi or (look.period and look.period[0] == period)]
        known = self._known_edits(period, paths)
        if known is not None:
            return known
        path = seal_path(period)
        states = cache.file_states(self.root, [path, *paths])
        findings, csvs = self._compare_seal(period, path, paths)
        diagnostics = runner.locate_findings(findings, self.context)
        plain = [result_cache.diagnostic_to_plain(each) for each in diagnostics]
        self.known.sealed[period] = states | cache.file_states(self.root, csvs), plain
        return diagnostics

    def _known_edits(self, period: str, paths: list[str]) -> list[Diagnostic] | None:
        """What was found the last time, if it was in the same files, and none of them changed."""
        states, plain = self.known.sealed.get(period, ({}, []))
        is_same = [path for path in states if path in self.looks] == paths and not self.texts
        if not is_same or not states or not cache.is_unchanged(self.root, states):
            return None
        return [result_cache.diagnostic_from_plain(*each) for each in plain]

    def _compare_seal(self, period: str, path: str, paths: list[str]) -> tuple[list[tuple[str, Finding]], list[str]]:
        decoded = decode(path, files.read_inside(self.root, path))
        if isinstance(decoded, FileProblem):
            return [], []
        try:
            sealed = parse_seal(path, decoded.text)
        except OkrctlError:  # `okrctl verify` says what is wrong with it
            return [], []
        if not holds_goals(sealed):
            return [], []
        now = self._assemble([source for each in paths for source in self._source(each)])
        nodes: list[KeyResult | Kpi] = [*now.key_results, *now.kpi_nodes]
        csvs = sorted({node.csv.path for node in nodes if node.csv is not None})
        if any(file.period is not None for file, _ in now.broken_files):  # reported as broken
            return [], csvs
        return list(_describe_differences(period, path, now, list(compare_goals(sealed, now)))), csvs


def _describe_differences(
    period: str, path: str, now: Workspace, differences: Sequence[GoalDifference]
) -> Iterator[tuple[str, Finding]]:
    """The findings about goals that are not as sealed, each with the code of its rule."""
    edits = [each for each in differences if each.field != "id"]
    yield from ((EDITED, each) for each in _describe_edits(period, path, now, edits))
    for rename in differences:
        if rename.field == "id" and rename.node is not None:
            message = f"the id was '{rename.sealed}' when {period} was closed"
            route, help = (*rename.node.route, "id"), unrecorded_rename.advise(rename.sealed)
            yield RENAMED, Finding(route, message, help, ref=rename.node.ref, file=rename.node.file)


def _run_rules(comparison: Comparison, context: Context) -> Iterator[tuple[str, Finding]]:
    """What rules about the agreement find, none of it an error: nobody has asked for a comparison."""
    for rule in RULES:
        if rule.is_about_agreement and rule.check_changes is not None:
            for finding in rule.check_changes(comparison, context):
                yield rule.code, replace(finding, severity="warning")


def _describe_edits(period: str, path: str, now: Workspace, differences: Iterable[GoalDifference]) -> Iterator[Finding]:
    """One finding for each goal, at the goal, or at the seal where it is gone."""
    help = f"undo the change, or run `okrctl reopen {period} --reason TEXT`, and close the period again"
    by_ref: dict[str, list[GoalDifference]] = {}
    for difference in differences:
        by_ref.setdefault(difference.ref, []).append(difference)
    any_file = next(iter(now.files), None) or workspace.read_file(Source(path, ""), now.config)
    for ref, found in by_ref.items():
        node = found[0].node
        message = f"{period} is closed, but {'; '.join(map(_describe_difference, found))}"
        if node is None:
            yield Finding((), message, help, ref=ref, file=any_file, span=START, path=path)
        else:
            yield Finding(node.route, message, help, ref=ref, file=node.file)


def _describe_difference(difference: GoalDifference) -> str:
    if difference.field is None:
        state = "is not in its seal" if difference.sealed is None else "is gone"
        return f"{difference.ref} {state}"
    if difference.field == "readings":
        old, new = difference.sealed, difference.now
        days = sorted(day for day in {*old, *new} if old.get(day) != new.get(day))
        shown = ", ".join(f"{day} was {_show(old.get(day))}, is now {_show(new.get(day))}" for day in days[:3])
        return f"readings changed: {shown}" + (f", and {len(days) - 3} more" if len(days) > 3 else "")
    if difference.field in ("steps", "rollup"):
        return f"`{'milestones' if difference.field == 'steps' else 'rollup'}` changed"
    name = format_field(difference.field)
    if difference.sealed is None:
        return f"'{name}' was added: {difference.now}"
    if difference.now is None:
        return f"'{name}' was removed: {difference.sealed}"
    return f"'{name}' changed from {difference.sealed} to {difference.now}"


def _show(value: object) -> str:
    return "not set" if value is None else str(value)


def _differing_paths(old: Mapping[str, GoalText], new: Mapping[str, GoalText], period: str) -> set[str]:
    """The files of a period that can differ in what was agreed."""

    def is_of_period(look: GoalText | None) -> bool:
        return look is not None and look.period is not None and look.period[0] == period

    return {
        path
        for path in old.keys() | new.keys()
        if (is_of_period(old.get(path)) or is_of_period(new.get(path))) and old.get(path) != new.get(path)
    }


def _with_needed_kpis(sources: Mapping[str, SourceOrProblem], paths: Iterable[str]) -> list[SourceOrProblem]:
    """The files at some paths, and of the others those with KPIs that these refer to, or that such KPIs are made of."""
    needed = {path: sources[path] for path in paths if path in sources}
    others = dict(_texts(source for path, source in sources.items() if path not in needed))
    by_id = {name: path for path, text in others.items() for name in _ID.findall(text)}
    names = set(_KPI.findall("\n".join(text for _, text in _texts(needed.values()))))
    while names:
        found = {by_id[name] for name in names & by_id.keys()} - needed.keys()
        needed |= {path: sources[path] for path in sorted(found)}
        names = set(_NAME.findall(_formulas(others[path] for path in found)))
    return list(needed.values())


def _formulas(texts: Iterable[str]) -> str:
    return "\n".join(formula for text in texts for formula in _FORMULA.findall(text))


def _texts(sources: Iterable[SourceOrProblem]) -> Iterator[tuple[str, str]]:
    return ((source.path, source.text) for source in sources if isinstance(source, Source))


def _kpi_paths(looks: Mapping[str, GoalText]) -> list[str]:
    return [path for path, look in looks.items() if look.is_kpi]


class _AgreedTexts:
    """Quick looks at the files of commits at which periods were agreed, and the day of HEAD; kept by commit."""

    def __init__(self, repository: Repository, config: Config, head: Commit) -> None:
        self.repository = repository
        self.config = config
        self.head = head
        self.store = cache.open_store(KEEPS_BASELINES)

    @cached_property
    def _commits(self) -> list[Commit]:
        return self.repository.first_parent_commits()

    def day_of_head(self) -> date:
        """The day on which HEAD counts; it takes all first parents to tell."""
        key = cache.cache_key("day", self.head.id, self.repository.is_shallow)
        saved = self.store.load(key) if self.store is not None else None
        if saved is not None:
            return date.fromisoformat(saved.decode())
        day = next((commit.day for commit in self._commits if commit.id == self.head.id), self.head.day)
        if self.store is not None:
            self.store.save(key, str(day).encode())
        return day

    def find(self, period: Period) -> tuple[str, dict[str, GoalText]] | None:
        """The id of the commit at which a period was agreed, with its files; None where no commit has the period."""
        last = self.config.scoring.last_agreement_day(period)
        key = self._key("agreed", self.head.id, period, last, self.repository.is_shallow)
        saved = self.store.load(key) if self.store is not None else None
        commit = self._find_commit(period, last) if saved is None else saved.decode()
        if saved is None and self.store is not None:
            self.store.save(key, commit.encode())
        return (commit, self._look_at(commit)) if commit else None

    def _find_commit(self, period: Period, last: date) -> str:
        early = [number for number, commit in enumerate(self._commits) if commit.day <= last]
        if early:
            newest = self._commits[early[0]].id
            looks = self._look_at(newest).values()
            if any(look.period is not None and look.period[0] == period.id for look in looks):
                return newest
        if self.repository.is_shallow:
            raise GitError(f"that of {period.id} is missing", UNSHALLOW_HINT)
        first = find_first_commit_with(self.repository, self._commits, early, period, self.config)
        return first.id if first is not None else ""

    def _look_at(self, commit: str) -> dict[str, GoalText]:
        key = self._key("files", commit)
        saved = self.store.load(key) if self.store is not None else None
        if saved is not None:
            return {path: _look_from_plain(*look) for path, look in json.loads(saved).items()}
        wants = IncludedPaths(self.config.include, self.config.exclude)
        looks = {
            blob.path: look_at_goals(blob.path, blob.data, self.config)
            for blob in self.repository.read_files(commit, wants)
            if blob.data is not None
        }
        if self.store is not None:
            self.store.save(key, json.dumps(looks).encode())
        return looks

    def _key(self, *parts: object) -> str:
        config = self.config
        return cache.cache_key(str(self.repository.root), config.include, config.exclude, config.fiscal, parts)
