"""Writes files, and commits them if asked, whole or not at all, also where a hook refuses or the process is killed.

How a commit is made. What git is to commit is computed first: HEAD's file with the edit, not the file on disk, which
may hold other edits. The same is done for git's index. Then a journal (`files/journal.py`) records all contents, and
the files are put in place as they are committed, since hooks read them there. Git commits, and at last the index and
the files get what they are to keep. Whatever happens in between, `_settle` looks whether the commit was made, and goes
forward or back; in the same run after an error, in the next one after a kill. A branch that moves to another commit
(`git/branch_move.py`) has a journal too.

A file of a submodule is committed there: that work tree has a lock and a journal of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from okrctl import files, git
from okrctl.files.journal import FileStates, Journal, find_journals, has_journal, read_journal
from okrctl.files.lock import Lock, lock
from okrctl.git.branch_move import BranchMove, settle_move
from okrctl.git.branch_move import move_branch as git_move
from okrctl.git.commit import IndexEntry, PathVersions
from okrctl.merge.replay import replay_change, replay_edit
from okrctl.values.errors import ConflictError, DiskError, FilesError, GitError, OkrctlError, RefusedError
from okrctl.values.path_filters import PathsBelow
from okrctl.yaml_edit import FileChange, WritePlan

if TYPE_CHECKING:
    from okrctl.git import Repository
    from okrctl.operations.project import Project

NEW_FILE_MODE = "100644"
FROM_HEAD = "head"  # the index had the file of HEAD, and gets that of the new commit, which a hook may have changed

Texts = tuple[str | None, str | None]
"""The text of a file before and after; None where it does not exist."""


@contextmanager
def hold_lock(project: Project) -> Iterator[None]:
    """Let no other process write to the work tree, and settle what a killed run left.

    Within another `hold_lock` of the project it does nothing. Raises ConflictError where another process holds the lock
    for too long.
    """
    if project.lock is not None:
        yield
        return
    project.lock = Lock(project.root)
    try:
        project.lock.acquire()
        _settle(project, project.root)
        yield
    finally:
        release_lock(project)


def release_lock(project: Project) -> None:
    """Let others write, as while a person thinks about an answer; what is written later takes the lock again."""
    if project.lock is not None:
        project.lock.release()
        project.lock = None


def recover(project: Project, root: Path) -> None:
    """Settle what a killed run left in the work tree around a folder, unless another process is writing there now."""
    for tree in find_journals(root) if project.lock is None else ():
        held = Lock(tree)
        try:
            held.acquire(wait_seconds=0)
        except ConflictError:
            continue
        try:
            _settle(project, tree)
        finally:
            held.release()


def write_changes(project: Project, changes: Sequence[FileChange]) -> None:
    """Write all files or none. Raises OkrctlError where a file is not as expected, or cannot be written."""
    with hold_lock(project):
        for change in changes:
            require_unchanged(project.root, change)
        _run(project, Journal(project.root, [_file_states(project.root, change) for change in changes]))


def _file_states(root: Path, change: FileChange) -> FileStates:
    new = _encode(change.new)
    return FileStates(_place(root, root / change.path), _encode(change.old), new, new)


def commit_plan(project: Project, repository: Repository, plan: WritePlan) -> str | None:
    """Write the files of a plan and commit its edits, and nothing else; returns the id of the commit.

    Returns None, and writes the files alone, where HEAD has all of the edits already. Raises OkrctlError where git or a
    hook refuses, where the edit is of something that is not committed, and where the files are in several
    repositories; then everything is as before.
    """
    tree = _require_one_work_tree(project.root, plan.paths)
    with hold_lock(project), _hold_submodule(project, tree) as descriptor:
        top = git.find_repository(tree)  # the next run may be in another workspace of the tree
        assert top is not None
        git.require_committable(top)
        for change in plan.changes:
            require_unchanged(project.root, change)
        commit = _Commit(project, top, plan, descriptor)
        if not commit.entries:
            write_changes(project, plan.changes)
            return None
        journal = Journal(tree, commit.states, commit.record())
        _run(project, journal, commit)
        head = top.head()
        assert head is not None
        return head.id


def group_by_work_tree(root: Path, paths: Iterable[str]) -> dict[Path, list[str]]:
    """The files by the work tree that holds them: that of the workspace, or one of its submodules."""
    groups: dict[Path, list[str]] = {}
    for path in paths:
        groups.setdefault(files.git_root(Path(os.path.realpath(root / path)).parent), []).append(path)
    return groups


def require_committable(trees: Iterable[Path]) -> None:
    """Raise OkrctlError where git would not commit now in one of some work trees."""
    for repository in filter(None, map(git.find_repository, trees)):
        git.require_committable(repository)


def find_submodule(root: Path, paths: Iterable[str]) -> Path | None:
    """The top of the submodule that holds all files; None where it is the repository of the workspace."""
    [tree] = group_by_work_tree(root, paths) or [None]
    return tree if tree is not None and tree != files.git_root(Path(os.path.realpath(root))) else None


def _require_one_work_tree(root: Path, paths: Iterable[str]) -> Path:
    own = files.git_root(Path(os.path.realpath(root)))
    trees = [tree for tree in group_by_work_tree(root, paths) if tree.is_relative_to(own)] or [own]
    if len(trees) > 1:
        shown = " and ".join("this one" if tree == own else str(tree.relative_to(own)) for tree in sorted(trees))
        raise RefusedError(
            f"cannot commit to several repositories at once: {shown}",
            "nothing was written; leave out --commit, and commit in each of them",
        )
    return trees[0]


@contextmanager
def _hold_submodule(project: Project, tree: Path) -> Iterator[int | None]:
    """Let no other process write to the work tree of a submodule; yields the open file of the lock."""
    if tree == files.git_root(Path(os.path.realpath(project.root))):
        yield lock_descriptor(project)
        return
    with lock(tree) as held:
        _settle(project, tree)
        yield held.descriptor


def move_branch(project: Project, repository: Repository, move: BranchMove) -> None:
    """Move the branch that is checked out to another commit, with the index and the files.

    Raises OkrctlError, with everything as before, where a file or the branch has changed.
    """
    with hold_lock(project):
        journal = Journal(project.root, (), {"move": move})
        journal.begin()
        try:
            git_move(repository, move, lock_descriptor(project))
        except BaseException:
            _settle_journal(project, journal)
            raise
        journal.end()


def lock_descriptor(project: Project) -> int | None:
    """The open file of the lock that is held, for processes that are to hold it too."""
    return None if project.lock is None else project.lock.descriptor


class _Commit:
    """What a plan commits: the entries of the commit and of the index, and the states of the files."""

    def __init__(self, project: Project, repository: Repository, plan: WritePlan, descriptor: int | None) -> None:
        self.repository = repository
        self.descriptor = descriptor
        self.message = plan.message
        self.project = project
        self.head = repository.head()
        self.states: list[FileStates] = []
        self.entries: dict[str, IndexEntry | None] = {}
        self.staged: dict[str, tuple[IndexEntry | None, IndexEntry | str | None]] = {}
        places = {path: _place(repository.root, project.root / path) for path in plan.paths}
        versions = git.read_versions(repository, list(places.values()))
        for path, place in places.items():
            self._add(plan, path, place, _disk_texts(project.root, plan, path), versions[place])

    def _add(self, plan: WritePlan, path: str, place: str, disk: Texts, versions: PathVersions) -> None:
        committed, staged = versions
        head = self._replay(plan, path, place, disk, committed)
        self.states.append(FileStates(place, _encode(disk[0]), _encode(head), _encode(disk[1])))
        mode = (committed or staged or IndexEntry(NEW_FILE_MODE, "")).mode
        entry = self._store(place, mode, head)
        if entry != committed:
            self.entries[place] = entry
        if staged == committed:
            self.staged[place] = staged, FROM_HEAD
        elif staged is not None:
            text = self._replay(plan, path, place, disk, staged)
            self.staged[place] = staged, self._store(place, staged.mode, text)

    def _replay(self, plan: WritePlan, path: str, place: str, disk: Texts, entry: IndexEntry | None) -> str | None:
        """The text that a version of git has after the edits."""
        if entry is None:
            if self.head is not None and disk[0] is not None and disk[1] is not None:
                raise RefusedError(f"{path} is not committed yet", f"commit it first: git add {path}, then git commit")
            return disk[1]
        text = git.read_as_file(self.repository, place, entry).decode("utf-8", "surrogateescape")
        made = [each for each in plan.edits if each.path == path]
        if not made:
            return replay_change(FileChange(path, *disk), text)
        for each in made:
            text = replay_edit(each, text)
        return text

    def _store(self, place: str, mode: str, text: str | None) -> IndexEntry | None:
        data = _encode(text)
        return None if data is None else IndexEntry(mode, git.store_file(self.repository, place, data))

    def record(self) -> dict[str, Any]:
        """What the journal keeps: the commit before, and the entries of the index before and after."""
        return {"head": self.head and self.head.id, "staged": self.staged}

    def make(self) -> None:
        """Let git make the commit."""
        author = self.project.author
        git.commit_entries(self.repository, self.entries, self.message, self.project.notify, self.descriptor, author)


def _run(project: Project, journal: Journal, commit: _Commit | None = None) -> None:
    """Write the files of a journal, and make its commit; if anything fails, everything is as before."""
    try:
        journal.begin()
    except OkrctlError:
        if commit is not None:
            raise
    try:
        journal.place_committed()
        if commit is not None:
            commit.make()
    except BaseException:
        _settle_journal(project, journal)
        raise
    _settle_journal(project, journal)


def _settle(project: Project, root: Path) -> None:
    """Finish or undo what a killed run began."""
    if has_journal(root):
        journal = read_journal(root)
        if journal is None:
            Journal(root, ()).end()
        else:
            _settle_journal(project, journal)


def _settle_journal(project: Project, journal: Journal) -> None:
    """Finish a write if its commit was made or all files are written, else undo it."""
    changed = []
    if journal.commit is None:
        changed = [] if journal.is_written() else journal.undo()
    else:
        repository = git.find_repository(files.git_root(journal.root))
        if repository is None:
            raise GitError("no git repository here", "the last run did not finish; run the command in its repository")
        git.remove_commit_index(repository)
        if "move" in journal.commit:
            changed = settle_move(repository, BranchMove(*journal.commit["move"]))
        elif _is_committed(repository, journal.commit, [state.path for state in journal.states]):
            _stage(repository, journal.commit)
            changed = journal.place_final()
        else:
            changed = journal.undo()
    for path in changed:
        project.notify(f"{path} changed while it was written, and is left as it is")
    journal.end()


def _is_committed(repository: Repository, record: Mapping[str, Any], places: Sequence[str]) -> bool:
    """Whether HEAD has moved and brought one of the files."""
    head = repository.head()
    if head is None or head.id == record["head"]:
        return False
    old = repository.list_files(record["head"], PathsBelow(places)) if record["head"] is not None else {}
    return repository.list_files(head.id, PathsBelow(places)) != old


def _stage(repository: Repository, record: Mapping[str, Any]) -> None:
    """Make the edit in git's index too, in files that nobody has staged since."""
    versions = git.read_versions(repository, list(record["staged"]))
    entries: dict[str, IndexEntry | None] = {}
    for place, (before, after) in record["staged"].items():
        committed, staged = versions[place]
        if staged == _entry(before):
            entries[place] = committed if after == FROM_HEAD else _entry(after)
    git.stage_entries(repository, entries)


