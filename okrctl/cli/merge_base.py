"""Finds the commit that `check` compares with, and leaves out what that commit has already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrctl.check.report import CheckReport
from okrctl.cli.selection import CheckOptions
from okrctl.cli.session import Session
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.git import Commit, Repository

PULL_REQUEST_EVENTS = {"GITHUB_EVENT_NAME": ("pull_request", "pull_request_target", "merge_group")}
MERGE_REQUEST_VARIABLE = "CI_MERGE_REQUEST_IID"


def check_against_base(
    session: Session, options: CheckOptions, base: str | None, all_findings: bool, no_cache: bool
) -> CheckReport:
    """The findings, those on changes too where there is a base; what the base has already is counted in one line.

    `anew`: nothing comes from the cache.
    """
    found = _requested_base(session, base) if base is not None else _pull_request_base(session)
    if found is None:
        return options.build_report({}) if no_cache else options.cached_report()
    from okrctl.check import runner

    repository, commit = found
    now, before = options.compare_with_base(repository, commit)
    if all_findings:
        return now
    new, known = runner.new_since(now, before)
    if known:
        findings = "1 finding is" if known == 1 else f"{known} findings are"
        session.say(f"{findings} in {commit.id[:10]} already and not shown: --all-findings lists all")
    return new


def _requested_base(session: Session, base: str) -> tuple[Repository, Commit] | None:
    """The base of the command line; None, with a line, where a shallow clone does not hold it."""
    from okrctl.cli import load
    from okrctl.git.repository import UNSHALLOW_HINT
    from okrctl.history.pull_request import find_fork_point

    repository = load.require_repository(session)
    try:
        return repository, find_fork_point(repository, repository.resolve(base))
    except OkrctlError as error:
        if not repository.is_shallow:
            raise
        session.say(f"not checked what changed: {error.message}; {UNSHALLOW_HINT}")
        return None


def _pull_request_base(session: Session) -> tuple[Repository, Commit] | None:
    """The base of the pull request that is checked out; None outside of one, and with a line where it is not here."""
    told = session.environment
    requested = any(told.get(name) in values for name, values in PULL_REQUEST_EVENTS.items()) or told.get(
        MERGE_REQUEST_VARIABLE
    )
    if not requested:
        return None
    from okrctl import git

    repository = git.find_repository(session.root)
    if repository is None:
        return None
    found = git.find_pull_request_base(repository, told)
    if found.commit is None:
        session.say(f"not checked what changed: {found.reason}; {found.hint}")
        return None
    return repository, found.commit
