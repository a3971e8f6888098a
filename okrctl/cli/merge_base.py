"""Finds the commit that `check` compares with, and leaves out what that commit has already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrctl.check.report import Report
from okrctl.cli.selection import Choice
from okrctl.cli.session import Session
from okrctl.values.errors import OkrctlError

if TYPE_CHECKING:
    from okrctl.git import Commit, Repository

REQUESTS = {"GITHUB_EVENT_NAME": ("pull_request", "pull_request_target", "merge_group")}
MERGE_REQUEST = "CI_MERGE_REQUEST_IID"


def report(session: Session, chosen: Choice, base: str | None, all_findings: bool, anew: bool) -> Report:
    """The findings, those on changes too where there is a base; what the base has already is counted in one line.

    `anew`: nothing comes from the cache.
    """
    found = _asked(session, base) if base is not None else _by_itself(session)
    if found is None:
        return chosen.report({}) if anew else chosen.recalled()
    from okrctl.check import runner

    repository, commit = found
    now, before = chosen.since(repository, commit)
    if all_findings:
        return now
    new, known = runner.beyond(now, before)
    if known:
        findings = "1 finding is" if known == 1 else f"{known} findings are"
        session.say(f"{findings} in {commit.id[:10]} already and not shown: --all-findings lists all")
    return new


def _asked(session: Session, base: str) -> tuple[Repository, Commit] | None:
    """The base of the command line; None, with a line, where a shallow clone does not hold it."""
    from okrctl.cli import load
    from okrctl.git.repository import UNSHALLOW
    from okrctl.history.pull_request import fork

    repository = load.repository(session)
    try:
        return repository, fork(repository, repository.resolve(base))
    except OkrctlError as error:
        if not repository.shallow:
            raise
        session.say(f"not checked what changed: {error.message}; {UNSHALLOW}")
        return None


def _by_itself(session: Session) -> tuple[Repository, Commit] | None:
    """The base of the pull request that is checked out; None outside of one, and with a line where it is not here."""
    told = session.environment
    requested = any(told.get(name) in values for name, values in REQUESTS.items()) or told.get(MERGE_REQUEST)
    if not requested:
        return None
    from okrctl import git

    repository = git.find(session.root)
    if repository is None:
        return None
    found = git.pull_request_base(repository, told)
    if found.commit is None:
        session.say(f"not checked what changed: {found.reason}; {found.hint}")
        return None
    return repository, found.commit
