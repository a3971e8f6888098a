"""Tries small workspaces in great numbers: one command on each, and only what differs is written."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import random
import resource
import shutil
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import okrctl.cli.app
import okrctl.operations.merge_file
from okrctl.values.errors import OkrctlError
from tests.fuzz import properties
from tests.fuzz.harness import READING, WORK, WRITING, Box, Failure, Figures, Tries, listed
from tests.fuzz.mutations import BASE, Input, change, change_set, exact_change
from tests.fuzz.properties import Broken
from tests.fuzz.small import OKRS, SIDES, SMALL
from tests.repositories import Repo
from tests.running import Result

COMMANDS = {
    name: listed(text)
    for name, text in {
        "score": "score; score; score --level key-result --format markdown; score --agreed; score --format csv; "
        "score --bands --ids; score --as-of 2025-05-31; score --format json; score 2025-Q2 --level team",
        "kpi": "kpi; kpi; kpi --against year; kpi --format markdown; kpi --format json; kpi --as-of 2025-05-20",
        "report": "report; report; report --full; report --format html; report --format json; report --full",
        "diff": "diff; diff; diff HEAD~1; diff HEAD~1 --format markdown; diff --format json",
        "import": "import {table} --period 2025-Q3 --team trust --dry-run; import {table} --period 2025-Q3 --dry-run; "
        "import {table} --period 2025-Q3 --force; import {table} --period 2025-Q3 --team trust",
        "merge": f"merge {' '.join(SIDES)} --path {OKRS}; merge {' '.join(SIDES)}",
        "check": "check; check; check --format json; check --format concise --strict; check --whole; check --fix",
    }.items()
}
OTHERS = [words for words in listed(READING) + listed(WRITING) if words[0] not in COMMANDS]
WRITING_COMMANDS = listed(WRITING)
SHARES = {"score": 20, "kpi": 18, "report": 12, "diff": 7, "import": 13, "merge": 14, "check": 10, "others": 6}
FITTING = {
    "kpi": ("kpis", "kpis", "linked"),
    "import": ("table", "table", "outline"),
    "merge": tuple(name for name in SMALL if name.startswith("merged")),
    "check": ("numbers", "states", "linked", "rows", "kpis"),
}
GENERAL = ("numbers", "numbers", "states", "states", "linked", "linked", "rows")
NEED_GIT = {"diff", "--agreed", "--whole", "log", "verify", "--commit"}
TABLES = {"table": "goals.csv", "outline": "goals.md", "big": "goals.csv"}
BIG_SHARE, GIT_SHARE, CACHE_SHARE, CORPUS_SHARE = 0.01, 0.05, 0.15, 0.15
LARGEST_KEPT = 6000
ALL_ANEW = 2000


class Seen:
    """The content hashes of all inputs that were tried, of earlier runs too; a job takes those of its own share."""

    def __init__(self, file: Path | None = None, job: int = 0, jobs: int = 1) -> None:
        self.file, self.job, self.jobs = file, job, jobs
        self.hashes = read_hashes(file)
        self.pending = array("Q")

    def is_new(self, number: int) -> bool:
        return number % self.jobs == self.job and number not in self.hashes

    def add(self, number: int) -> None:
        self.hashes.add(number)
        self.pending.append(number)
        if len(self.pending) >= 500:
            self.flush()

    def flush(self) -> None:
        if self.file and self.pending:
            with self.file.open("ab", buffering=0) as stream:
                stream.write(self.pending.tobytes())
        self.pending = array("Q")


def read_hashes(file: Path | None) -> set[int]:
    if file is None or not file.exists():
        return set()
    data = file.read_bytes()
    return set(array("Q", data[: len(data) // 8 * 8]))


def content_hash(made: Input) -> int:
    """Eight bytes that stand for the files and the state of git; which command is run does not count."""
    digest = hashlib.blake2b(f"{made.git} {made.base if made.git != 'none' else ''}".encode(), digest_size=8)
    for path, data in sorted(made.files.items()):
        name = path.encode("utf-8", "surrogatepass")
        digest.update(b"%d %d " % (len(name), len(data)) + name + data)
    return int.from_bytes(digest.digest(), "little")


class QuickBox(Box):
    """A box with one workspace for each small one, with git and without, that keeps its files for the next input."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.valid = {**SMALL, "big": {**BASE, "scorecards/2025-Q1.json": self.seal or b""}}
        self.present: dict[Path, dict[str, bytes]] = {}
        self.spoilt: set[Path] = set()
        for name, files in self.valid.items():
            root = self._root(name, "clean")
            repo = Repo(root)
            repo.config("user.name", "Lea")
            repo.config("user.email", "lea@acme.example")
            earlier = {path: data.replace(b"9.5k", b"7k").replace(b"72.5", b"70") for path, data in files.items()}
            repo.commit(day="2025-04-10", files=earlier)
            repo.commit(day="2025-05-12", files=files)
            shutil.copytree(root / ".git", self.states / name)
            self.present[root] = dict(files)
            self._root(name, "none").mkdir(parents=True)

    def _root(self, name: str, git: str) -> Path:
        return self.folder / "around" / f"{name.replace(' ', '-')}-{git}"

    def place(self, made: Input) -> None:
        """Write what differs from the files of the input before this one in the same workspace."""
        self.root = self._root(made.base, made.git)
        if self.root in self.spoilt:
            self.spoilt.remove(self.root)
            shutil.rmtree(self.root)
            self.root.mkdir()
            self.present[self.root] = {}
            if made.git != "none":
                shutil.copytree(self.states / made.base, self.root / ".git")
        present = self.present.setdefault(self.root, {})
        for path in present.keys() - made.files.keys():
            (self.root / path).unlink()
            del present[path]
        for path, data in made.files.items():
            if present.get(path) != data:
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(data)
                present[path] = data

    def files(self) -> dict[str, bytes]:
        found = {}
        for folder, folders, names in os.walk(self.root):
            if ".git" in folders:
                folders.remove(".git")
            for name in names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, self.root)] = Path(path).read_bytes()
        return found

    def around(self) -> list[tuple[str, int, int]]:
        """What lies beside the workspaces, but not in them, and in the home folder and that for temporary files."""
        found = []
        for name in ("home", "temporary", "config", "around"):
            for folder, folders, names in os.walk(self.folder / name):
                if name == "around":
                    names += folders
                    folders.clear()
                for path in (os.path.join(folder, inner) for inner in names):
                    status = os.stat(path, follow_symlinks=False)
                    is_folder = os.path.isdir(path)
                    found.append((path, 0, 0) if is_folder else (path, status.st_size, status.st_mtime_ns))
        return sorted(found)

    def spoil(self) -> None:
        """Have the workspace made anew for its next input."""
        self.spoilt.add(self.root)


