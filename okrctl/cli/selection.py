"""Turns the options of `check` into what to read, which findings to show, and which of them fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from okrctl import files
from okrctl.check.report import CheckReport
from okrctl.cli import check_results
from okrctl.cli.check_results import WorkspaceState
from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.values.diagnostic import SEVERITIES, Diagnostic, Severity
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.check.finding import Context
    from okrctl.git import Commit, Repository
    from okrctl.schema.settings import Config

Strings = list[str] | None


class CheckOptions:
    """What the command line asks for: which texts to read, which findings to show, which of them fail the check."""

    def __init__(
        self,
        session: Session,
        paths: Strings,
        select: Strings,
        ignore: Strings,
        fail_on: Severity | None,
        strict: bool,
        stdin_filename: str | None,
    ) -> None:
        self.session = session
        self.selectors = _split_commas(select)
        self.selected = _rule_codes(self.selectors) if self.selectors else None
        self.ignored = _rule_codes(_split_commas(ignore))
        self.levels: list[Severity] = [*([fail_on] if fail_on else ()), *(["warning"] if strict else ())]
        self.overrides: dict[str, bytes] = {}
        self.paths = [_workspace_path(session, path) for path in paths or ()]
        if stdin_filename is not None:
            path = _workspace_path(session, stdin_filename, must_exist=False)
            self.overrides[path] = sys.stdin.buffer.read()
            self.paths = self.paths or [path]
        if "" in self.paths:
            self.paths = []

    def build_report(
        self, texts: Mapping[str, str], seen: WorkspaceState | None = None, *, every: bool = False
    ) -> CheckReport:
        """The findings of the workspace where these texts stand in for those of their paths.

        Where the files have been `seen`, what is known of those that have not changed comes from the cache. Of one rule
        in one file so many as anybody reads, or `every` one.
        """
        from okrctl.check import runner
        from okrctl.cli import incremental, load

        given = self.overrides | {path: text.encode() for path, text in texts.items()}
        sealed, root = self._sealed_periods(), self.session.root
        if not given:
            swept = incremental.check_incrementally(
                root, lambda config: self._build_context(config, sealed), self._cache_key, seen, all_findings=every
            )
            if swept is not None:
                return self._with_paths(swept)
        opened = load.load_from_disk(self.session, given)
        return self._with_paths(
            runner.build_report(opened, self._build_context(opened.config, sealed), is_unlimited=every)
        )

    def cached_report(self) -> CheckReport:
        """The same without such texts, not read again where nothing has changed."""
        if self.overrides:
            return self.build_report({})
        return self._with_paths(
            check_results.cached_report(self.session, self._cache_key, lambda seen: self.build_report({}, seen))
        )

    @property
    def _cache_key(self) -> tuple[list[str], list[Severity]]:
        """What tells these rules from others."""
        return self.selectors, self.levels

    def compare_with_base(self, repository: Repository, base: Commit) -> tuple[CheckReport, CheckReport]:
        """All findings of the files here, those on what changed since a commit too; and those of that commit."""
        from okrctl.check import runner
        from okrctl.cli import load
        from okrctl.history import pull_request

        opened = load.load_from_disk(self.session, self.overrides)
        changed = pull_request.compare_with_base(repository, base, opened, self.session.today)
        now = runner.build_report(opened, self._build_context(opened.config, self._sealed_periods()), changed)
        then = self._build_context(changed.old.config, pull_request.sealed_periods(repository, base))
        return self._with_paths(now), self._with_paths(runner.build_report(changed.old, then))

    def _build_context(self, config: Config, sealed: frozenset[str]) -> Context:
        from okrctl.check.finding import Context

        return Context(self._apply_to_config(config), self.session.today, sealed)

    def _sealed_periods(self) -> frozenset[str]:
        return frozenset(Path(path).stem for path, _ in files.find(self.session.root, ["scorecards/*.json"]))

    def _with_paths(self, found: CheckReport) -> CheckReport:
        session = self.session
        from_top, here = (
            _relative_path(files.git_root(session.root), session.root),
            _relative_path(session.root, session.directory),
        )
        return replace(found, path_from_repository=from_top and f"{from_top}/", current_folder=here)

    def _apply_to_config(self, config: Config) -> Config:
        """The settings as the command line changes them: a rule selected by its own name runs even where it is off."""
        from okrctl.check import rule_page

        told = dict(config.rules)
        for rule in filter(None, map(rule_page.find_rule, self.selectors)):
            if rule.severity_in(config) == "ignore":
                told = {word: level for word, level in told.items() if word != rule.code} | {rule.name: "warning"}
        least = max(self.levels or [config.fail_on], key=SEVERITIES.index)
        return config.model_copy(update={"rules": told, "fail_on": least})

    def is_selected(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is to be shown."""
        return (
            (self.selected is None or diagnostic.code in self.selected)
            and diagnostic.code not in self.ignored
            and (
                not self.paths
                or any(diagnostic.path == path or diagnostic.path.startswith(f"{path}/") for path in self.paths)
            )
        )


def _rule_codes(words: list[str]) -> frozenset[str]:
    if not words:
        return frozenset()
    from okrctl.check import rule_page

    return rule_page.parse_codes(words)


def _split_commas(words: Strings) -> list[str]:
    return [word.strip() for text in words or () for word in text.split(",") if word.strip()]


def _workspace_path(session: Session, said: str, *, must_exist: bool = True) -> str:
    """A path of the command line as one of the workspace; empty for the whole workspace."""
    path = session.directory / said
    if must_exist and not os.path.lexists(path):
        raise OkrctlError(f"there is no file or folder {sanitize(said)}", "name one of the workspace, or none for all")
    real = os.path.realpath(path) if path.is_dir() else os.path.join(os.path.realpath(path.parent), path.name)
    found = os.path.relpath(real, os.path.realpath(session.root)).replace(os.sep, "/")
    if found == ".." or found.startswith("../"):
        raise OkrctlError(
            f"{sanitize(said)} lies outside of the workspace {session.root}", "name its folder with -C DIR"
        )
    return "" if found == "." else found


def _relative_path(start: Path, end: Path) -> str:
    """The way from one folder to another, empty where they are the same."""
    way = os.path.relpath(os.path.realpath(end), os.path.realpath(start)).replace(os.sep, "/")
    return "" if way == "." else way
