"""A repository whose submodules are read as if their files were its own: the one place that crosses into them.

How it works. A commit pins each submodule at a commit. So the files of a commit are its own and those of the pinned
commits, and the changes of a commit that moves a pin are those between both pinned commits. A blob is read from the
repository in which it was found. All of this is computed when a pin is met, so that a repository without submodules
costs nothing. Submodules of submodules are not read.

The days are those of the superproject, which knew nothing of a commit before it was pinned. Only who made a change is
told by the commits of the submodule.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from okrctl.git.commits import (
    FILE_MODES,
    LOG_FORMAT,
    RAW_DIFF_OPTIONS,
    SUBMODULE_MODE,
    Commit,
    CommitChanges,
    FileChange,
    PinChange,
    files_of,
    join_changes,
    parse_changes,
    parse_commits,
)
from okrctl.git.process import GitRunner, git_in, to_printable
from okrctl.git.repository import OBJECT_ID, PresentFiles, Repository, SizedBlob
from okrctl.values.errors import GitError, OkrctlError
from okrctl.values.path_filters import EVERY_PATH, PathFilter, PathsBelow

MODULES_FOLDER = "modules"  # where git keeps the repositories of submodules
MODULES_FILE = ".gitmodules"


class Pin(NamedTuple):
    """A submodule in a commit: its folder below the root, and the commit that it is pinned at."""

    folder: str
    commit: str

    def holds(self, path: str) -> bool:
        """Whether a path is below the folder."""
        return path.startswith(f"{self.folder}/")

    def inner(self, path: str) -> str:
        """The path of a file from the top of the submodule."""
        return path.removeprefix(f"{self.folder}/")


class Place(NamedTuple):
    """The commits of the superproject after a change and before, None where there is none."""

    new: str
    old: str | None


class Superproject(Repository):
    """The repository of a workspace, with what its commits pin of its submodules."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self._opened: dict[Path, Repository | None] = {}  # the repositories of submodules, by their folders
        self._holders: dict[tuple[str, str], Repository] = {}  # by folder and pinned commit
        self._owners: dict[str, Repository] = {}  # by the id of an object that was found in a submodule

    # --- the files of a commit

    def list_files(
        self, commit: str, wants: PathFilter = EVERY_PATH, modes: Sequence[str] = FILE_MODES
    ) -> dict[str, str]:
        """The files of a commit below the root, as `Repository`, with those of its submodules that may be wanted."""
        entries = self._list_tree(commit)
        files = {each.path: each.id for each in entries if each.mode in modes and wants(each.path)}
        pins = [Pin(each.path, each.id) for each in entries if each.mode == SUBMODULE_MODE and wants.covers(each.path)]
        for pin in pins:
            pinned = self._list_pinned(pin, commit, modes).items()
            files.update((path, blob) for path, blob in pinned if wants(path))
        return dict(sorted(files.items())) if pins else files

    def has_submodules(self, commit: str) -> bool:
        """Whether a commit has submodules."""
        return self._may_have_submodules() and bool(self.list_pins(commit))

    def _list_pinned(self, pin: Pin, at: str, modes: Sequence[str] = FILE_MODES) -> dict[str, str]:
        holder = self._holder(pin.folder, [pin.commit], at)
        with self._named(pin.folder, holder):
            files = {f"{pin.folder}/{path}": blob for path, blob in holder.list_files(pin.commit, modes=modes).items()}
        self._owners.update(dict.fromkeys(files.values(), holder))
        return files

    def _stream_blobs(self, ids: Sequence[str]) -> Iterator[SizedBlob]:
        """The blobs in the order of the ids, each from the repository in which it was found."""
        asked: dict[Repository | None, list[str]] = {}
        for name in ids:
            asked.setdefault(self._owners.get(name), []).append(name)
        streams = {
            owner: super(Superproject, self)._stream_blobs(names) if owner is None else self._stream_from(owner, names)
            for owner, names in asked.items()
        }
        yield from (next(streams[self._owners.get(name)]) for name in ids)

    def _stream_from(self, owner: Repository, names: Sequence[str]) -> Iterator[SizedBlob]:
        with self._named(self._shown(owner), owner):
            yield from owner._stream_blobs(names)

    # --- changes

    def history(
        self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True, since: str | None = None,
        wants: PathFilter = EVERY_PATH,
    ) -> list[CommitChanges]:  # fmt: skip
        """The commits that changed something, as `Repository`: a pin that moves changes the files below it."""
        steps = self._steps(paths, commit, first_parents, since, wants)
        oldest = steps[-1].commit if paths and steps else None
        before = oldest.parents[0] if oldest is not None and oldest.parents else None
        if before is None or self._pins_around(paths, commit) or not self._pins_around(paths, before):
            return steps
        # A folder that was a submodule before: what the newest of its commits left need not have been changed.
        earlier = self._steps(paths, before, first_parents, since, wants)
        ids = {change.path: change.new_id for step in reversed(earlier) for change in step.changes}
        is_same = all(ids.get(change.path) == change.new_id for change in steps[-1].changes)
        return [*(steps[:-1] if is_same else steps), *earlier]

    def _steps(
        self, paths: Sequence[str], commit: str, first_parents: bool, since: str | None, wants: PathFilter
    ) -> list[CommitChanges]:
        around = self._pins_around(paths, commit)
        steps = super().history(
            [*paths, *(pin.folder for pin in around)], commit=commit, first_parents=first_parents, since=since
        )
        if not any(step.pins for step in steps):
            return steps
        below = PathsBelow(paths or None)
        changes = self._cross(
            [(step.changes, _covered_pins(step.pins, (below, wants)), _place_of(step.commit)) for step in steps]
        )
        found = [
            step._replace(changes=tuple(change for change in each if below(change.path)))
            for step, each in zip(steps, changes, strict=True)
        ]
        return [step for step in found if step.changes] if paths else found

    def _diff_commits(self, old: str, new: str, wants: PathFilter) -> list[FileChange]:
        files, pins = self._diff_trees(old, new)
        covered = _covered_pins(pins, (wants,))
        return self._cross([(files, covered, Place(new, old))])[0]

    def _cross(
        self, steps: Sequence[tuple[Sequence[FileChange], Sequence[PinChange], Place]]
    ) -> list[list[FileChange]]:
        """The changes of files in each step, with those that its pins make."""
        moves: dict[str, dict[tuple[str, str], str]] = {}
        for _, pins, place in steps:
            for pin in pins:
                if pin.old_id and pin.new_id and pin.old_path == pin.path:
                    moves.setdefault(pin.path, {}).setdefault((pin.old_id, pin.new_id), place.new)
        diffs = {folder: self._diff_pins(folder, found) for folder, found in moves.items()}
        return [
            join_changes([*files, *(each for pin in pins for each in self._changes_of(pin, place, diffs))])
            if pins
            else [*files]
            for files, pins, place in steps
        ]

    def _changes_of(
        self, pin: PinChange, place: Place, diffs: Mapping[str, Mapping[tuple[str, str], list[FileChange]]]
    ) -> Iterator[FileChange]:
        if pin.old_id and pin.new_id and pin.old_path == pin.path:
            yield from diffs[pin.path][pin.old_id, pin.new_id]
            return
        if pin.old_id and pin.old_path and place.old:
            for path, blob in self._list_pinned(Pin(pin.old_path, pin.old_id), place.old).items():
                yield FileChange("D", path, path, blob, None)
        if pin.new_id:
            for path, blob in self._list_pinned(Pin(pin.path, pin.new_id), place.new).items():
                yield FileChange("A", path, None, None, blob)

    def _diff_pins(self, folder: str, moves: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], list[FileChange]]:
        """The changes between pairs of commits of a submodule, all from one process."""
        holder = self._holder(folder, {name for pair in moves for name in pair}, next(iter(moves.values())))
        text = "".join(f"{new} {old}\n" for old, new in moves).encode()
        with self._named(folder, holder):
            output = holder.runner.read("diff-tree", "--stdin", "--always", "-z", *RAW_DIFF_OPTIONS, text=text)
        found: list[list[bytes]] = []
        for token in output.split(b"\0"):
            if OBJECT_ID.fullmatch(token.decode("ascii", "replace")):
                found.append([])
            elif found:
                found[-1].append(token)
        return {
            pair: [self._moved_in(folder, holder, change) for change in files_of(parse_changes(tokens))]
            for pair, tokens in zip(moves, found, strict=True)
        }

    def _moved_in(self, folder: str, holder: Repository, change: FileChange) -> FileChange:
        self._owners.update((name, holder) for name in (change.old_id, change.new_id) if name)
        old_path = change.old_path and f"{folder}/{change.old_path}"
        return change._replace(path=f"{folder}/{change.path}", old_path=old_path)

    # --- who made a change

    def commits_of(self, step: CommitChanges, path: str) -> list[Commit]:
        """The commits of the submodule that made the change of a file, on the day on which they were pinned."""
        moved = next((pin for pin in step.pins if pin.new_id and path.startswith(f"{pin.path}/")), None)
        if moved is None or moved.new_id is None:
            return [step.commit]
        pin = Pin(moved.path, moved.new_id)
        holder = self._holder(pin.folder, [pin.commit], step.commit.id)
        since = moved.old_id if moved.old_path == moved.path else None
        made = self._inner_changes(holder, pin, since, path) or [holder.get_commit(pin.commit)]
        day = step.commit.day
        self._owners.update((commit.id, holder) for commit in made)
        return [
            commit._replace(counted_day=None if commit.own_day == day else day, submodule=pin.folder) for commit in made
        ]

    def authors_since(self, base: str, path: str) -> frozenset[tuple[str, str]]:
        """Who changed a file since a base; of a submodule, in the commits that were pinned since."""
        pin, before = self._pin_of(path, "HEAD"), self._pin_of(path, base)
        if pin is None:
            return super().authors_since(base, path)
        holder = self._holder(pin.folder, [pin.commit], "HEAD")
        found = self._inner_changes(holder, pin, before and before.commit, path)
        return frozenset((commit.author, commit.email) for commit in found)

    def _inner_changes(self, holder: Repository, pin: Pin, since: str | None, path: str) -> list[Commit]:
        """The commits that changed a file after one commit up to a pin, the newest first; none if that is not known."""
        since_words = [f"^{since}"] if since is not None else []
        status, output, _ = holder.runner.run("log", *LOG_FORMAT, pin.commit, *since_words, "--", pin.inner(path))
        return [] if status else parse_commits(output)

    def blame_lines(self, path: str, data: bytes | None = None, commit: str = "HEAD") -> list[str | None]:
        """The id of the commit of each line; of a file of a submodule, a commit of the submodule."""
        pin = self._pin_of(path, commit)
        if pin is None:
            return super().blame_lines(path, data, commit)
        holder = self._holder(pin.folder, [pin.commit], commit)
        with self._named(pin.folder, holder):
            lines = holder.blame_lines(pin.inner(path), data, pin.commit)
        self._owners.update(dict.fromkeys(filter(None, lines), holder))
        return lines

    def get_commits(self, names: Iterable[str]) -> dict[str, Commit]:
        """The commits with these ids, by id, also those of submodules that were named before."""
        asked: dict[Repository | None, list[str]] = {}
        for name in names:
            asked.setdefault(self._owners.get(name), []).append(name)
        found = super().get_commits(asked.pop(None, []))
        for owner, inner in asked.items():
            if owner is not None:
                folder = self._shown(owner)
                commits = owner.get_commits(inner).items()
                found |= {name: commit._replace(submodule=folder) for name, commit in commits}
        return found

    def explain_end(self, name: str) -> str:
        """Why the changes of a commit are not known: a shallow clone ends there; empty where they are."""
        owner = self._owners.get(name)
        if owner is None:
            return super().explain_end(name)
        reason = owner.explain_end(name)
        return reason and f"{self._shown(owner)}: {reason.replace('git fetch', f'{git_in(owner.root)} fetch')}"

    # --- the present

    def list_present(self, wants: PathFilter = EVERY_PATH) -> PresentFiles:
        """What git knows of the work tree, and of those of its submodules that may be wanted."""
        present = super().list_present(wants)
        for folder in filter(wants.covers, present.submodules):
            submodule = self._open(self.root / folder)
            if submodule is not None:
                inner = submodule.list_present()
                present.paths.extend(f"{folder}/{path}" for path in inner.paths)
                present.skipped.update((f"{folder}/{path}", blob) for path, blob in inner.skipped.items())
        return present

    def fingerprint(self) -> tuple[object, ...]:
        """What the history of a past commit depends on, also in the submodules."""
        submodules = [self._open(self.root / folder) for folder in self._named_folders()]
        return (*super().fingerprint(), *(submodule.fingerprint() for submodule in submodules if submodule))

    # --- where submodules are

    def _pin_of(self, path: str, commit: str) -> Pin | None:
        return next(iter(self._pins_around([path], commit)), None)

    def _pins_around(self, paths: Sequence[str], commit: str) -> list[Pin]:
        """The submodules of a commit that hold some paths."""
        if not paths or not self._may_have_submodules() or (commit == "HEAD" and self.head() is None):
            return []
        pins = [Pin(*each) for each in self.list_pins(commit).items()]
        return [pin for pin in pins if any(pin.holds(path) for path in paths)]

    def _may_have_submodules(self) -> bool:
        if self.work_tree is None or self._holders:
            return True
        return (self.work_tree / MODULES_FILE).exists() or any(folder.is_dir() for folder in self._module_folders())

    def _module_folders(self) -> list[Path]:
        """Where the repositories of submodules can be: a linked work tree has a folder beside the common one."""
        try:
            shared = (self.folder / "commondir").read_text("utf-8", "surrogateescape").strip()
        except OSError:
            return [self.folder / MODULES_FOLDER]
        return [self.folder / MODULES_FOLDER, Path(os.path.normpath(self.folder / shared)) / MODULES_FOLDER]

    def _holder(self, folder: str, commits: Iterable[str], at: str) -> Repository:
        """The repository of a submodule that has these commits; GitError where it is not here, or lacks one of them.

        `at` is a commit of the superproject that has the submodule in this folder.
        """
        wanted = [*dict.fromkeys(commits)]
        known = {self._holders.get((folder, commit)) for commit in wanted}
        if len(known) == 1 and (holder := known.pop()) is not None:
            return holder
        lacking: tuple[Repository, str] | None = None
        for candidate in self._candidates(folder, at):
            missing = _missing_commits(candidate, wanted)
            if not missing:
                self._holders.update(((folder, commit), candidate) for commit in wanted)
                return candidate
            lacking = lacking or (candidate, missing[0])
        raise self._absent_error(folder, at) if lacking is None else self._unpinned_error(folder, *lacking)

    def _candidates(self, folder: str, at: str) -> Iterator[Repository]:
        """The repositories that may be that of a submodule: of its work tree, and those that git keeps for it."""
        places = [self.root / folder] if self.work_tree is not None else []
        yield from filter(None, map(self._open, places))
        for name in dict.fromkeys([self._settings_of(folder, at).get("name", folder), f"{self.prefix}{folder}"]):
            for modules in self._module_folders():
                place = Path(os.path.normpath(modules / name))
                if modules in place.parents:
                    yield from filter(None, [self._open(place)])

    def _open(self, place: Path) -> Repository | None:
        """The repository of a work tree, or that a folder of git is; None where there is none."""
        if place not in self._opened:
            found = None
            if os.path.lexists(place / ".git"):
                found = Repository.discover(GitRunner(place), place.resolve())
            elif (place / "HEAD").is_file():  # its work tree, which the settings name, may be gone
                found = Repository.discover(GitRunner(place, {"GIT_WORK_TREE": str(place)}), place.resolve())
            is_own = found is not None and found.work_tree in (None, place.resolve()) and found.folder != self.folder
            self._opened[place] = found if is_own else None
        return self._opened[place]

    def _named_folders(self) -> list[str]:
        """The folders below the root that the work tree's own list of submodules names."""
        if self.work_tree is None or not (self.work_tree / MODULES_FILE).exists():
            return []
        words = ("config", "-z", "--file", str(self.work_tree / MODULES_FILE), "--get-regexp", r"^submodule\..*\.path$")
        paths = (entry.partition(b"\n")[2] for entry in self.runner.run(*words)[1].split(b"\0")[:-1])
        names = (os.fsdecode(path) for path in paths)
        return [name.removeprefix(self.prefix) for name in names if name.startswith(self.prefix)]

    def _settings_of(self, folder: str, at: str) -> dict[str, str]:
        """The name and the URL that a commit has for the submodule in a folder; nothing where it names none."""
        words = ("config", "-z", "--blob", f"{at}:{MODULES_FILE}", "--get-regexp", r"^submodule\.")
        found: dict[str, dict[str, str]] = {}
        for entry in self.runner.run(*words)[1].split(b"\0")[:-1]:
            key, _, value = os.fsdecode(entry).partition("\n")
            name, _, setting = key.removeprefix("submodule.").rpartition(".")
            found.setdefault(name, {"name": name})[setting] = value
        return next((each for each in found.values() if each.get("path") == self.prefix + folder), {})

    # --- what is missing

    def _absent_error(self, folder: str, at: str) -> OkrctlError:
        message = f"the submodule {to_printable(folder)} is not in this clone"
        quoted = shlex.quote(to_printable(folder))
        if self.work_tree is not None and folder in self.list_pins("HEAD"):
            return GitError(message, f"run {git_in(self.root)} submodule update --init {quoted}")
        settings = self._settings_of(folder, at)
        target = self._module_folders()[-1] / settings.get("name", folder)
        url = shlex.quote(to_printable(settings.get("url", "URL")))
        return GitError(message, f"run git clone --bare {url} {shlex.quote(to_printable(str(target)))}")

    def _unpinned_error(self, folder: str, holder: Repository, commit: str) -> OkrctlError:
        message = f"the submodule {to_printable(folder)} is pinned at {commit[:10]}, which is not in this clone"
        option = " --unshallow" if holder.is_shallow else ""
        return GitError(message, f"run {git_in(holder.root)} fetch{option}")

    def _shown(self, owner: Repository) -> str:
        """The folder of a submodule, as a person knows it."""
        return next((folder for (folder, _), holder in self._holders.items() if holder is owner), owner.root.name)

    @contextmanager
    def _named(self, folder: str, holder: Repository) -> Iterator[None]:
        """Say in every error that it is about a submodule."""
        try:
            yield
        except OkrctlError as error:
            hint = error.hint.replace("git fetch", f"{git_in(holder.root)} fetch")
            raise error.rephrase(f"submodule {to_printable(folder)}: {error.message}", hint) from error


def _place_of(commit: Commit) -> Place:
    return Place(commit.id, commit.parents[0] if commit.parents else None)


def _covered_pins(pins: Iterable[PinChange], filters: Iterable[PathFilter]) -> list[PinChange]:
    """The pins below which every filter may want a path."""
    asked = [*filters]
    return [
        pin
        for pin in pins
        if all(wants.covers(pin.path) or (pin.old_path and wants.covers(pin.old_path)) for wants in asked)
    ]


def _missing_commits(repository: Repository, commits: Sequence[str]) -> list[str]:
    """Those of the commits that a repository lacks."""
    text = "".join(f"{name}\n" for name in commits).encode()
    status, output, _ = repository.runner.run("cat-file", "--batch-check=%(objecttype)", text=text)
    types = output.decode().splitlines()
    if status:  # a partial clone does not say which
        return [*commits[len(types) :]]
    return [name for name, found in zip(commits, types, strict=True) if found != "commit"]
