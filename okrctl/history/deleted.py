"""The last state of key results that were deleted or are now measured otherwise, from the git history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from okrctl import workspace
from okrctl.git import FileChange, Repository
from okrctl.history import snapshot
from okrctl.history.diff import identity
from okrctl.history.diff.identity import LaterRefs
from okrctl.values.path_filters import IncludedPaths, PathFilter
from okrctl.workspace import KeyResult, Workspace
from okrctl.yaml import Source, decode

ReadingsMatch = Callable[[KeyResult, KeyResult], bool]


class LastKnownStates:
    """The states of files between two commits, the second one None for the files on disk.

    `then` is the workspace of the first commit, `later` the references that its goals have had since.
    """

    def __init__(
        self, repository: Repository, then: Workspace, commits: tuple[str, str | None], later: LaterRefs
    ) -> None:
        self.repository = repository
        self.then = then
        self.config = then.config
        self.since, self.at_commit = commits
        self.later = later

    def find(self, missing: Iterable[KeyResult], is_match: ReadingsMatch) -> Iterator[tuple[KeyResult, KeyResult]]:
        """Each key result with its newest state that matches, in whatever file that was."""
        left = list(missing)
        for path, commit, data in self._past_file_states():
            mentioned = [result for result in left if any(name.encode() in data for name in self._ids(result))]
            state = self._load_workspace(path, commit, data) if mentioned else None
            for old, new in _successors(mentioned, self.then, state, self.later) if state else ():
                if is_match(old, new):
                    yield old, new
                    left.remove(old)
            if not left:
                return

    def _ids(self, result: KeyResult) -> set[str]:
        """The ids that a key result has had."""
        return {ref.rpartition(".")[2] for ref in (result.ref, *self.later.get(result.ref, ()))}

    def _past_file_states(self) -> Iterator[tuple[str, str, bytes]]:
        """Path, last commit and contents of each state of a file that was replaced since, the newest first."""
        wants = IncludedPaths(self.config.include, self.config.exclude)
        states = [
            (path, commit, change.old_id)
            for change, commit in self._changes(wants)
            if change.old_id and wants(path := change.old_path or change.path)
        ]
        contents = self.repository.read_blobs(blob for _, _, blob in states)
        for (path, commit, _), (_, data) in zip(states, contents, strict=True):
            if data is not None:
                yield path, commit, data

    def _changes(self, wants: PathFilter) -> Iterator[tuple[FileChange, str]]:
        """Each change of a file since the first commit, with the commit before the change, the newest first."""
        if self.at_commit is None and self.repository.work_tree is not None:
            yield from ((change, "HEAD") for change in self.repository.diff_files("HEAD", None, wants))
        for step in self.repository.history(commit=self.at_commit or "HEAD", since=self.since, wants=wants):
            if step.commit.parents:
                yield from ((change, step.commit.parents[0]) for change in step.changes)

    def _load_workspace(self, path: str, commit: str, data: bytes) -> Workspace | None:
        source = decode(path, data)
        if not isinstance(source, Source):
            return None
        load = snapshot.CommitTree(self.repository, commit).read_text
        return workspace.build_workspace([source], self.config, load)


def _successors(
    results: list[KeyResult], then: Workspace, state: Workspace, later: LaterRefs
) -> Iterator[tuple[KeyResult, KeyResult]]:
    """Those of the key results that are in a later state of a file, each with what it is there.

    All goals of then are paired, so that none is taken for another that the file holds too. One file does not show
    whether a goal came from another team or file, so that only the objectives count that it still holds.
    """
    objectives, pairs = identity.pair_goals(then.objectives, state.objectives, later)
    held = {id(old) for old, new in objectives if old is not None and new is not None and old.team == new.team}
    asked = {id(result) for result in results}
    for old, new in pairs:
        if old is None or new is None or id(old) not in asked or id(old.objective) not in held:
            continue
        if old.objective.team == new.objective.team:
            yield old, new
