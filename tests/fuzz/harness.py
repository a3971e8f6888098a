"""Tries workspaces, keeps those that show something new, and makes each failure small."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.fuzz import properties
from tests.fuzz.mutations import BASE, Input, make_input
from tests.fuzz.properties import Broken
from tests.repositories import Repo, clean_environment
from tests.running import Result, run

READING = """
score --level key-result --format markdown; score 2025-Q2 --level team --what-if codes=9000 --as-of 2025-05-31
score --agreed; score 2025-Q1 2025-Q2; score --format csv; score --bands --ids; score --known-at HEAD
status; status --format json; status --format markdown; show codes; show supply-chain --format json; show margin
show late; show satisfaction --format json; tree; tree --format json; tree margin; kpi; kpi --format json
kpi --against year; kpi --format markdown; impact; impact 2025-Q2 --format json; explain supply-chain
explain wrong-codes --format json; explain margin --since 2025-04-01; explain late; report; report --full
report --full --format html; report --format json; export; export --format jsonl; export --what scores
export --what kpis --every month --format json; export --what objectives; digest; digest --format slack
digest --format msteams; digest --format html; digest --format json; log codes; log satisfaction --format json
diff; diff HEAD --format json; diff HEAD~1 --format markdown; verify; verify --format json; schema okr --with-ids
schema config; check; check --statistics; check --base HEAD~1 --format sarif; check --format github
check --format gitlab; check --format junit; check --format rdjson; check --format markdown; check --whole
check --format concise --strict; explain rules; merge --dry-run
"""
WRITING = """
checkin codes=9.6k; checkin codes=9.6k --commit; checkin satisfaction=75 late=44; checkin happy=3 --confirm-value
checkin trust=0.7 --note Fine --date 2025-06-01 --force; checkin supply-chain --confidence 4; checkin slip=2025-05-01
amend codes --to 20000 --reason Season; amend wrong-codes --change -6% --reason So --commit
amend supply-chain --weight 2 --reason So; new 2025-Q3; new 2025-Q3 --carry-over 2025-Q2 --all
new 2025-Q2 --for margin; close 2025-Q2 --yes --force --accept-unrecorded; reopen 2025-Q1 --reason Error
import goals.csv --period 2025-Q3 --team trust; import goals.md --team trust; import goals.csv --period 2025-Q2
import okrs/2025-Q2/trust.yaml --period 2025-Q3; check --fix; check --fix; check --add-ignore; refresh; merge
merge --install; init --force --organisation Other --team growth; report --site site; digest --each digests
export -o rows.json; amend codes --to 20000 --reason Season --dry-run; check --fix --dry-run
"""
WORK = ("score", "kpi", "report", "diff", "import", "merge")
SECONDS = 20.0
MEGABYTES = 200


def listed(text: str) -> list[list[str]]:
    return [words.split() for line in text.strip().splitlines() for words in line.split("; ")]


class TooLong(BaseException):
    """The time of one command is over; no handler of errors takes it."""


@dataclass
class Failure:
    """A property that did not hold, with the command and a small workspace."""

    name: str
    words: list[str]
    seen: str
    input: Input

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.name, self.words[0], shape("\n".join(self.seen.splitlines()[-3:]))[:200])


@dataclass
class Figures:
    """What a run of the harness saw."""

    inputs: int = 0
    hashes: set[int] = field(default_factory=set)
    commands: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    worked: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int, str]] = field(default_factory=list)
    failures: dict[tuple[str, str, str], Failure] = field(default_factory=dict)
    repeated: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    features: set[object] = field(default_factory=set)
    corpus: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    slow_inputs: list[tuple[float, Failure]] = field(default_factory=list)
    peak: int = 0

    def add(self, other: Figures) -> None:
        self.inputs += other.inputs
        self.corpus += other.corpus
        self.hashes |= other.hashes
        self.features |= other.features
        for name in ("commands", "statuses", "worked", "tried", "repeated"):
            getattr(self, name).update(getattr(other, name))
        self.peak = max(self.peak, other.peak)
        self.slow_inputs += other.slow_inputs
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:100]
        self.failures = {**other.failures, **self.failures}


def shape(text: str) -> str:
    """A message without what differs from input to input."""
    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|/\S+|[\d.,]+", "_", text)


class Box:
    """A folder with a workspace in it, around which nothing may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "around" / "workspace"
        self.states = folder / "states"
        self.seal: bytes | None = None
        os.environ.clear()
        os.environ.update(clean_environment())
        for name in ("cache", "config", "home", "temporary"):
            (folder / name).mkdir(parents=True)
        os.environ.update(
            XDG_CACHE_HOME=str(folder / "cache"), XDG_CONFIG_HOME=str(folder / "config"), HOME=str(folder / "home"),
            TMPDIR=str(folder / "temporary"),
        )  # fmt: skip
        self._build()
        (folder / "around" / "secret.csv").write_text("date,value\n2025-01-01,1\n")

    def _build(self) -> None:
        """The states of git that inputs begin with."""
        repo = Repo(self.root)
        repo.config("user.name", "Lea")
        repo.config("user.email", "lea@acme.example")
        repo.commit(day="2025-01-10", files=BASE)
        assert run("close", "2025-Q1", "--yes", cwd=self.root).status == 0
        self.seal = (self.root / "scorecards" / "2025-Q1.json").read_bytes()
        repo.commit(day="2025-04-10")
        self._keep("clean")
        repo.switch("HEAD~0")
        self._keep("detached")
        repo.switch("main")
        okrs = BASE["okrs/2025-Q2/trust.yaml"]
        repo.branch("theirs")
        repo.commit(day="2025-05-13", files={"okrs/2025-Q2/trust.yaml": okrs.replace(b"9.5k", b"9.6k")})
        repo.switch("main")
        repo.commit(day="2025-05-14", files={"okrs/2025-Q2/trust.yaml": okrs.replace(b"9.5k", b"9.7k")})
        with suppress(RuntimeError):
            repo.git("merge", "-q", "theirs")
        self._keep("conflict")

    def _keep(self, state: str) -> None:
        shutil.copytree(self.root / ".git", self.states / state)

    def place(self, made: Input) -> None:
        """Put an input into the workspace, and nothing else."""
        shutil.rmtree(self.root)
        self.root.mkdir()
        state = made.git if made.git in ("clean", "detached", "conflict") else "clean"
        if made.git != "none":
            shutil.copytree(self.states / state, self.root / ".git")
        for path, data in made.files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)
        if made.git in ("committed", "staged"):
            repo = Repo(self.root)
            if made.git == "committed":
                repo.commit(day="2025-05-20")
                for path, data in BASE.items():
                    (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                    (self.root / path).write_bytes(data)
            else:
                repo.git("add", "-A")

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if ".git" not in path.relative_to(self.root).parts)
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found if path.is_file()}

    def around(self) -> list[tuple[str, int, int]]:
        """What lies beside the workspace and in the home folder, and in the folder for temporary files."""
        places = [self.folder / "home", self.folder / "temporary", self.folder / "config", self.folder / "around"]
        found = [path for place in places for path in place.rglob("*") if self.root not in (path, *path.parents)]
        return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in found)