def _entry(data: Sequence[str] | None) -> IndexEntry | None:
    return None if data is None else IndexEntry(*data)


def _disk_texts(root: Path, plan: WritePlan, path: str) -> Texts:
    """The text of a file on disk before and after a plan."""
    change = next((change for change in plan.changes if change.path == path), None)
    if change is not None:
        return change.old, change.new
    content = files.read_inside(root, path)
    if not isinstance(content, bytes):
        raise FilesError(f"{path}: {content.message}", content.help)
    text = content.decode("utf-8", "surrogateescape")
    return text, text


def _place(root: Path, file: Path) -> str:
    """The path of a file from the top of the work tree around a folder, of the file itself where a link leads to it."""
    top = os.path.realpath(files.git_root(root))
    return os.path.relpath(os.path.realpath(file), top).replace(os.sep, "/")


def require_unchanged(root: Path, change: FileChange) -> None:
    """Raise OkrctlError where a file is not as the plan expects it, or is read-only."""
    path = root / change.path
    if files.leads_out(root, change.path):
        hint = "replace the link with a regular file or folder"
        raise RefusedError(f"{change.path} leads out of the workspace through a link", hint)
    try:
        current = path.read_bytes()
        writable = os.access(path, os.W_OK) and bool(path.stat().st_mode & 0o222)
    except FileNotFoundError:
        current, writable = None, True
    except OSError as error:
        raise DiskError(f"cannot write {change.path}: {error.strerror}", "check its permissions") from error
    if current != _encode(change.old):
        problem = "changed in the meantime" if change.old is not None else "already exists"
        raise ConflictError(f"{change.path} {problem}", "nothing was written; run the command again")
    if not writable:
        raise DiskError(f"{change.path} is read-only", f"chmod u+w {change.path} makes it writable")


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")
