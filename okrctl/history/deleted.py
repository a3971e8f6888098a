"""Finds the last state of key results that are gone, or are not any more what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from okrctl import workspace
from okrctl.git import FileChange, Repository
from okrctl.history import snapshot
from okrctl.schema.settings import Config
from okrctl.workspace import KeyResult, Workspace
from okrctl.yaml import Source, decode

ReadingsMatch = Callable[[KeyResult, KeyResult], bool]


class LastKnownStates:
    """The states that files had between a commit and now, the newest first."""

    def __init__(self, repository: Repository, config: Config, since: str, known_at: str | None) -> None:
        self.repository = repository
        self.config = config
        self.since = since
        self.known_at = known_at

    def find(self, missing: Iterable[KeyResult], fits: ReadingsMatch) -> Iterator[tuple[KeyResult, KeyResult]]:
        """Each key result with its newest state that fits, in whatever file that was."""
        left = list(missing)
        for path, commit, data in self._past_file_states():
            hits = [one for one in left if one.id.encode() in data]
            there = self._load_workspace(path, commit, data) if hits else None
            for one in hits:
                found = _find_key_result(one, there) if there else None
                if found is not None and fits(one, found):
                    yield one, found
                    left.remove(one)
            if not left:
                return

    def _past_file_states(self) -> Iterator[tuple[str, str, bytes]]:
        """Path, commit that still had it and contents of every state of a file that came to an end since."""
        wants = snapshot.path_filter(self.config.include, self.config.exclude)
        ends: list[tuple[FileChange, str]] = []
        if self.known_at is None and self.repository.work_tree is not None:
            ends += [(one, "HEAD") for one in self.repository.diff_files("HEAD", None, wants)]
        for step in self.repository.history(commit=self.known_at or "HEAD"):
            if step.commit.id == self.since:
                break
            if step.commit.parents:
                ends += [(one, step.commit.parents[0]) for one in step.changes]
        named = [(one.old_path or one.path, commit, one.old_id) for one, commit in ends if one.old_id]
        named = [entry for entry in named if wants(entry[0])]
        contents = self.repository.read_blobs(blob for _, _, blob in named)
        for (path, commit, _), (_, data) in zip(named, contents, strict=True):
            if data is not None:
                yield path, commit, data

    def _load_workspace(self, path: str, commit: str, data: bytes) -> Workspace | None:
        source = decode(path, data)
        if not isinstance(source, Source):
            return None
        load = snapshot.CommitTree(self.repository, commit).read_text
        return workspace.assemble_workspace([workspace.read_file(source, self.config)], self.config, load)


def _find_key_result(old: KeyResult, there: Workspace) -> KeyResult | None:
    """The key result of that name in the objective of that name, or what was renamed from it."""
    for one in there.key_results:
        above = one.objective
        same_objective = one.period.id == old.period.id and old.objective.id in (above.id, above.model.formerly)
        if same_objective and old.id in (one.id, one.model.formerly):
            return one
    return None