class QuickTries(Tries):
    """Tries one command on each of many inputs in a box."""

    box: QuickBox

    def __init__(
        self, box: QuickBox, seed: int, found: Callable[[Failure], None] = lambda _: None, seen: Seen | None = None
    ) -> None:
        super().__init__(box, seed, found)
        self.seen = seen or Seen()
        self.kept: dict[str, list[Input]] = {}
        self.is_cached = False

    def go(self, more: Callable[[int], bool]) -> Figures:
        with kept_command_line():
            return self._go(more)

    def _go(self, more: Callable[[int], bool]) -> Figures:
        figures = self.figures
        while more(figures.inputs):
            made, words = self._draw()
            number = content_hash(made)
            if not self.seen.is_new(number):
                continue
            known = len(figures.features)
            figures.inputs += 1
            self.is_cached = self.chance.random() < CACHE_SHARE
            try:
                self.attempt(made, [words])
                figures.hashes.add(number)
                self.seen.add(number)
            except Broken as broken:
                self.box.spoil()
                self._fail(made, broken)
            if len(figures.features) > known and made.size < LARGEST_KEPT:
                self.kept.setdefault(made.base, []).append(made)
            if figures.inputs % ALL_ANEW == 0:
                shutil.rmtree(self.box.folder / "cache", ignore_errors=True)
                self.box.spoilt.update(self.box.present)
        self.seen.flush()
        figures.corpus = sum(map(len, self.kept.values()))
        figures.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        figures.slow_inputs = sorted(figures.slow_inputs, key=lambda slow: -slow[0])[:100]
        return figures

    def _draw(self) -> tuple[Input, list[str]]:
        """An input, and the command that is to run on it."""
        chance = self.chance
        name = chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        words = chance.choice(COMMANDS.get(name, OTHERS))
        base = chance.choice(FITTING.get(name, GENERAL))
        if name != "merge" and chance.random() < BIG_SHARE:
            base = "big"
        has_git = not NEED_GIT.isdisjoint(words) or chance.random() < (0.5 if name == "others" else GIT_SHARE)
        words = [TABLES[base] if word == "{table}" else word for word in words] if base in TABLES else words
        return make_small(chance, self.box.valid[base], self.kept.get(base, ()), base, has_git), words

    def base_of(self, made: Input) -> Mapping[str, bytes]:
        return self.box.valid[made.base]

    def make(self, files: Mapping[str, bytes], git: str, base: str) -> Input:
        return Input(dict(files), git, tuple(sorted({*files, *self.box.valid[base]})), base)

    def attempt(self, made: Input, commands: list[list[str]]) -> None:
        """Run one command on an input; raises Broken for what does not hold."""
        [words] = commands
        self.words = words
        self.box.place(made)
        environment = {} if self.is_cached else {"OKRCTL_NO_CACHE": "1"}
        if not may_write(words):
            self.run(words, made, **environment)
            return
        self.box.spoil()  # until it is known what was written
        old, before = self.box.files(), self.box.around()
        result = self.run(words, made, **environment)
        if FAULTS:
            raise Broken("fault of the merge driver", repr(FAULTS.pop()))
        new = self.box.files()
        properties.require_old_or_new(words, result.status, old, new)
        if self.box.around() != before:
            raise Broken("written outside", repr(set(self.box.around()) ^ set(before)))
        if made.git == "none":
            self.box.spoilt.discard(self.box.root)
            self.box.present[self.box.root] = new

    def _count(self, words: list[str], result: Result, seconds: float, made: Input) -> None:
        super()._count(words, result, seconds, made)
        if self.is_shrinking:
            return
        slow, figures = self.figures.slow_inputs, self.figures
        figures.tried[words[0]] += 1
        if words[0] in WORK and not did_work(words, result):
            figures.worked[words[0]] -= result.status in (0, 1)
        if len(slow) < 100 or seconds > slow[-1][0]:
            slow.append((seconds, Failure("slow", words, f"{seconds:.3f} seconds", made)))
            slow.sort(key=lambda found: -found[0])
            del slow[100:]


