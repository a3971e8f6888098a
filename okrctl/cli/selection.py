"""Turns the options of `check` into what to read, which findings to show, and which of them fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from okrctl import files
from okrctl.check.report import Report
from okrctl.cli import check_results
from okrctl.cli.check_results import Seen
from okrctl.cli.session import Session
from okrctl.outputs.terminal import safe
from okrctl.values.diagnostic import SEVERITIES, Diagnostic, Severity
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.check.finding import Context
    from okrctl.git import Commit, Repository
    from okrctl.schema.settings import Config

Words = list[str] | None


class Choice:
    """What the command line asks for: which texts to read, which findings to show, which of them fail the check."""

    def __init__(
        self, session: Session, paths: Words, select: Words, ignore: Words, fail_on: Severity | None, strict: bool,
        stdin_filename: str | None,
    ) -> None:  # fmt: skip
        self.session = session
        self.named = _split(select)
        self.selected = _codes(self.named) if self.named else None
        self.ignored = _codes(_split(ignore))
        self.levels: list[Severity] = [*([fail_on] if fail_on else ()), *(["warning"] if strict else ())]
        self.given: dict[str, bytes] = {}
        self.paths = [_inside(session, path) for path in paths or ()]
        if stdin_filename is not None:
            path = _inside(session, stdin_filename, must_exist=False)
            self.given[path] = sys.stdin.buffer.read()
            self.paths = self.paths or [path]
        if "" in self.paths:
            self.paths = []

    def report(self, texts: Mapping[str, str], seen: Seen | None = None, *, every: bool = False) -> Report:
        """The findings of the workspace where these texts stand in for those of their paths.

        Where the files have been `seen`, what is known of those that have not changed comes from the cache. Of one rule
        in one file so many as anybody reads, or `every` one.
        """
        from okrctl.check import runner
        from okrctl.cli import incremental, load

        given = self.given | {path: text.encode() for path, text in texts.items()}
        sealed, root = self._sealed(), self.session.root
        if not given:
            swept = incremental.report(
                root, lambda config: self._context(config, sealed), self._asked, seen, every=every
            )
            if swept is not None:
                return self._placed(swept)
        opened = load.from_disk(self.session, given)
        return self._placed(runner.report(opened, self._context(opened.config, sealed), every=every))

    def recalled(self) -> Report:
        """The same without such texts, not read again where nothing has changed."""
        if self.given:
            return self.report({})
        return self._placed(check_results.report(self.session, self._asked, lambda seen: self.report({}, seen)))

    @property
    def _asked(self) -> tuple[list[str], list[Severity]]:
        """What tells these rules from others."""
        return self.named, self.levels

    def since(self, repository: Repository, base: Commit) -> tuple[Report, Report]:
        """All findings of the files here, those on what changed since a commit too; and those of that commit."""
        from okrctl.check import runner
        from okrctl.cli import load
        from okrctl.history import pull_request

        opened = load.from_disk(self.session, self.given)
        changed = pull_request.proposal(repository, base, opened, self.session.today)
        now = runner.report(opened, self._context(opened.config, self._sealed()), changed)
        then = self._context(changed.old.config, pull_request.sealed_at(repository, base))
        return self._placed(now), self._placed(runner.report(changed.old, then))

    def _context(self, config: Config, sealed: frozenset[str]) -> Context:
        from okrctl.check.finding import Context

        return Context(self._config(config), self.session.today, sealed)

    def _sealed(self) -> frozenset[str]:
        return frozenset(Path(path).stem for path, _ in files.find(self.session.root, ["scorecards/*.json"]))

    def _placed(self, found: Report) -> Report:
        session = self.session
        from_top, here = _way(files.top(session.root), session.root), _way(session.root, session.directory)
        return replace(found, from_top=from_top and f"{from_top}/", here=here)

    def _config(self, config: Config) -> Config:
        """The settings as the command line changes them: a rule selected by its own name runs even where it is off."""
        from okrctl.check import rule_page, rules

        told = dict(config.rules)
        for rule in filter(None, map(rule_page.find, self.named)):
            if rules.severity_of(rule, config) == "ignore":
                told = {word: level for word, level in told.items() if word != rule.CODE} | {rule.NAME: "warning"}
        least = max(self.levels or [config.fail_on], key=SEVERITIES.index)
        return config.model_copy(update={"rules": told, "fail_on": least})

    def wants(self, one: Diagnostic) -> bool:
        """Whether a finding is to be shown."""
        return (
            (self.selected is None or one.code in self.selected)
            and one.code not in self.ignored
            and (not self.paths or any(one.path == path or one.path.startswith(f"{path}/") for path in self.paths))
        )


def _codes(words: list[str]) -> frozenset[str]:
    if not words:
        return frozenset()
    from okrctl.check import rule_page

    return rule_page.codes(words)


def _split(words: Words) -> list[str]:
    return [word.strip() for text in words or () for word in text.split(",") if word.strip()]


def _inside(session: Session, said: str, *, must_exist: bool = True) -> str:
    """A path of the command line as one of the workspace; empty for the whole workspace."""
    path = session.directory / said
    if must_exist and not os.path.lexists(path):
        raise OkrctlError(f"there is no file or folder {safe(said)}", "name one of the workspace, or none for all")
    real = os.path.realpath(path) if path.is_dir() else os.path.join(os.path.realpath(path.parent), path.name)
    found = os.path.relpath(real, os.path.realpath(session.root)).replace(os.sep, "/")
    if found == ".." or found.startswith("../"):
        raise OkrctlError(f"{safe(said)} lies outside of the workspace {session.root}", "name its folder with -C DIR")
    return "" if found == "." else found


def _way(start: Path, end: Path) -> str:
    """The way from one folder to another, empty where they are the same."""
    way = os.path.relpath(os.path.realpath(end), os.path.realpath(start)).replace(os.sep, "/")
    return "" if way == "." else way