class Tries:
    """Tries one input after the other in a box."""

    def __init__(self, box: Box, seed: int, found: Callable[[Failure], None] = lambda _: None) -> None:
        self.box = box
        self.chance = random.Random(seed)
        self.figures = Figures()
        self.corpus: list[Input] = []
        self.found = found
        self.is_shrinking = False

    def go(self, more: Callable[[int], bool]) -> Figures:
        while more(self.figures.inputs):
            made = make_input(self.chance, self.corpus, self.box.seal)
            known = len(self.figures.features)
            self.figures.inputs += 1
            self.figures.hashes.add(hash((tuple(sorted(made.files.items())), made.git)))
            commands = self._choose()
            try:
                self.attempt(made, commands)
            except Broken as broken:
                self._fail(made, broken)
            if len(self.figures.features) > known:
                self.corpus.append(made)
        self.figures.corpus = len(self.corpus)
        return self.figures

    def _choose(self) -> list[list[str]]:
        reading = self.chance.sample(listed(READING), 4)
        writing = self.chance.sample(listed(WRITING), 2)
        return [*reading, *writing]

    def attempt(self, made: Input, commands: list[list[str]]) -> None:
        """Run the commands on an input; raises Broken for what does not hold, with the command in `words`."""
        self.words: list[str] = ["check"]
        self.box.place(made)
        before = self.box.around()
        for path in made.changed:
            if path.endswith(".yaml") and path in made.files:
                properties.require_same_data(path, made.files[path])
        checked = self.run(["check", "--format", "json"], made)
        self._note("codes", properties.describe_codes(checked))
        scored = self.run(["score", "--format", "json"], made)
        reading = [words for words in commands if words in listed(READING)]
        for words in reading:
            self.run(words, made)
        self._compare_answers(reading[:1], made)
        for words in commands:
            if words not in reading:
                self._write(words, made, scored)
        if self.box.around() != before:
            raise Broken("written outside", repr(set(self.box.around()) ^ set(before)))

    def _compare_answers(self, commands: list[list[str]], made: Input) -> None:
        for words in commands:
            first = self.run(words, made, OKRCTL_NO_CACHE="1")
            if words[0] in ("merge", "schema", "verify"):
                continue
            properties.require_same_answer(words, first, {"kept": self.run(words, made), "warm": self.run(words, made)})

    def _write(self, words: list[str], made: Input, scored: Result) -> None:
        old = self.box.files()
        result = self.run(words, made)
        new = self.box.files()
        properties.require_old_or_new(words, result.status, old, new)
        if words[:2] == ["check", "--fix"] and old != new:
            properties.require_same_scores(scored, self.run(["score", "--format", "json"], made))
            self.words = words
        if old != new or words[-1] == "--commit" or words[0] in ("merge", "init", "close"):
            self.box.place(made)

    def run(self, words: list[str], made: Input, **environment: str) -> Result:
        """Run a command within its limits, and look at how it answers."""
        self.words = words
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        try:
            with limited(SECONDS):
                result = run(*words, cwd=self.box.root, env=environment)
        except TooLong:
            raise Broken("too long", f"more than {SECONDS} seconds") from None
        except AssertionError as error:
            raise Broken("JSON beside its schema", str(error)) from error
        seconds = time.process_time() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) // 1024
        self._count(words, result, seconds, made)
        properties.require_answer(words, result)
        if grown > MEGABYTES:
            raise Broken("memory", f"{grown} MB more")
        return result

    def _count(self, words: list[str], result: Result, seconds: float, made: Input) -> None:
        if self.is_shrinking:
            return
        self.figures.commands[words[0]] += 1
        self.figures.statuses[words[0], result.status] += 1
        if words[0] in WORK and result.status in (0, 1):
            self.figures.worked[words[0]] += 1
        self.figures.slowest.append((round(seconds, 3), made.size, " ".join(words)))
        if len(self.figures.slowest) > 1000:
            self.figures.slowest = sorted(self.figures.slowest, reverse=True)[:100]
        self._note(words[0], result.status, tuple(map(shape, result.err.splitlines()[-2:])))

    def _note(self, *feature: object) -> None:
        if not self.is_shrinking:
            self.figures.features.add(feature)

    def _fail(self, made: Input, broken: Broken) -> None:
        failure = Failure(broken.name, self.words, broken.seen, made)
        self.figures.repeated[failure.key] += 1
        if failure.key not in self.figures.failures:
            self.is_shrinking = True
            self.figures.failures[failure.key] = self.shrink(failure)
            self.is_shrinking = False
            self.found(self.figures.failures[failure.key])

    def base_of(self, _: Input) -> Mapping[str, bytes]:
        """The files that a small failure still has where they do not matter."""
        return BASE

    def make(self, files: Mapping[str, bytes], git: str, base: str) -> Input:
        """An input of these files, with those named that differ from the valid ones."""
        valid = dict(BASE) | ({"scorecards/2025-Q1.json": self.box.seal} if self.box.seal else {})
        changed = tuple(path for path in sorted({*files, *valid}) if files.get(path) != valid.get(path))
        return Input(dict(files), git, changed, base)

    def shrink(self, failure: Failure, most: int = 60) -> Failure:
        """The failure with as few changed files and lines as a few tries allow."""
        tries = 0

        def still(files: Mapping[str, bytes], git: str) -> bool:
            nonlocal tries
            tries += 1
            made = self.make(files, git, failure.input.base)
            try:
                self.attempt(made, [failure.words])
            except Broken as broken:
                if Failure(broken.name, self.words, broken.seen, made).key == failure.key:
                    failure.input, failure.seen = made, broken.seen
                    return True
            return False

        if not still(failure.input.files, failure.input.git):
            return failure
        base = self.base_of(failure.input)
        for path in failure.input.changed:
            if base.get(path, failure.input.files.get(path)) != failure.input.files.get(path) and tries < most:
                still({**failure.input.files, path: base[path]}, failure.input.git)
        if failure.input.git != "clean":
            still(failure.input.files, "clean")
        for path in failure.input.changed:
            size = 64
            while size and tries < most and path in failure.input.files:
                lines = failure.input.files[path].splitlines(keepends=True)
                for start in range(0, len(lines), size):
                    rest = b"".join(lines[:start] + lines[start + size :])
                    if tries < most and still({**failure.input.files, path: rest}, failure.input.git):
                        break
                else:
                    size //= 2
        return failure


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooLong where a block takes more time of the processor."""

    def end(_: int, __: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def write_failure(folder: Path, failure: Failure) -> Path:
    """Write a failure as a workspace to try: its files that differ, the command, and what was seen."""
    name = re.sub(r"\W+", "-", f"{failure.name} {' '.join(failure.words[:3])}")
    place = next(place for number in range(10_000) if not (place := folder / f"{name}-{number}").exists())
    for path in failure.input.changed:
        if path in failure.input.files:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(failure.input.files[path])
    place.mkdir(parents=True, exist_ok=True)
    gone = [path for path in failure.input.changed if path not in failure.input.files]
    lines = (
        f"okrctl {' '.join(failure.words)}",
        f"git: {failure.input.git} {failure.input.base}".rstrip(),
        f"gone: {gone}",
        failure.name,
        failure.seen,
    )
    (place / "failure.txt").write_text("\n".join(lines) + "\n", "utf-8", "replace")
    return place