def may_write(words: list[str]) -> bool:
    return words[0] in ("import", "merge") or words in WRITING_COMMANDS


def did_work(words: list[str], result: Result) -> bool:
    """Whether a command read its input and answered, instead of saying what is wrong with it."""
    if words[0] == "merge":
        return result.status in (0, 1) and "git's merge of the text" not in result.err
    return result.status in (0, 1) and bool(result.out or result.err)


FAULTS: list[BaseException] = []


@contextmanager
def kept_command_line() -> Iterator[None]:
    """Build the command line once, since a process does so once; and see what the driver of git keeps from it."""
    app, module = okrctl.cli.app, okrctl.operations.merge_file
    merge = module.merge_file

    def watch(*arguments: Any) -> Any:
        try:
            return merge(*arguments)
        except BaseException as error:
            if not isinstance(error, (OkrctlError, OSError, UnicodeError)):
                FAULTS.append(error)
            raise

    with ExitStack() as stack:
        for name in ("build_group", "_load_command", "_common_options"):
            stack.enter_context(patch.object(app, name, functools.cache(getattr(app, name))))
        stack.enter_context(patch.object(module, "merge_file", watch))
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        stack.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(50_000, 20, 50)
        yield


def make_small(chance: random.Random, valid: Mapping[str, bytes], kept: Any, base: str, has_git: bool) -> Input:
    """A new input: a small workspace, or one that once showed something new, with some changes."""
    start = chance.choice(kept).files if kept and chance.random() < CORPUS_SHARE else valid
    files = dict(start)
    gentle = chance.random() < 0.85
    for _ in range(chance.choice((1, 2, 2, 3))):
        path = chance.choice(sorted(files) or [OKRS])
        kind = exact_change if gentle and chance.random() < 0.7 else change
        files[path] = kind(chance, path, files.get(path, b""), gentle)
    if chance.random() < 0.02 and files:
        change_set(chance, files)
    return Input(files, "clean" if has_git else "none", tuple(sorted({*files, *valid})), base)
