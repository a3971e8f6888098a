"""The references that goals have had between two commits, where they were renamed or moved on the way.

Two states alone do not show that a goal was renamed twice, or first renamed and then dropped: `formerly` names only the
last id before. So the commits in between are compared one by one, each with the one before, by `identity.pair_goals`.
That takes time, so it is done only where the two states leave a goal in doubt, and only for commits that
changed an id, a `formerly`, a team or a period.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from okrctl import workspace
from okrctl.git import FileChange, Repository
from okrctl.history import snapshot
from okrctl.history.diff import identity
from okrctl.history.diff.identity import NO_LATER_REFS, LaterRefs
from okrctl.values.path_filters import IncludedPaths, PathFilter
from okrctl.workspace import File, KeyResult, Objective, Workspace
from okrctl.yaml import Source, decode

Commits = tuple[str, str | None]
Goal = Objective | KeyResult
_NAMES = re.compile(rb"""(?:id|formerly|team|period)["']?\s*:[ \t]*["']?([A-Za-z0-9][\w-]*)""")


class _Step(NamedTuple):
    """The changed files of one commit, before and after; `commits` are the ids of both, the second None on disk."""

    changes: list[FileChange]
    commits: Commits

    @property
    def old_blobs(self) -> list[tuple[str, str | None]]:
        """The files before, as path and blob."""
        return [(change.old_path or change.path, change.old_id) for change in self.changes]

    @property
    def new_blobs(self) -> list[tuple[str, str | None]]:
        """The files afterwards, as path and blob."""
        return [(change.path, change.new_id) for change in self.changes]


def trace_refs(
    repository: Repository, old: Workspace, new: Workspace, commits: Commits, period: str | None = None
) -> LaterRefs:
    """The later references of the goals of `old`, by their reference there; goals that kept theirs are left out.

    `commits` are those of the two workspaces, the second None for the files on disk. Nothing is known where the first
    is not among the first parents of the second. With a `period`, no others are in doubt.
    """
    objectives, key_results = identity.pair_goals(_objectives_of(old, period), _objectives_of(new, period))
    pairs = (*objectives, *key_results)
    if not any(_is_doubtful(*pair) for pair in pairs):
        return NO_LATER_REFS
    steps = _steps_between(repository, commits, IncludedPaths(old.config.include, old.config.exclude))
    if steps is None:
        return NO_LATER_REFS
    refs = [ref for each in old.objectives for ref in (each.ref, *(result.ref for result in each.key_results))]
    original = {ref: ref for ref in refs}  # by the reference of the moment
    later: dict[str, set[str]] = {}
    for step in _with_other_names(repository, steps):
        _follow(original, later, _moves(repository, step, old, new))
    return {ref: frozenset(names) for ref, names in later.items()}


def _objectives_of(state: Workspace, period: str | None) -> list[Objective]:
    return [objective for objective in state.objectives if period in (None, objective.period.id)]


def _is_doubtful(before: Goal | None, after: Goal | None) -> bool:
    """Whether a goal is gone, or one is new that had another name: another goal may have taken its id since."""
    return after is None or (before is None and after.model.formerly is not None)


def _follow(original: dict[str, str], later: dict[str, set[str]], moves: Iterable[tuple[str, str | None]]) -> None:
    """Note the moves of one step, as pairs of references; the second is None for what was removed."""
    known = [(original.pop(before), after) for before, after in list(moves) if before in original]
    for ref, after in known:
        if after is not None:
            original[after] = ref
            later.setdefault(ref, set()).add(after)


def _steps_between(repository: Repository, commits: Commits, wants: PathFilter) -> list[_Step] | None:
    """The steps from the first commit to the second, the oldest first; None where there is no such way."""
    since, until = commits
    chain = [commit.id for commit in repository.first_parent_commits(until or "HEAD")]
    if since not in chain:
        return None
    newer = set(chain[: chain.index(since)])
    steps = [_Step(list(repository.diff_files("HEAD", None, wants)), ("HEAD", None))] if until is None else []
    for step in repository.history(commit=until or "HEAD", since=since, wants=wants):
        if step.commit.id in newer and step.commit.parents:
            changes = [change for change in step.changes if _is_wanted(change, wants)]
            steps.append(_Step(changes, (step.commit.parents[0], step.commit.id)))
    return steps[::-1]


def _is_wanted(change: FileChange, wants: PathFilter) -> bool:
    return wants(change.path) or wants(change.old_path or change.path)


def _with_other_names(repository: Repository, steps: list[_Step]) -> list[_Step]:
    """The steps that change an id, a `formerly`, a team or a period; most are check-ins, which need not be parsed.

    All files are read from one stream, since starting git for each step would take longer than all the rest.
    """
    committed = [step for step in steps if step.commits[1] is not None]
    blobs = {blob for step in committed for _, blob in (*step.old_blobs, *step.new_blobs) if blob is not None}
    names = {blob: Counter(_NAMES.findall(data or b"")) for blob, data in repository.read_blobs(sorted(blobs))}

    def count(files: Iterable[tuple[str, str | None]]) -> Counter[bytes]:
        return sum((names[blob] for _, blob in files if blob is not None), Counter())

    return [step for step in steps if step.commits[1] is None or count(step.old_blobs) != count(step.new_blobs)]


def _moves(repository: Repository, step: _Step, old: Workspace, new: Workspace) -> Iterator[tuple[str, str | None]]:
    """The goals of the changed files that have another reference afterwards, or none."""
    commit, paths = step.commits[1], {path for path, _ in step.new_blobs}
    former = _assemble(repository, step.old_blobs, step.commits[0], old)
    current = _assemble(repository, step.new_blobs, commit, old) if commit else new.files
    if commit is None:
        current = [file for file in current if file.path in paths]
    objectives, key_results = identity.pair_goals(_objectives(former), _objectives(current))
    for earlier, now in (*objectives, *key_results):
        if earlier is not None and (now is None or now.ref != earlier.ref):
            yield earlier.ref, None if now is None else now.ref


def _objectives(files: Iterable[File]) -> list[Objective]:
    return [node for file in files for node in file.nodes if isinstance(node, Objective)]


def _assemble(
    repository: Repository, files: Iterable[tuple[str, str | None]], commit: str, old: Workspace
) -> list[File]:
    """The files (path and blob) of a commit with their goals, in a workspace of their own."""
    paths = [(path, blob) for path, blob in files if blob is not None]
    contents = [data for _, data in repository.read_blobs(blob for _, blob in paths)]
    sources = [decode(path, data) for (path, _), data in zip(paths, contents, strict=True) if data is not None]
    read = [workspace.read_file(source, old.config) for source in sources if isinstance(source, Source)]
    has_csv = any(b".csv" in (data or b"") for data in contents)
    load = snapshot.CommitTree(repository, commit).read_text if has_csv else _no_text
    return workspace.assemble_workspace(read, old.config, load).files


def _no_text(path: str) -> str:
    return ""
