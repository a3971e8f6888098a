"""Holds what the server knows of its workspace between requests: parsed files, and pages that are still true."""

from __future__ import annotations

import subprocess
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from okrctl import files
from okrctl.cache import repository_state, states
from okrctl.files.journal import find_journals
from okrctl.git.commit import Author
from okrctl.operations import transaction
from okrctl.operations.project import Project
from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.server.access import Person
from okrctl.values.errors import GitError, OkrctlError
from okrctl.workspace import disk
from okrctl.workspace.disk import ParsedFiles

MAX_PAGES = 400
MAX_ANSWERS = 12  # of operations that pages are made of; each may hold a whole workspace
STATE_FOLDERS = ("scorecards", ".okrctl")
T = TypeVar("T")


@dataclass
class VisitProject(Project):
    """The project of one request; what operations say is kept for the page."""

    messages: list[str] = field(default_factory=list)

    def notify(self, text: str) -> None:
        """Keep a message for the page."""
        self.messages.append(text)


class Kept:
    """What was built, by its key, each with the state for which it is true; what was not used for longest goes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[object, tuple[object, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, state: object, build: Callable[[], Any]) -> Any:
        """Return what was built for a key while the state is the same, else build it."""
        with self._lock:
            known = self._entries.get(key)
            if known is not None and known[0] == state:
                self._entries.move_to_end(key)
                return known[1]
        built = build()
        with self._lock:
            self._entries[key] = (state, built)
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
        return built


class ServedWorkspace:
    """The workspace of a server. All methods may be called from several threads.

    `write_lock` is held by a request that writes. `state` tells whether a page is still true: the states of all files
    of the workspace, where the history stands, and the day.
    """

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self.root = root
        self.environment = dict(environment)
        self.write_lock = threading.RLock()
        self._parsed = ParsedFiles()
        self._pages = Kept(MAX_PAGES)
        self._answers = Kept(MAX_ANSWERS)

    def project(self, person: Person | None = None, *, is_strict: bool = False) -> VisitProject:
        """The project for one request; `is_strict` where a broken file must be an error."""
        author = Author(person.name, person.email) if person is not None and person.id is not None else None
        project = VisitProject(
            self.root, self.environment, author=author, parsed_files=self._parsed, skips_broken_files=not is_strict
        )
        project.root = self.root
        if find_journals(self.root):
            transaction.recover(project, self.root)  # what a killed run left, of this server or of a command
        return project

    def today(self) -> date:
        """The current day."""
        return self.project().today

    def settings(self) -> Config:
        """The settings as they are on disk, as far as they can be read."""
        return disk.read_settings(self.root)[0]

    def state(self, *, has_branches: bool = False) -> object:
        """What the pages of the present are true for; those with branches also follow all local branches."""
        config, settings = disk.read_settings(self.root)
        extended = [path for path, _ in settings.extended] if settings is not None else []
        found = [path for path, _ in files.find(self.root, config.include, config.exclude)]
        seals = [
            path.relative_to(self.root).as_posix()
            for name in STATE_FOLDERS
            for path in sorted((self.root / name).glob("*"))
        ]
        names = [SETTINGS_PATH, *extended, *found, *seals, *self._parsed.csv_paths]
        found_states = states.file_states(self.root, names)
        history = repository_state.read_history(self.root) or ()
        branches = repository_state.read_branches(self.root) if has_branches else {}
        texts = (tuple(map(str, each)) for each in (found_states.values(), history, branches.items()))
        return tuple(found_states), *texts, self.today()

    def remember(self, key: object, state: object, build: Callable[[], Any]) -> Any:
        """Return the page that was built for a key while the state is the same, else build it."""
        return self._pages.get(key, state, build)

    def remember_answer(self, key: object, state: object, build: Callable[[], T]) -> T:
        """Return the answer of an operation, from which several pages are made, while the state is the same."""
        answer: T = self._answers.get(key, state, build)
        return answer

    def git_person(self) -> Person | None:
        """The person that git would commit as; None where git knows no name and address."""
        settings = tuple(map(str, repository_state.read_settings(self.root).items()))
        person = self.remember("git's person", settings, self._ask_git_for_person)
        assert person is None or isinstance(person, Person)
        return person

    def _ask_git_for_person(self) -> Person | None:
        project = self.project()
        try:
            repository = project.repository
            if repository is None:
                return None
            line = repository.runner.write("var", "GIT_AUTHOR_IDENT").decode("utf-8", "replace")
        except (OkrctlError, OSError, subprocess.SubprocessError):
            return None
        name, _, rest = line.partition(" <")
        email = rest.partition(">")[0]
        return Person(None, name, email) if name and email else None

    def has_repository(self) -> bool:
        """Whether writes can be commits."""
        if files.git_folder(self.root) is None:
            return False
        try:
            return self.project().repository is not None
        except GitError:
            return False
