"""Merges the goal files that git left in conflict, all together, from their three versions in git's index."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from okrctl import files, workspace
from okrctl.check.finding import Context
from okrctl.git import Repository, unmerged
from okrctl.git.unmerged import MergeSides, UnmergedFile
from okrctl.history import snapshot
from okrctl.merge import MARKER_SIZE, Conflict, MergedText, MergeError, Versions, merge_texts
from okrctl.merge import Path as ValuePath
from okrctl.merge.moves import FileVersions, GoalPlace, follow_moves, removed_moves
from okrctl.merge.result import LeftConflict, WorkTreeMerge
from okrctl.operations.load import require_repository
from okrctl.operations.merge_file import error_keys, find_contested, find_csv_format, merge_single, new_errors
from okrctl.operations.project import Project
from okrctl.operations.transaction import hold_lock, write_changes
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.values.diagnostic import Diagnostic, FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.values.path_filters import IncludedPaths, PathFilter, PathsBelow
from okrctl.workspace import Workspace, disk
from okrctl.yaml import Source
from okrctl.yaml_edit import FileChange

SEAL_PATH = re.compile(r"scorecards/[^/]+\.json")
MARKER_LINE = re.compile(rb"^(?:<{7,}|={7,}|>{7,}|\|{7,})[^\r\n]*", re.MULTILINE)
TEXT_STYLES: tuple[tuple[str, ...], ...] = ((), ("--diff3",), ("--zdiff3",))
MAX_ROUNDS = 5


class MergeRequest(NamedTuple):
    """How to merge: the length of the markers, whether edits of a person may be replaced, whether to write at all."""

    marker_size: int = MARKER_SIZE
    force: bool = False
    dry_run: bool = False


@dataclass
class _Outcome:
    """The texts to write (None: to remove the file) and the conflicts, by path."""

    texts: dict[str, str | None] = field(default_factory=dict)
    conflicts: dict[str, list[Conflict]] = field(default_factory=dict)
    merged: dict[str, MergedText] = field(default_factory=dict)


def merge_work_tree(project: Project, request: MergeRequest) -> WorkTreeMerge:
    """Merge all goal files in conflict, write and stage them, and return what is left to a person.

    Raises OkrctlError where there is no repository.
    """
    repository = require_repository(project)
    if repository.work_tree is None:
        raise OkrctlError("a bare repository has no files to merge", "use a clone of it")
    found = unmerged.unmerged_files(repository)
    sides = unmerged.merge_sides(repository)
    if not found:
        return WorkTreeMerge(sides.names, is_dry_run=request.dry_run)
    return _WorkTreeRun(project, repository, request, sides).merge(found)


class _WorkTreeRun:
    """One merge of a work tree."""

    def __init__(self, project: Project, repository: Repository, request: MergeRequest, sides: MergeSides) -> None:
        self.project = project
        self.repository = repository
        self.request = request
        self.sides = sides
        self.contents: dict[str, bytes] = {}
        self.contested: dict[str, dict[ValuePath, str]] = {}

    def merge(self, found: Sequence[UnmergedFile]) -> WorkTreeMerge:
        self.contents = self._read_blobs(found)
        config = self._config(found)
        wants = IncludedPaths(config.include, config.exclude)
        goals = [file for file in found if wants(file.path) or _is_other_kind(file.path)]
        kept = self._edited_files(goals)
        open_files = [file for file in goals if file not in kept]
        versions = self._versions(open_files, wants)
        moves = self._follow(versions)
        outcome = self._merge_files(versions)
        self._contest_removed(outcome, versions)
        self._check_graph(outcome, versions, config, {file.path for file in kept})
        left = [*self._files_left(outcome, versions), *(_edited_by_hand(file.path) for file in kept)]
        if not self.request.dry_run:
            self._write(outcome, {file.path for file in found})
        others = tuple(file.path for file in found if file not in goals)
        return self._result(outcome, left, moves, others)

    def _result(
        self, outcome: _Outcome, left: Sequence[LeftConflict], moves: Sequence[tuple[GoalPlace, GoalPlace]],
        others: tuple[str, ...],
    ) -> WorkTreeMerge:  # fmt: skip
        clean = [path for path in sorted(outcome.texts) if path not in outcome.conflicts]
        return WorkTreeMerge(
            self.sides.names,
            tuple(path for path in clean if outcome.texts[path] is not None),
            tuple(path for path in clean if outcome.texts[path] is None),
            tuple(left),
            tuple(moves),
            others,
            self.request.dry_run,
        )

    def _read_blobs(self, found: Iterable[UnmergedFile]) -> dict[str, bytes]:
        ids = {blob for file in found for blob in file[1:] if blob is not None}
        return {blob: data for blob, data in self.repository.read_blobs(sorted(ids)) if data is not None}

    def _config(self, found: Sequence[UnmergedFile]) -> Config:
        """The settings on disk, or those of ours where the settings themselves are in conflict."""
        texts = {}
        for file in found:
            blob = file.ours or file.theirs
            if file.path == SETTINGS_PATH and blob in self.contents:
                texts[SETTINGS_PATH] = self.contents[blob]
        return disk.read_settings(self.project.root, texts)[0]

    def _edited_files(self, goals: Sequence[UnmergedFile]) -> list[UnmergedFile]:
        return [] if self.request.force else [file for file in goals if self._is_edited(file)]

    def _is_edited(self, file: UnmergedFile) -> bool:
        """Whether the file on disk is neither what git wrote nor what okrctl wrote: a person works on it."""
        content = files.read_inside(self.project.root, file.path)
        if isinstance(content, FileProblem):
            return False
        unlabelled = {_without_labels(data) for data in self._machine_texts(file)}
        return _without_labels(content) not in unlabelled and not self._is_own_text(file.path, content)

    def _machine_texts(self, file: UnmergedFile) -> Iterator[bytes]:
        """What git and the merge driver may have written at a conflict."""
        blobs = [self.contents.get(blob or "") for blob in file[1:]]
        if None in blobs[1:]:  # where one side deleted the file, git leaves that of the other
            yield from (data for data in blobs[1:] if data is not None)
        base, ours, theirs = (data or b"" for data in blobs)
        if unmerged.is_left_as_ours(self.repository, file.path):
            yield ours
        for style in TEXT_STYLES:
            with contextlib.suppress(OkrctlError):
                yield unmerged.merge_text(self.repository, (base, ours, theirs), style)
        with contextlib.suppress(OkrctlError, UnicodeError):
            versions = Versions(base.decode(), ours.decode(), theirs.decode())
            merged = merge_single(versions, file.path, self.project.root, self.project)
            yield merged.render(marker_size=self.request.marker_size).encode()

    def _is_own_text(self, path: str, content: bytes) -> bool:
        """Whether the file has the markers that okrctl wrote in an earlier run, with the same lines between them."""
        stored = self.repository.folder / "okrctl-merge" / path.replace("/", "%")
        try:
            return stored.read_bytes() == content
        except OSError:
            return False

    def _versions(self, found: Iterable[UnmergedFile], wants: PathFilter) -> FileVersions:
        worlds: tuple[dict[str, str], dict[str, str], dict[str, str]] = ({}, {}, {})
        for file in found:
            for world, blob in zip(worlds, file[1:], strict=True):
                if blob is not None:
                    world[file.path] = self.contents.get(blob, b"").decode("utf-8", "surrogateescape")
        known = set().union(*worlds)
        return FileVersions(*worlds, {path: text for path, text in self._settled_files(wants) if path not in known})

    def _settled_files(self, wants: PathFilter) -> Iterator[tuple[str, str]]:
        """The goal files on disk."""
        config, _ = disk.read_settings(self.project.root)
        for path, content in files.read_workspace(self.project.root, config.include, config.exclude):
            if isinstance(content, bytes) and wants(path):
                yield path, content.decode("utf-8", "replace")

    def _follow(self, versions: FileVersions) -> list[tuple[GoalPlace, GoalPlace]]:
        try:
            return follow_moves(versions)
        except OkrctlError as error:
            self.project.notify(f"cannot follow goals that moved to other files: {error.message}")
            return []

    def _merge_files(self, versions: FileVersions) -> _Outcome:
        outcome = _Outcome()
        for path in sorted({*versions.base, *versions.ours, *versions.theirs}):
            self._merge_file(outcome, versions, path)
        return outcome

    def _merge_file(
        self, outcome: _Outcome, versions: FileVersions, path: str, contested: Mapping[ValuePath, str] | None = None
    ) -> None:
        worlds = (versions.base, versions.ours, versions.theirs)
        texts = Versions(*(world.get(path, "") for world in worlds))
        outcome.conflicts.pop(path, None)
        try:
            for text in texts:
                text.encode()
            csv = find_csv_format(disk.load_folder(self.project.root), path) if path.endswith(".csv") else None
            merged = merge_texts(texts, path, contested, csv)
        except (MergeError, UnicodeEncodeError) as error:
            self._merge_as_text(outcome, path, texts, getattr(error, "message", "the file is not UTF-8"))
            return
        outcome.merged[path] = merged
        outcome.texts[path] = merged.render(self.sides.names, self.request.marker_size)
        if merged.conflicts:
            outcome.conflicts[path] = list(merged.conflicts)
        survivor = next((world[path] for world in worlds[1:] if path in world), "")
        if any(path not in world for world in worlds[1:]):  # one side deleted the file
            outcome.texts[path] = survivor if merged.conflicts else None if merged.is_empty else outcome.texts[path]

    def _merge_as_text(self, outcome: _Outcome, path: str, texts: Versions, reason: str) -> None:
        ours, theirs = self.sides.names
        labels = ("-L", ours, "-L", "base", "-L", theirs, f"--marker-size={self.request.marker_size}")
        base, one, other = (text.encode("utf-8", "surrogateescape") for text in texts)
        text = unmerged.merge_text(self.repository, (base, one, other), labels)
        outcome.texts[path] = text.decode("utf-8", "surrogateescape")
        outcome.conflicts[path] = [Conflict(path, path, "", "text", reason=reason)]

    def _contest_removed(self, outcome: _Outcome, versions: FileVersions) -> None:
        """Make a conflict of each goal that one side moved to another file and the other one removed."""
        for before, after in list(removed_moves(versions)):
            merged = outcome.merged.get(after.path) or self._three_way(outcome, versions, after.path)
            place = merged.find_change(after.route) if merged is not None else None
            if place is not None:
                reason = f"it was moved from {before.path}, and removed"
                self.contested.setdefault(after.path, {})[place] = reason
                self._merge_file(outcome, versions, after.path, self.contested[after.path])

    def _check_graph(self, outcome: _Outcome, versions: FileVersions, config: Config, kept: set[str]) -> None:
        """Turn errors of the merged workspace that neither side had into conflicts, but in files that are kept."""
        context = Context(config, self.project.today, frozenset())
        known = {key for side in self._sides(config) for key in error_keys(side, context)}
        for _ in range(MAX_ROUNDS):
            unread = {*kept, *(path for path in outcome.texts if path not in outcome.merged)}
            errors: dict[str, list[Diagnostic]] = {}
            for each in new_errors(self._merged_workspace(outcome), context, known):
                if each.path not in unread:
                    errors.setdefault(each.path, []).append(each)
            if not errors:
                return
            for path, found in errors.items():
                self._contest(outcome, versions, path, found)

    def _contest(self, outcome: _Outcome, versions: FileVersions, path: str, errors: Sequence[Diagnostic]) -> None:
        merged = outcome.merged.get(path) or self._three_way(outcome, versions, path)
        try:
            if merged is None:
                raise MergeError(errors[0].message)
            found = find_contested(merged, errors)
        except MergeError:
            conflicts = outcome.conflicts.setdefault(path, [])
            reasons = {conflict.reason for conflict in conflicts}
            for error in errors:
                if error.message not in reasons:
                    conflicts.append(Conflict(path, error.ref or path, "", "text", reason=error.message))
            return
        self.contested.setdefault(path, {}).update(found)
        self._merge_file(outcome, versions, path, self.contested[path])

    def _three_way(self, outcome: _Outcome, versions: FileVersions, path: str) -> MergedText | None:
        """The merge of a file that git itself could merge, from the commits of both sides."""
        commits = (self.sides.base, *self.sides.commits)
        if None in commits:
            return None
        for world, commit in zip((versions.base, versions.ours, versions.theirs), commits, strict=True):
            blobs = list(self.repository.read_files(commit or "", PathsBelow([path])))
            if blobs and blobs[0].data is not None:
                world[path] = blobs[0].data.decode("utf-8", "replace")
        self._merge_file(outcome, versions, path)
        return outcome.merged.get(path)

    def _sides(self, config: Config) -> Iterator[Workspace]:
        for commit in self.sides.commits:
            if commit is not None:
                yield snapshot.load_snapshot(self.repository, commit, config)

    def _merged_workspace(self, outcome: _Outcome) -> Workspace:
        """The workspace with the merged files, with ours in place of what is in conflict."""
        texts = {path: merged.text_of("ours").encode() for path, merged in outcome.merged.items()}
        texts = {path: text for path, text in texts.items() if text and outcome.texts[path] is not None}
        removed = {path for path in outcome.merged if path not in texts}
        loaded = disk.load_folder(self.project.root, texts)
        if not removed:
            return loaded
        sources = [Source(file.path, file.document.text) for file in loaded.files if file.path not in removed]
        return workspace.build_workspace(sources, loaded.config, disk.csv_reader(self.project.root))

    def _files_left(self, outcome: _Outcome, versions: FileVersions) -> Iterator[LeftConflict]:
        for path in sorted(outcome.conflicts):
            for conflict in outcome.conflicts[path]:
                yield LeftConflict(conflict, self._authors(outcome.merged.get(path), conflict, versions))

    def _authors(
        self, merged: MergedText | None, conflict: Conflict, versions: FileVersions
    ) -> tuple[str | None, str | None]:
        """Who last changed the value on each side."""
        ours = self._author(merged, conflict, versions.ours, 0)
        return ours, self._author(merged, conflict, versions.theirs, 1)

    def _author(self, merged: MergedText | None, conflict: Conflict, world: Mapping[str, str], side: int) -> str | None:
        commit, text = self.sides.commits[side], world.get(conflict.path)
        if commit is None:
            return None
        try:
            lines = merged.lines_of(conflict, side, text) if merged is not None and text is not None else None
            names = set[str | None]()
            if lines is not None and text is not None:
                names.update(self.repository.blame_lines(conflict.path, text.encode(), commit)[lines[0] - 1 : lines[1]])
            commits = [change.commit for change in self.repository.history([conflict.path], commit=commit)]
            return next((each.author for each in commits if not names or each.id in names), None)
        except OkrctlError:
            return None

    def _write(self, outcome: _Outcome, in_conflict: set[str]) -> None:
        """Write all files or none, then stage what is merged."""
        root = self.project.root
        changes = []
        for path, text in sorted(outcome.texts.items()):
            content = files.read_inside(root, path)
            old = None if isinstance(content, FileProblem) else content.decode("utf-8", "surrogateescape")
            if old != text:
                changes.append(FileChange(path, old, text))
        with hold_lock(self.project):
            write_changes(self.project, changes)
            self._store(outcome)
            clean = [path for path in outcome.texts if path not in outcome.conflicts]
            written = [path for path in clean if outcome.texts[path] is not None]
            unmerged.stage_files(self.repository, written, [path for path in clean if path not in written])
            for path in set(outcome.conflicts) & set(outcome.texts) - in_conflict:
                self._mark_unmerged(path)

    def _mark_unmerged(self, path: str) -> None:
        """Put the three versions of a file that git had merged back into the index, as a conflict."""
        commits = (self.sides.base, *self.sides.commits)
        versions = []
        for commit in commits:
            blobs = list(self.repository.read_files(commit, PathsBelow([path]))) if commit else []
            versions.append(blobs[0].data if blobs else None)
        unmerged.unstage_file(self.repository, path, versions)

    def _store(self, outcome: _Outcome) -> None:
        """Keep a copy of the files with markers, to know later whether a person has edited them."""
        folder = self.repository.folder / "okrctl-merge"
        for path in outcome.conflicts:
            text = outcome.texts.get(path)
            if text is not None:
                files.write_output(folder / path.replace("/", "%"), text.encode("utf-8", "surrogateescape"))


def _is_other_kind(path: str) -> bool:
    return path == SETTINGS_PATH or path.endswith(".csv") or bool(SEAL_PATH.fullmatch(path))


def _without_labels(content: bytes) -> bytes:
    """A text with plain marker lines, since git and okrctl name the sides differently."""
    return MARKER_LINE.sub(lambda found: found[0][:7], content)


def _edited_by_hand(path: str) -> LeftConflict:
    reason = "you have edited it; okrctl leaves it as it is. Stage it with git add, or let --force merge it anew"
    return LeftConflict(Conflict(path, path, "", "text", reason=reason))
